//! What a dead copy left without an outcome holds up nobody else's page.

use orszem_records::ledger::{Action, Entry, Event, IncidentId};
use orszem_records::signal::{Kind, Phase};
use orszem_records::time::Timestamp;

use super::core_fixture::{World, attempt, config, describe, signal};

fn opened(world: &World, n: u64) -> Entry {
    let event = Event::Signal(Box::new(signal(Phase::Opened, Kind::Negativity, 2, 50)));
    Entry { watch: "acme".into(), incident: IncidentId::new("acme", n), at: world.now, event }
}

#[test]
fn a_new_incident_does_not_wait_for_the_tries_of_a_dead_copy() {
    let mut config = config(0, &[&["hook"]]);
    config.respond.timeout = crate::settings::span::Span::from_secs(300);
    config.respond.send_limit = 4;
    let mut world = World::new(&config);
    for n in 0..8 {
        let left = Entry { event: attempt("hook", Action::Trigger, 0, 0), ..opened(&world, n) };
        let opened = opened(&world, n);
        world.core.apply(0, &opened, world.now);
        world.core.apply(0, &left, world.now);
    }
    let newest = opened(&world, 100);
    world.core.apply(0, &newest, world.now);
    let mut entries = Vec::new();
    world.core.decide(world.now, &mut entries);
    let told: Vec<_> = entries.iter().map(|(_, entry)| (entry.incident.0.as_str(), describe(entry))).collect();
    assert_eq!(told, [("acme.100", "trigger hook/0".to_owned())]);

    // What was left is tried again once it must have been lost, as many at once as always.
    entries.clear();
    world.core.decide(Timestamp(305_000), &mut entries);
    let again = entries.iter().filter(|(_, entry)| describe(entry).ends_with("try 1")).count();
    assert_eq!(again, 4);
}

#[test]
fn all_that_an_open_incident_needs_comes_after_the_lowest_offset() {
    let mut world = World::new(&config(0, &[&["hook"]]));
    let entry = |n: u64, phase| {
        let event = Event::Signal(Box::new(signal(phase, Kind::Negativity, 2, 50)));
        Entry { watch: "acme".into(), incident: IncidentId::new("acme", n), at: Timestamp(0), event }
    };
    assert_eq!(world.core.lowest_needed(0), None);
    for (offset, n) in [(10, 1), (20, 2), (30, 3)] {
        world.core.read(0, offset, &entry(n, Phase::Opened), Timestamp(0));
        world.core.read(0, offset + 1, &entry(n, Phase::Updated), Timestamp(0));
    }
    world.core.read(1, 5, &entry(4, Phase::Opened), Timestamp(0));
    assert_eq!((world.core.lowest_needed(0), world.core.lowest_needed(1)), (Some(10), Some(5)));

    // Of incidents that are told to have ended, nothing is needed.
    for (n, left) in [(2, Some(10)), (1, Some(30)), (3, None)] {
        world.core.read(0, 40 + i64::try_from(n).unwrap(), &entry(n, Phase::Closed), Timestamp(0));
        world.settle();
        assert_eq!(world.core.lowest_needed(0), left, "after the end of {n}");
    }
    world.core.forget(1);
    assert_eq!(world.core.lowest_needed(1), None);
}
