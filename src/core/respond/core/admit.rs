//! Admit: what is due is written, or waits where the receiver, the person or the process has too many already.

use orszem_records::ledger::{Action, Attempt, CalledAlso, Delivery, Entry, Event, Outcome, Withheld, person_of};
use orszem_records::time::Timestamp;

use super::super::plan::Command;
use super::super::receiver_state::place;
use super::super::route;
use super::{Core, Key};
use crate::stage::Partition;

impl Core {
    /// Lets a command be carried out, or wait where too many tries to its receiver are under way.
    pub(super) fn admit(&mut self, key: Key, command: Command, now: Timestamp, out: &mut Vec<(Partition, Entry)>) {
        match command {
            Command::Try(attempt, _) if !route::exists(&attempt.receiver, &self.settings) => {
                // The ledger says so: else it would be sent when a receiver of that name comes back in a year.
                let (message, receiver) = (attempt.message.clone(), attempt.receiver.clone());
                let reason = "no receiver of this name is configured".to_owned();
                let outcome = Outcome::new(message, receiver, attempt.try_number, Delivery::Failed { reason });
                self.write(&key, Event::Attempt(attempt), now, out);
                self.write(&key, Event::Outcome(outcome), now, out);
            }
            Command::Try(mut attempt, _) if self.is_bundled(&key, &attempt) => {
                let drill = key.1.is_drill();
                let is_free = |core: &Core| match core.limits.of(drill).bundles(&attempt.receiver) && !attempt.digest {
                    true => core.in_flight.of(drill).count(&attempt.receiver) == 0,
                    false => !core.is_full(&key, &attempt),
                };
                if let Some(carrier) = self.carrier(&key, &attempt) {
                    attempt.within = Some(carrier);
                } else if self.forbids(drill, &attempt.receiver, now) || !is_free(self) {
                    return self.wait_for_slot(attempt.receiver, key);
                }
                self.write(&key, Event::Attempt(attempt.clone()), now, out);
                self.pending.push((key, attempt));
            }
            Command::Try(mut attempt, _) if self.waits_for(&key, &attempt, now).is_some() => {
                if let Some(carrier) = self.carrier(&key, &attempt) {
                    attempt.within = Some(carrier);
                    self.write(&key, Event::Attempt(attempt.clone()), now, out);
                    self.pending.push((key, attempt));
                } else if let Some(at) = self.waits_for(&key, &attempt, now).filter(|at| *at > now) {
                    self.withhold(&key, &attempt, now, out);
                    self.wake_at(&key, at);
                } else if self.is_full(&key, &attempt) {
                    self.wait_for_slot(attempt.receiver, key);
                } else {
                    self.write(&key, Event::Attempt(attempt.clone()), now, out);
                    self.pending.push((key, attempt));
                }
            }
            Command::Try(attempt, _) if self.is_held_back(&key, &attempt, now) || self.is_full(&key, &attempt) => {
                self.wait_for_slot(attempt.receiver, key);
            }
            Command::Try(attempt, _) => {
                self.write(&key, Event::Attempt(attempt.clone()), now, out);
                self.pending.push((key, attempt));
            }
            Command::Exhausted(escalation) => self.write(&key, Event::EscalationExhausted { escalation }, now, out),
            Command::NobodyNotified => self.write(&key, Event::NobodyNotified, now, out),
            Command::Reopen(reopening) => self.write(&key, Event::Reopened(reopening), now, out),
            Command::End(reason) => self.write(&key, Event::Ended { reason }, now, out),
            Command::CallsEnded => self.write(&key, Event::CallsEnded, now, out),
            Command::Join(taking) => {
                let Some(tracked) = self.incidents.get(&key) else { return };
                let joined = taking.joined(&tracked.incident, &self.groups, now);
                self.write(&key, Event::JoinedGroup(joined), now, out);
            }
            Command::NobodyOnCall(step) => self.write(&key, Event::NobodyOnCall(step), now, out),
            Command::Acknowledge(by) => self.write(&key, Event::Acknowledged(by), now, out),
            Command::Escalate(wish) => self.write(&key, Event::Escalated(wish), now, out),
            Command::Waive(waiver) => self.write(&key, Event::ApprovalWaived(waiver), now, out),
            Command::Ask(asked) => self.admit_ask(key, asked, now, out),
            Command::Remind => self.write(&key, Event::Reminded, now, out),
            Command::Restart(restart) => self.write(&key, Event::CallsRestarted(restart), now, out),
        }
    }

    /// Whether the outcome is that of the newest try, which had a message of its own, and not known yet.
    pub(super) fn is_awaited(&self, key: &Key, outcome: &Outcome) -> bool {
        let state = self.incidents.get(key).and_then(|tracked| tracked.receivers.get(&outcome.receiver));
        state.is_some_and(|state| {
            let newest = (&state.attempt.message, state.attempt.try_number) == (&outcome.message, outcome.try_number);
            newest && state.outcome.is_none() && state.attempt.within.is_none()
        })
    }

    /// Whether the try is told together with those of other incidents. At a service that has a state for each incident
    /// it cannot be, nor can a message that some of its recipients have.
    fn is_bundled(&self, key: &Key, attempt: &Attempt) -> bool {
        // What was told together is tried again together.
        let is_again = attempt.try_number > 0 && self.settings.call_limit(&attempt.receiver).is_some();
        let bundles = attempt.digest || is_again || self.limits.of(key.1.is_drill()).bundles(&attempt.receiver);
        let state = self.incidents.get(key).and_then(|tracked| tracked.receivers.get(&attempt.receiver));
        if state.is_some_and(|state| attempt.try_number > 0 && !state.settled.is_empty()) {
            return false;
        }
        let able = self.settings.capabilities(&attempt.receiver).is_some_and(|able| !able.has_states());
        able && attempt.action == Action::Trigger && bundles
    }

    /// Of a call to a person whose way has a limit: when it is allowed, where it has to wait or had to. The first call
    /// to a person for an incident of severity 1 never does.
    fn waits_for(&self, key: &Key, attempt: &Attempt, now: Timestamp) -> Option<Timestamp> {
        let limit = self.settings.call_limit(&attempt.receiver).filter(|_| is_limited(attempt))?;
        let tracked = self.incidents.get(key)?;
        let is_first = tracked.receivers.keys().all(|known| person_of(known) != attempt.person());
        if tracked.severity() <= 1 && is_first {
            return None;
        }
        let had_to = tracked.course.waits(&attempt.receiver, place(attempt)).is_some();
        let free_at = self.call_limits.of(key.1.is_drill()).free_at(&attempt.receiver, limit, now);
        free_at.or(had_to.then_some(now))
    }

    /// Writes that a call waits, once.
    fn withhold(&mut self, key: &Key, attempt: &Attempt, now: Timestamp, out: &mut Vec<(Partition, Entry)>) {
        let Some(tracked) = self.incidents.get(key) else { return };
        if tracked.course.waits(&attempt.receiver, place(attempt)).is_some() {
            return;
        }
        let Attempt { route, round, step, terms, .. } = attempt.clone();
        let first = CalledAlso { route, round, step, terms };
        let steps = std::iter::once(first).chain(attempt.also.iter().cloned()).collect();
        let (receiver, restarts) = (attempt.receiver.clone(), tracked.course.restarts);
        self.write(key, Event::Withheld(Withheld { receiver, restarts, steps }), now, out);
    }

    /// The incident is looked at again at a time.
    pub(super) fn wake_at(&mut self, key: &Key, at: Timestamp) {
        let Some(tracked) = self.incidents.get_mut(key) else { return };
        if tracked.wake.is_some_and(|wake| wake <= at) {
            return;
        }
        if let Some(wake) = tracked.wake.replace(at) {
            self.queue.remove(&(wake, key.clone()));
        }
        self.queue.insert((at, key.clone()));
    }

    /// Whether newer figures wait because the receiver allows no message. That somebody has it, or that it is over, is
    /// tried all the same: it stops others. What a drill tells waits in any case, so that it takes nothing away from
    /// what is real.
    fn is_held_back(&self, key: &Key, attempt: &Attempt, now: Timestamp) -> bool {
        let drill = key.1.is_drill();
        match drill {
            true => self.forbids(drill, &attempt.receiver, now),
            false => attempt.action == Action::Update && self.forbids(drill, &attempt.receiver, now),
        }
    }

    /// Whether nothing may be sent to the receiver at `now`. What it answered to drills keeps nothing real back.
    fn forbids(&self, drill: bool, receiver: &str, now: Timestamp) -> bool {
        self.limits.real.forbids(receiver, now) || (drill && self.limits.drill.forbids(receiver, now))
    }

    fn wait_for_slot(&mut self, receiver: String, key: Key) {
        self.in_flight.of_mut(key.1.is_drill()).wait_for_slot(receiver, key);
    }

    /// The call to the receiver, or its digest, that is decided and not yet committed: it can tell of others too. One
    /// of a drill tells of drills alone, and one of what is real never of a drill.
    fn carrier(&self, to: &Key, of: &Attempt) -> Option<String> {
        let is_carrier = |(key, attempt): &&(Key, Attempt)| {
            let is_alike =
                (key.1.is_drill(), &attempt.receiver, attempt.digest) == (to.1.is_drill(), &of.receiver, of.digest);
            let may_carry = self.is_bundled(key, attempt) || self.settings.call_limit(&attempt.receiver).is_some();
            is_alike && attempt.action == Action::Trigger && attempt.within.is_none() && may_carry
        };
        self.pending.iter().find(is_carrier).map(|(_, attempt)| attempt.message.clone())
    }

    /// Whether the try has to wait for another to end. A drill also waits where something real does.
    fn is_full(&self, key: &Key, attempt: &Attempt) -> bool {
        let drill = key.1.is_drill();
        if drill && self.in_flight.real.is_awaited(&attempt.receiver) {
            return true;
        }
        let worst = self.incidents.get(key).is_some_and(|tracked| tracked.severity() <= 1);
        let urgent = worst && attempt.action == Action::Trigger;
        self.in_flight.of(drill).is_full(&attempt.receiver, self.settings.send_limit(), urgent)
    }
}

/// Whether it is a call that counts in the limit of a person's way: a try of its own message, the first of it.
pub(super) fn is_limited(attempt: &Attempt) -> bool {
    let is_call = attempt.action == Action::Trigger && !attempt.digest;
    is_call && attempt.try_number == 0 && attempt.within.is_none() && attempt.person().is_some()
}
