//! Party: incidents of one group share a page, which one of them carries.
//!
//! The messages of the page are written to the ledger as those of its carrier: the incident that began the group. The
//! others make no calls of their own by that route. Where the members stand is worked out before the carrier is looked
//! at; what a message told of them is written with its attempt, so that it does not matter in which order partitions
//! are read.

use std::collections::{BTreeMap, BTreeSet};

use orszem_records::ledger::{ByWhom, IncidentId, Shows};
use orszem_records::time::Timestamp;

use crate::routing::group::{Member, Telling};

/// What an incident shares its pages with, as it stands.
#[derive(Clone, Debug, Default)]
pub(super) struct Party {
    /// The numbers of its routes whose page another incident carries.
    pub(super) followed: BTreeSet<u32>,
    /// By the numbers of the routes whose page it carries, where that stands.
    pub(super) telling: BTreeMap<u32, Telling>,
    /// What the pages that it carries show.
    pub(super) shows: Shows,
    /// Of the members that may call now, the highest severity at which one joined; `None` where none may.
    pub(super) joined_as: Option<u8>,
    /// Of a carrier the members that are open, of others the carrier: who last took or gave back one of them.
    pub(super) newest: Option<Held>,
    /// The wishes for the next step that people had on the open members.
    pub(super) wishes: Vec<(IncidentId, Wishes)>,
    /// The newest sign of life of who has one of them.
    pub(super) last_sign: Option<Timestamp>,
    /// When somebody may be called for a member for which nobody is now.
    pub(super) ask_at: Option<Timestamp>,
    /// Of one that follows: it is over, and nobody was told of the page.
    pub(super) unheard: bool,
}

/// Who has an incident, if anybody, and since when that is so.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Held {
    /// Since when.
    pub(super) since: Timestamp,
    /// Who.
    pub(super) by: Option<ByWhom>,
}

/// The wishes for the next step that people had on an incident.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Wishes {
    /// How many.
    pub(super) number: u32,
    /// The newest: when, and whose.
    newest: Option<(Timestamp, ByWhom)>,
}

impl Wishes {
    /// Somebody had one at `at`. The same entry again is the same wish.
    pub(super) fn add(&mut self, by: &ByWhom, at: Timestamp) {
        if self.newest.as_ref().is_none_or(|(known, _)| *known != at) {
            self.number = self.number.saturating_add(1);
            self.newest = Some((at, by.clone()));
        }
    }

    /// Whose the newest one is.
    pub(super) fn by(&self) -> Option<&ByWhom> {
        self.newest.as_ref().map(|(_, by)| by)
    }
}

/// A member of the groups that an incident carries.
pub(super) struct Seat<'a> {
    /// The incident.
    pub(super) id: &'a IncidentId,
    /// As a member.
    pub(super) member: &'a Member,
    /// The severity of the incident.
    pub(super) severity: u8,
    /// The number of its newest change.
    pub(super) newest_change: u32,
    /// Who has it.
    pub(super) held: Held,
    /// The wishes for the next step that people had on it.
    pub(super) wishes: Wishes,
    /// The newest sign of life of who has it.
    pub(super) last_sign: Option<Timestamp>,
    /// Somebody may be called for it now.
    pub(super) calls: bool,
    /// When to ask that again.
    pub(super) ask_at: Option<Timestamp>,
}

impl Party {
    /// Counts the members of the groups whose page it carries: each once.
    pub(super) fn seat(&mut self, seats: &[Seat<'_>]) {
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let calling = || seats.iter().filter(|seat| seat.calls && seat.member.over_at.is_none());
        let worst = seats.iter().map(|seat| seat.severity).min();
        self.shows = Shows {
            members: count(seats.len()),
            over: count(seats.iter().filter(|seat| seat.member.over_at.is_some()).count()),
            worst: calling().map(|seat| seat.severity).min().or(worst).unwrap_or(u8::MAX),
            news: seats.iter().map(|seat| u64::from(seat.newest_change)).sum(),
        };
        self.joined_as = calling().map(|seat| seat.member.joined_as).min();
        for seat in seats.iter().filter(|seat| seat.member.over_at.is_none()) {
            self.hears_of(seat.held.clone());
            if seat.wishes.number > 0 {
                self.wishes.push((seat.id.clone(), seat.wishes.clone()));
            }
            self.last_sign = self.last_sign.max(seat.last_sign);
            self.ask_at = self.ask_at.into_iter().chain(seat.ask_at).min();
        }
    }

    /// Somebody has one of those that share a page, or nobody: what is newest counts.
    pub(super) fn hears_of(&mut self, held: Held) {
        if self.newest.as_ref().is_none_or(|newest| newest.since < held.since) {
            self.newest = Some(held);
        }
    }

    /// Whether other incidents are on the pages that it carries.
    pub(super) fn is_shared(&self) -> bool {
        self.shows.members > 1
    }

    /// Whether all that is on these pages is over.
    pub(super) fn is_over(&self) -> bool {
        self.shows.over == self.shows.members
    }
}
