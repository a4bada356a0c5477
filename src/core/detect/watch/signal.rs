//! How a finding is reported: the signal, with its chart and forecast.

use orszem_records::signal::{CHART_POINTS, Driver, Forecast, Kind, Phase, Point, Signal};
use orszem_records::time::{MINUTE_MS, Timestamp, zone};

use crate::detect::baseline::{block_of, interval};
use crate::detect::episode::Episode;
use crate::detect::evaluate::Finding;
use crate::detect::forecast::forecasts;
use crate::detect::totals::Totals;

use super::judge::Known;

/// Points of the chart.
const POINTS: i64 = 96;
const _: () = assert!(POINTS.unsigned_abs() == CHART_POINTS as u64);
/// Minutes a point of the chart covers.
pub(super) const POINT: i64 = 5;

/// What a signal says beside its figures.
pub(super) struct Announcement<'a> {
    pub(super) phase: Phase,
    pub(super) kind: Kind,
    pub(super) severity: u8,
    pub(super) at: Timestamp,
    pub(super) opened_at: Timestamp,
    /// The incident was opened while the watch was learning.
    pub(super) outright: bool,
    /// It pages nobody.
    pub(super) note: bool,
    /// It ended because it lasted.
    pub(super) new_usual: bool,
    pub(super) totals: &'a Totals,
    pub(super) drivers: Vec<Driver>,
}

impl<'a> Announcement<'a> {
    /// The report of an open incident, at the end of `minute`.
    pub(super) fn of(episode: &'a Episode, phase: Phase, minute: i64, drivers: Vec<Driver>) -> Announcement<'a> {
        Announcement {
            phase,
            kind: episode.kind,
            severity: episode.severity,
            at: Timestamp::end_of_minute(minute),
            opened_at: Timestamp::start_of_minute(episode.opened),
            outright: episode.outright(),
            note: !episode.is_paged(),
            new_usual: phase == Phase::Closed && episode.became_usual(minute),
            totals: &episode.totals,
            drivers,
        }
    }
}

/// Writes the signal that reports a finding.
pub(super) fn write(told: Announcement<'_>, finding: &Finding, known: Known<'_>) -> Signal {
    let figures = finding.figures(told.kind);
    Signal {
        phase: told.phase,
        kind: told.kind,
        severity: told.severity,
        at: told.at,
        opened_at: told.opened_at,
        observed: figures.observed,
        expected: figures.expected,
        interval: figures.interval,
        window_s: figures.window_s,
        expected_per_week: figures.expected_per_week,
        reason: figures.reason,
        limit: finding.crisis.and_then(|reached| known.limits.crisis?.limit(reached)),
        note: told.note && told.kind.pages(),
        new_usual: told.new_usual,
        budget: known.limits.budget,
        time_zone: zone::name(&known.limits.zone),
        desk: known.limits.desk,
        learnt_hours: u32::try_from(finding.learnt / 60).unwrap_or(u32::MAX),
        learning: finding.learning || told.outright,
        learning_left: known.limits.learning_left(finding.learnt),
        forecast: forecast(&told, finding.minute, known),
        about: None,
        counts: told.totals.counts(),
        samples: told.totals.examples(&told.drivers),
        drivers: told.drivers,
        chart: chart(finding.minute, known),
    }
}

/// Where an incident that is open goes from `minute`.
fn forecast(told: &Announcement<'_>, minute: i64, known: Known<'_>) -> Vec<Forecast> {
    if told.phase == Phase::Closed || told.kind == Kind::Silence {
        return Vec::new();
    }
    let open: u64 = known.minutes.open_until(minute).map(|(_, tally)| tally.counts.mentions).sum();
    let counted = |minutes: i64| known.minutes.complete.sum(minute - minutes + 1, minute).mentions + open;
    let opened = told.opened_at.minute();
    let usual = known.past.baseline.at(block_of(opened) - 1).map_or(0.0, |rates| rates.a_minute.mentions);
    forecasts(counted, usual, minute - opened).to_vec()
}

/// The last eight hours up to `minute` in points of five minutes that end on the clock's fives.
fn chart(minute: i64, known: Known<'_>) -> Vec<Point> {
    let last = minute.div_euclid(POINT);
    let mut points = Vec::with_capacity(CHART_POINTS);
    let since = known.minutes.since.or_else(|| known.minutes.first_open());
    // The expectation moves once in half an hour: the interval is worked out once for each.
    let mut expected = (i64::MIN, (0.0, 0.0, 0.0));
    for point in last - POINTS + 1..=last {
        let (from, to) = (point * POINT, point * POINT + POINT - 1);
        if since.is_none_or(|since| to < since) {
            continue;
        }
        let block = block_of(from);
        if block != expected.0 {
            let rates = known.past.usual(block, known.limits);
            let mean = rates.map_or(0.0, |rates| rates.a_minute.mentions * POINT as f64);
            let (low, high) = interval(mean, rates.map_or(0.0, |rates| rates.dispersion));
            expected = (block, (mean, low, high));
        }
        let seen = known.minutes.complete.sum(from, to);
        let (mut mentions, mut negatives) = (seen.mentions, seen.negatives);
        for (_, tally) in known.minutes.open.range(from..=to.min(minute)) {
            mentions += tally.counts.mentions;
            negatives += tally.counts.negatives;
        }
        let narrow = |count: u64| u32::try_from(count).unwrap_or(u32::MAX);
        let (mean, low, high) = expected.1;
        points.push(Point {
            at: Timestamp::start_of_minute(from),
            seconds: (POINT * MINUTE_MS / 1000) as u32,
            mentions: narrow(mentions),
            negatives: narrow(negatives),
            expected: mean as f32,
            low: low as f32,
            high: high as f32,
        });
    }
    points
}
