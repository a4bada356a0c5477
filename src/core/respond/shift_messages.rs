//! Shift messages: a person hears an hour before they come on call, and when they do, by a way that makes no alarm of
//! it. Who was told stands on the topic of the team, so that no copy tells it again.

use std::collections::BTreeMap;

use orszem_records::team::shift_told::{ShiftTold, When};
use orszem_records::time::Timestamp;

use super::settings::Settings;

/// How long before a shift its person is told of it, in ms: an hour. What was to be said is said for that long, where
/// nobody was at work to say it in time.
const HOUR_MS: i64 = 3_600_000;

/// How far back a shift may have begun of which its person is told when their quiet hours end, in ms: four days, so
/// that those of a weekend are over by then.
const BEGUN_MS: i64 = 96 * HOUR_MS;

/// The most changes of a rotation that are followed to find when a shift ends.
const CHANGES: usize = 50;

/// A severity that all quiet hours hold back that hold back anything.
const MILDEST: u8 = 4;

/// What a person is told of a shift.
#[derive(Clone, Debug, PartialEq)]
pub struct ShiftMessage {
    /// What is written of it.
    pub told: ShiftTold,
    /// When the shift ends, where that is known.
    pub ends: Option<Timestamp>,
    /// The ways to the person that make no alarm of it, as attempts name them, the first first.
    pub ways: Vec<String>,
}

/// What was told of shifts, and what is to be.
#[derive(Debug, Default)]
pub(super) struct ShiftMessages {
    /// By rotation, person and occasion, the newest shift that was told of.
    told: BTreeMap<(String, String, When), Timestamp>,
    /// What is to be told now.
    due: Vec<ShiftMessage>,
    /// When to look again; `None`: at once.
    next: Option<Timestamp>,
}

impl ShiftMessages {
    /// Somebody was told, as the topic says.
    pub(super) fn told(&mut self, told: &ShiftTold) {
        let key = (told.rotation.clone(), told.whose.clone(), told.when);
        let known = self.told.entry(key).or_insert(told.begins);
        *known = told.begins.max(*known);
    }

    /// The record of that was removed.
    pub(super) fn removed(&mut self, id: &str) {
        self.told.retain(|(rotation, person, when), _| format!("{rotation}/{person}/{}", when.name()) != id);
    }

    /// Forgets all that was told: it is read again.
    pub(super) fn forget(&mut self) {
        *self = ShiftMessages::default();
    }

    /// Rotations may be otherwise from now on.
    pub(super) fn changed(&mut self) {
        self.next = None;
    }

    /// When to look again; the past where it is to be now.
    pub(super) fn next(&self, settings: &Settings) -> Option<Timestamp> {
        let any = settings.told_of_shifts().next().is_some();
        any.then(|| self.next.unwrap_or(Timestamp(i64::MIN)))
    }

    /// What is to be told, and counts as told from now on.
    pub(super) fn take(&mut self) -> Vec<ShiftMessage> {
        std::mem::take(&mut self.due)
    }

    /// Finds what is to be told at `now`.
    pub(super) fn look(&mut self, settings: &Settings, now: Timestamp) {
        if self.next.is_some_and(|next| next > now) {
            return;
        }
        // No shift that begins within the hour is missed.
        let mut next = now.plus(HOUR_MS / 2);
        for rotation in settings.told_of_shifts() {
            let mut begun: BTreeMap<String, Timestamp> = BTreeMap::new();
            let mut at = now.plus(-BEGUN_MS);
            while let Some(change) = settings.roster.next_change(rotation, at) {
                at = change;
                if change > now.plus(HOUR_MS) {
                    next = next.min(change.plus(-HOUR_MS));
                    break;
                }
                let before = settings.roster.on_call(rotation, change.plus(-1));
                for person in settings.roster.on_call(rotation, change) {
                    if before.contains(&person) {
                        continue;
                    }
                    if change <= now {
                        begun.insert(person, change);
                        continue;
                    }
                    next = next.min(change);
                    self.tell(settings, (rotation, &person, change, When::Soon), now, &mut next);
                }
            }
            let still = settings.roster.on_call(rotation, now);
            for (person, begins) in begun.into_iter().filter(|(person, _)| still.contains(person)) {
                self.tell(settings, (rotation, &person, begins, When::Now), now, &mut next);
            }
        }
        self.next = Some(next);
    }

    /// Tells a person of a shift, unless they were told or it is quiet for them.
    fn tell(
        &mut self,
        settings: &Settings,
        (rotation, person, begins, when): (&str, &str, Timestamp, When),
        now: Timestamp,
        next: &mut Timestamp,
    ) {
        let told = ShiftTold { rotation: rotation.to_owned(), whose: person.to_owned(), begins, when };
        let key = (told.rotation.clone(), told.whose.clone(), when);
        if self.told.get(&key).is_some_and(|known| *known >= begins) {
            return;
        }
        let wanted = if when == When::Soon { begins.plus(-HOUR_MS) } else { begins };
        let since = settings.quiet_until(person, MILDEST, wanted).unwrap_or(wanted);
        let last = if when == When::Soon { begins } else { since.plus(HOUR_MS) };
        if since > now && since < last {
            *next = (*next).min(since);
        }
        let ways = settings.quiet_ways(person);
        if now < since || now >= last || ways.is_empty() {
            return;
        }
        self.told(&told);
        self.due.push(ShiftMessage { ends: ends(settings, rotation, person, begins), told, ways });
    }
}

/// When a person who comes on call at a moment is not on call any longer.
fn ends(settings: &Settings, rotation: &str, person: &str, begins: Timestamp) -> Option<Timestamp> {
    let next = |at: &Timestamp| settings.roster.next_change(rotation, *at);
    let mut changes = std::iter::successors(next(&begins), next).take(CHANGES);
    changes.find(|at| !settings.roster.on_call(rotation, *at).iter().any(|one| one == person))
}

#[cfg(test)]
#[path = "shift_messages_tests.rs"]
mod tests;
