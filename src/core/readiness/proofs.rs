//! What is proven: by answers of people and by what was tried, as the records of the team tell it.

use std::collections::BTreeMap;

use orszem_records::team::{Change, Record};
use orszem_records::time::Timestamp;

/// The newest proof of each thing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Proofs {
    /// By way (`anna/mail`), the address that was answered from.
    ways: BTreeMap<String, Option<String>>,
    /// By account and person, whether they could sign in when they were asked last, and when they said so.
    access: BTreeMap<(String, String), (bool, Timestamp)>,
    /// By receiver, when its newest test was refused; accepted ones are not kept.
    refused: BTreeMap<String, Timestamp>,
    /// When the newest drill of the team began.
    drill: Option<Timestamp>,
    /// By person, when they last took part in a drill.
    taken: BTreeMap<String, Timestamp>,
}

impl Proofs {
    /// Of the records of the topic, in order.
    pub fn of<'r>(records: impl IntoIterator<Item = &'r Record>) -> Proofs {
        let mut proofs = Proofs::default();
        records.into_iter().for_each(|record| proofs.add(record));
        proofs
    }

    /// Adds the next record.
    pub fn add(&mut self, record: &Record) {
        match &record.change {
            Change::WayConfirmed(way) => {
                self.ways.insert(record.id.clone(), way.address.clone());
            }
            Change::AccessAnswered(answer) => {
                let key = (answer.account.clone(), answer.whose.clone());
                self.access.insert(key, (answer.could, record.at));
            }
            Change::ReceiverTested(tested) if tested.refused.is_some() => {
                self.refused.insert(tested.receiver.clone(), record.at);
            }
            Change::ReceiverTested(tested) => drop(self.refused.remove(&tested.receiver)),
            Change::DrillStarted(_) => self.drill = self.drill.max(Some(record.at)),
            Change::DrillTaken(taken) => drop(self.taken.insert(taken.whose.clone(), record.at)),
            _ => {}
        }
    }

    /// A record was removed, by its key.
    pub fn forget(&mut self, key: &str) {
        match key.split_once('/') {
            Some(("way-confirmed", way)) => drop(self.ways.remove(way)),
            Some(("receiver-tested", receiver)) => drop(self.refused.remove(receiver)),
            Some(("drill-taken", person)) => drop(self.taken.remove(person)),
            Some(("access-answered", id)) => {
                if let Some((account, person)) = id.split_once('/') {
                    self.access.remove(&(account.to_owned(), person.to_owned()));
                }
            }
            _ => {}
        }
    }

    /// Whether a person answered a message by a way, at the address that it has.
    pub fn has_answered(&self, way: &str, address: Option<&str>) -> bool {
        self.ways.get(way).is_some_and(|known| known.as_deref() == address)
    }

    /// When the newest test of a receiver was refused; `None` where it was accepted, or there was none.
    pub fn refused(&self, receiver: &str) -> Option<Timestamp> {
        self.refused.get(receiver).copied()
    }

    /// When the newest drill of the team began.
    pub fn drill(&self) -> Option<Timestamp> {
        self.drill
    }

    /// When a person last took part in a drill.
    pub fn drilled(&self, person: &str) -> Option<Timestamp> {
        self.taken.get(person).copied()
    }

    /// Whether a person could sign in to an account when they were asked last, and when they said so.
    pub fn access(&self, account: &str, person: &str) -> Option<(bool, Timestamp)> {
        self.access.get(&(account.to_owned(), person.to_owned())).copied()
    }
}
