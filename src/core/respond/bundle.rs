//! Bundle: what a receiver's own limit forbids is told together.
//!
//! A receiver that answers "too many" and says how long to wait gets nothing until then. From there on one call at a
//! time goes to it, and each tells of all incidents that wait to be called for, until nobody waits any more.

use std::collections::BTreeMap;

use orszem_records::ledger::{Delivery, Outcome};
use orszem_records::time::Timestamp;

/// The longest that others wait for a time that a receiver asked for, in ms: a minute. It may be a day, or come from a
/// clock that is wrong, and then one message in a minute finds out.
const LONGEST_HOLD_MS: u64 = 60_000;

/// The receivers that said that they were sent too much.
#[derive(Debug, Default)]
pub(super) struct Limits {
    /// By receiver, until when nothing may be sent.
    until: BTreeMap<String, Timestamp>,
}

impl Limits {
    /// Records what a receiver answered at `at`. `waiting`: somebody waits to be told.
    pub(super) fn answered(&mut self, outcome: &Outcome, at: Timestamp, waiting: bool) {
        match &outcome.result {
            Delivery::Retry { after_ms: Some(after_ms), .. } => {
                let until = at.plus(i64::try_from((*after_ms).min(LONGEST_HOLD_MS)).unwrap_or(i64::MAX));
                let known = self.until.entry(outcome.receiver.clone()).or_insert(until);
                *known = until.max(*known);
            }
            Delivery::Accepted { .. } if !waiting => {
                self.until.remove(&outcome.receiver);
            }
            _ => {}
        }
    }

    /// Whether calls to the receiver are bundled.
    pub(super) fn bundles(&self, receiver: &str) -> bool {
        self.until.contains_key(receiver)
    }

    /// Whether nothing may be sent to the receiver at `now`.
    pub(super) fn forbids(&self, receiver: &str, now: Timestamp) -> bool {
        self.until(receiver, now).is_some()
    }

    /// Until when nothing may be sent to the receiver; `None` where something may be at `now`.
    pub(super) fn until(&self, receiver: &str, now: Timestamp) -> Option<Timestamp> {
        self.until.get(receiver).copied().filter(|until| *until > now)
    }

    /// The receivers to which something may be sent again at `now`.
    pub(super) fn over(&self, now: Timestamp) -> impl Iterator<Item = &str> {
        self.until.iter().filter(move |(_, until)| **until <= now).map(|(receiver, _)| receiver.as_str())
    }

    /// When a receiver for which `waits` may be sent to again.
    pub(super) fn next(&self, now: Timestamp, waits: impl Fn(&str) -> bool) -> Option<Timestamp> {
        self.until.iter().filter(|(receiver, until)| **until > now && waits(receiver)).map(|(_, until)| *until).min()
    }
}

#[cfg(test)]
mod tests {
    use crate::respond::core::{Core, Dispatch};
    use crate::respond::core_fixture::{capabilities, config, signal};
    use crate::respond::settings::Settings;
    use orszem_records::ledger::{Delivery, Entry, Event, IncidentId, Outcome};
    use orszem_records::signal::{Kind, Phase};
    use orszem_records::time::Timestamp;

    fn open(core: &mut Core, n: u64, severity: u8, now: i64) {
        let event = Event::Signal(Box::new(signal(Phase::Opened, Kind::Negativity, severity, 50)));
        let incident = IncidentId::new("acme", n);
        core.apply(0, &Entry { watch: "acme".into(), incident, at: Timestamp(now), event }, Timestamp(now));
    }

    fn step(core: &mut Core, now: i64) -> Vec<Dispatch> {
        core.decide(Timestamp(now), &mut Vec::new());
        core.committed(Timestamp(now))
    }

    fn answer(core: &mut Core, dispatch: &Dispatch, result: &Delivery, now: i64) {
        let others = dispatch.others.iter().map(|other| (&other.incident, &other.attempt));
        for (incident, attempt) in others.chain([(&dispatch.incident, &dispatch.attempt)]) {
            let (message, receiver, try_number) =
                (attempt.message.clone(), attempt.receiver.clone(), attempt.try_number);
            let event = Event::Outcome(Outcome::new(message, receiver, try_number, result.clone()));
            let entry = Entry { watch: "acme".into(), incident: incident.id.clone(), at: Timestamp(now), event };
            core.apply(0, &entry, Timestamp(now));
        }
    }

    #[test]
    fn what_a_receivers_limit_forbids_is_told_in_one_message_the_worst_first() {
        let busy = Delivery::Retry { reason: "429".into(), after_ms: Some(30_000) };
        let taken = Delivery::Accepted { reference: None };
        let mut core = Core::new(Settings::new(&config(0, &[&["mail"]]), capabilities()));
        core.ready(0);
        open(&mut core, 0, 3, 0);
        let first = step(&mut core, 0);
        answer(&mut core, &first[0], &busy, 0);
        for (n, severity) in [(1, 4), (2, 2), (3, 1), (4, 3)] {
            open(&mut core, n, severity, 1_000);
        }
        assert!(step(&mut core, 1_000).is_empty(), "nothing is sent before the time it asked for");
        assert_eq!(core.next_deadline(), Some(Timestamp(30_000)));

        let told = step(&mut core, 40_000);
        assert_eq!(told.len(), 1, "one message");
        let others: Vec<u8> = told[0].others.iter().map(|other| other.incident.severity).collect();
        assert_eq!((told[0].incident.severity, &others[..]), (1, &[2, 3, 3, 4][..]));
        assert!(told[0].others.iter().all(|other| other.attempt.within.as_ref() == Some(&told[0].attempt.message)));
        open(&mut core, 5, 1, 41_000);
        open(&mut core, 6, 2, 41_000);
        assert!(step(&mut core, 41_000).is_empty(), "one message at a time");

        answer(&mut core, &told[0], &taken, 42_000);
        let next = step(&mut core, 42_000);
        assert_eq!((next.len(), next[0].others.len()), (1, 1), "who came meanwhile");
        answer(&mut core, &next[0], &taken, 43_000);
        for n in 7..11 {
            open(&mut core, n, 2, 44_000);
        }
        assert_eq!(step(&mut core, 44_000).len(), 4, "the limit is over: each has a message of its own");
    }

    #[test]
    fn a_service_that_has_a_state_for_each_incident_gets_a_message_for_each() {
        let busy = Delivery::Retry { reason: "429".into(), after_ms: Some(1_000) };
        let mut core = Core::new(Settings::new(&config(0, &[&["duty"]]), capabilities()));
        core.ready(0);
        open(&mut core, 0, 3, 0);
        let first = step(&mut core, 0);
        answer(&mut core, &first[0], &busy, 0);
        (1..4).for_each(|n| open(&mut core, n, 2, 2_000));
        let told = step(&mut core, 5_000);
        assert!(told.len() >= 3 && told.iter().all(|dispatch| dispatch.others.is_empty()), "{told:?}");
    }
}
