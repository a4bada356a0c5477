//! Drills: when which one is to run, who was told of it beforehand, and that it has begun.

use serde::{Deserialize, Serialize};

use super::{Change, Record};
use crate::ledger::{ByWhom, Entry, Event, IncidentId};
use crate::signal::Signal;
use crate::time::Timestamp;

/// A drill is to run. Its record's id is the drill's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DrillScheduled {
    /// The watch that it is about, by the name that it is counted under.
    pub watch: String,
    /// What is rehearsed, for people: the name of a scenario, or of a file.
    pub scenario: String,
    /// When it begins for the first time.
    pub begins: Timestamp,
    /// After how many days it runs again, at the same time by the clock; `None`: it runs once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub every_days: Option<u32>,
    /// The zone of that clock; UTC unless it says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    /// Whether those who would be called are told before it begins.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub announce: bool,
    /// What is seen in it.
    pub course: Course,
}

/// The signals of a drill, in order. Times in them count from its beginning; the last one is the all-clear.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Course(pub Vec<Signal>);

// What JSON can say is never a NaN.
impl Eq for Course {}

/// A drill has begun, for the first time or again. Of a drill the newest stays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DrillStarted {
    /// The drill.
    pub of: String,
    /// Which run of it, from 1.
    pub run: u32,
    /// When it was to begin.
    pub begins: Timestamp,
}

/// A person was told that a drill will begin. Of a drill and a person the newest stays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DrillAnnounced {
    /// The drill.
    pub of: String,
    /// The person's name.
    pub whose: String,
    /// When it begins.
    pub begins: Timestamp,
}

/// A person took part in a drill: they did something on its page. Of a person the newest stays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DrillTaken {
    /// The person's name.
    pub whose: String,
    /// The incident that the drill was.
    pub incident: IncidentId,
}

impl DrillTaken {
    /// The record of it. Its id is the person.
    pub fn record(self, at: Timestamp, by: ByWhom) -> Record {
        Record { id: self.whose.clone(), at, by, change: Change::DrillTaken(self) }
    }
}

impl DrillScheduled {
    /// How long a run of it lasts, in ms.
    pub fn lasts_ms(&self) -> i64 {
        self.course.0.last().map_or(0, |last| last.at.0.max(0))
    }

    /// When its last run is over: never, where it repeats. So what takes it back stays as long as it does.
    pub fn over_at(&self) -> Timestamp {
        self.every_days.map_or_else(|| self.begins.plus(self.lasts_ms()), |_| Timestamp(i64::MAX))
    }

    /// The id of a run of the drill, from 1: `7f3a`, `7f3a-2`.
    pub fn run_id(of: &str, run: u32) -> String {
        if run <= 1 { of.to_owned() } else { format!("{of}-{run}") }
    }

    /// The entry of the ledger at `at` that the signal of this place becomes in a run that was to begin at `begins`;
    /// `None` where there is none.
    pub fn entry(&self, (of, run): (&str, u32), begins: Timestamp, place: usize, at: Timestamp) -> Option<Entry> {
        let id = DrillScheduled::run_id(of, run);
        let signal = moved(self.course.0.get(place)?.clone(), begins);
        let incident = IncidentId::of_drill(&self.watch, &id);
        let signal = Signal { drill: Some(id), ..signal };
        Some(Entry { watch: self.watch.clone(), incident, at, event: Event::Signal(Box::new(signal)) })
    }
}

/// A signal whose times count from a beginning, as it is when that is at `begins`.
fn moved(mut signal: Signal, begins: Timestamp) -> Signal {
    signal.at = begins.plus(signal.at.0);
    signal.opened_at = begins.plus(signal.opened_at.0);
    if !signal.chart.is_empty() {
        signal.chart.from = begins.plus(signal.chart.from.0);
    }
    signal.samples.iter_mut().for_each(|sample| sample.published_at = begins.plus(sample.published_at.0));
    signal
}

impl DrillStarted {
    /// The record that says so, written by the copy that decides.
    pub fn record(self, at: Timestamp) -> Record {
        Record { id: self.of.clone(), at, by: decider(), change: Change::DrillStarted(self) }
    }
}

impl DrillAnnounced {
    /// The record that says so, written by the copy that decides.
    pub fn record(self, at: Timestamp) -> Record {
        let id = format!("{}/{}", self.of, self.whose);
        Record { id, at, by: decider(), change: Change::DrillAnnounced(self) }
    }
}

fn decider() -> ByWhom {
    ByWhom::new("orszem", "drills")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::{Kind, Phase};

    fn scheduled() -> DrillScheduled {
        let signal =
            |phase, at| Signal { opened_at: Timestamp(0), ..Signal::plain(phase, Kind::Volume, Timestamp(at)) };
        DrillScheduled {
            watch: "acme".into(),
            scenario: "outage".into(),
            begins: Timestamp(1_000),
            every_days: None,
            time_zone: None,
            announce: false,
            course: Course(vec![signal(Phase::Opened, 0), signal(Phase::Closed, 600_000)]),
        }
    }

    #[test]
    fn a_schedule_is_read_back_with_its_course_and_what_was_begun_has_one_key_a_drill() {
        let change = Change::DrillScheduled(Box::new(scheduled()));
        let record = Record { id: "7f3a".into(), at: Timestamp(1), by: ByWhom::new("anna", "terminal"), change };
        assert_eq!(Record::from_json(&record.to_json()).unwrap(), record);
        assert_eq!((record.key(), record.over_at()), ("drill-scheduled/7f3a".into(), Some(Timestamp(601_000))));
        let started = |run| DrillStarted { of: "7f3a".into(), run, begins: Timestamp(1_000) }.record(Timestamp(2));
        assert_eq!((started(1).key(), started(2).key()), ("drill-started/7f3a".into(), started(1).key()));
        assert_eq!(started(1).about(), Some(record.key()));
        let told = DrillAnnounced { of: "7f3a".into(), whose: "anna".into(), begins: Timestamp(1) };
        assert_eq!(told.record(Timestamp(0)).key(), "drill-announced/7f3a/anna");
    }

    #[test]
    fn one_that_repeats_is_never_over() {
        assert_eq!(scheduled().over_at(), Timestamp(601_000));
        assert_eq!(DrillScheduled { every_days: Some(90), ..scheduled() }.over_at(), Timestamp(i64::MAX));
    }

    #[test]
    fn its_incident_has_an_id_that_no_real_one_has_and_says_that_it_is_a_drill() {
        let drill = scheduled();
        let entry = |run, place| drill.entry(("7f3a", run), Timestamp(50_000), place, Timestamp(60_000));
        let closed = entry(2, 1).unwrap();
        assert_eq!((closed.incident.0.as_str(), closed.at), ("acme.drill-7f3a-2", Timestamp(60_000)));
        assert!(closed.incident.is_drill() && !IncidentId::new("acme.drill-7f3a", 2).is_drill());
        let Event::Signal(signal) = closed.event else { panic!("no signal") };
        assert_eq!((signal.at, signal.opened_at), (Timestamp(650_000), Timestamp(50_000)));
        assert_eq!(signal.drill.as_deref(), Some("7f3a-2"));
        assert_eq!(entry(1, 2), None);
    }
}
