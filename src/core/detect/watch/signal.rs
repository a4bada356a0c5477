//! How a finding is reported: the signal, with its chart and forecast.

use orszem_records::signal::{Driver, Forecast, Kind, Phase, Signal};
use orszem_records::time::{Timestamp, zone};

use crate::detect::baseline::block_of;
use crate::detect::course::{Course, Height};
use crate::detect::episode::Episode;
use crate::detect::evaluate::Finding;
use crate::detect::forecast::forecasts;
use crate::detect::totals::Totals;

use super::chart::{Told, chart};
use super::judge::Known;

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
    /// What it brought by half hours, where it is open.
    pub(super) course: Option<&'a Course>,
    pub(super) height: Height,
    pub(super) drivers: Vec<Driver>,
}

impl<'a> Announcement<'a> {
    /// The report of an open incident, at the end of `minute`.
    pub(super) fn of(
        episode: &'a Episode,
        phase: Phase,
        minute: i64,
        height: Height,
        drivers: Vec<Driver>,
    ) -> Announcement<'a> {
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
            course: Some(&episode.course),
            height,
            drivers,
        }
    }
}

/// Writes the signal that reports a finding.
pub(super) fn write(told: Announcement<'_>, finding: &Finding, known: Known<'_>) -> Signal {
    let figures = finding.figures(told.kind);
    let limit = finding.crisis.and_then(|reached| known.limits.crisis?.limit(reached));
    let learning = finding.learning || told.outright;
    let (height, opened) = (told.height, told.opened_at.minute());
    let of = Told { height, opened, learning, limit, course: told.course };
    let chart = chart(&of, finding, known);
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
        limit,
        note: told.note && told.kind.pages(),
        new_usual: told.new_usual,
        budget: known.limits.budget,
        time_zone: zone::name(&known.limits.zone),
        drill: None,
        desk: known.limits.desk,
        learnt_hours: u32::try_from(finding.learnt / 60).unwrap_or(u32::MAX),
        learning,
        learning_left: known.limits.learning_left(finding.learnt),
        forecast: forecast(&told, finding.minute, known),
        about: None,
        counts: told.totals.counts(),
        samples: told.totals.examples(&told.drivers),
        drivers: told.drivers,
        chart,
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
