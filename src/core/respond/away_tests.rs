//! A receiver that is away longer than its tries: it is called again when the incident rises, and while nobody was
//! told.

use orszem_records::ledger::Delivery;

use super::core_fixture::{World, config};

fn retry() -> Option<Delivery> {
    Some(Delivery::Retry { reason: "away".into(), after_ms: None })
}

fn world(steps: &[&[&str]]) -> World {
    let mut config = config(0, steps);
    config.respond.retry_limit = 2;
    World::new(&config)
}

fn calls(world: &mut World) -> Vec<String> {
    let lines = std::mem::take(&mut world.lines);
    lines.into_iter().filter(|line| line.contains("trigger") || line.contains("exhausted")).collect()
}

#[test]
fn each_rise_is_a_new_call_with_tries_of_its_own() {
    let mut world = world(&[&["hook", "mail"]]);
    world.answers("hook", [retry(), retry(), retry(), retry()]);
    world.opens();
    world.until(1);
    assert_eq!(calls(&mut world), ["0:00 trigger hook/0", "0:00 trigger mail/0", "0:00 trigger hook/0 try 1"]);
    world.grows(60);
    world.until(2);
    assert_eq!(calls(&mut world), [""; 0], "a little more is no rise, and mail was told");
    world.grows(100);
    world.until(3);
    assert_eq!(calls(&mut world), ["2:00 trigger hook/1", "2:00 trigger hook/1 try 1"]);
    world.grows(300);
    world.until(4);
    assert_eq!(calls(&mut world), ["3:00 trigger hook/2"], "it is back");
    world.closes();
    world.settle();
    assert!(world.lines.iter().any(|line| line == "4:00 resolve hook/3"), "{:?}", world.lines);
}

#[test]
fn an_incident_that_nobody_could_be_told_of_is_tried_until_it_ends() {
    let mut world = world(&[&["hook"], &["pager"]]);
    world.answers("hook", std::iter::repeat_n(retry(), 100));
    world.answers("pager", std::iter::repeat_n(retry(), 6));
    world.opens();
    world.until(1);
    assert_eq!(
        calls(&mut world),
        [
            "0:00 trigger hook/0",
            "0:00 trigger hook/0 try 1",
            "0:00 trigger pager/0",
            "0:01 trigger pager/0 try 1",
            "0:01 exhausted",
        ],
        "the next step is called meanwhile"
    );
    world.until(21);
    let knocks = calls(&mut world);
    assert_eq!(knocks.iter().filter(|line| line.contains("hook")).count(), 4, "every five minutes: {knocks:?}");
    assert_eq!(knocks.iter().filter(|line| line.contains("try")).count(), 0, "{knocks:?}");

    // Another copy knows as well.
    world.taken_over();
    world.until(60);
    let after: Vec<String> = calls(&mut world).into_iter().filter(|line| line.contains("pager")).collect();
    assert_eq!(after.len(), 1, "it was told with the last: {after:?}");
    world.closes();
    world.until(100);
    assert_eq!(calls(&mut world), [""; 0]);
    assert_eq!(world.core.next_deadline(), None);
}
