//! What a chart shows: counts by span of time, against what was expected.

use std::collections::BTreeMap;

use orszem_core::words::Words;
use orszem_records::chart::{Chart, Counted, Point};
use orszem_records::incident::Incident;
use orszem_records::signal::{Kind, LimitReached};
use orszem_records::time::Timestamp;

/// An hour in milliseconds.
pub(super) const HOUR_MS: i64 = 3_600_000;
/// The most hours that are drawn, the newest.
const HOURS: i64 = 24 * 14;

/// A point made fit to be drawn: seconds from the first one. A share is in parts of 1.
pub(super) struct Step {
    pub(super) from: i64,
    pub(super) to: i64,
    /// What was seen; `None` for the share of no mention.
    pub(super) seen: Option<f64>,
    /// Of mentions those that are negative.
    pub(super) negative: Option<f64>,
    /// What was expected, where that is known.
    pub(super) expected: Option<f64>,
    /// Where it lies 95 times of 100.
    pub(super) range: Option<(f64, f64)>,
}

/// The window of the figures at the height, in seconds from the start, as far as it is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Window {
    pub(super) from: i64,
    pub(super) to: i64,
}

pub(super) struct Series {
    pub(super) of: Counted,
    pub(super) start: Timestamp,
    /// The reader's words and clock, which the axis shows.
    pub(super) words: Words,
    /// The seconds that a value stands for.
    pub(super) unit: i64,
    pub(super) steps: Vec<Step>,
    /// Seconds from the start to the incident's beginning, where that lies within.
    pub(super) began: Option<i64>,
    pub(super) window: Option<Window>,
    /// The limit that was reached, and how many a point has if it is at an even pace.
    pub(super) limit: Option<(LimitReached, f64)>,
    pub(super) end: i64,
    pub(super) top: f64,
    /// Each point says what it is to a mouse that rests on it.
    pub(super) tips: bool,
}

impl Series {
    /// The chart of an incident.
    pub(super) fn of(incident: &Incident, words: &Words) -> Option<Series> {
        let signal = &incident.signal;
        let chart = &signal.chart;
        let drawable = Timestamp::EARLIEST <= chart.from && chart.end() <= Timestamp::LATEST;
        if !drawable || !(1..=604_800).contains(&chart.seconds) || chart.points.len() < 2 {
            return None;
        }
        let (start, unit) = (chart.from, i64::from(chart.seconds));
        let steps = steps(chart, signal.at);
        let end = steps.last()?.to;
        let limit = incident.limit.and_then(|limit| Some((limit, sane(chart.pace(&limit)?))));
        let began = signal.opened_at.since(start) / 1000;
        Some(Series {
            of: chart.of,
            start,
            words: words.clone(),
            unit,
            began: (began > 0 && began < end).then_some(began),
            window: window(incident, start, end),
            limit,
            end,
            top: top(chart.of, &steps, limit.map(|(_, pace)| pace)),
            tips: true,
            steps,
        })
    }

    /// What two queries match: the first as what was seen, the second as what was expected. `None` for nothing.
    pub(super) fn of_hours(hours: &BTreeMap<Timestamp, [u64; 2]>, two: bool, words: &Words) -> Option<Series> {
        let within = hours.range(Timestamp::EARLIEST..Timestamp::LATEST);
        let last = *within.clone().next_back()?.0;
        let start = (*within.clone().next()?.0).max(last.plus(-(HOURS - 1) * HOUR_MS));
        let steps: Vec<Step> = (0..=last.since(start) / HOUR_MS)
            .map(|hour| {
                let matched = hours.get(&start.plus(hour * HOUR_MS)).copied().unwrap_or_default();
                let [first, second] = matched.map(|count| count as f64);
                let (from, to) = (hour * 3_600, (hour + 1) * 3_600);
                Step { from, to, seen: Some(first), negative: None, expected: two.then_some(second), range: None }
            })
            .collect();
        Some(Series {
            of: Counted::Mentions,
            start,
            words: words.clone(),
            unit: 3_600,
            began: None,
            window: None,
            limit: None,
            end: steps.last()?.to,
            top: top(Counted::Mentions, &steps, None),
            tips: false,
            steps,
        })
    }

    /// The largest value and where it is; `None` where there is none.
    pub(super) fn most(&self, value: impl Fn(&Step) -> Option<f64>) -> Option<(f64, Timestamp)> {
        let values = self.steps.iter().filter_map(|step| Some((value(step)?, step.from)));
        let largest = values.fold(None, |most: Option<(f64, i64)>, next| match most {
            Some(most) if most.0 >= next.0 => Some(most),
            _ => Some(next),
        });
        largest.map(|(value, from)| (value, self.start.plus(from * 1000)))
    }

    /// What is usual where the window is, or at the end: the expected number, and the upper end of the range.
    pub(super) fn usual(&self) -> Option<(f64, f64)> {
        let at = self.window.map_or(self.end, |window| window.to);
        let before = |step: &&Step| step.from < at && step.expected.is_some();
        let step = self.steps.iter().rev().find(before)?;
        Some((step.expected?, step.range.map_or(0.0, |(_, high)| high)))
    }

    /// A value as the reader's language writes it.
    pub(super) fn figure(&self, value: f64) -> String {
        if self.of == Counted::Share { self.words.percent(value) } else { self.words.figure(value) }
    }

    /// The least step of the axis: a mention, or a hundredth of all.
    pub(super) fn least_step(&self) -> f64 {
        if self.of == Counted::Share { 0.01 } else { 1.0 }
    }

    /// What a point is, in a line; `None` where nothing was seen that has a share.
    pub(super) fn tip(&self, step: &Step) -> Option<String> {
        let at = self.words.beside(self.start.plus(step.from * 1000), self.start.plus(self.end * 1000));
        let n = self.figure(step.seen?);
        Some(match step.expected {
            Some(usual) => self
                .words
                .with("chart-tip-usual", [("at", at.into()), ("n", n.into()), ("usual", self.figure(usual).into())]),
            None => self.words.with("chart-tip", [("at", at.into()), ("n", n.into())]),
        })
    }

    /// Round times of the day, at most `most` of them.
    pub(super) fn time_ticks(&self, most: i64) -> Vec<i64> {
        const STEPS: [i64; 18] = [
            10, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800,
            2_419_200, 29_030_400,
        ];
        let step = STEPS.into_iter().find(|step| self.end / step <= most).unwrap_or(i64::MAX);
        let start = self.start.0.div_euclid(1000) + self.words.zone().offset(self.start);
        let first = (step - start.rem_euclid(step)) % step;
        std::iter::successors(Some(first), |at| at.checked_add(step)).take_while(|at| *at <= self.end).collect()
    }

    /// The time of day; at midnight the date, because a day begins.
    pub(super) fn tick(&self, seconds: i64) -> String {
        let at = self.start.0.div_euclid(1000).saturating_add(seconds);
        let instant = Timestamp(at.saturating_mul(1000));
        let local = at.saturating_add(self.words.zone().offset(instant));
        match (local.rem_euclid(86_400), local.rem_euclid(60)) {
            (0, _) => self.words.short_day(instant),
            (_, 0) => self.words.clock(instant),
            _ => self.words.clock_seconds(instant),
        }
    }
}

/// The steps of a chart whose figures count `until` a time: what has passed of the last one is drawn at its pace. Of a
/// share less than half of it says too little.
fn steps(chart: &Chart, until: Timestamp) -> Vec<Step> {
    let (from, unit) = (chart.from, i64::from(chart.seconds));
    let end = until.since(from) / 1000;
    let step = |(place, point): (i64, &Point)| {
        let from = place * unit;
        let passed = if end > from { (end - from).min(unit) } else { unit };
        if chart.of == Counted::Share && passed * 2 < unit {
            return None;
        }
        let usual = point.usual(chart.of);
        let scale = if chart.of == Counted::Share { 1.0 } else { unit as f64 / passed as f64 };
        let value = |value: f32| sane(f64::from(value) * scale);
        Some(Step {
            from,
            to: from + passed,
            seen: point.seen(chart.of).map(value),
            negative: (chart.of == Counted::Mentions).then_some(point.negatives).map(value),
            expected: usual.map(|usual| value(usual.expected)),
            range: usual.map(|usual| (value(usual.low), value(usual.high))),
        })
    };
    (0..).zip(&chart.points).filter_map(step).collect()
}

/// What is no number is drawn as 0.
fn sane(value: f64) -> f64 {
    if value.is_finite() { value.clamp(0.0, 1e12) } else { 0.0 }
}

/// The top of the axis: room above what is highest. A share needs a tenth at least, and has no more than all.
fn top(of: Counted, steps: &[Step], limit: Option<f64>) -> f64 {
    let values = steps.iter().flat_map(|step| [step.seen, step.expected, step.range.map(|(_, high)| high)]);
    let least = if of == Counted::Share { 0.1 } else { 1.0 };
    values.flatten().chain(limit).fold(least, f64::max) * 1.06
}

/// The window of the figures at the height; a silence has none.
fn window(incident: &Incident, start: Timestamp, end: i64) -> Option<Window> {
    let peak = &incident.peak;
    if matches!(peak.kind, Kind::Silence | Kind::NoData) {
        return None;
    }
    let to = peak.at.since(start) / 1000;
    let (from, to) = ((to - i64::from(peak.window_s)).max(0), to.min(end));
    (from < to).then_some(Window { from, to })
}
