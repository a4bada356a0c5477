use std::collections::BTreeMap;

use super::super::core::{AskDispatch, Core};
use crate::notification::Capabilities;
use crate::posting::posting_fixture::{at, by, config, draft, entry};
use crate::respond::core_fixture::{answered, attempt};
use crate::respond::settings::Settings;
use crate::settings::{Config, Move, Person, QuietHours, Span};
use orszem_records::ask::AskAnswered;
use orszem_records::ledger::{Action, Attempt, Closing, Delivery, Entry, Event, Outcome};
use orszem_records::signal::{Kind, Phase, Signal};
use orszem_records::time::Timestamp;

/// A copy of the program that decides, its clock and its ledger; messages are answered as told.
struct World {
    config: Config,
    core: Core,
    now: Timestamp,
    ledger: Vec<Entry>,
    sent: Vec<String>,
    called: Vec<String>,
    /// Calls get no answer.
    hangs: bool,
}

const PLAIN: Capabilities =
    Capabilities { updates: false, acknowledges: false, keep_firing: None, calls_itself: false };

impl World {
    /// A statement that Anna wrote in an incident of severity 1, at 10:00 in Budapest.
    fn drafted(config: Config) -> World {
        let mut world = World::opened(config, 1);
        world.write(draft("anna", "We look into it."));
        world
    }

    /// An incident that opens at 10:00 in Budapest.
    fn opened(config: Config, severity: u8) -> World {
        let (core, opened) = (core(&config), at("2026-03-30T08:00:00Z"));
        let (ledger, sent, called) = Default::default();
        let mut world = World { config, core, now: opened, ledger, sent, called, hangs: false };
        let signal = Signal { severity, ..Signal::plain(Phase::Opened, Kind::Negativity, opened) };
        world.write(Event::Signal(Box::new(signal)));
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
        let minutes = self.now.since(at("2026-03-30T08:00:00Z")) / 60_000;
        let calls = self.core.committed(self.now);
        let asks = self.core.asks();
        for call in calls {
            let Attempt { message, receiver, try_number, .. } = call.attempt;
            self.called.push(format!("{minutes} {receiver}"));
            if !self.hangs {
                self.write(Event::Outcome(Outcome::new(message, receiver, try_number, accepted())));
            }
        }
        let said = |ask: &AskDispatch| {
            let asked = &ask.asked;
            let more = if ask.others.is_empty() { String::new() } else { format!(" and {} more", ask.others.len()) };
            format!("{minutes} {} {}{more}", asked.receiver.as_deref().unwrap_or("-"), asked.ask.ask.name())
        };
        self.sent.extend(asks.iter().map(said));
        asks
    }

    fn answer(&mut self, asks: &[AskDispatch], result: &Delivery) {
        let all = asks.iter().flat_map(|ask| std::iter::once(&ask.asked).chain(&ask.others));
        for asked in all {
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
fn who_has_no_way_is_written_down_once() {
    let mut config = config();
    person(&mut config, "bela").ways.clear();
    let mut world = World::drafted(config);
    world.minutes(10, &accepted());
    assert!(world.sent.is_empty(), "{:?}", world.sent);
    let asked = world.ledger.iter().filter(|entry| matches!(entry.event, Event::Asked(_))).count();
    assert_eq!(asked, 1);
}

#[test]
fn who_sleeps_is_asked_when_they_wake() {
    let mut config = config();
    // The statement is written at 10:00.
    person(&mut config, "bela").quiet_hours = vec![sleeps("09:00", "10:10")];
    let mut world = World::opened(config, 2);
    world.write(draft("anna", "We look into it."));
    world.minutes(9, &accepted());
    assert!(world.sent.is_empty(), "{:?}", world.sent);
    world.crash();
    world.minutes(5, &accepted());
    assert_eq!(world.sent, ["10 bela/sms approve"]);
}

fn person<'c>(config: &'c mut Config, name: &str) -> &'c mut Person {
    config.people.iter_mut().find(|person| person.name == name).unwrap()
}

fn sleeps(from: &str, to: &str) -> QuietHours {
    toml::from_str(&format!("severities = [2]\nfrom = \"{from}\"\nto = \"{to}\"")).unwrap()
}

/// The playbook has three moves that are due after ten minutes, and one after twelve.
fn with_moves(mut config: Config) -> Config {
    let within = |what: &str, minutes: u64| Move { within: Some(Span::from_secs(minutes * 60)), what: what.into() };
    config.playbooks[0].moves = vec![within("a", 10), within("b", 10), within("c", 10), within("d", 12)];
    config
}

/// Anna has the incident of severity 1, and nobody wrote anything.
fn acknowledged(config: Config) -> World {
    let mut world = World::opened(config, 1);
    world.write(Event::Acknowledged(by("anna")));
    world
}

#[test]
fn who_has_the_incident_is_reminded_though_nobody_is_called_for_it_any_more() {
    let mut world = acknowledged(with_calls());
    world.minutes(13, &accepted());
    assert_eq!(world.sent, ["10 anna/sms due and 2 more", "12 anna/sms due"]);
    let mut closed = acknowledged(with_calls());
    closed.write(Event::Resolved(Closing { by: by("anna"), height: None, false_alarm: false }));
    closed.minutes(13, &accepted());
    assert!(closed.sent.is_empty(), "{:?}", closed.sent);
}

#[test]
fn reminders_that_are_due_at_once_go_in_one_message_and_are_tried_again_in_one() {
    let mut world = acknowledged(with_calls());
    world.minutes(11, &Delivery::Retry { reason: "busy".into(), after_ms: None });
    assert!(world.sent.len() > 1, "{:?}", world.sent);
    assert!(world.sent.iter().all(|line| line.ends_with(" due and 2 more")), "{:?}", world.sent);
    let mut world = acknowledged(with_calls());
    world.minutes(14, &accepted());
    assert_eq!(world.sent, ["10 anna/sms due and 2 more", "12 anna/sms due"]);
    let answered = world.ledger.iter().filter(|entry| matches!(entry.event, Event::AskAnswered(_))).count();
    assert_eq!(answered, 4, "each has its answer in the ledger");
    world.crash();
    world.minutes(5, &accepted());
    assert_eq!(world.sent.len(), 2, "another copy reminds nobody twice: {:?}", world.sent);
}

#[test]
fn a_reminder_waits_for_the_limit_of_its_person_and_an_approval_does_not() {
    let limited = || {
        let mut config = with_calls();
        for name in ["anna", "bela"] {
            person(&mut config, name).limit = toml::from_str("calls = 1\nwithin = \"20m\"").ok();
        }
        config
    };
    let mut world = acknowledged(limited());
    world.minutes(14, &accepted());
    assert_eq!(world.sent, ["10 anna/sms due and 2 more"]);
    world.crash();
    world.minutes(17, &accepted());
    let of_anna = |world: &World| world.sent.iter().filter(|line| line.contains("anna")).cloned().collect::<Vec<_>>();
    assert_eq!(of_anna(&world), ["10 anna/sms due and 2 more", "30 anna/sms due"]);
    // Bela is asked for two revisions within the time of his limit.
    let mut world = World::drafted(limited());
    world.minutes(1, &accepted());
    world.write(draft("anna", "We look into it, and say more at four."));
    world.minutes(1, &accepted());
    assert_eq!(world.sent, ["0 bela/sms approve", "1 bela/sms approve"]);
}

/// Csilla is called, and Anna after a quarter of an hour; Anna is on duty.
fn with_calls() -> Config {
    let called = r#"
        [[escalation]]
        name = "e"
        step = [
            { people = ["csilla"], acknowledge_within = "15m" },
            { people = ["anna"], acknowledge_within = "15m" },
        ]
    "#;
    let mut config = with_moves(config());
    config.escalations = toml::from_str::<Config>(called).unwrap().escalations;
    config.watches[0].escalation = Some("e".into());
    config.posting.on_duty = vec!["anna".into()];
    config
}

#[test]
fn a_reminder_counts_for_nothing_against_a_call_and_a_call_counts_against_a_reminder() {
    let mut config = with_calls();
    person(&mut config, "anna").limit = toml::from_str("calls = 1\nwithin = \"20m\"").ok();
    let mut world = World::opened(config.clone(), 2);
    world.minutes(14, &accepted());
    assert_eq!(world.sent, ["10 anna/sms due and 2 more"]);
    world.minutes(2, &accepted());
    assert!(world.called.iter().any(|line| line == "15 anna/sms"), "{:?}", world.called);
    // Here Anna is called first.
    config.escalations[0].steps.swap(0, 1);
    let mut world = World::opened(config, 2);
    world.minutes(26, &accepted());
    assert_eq!(world.called[0], "0 anna/sms");
    assert_eq!(world.sent, ["20 anna/sms due and 3 more", "25 denes/mail due-elsewhere and 2 more"]);
}

#[test]
fn a_reminder_waits_until_a_call_by_the_same_way_has_an_answer() {
    let mut config = with_calls();
    config.respond.send_limit = 1;
    config.escalations[0].steps.swap(0, 1);
    let mut world = World { hangs: true, ..World::opened(config, 2) };
    world.now = world.now.plus(10 * 60_000);
    assert!(world.decide().is_empty(), "the call goes first: {:?}", world.sent);
    assert_eq!(world.called, ["10 anna/sms"]);
    let call = Outcome::new("acme.1/anna/sms/0".into(), "anna/sms".into(), 0, accepted());
    world.write(Event::Outcome(call));
    world.minutes(1, &accepted());
    assert_eq!(world.sent, ["10 anna/sms due and 2 more"]);
}

#[test]
fn nothing_is_asked_by_a_receiver_that_has_too_much_to_do_until_it_allows_it() {
    let mut world = World::opened(config(), 1);
    let busy = Delivery::Retry { reason: "429".into(), after_ms: Some(30_000) };
    world.write(attempt("bela/sms", Action::Trigger, 0, 0));
    world.write(answered("bela/sms", 0, 0, busy));
    world.write(draft("anna", "We look into it."));
    assert!(world.decide().is_empty());
    world.now = world.now.plus(29_999);
    assert!(world.decide().is_empty());
    world.now = world.now.plus(1);
    assert_eq!(world.decide().len(), 1, "{:?}", world.sent);
}
