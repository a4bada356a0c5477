//! What people changed: the records of the team that concern who is on call, folded to overrides.

use std::collections::BTreeMap;

use orszem_records::team::shifts::CalendarShifts;
use orszem_records::team::{Change, Kind, Of, Override, Record, SwapOffer, SwapTaken};
use orszem_records::time::Timestamp;

use super::cover::Cover;
use super::people::People;

/// The records as they stand on the topic: of those with one key the last.
#[derive(Clone, Debug, Default)]
pub(super) struct Changes {
    /// By their keys, each with its place in the order of the topic.
    records: BTreeMap<String, (u64, Record)>,
    next: u64,
}

impl Changes {
    /// Adds a record; one with the same key is replaced, and counts as made now.
    pub(super) fn record(&mut self, record: &Record) {
        match record.change {
            Change::Override(_)
            | Change::OverrideCancelled(_)
            | Change::SwapOffered(_)
            | Change::SwapTaken(_)
            | Change::SwapCancelled(_)
            | Change::CalendarShifts(_) => {
                self.records.insert(record.key(), (self.next, record.clone()));
                self.next += 1;
            }
            _ => {}
        }
    }

    /// Leaves out the record with a key.
    pub(super) fn forget(&mut self, key: &str) {
        self.records.remove(key);
    }

    /// In the order of the topic.
    pub(super) fn in_order(&self) -> Vec<&Record> {
        let mut records: Vec<&(u64, Record)> = self.records.values().collect();
        records.sort_by_key(|(place, _)| *place);
        records.into_iter().map(|(_, record)| record).collect()
    }

    /// The rotation and the span that a record concerns; `None` where that is not known, or nobody's call.
    pub(super) fn concerned(&self, record: &Record) -> Option<(String, Timestamp, Timestamp)> {
        match &record.change {
            Change::Override(over) => Some((over.rotation.clone(), over.from, over.to)),
            Change::SwapOffered(offer) => Some((offer.rotation.clone(), offer.from, offer.to)),
            Change::OverrideCancelled(Of { of }) => self.made("override", of),
            Change::SwapTaken(SwapTaken { of, .. }) | Change::SwapCancelled(Of { of }) => self.made("swap-offered", of),
            _ => None,
        }
    }

    fn made(&self, kind: &str, id: &str) -> Option<(String, Timestamp, Timestamp)> {
        self.concerned(&self.records.get(&format!("{kind}/{id}"))?.1)
    }

    /// What was read last from the calendar of a rotation.
    pub(super) fn calendar(&self, rotation: &str) -> Option<&CalendarShifts> {
        match &self.records.get(&format!("calendar-shifts/{rotation}"))?.1.change {
            Change::CalendarShifts(shifts) => Some(shifts),
            _ => None,
        }
    }

    /// The overrides of each rotation, in the order in which they were made.
    pub(super) fn covers(&self, people: &People) -> BTreeMap<String, Vec<Cover>> {
        let mut covers: BTreeMap<String, Vec<Cover>> = BTreeMap::new();
        // By the id of an override or of an offer: the rotation, and which of its overrides it is.
        let mut overrides: BTreeMap<&str, (String, usize)> = BTreeMap::new();
        let mut taken: BTreeMap<&str, (String, usize)> = BTreeMap::new();
        let mut offers: BTreeMap<&str, &SwapOffer> = BTreeMap::new();
        let mut add = |id: String, made: Timestamp, over: &Override| {
            let of_rotation = covers.entry(over.rotation.clone()).or_default();
            of_rotation.push(Cover::of(&id, made, over, people));
            (over.rotation.clone(), of_rotation.len() - 1)
        };
        let mut ended: Vec<((String, usize), Timestamp)> = Vec::new();
        for record in self.in_order() {
            match &record.change {
                Change::Override(over) => {
                    overrides.insert(&record.id, add(record.key(), record.at, over));
                }
                Change::OverrideCancelled(which) => {
                    ended.extend(overrides.get(which.of.as_str()).map(|place| (place.clone(), record.at)));
                }
                Change::SwapOffered(offer) => {
                    offers.insert(&record.id, offer);
                }
                Change::SwapTaken(swap) => {
                    // The first one has it: with the offer gone, a second finds nothing.
                    if let Some((id, offer)) = offers.remove_entry(swap.of.as_str()) {
                        let kind =
                            Kind::Replace { people: vec![swap.person.clone()], instead_of: vec![offer.person.clone()] };
                        let SwapOffer { rotation, from, to, .. } = offer.clone();
                        let over = Override { rotation, from, to, kind, reason: None };
                        taken.insert(id, add(record.key(), record.at, &over));
                    }
                }
                Change::SwapCancelled(which) => {
                    offers.remove(which.of.as_str());
                    ended.extend(taken.get(which.of.as_str()).map(|place| (place.clone(), record.at)));
                }
                _ => {}
            }
        }
        for ((rotation, number), at) in ended {
            if let Some(cover) = covers.get_mut(&rotation).and_then(|of_rotation| of_rotation.get_mut(number)) {
                cover.end(at);
            }
        }
        covers
    }
}
