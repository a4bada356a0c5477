//! What people do to an incident that somebody has, and what each message then tells.

use orszem_records::ledger::{ByWhom, Event, HandOver, Note};

use crate::notification::Occasion;

use super::core_fixture::{World, config};

fn by(name: &str) -> ByWhom {
    ByWhom::new(name, "link")
}

/// What the messages after the first `known` told, each with its receiver.
fn told(world: &World, known: usize) -> Vec<(&str, Occasion)> {
    world.sent[known..].iter().map(|sent| (sent.attempt.receiver.as_str(), sent.occasion)).collect()
}

#[test]
fn h10_a_second_call_says_so_and_so_does_the_end_of_all_calls() {
    let mut world = World::new(&config(1, &[&["mail"]]));
    world.opens();
    world.until(30);
    let since = orszem_records::time::Timestamp(0);
    let expected = [Occasion::First, Occasion::CalledAgain { since }, Occasion::NobodyCame { since }];
    assert_eq!(told(&world, 0).into_iter().map(|(_, occasion)| occasion).collect::<Vec<_>>(), expected);
}

#[test]
fn a_retry_of_the_first_call_is_still_the_first() {
    let mut world = World::new(&config(0, &[&["mail"]]));
    let busy = orszem_records::ledger::Delivery::Retry { reason: "busy".into(), after_ms: None };
    world.answers("mail", [Some(busy)]);
    world.opens();
    world.until(1);
    assert_eq!(told(&world, 0), [("mail", Occasion::First), ("mail", Occasion::First)]);
}

#[test]
fn a_rise_is_worse_and_newer_figures_are_figures() {
    let mut world = World::new(&config(0, &[&["slack"]]));
    world.opens();
    world.settle();
    world.grows(60);
    world.until(2);
    world.read(super::core_fixture::risen());
    world.settle();
    assert_eq!(told(&world, 1), [("slack", Occasion::Figures), ("slack", Occasion::Worse)]);
}

#[test]
fn who_takes_it_over_is_told_to_all() {
    let mut world = World::new(&config(0, &[&["pager"]]));
    world.opens();
    world.settle();
    world.acknowledges();
    world.settle();
    for event in [
        Event::TakenOver(by("bela")),
        Event::HandedOver(HandOver { by: by("bela"), to: "cili".into() }),
        Event::Noted(Note { by: by("cili"), text: "calling the plant".into() }),
    ] {
        world.read(event);
        world.settle();
    }
    let acknowledged: Vec<_> = world.sent.iter().filter(|sent| sent.occasion == Occasion::Acknowledged).collect();
    let has = |n: usize| acknowledged[n].incident.acknowledged.as_ref().map(|stamp| stamp.by.by.as_str());
    assert_eq!((acknowledged.len(), has(0), has(1), has(2)), (3, Some("anna"), Some("bela"), Some("cili")));
    assert_eq!(acknowledged[2].incident.had_before.as_deref(), Some("bela"));
}

#[test]
fn what_is_given_back_calls_from_the_first_step_again() {
    let mut world = World::new(&config(0, &[&["pager"], &["slack"]]));
    world.opens();
    world.settle();
    world.acknowledges();
    world.settle();
    world.until(2);
    let known = world.sent.len();
    world.read(Event::GivenBack(by("anna")));
    world.until(8);
    assert_eq!(told(&world, known)[0], ("pager", Occasion::Back));
    assert_eq!(told(&world, known)[1], ("slack", Occasion::First), "the second step, in its own time");
    assert_eq!(world.sent[known].incident.acknowledged, None);
}

#[test]
fn a_closing_that_is_undone_calls_again_unless_somebody_has_it() {
    for has_it in [false, true] {
        let mut world = World::new(&config(0, &[&["pager"]]));
        world.opens();
        world.settle();
        if has_it {
            world.acknowledges();
        }
        world.settle();
        world.resolves();
        world.until(2);
        let known = world.sent.len();
        world.read(Event::ClosingUndone(by("anna")));
        world.until(3);
        let expected = if has_it { Occasion::Acknowledged } else { Occasion::Back };
        assert_eq!(told(&world, known), [("pager", expected)]);
        world.closes();
        world.until(4);
        assert_eq!(world.sent.last().unwrap().occasion, Occasion::Over, "the end is told again");
    }
}

#[test]
fn what_comes_too_late_changes_nothing() {
    let mut world = World::new(&config(0, &[&["pager"]]));
    world.opens();
    world.settle();
    world.read(Event::GivenBack(by("anna")));
    world.read(Event::ClosingUndone(by("anna")));
    world.until(1);
    assert_eq!(told(&world, 1), []);
    world.closes();
    world.until(2);
    let known = world.sent.len();
    world.read(Event::ClosingUndone(by("anna")));
    world.read(Event::TakenOver(by("anna")));
    world.until(3);
    assert_eq!(told(&world, known), []);
}
