use super::*;
use crate::respond::core::{Core, Dispatch};
use crate::respond::core_fixture::{capabilities, config};
use crate::respond::settings::Settings;
use orszem_records::ledger::{ByWhom, Closing, Delivery, IncidentId, Outcome};
use orszem_records::signal::{Kind, Phase};
use orszem_records::team::drill::Course;

const MINUTE: i64 = 60_000;

/// Kafka, as a copy of respond sees it: what is committed.
#[derive(Default)]
struct Topics {
    ledger: Vec<Entry>,
    team: Vec<Record>,
}

fn settings() -> Settings {
    Settings::new(&config(0, &[&["slack"]]), capabilities())
}

fn drill(begins: i64, every_days: Option<u32>) -> Record {
    let signal = |phase, minutes: i64, severity| Signal {
        severity,
        opened_at: Timestamp(0),
        observed: 50,
        ..Signal::plain(phase, Kind::Negativity, Timestamp(minutes * MINUTE))
    };
    let signals = vec![signal(Phase::Opened, 0, 2), signal(Phase::Updated, 5, 2), signal(Phase::Closed, 10, 2)];
    let (watch, scenario, begins) = ("acme".to_owned(), "outage".to_owned(), Timestamp(begins));
    let (time_zone, announce, course) = (None, false, Course(signals));
    let drill = DrillScheduled { watch, scenario, begins, every_days, time_zone, announce, course };
    let change = Change::DrillScheduled(Box::new(drill));
    Record { id: "d".into(), at: Timestamp(0), by: ByWhom::new("anna", "terminal"), change }
}

impl Topics {
    fn with(record: Record) -> Topics {
        Topics { team: vec![record], ..Topics::default() }
    }

    /// A copy that has read all that is committed.
    fn copy(&self, now: i64) -> Core {
        let mut core = Core::new(settings());
        self.team.iter().for_each(|record| core.team(record).unwrap());
        self.ledger.iter().for_each(|entry| core.apply(0, entry, Timestamp(now)));
        core.ready(0);
        core
    }

    fn write(&mut self, core: &mut Core, incident: &str, event: Event, now: i64) {
        let (watch, incident) = ("acme".to_owned(), IncidentId(incident.to_owned()));
        let entry = Entry { watch, incident, at: Timestamp(now), event };
        core.apply(0, &entry, Timestamp(now));
        self.ledger.push(entry);
    }

    /// Decides, commits, reads what was written, and has every message accepted.
    fn step(&mut self, core: &mut Core, now: i64) -> Vec<Dispatch> {
        let mut sent = Vec::new();
        for _ in 0..5 {
            let mut out = Vec::new();
            core.decide(Timestamp(now), &mut out);
            let work = core.drill_work();
            self.team.extend(work.records);
            self.ledger.extend(out.into_iter().map(|(_, entry)| entry));
            let sends = core.committed(Timestamp(now));
            for entry in work.entries {
                core.apply(0, &entry, Timestamp(now));
                self.ledger.push(entry);
            }
            for dispatch in &sends {
                let Dispatch { incident, attempt, .. } = dispatch;
                let accepted = Delivery::Accepted { reference: None };
                let outcome =
                    Outcome::new(attempt.message.clone(), attempt.receiver.clone(), attempt.try_number, accepted);
                self.write(core, &incident.id.0, Event::Outcome(outcome), now);
            }
            sent.extend(sends);
        }
        sent
    }

    /// The signals of drills, by incident and minute.
    fn course(&self) -> Vec<String> {
        let signal = |entry: &Entry| match &entry.event {
            Event::Signal(signal) if entry.incident.is_drill() => {
                Some(format!("{} {:?} {}", entry.incident, signal.phase, entry.at.0 / MINUTE))
            }
            _ => None,
        };
        self.ledger.iter().filter_map(signal).collect()
    }
}

#[test]
fn a_course_is_written_at_its_times_and_told_by_the_way_of_real_ones() {
    let mut topics = Topics::with(drill(2 * MINUTE, None));
    let mut core = topics.copy(0);
    let mut told = Vec::new();
    for now in (0..20).map(|minute| minute * MINUTE) {
        told.extend(topics.step(&mut core, now).into_iter().map(|sent| (now / MINUTE, sent.attempt.action.name())));
    }
    assert_eq!(topics.course(), ["acme.drill-d Opened 2", "acme.drill-d Updated 7", "acme.drill-d Closed 12"]);
    assert_eq!((told.first(), told.last()), (Some(&(2, "trigger")), Some(&(12, "resolve"))));
    assert_eq!(core.next_deadline(), None, "nothing is left to do");
}

#[test]
fn whichever_copy_dies_when_a_drill_begins_once_and_goes_on_where_it_was() {
    for dies_at in 0..14 {
        let mut topics = Topics::with(drill(2 * MINUTE, None));
        let mut core = topics.copy(0);
        for minute in 0..20 {
            topics.step(&mut core, minute * MINUTE);
            if minute == dies_at {
                core = topics.copy(minute * MINUTE);
            }
        }
        assert_eq!(topics.course(), ["acme.drill-d Opened 2", "acme.drill-d Updated 7", "acme.drill-d Closed 12"]);
        let calls = topics.ledger.iter().filter(|entry| {
            matches!(&entry.event, Event::Attempt(attempt) if attempt.action == orszem_records::ledger::Action::Trigger)
        });
        assert_eq!(calls.count(), 1, "dies at {dies_at}");
    }
}

#[test]
fn what_was_decided_and_not_committed_is_decided_by_the_next_copy() {
    let mut topics = Topics::with(drill(0, None));
    let mut lost = topics.copy(0);
    lost.decide(Timestamp(0), &mut Vec::new());
    assert_eq!(lost.drill_work().entries.len(), 1);
    lost.decide(Timestamp(1), &mut Vec::new());
    assert!(lost.drill_work().entries.is_empty(), "the same copy does not begin it again");
    let mut core = topics.copy(2);
    topics.step(&mut core, 2);
    assert_eq!(topics.course(), ["acme.drill-d Opened 0"]);
}

#[test]
fn nobody_at_work_for_minutes_sees_the_rest_and_for_hours_leaves_it_out() {
    let mut topics = Topics::with(drill(2 * MINUTE, None));
    let mut core = topics.copy(30 * MINUTE);
    topics.step(&mut core, 30 * MINUTE);
    assert_eq!(topics.course().len(), 3, "all of it is past: it is written in order");
    let mut late = Topics::with(drill(2 * MINUTE, None));
    let mut core = late.copy(62 * MINUTE);
    late.step(&mut core, 62 * MINUTE);
    assert_eq!(late.course(), [""; 0]);
}

#[test]
fn one_that_a_person_closes_or_takes_back_ends_at_once() {
    let closing = Closing { by: ByWhom::new("Anna", "link"), height: None, false_alarm: false };
    let mut topics = Topics::with(drill(0, None));
    let mut core = topics.copy(0);
    topics.step(&mut core, 0);
    topics.write(&mut core, "acme.drill-d", Event::Resolved(closing), MINUTE);
    topics.step(&mut core, MINUTE);
    assert_eq!(topics.course(), ["acme.drill-d Opened 0", "acme.drill-d Closed 1"]);

    let mut topics = Topics::with(drill(0, Some(1)));
    let mut core = topics.copy(0);
    topics.step(&mut core, 0);
    let change = Change::DrillCancelled(Of { of: "d".into() });
    let cancelled = Record { id: "d".into(), at: Timestamp(MINUTE), by: ByWhom::new("anna", "terminal"), change };
    core.team(&cancelled).unwrap();
    topics.step(&mut core, 2 * MINUTE);
    topics.step(&mut core, 24 * 60 * MINUTE);
    assert_eq!(topics.course(), ["acme.drill-d Opened 0", "acme.drill-d Closed 2"]);
}

#[test]
fn one_that_repeats_is_another_incident_each_time() {
    let mut topics = Topics::with(drill(0, Some(1)));
    let mut core = topics.copy(0);
    for hour in 0..=25 {
        topics.step(&mut core, hour * 60 * MINUTE);
    }
    let opened: Vec<String> = topics.course().into_iter().filter(|line| line.contains("Opened")).collect();
    assert_eq!(opened, ["acme.drill-d Opened 0", "acme.drill-d-2 Opened 1440"]);
}

#[test]
fn one_of_a_watch_that_is_gone_does_not_begin() {
    let mut topics = Topics::with(drill(0, None));
    let mut core = topics.copy(0);
    let mut config = config(0, &[&["slack"]]);
    config.watches.clear();
    core.configure(Settings::new(&config, capabilities()));
    topics.step(&mut core, 0);
    assert_eq!(topics.course(), [""; 0]);
}

#[test]
fn open_drills_are_not_among_the_open_incidents() {
    let mut topics = Topics::with(drill(0, None));
    let mut core = topics.copy(0);
    topics.step(&mut core, 0);
    assert!(core.open_incidents().is_empty());
}
