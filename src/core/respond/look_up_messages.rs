//! Look-up messages: the owner of an account is told that somebody looked up where its credential is kept, outside of
//! an incident. Who was told stands on the topic of the team, so that no copy tells them again. `asks` tells of those
//! within an incident.

use std::collections::{BTreeMap, BTreeSet};

use orszem_records::team::Record;
use orszem_records::team::look_up::{LookUp, LookUpTold};
use orszem_records::time::Timestamp;

use super::settings::Settings;
use crate::posting::who::people;

/// How long after a look-up its owner is still told, in ms: a week. Quiet hours end before that.
const TOLD_MS: i64 = 7 * 24 * 3_600_000;

/// The severity by which quiet hours hold it back: somebody may be where they must not be.
const REAL: u8 = 2;

/// The same of a drill: all quiet hours that hold back anything hold it back.
const DRILL: u8 = 4;

/// A message to an owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LookUpMessage {
    /// What is written of it.
    pub told: LookUpTold,
    /// What they are told of.
    pub look_up: LookUp,
    /// The ways to the person that make no alarm of it, as attempts name them, the first first. None where nobody can
    /// be reached so.
    pub ways: Vec<String>,
}

/// What was looked up, who was told, and who is to be told.
#[derive(Debug, Default)]
pub(super) struct LookUpMessages {
    /// By the keys of their records.
    look_ups: BTreeMap<String, LookUp>,
    /// By look-up and owner.
    told: BTreeSet<(String, String)>,
    /// What is to be told now.
    due: Vec<LookUpMessage>,
    /// Something changed since it was looked at.
    changed: bool,
    /// When to look again.
    next: Option<Timestamp>,
}

impl LookUpMessages {
    /// Takes in a record of the team, where it tells of a look-up.
    pub(super) fn heard(&mut self, record: &Record) {
        if let Some(look_up) = LookUp::of(record) {
            self.look_ups.insert(record.key(), look_up);
            self.changed = true;
        }
    }

    /// An owner was told, as the topic says.
    pub(super) fn told(&mut self, told: &LookUpTold) {
        self.told.insert((told.of.clone(), told.whose.clone()));
    }

    /// A record was removed from that topic.
    pub(super) fn removed(&mut self, key: &str) {
        self.look_ups.remove(key);
    }

    /// Forgets all of it: it is read again.
    pub(super) fn forget(&mut self) {
        *self = LookUpMessages::default();
    }

    /// Accounts or people may be otherwise from now on.
    pub(super) fn changed(&mut self) {
        self.changed = true;
    }

    /// When to look again; `now`, where something changed.
    pub(super) fn next(&self, now: Timestamp) -> Option<Timestamp> {
        if self.changed && !self.look_ups.is_empty() { Some(now) } else { self.next }
    }

    /// What is to be told, and counts as told from now on.
    pub(super) fn take(&mut self) -> Vec<LookUpMessage> {
        std::mem::take(&mut self.due)
    }

    /// Finds who is to be told at `now`.
    pub(super) fn look(&mut self, settings: &Settings, now: Timestamp) {
        if !std::mem::take(&mut self.changed) && self.next.is_none_or(|next| next > now) {
            return;
        }
        self.next = None;
        let LookUpMessages { look_ups, told, due, next, .. } = self;
        look_ups.retain(|_, look_up| now.since(look_up.at) < TOLD_MS);
        told.retain(|(of, _)| look_ups.contains_key(of));
        for (key, look_up) in look_ups {
            let Some(account) = settings.accounts().find(|account| account.name == look_up.account) else { continue };
            let owners = people(&settings.roster, std::slice::from_ref(&account.owner), look_up.at);
            let severity = if look_up.drill { DRILL } else { REAL };
            for whose in owners.into_iter().filter(|owner| *owner != look_up.whose) {
                let pair = (key.clone(), whose.clone());
                if told.contains(&pair) {
                    continue;
                }
                if let Some(until) = settings.quiet_until(&whose, severity, now) {
                    *next = Some(next.map_or(until, |known| known.min(until)));
                    continue;
                }
                told.insert(pair);
                let ways = settings.quiet_ways(&whose);
                let told = LookUpTold { of: key.clone(), whose };
                due.push(LookUpMessage { told, look_up: look_up.clone(), ways });
            }
        }
    }
}

#[cfg(test)]
#[path = "look_up_messages_tests.rs"]
mod tests;
