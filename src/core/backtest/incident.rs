//! The incidents of a backtest, folded from the entries that detect writes to the ledger.

use serde::Serialize;
use std::collections::HashMap;

use orszem_records::chart::Chart;
use orszem_records::ledger::{Entry, Event, IncidentId};
use orszem_records::signal::Driver;
use orszem_records::signal::{Counts, Kind, LimitReached, Phase, Signal};
use orszem_records::tally::Sample;
use orszem_records::time::{Timestamp, rfc3339};

use crate::notification::why_of;
use crate::words::Words;

/// The chart is that of the newest signal up to this long after the opening: later ones have wider points.
const COURSE_MS: i64 = 6 * 3_600_000;

/// One incident: a line of `incidents.jsonl`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Incident {
    /// Its id, as in the ledger of `run`.
    pub id: IncidentId,
    /// The watch.
    pub watch: String,
    /// The start of the first surprising minute.
    #[serde(serialize_with = "rfc3339::serialize")]
    pub opened_at: Timestamp,
    /// The moment of the page; `None` for a kind that does not page.
    #[serde(serialize_with = "rfc3339::option::serialize")]
    pub paged_at: Option<Timestamp>,
    /// The last reported kind.
    pub kind: Kind,
    /// The highest severity it reached: 1 (highest) to 4.
    pub severity: u8,
    /// The count in the window (mentions, or negatives for negativity), as on the page.
    pub observed: u64,
    /// The expected count in the window.
    pub expected: f64,
    /// Its 95 % interval.
    pub interval: (f64, f64),
    /// The length of the window in seconds.
    pub window_s: u32,
    /// How often per week chance alone produces such a finding.
    pub expected_per_week: f64,
    /// Why it is one, in a sentence; `None` without a past to hold it against.
    pub why: Option<String>,
    /// Whether the watch was still learning.
    pub learning: bool,
    /// Its end; `None` if the input ended first.
    #[serde(serialize_with = "rfc3339::option::serialize")]
    pub closed_at: Option<Timestamp>,
    /// All counts, as last reported.
    pub counts: Counts,
    /// Its chart, from two hours before it opened at least to six after, as far as reported.
    #[serde(skip)]
    pub course: Chart,
    /// When the window of its figures ends.
    #[serde(skip)]
    pub counted_until: Timestamp,
    /// The limit of the settings that was reached, where one was.
    #[serde(skip)]
    pub limit: Option<LimitReached>,
    /// Its drivers, the strongest first.
    pub drivers: Vec<Driver>,
    /// Mentions to show.
    pub examples: Vec<Sample>,
}

impl Incident {
    fn begin(entry: &Entry, signal: &Signal) -> Incident {
        Incident {
            id: entry.incident.clone(),
            watch: entry.watch.clone(),
            opened_at: signal.opened_at,
            paged_at: None,
            kind: signal.kind,
            severity: signal.severity,
            observed: signal.observed,
            expected: signal.expected,
            interval: signal.interval,
            window_s: signal.window_s,
            expected_per_week: signal.expected_per_week,
            why: why_of(signal, &Words::default()),
            learning: signal.learning,
            closed_at: None,
            counts: signal.counts,
            course: Chart::default(),
            counted_until: signal.at,
            limit: signal.limit,
            drivers: Vec::new(),
            examples: Vec::new(),
        }
    }

    fn page(&mut self, signal: &Signal, at: Timestamp) {
        self.paged_at = Some(at);
        self.observed = signal.observed;
        self.expected = signal.expected;
        self.interval = signal.interval;
        self.window_s = signal.window_s;
        self.counted_until = signal.at;
        self.limit = signal.limit.or(self.limit);
        self.expected_per_week = signal.expected_per_week;
        self.why = why_of(signal, &Words::default()).or(self.why.take());
    }
}

/// Folds the ledger of detect into incidents.
#[derive(Debug, Default)]
pub struct Recorder {
    incidents: Vec<Incident>,
    open: HashMap<IncidentId, usize>,
}

impl Recorder {
    /// Applies an entry; `told_at` is the moment at which respond would have seen it.
    pub fn entry(&mut self, entry: &Entry, told_at: Timestamp) {
        let Event::Signal(signal) = &entry.event else { return };
        let place = *self.open.entry(entry.incident.clone()).or_insert_with(|| {
            self.incidents.push(Incident::begin(entry, signal));
            self.incidents.len() - 1
        });
        let incident = &mut self.incidents[place];
        // What was announced of a minute that was not complete may turn out to have begun before it.
        incident.opened_at = signal.opened_at;
        incident.kind = signal.kind;
        incident.severity = incident.severity.min(signal.severity);
        incident.counts = signal.counts;
        if !signal.drivers.is_empty() {
            incident.drivers.clone_from(&signal.drivers);
        }
        incident.examples.clone_from(&signal.samples);
        if incident.course.is_empty() || signal.at.since(incident.opened_at) <= COURSE_MS {
            incident.course.clone_from(&signal.chart);
        }
        // A silent feed is not a page of a watch, and costs no budget.
        let pages = signal.pages() && signal.kind != Kind::NoData;
        if incident.paged_at.is_none() && pages && signal.phase != Phase::Closed {
            incident.page(signal, told_at);
        }
        if signal.phase == Phase::Closed {
            incident.closed_at = Some(signal.at);
            self.open.remove(&entry.incident);
        }
    }

    /// The incidents, by the time they opened.
    pub fn finish(mut self) -> Vec<Incident> {
        self.incidents.sort_by(|a, b| (a.opened_at, &a.watch, &a.id).cmp(&(b.opened_at, &b.watch, &b.id)));
        self.incidents
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in crate::backtest) fn signal(phase: Phase, kind: Kind, minute: i64) -> Signal {
        Signal {
            severity: 3,
            opened_at: Timestamp(0),
            observed: u64::try_from(minute).unwrap(),
            expected_per_week: 0.1,
            ..Signal::plain(phase, kind, Timestamp::start_of_minute(minute))
        }
    }

    fn entry(phase: Phase, kind: Kind, minute: i64) -> Entry {
        let signal = signal(phase, kind, minute);
        let (watch, incident) = ("acme".to_owned(), IncidentId::new("acme", 1));
        Entry { watch, incident, at: signal.at, event: Event::Signal(Box::new(signal)) }
    }

    fn fold(entries: &[Entry]) -> Incident {
        let mut recorder = Recorder::default();
        entries.iter().for_each(|entry| recorder.entry(entry, entry.at.plus(500)));
        let mut incidents = recorder.finish();
        assert_eq!(incidents.len(), 1);
        incidents.remove(0)
    }

    #[test]
    fn a_joy_that_turns_pages_when_it_turns() {
        let joy = [entry(Phase::Opened, Kind::Praise, 5), entry(Phase::Updated, Kind::Praise, 10)];
        assert_eq!(fold(&joy).paged_at, None);
        let turned =
            [&joy[..], &[entry(Phase::Updated, Kind::Negativity, 12)], &[entry(Phase::Closed, Kind::Negativity, 90)]]
                .concat();
        let turned = fold(&turned);
        assert_eq!((turned.paged_at, turned.observed), (Some(Timestamp::start_of_minute(12).plus(500)), 12));
        assert_eq!((turned.kind, turned.closed_at), (Kind::Negativity, Some(Timestamp::start_of_minute(90))));
    }

    #[test]
    fn one_incident_is_one_page_at_its_opening() {
        let told = [entry(Phase::Opened, Kind::Volume, 5), entry(Phase::Updated, Kind::Negativity, 10)];
        let incident = fold(&told);
        assert_eq!((incident.paged_at, incident.observed), (Some(Timestamp::start_of_minute(5).plus(500)), 5));
        let line = serde_json::to_string(&incident).unwrap();
        assert!(
            line.contains(r#""opened_at":"1970-01-01T00:00:00Z""#) && line.contains(r#""closed_at":null"#),
            "{line}"
        );
    }
    #[test]
    fn an_incident_that_turns_out_to_have_begun_earlier_began_earlier() {
        let mut told = [entry(Phase::Opened, Kind::Volume, 5), entry(Phase::Updated, Kind::Volume, 5)];
        for (entry, minute) in told.iter_mut().zip([5, 4]) {
            let Event::Signal(signal) = &mut entry.event else { unreachable!("it is a signal") };
            signal.opened_at = Timestamp::start_of_minute(minute);
        }
        assert_eq!(fold(&told).opened_at, Timestamp::start_of_minute(4));
    }
}
