//! A storm of incidents, simulated: how long the first calls wait, the worst and the mildest.
//!
//! The shell's part is played with times that a seed draws: a transaction takes a while, a receiver answers after a
//! while, and some hang until their timeout.

use std::collections::BTreeMap;

use xxhash_rust::xxh3::xxh3_64_with_seed;

use orszem_records::ledger::{ByWhom, Delivery, Entry, Event, IncidentId, Outcome};
use orszem_records::matcher::Match;
use orszem_records::signal::{Kind, Phase};
use orszem_records::team::silence::Terms;
use orszem_records::team::{Change, Record};
use orszem_records::time::Timestamp;

use super::core::Core;
use super::core_fixture::{capabilities, config, signal};
use super::settings::Settings;

const INCIDENTS: u64 = 974;
const STORM_MS: u64 = 80_000;

struct Storm {
    seed: u64,
    rolls: u64,
    now: i64,
    core: Core,
    /// Incidents to come: when, and how severe.
    opening: BTreeMap<(i64, u64), u8>,
    /// Outcomes to come.
    answers: BTreeMap<(i64, u64), Entry>,
    /// By receiver, the tries under way, and the most there were.
    under_way: BTreeMap<String, (usize, usize)>,
    /// By severity, how long the first calls waited, in ms.
    waited: BTreeMap<u8, Vec<i64>>,
    /// The most attempts that one transaction held.
    batch: usize,
}

impl Storm {
    fn new(seed: u64, send_limit: u32) -> Storm {
        let mut config = config(0, &[&["slack", "hook"]]);
        config.respond.send_limit = send_limit;
        let mut core = Core::new(Settings::new(&config, capabilities()));
        core.ready(0);
        let (opening, answers, under_way, waited) = Default::default();
        let mut storm = Storm { seed, rolls: 0, now: 0, core, opening, answers, under_way, waited, batch: 0 };
        for n in 0..INCIDENTS {
            let at = storm.between(1, STORM_MS);
            let severity = if storm.between(0, 50) == 0 { 1 } else { storm.between(2, 5) as u8 };
            storm.opening.insert((at, n), severity);
        }
        storm
    }

    fn between(&mut self, from: u64, to: u64) -> i64 {
        self.rolls += 1;
        (from + xxh3_64_with_seed(&self.rolls.to_le_bytes(), self.seed) % (to - from)).cast_signed()
    }

    fn run(&mut self) {
        loop {
            self.read();
            let mut entries = Vec::new();
            self.core.decide(Timestamp(self.now), &mut entries);
            if !entries.is_empty() {
                self.batch = self.batch.max(entries.len());
                self.now += self.between(40, 200);
            }
            for dispatch in self.core.committed(Timestamp(self.now)) {
                let attempt = dispatch.attempt;
                let opened: u64 = dispatch.incident.id.0.rsplit('.').next().unwrap().parse().unwrap();
                if attempt.revision == 0 && attempt.try_number == 0 {
                    self.waited.entry(dispatch.incident.severity).or_default().push(self.now - opened.cast_signed());
                }
                let (now, most) = self.under_way.entry(attempt.receiver.clone()).or_default();
                *now += 1;
                *most = (*most).max(*now);
                // One in a hundred hangs until the receiver's timeout.
                let hangs = self.between(0, 100) == 0;
                let at = self.now + if hangs { 10_000 } else { self.between(20, 600) };
                let result = match hangs {
                    true => Delivery::Retry { reason: "no answer".into(), after_ms: None },
                    false => Delivery::Accepted { reference: None },
                };
                let (message, receiver, try_number) = (attempt.message, attempt.receiver, attempt.try_number);
                let event = Event::Outcome(Outcome::new(message, receiver, try_number, result));
                let (watch, incident) = ("acme".to_owned(), dispatch.incident.id);
                self.rolls += 1;
                self.answers.insert((at, self.rolls), Entry { watch, incident, at: Timestamp(at), event });
            }
            let opening = self.opening.keys().map(|(at, _)| *at).min();
            let answer = self.answers.keys().map(|(at, _)| *at).min();
            let deadline = self.core.next_deadline().map(|at| at.0);
            match opening.into_iter().chain(answer).chain(deadline).min() {
                // The loop looks for records and reports every 20 ms.
                Some(next) => self.now = self.now.max(next) + 20,
                None => return,
            }
        }
    }

    /// The incidents that opened meanwhile, and the answers that came. An incident's number is when it opened.
    fn read(&mut self) {
        let now = (self.now + 1, 0);
        let later = self.opening.split_off(&now);
        for ((at, _), severity) in std::mem::replace(&mut self.opening, later) {
            let mut incident = at as u64;
            while self.core.knows(0, &IncidentId::new("acme", incident)) {
                incident += 1;
            }
            let event = Event::Signal(Box::new(signal(Phase::Opened, Kind::Negativity, severity, 50)));
            let incident = IncidentId::new("acme", incident);
            let entry = Entry { watch: "acme".into(), incident, at: Timestamp(at), event };
            self.core.apply(0, &entry, Timestamp(self.now));
        }
        let later = self.answers.split_off(&now);
        for (_, entry) in std::mem::replace(&mut self.answers, later) {
            if let Event::Outcome(outcome) = &entry.event {
                self.under_way.get_mut(&outcome.receiver).unwrap().0 -= 1;
            }
            self.core.apply(0, &entry, Timestamp(self.now));
        }
    }
}

#[test]
fn in_a_storm_the_first_call_of_a_severity_1_waits_less_than_a_second() {
    for (seed, send_limit) in (0..20).flat_map(|seed| [(seed, 4), (seed, 16)]) {
        let mut storm = Storm::new(seed, send_limit);
        storm.run();
        let Storm { waited, under_way, batch, .. } = &storm;
        let called: usize = waited.values().map(Vec::len).sum();
        assert_eq!(called, 2 * INCIDENTS as usize, "seed {seed}: everybody is told of everything in the end");
        let worst = waited[&1].iter().max().unwrap();
        let mildest = waited[&4].iter().max().unwrap();
        assert!(*worst < 1_000, "seed {seed}, {send_limit} at once: severity 1 waited {worst} ms");
        assert!(worst <= mildest, "seed {seed}: {worst} ms for severity 1, {mildest} ms for 4");
        let limit = send_limit as usize;
        for (receiver, (left, most)) in under_way {
            assert!(*left == 0 && *most <= 2 * limit, "seed {seed}: {receiver}, {most} at once");
        }
        assert!(*batch > 2, "seed {seed}: one transaction holds many attempts");
    }
}

#[test]
fn what_changes_for_all_incidents_is_decided_in_parts_the_worst_first_and_none_is_left_out() {
    let mut config = config(0, &[&["slack"]]);
    config.respond.send_limit = 2_000;
    let mut core = Core::new(Settings::new(&config, capabilities()));
    core.ready(0);
    let (from, to) = (Timestamp(0), Timestamp(3_600_000));
    let terms = Terms { matcher: Match::default(), reason: "known".into(), from, to, drill: false, ended: None };
    let owner = ByWhom::new("anna", "page");
    let (id, change) = ("1".to_owned(), Change::Silence(Box::new(terms)));
    let silence = Record { id, at: from, by: owner.clone(), change };
    core.team(&silence).unwrap();
    for n in 0..1_200 {
        let severity = if n >= 1_190 { 1 } else { 2 + (n % 3) as u8 };
        let event = Event::Signal(Box::new(signal(Phase::Opened, Kind::Negativity, severity, 50)));
        let entry = Entry { watch: "acme".into(), incident: IncidentId::new("acme", n), at: from, event };
        core.apply(0, &entry, from);
    }
    let mut entries = Vec::new();
    core.decide(Timestamp(1_000), &mut entries);
    assert!(entries.is_empty(), "all are silenced");

    let now = Timestamp(60_000);
    core.team(&silence.silence().unwrap().end(now, owner)).unwrap();
    let mut called = Vec::new();
    while core.next_deadline().is_some_and(|at| at <= now) {
        assert!(called.len() < 100, "it does not come to rest");
        core.decide(now, &mut Vec::new());
        called.push(core.committed(now).into_iter().map(|dispatch| dispatch.incident.severity).collect::<Vec<u8>>());
    }
    assert_eq!(called.iter().map(Vec::len).collect::<Vec<_>>(), [500, 500, 200]);
    assert!(called.concat().is_sorted(), "the worst first");
}

#[test]
fn a_copy_that_never_decides_keeps_nothing_of_incidents_that_are_gone() {
    let mut core = Core::new(Settings::new(&config(0, &[&["slack"]]), capabilities()));
    for n in 0..5_000_u64 {
        let at = Timestamp(1_000 * n.cast_signed());
        for phase in [Phase::Opened, Phase::Closed] {
            let event = Event::Signal(Box::new(signal(phase, Kind::Negativity, 2, 50)));
            core.apply(0, &Entry { watch: "acme".into(), incident: IncidentId::new("acme", n), at, event }, at);
        }
        let incident = IncidentId::new("acme", n);
        core.apply(0, &Entry { watch: "acme".into(), incident, at, event: Event::NobodyNotified }, at);
    }
    assert_eq!(core.kept(), 0);
}
