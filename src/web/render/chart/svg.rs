//! A series as SVG. Colours and strokes are the style sheet's, by class; only places are written here.

use maud::{Markup, PreEscaped, html};
use std::fmt::Write;

use super::series::{Series, Step};

/// One form of the chart. There are two, of which the style sheet shows the one that fits: scaled down to a phone, the
/// labels of a wide chart cannot be read. Lengths are in units of the view box.
struct Form {
    class: &'static str,
    width: f64,
    height: f64,
    font: f64,
    /// The most labels on the axis of time.
    ticks: i64,
}

const FORMS: [Form; 2] = [
    Form { class: "wide", width: 800.0, height: 280.0, font: 17.0, ticks: 8 },
    Form { class: "narrow", width: 360.0, height: 250.0, font: 16.0, ticks: 4 },
];

/// What was seen as one line, for a row of a list.
pub(super) fn small(series: &Series) -> Markup {
    const FORM: Form = Form { class: "course", width: 160.0, height: 32.0, font: 1.0, ticks: 0 };
    let plot = Plot::new(series, &FORM);
    let points: Vec<String> =
        plot.points(|step| step.seen).into_iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
    html! {
        svg.course viewBox="0 0 160 32" aria-hidden="true" focusable="false" {
            polyline class="line observed" points=(points.join(" ")) {}
        }
    }
}

/// Both forms of a series.
pub(super) fn draw(series: &Series) -> Markup {
    html! { @for form in &FORMS { (Plot::new(series, form).draw()) } }
}

/// A series in the room that a form gives it.
struct Plot<'a> {
    series: &'a Series,
    form: &'a Form,
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
}

impl<'a> Plot<'a> {
    fn new(series: &'a Series, form: &'a Form) -> Plot<'a> {
        // Beside the axes there is room for labels: five characters on the left, one line below, half a time on the
        // right.
        let (left, right) = (form.font * 2.75, form.width - form.font * 1.5);
        Plot { series, form, left, right, top: 8.0, bottom: form.height - form.font * 1.75 }
    }

    fn x(&self, seconds: i64) -> f64 {
        self.left + (self.right - self.left) * seconds as f64 / self.series.end as f64
    }

    fn y(&self, value: f64) -> f64 {
        self.bottom - (self.bottom - self.top) * value / self.series.top
    }

    /// Both ends of each step, left to right.
    fn points(&self, value: fn(&Step) -> f64) -> Vec<(f64, f64)> {
        let ends = |step: &Step| [(self.x(step.from), self.y(value(step))), (self.x(step.to), self.y(value(step)))];
        self.series.steps.iter().flat_map(ends).collect()
    }

    fn draw(&self) -> Markup {
        let any = |value: fn(&Step) -> f64| self.series.steps.iter().any(|step| value(step) > 0.0);
        html! {
            svg class=(self.form.class) aria-hidden="true" xmlns="http://www.w3.org/2000/svg"
                viewBox={ "0 0 " (self.form.width) " " (self.form.height) } {
                (self.axes())
                @if any(|step| step.high) {
                    (polygon("area band", self.points(|step| step.high), self.points(|step| step.low)))
                }
                @if any(|step| step.negative) {
                    (polygon("area negative", self.points(|step| step.negative), self.points(|_| 0.0)))
                }
                @if any(|step| step.expected) {
                    (polyline("line expected", &self.points(|step| step.expected)))
                }
                @if let Some(began) = self.series.began {
                    (polyline("line began", &[(self.x(began), self.bottom), (self.x(began), self.top)]))
                }
                (polyline("line observed", &self.points(|step| step.seen)))
            }
        }
    }

    fn axes(&self) -> Markup {
        let font = self.form.font;
        html! {
            @for value in count_ticks(self.series.top) {
                @let y = self.y(value);
                (polyline("line grid", &[(self.left, y), (self.right, y)]))
                text.area.label x=(place(self.left - font * 0.4)) y=(place(y + font * 0.35))
                    font-size=(font) text-anchor="end" { (short(value)) }
            }
            (polyline("line grid", &[(self.left, self.top), (self.left, self.bottom)]))
            @for seconds in self.series.time_ticks(self.form.ticks) {
                @let x = self.x(seconds);
                (polyline("line grid", &[(x, self.bottom), (x, self.bottom + font * 0.3)]))
                text.area.label x=(place(x)) y=(place(self.bottom + font * 1.35))
                    font-size=(font) text-anchor="middle" { (self.series.tick(seconds)) }
            }
        }
    }
}

/// A place to a tenth of a unit: finer cannot be seen, and costs bytes.
fn place(value: f64) -> PreEscaped<String> {
    PreEscaped(format!("{value:.1}"))
}

fn list(points: &[(f64, f64)]) -> String {
    points.iter().fold(String::with_capacity(points.len() * 12), |mut text, (x, y)| {
        let gap = if text.is_empty() { "" } else { " " };
        // Writing into a String cannot fail.
        let _ = write!(text, "{gap}{x:.1},{y:.1}");
        text
    })
}

fn polyline(class: &str, points: &[(f64, f64)]) -> Markup {
    // Closed by name: in SVG within HTML there are no void elements, and what follows an open one is drawn as its
    // child, which means not at all.
    html! { polyline class=(class) stroke-width="2" points=(list(points)) {} }
}

/// The area between an upper line and a lower one.
fn polygon(class: &str, mut upper: Vec<(f64, f64)>, lower: Vec<(f64, f64)>) -> Markup {
    upper.extend(lower.into_iter().rev());
    html! { polygon class=(class) points=(list(&upper)) {} }
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

    #[test]
    fn counts_have_round_marks() {
        assert_eq!(count_ticks(1.06), [0.0, 1.0]);
        assert_eq!(count_ticks(437.0), [0.0, 100.0, 200.0, 300.0, 400.0]);
        assert_eq!([short(800.0), short(1500.0), short(20_000.0)], ["800", "1.5k", "20k"]);
    }
}
