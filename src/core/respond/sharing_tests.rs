//! What the page of a group tells, and that it is one message also where incidents are in several partitions.

use orszem_records::ledger::{Action, Entry, Event, IncidentId};
use orszem_records::signal::{Kind, Phase};
use orszem_records::time::Timestamp;

use super::core::{Core, Dispatch};
use super::core_fixture::{capabilities, config, signal};
use super::settings::Settings;

const PARTITIONS: i32 = 4;

/// A core whose incidents share one page.
fn core() -> Core {
    let mut config = config(0, &[&["slack"]]);
    config.route = toml::from_str("escalation = \"crisis\"\ngroup_by = [\"desk\"]\n").ok();
    let mut core = Core::new(Settings::new(&config, capabilities()));
    (0..PARTITIONS).for_each(|partition| core.ready(partition));
    core
}

fn signals(core: &mut Core, n: i32, phase: Phase, severity: u8) {
    let event = Event::Signal(Box::new(signal(phase, Kind::Negativity, severity, 50)));
    let incident = IncidentId::new("acme", u64::try_from(n).unwrap());
    let entry = Entry { watch: "acme".into(), incident, at: Timestamp(0), event };
    core.apply(n % PARTITIONS, &entry, Timestamp(0));
}

fn step(core: &mut Core) -> Vec<Dispatch> {
    core.decide(Timestamp(0), &mut Vec::new());
    core.committed(Timestamp(0))
}

#[test]
fn case_16_a_page_of_eighty_names_ten_and_counts_the_rest() {
    let mut core = core();
    for n in 0..80 {
        signals(&mut core, n, Phase::Opened, if n == 40 { 1 } else { 2 + u8::try_from(n % 3).unwrap() });
    }
    let told = step(&mut core);
    assert_eq!(told.len(), 1, "one message");
    let shows = told[0].attempt.shows.unwrap();
    assert_eq!((shows.members, shows.over, shows.worst), (80, 0, 1));
    let page = told[0].page.as_ref().unwrap();
    assert_eq!((page.head.severity, page.others.len(), page.more), (1, 9, 70));
    assert_eq!(page.head.id, told[0].incident.id, "it is found by the id of the incident that carries it");
    assert!(page.others.iter().all(|other| other.severity == 2), "the worst");
    assert_eq!(told[0].attempt.action, Action::Trigger);
}

#[test]
fn what_is_over_is_named_last_and_the_page_goes_on() {
    let mut core = core();
    signals(&mut core, 0, Phase::Opened, 2);
    signals(&mut core, 1, Phase::Opened, 3);
    let first = step(&mut core);
    signals(&mut core, 0, Phase::Closed, 2);
    assert!(step(&mut core).is_empty(), "the first message is under way");
    assert_eq!(first[0].page.as_ref().unwrap().head.severity, 2);
    for n in 0..2 {
        assert!(core.knows(n, &IncidentId::new("acme", u64::try_from(n).unwrap())), "{n} is on an open page");
    }
    signals(&mut core, 1, Phase::Closed, 3);
    assert!(step(&mut core).is_empty());
}
