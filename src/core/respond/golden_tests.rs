//! Golden cases: what happens, and what the ledger then says, word for word.

use orszem_records::signal::{Kind, Phase};
use orszem_records::time::Timestamp;

use super::core_fixture::{World, capabilities, config, describe, signal};
use super::settings::Settings;
use orszem_records::ledger::{Action, Delivery, Entry, Event, IncidentId, Outcome, Recipients};

fn retry(after_ms: Option<u64>) -> Option<Delivery> {
    Some(Delivery::Retry { reason: "busy".into(), after_ms })
}

fn failed() -> Option<Delivery> {
    Some(Delivery::Failed { reason: "no such key".into() })
}

#[test]
fn a_step_acknowledged_is_told_no_further() {
    let mut world = World::new(&config(0, &[&["slack"], &["pager"]]));
    world.opens();
    world.until(4);
    world.says(&["0:00 Opened 2 50", "0:00 trigger slack/0", "0:00 accepted slack/0"]);
    world.acknowledges();
    world.until(60);
    world.says(&["4:00 acknowledged by anna", "4:00 acknowledge slack/1", "4:00 accepted slack/1"]);
    world.closes();
    world.until(70);
    world.says(&["60:00 Closed 2 0", "60:00 resolve slack/2", "60:00 accepted slack/2"]);
    assert_eq!(world.core.next_deadline(), None);
    assert!(!world.core.knows(0, &IncidentId::new("acme", 1)), "an incident that is done with is dropped");
    assert_eq!(world.sent[2].reference.as_deref(), Some("ref acme.1/slack/1"), "the newest");
}

#[test]
fn steps_rounds_and_the_end_of_them() {
    let mut world = World::new(&config(1, &[&["slack", "mail"], &["pager"]]));
    world.opens();
    world.until(60);
    world.says(&[
        "0:00 Opened 2 50",
        "0:00 trigger mail/0",
        "0:00 trigger slack/0",
        "0:00 accepted mail/0",
        "0:00 accepted slack/0",
        "5:00 trigger pager/0",
        "5:00 accepted pager/0",
        "10:00 trigger mail/1",
        "10:00 trigger slack/1",
        "10:00 accepted mail/1",
        "10:00 accepted slack/1",
        "15:00 trigger pager/1",
        "15:00 accepted pager/1",
        "20:00 exhausted",
        "20:00 update mail/2",
        "20:00 update pager/2",
        "20:00 update slack/2",
        "20:00 accepted mail/2",
        "20:00 accepted pager/2",
        "20:00 accepted slack/2",
    ]);
    world.closes();
    world.settle();
    world.says(&[
        "60:00 Closed 2 0",
        "60:00 resolve mail/3",
        "60:00 resolve pager/3",
        "60:00 resolve slack/3",
        "60:00 accepted mail/3",
        "60:00 accepted pager/3",
        "60:00 accepted slack/3",
    ]);
    let places = world.sent.iter().map(|dispatch| (dispatch.attempt.round, dispatch.attempt.step));
    assert_eq!(places.take(6).collect::<Vec<_>>(), [(0, 0), (0, 0), (0, 1), (1, 0), (1, 0), (1, 1)]);
}

#[test]
fn a_step_refused_for_good_is_left_at_once_and_hears_no_end() {
    let mut world = World::new(&config(0, &[&["pager"], &["mail"]]));
    world.answers("pager", [failed()]);
    world.opens();
    world.until(1);
    world.says(&[
        "0:00 Opened 2 50",
        "0:00 trigger pager/0",
        "0:00 failed pager/0",
        "0:00 trigger mail/0",
        "0:00 accepted mail/0",
    ]);
    world.closes();
    world.until(2);
    world.says(&["1:00 Closed 2 0", "1:00 resolve mail/1", "1:00 accepted mail/1"]);
}

#[test]
fn a_receiver_that_is_not_configured_is_written_down_and_passed_over() {
    let mut world = World::new(&config(0, &[&["ghost"], &["mail"]]));
    world.opens();
    world.until(1);
    world.says(&[
        "0:00 Opened 2 50",
        "0:00 trigger ghost/0",
        "0:00 failed ghost/0",
        "0:00 trigger mail/0",
        "0:00 accepted mail/0",
    ]);
    assert_eq!(world.sent.len(), 1);
}

#[test]
fn retry_after_is_waited_for() {
    let mut world = World::new(&config(0, &[&["pager"]]));
    world.answers("pager", [retry(Some(90_000)), retry(None)]);
    world.opens();
    world.settle();
    world.says(&["0:00 Opened 2 50", "0:00 trigger pager/0", "0:00 retry pager/0"]);
    let again = world.core.next_deadline().unwrap().0;
    assert!((90_000..=99_000).contains(&again), "{again}");
    world.until(4);
    let tries: Vec<_> =
        world.sent.iter().map(|sent| (sent.attempt.message.as_str(), sent.attempt.try_number)).collect();
    assert_eq!(tries, [("acme.1/pager/0", 0), ("acme.1/pager/0", 1), ("acme.1/pager/0", 2)]);
    let made = world.ledger.iter().filter(|entry| matches!(entry.event, Event::Attempt(_))).map(|entry| entry.at.0);
    let made: Vec<i64> = made.collect();
    assert_eq!(made[1], again);
    assert!((1_000..=2_000).contains(&(made[2] - made[1])), "{made:?}");
}

#[test]
fn tries_end_and_the_escalation_goes_on() {
    let mut config = config(0, &[&["pager"], &["mail"]]);
    config.respond.retry_limit = 3;
    let mut world = World::new(&config);
    world.answers("pager", [retry(None), retry(None), retry(None)]);
    world.opens();
    world.until(1);
    let tries: Vec<_> =
        world.sent.iter().map(|sent| (sent.attempt.receiver.as_str(), sent.attempt.try_number)).collect();
    assert_eq!(tries, [("pager", 0), ("pager", 1), ("pager", 2), ("mail", 0)]);
}

#[test]
fn a_takeover_in_the_middle_of_a_try_waits_and_goes_on_in_time() {
    let mut world = World::new(&config(0, &[&["pager"], &["mail"]]));
    world.answers("pager", [None]);
    world.opens();
    world.settle();
    world.says(&["0:00 Opened 2 50", "0:00 trigger pager/0"]);
    world.now = Timestamp(7_000);
    world.taken_over();
    world.settle();
    world.says(&[]);
    assert_eq!(world.core.next_deadline(), Some(Timestamp(15_000)), "10 s to answer, 5 s of grace");
    world.until(3);
    world.taken_over();
    world.until(6);
    world.says(&["0:15 trigger pager/0 try 1", "0:15 accepted pager/0", "5:00 trigger mail/0", "5:00 accepted mail/0"]);
}

#[test]
fn after_a_long_outage_each_step_still_has_its_time() {
    let mut world = World::new(&config(0, &[&["pager"], &["mail"], &["slack"]]));
    world.opens();
    world.settle();
    world.now = Timestamp(3_600_000);
    world.taken_over();
    world.until(70);
    world.says(&[
        "0:00 Opened 2 50",
        "0:00 trigger pager/0",
        "0:00 accepted pager/0",
        "60:00 trigger mail/0",
        "60:00 accepted mail/0",
        "65:00 trigger slack/0",
        "65:00 accepted slack/0",
        "70:00 exhausted",
        "70:00 update mail/1",
        "70:00 update pager/1",
        "70:00 update slack/1",
        "70:00 accepted mail/1",
        "70:00 accepted pager/1",
        "70:00 accepted slack/1",
    ]);
}

#[test]
fn an_incident_closed_in_a_backlog_is_told_once_and_only_to_the_first() {
    let mut world = World::new(&config(3, &[&["mail"], &["pager"]]));
    world.opens();
    world.closes();
    world.until(60);
    world.says(&[
        "0:00 Opened 2 50",
        "0:00 Closed 2 0",
        "0:00 trigger mail/0",
        "0:00 accepted mail/0",
        "0:00 resolve mail/1",
        "0:00 accepted mail/1",
    ]);
}

#[test]
fn a_call_still_being_tried_at_the_all_clear_is_told_before_it() {
    let mut world = World::new(&config(0, &[&["mail"]]));
    world.answers("mail", [retry(None), retry(None)]);
    world.opens();
    world.settle();
    world.closes();
    world.until(1);
    let actions: Vec<_> = world.sent.iter().map(|sent| (sent.attempt.action.name(), sent.attempt.try_number)).collect();
    assert_eq!(actions, [("trigger", 0), ("trigger", 1), ("trigger", 2), ("resolve", 0)]);
}

#[test]
fn an_acknowledgement_stops_tries_and_an_end_is_not_told_to_who_was_not_told() {
    let mut world = World::new(&config(0, &[&["mail", "pager"], &["slack"]]));
    world.answers("mail", [retry(None)]);
    world.opens();
    world.settle();
    world.acknowledges();
    world.until(30);
    world.closes();
    world.until(31);
    world.says(&[
        "0:00 Opened 2 50",
        "0:00 trigger mail/0",
        "0:00 trigger pager/0",
        "0:00 retry mail/0",
        "0:00 accepted pager/0",
        "0:00 acknowledged by anna",
        "0:00 acknowledge pager/1",
        "0:00 accepted pager/1",
        "30:00 Closed 2 0",
        "30:00 resolve pager/2",
        "30:00 accepted pager/2",
    ]);
}

#[test]
fn an_unknown_outcome_is_resolved_too() {
    let mut world = World::new(&config(0, &[&["pager"]]));
    world.answers("pager", [None]);
    world.opens();
    world.settle();
    world.resolves();
    world.until(1);
    world.says(&[
        "0:00 Opened 2 50",
        "0:00 trigger pager/0",
        "0:00 resolved by anna",
        "0:15 resolve pager/1",
        "0:15 accepted pager/1",
    ]);
}

#[test]
fn praise_pages_nobody_until_it_turns() {
    let mut world = World::new(&config(0, &[&["mail"]]));
    world.signals(Phase::Opened, Kind::Praise, 3, 90);
    world.until(30);
    world.says(&["0:00 Opened 3 90"]);
    assert_eq!(world.core.next_deadline(), None);
    world.signals(Phase::Updated, Kind::Negativity, 2, 120);
    world.until(31);
    world.says(&["30:00 Updated 2 120", "30:00 trigger mail/0", "30:00 accepted mail/0"]);

    let mut world = World::new(&config(0, &[&["mail"]]));
    world.signals(Phase::Opened, Kind::Praise, 3, 90);
    world.signals(Phase::Closed, Kind::Praise, 3, 0);
    world.until(1);
    world.says(&["0:00 Opened 3 90", "0:00 Closed 3 0"]);
    assert!(!world.core.knows(0, &IncidentId::new("acme", 1)));
}

#[test]
fn a_rise_in_severity_is_told_at_once_and_to_everybody() {
    let mut world = World::new(&config(0, &[&["mail", "slack"]]));
    world.opens();
    world.settle();
    world.grows(60);
    world.settle();
    world.signals(Phase::Updated, Kind::Negativity, 1, 400);
    world.settle();
    world.says(&[
        "0:00 Opened 2 50",
        "0:00 trigger mail/0",
        "0:00 trigger slack/0",
        "0:00 accepted mail/0",
        "0:00 accepted slack/0",
        "0:00 Updated 2 60",
        "0:00 Updated 1 400",
        "0:00 update mail/1",
        "0:00 update slack/1",
        "0:00 accepted mail/1",
        "0:00 accepted slack/1",
    ]);
}

#[test]
fn updates_come_at_the_interval_with_the_newest_figures_and_only_if_they_changed() {
    let mut world = World::new(&config(0, &[&["slack", "mail"]]));
    world.opens();
    world.settle();
    world.lines.clear();
    for observed in [60, 70, 80] {
        world.now = world.now.plus(10_000);
        world.grows(observed);
        world.settle();
    }
    world.until(2);
    world.grows(80);
    world.until(4);
    world.says(&[
        "0:10 Updated 2 60",
        "0:20 Updated 2 70",
        "0:30 Updated 2 80",
        "1:00 update slack/1",
        "1:00 accepted slack/1",
        "2:00 Updated 2 80",
    ]);
    assert_eq!(world.sent.last().unwrap().incident.signal.observed, 80);
}

#[test]
fn what_a_person_resolved_stays_so_while_it_does_not_rise() {
    let mut world = World::new(&config(0, &[&["slack"], &["pager"]]));
    world.opens();
    world.until(1);
    world.resolves();
    world.until(2);
    world.grows(50);
    world.signals(Phase::Updated, Kind::Negativity, 1, 40);
    world.closes();
    world.until(60);
    world.says(&[
        "0:00 Opened 2 50",
        "0:00 trigger slack/0",
        "0:00 accepted slack/0",
        "1:00 resolved by anna",
        "1:00 resolve slack/1",
        "1:00 accepted slack/1",
        "2:00 Updated 2 50",
        "2:00 Updated 1 40",
        "2:00 Closed 2 0",
    ]);
}

#[test]
fn an_update_that_fails_gives_way_to_the_end() {
    let mut world = World::new(&config(0, &[&["slack"]]));
    world.opens();
    world.settle();
    world.grows(60);
    world.answers("slack", [retry(Some(600_000))]);
    world.until(1);
    world.closes();
    world.settle();
    world.lines.drain(..4);
    world.says(&[
        "1:00 update slack/1",
        "1:00 retry slack/1",
        "1:00 Closed 2 0",
        "1:00 resolve slack/2",
        "1:00 accepted slack/2",
    ]);
}

#[test]
fn an_alert_is_kept_firing_over_a_takeover_and_resolved_for_five_minutes() {
    let mut world = World::new(&config(0, &[&["alerts"]]));
    world.opens();
    world.until(1);
    world.acknowledges();
    world.until(2);
    world.taken_over();
    world.until(3);
    world.closes();
    world.until(20);
    world.says(&[
        "0:00 Opened 2 50",
        "0:00 trigger alerts/0",
        "0:00 accepted alerts/0",
        "1:00 repeat update alerts",
        "1:00 acknowledged by anna",
        "1:00 acknowledge alerts/1",
        "1:00 accepted alerts/1",
        "2:00 repeat update alerts",
        "2:00 repeat update alerts",
        "3:00 repeat update alerts",
        "3:00 Closed 2 0",
        "3:00 resolve alerts/2",
        "3:00 accepted alerts/2",
        "4:00 repeat resolve alerts",
        "5:00 repeat resolve alerts",
        "6:00 repeat resolve alerts",
        "7:00 repeat resolve alerts",
        "8:00 repeat resolve alerts",
    ]);
    assert_eq!(world.core.next_deadline(), None);
}

#[test]
fn without_an_escalation_nobody_is_told_then_or_later() {
    let mut config = config(0, &[&["mail"]]);
    config.watches[0].escalation = None;
    let mut world = World::new(&config);
    world.opens();
    world.until(10);
    world.closes();
    world.until(11);
    world.says(&["0:00 Opened 2 50", "10:00 Closed 2 0", "10:00 nobody-notified"]);
    config.watches[0].escalation = Some("crisis".into());
    world.settings = Settings::new(&config, capabilities());
    world.taken_over();
    world.until(12);
    world.says(&[]);
}

#[test]
fn an_escalation_named_while_it_is_open_is_followed_from_then() {
    let mut config = config(0, &[&["mail"], &["pager"]]);
    config.watches[0].escalation = None;
    let mut world = World::new(&config);
    world.opens();
    world.until(10);
    config.watches[0].escalation = Some("crisis".into());
    world.core.configure(Settings::new(&config, capabilities()));
    world.until(15);
    world.says(&[
        "0:00 Opened 2 50",
        "10:00 trigger mail/0",
        "10:00 accepted mail/0",
        "15:00 trigger pager/0",
        "15:00 accepted pager/0",
    ]);
}

#[test]
fn an_incident_without_its_beginning_is_passed_over() {
    let mut world = World::new(&config(0, &[&["mail"]]));
    world.grows(60);
    world.closes();
    world.until(10);
    world.says(&["0:00 Updated 2 60", "0:00 Closed 2 0"]);
}

#[test]
fn a_receiver_in_two_steps_is_called_twice() {
    let mut world = World::new(&config(0, &[&["pager"], &["pager", "mail"]]));
    world.opens();
    world.until(5);
    world.says(&[
        "0:00 Opened 2 50",
        "0:00 trigger pager/0",
        "0:00 accepted pager/0",
        "5:00 trigger mail/0",
        "5:00 trigger pager/1",
        "5:00 accepted mail/0",
        "5:00 accepted pager/1",
    ]);
}

#[test]
fn a_flood_waits_its_turn_and_the_next_step_does_not_wait_for_it() {
    const MOST: usize = 4;
    let mut config = config(0, &[&["hook"], &["mail"]]);
    config.respond.send_limit = 4;
    let mut world = World::new(&config);
    for n in 0..20 {
        let event = Event::Signal(Box::new(signal(Phase::Opened, Kind::Negativity, 2, 50)));
        world.answers("hook", [None]);
        world.core.apply(
            0,
            &Entry { watch: "acme".into(), incident: IncidentId::new("acme", n), at: world.now, event },
            world.now,
        );
    }
    let mut entries = Vec::new();
    world.core.decide(world.now, &mut entries);
    assert_eq!(entries.len(), MOST);
    assert_eq!(world.core.committed(world.now).len(), MOST);
    assert_eq!(world.core.next_deadline(), Some(Timestamp(15_000)));

    entries.clear();
    world.core.decide(Timestamp(300_000), &mut entries);
    let mails = entries.iter().filter(|(_, entry)| describe(entry).starts_with("trigger mail")).count();
    assert_eq!(mails, MOST, "those whose first receiver hangs are told by mail");
}

#[test]
fn every_entry_can_be_read_back() {
    let mut world = World::new(&config(1, &[&["slack", "mail"], &["pager"]]));
    world.answers("mail", [retry(Some(1_000)), failed()]);
    world.opens();
    world.until(60);
    world.acknowledges();
    world.resolves();
    world.read(Event::NobodyNotified);
    for entry in &world.ledger {
        let text = serde_json::to_string(entry).unwrap();
        assert_eq!(&serde_json::from_str::<Entry>(&text).unwrap(), entry, "{text}");
    }
}

/// One recipient got the page and another did not: `(result, who got it so far)`.
fn partly(world: &mut World, try_number: u32, reached: &[&str], result: Delivery) {
    let recipients =
        Recipients { reached: reached.iter().map(|&name| name.to_owned()).collect(), ..Recipients::default() };
    let outcome = Outcome::new("acme.1/mail/0".into(), "mail".into(), try_number, result);
    world.read(Event::Outcome(Outcome { recipients, ..outcome }));
}

#[test]
fn a_mailbox_that_is_full_holds_up_neither_the_others_nor_the_next_step() {
    let mut config = config(0, &[&["mail"], &["pager"]]);
    config.respond.retry_limit = 2;
    let mut world = World::new(&config);
    world.answers("mail", [None, None]);
    world.opens();
    world.settle();
    partly(&mut world, 0, &["anna"], retry(None).unwrap());
    world.now = Timestamp(2_000);
    world.settle();
    let sent = world.sent.last().unwrap();
    assert_eq!((sent.attempt.try_number, &sent.settled.reached[..]), (1, &["anna".to_owned()][..]), "only the rest");
    partly(&mut world, 1, &["anna"], retry(None).unwrap());
    world.until(4);
    assert!(world.sent.iter().all(|sent| sent.attempt.receiver == "mail"), "out of tries, but anna has it: no failure");
    world.until(5);
    assert_eq!(world.sent.last().unwrap().attempt.receiver, "pager");
    world.closes();
    world.until(6);
    let told = world.sent.iter().filter(|sent| sent.attempt.action == Action::Resolve);
    assert_eq!(told.map(|sent| &*sent.attempt.receiver).collect::<Vec<_>>(), ["mail", "pager"]);
    assert!(world.sent.last().unwrap().settled.is_empty(), "the next message is for all");
}

#[test]
fn a_service_that_calls_people_by_itself_gets_one_call_and_one_for_each_rise() {
    let mut world = World::new(&config(1, &[&["duty", "slack"], &["duty"]]));
    world.opens();
    world.until(3);
    world.grows(80);
    world.until(4);
    world.signals(Phase::Updated, Kind::Negativity, 1, 400);
    world.until(60);
    world.closes();
    world.until(70);
    let told = world.sent.iter().filter(|sent| sent.attempt.receiver == "duty");
    let told: Vec<_> = told.map(|sent| sent.attempt.action.name()).collect();
    assert_eq!(told, ["trigger", "update", "resolve"]);
}
