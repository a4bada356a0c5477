//! A series as SVG. Colours and strokes are the style sheet's, by class; only places are written here.

use maud::{Markup, html};
use orszem_records::chart::Counted;

use super::series::{Series, Step, Window};

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
    html! {
        svg.course viewBox="0 0 160 32" aria-hidden="true" focusable="false" {
            @for run in plot.runs(|step| step.seen) { path class="line observed" d=(trace(&run)) {} }
        }
    }
}

/// How high the ends of the bar over a window are.
const BAR: f64 = 5.0;

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
        let (left, right) = (form.font * 3.1, form.width - form.font * 1.5);
        Plot { series, form, left, right, top: 8.0 + BAR, bottom: form.height - form.font * 1.75 }
    }

    fn x(&self, seconds: i64) -> f64 {
        self.left + (self.right - self.left) * seconds as f64 / self.series.end as f64
    }

    fn y(&self, value: f64) -> f64 {
        self.bottom - (self.bottom - self.top) * value / self.series.top
    }

    /// Both ends of each step, left to right, in runs between which nothing is known.
    fn runs(&self, value: impl Fn(&Step) -> Option<f64>) -> Vec<Vec<(f64, f64)>> {
        let known = self.series.steps.iter().map(|step| Some((step, value(step)?))).collect::<Vec<_>>();
        let runs = known.split(Option::is_none).filter(|run| !run.is_empty());
        let ends = |(step, value): (&Step, f64)| [(self.x(step.from), self.y(value)), (self.x(step.to), self.y(value))];
        runs.map(|run| run.iter().flatten().copied().flat_map(ends).collect()).collect()
    }

    fn draw(&self) -> Markup {
        let wide = self.form.class == "wide";
        html! {
            svg class=(self.form.class) aria-hidden="true" xmlns="http://www.w3.org/2000/svg"
                viewBox={ "0 0 " (self.form.width) " " (self.form.height) } {
                @if let Some(window) = self.series.window { (self.window(window)) }
                (self.axes())
                (self.areas("area band", |step| step.range.map(|(_, high)| high), |step| step.range.map(|(low, _)| low)))
                (self.areas("area negative", |step| step.negative.filter(|_| self.has_negatives()), |_| Some(0.0)))
                (self.lines("line high", |step| step.range.map(|(_, high)| high)))
                (self.lines("line expected", |step| step.expected))
                @if let Some(began) = self.series.began {
                    (line("line began", &[(self.x(began), self.bottom), (self.x(began), self.top)]))
                }
                (self.lines("line observed", |step| step.seen))
                @if let Some((_, pace)) = self.series.limit {
                    (line("line limit", &[(self.left, self.y(pace)), (self.right, self.y(pace))]))
                }
                @if wide && self.series.tips { (self.tips()) }
            }
        }
    }

    fn has_negatives(&self) -> bool {
        self.series.steps.iter().any(|step| step.negative > Some(0.0))
    }

    fn lines(&self, class: &str, value: impl Fn(&Step) -> Option<f64>) -> Markup {
        html! { @for run in self.runs(value) { (line(class, &run)) } }
    }

    /// The areas between two values.
    fn areas(&self, class: &str, upper: impl Fn(&Step) -> Option<f64>, lower: impl Fn(&Step) -> Option<f64>) -> Markup {
        let lower = self.runs(|step| upper(step).and(lower(step)));
        html! { @for (upper, lower) in self.runs(&upper).into_iter().zip(lower) { (area(class, &upper, &lower)) } }
    }

    /// The window of the figures: a field behind everything, and a bar over it.
    fn window(&self, window: Window) -> Markup {
        let (from, to) = (self.x(window.from), self.x(window.to));
        let (top, bottom) = (self.top - BAR, self.bottom);
        html! {
            (area("area window", &[(from, top), (to, top)], &[(from, bottom), (to, bottom)]))
            (line("line window", &[(from, top + BAR), (from, top), (to, top), (to, top + BAR)]))
        }
    }

    /// What each point is, for a mouse that rests on it.
    fn tips(&self) -> Markup {
        let Plot { series, .. } = self;
        html! {
            @for (step, said) in series.steps.iter().filter_map(|step| Some((step, series.tip(step)?))) {
                @let (from, to) = (self.x(step.from), self.x(step.to));
                @let field = outline(&[(from, self.top), (to, self.top)], &[(from, self.bottom), (to, self.bottom)]);
                path.tip d=(field) { title { (said) } }
            }
        }
    }

    /// A value beside the axis.
    fn label(&self, value: f64) -> String {
        if self.series.of == Counted::Share { self.series.figure(value) } else { short(value) }
    }

    fn axes(&self) -> Markup {
        let font = self.form.font;
        html! {
            @for value in count_ticks(self.series.top, self.series.least_step()) {
                @let y = self.y(value);
                (line("line grid", &[(self.left, y), (self.right, y)]))
                text.area.label x=(place(self.left - font * 0.4)) y=(place(y + font * 0.35))
                    font-size=(font) text-anchor="end" { (self.label(value)) }
            }
            (line("line grid", &[(self.left, self.top), (self.left, self.bottom)]))
            @for seconds in self.series.time_ticks(self.form.ticks) {
                @let x = self.x(seconds);
                (line("line grid", &[(x, self.bottom), (x, self.bottom + font * 0.3)]))
                text.area.label x=(place(x)) y=(place(self.bottom + font * 1.35))
                    font-size=(font) text-anchor="middle" { (self.series.tick(seconds)) }
            }
        }
    }
}

/// A place to a tenth of a unit: finer cannot be seen, and costs bytes.
fn place(value: f64) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").map_or_else(|| text.clone(), str::to_owned)
}

/// The path through these points. Most go straight on or straight up: that is written short, and what lies on the way
/// not at all.
fn trace(points: &[(f64, f64)]) -> String {
    let mut path = String::with_capacity(points.len() * 8);
    let mut before: Option<(String, String)> = None;
    let mut points = points.iter().map(|(x, y)| (place(*x), place(*y))).peekable();
    while let Some((x, y)) = points.next() {
        let command = match &before {
            None => format!("M{x} {y}"),
            Some((_, level)) if *level == y => {
                let goes_on = points.peek().is_some_and(|(_, next)| *next == y);
                if goes_on { String::new() } else { format!("H{x}") }
            }
            Some((place, _)) if *place == x => format!("V{y}"),
            Some(_) => format!("L{x} {y}"),
        };
        path.push_str(&command);
        before = Some((x, y));
    }
    path
}

fn line(class: &str, points: &[(f64, f64)]) -> Markup {
    // Closed by name: in SVG within HTML there are no void elements, and what follows an open one is drawn as its
    // child, which means not at all.
    html! { path class=(class) d=(trace(points)) {} }
}

/// The area between an upper line and a lower one.
fn area(class: &str, upper: &[(f64, f64)], lower: &[(f64, f64)]) -> Markup {
    html! { path class=(class) d=(outline(upper, lower)) {} }
}

fn outline(upper: &[(f64, f64)], lower: &[(f64, f64)]) -> String {
    let back: Vec<(f64, f64)> = lower.iter().rev().copied().collect();
    format!("{}{}z", trace(upper), trace(&back).replacen('M', "L", 1))
}

/// 0 and multiples of 1, 2 or 5 times a power of ten of `least`: at most six.
fn count_ticks(top: f64, least: f64) -> Vec<f64> {
    let mut step = least;
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
    fn a_path_says_each_step_once() {
        let steps = [(0.0, 9.0), (5.0, 9.0), (5.0, 9.0), (10.0, 9.0), (10.0, 4.26), (15.0, 4.26)];
        assert_eq!(trace(&steps), "M0 9H10V4.3H15");
        assert_eq!(outline(&steps[4..], &[(10.0, 12.0), (15.0, 12.0)]), "M10 4.3H15L15 12H10z");
    }

    #[test]
    fn counts_have_round_marks() {
        assert_eq!(count_ticks(1.06, 1.0), [0.0, 1.0]);
        assert_eq!(count_ticks(437.0, 1.0), [0.0, 100.0, 200.0, 300.0, 400.0]);
        assert_eq!(count_ticks(0.33, 0.01), [0.0, 0.1, 0.2, 0.30000000000000004], "of a share");
        assert_eq!([short(800.0), short(1500.0), short(20_000.0)], ["800", "1.5k", "20k"]);
    }
}
