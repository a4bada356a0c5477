//! What a chart shows: counts by span of time, against what was expected.

use std::collections::BTreeMap;

use orszem_core::words::Words;
use orszem_records::signal::{CHART_POINTS, Kind, Point, Signal};
use orszem_records::time::Timestamp;

/// An hour in milliseconds.
pub(super) const HOUR_MS: i64 = 3_600_000;
/// The most hours that are drawn, the newest.
const HOURS: i64 = 24 * 14;

/// A point made fit to be drawn: seconds from the first one, counts for one span.
pub(super) struct Step {
    pub(super) from: i64,
    pub(super) to: i64,
    pub(super) seen: f64,
    pub(super) negative: f64,
    pub(super) expected: f64,
    pub(super) low: f64,
    pub(super) high: f64,
}

pub(super) struct Series {
    pub(super) start: Timestamp,
    /// The reader's words and clock, which the axis shows.
    pub(super) words: Words,
    /// The seconds that a value stands for.
    pub(super) unit: i64,
    pub(super) steps: Vec<Step>,
    /// Seconds from the start to the incident's beginning, where that lies within.
    pub(super) began: Option<i64>,
    pub(super) end: i64,
    pub(super) top: f64,
}

impl Series {
    pub(super) fn of(signal: &Signal, words: &Words) -> Option<Series> {
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
        Some(Series {
            start,
            words: words.clone(),
            unit,
            steps,
            began: (began > 0 && began < end).then_some(began),
            end,
            top: top * 1.06,
        })
    }

    /// What two queries match: the first as what was seen, the second as what was expected. `None` for nothing.
    pub(super) fn of_hours(hours: &BTreeMap<Timestamp, [u64; 2]>, words: &Words) -> Option<Series> {
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
        Some(Series { start, words: words.clone(), unit: 3_600, steps, began: None, end, top: top * 1.06 })
    }

    /// What the picture shows, for those who do not see it.
    pub(super) fn description(&self, signal: &Signal, words: &Words) -> String {
        let most = |value: fn(&Step) -> f64| words.figure(self.steps.iter().map(value).fold(0.0, f64::max));
        let expected = self.steps.last().map_or(0.0, |step| step.expected);
        let id = if signal.kind == Kind::Praise { "chart-description-friendly" } else { "chart-description" };
        words.with(
            id,
            [
                ("span", words.length(self.unit).into()),
                ("since", words.moment(self.start).into()),
                ("most", most(|step| step.seen).into()),
                ("negative", most(|step| step.negative).into()),
                ("usual", words.figure(expected).into()),
            ],
        )
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
