//! The course of an incident as SVG: what was seen against what was expected, in the page's own colours; and what queries
//! match, hour by hour.
//!
//! Everything drawn is a number or a time of ours: no text from a mention comes here.

use maud::{Markup, PreEscaped, html};
use plotters::coord::combinators::BindKeyPoints;
use plotters::prelude::*;
use std::collections::BTreeMap;

use crate::detect::signal::{CHART_POINTS, Kind, Point, Signal};
use crate::time::Timestamp;

use super::words;

/// Colours that stand for a class of the style sheet: plotters writes colours, the page must have its own, light and
/// dark. Each is replaced after drawing; none is ever shown.
const GRID: RGBColor = RGBColor(1, 0, 0);
const TEXT: RGBColor = RGBColor(2, 0, 0);
const BAND: RGBColor = RGBColor(3, 0, 0);
const EXPECTED: RGBColor = RGBColor(4, 0, 0);
const OBSERVED: RGBColor = RGBColor(5, 0, 0);
const NEGATIVE: RGBColor = RGBColor(6, 0, 0);
const BEGAN: RGBColor = RGBColor(7, 0, 0);
const CLASSES: [(&str, &str); 7] = [
    ("#010000", "grid"),
    ("#020000", "label"),
    ("#030000", "band"),
    ("#040000", "expected"),
    ("#050000", "observed"),
    ("#060000", "negative"),
    ("#070000", "began"),
];

/// One form of the chart. There are two, of which the style sheet shows the one that fits: scaled down to a phone, the
/// labels of a wide chart cannot be read.
struct Form {
    class: &'static str,
    width: u32,
    height: u32,
    font: u32,
    ticks: i64,
}

const FORMS: [Form; 2] = [
    Form { class: "wide", width: 800, height: 280, font: 17, ticks: 8 },
    Form { class: "narrow", width: 360, height: 250, font: 16, ticks: 4 },
];

/// A point made fit to be drawn: seconds from the first one, counts for one span.
struct Step {
    from: i64,
    to: i64,
    seen: f64,
    negative: f64,
    expected: f64,
    low: f64,
    high: f64,
}

/// The chart of `signal` with its legend; a sentence where there is too little to draw.
pub(super) fn figure(signal: &Signal) -> Markup {
    let Some(course) = Course::of(signal) else {
        return html! { p.quiet { "There is no course to draw yet." } };
    };
    let drawn: Option<Vec<String>> = FORMS.iter().map(|form| course.draw(form)).collect();
    let Some(drawn) = drawn else {
        return html! { p.quiet { "The course could not be drawn." } };
    };
    html! {
        figure.chart {
            div role="img" aria-label=(course.words(signal)) {
                @for svg in &drawn { (PreEscaped(svg)) }
            }
            figcaption {
                span.key { span.swatch.observed {} "Mentions in " (words::length(course.unit)) }
                span.key { span.swatch.negative {} "of them negative" }
                span.key { span.swatch.expected {} "expected" }
                span.key { span.swatch.band {} "95 of 100 lie in here" }
                @if course.began.is_some() { span.key { span.swatch.began {} "it began" } }
                span.key.quiet { "Times in UTC, from " (words::moment(course.start)) }
            }
        }
    }
}

/// An hour in milliseconds.
const HOUR_MS: i64 = 3_600_000;
/// The most hours that are drawn, the newest.
const HOURS: i64 = 24 * 14;

/// The chart of what one query or two match in the hours that begin at these times; hours without any are left out of
/// `hours`.
pub(super) fn hours(hours: &BTreeMap<Timestamp, [u64; 2]>, two: bool) -> Markup {
    let drawn = Course::of_hours(hours).and_then(|course| {
        let svgs: Option<Vec<String>> = FORMS.iter().map(|form| course.draw(form)).collect();
        Some((course, svgs?))
    });
    let Some((course, svgs)) = drawn else { return html! {} };
    let peak = |value: fn(&Step) -> f64| words::figure(course.steps.iter().map(value).fold(0.0, f64::max));
    let peaks = match two {
        true => format!(
            "at most {} by the first query, {} by the second",
            peak(|step| step.seen),
            peak(|step| step.expected)
        ),
        false => format!("at most {}", peak(|step| step.seen)),
    };
    html! {
        figure.chart {
            div role="img" aria-label={ "Matches in each hour since " (words::moment(course.start)) ": " (peaks) "." } {
                @for svg in &svgs { (PreEscaped(svg)) }
            }
            figcaption {
                span.key { span.swatch.observed {} "Matches in an hour" @if two { ", first query" } }
                @if two { span.key { span.swatch.expected {} "second query" } }
                span.key.quiet { "Times in UTC, from " (words::moment(course.start)) "; " (peaks) }
            }
        }
    }
}

struct Course {
    start: Timestamp,
    /// The seconds that a value stands for.
    unit: i64,
    steps: Vec<Step>,
    /// Seconds from the start to the incident's beginning, where that lies within.
    began: Option<i64>,
    end: i64,
    top: f64,
}

impl Course {
    fn of(signal: &Signal) -> Option<Course> {
        let usable = |point: &&Point| {
            (Timestamp::EARLIEST..=Timestamp::LATEST).contains(&point.at) && (1..=604_800).contains(&point.seconds)
        };
        let mut points: Vec<&Point> = signal.chart.iter().filter(usable).collect();
        points.sort_by_key(|point| point.at);
        let points = &points[points.len().saturating_sub(CHART_POINTS)..];
        let (first, last) = (points.first()?, points.last()?);
        if points.len() < 2 {
            return None;
        }
        let start = first.at;
        let unit = points.iter().map(|point| i64::from(point.seconds)).max()?;
        let steps: Vec<Step> = points.iter().map(|point| step(point, start, unit)).collect();
        let end = last.at.since(start) / 1000 + i64::from(last.seconds);
        let top = steps.iter().flat_map(|step| [step.seen, step.high, step.expected]).fold(1.0, f64::max);
        let began = signal.opened_at.since(start) / 1000;
        Some(Course { start, unit, steps, began: (began > 0 && began < end).then_some(began), end, top: top * 1.06 })
    }

    /// What two queries match: the first as what was seen, the second as what was expected. `None` for nothing.
    fn of_hours(hours: &BTreeMap<Timestamp, [u64; 2]>) -> Option<Course> {
        let within = hours.range(Timestamp::EARLIEST..Timestamp::LATEST);
        let last = *within.clone().next_back()?.0;
        let start = (*within.clone().next()?.0).max(last.plus(-(HOURS - 1) * HOUR_MS));
        let steps: Vec<Step> = (0..=last.since(start) / HOUR_MS)
            .map(|hour| {
                let matched = hours.get(&start.plus(hour * HOUR_MS)).copied().unwrap_or_default();
                let [seen, expected] = matched.map(|count| count as f64);
                Step { from: hour * 3_600, to: (hour + 1) * 3_600, seen, expected, negative: 0.0, low: 0.0, high: 0.0 }
            })
            .collect();
        let top = steps.iter().flat_map(|step| [step.seen, step.expected]).fold(1.0, f64::max);
        let end = steps.last()?.to;
        Some(Course { start, unit: 3_600, steps, began: None, end, top: top * 1.06 })
    }

    /// What the picture shows, for those who do not see it.
    fn words(&self, signal: &Signal) -> String {
        let peak = self.steps.iter().map(|step| step.seen).fold(0.0, f64::max);
        let negative = self.steps.iter().map(|step| step.negative).fold(0.0, f64::max);
        let expected = self.steps.last().map_or(0.0, |step| step.expected);
        let negative = match signal.kind {
            Kind::Praise => String::new(),
            _ => format!(", of negative ones {}", words::figure(negative)),
        };
        format!(
            "Mentions in each {} since {}: at most {}{negative}; expected were about {}.",
            words::length(self.unit),
            words::moment(self.start),
            words::figure(peak),
            words::figure(expected),
        )
    }

    /// `None` only when plotters cannot draw at all.
    fn draw(&self, form: &Form) -> Option<String> {
        let mut svg = String::new();
        self.plot(&mut svg, form).ok()?;
        // The page scales it: size in the style sheet, proportions in the view box.
        let (width, height) = (form.width, form.height);
        let sized = format!("<svg width=\"{width}\" height=\"{height}\" ");
        svg = svg.replacen(&sized, &format!("<svg class=\"{}\" aria-hidden=\"true\" ", form.class), 1);
        for (colour, class) in CLASSES {
            svg = svg.replace(&format!("stroke=\"{colour}\""), &format!("class=\"line {class}\""));
            svg = svg.replace(&format!("fill=\"{colour}\""), &format!("class=\"area {class}\""));
        }
        Some(svg)
    }

    fn plot(&self, svg: &mut String, form: &Form) -> Result<(), Box<dyn std::error::Error>> {
        let root = SVGBackend::with_string(svg, (form.width, form.height)).into_drawing_area();
        let font = || ("sans-serif", form.font).into_font().color(&TEXT);
        let mut chart = ChartBuilder::on(&root)
            .margin_top(8)
            .margin_right(form.font * 3 / 2)
            .x_label_area_size(form.font * 2)
            .y_label_area_size(form.font * 5 / 2)
            .build_cartesian_2d(
                (0..self.end).with_key_points(self.time_ticks(form.ticks)),
                (0..milli(self.top)).with_key_points(count_ticks(self.top).into_iter().map(milli).collect()),
            )?;
        chart
            .configure_mesh()
            .disable_x_mesh()
            .bold_line_style(GRID)
            .light_line_style(TRANSPARENT)
            .axis_style(GRID)
            .x_label_style(font())
            .y_label_style(font())
            .x_label_formatter(&|seconds| self.tick(*seconds))
            .y_label_formatter(&|value| short(*value as f64 / 1e3))
            .draw()?;

        let line = |value: fn(&Step) -> f64| {
            self.steps.iter().flat_map(move |step| [(step.from, milli(value(step))), (step.to, milli(value(step)))])
        };
        let any = |value: fn(&Step) -> f64| self.steps.iter().any(|step| value(step) > 0.0);
        if any(|step| step.high) {
            let mut band: Vec<(i64, i64)> = line(|step| step.high).collect();
            let mut lows: Vec<(i64, i64)> = line(|step| step.low).collect();
            lows.reverse();
            band.extend(lows);
            chart.draw_series([Polygon::new(band, BAND.filled())])?;
        }
        if any(|step| step.negative) {
            let mut negative: Vec<(i64, i64)> = line(|step| step.negative).collect();
            negative.extend([(self.end, 0), (0, 0)]);
            chart.draw_series([Polygon::new(negative, NEGATIVE.filled())])?;
        }
        if any(|step| step.expected) {
            chart.draw_series(LineSeries::new(line(|step| step.expected), EXPECTED.stroke_width(2)))?;
        }
        if let Some(began) = self.began {
            chart.draw_series([PathElement::new([(began, 0), (began, milli(self.top))], BEGAN.stroke_width(2))])?;
        }
        chart.draw_series(LineSeries::new(line(|step| step.seen), OBSERVED.stroke_width(2)))?;
        root.present()?;
        drop(chart);
        drop(root);
        Ok(())
    }

    /// Round times of the day, at most `most` of them.
    fn time_ticks(&self, most: i64) -> Vec<i64> {
        const STEPS: [i64; 18] = [
            10, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800,
            2_419_200, 29_030_400,
        ];
        let step = STEPS.into_iter().find(|step| self.end / step <= most).unwrap_or(i64::MAX);
        let start = self.start.0.div_euclid(1000);
        let first = (step - start.rem_euclid(step)) % step;
        std::iter::successors(Some(first), |at| at.checked_add(step)).take_while(|at| *at <= self.end).collect()
    }

    /// The time of day; at midnight the date, because a day begins.
    fn tick(&self, seconds: i64) -> String {
        let at = self.start.0.div_euclid(1000).saturating_add(seconds);
        let form = match (at.rem_euclid(86_400), at.rem_euclid(60)) {
            (0, _) => "%-d %b",
            (_, 0) => "%H:%M",
            _ => "%H:%M:%S",
        };
        jiff::Timestamp::from_second(at).map(|at| at.strftime(form).to_string()).unwrap_or_default()
    }
}

/// Values of spans of different length are drawn as if each covered `unit` seconds; what is no number is drawn as 0.
fn step(point: &Point, start: Timestamp, unit: i64) -> Step {
    let from = point.at.since(start) / 1000;
    let scale = unit as f64 / f64::from(point.seconds);
    let sane = |value: f64| if value.is_finite() { (value * scale).clamp(0.0, 1e12) } else { 0.0 };
    Step {
        from,
        to: from + i64::from(point.seconds),
        seen: sane(f64::from(point.mentions)),
        negative: sane(f64::from(point.negatives)),
        expected: sane(f64::from(point.expected)),
        low: sane(f64::from(point.low)),
        high: sane(f64::from(point.high)),
    }
}

/// Thousandths: plotters takes marks of one's own choice on whole numbers only.
fn milli(value: f64) -> i64 {
    (value * 1e3) as i64
}

/// 0 and multiples of 1, 2 or 5 times a power of ten: at most six.
fn count_ticks(top: f64) -> Vec<f64> {
    let mut step = 1.0;
    for factor in [2.0, 2.5, 2.0].into_iter().cycle() {
        if top / step < 5.0 {
            break;
        }
        step *= factor;
    }
    (0..=5_u8).map(|index| f64::from(index) * step).take_while(|at| *at <= top).collect()
}

/// A count in the little room beside the axis: `800`, `1.5k`, `20k`, `3M`.
fn short(value: f64) -> String {
    match value {
        value if value < 1e3 => format!("{value:.0}"),
        value if value < 1e6 => format!("{}k", value / 1e3),
        value if value < 1e9 => format!("{}M", value / 1e6),
        value => format!("{}G", value / 1e9),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::signal::Phase;
    use crate::web::testing::signal;
    use proptest::prelude::*;

    #[test]
    fn every_colour_is_replaced_by_a_class_of_the_style_sheet() {
        let html = figure(&signal(Phase::Opened)).into_string();
        assert_eq!(html.matches("<svg").count(), 2);
        assert!(!html.contains("#0") && !html.contains("style="), "{html}");
        for (_, class) in CLASSES {
            assert!(html.contains(&format!(" {class}\"")), "{class} is not drawn");
            assert!(super::super::server::STYLE.contains(&format!(".{class}")), "{class} has no style");
        }
    }

    #[test]
    fn the_axis_is_labelled_with_times_of_the_day() {
        let mut signal = signal(Phase::Opened);
        for (index, point) in signal.chart.iter_mut().enumerate() {
            // 22:00 UTC onwards, in steps of five minutes.
            point.at = Timestamp(1_406_930_400_000 + i64::try_from(index).unwrap() * 300_000);
            point.seconds = 300;
        }
        let html = figure(&signal).into_string();
        assert!(html.contains("\n23:00\n") || html.contains(">\n23:00"), "{html}");
        assert!(html.contains("2 Aug"), "midnight shows the new day");
    }

    #[test]
    fn too_little_to_draw_is_said() {
        let mut signal = signal(Phase::Opened);
        signal.chart.truncate(1);
        assert!(figure(&signal).into_string().contains("no course"));
        signal.chart.clear();
        assert!(figure(&signal).into_string().contains("no course"));
    }

    #[test]
    fn hours_without_a_match_are_drawn_and_old_ones_are_not() {
        let at = |hour: i64| Timestamp(1_406_930_400_000 + hour * HOUR_MS);
        let counted = BTreeMap::from([(at(0), [3, 0]), (at(5), [800, 20]), (at(-9_000), [9, 9])]);
        let course = Course::of_hours(&counted).unwrap();
        assert_eq!(course.steps.len(), 336);
        let seen: Vec<f64> = course.steps[330..].iter().map(|step| step.seen).collect();
        assert_eq!(seen, [3.0, 0.0, 0.0, 0.0, 0.0, 800.0]);
        let page = hours(&counted, true).into_string();
        assert!(page.contains("at most 800 by the first query, 20 by the second") && page.contains("line expected"));
        let one = hours(&BTreeMap::from([(at(0), [3, 0])]), false).into_string();
        assert!(one.contains("line observed") && !one.contains("expected") && !one.contains("band"), "{one}");
        assert_eq!(hours(&BTreeMap::new(), true).into_string(), "");
        let odd = BTreeMap::from([(Timestamp(i64::MAX), [1, 1]), (Timestamp(i64::MIN), [1, 1])]);
        assert_eq!(hours(&odd, true).into_string(), "", "no time of a calendar");
    }

    #[test]
    fn counts_have_round_marks() {
        assert_eq!(count_ticks(1.06), [0.0, 1.0]);
        assert_eq!(count_ticks(437.0), [0.0, 100.0, 200.0, 300.0, 400.0]);
        assert_eq!([short(800.0), short(1500.0), short(20_000.0)], ["800", "1.5k", "20k"]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn no_chart_breaks_the_page(
            points in proptest::collection::vec(
                (any::<i64>(), any::<u32>(), any::<u32>(), any::<u32>(), any::<f32>(), any::<f32>(), any::<f32>()),
                0..5,
            ),
            near in any::<bool>(),
            opened in any::<i64>(),
        ) {
            let mut signal = signal(Phase::Opened);
            signal.opened_at = Timestamp(opened);
            signal.chart = points
                .into_iter()
                .map(|(at, seconds, mentions, negatives, expected, low, high)| Point {
                    at: if near { Timestamp(1_406_930_400_000 + at % 100_000_000) } else { Timestamp(at) },
                    seconds: if near { seconds % 4_000 } else { seconds },
                    mentions, negatives, expected, low, high,
                })
                .collect();
            let html = figure(&signal).into_string();
            prop_assert!(!html.contains("NaN") && html.len() < 60_000, "{}", html.len());
        }
    }
}
