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
