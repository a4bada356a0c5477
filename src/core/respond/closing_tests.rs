//! A person says that it is over while it goes on: their word closes what they saw, and nothing more.

use orszem_records::height::Height;
use orszem_records::ledger::{ByWhom, Closing, Event};
use orszem_records::signal::{Kind, Phase};
use orszem_records::time::Timestamp;

use crate::notification::Page;
use crate::words::Words;

use super::core_fixture::{World, config};
use super::fixture::watch;

/// The newest message.
fn told(world: &World) -> Page {
    let sent = world.sent.last().unwrap();
    Page::of(&sent.incident, &watch("acme", None), sent.occasion, String::new(), &Words::default())
}

fn closed_at_fifty() -> World {
    let mut world = World::new(&config(0, &[&["slack", "mail"], &["pager"]]));
    world.opens();
    world.until(1);
    world.acknowledges();
    world.until(2);
    world.resolves();
    world.settle();
    world.lines.clear();
    world
}

#[test]
fn a_second_larger_wave_opens_the_same_incident_again_and_calls_from_the_first_step() {
    let mut world = closed_at_fifty();
    world.until(10);
    world.grows(50);
    world.settle();
    world.says(&["10:00 Updated 2 50"]);
    world.grows(51);
    world.until(16);
    world.says(&[
        "10:00 Updated 2 51",
        "10:00 reopened 1 above 50",
        "10:00 trigger mail/2",
        "10:00 trigger slack/3",
        "10:00 accepted mail/2",
        "10:00 accepted slack/3",
        "15:00 trigger pager/0",
        "15:00 accepted pager/0",
    ]);
    let page = told(&world);
    assert_eq!(page.news.as_deref(), Some("Open again: it rose after anna closed it at 00:02."));
    assert!(page.subject.starts_with("[Severity 2] acme: 51 "), "{}", page.subject);
}

/// Resolved there by a person, it rings for nothing else; but an incident that opens again is a new one to it.
#[test]
fn a_service_that_calls_people_by_itself_is_called_again_when_the_incident_opens_again() {
    let mut world = World::new(&config(0, &[&["duty"]]));
    world.opens();
    world.until(1);
    world.resolves();
    world.settle();
    world.lines.clear();
    world.until(10);
    world.grows(90);
    world.until(11);
    assert!(world.lines.iter().any(|line| line.contains("trigger duty/")), "{:?}", world.lines);
}

#[test]
fn it_can_be_acknowledged_and_closed_again_and_each_end_is_told() {
    let mut world = closed_at_fifty();
    world.grows(90);
    world.settle();
    world.acknowledges();
    world.until(30);
    world.resolves();
    world.until(31);
    world.grows(91);
    world.until(32);
    world.closes();
    world.until(33);
    let told: Vec<&String> = world.lines.iter().filter(|line| !line.contains("accepted")).collect();
    assert_eq!(
        told,
        [
            "2:00 Updated 2 90",
            "2:00 reopened 1 above 50",
            "2:00 trigger mail/2",
            "2:00 trigger slack/3",
            "2:00 acknowledged by anna",
            "2:00 acknowledge slack/4",
            "30:00 resolved by anna",
            "30:00 resolve mail/3",
            "30:00 resolve slack/5",
            "31:00 Updated 2 91",
            "31:00 reopened 2 above 90",
            "31:00 trigger mail/4",
            "31:00 trigger slack/6",
            "32:00 Closed 2 0",
            "32:00 resolve mail/5",
            "32:00 resolve slack/7",
        ]
    );
}

#[test]
fn another_copy_goes_on_where_the_one_that_opened_it_again_stopped() {
    let mut world = closed_at_fifty();
    world.grows(90);
    world.settle();
    world.taken_over();
    world.until(4);
    assert_eq!(world.lines.iter().filter(|line| line.contains("reopened")).count(), 1);
    world.until(7);
    assert!(world.lines.iter().any(|line| line == "7:00 trigger pager/0"), "{:?}", world.lines);
}

#[test]
fn what_the_page_showed_counts_and_not_what_came_until_it_was_pressed() {
    let mut world = World::new(&config(0, &[&["slack"]]));
    world.opens();
    world.grows(80);
    world.until(1);
    world.lines.clear();
    let by = ByWhom::new("anna", "link");
    let height = Some(Height { count: 50, window_s: 300, negatives: true, until: Timestamp(0) });
    world.read(Event::Resolved(Closing { by, height, false_alarm: false }));
    world.settle();
    world.says(&["1:00 resolved by anna", "1:00 reopened 1 above 50", "1:00 trigger slack/1", "1:00 accepted slack/1"]);
}

#[test]
fn what_still_goes_on_an_hour_later_is_said_without_a_call_and_once() {
    let mut world = closed_at_fifty();
    for minutes in (12..=52).step_by(10) {
        world.until(minutes);
        world.grows(30);
    }
    world.until(61);
    world.lines.clear();
    world.until(70);
    world.grows(31);
    world.until(80);
    world.says(&[
        "62:00 update mail/2",
        "62:00 update slack/3",
        "62:00 accepted mail/2",
        "62:00 accepted slack/3",
        "70:00 Updated 2 31",
    ]);
    let page = told(&world);
    assert_eq!(page.standing, "anna closed it at 00:02, and it still goes on");
    assert_eq!(page.news.as_deref(), Some("anna closed it at 00:02, and it still goes on."));

    world.closes();
    world.settle();
    let ends = ["80:00 resolve mail/3", "80:00 resolve slack/4"];
    assert!(ends.iter().all(|end| world.lines.iter().any(|line| line == end)), "{:?}", world.lines);
    assert_eq!(world.core.next_deadline(), None);
}

#[test]
fn what_calmed_down_or_fell_silent_is_not_said_to_go_on() {
    for observed in [Some(2), None] {
        let mut world = closed_at_fifty();
        world.until(55);
        observed.into_iter().for_each(|observed| world.grows(observed));
        world.until(200);
        assert!(!world.lines.iter().any(|line| line.contains("update ")), "{observed:?}: {:?}", world.lines);
    }
}

#[test]
fn after_the_all_clear_nothing_opens_it_again() {
    let mut world = closed_at_fifty();
    world.closes();
    world.settle();
    world.lines.clear();
    world.signals(Phase::Updated, Kind::Negativity, 1, 900);
    world.until(100);
    world.says(&["2:00 Updated 1 900"]);
}

#[test]
fn a_service_that_calls_people_by_itself_does_not_hear_that_it_goes_on() {
    let mut world = World::new(&config(0, &[&["duty"]]));
    world.opens();
    world.until(1);
    world.resolves();
    world.until(60);
    world.grows(30);
    world.until(70);
    assert!(!world.lines.iter().any(|line| line.contains("update duty")), "{:?}", world.lines);
}
