//! Acknowledgement: whether all have acknowledged whom the step that was called last needs.

use serde::Serialize;

use crate::ledger::{Attempt, ByWhom};

/// What the newest step of the escalation wants, and what it has.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Acknowledgement {
    /// Round and step of the newest call.
    place: (u32, u32),
    /// Each of the people called has to acknowledge.
    all: bool,
    /// The people whom the step calls.
    called: Vec<String>,
    /// Those of them who have acknowledged since.
    given: Vec<String>,
    /// As many have acknowledged as are needed.
    complete: bool,
}

impl Acknowledgement {
    /// A call is made. Where the incident goes to several routes, the first of them says who has to acknowledge.
    pub(crate) fn call(&mut self, attempt: &Attempt) {
        if attempt.route > 0 {
            return;
        }
        let place = (attempt.round, attempt.step);
        if place < self.place {
            return;
        }
        if place > self.place {
            *self = Acknowledgement { place, complete: self.complete, ..Acknowledgement::default() };
        }
        let Some(terms) = &attempt.terms else { return };
        self.all = terms.all;
        let people = terms.people.iter().map(String::as_str).chain(attempt.person());
        for person in people {
            if !self.called.iter().any(|known| known == person) {
                self.called.push(person.to_owned());
            }
        }
    }

    /// Somebody acknowledges. Where each of several has to, only what they say themselves counts.
    pub(crate) fn given(&mut self, by: &ByWhom) {
        if let Some(person) = by.person.as_ref().filter(|person| self.called.contains(person))
            && !self.given.contains(person)
        {
            self.given.push(person.clone());
        }
        self.complete |= !self.all || self.called.iter().all(|person| self.given.contains(person));
    }

    /// Somebody has it whatever was needed.
    pub(crate) fn complete(&mut self) {
        self.complete = true;
    }

    /// The calls begin again.
    pub(crate) fn restart(&mut self) {
        *self = Acknowledgement::default();
    }

    /// Whether nobody else has to acknowledge.
    pub fn is_complete(&self) -> bool {
        self.complete
    }

    /// Who still has to acknowledge, where each of several has to.
    pub fn missing(&self) -> impl Iterator<Item = &str> {
        let wanted = self.called.iter().filter(|_| self.all && !self.complete);
        wanted.filter(|person| !self.given.contains(person)).map(String::as_str)
    }
}
