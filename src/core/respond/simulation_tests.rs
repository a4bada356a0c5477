//! Owners that crash, receivers that fail, people who act at any moment: what must hold whatever happens.

use std::collections::{BTreeMap, BTreeSet};

use xxhash_rust::xxh3::xxh3_64_with_seed;

use crate::settings::Config;
use orszem_records::signal::{Kind, Phase};
use orszem_records::time::Timestamp;

use super::core::{Core, Dispatch};
use super::core_fixture::{capabilities, config, describe, signal};
use super::settings::Settings;
use orszem_records::ledger::{
    Action, Attempt, ByWhom, Closing, Delivery, Entry, Event, IncidentId, Note, Outcome, Recipients, person_of,
};

/// A stream of numbers that a seed fixes.
struct Dice {
    seed: u64,
    rolls: u64,
}

impl Dice {
    fn below(&mut self, sides: u64) -> u64 {
        self.rolls += 1;
        xxh3_64_with_seed(&self.rolls.to_le_bytes(), self.seed) % sides
    }

    fn one_in(&mut self, sides: u64) -> bool {
        self.below(sides) == 0
    }
}

struct Simulation {
    dice: Dice,
    settings: Settings,
    config: Config,
    now: Timestamp,
    ledger: Vec<Entry>,
    /// The present owner, how far it has read the ledger, and its outcomes on the way: when, and what.
    core: Core,
    read: usize,
    coming: Vec<(Timestamp, Entry)>,
    /// What the receivers got, in order.
    got: Vec<Dispatch>,
    crashes: bool,
    /// Incidents share pages.
    shares: bool,
}

const INCIDENTS: u64 = 6;
const PARTITIONS: i32 = 3;

impl Simulation {
    fn new(seed: u64) -> Simulation {
        Simulation::of(seed, |repeat, _| config(repeat, &[&["slack", "mail"], &["pager", "alerts", "mail"], &["hook"]]))
    }

    /// One whose escalation calls people.
    fn of_people(seed: u64) -> Simulation {
        Simulation::of(seed, |repeat, dice| {
            let acknowledge = if dice.one_in(2) { "all" } else { "anyone" };
            let next_way = 20 + dice.below(300);
            let ways = "[{ receiver = \"push\" }, { receiver = \"sms\" }]";
            let limit = if dice.one_in(2) { "limit = { calls = 2, within = \"4m\" }" } else { "" };
            let person = |name: &str| {
                format!("[[person]]\nname = \"{name}\"\nnext_way = \"{next_way}s\"\n{limit}\nway = {ways}\n")
            };
            let people: String = ["anna", "bela", "csilla"].into_iter().map(person).collect();
            let text = format!(
                "[[watch]]\nname = \"acme\"\nterms = [\"acme\"]\nescalation = \"duty\"\n\
                 [[receiver]]\nkind = \"console\"\nname = \"push\"\n[[receiver]]\nkind = \"console\"\nname = \"sms\"\n\
                 {people}[[escalation]]\nname = \"duty\"\nrepeat = {repeat}\nfallback = [\"mail\"]\n\
                 acknowledged_for = \"{}m\"\nstep = [\
                 {{ people = [\"anna\", \"bela\"], acknowledge = \"{acknowledge}\", acknowledge_within = \"2m\" }},\
                 {{ people = [\"csilla\"], receivers = [\"slack\"], acknowledge_within = \"3m\" }}]\n",
                2 + dice.below(20)
            );
            toml::from_str(&text).unwrap()
        })
    }

    /// One whose incidents share pages, in a route that waits and another beside it.
    fn of_groups(seed: u64) -> Simulation {
        let mut simulation = Simulation::of(seed, |repeat, dice| {
            let (wait, within) = (dice.below(60), dice.below(120));
            let beside = if dice.one_in(2) { "continue = true" } else { "nobody = false" };
            let text = format!(
                "[[escalation]]\nname = \"crisis\"\nrepeat = {repeat}\nstep = [\
                 {{ receivers = [\"slack\", \"mail\"], acknowledge_within = \"5m\" }},\
                 {{ receivers = [\"pager\", \"duty\", \"hook\"], acknowledge_within = \"5m\" }}]\n\
                 [[escalation]]\nname = \"board\"\nstep = [\
                 {{ receivers = [\"mail\", \"alerts\"], acknowledge_within = \"3m\" }}]\n\
                 [route]\ngroup_by = [\"desk\"]\ngroup_wait = \"{wait}s\"\nreopen_within = \"{within}s\"\n\
                 [[route.route]]\nmatch = {{ severity = \"1\" }}\nescalation = \"board\"\n{beside}\n\
                 [[route.route]]\nescalation = \"crisis\"\n\
                 [[watch]]\nname = \"acme\"\nterms = [\"acme\"]\n"
            );
            toml::from_str(&text).unwrap()
        });
        simulation.shares = true;
        simulation
    }

    fn of(seed: u64, config: impl FnOnce(u32, &mut Dice) -> Config) -> Simulation {
        let mut dice = Dice { seed, rolls: 0 };
        let repeat = u32::try_from(dice.below(3)).unwrap();
        let mut config = config(repeat, &mut dice);
        config.respond.retry_limit = 4;
        let settings = Settings::new(&config, capabilities());
        Simulation {
            dice,
            core: Core::new(settings.clone()),
            settings,
            config,
            now: Timestamp(1_000_000),
            ledger: Vec::new(),
            read: 0,
            coming: Vec::new(),
            got: Vec::new(),
            crashes: true,
            shares: false,
        }
    }

    fn crash(&mut self) {
        self.core = Core::new(self.settings.clone());
        self.read = 0;
        self.coming.clear();
    }

    fn write(&mut self, incident: u64, event: Event) {
        let incident = IncidentId::new("acme", incident);
        self.ledger.push(Entry { watch: "acme".into(), incident, at: self.now, event });
    }

    /// Detectors and people write what they like, each incident opened first.
    fn others_write(&mut self, opened: &mut u64) {
        if *opened < INCIDENTS && self.dice.one_in(8) {
            let kind = if self.dice.one_in(4) { Kind::Praise } else { Kind::Volume };
            self.write(*opened, Event::Signal(Box::new(signal(Phase::Opened, kind, 3, 10))));
            *opened += 1;
        }
        if *opened == 0 {
            return;
        }
        let incident = self.dice.below(*opened);
        let (severity, observed) = (u8::try_from(1 + self.dice.below(3)).unwrap(), self.dice.below(20));
        let whom = ByWhom::new("anna", "api");
        match self.dice.below(150) {
            0..8 => {
                let update = signal(Phase::Updated, Kind::Negativity, severity, observed);
                self.write(incident, Event::Signal(Box::new(update)));
            }
            8 => {
                let person = ["anna", "bela", "csilla"].get(usize::try_from(self.dice.below(4)).unwrap());
                let person = person.filter(|_| !self.config.people.is_empty()).map(|&name| name.to_owned());
                self.write(incident, Event::Acknowledged(ByWhom { person, ..whom }));
            }
            11 if !self.config.people.is_empty() => self.write(incident, Event::Escalated(whom.into())),
            12 if !self.config.people.is_empty() => {
                self.write(incident, Event::Noted(Note { by: whom, text: "a note".into() }));
            }
            9 => self.write(incident, Event::Resolved(Closing { by: whom, height: None, false_alarm: false })),
            10 => self.close(incident),
            _ => {}
        }
    }

    fn close(&mut self, incident: u64) {
        let closed = Event::Signal(Box::new(signal(Phase::Closed, Kind::Volume, 3, 0)));
        self.write(incident, closed);
    }

    /// The owner reads on; mostly to the end.
    fn read_on(&mut self) {
        let behind = self.ledger.len() - self.read;
        let most = if self.crashes && self.dice.one_in(4) { self.dice.below(1 + behind as u64) } else { behind as u64 };
        let end = self.read + usize::try_from(most).unwrap();
        for entry in &self.ledger[self.read..end] {
            let partition = self.partition(&entry.incident);
            self.core.apply(partition, entry, self.now);
        }
        self.read = end;
        if end == self.ledger.len() {
            (0..PARTITIONS).for_each(|partition| self.core.ready(partition));
        }
    }

    /// One transaction of the owner and the sends that follow it.
    fn transact(&mut self) {
        if !self.core.is_ready(0) {
            return;
        }
        let mut entries = Vec::new();
        let now = self.now;
        let (arrived, coming) = std::mem::take(&mut self.coming).into_iter().partition(|(at, _)| *at <= now);
        self.coming = coming;
        let arrived: Vec<(Timestamp, Entry)> = arrived;
        for (_, entry) in arrived {
            let partition = self.partition(&entry.incident);
            self.core.apply(partition, &entry, now);
            entries.push((partition, entry));
        }
        self.core.decide(now, &mut entries);
        if self.crashes && self.dice.one_in(30) {
            return self.crash(); // The transaction is aborted.
        }
        self.ledger.extend(entries.into_iter().map(|(_, entry)| entry));
        if self.crashes && self.dice.one_in(30) {
            return self.crash(); // Committed, and nothing sent.
        }
        for dispatch in self.core.refreshes().into_iter().chain(self.core.committed(now)) {
            self.send(dispatch);
            if self.crashes && self.dice.one_in(60) {
                return self.crash();
            }
        }
    }

    fn send(&mut self, dispatch: Dispatch) {
        if !dispatch.refresh {
            let attempt = &dispatch.attempt;
            let result = match self.dice.below(10) {
                0..5 => Delivery::Accepted { reference: Some("r".into()) },
                5..9 => Delivery::Retry {
                    reason: "busy".into(),
                    after_ms: self.dice.one_in(3).then(|| self.dice.below(90_000)),
                },
                _ => Delivery::Failed { reason: "no".into() },
            };
            // Now and then some of the recipients have it, and the rest is tried again.
            let mut recipients = dispatch.settled.clone();
            if matches!(result, Delivery::Retry { .. }) && self.dice.one_in(3) {
                recipients
                    .merge(&Recipients { reached: vec![self.dice.below(3).to_string()], ..Recipients::default() });
            }
            let (message, receiver, try_number) =
                (attempt.message.clone(), attempt.receiver.clone(), attempt.try_number);
            let at = self.now.plus(i64::try_from(self.dice.below(12_000)).unwrap());
            for other in &dispatch.others {
                let Attempt { message, receiver, try_number, .. } = other.attempt.clone();
                let event = Event::Outcome(Outcome::new(message, receiver, try_number, result.clone()));
                let incident = other.incident.id.clone();
                self.coming.push((at, Entry { watch: "acme".into(), incident, at, event }));
            }
            let event = Event::Outcome(Outcome { recipients, ..Outcome::new(message, receiver, try_number, result) });
            let incident = dispatch.incident.id.clone();
            self.coming.push((at, Entry { watch: "acme".into(), incident, at, event }));
        }
        self.got.push(dispatch);
    }

    fn run(&mut self) {
        let mut opened = 0;
        for _ in 0..600 {
            self.now = self.now.plus(i64::try_from(self.dice.below(6_000)).unwrap());
            self.others_write(&mut opened);
            self.read_on();
            self.transact();
        }
        self.crashes = false;
        for incident in 0..opened {
            self.close(incident);
        }
        for turn in 0.. {
            assert!(turn < 5_000, "it does not come to rest: {:?}", self.core);
            self.read_on();
            self.transact();
            let coming = self.coming.iter().map(|(at, _)| *at).min();
            match self.core.next_deadline().into_iter().chain(coming).min() {
                Some(next) => {
                    let deadline = self.core.next_deadline();
                    assert!(deadline.is_none_or(|at| at > self.now), "it stalls at {:?}: {:?}", self.now, self.core);
                    self.now = self.now.max(next);
                }
                None if self.read < self.ledger.len() => {}
                None => break,
            }
        }
        for incident in 0..opened {
            let id = IncidentId::new("acme", incident);
            assert!(!self.core.knows(self.partition(&id), &id), "{id} is over and still kept: {:?}", self.core);
        }
    }

    fn check(&self) {
        self.every_send_was_written_first();
        self.ends_come_last_and_only_to_who_was_called();
        if self.shares {
            self.every_page_is_told_and_its_end_too();
        } else if self.config.people.is_empty() {
            self.first_receivers_are_told_and_told_of_the_end();
        } else {
            self.somebody_is_told_and_nobody_in_two_ways_at_once();
        }
        self.another_owner_has_nothing_to_add();
    }

    fn somebody_is_told_and_nobody_in_two_ways_at_once(&self) {
        let mut called: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        let mut at_once = BTreeSet::new();
        let mut failed = BTreeSet::new();
        let mut withheld = BTreeSet::new();
        for entry in &self.ledger {
            match &entry.event {
                Event::Withheld(_) => drop(withheld.insert(&*entry.incident.0)),
                Event::Attempt(attempt) if attempt.action == Action::Trigger && attempt.try_number == 0 => {
                    let Some(person) = attempt.person() else { continue };
                    called.entry(&entry.incident.0).or_default().insert(person);
                    let place = (&entry.incident.0, person, attempt.round, attempt.step, entry.at);
                    // The next way at the same instant only where the one before was given up.
                    let again = !at_once.insert(place);
                    let waited = withheld.contains(&*entry.incident.0);
                    assert!(
                        !again || waited || failed.contains(&(&entry.incident.0, person)),
                        "two ways at once: {attempt:?}"
                    );
                }
                Event::Outcome(outcome) if !matches!(outcome.result, Delivery::Accepted { .. }) => {
                    failed.extend(person_of(&outcome.receiver).map(|person| (&entry.incident.0, person)));
                }
                _ => {}
            }
        }
        let handled = |incident: &str| {
            self.ledger.iter().any(|entry| {
                entry.incident.0 == incident && matches!(entry.event, Event::Acknowledged(_) | Event::Resolved(_))
            })
        };
        for entry in &self.ledger {
            let Event::Signal(signal) = &entry.event else { continue };
            let incident = &*entry.incident.0;
            let told = called.get(incident).is_some_and(|people| people.contains("anna"));
            let told = told || withheld.contains(incident);
            assert!(told || !signal.pages() || handled(incident), "{incident}: anna was never called");
        }
    }

    fn attempts(&self) -> impl Iterator<Item = (&Entry, &Attempt)> {
        self.ledger.iter().filter_map(|entry| match &entry.event {
            Event::Attempt(attempt) => Some((entry, attempt)),
            _ => None,
        })
    }

    fn every_send_was_written_first(&self) {
        let mut written = BTreeSet::new();
        for (entry, attempt) in self.attempts() {
            let (incident, receiver) = (&entry.incident.0, &attempt.receiver);
            assert_eq!(attempt.message, format!("{incident}/{receiver}/{}", attempt.revision));
            assert!(written.insert((attempt.message.clone(), attempt.try_number)), "written twice: {attempt:?}");
        }
        let mut sent = BTreeSet::new();
        for dispatch in self.got.iter().filter(|dispatch| !dispatch.refresh) {
            let id = (dispatch.attempt.message.clone(), dispatch.attempt.try_number);
            assert!(written.contains(&id), "sent and not written: {id:?}");
            assert!(sent.insert(id), "sent twice: {:?}", dispatch.attempt);
            assert!(dispatch.attempt.try_number < self.config.respond.retry_limit);
        }
    }

    fn ends_come_last_and_only_to_who_was_called(&self) {
        let mut called = BTreeSet::new();
        for (entry, attempt) in self.attempts() {
            let state = (&entry.incident.0, &attempt.receiver);
            match attempt.action {
                Action::Trigger => called.extend([state]),
                _ => assert!(called.contains(&state), "not called before: {attempt:?}"),
            }
        }
        // The end of a closing that did not hold is no end: each opening of the incident has one of its own.
        let mut ended = BTreeSet::new();
        for Dispatch { incident, attempt, .. } in &self.got {
            let opening = incident.reopened.as_ref().map_or(0, |reopening| reopening.number);
            let state = (&incident.id.0, &attempt.receiver, opening);
            let page_is_open = attempt.shows.is_some_and(|shows| shows.over < shows.members);
            match attempt.action {
                Action::Resolve => ended.extend([state]),
                // Another incident opened the page again.
                _ if page_is_open => drop(ended.remove(&state)),
                Action::Update if incident.going_on => {}
                _ => assert!(!ended.contains(&state), "something after the end: {attempt:?}"),
            }
        }
    }

    fn final_result(&self, incident: &str, receiver: &str, action: Action) -> Option<bool> {
        let tries = self.attempts().filter(|(entry, attempt)| {
            entry.incident.0 == incident && attempt.receiver == receiver && attempt.action == action
        });
        let mut result = None;
        for (_, attempt) in tries {
            let accepted = self.ledger.iter().any(|entry| match &entry.event {
                Event::Outcome(outcome) => {
                    outcome.message == attempt.message
                        && (matches!(outcome.result, Delivery::Accepted { .. })
                            || !outcome.recipients.reached.is_empty())
                }
                _ => false,
            });
            result = Some(result.unwrap_or(false) || accepted);
        }
        result
    }

    fn first_receivers_are_told_and_told_of_the_end(&self) {
        let mut incidents: BTreeMap<&str, (bool, bool)> = BTreeMap::new();
        for entry in &self.ledger {
            let (pages, taken) = incidents.entry(&entry.incident.0).or_default();
            match &entry.event {
                Event::Signal(signal) => *pages |= signal.pages(),
                Event::Acknowledged(_) | Event::Resolved(_) => *taken = true,
                _ => {}
            }
        }
        for (incident, (pages, taken)) in incidents {
            for receiver in ["slack", "mail"] {
                let called = self.final_result(incident, receiver, Action::Trigger);
                assert!(called.is_some() || !pages || taken, "{incident}: {receiver} was never called");
                assert!(called.is_none() || pages, "{incident}: {receiver} was called for praise");
                if called == Some(true) {
                    let ended = self.final_result(incident, receiver, Action::Resolve);
                    assert!(ended.is_some(), "{incident}: {receiver} was told, and not of the end");
                }
                if called == Some(false) && !taken {
                    let tries = self.attempts().filter(|(entry, attempt)| {
                        entry.incident.0 == incident && attempt.receiver == receiver && attempt.revision == 0
                    });
                    let refused = self.ledger.iter().any(|entry| {
                        entry.incident.0 == incident
                            && matches!(&entry.event, Event::Outcome(outcome) if outcome.receiver == receiver
                                && matches!(outcome.result, Delivery::Failed { .. }))
                    });
                    let all = tries.count() == 4;
                    assert!(all || refused, "{incident}: {receiver} was given up early");
                }
            }
        }
    }

    /// Nobody is called for praise. Of all else somebody is told by the page of its group, unless somebody took one of
    /// that, or the ledger says that it came and went; who was told hears the end. One incident carries a page.
    fn every_page_is_told_and_its_end_too(&self) {
        let mut groups: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        let (mut joined_before, mut left) = (BTreeSet::new(), false);
        let mut begun: BTreeSet<&str> = BTreeSet::new();
        let (mut pages, mut taken, mut untold) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        for entry in &self.ledger {
            let incident = &*entry.incident.0;
            match &entry.event {
                Event::JoinedGroup(joined) => {
                    groups.entry(&joined.group).or_default().insert(incident);
                    begun.extend(joined.is_begun_by(&entry.incident).then_some(incident));
                    // Another member carries the page of a group that its carrier left.
                    left |= !joined_before.insert(incident) && joined.keeps.is_empty();
                }
                Event::Signal(signal) => pages.extend(signal.pages().then_some(incident)),
                Event::Acknowledged(_) | Event::Resolved(_) => drop(taken.insert(incident)),
                Event::NobodyNotified => drop(untold.insert(incident)),
                _ => {}
            }
        }
        let called: BTreeSet<&str> = self.attempts().map(|(entry, _)| &*entry.incident.0).collect();
        for incident in &pages {
            let mut with = groups.values().filter(|members| members.contains(incident)).flatten();
            let is_told = with.any(|member| called.contains(member) || taken.contains(member));
            let is_known = untold.contains(incident) || taken.contains(incident);
            assert!(is_told || is_known, "{incident}: nobody was told");
        }
        for incident in &called {
            assert!(pages.contains(incident), "{incident}: somebody was called for praise");
            assert!(begun.contains(incident) || left, "{incident}: called beside the page of its group");
            for receiver in ["slack", "mail", "pager", "hook"] {
                if self.final_result(incident, receiver, Action::Trigger) == Some(true) {
                    let ended = self.final_result(incident, receiver, Action::Resolve);
                    assert!(ended.is_some(), "{incident}: {receiver} was told, and not of the end");
                }
            }
        }
    }

    /// The partition of an incident: those that share pages are in several.
    fn partition(&self, incident: &IncidentId) -> i32 {
        let number = incident.0.rsplit('.').next().and_then(|number| number.parse::<i32>().ok());
        number.filter(|_| self.shares).unwrap_or(0) % PARTITIONS
    }

    fn another_owner_has_nothing_to_add(&self) {
        let mut core = Core::new(self.settings.clone());
        // In another order than they were written.
        for partition in (0..PARTITIONS).rev() {
            let entries = || self.ledger.iter().filter(|entry| self.partition(&entry.incident) == partition);
            for entry in entries().chain(entries()) {
                core.apply(partition, entry, self.now);
            }
        }
        (0..PARTITIONS).for_each(|partition| core.ready(partition));
        let mut entries = Vec::new();
        core.decide(self.now, &mut entries);
        let entries: Vec<String> = entries.iter().map(|(_, entry)| describe(entry)).collect();
        assert_eq!(entries, [""; 0]);
    }
}

#[test]
fn whatever_crashes() {
    let mut happened: BTreeMap<String, u32> = BTreeMap::new();
    for seed in 0..200 {
        let mut simulation = Simulation::new(seed);
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            simulation.run();
            simulation.check();
        }));
        if let Err(fault) = outcome {
            let lines: Vec<String> = simulation
                .ledger
                .iter()
                .map(|entry| format!("{} {} {}", entry.at.0, entry.incident, describe(entry)))
                .collect();
            println!("seed {seed}\n{}", lines.join("\n"));
            std::panic::resume_unwind(fault);
        }
        for entry in &simulation.ledger {
            let line = describe(entry);
            let kind = if line.contains(" try ") { "again" } else { line.split(' ').next().unwrap_or("") };
            *happened.entry(kind.to_lowercase()).or_default() += 1;
        }
        let later_round = simulation.attempts().any(|(_, attempt)| attempt.round > 0);
        *happened.entry("round".into()).or_default() += u32::from(later_round);
        let repeated = simulation.got.iter().any(|dispatch| dispatch.refresh);
        *happened.entry("repeated".into()).or_default() += u32::from(repeated);
    }
    // A simulation that never comes to these places says nothing of them.
    for kind in
        ["trigger", "update", "acknowledge", "resolve", "again", "failed", "exhausted", "round", "repeated", "reopened"]
    {
        assert!(happened.get(kind).is_some_and(|times| *times >= 20), "{kind} is too rare: {happened:?}");
    }
}

#[test]
fn whatever_crashes_while_people_are_called() {
    let mut happened: BTreeMap<&str, u32> = BTreeMap::new();
    for seed in 0..1_000 {
        let mut simulation = Simulation::of_people(seed);
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            simulation.run();
            simulation.check();
        }));
        if let Err(fault) = outcome {
            let lines =
                simulation.ledger.iter().map(|entry| format!("{} {} {}", entry.at.0, entry.incident, describe(entry)));
            println!("seed {seed}\n{}", lines.collect::<Vec<_>>().join("\n"));
            std::panic::resume_unwind(fault);
        }
        for entry in &simulation.ledger {
            let what = match &entry.event {
                Event::Attempt(attempt) if attempt.receiver == "mail" => "fallback",
                Event::Attempt(attempt) if attempt.receiver.ends_with("/sms") => "second way",
                Event::CallsRestarted(_) => "restarted",
                Event::Reminded => "reminded",
                Event::Escalated(_) => "escalated",
                Event::Withheld(_) => "withheld",
                Event::Attempt(attempt) if attempt.within.is_some() => "bundled",
                _ => continue,
            };
            *happened.entry(what).or_default() += 1;
        }
    }
    for what in ["fallback", "second way", "restarted", "reminded", "escalated", "withheld", "bundled"] {
        assert!(happened.get(what).is_some_and(|times| *times >= 20), "{what} is too rare: {happened:?}");
    }
}

#[test]
fn whatever_crashes_while_incidents_share_pages() {
    let mut happened: BTreeMap<&str, u32> = BTreeMap::new();
    for seed in 0..400 {
        let mut simulation = Simulation::of_groups(seed);
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            simulation.run();
            simulation.check();
        }));
        if let Err(fault) = outcome {
            let lines =
                simulation.ledger.iter().map(|entry| format!("{} {} {}", entry.at.0, entry.incident, describe(entry)));
            println!("seed {seed}\n{}", lines.collect::<Vec<_>>().join("\n"));
            std::panic::resume_unwind(fault);
        }
        for entry in &simulation.ledger {
            let what = match &entry.event {
                Event::JoinedGroup(joined) if !joined.is_begun_by(&entry.incident) => "joined",
                Event::JoinedGroup(joined) if !joined.keeps.is_empty() => "beside",
                Event::CallsRestarted(restart) => restart.reason.name(),
                Event::NobodyNotified => "unheard",
                Event::Acknowledged(by) if by.via == "group" => "mirrored",
                _ => continue,
            };
            *happened.entry(what).or_default() += 1;
        }
    }
    for what in ["joined", "beside", "worse", "unheard", "mirrored"] {
        assert!(happened.get(what).is_some_and(|times| *times >= 20), "{what} is too rare: {happened:?}");
    }
}

#[test]
fn the_same_ledger_gives_the_same_decisions() {
    for seed in 0..50 {
        let mut simulation = Simulation::new(seed);
        simulation.run();
        let cut = usize::try_from(simulation.dice.below(simulation.ledger.len() as u64)).unwrap();
        let decide = |repeats: usize| {
            let mut core = Core::new(simulation.settings.clone());
            for entry in &simulation.ledger[..cut] {
                (0..repeats).for_each(|_| core.apply(0, entry, simulation.now));
            }
            core.ready(0);
            let mut entries = Vec::new();
            core.decide(simulation.now, &mut entries);
            entries
        };
        let once: Vec<String> = decide(1).iter().map(|(_, entry)| serde_json::to_string(entry).unwrap()).collect();
        let again: Vec<String> = decide(1).iter().map(|(_, entry)| serde_json::to_string(entry).unwrap()).collect();
        assert_eq!(once, again);
    }
}
