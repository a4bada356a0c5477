//! What is proven: by answers of people and by what was tried, as the records of the team tell it.

use std::collections::BTreeMap;

use orszem_records::team::personal_drill::PersonalDrill;
use orszem_records::team::{Change, Record};
use orszem_records::time::Timestamp;

/// How long an answer to "could you sign in today?" counts, in ms: a quarter, and ten days to answer the next.
const ACCESS_MS: i64 = 102 * 24 * 3_600_000;

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
    /// By person, when they last took part in a drill of the team.
    taken: BTreeMap<String, Timestamp>,
    /// By person and number, their drills of ten minutes.
    personal: BTreeMap<String, BTreeMap<u32, PersonalDrill>>,
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
            Change::PersonalDrill(drill) => {
                self.personal.entry(drill.whose.clone()).or_default().insert(drill.number, drill.clone());
            }
            _ => {}
        }
    }

    /// A record was removed, by its key.
    pub fn forget(&mut self, key: &str) {
        match key.split_once('/') {
            Some(("way-confirmed", way)) => drop(self.ways.remove(way)),
            Some(("receiver-tested", receiver)) => drop(self.refused.remove(receiver)),
            Some(("drill-taken", person)) => drop(self.taken.remove(person)),
            Some(("personal-drill", id)) => {
                for (person, drills) in &mut self.personal {
                    drills.retain(|number, _| id != format!("{person}/{number}"));
                }
            }
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

    /// When a person last took part in a drill of the team.
    pub fn took_part(&self, person: &str) -> Option<Timestamp> {
        self.taken.get(person).copied()
    }

    /// A person's drills of ten minutes, the newest first.
    pub fn personal_drills(&self, person: &str) -> impl Iterator<Item = &PersonalDrill> {
        self.personal.get(person).into_iter().flat_map(|drills| drills.values().rev())
    }

    /// When a person was last drilled: took part in a drill of the team, or completed one of ten minutes, late or not.
    pub fn drilled(&self, person: &str) -> Option<Timestamp> {
        let completed = self.personal_drills(person).filter_map(PersonalDrill::completed);
        completed.chain(self.took_part(person)).max()
    }

    /// Whether a person could sign in to an account when they were asked last, and when they said so.
    pub fn access(&self, account: &str, person: &str) -> Option<(bool, Timestamp)> {
        self.access.get(&(account.to_owned(), person.to_owned())).copied()
    }

    /// Whether it is proven at `now` that a person can sign in to an account: they said so in the last quarter.
    pub fn has_access(&self, account: &str, person: &str, now: Timestamp) -> bool {
        self.access(account, person).is_some_and(|(could, at)| could && now.since(at) < ACCESS_MS)
    }
}
