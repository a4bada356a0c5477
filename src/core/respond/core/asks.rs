//! Messages to single people: when they go, and which of them go in one.
//!
//! They keep no call waiting, and count for nothing against it. A reminder waits while the limit of its person is used
//! up by calls and other reminders. What asks for something, such as an approval, waits only while the receiver has too
//! much to do.

use orszem_records::ask::Asked;
use orszem_records::ledger::{Entry, Event};
use orszem_records::time::Timestamp;

use super::{AskDispatch, Core, Key};
use crate::stage::Partition;

/// How long after there was no room at a receiver it is looked again, in ms.
const AGAIN_MS: i64 = 5_000;

impl Core {
    /// Writes that a person is asked or told something, or lets it wait.
    pub(super) fn admit_ask(&mut self, key: Key, asked: Asked, now: Timestamp, out: &mut Vec<(Partition, Entry)>) {
        if let Some(way) = asked.receiver.clone().filter(|_| !self.has_message_for(&key, &asked)) {
            if let Some(at) = self.ask_waits_until(&key, &asked, &way, now) {
                return self.wake_at(&key, at);
            }
            self.asks_under_way.of_mut(key.1.is_drill()).begin(&way, &key, now);
        }
        self.write(&key, Event::Asked(asked.clone()), now, out);
        self.asked.push((key, asked));
    }

    /// Takes in what the ledger says of messages to single people.
    pub(super) fn apply_ask(&mut self, key: &Key, entry: &Entry) {
        let drill = key.1.is_drill();
        match &entry.event {
            Event::Asked(asked) if asked.ask.ask.is_reminder() && asked.try_number == 0 => {
                if let Some(way) = &asked.receiver {
                    // What was decided at once went in one message.
                    let message = format!("{}/{}@{}", key.1, asked.ask.ask.name(), entry.at.0);
                    self.told.of_mut(drill).called(way, &message, entry.at);
                }
            }
            Event::AskAnswered(answered) => {
                // Nobody waits for a place there: who found none looks again by the clock.
                drop(self.asks_under_way.of_mut(drill).release_slot(&answered.receiver, key));
            }
            _ => {}
        }
    }

    /// The messages to single people that the last `decide` handed over, once that is committed: reminders of one
    /// incident to one person in one. Those that have no way to go are left out: the ledger says so.
    pub fn asks(&mut self) -> Vec<AskDispatch> {
        let mut dispatches: Vec<AskDispatch> = Vec::new();
        for (key, asked) in std::mem::take(&mut self.asked) {
            let Some(tracked) = self.incidents.get(&key).filter(|_| asked.receiver.is_some()) else { continue };
            let is_one =
                |dispatch: &&mut AskDispatch| dispatch.incident.id == key.1 && go_together(&dispatch.asked, &asked);
            match dispatches.iter_mut().find(is_one) {
                Some(dispatch) => dispatch.others.push(asked),
                None => {
                    let incident = tracked.incident.clone();
                    dispatches.push(AskDispatch { partition: key.0, incident, asked, others: Vec::new() });
                }
            }
        }
        dispatches
    }

    /// Whether a message that is decided and not sent yet tells of it too.
    fn has_message_for(&self, key: &Key, asked: &Asked) -> bool {
        self.asked.iter().any(|(other, carrier)| other == key && go_together(carrier, asked))
    }

    /// Until when a message to one person waits; `None` where it may go.
    fn ask_waits_until(&self, key: &Key, asked: &Asked, way: &str, now: Timestamp) -> Option<Timestamp> {
        let drill = key.1.is_drill();
        let held = self.limits.real.until(way, now);
        if let Some(until) = held.max(self.limits.drill.until(way, now).filter(|_| drill)) {
            return Some(until);
        }
        let under_way = self.in_flight.of(drill).count(way) + self.asks_under_way.of(drill).count(way);
        if under_way >= self.settings.send_limit() || (drill && self.in_flight.real.is_awaited(way)) {
            return Some(now.plus(AGAIN_MS));
        }
        let limit = self.settings.call_limit(way).filter(|_| asked.ask.ask.is_reminder() && asked.try_number == 0)?;
        self.told.of(drill).free_at(way, limit, now)
    }
}

/// Whether both remind one person of what is due in one incident, by one way: then they go in one message.
fn go_together(one: &Asked, other: &Asked) -> bool {
    let is_alike = one.ask.ask == other.ask.ask && one.receiver == other.receiver;
    one.ask.ask.is_reminder() && is_alike && one.try_number == other.try_number
}
