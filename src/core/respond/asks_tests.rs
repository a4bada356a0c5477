use std::collections::BTreeMap;

use super::super::core::{AskDispatch, Core};
use crate::notification::Capabilities;
use crate::posting::posting_fixture::{at, by, config, draft, entry};
use crate::respond::settings::Settings;
use crate::settings::Config;
use orszem_records::ask::AskAnswered;
use orszem_records::ledger::{Closing, Delivery, Entry, Event};
use orszem_records::signal::{Kind, Phase, Signal};
use orszem_records::time::Timestamp;

/// A copy of the program that decides, its clock and its ledger; messages are answered as told.
struct World {
    config: Config,
    core: Core,
    now: Timestamp,
    ledger: Vec<Entry>,
    sent: Vec<String>,
}

const PLAIN: Capabilities =
    Capabilities { updates: false, acknowledges: false, keep_firing: None, calls_itself: false };

impl World {
    /// A statement that Anna wrote in an incident of severity 1, at 10:00 in Budapest.
    fn drafted(config: Config) -> World {
        let opened = at("2026-03-30T08:00:00Z");
        let mut world = World { core: core(&config), config, now: opened, ledger: Vec::new(), sent: Vec::new() };
        let signal = Signal { severity: 1, ..Signal::plain(Phase::Opened, Kind::Negativity, opened) };
        world.write(Event::Signal(Box::new(signal)));
        world.write(draft("anna", "We look into it."));
        world
    }

    fn write(&mut self, event: Event) {
        let entry = entry(self.now, event);
        self.core.apply(0, &entry, self.now);
        self.ledger.push(entry);
    }

    /// Decides, and sends what is to be sent; what was sent is in `sent`. The answers are for the caller.
    fn decide(&mut self) -> Vec<AskDispatch> {
        let mut entries = Vec::new();
        self.core.decide(self.now, &mut entries);
        self.ledger.extend(entries.into_iter().map(|(_, entry)| entry));
        drop(self.core.committed(self.now));
        let asks = self.core.asks();
        let minutes = self.now.since(at("2026-03-30T08:00:00Z")) / 60_000;
        let said = |ask: &AskDispatch| {
            let asked = &ask.asked;
            format!("{minutes} {} {}", asked.receiver.as_deref().unwrap_or("-"), asked.ask.ask.name())
        };
        self.sent.extend(asks.iter().map(said));
        asks
    }

    fn answer(&mut self, asks: &[AskDispatch], result: &Delivery) {
        for AskDispatch { asked, .. } in asks {
            let receiver = asked.receiver.clone().unwrap();
            let (ask, try_number, result) = (asked.ask.clone(), asked.try_number, result.clone());
            self.write(Event::AskAnswered(AskAnswered { ask, receiver, try_number, result }));
        }
    }

    /// Goes on for some minutes, where every message is answered so.
    fn minutes(&mut self, minutes: i64, result: &Delivery) {
        let end = self.now.plus(minutes * 60_000);
        loop {
            let asks = self.decide();
            self.answer(&asks, result);
            if !asks.is_empty() {
                continue;
            }
            match self.core.next_deadline().filter(|next| *next < end) {
                Some(next) => self.now = next.max(self.now.plus(1)),
                None => break,
            }
        }
        self.now = end;
    }

    /// The copy dies, and another reads the ledger.
    fn crash(&mut self) {
        self.core = core(&self.config);
        for entry in &self.ledger {
            self.core.apply(0, entry, self.now);
        }
    }
}

fn core(config: &Config) -> Core {
    let names = config.all_receivers().map(|receiver| receiver.name().to_owned());
    let able: BTreeMap<String, Capabilities> = names.map(|name| (name, PLAIN)).collect();
    let mut core = Core::new(Settings::new(config, able));
    core.ready(0);
    core
}

fn accepted() -> Delivery {
    Delivery::Accepted { reference: None }
}

#[test]
fn case_118_each_is_asked_once_by_their_first_way_and_it_escalates() {
    let mut world = World::drafted(config());
    world.minutes(60, &accepted());
    let wanted = ["0 bela/sms approve", "15 denes/mail approve-as-deputy", "30 csilla/sms may-go-out"];
    assert_eq!(world.sent, wanted);
    let waived = world.ledger.iter().filter(|entry| matches!(entry.event, Event::ApprovalWaived(_))).count();
    assert_eq!(waived, 1);
}

#[test]
fn a_copy_that_takes_over_asks_nobody_twice_and_goes_on() {
    let mut world = World::drafted(config());
    for _ in 0..6 {
        world.minutes(10, &accepted());
        world.crash();
    }
    assert_eq!(world.sent.len(), 3, "{:?}", world.sent);
}

#[test]
fn what_was_not_accepted_is_tried_again_and_then_by_the_next_way() {
    let mut world = World::drafted(config());
    world.minutes(14, &Delivery::Retry { reason: "busy".into(), after_ms: None });
    let of = |way: &str| world.sent.iter().filter(|line| line.contains(way)).count();
    assert_eq!(of("bela/sms"), 3);
    assert!(of("bela/mail") >= 3, "{:?}", world.sent);
    // What was answered late is heard: no other way is used while a try is under way.
    let mut late = World::drafted(config());
    for _ in 0..2 {
        let asks = late.decide();
        late.answer(&asks, &Delivery::Retry { reason: "busy".into(), after_ms: None });
        late.now = late.core.next_deadline().unwrap();
    }
    let third = late.decide();
    assert_eq!(third.len(), 1, "{:?}", late.sent);
    assert!(late.decide().is_empty(), "the third is under way: {:?}", late.sent);
    late.answer(&third, &accepted());
    late.minutes(10, &accepted());
    assert!(late.sent.iter().all(|line| !line.contains("bela/mail")), "{:?}", late.sent);
    let mut refused = World::drafted(config());
    refused.minutes(14, &Delivery::Failed { reason: "no such number".into() });
    assert_eq!(refused.sent, ["0 bela/sms approve", "0 bela/mail approve"]);
}

#[test]
fn what_a_dead_copy_was_sending_is_sent_again() {
    let mut world = World::drafted(config());
    assert_eq!(world.decide().len(), 1);
    world.crash();
    world.minutes(5, &accepted());
    assert_eq!(world.sent, ["0 bela/sms approve", "0 bela/sms approve"]);
}

#[test]
fn where_it_is_over_nobody_is_asked_any_more() {
    let mut world = World::drafted(config());
    world.minutes(5, &accepted());
    world.write(Event::Resolved(Closing { by: by("anna"), height: None, false_alarm: false }));
    world.minutes(60, &accepted());
    assert_eq!(world.sent, ["0 bela/sms approve"]);
}

#[test]
fn who_has_no_way_is_written_down_once_and_who_sleeps_is_asked_when_they_wake() {
    let mut config = config();
    config.people.iter_mut().find(|person| person.name == "bela").unwrap().ways.clear();
    let mut world = World::drafted(config.clone());
    world.minutes(10, &accepted());
    assert!(world.sent.is_empty(), "{:?}", world.sent);
    let asked = world.ledger.iter().filter(|entry| matches!(entry.event, Event::Asked(_))).count();
    assert_eq!(asked, 1);
}
