//! What the roster says of a span of time: shifts, gaps and hand-overs, as every view shows them.

use std::collections::BTreeMap;

use orszem_records::time::Timestamp;

use super::people::Person;
use super::roster::Roster;
use super::rotation::Piece;

/// Somebody is on call from one moment to another, without a break.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shift {
    /// From when on.
    pub from: Timestamp,
    /// Until when: at that moment it is over.
    pub to: Timestamp,
    /// Who, by name.
    pub person: String,
}

/// Nobody is on call from one moment to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Gap {
    /// From when on.
    pub from: Timestamp,
    /// Until when.
    pub to: Timestamp,
}

/// A moment at which others are on call than before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandOver {
    /// When.
    pub at: Timestamp,
    /// Who goes, by name.
    pub from: Vec<String>,
    /// Who comes.
    pub to: Vec<String>,
}

impl Roster {
    /// The shifts of a rotation in a span, as far as they lie in it, in order of time. Where the same person goes on it
    /// is one shift.
    pub fn shifts(&self, rotation: &str, from: Timestamp, to: Timestamp) -> Vec<Shift> {
        let mut shifts = Vec::new();
        let mut open: BTreeMap<Person, Timestamp> = BTreeMap::new();
        let shift = |person: Person, from, to| Shift { from, to, person: self.person(person).to_owned() };
        for Piece { from: at, people, .. } in self.pieces(rotation, from, to) {
            open.retain(|person, since| {
                let goes_on = people.iter().any(|(other, _)| other == person);
                if !goes_on {
                    shifts.push(shift(*person, *since, at));
                }
                goes_on
            });
            for (person, _) in people {
                open.entry(person).or_insert(at);
            }
        }
        shifts.extend(open.into_iter().map(|(person, since)| shift(person, since, to)));
        shifts.sort();
        shifts
    }

    /// The parts of a span in which nobody is on call.
    pub fn gaps(&self, rotation: &str, from: Timestamp, to: Timestamp) -> Vec<Gap> {
        let mut gaps: Vec<Gap> = Vec::new();
        for piece in self.pieces(rotation, from, to).into_iter().filter(|piece| piece.people.is_empty()) {
            match gaps.last_mut().filter(|last| last.to == piece.from) {
                Some(last) => last.to = piece.to,
                None => gaps.push(Gap { from: piece.from, to: piece.to }),
            }
        }
        gaps
    }

    /// The moments of a span, its begin not among them, at which others are on call than before.
    pub fn hand_overs(&self, rotation: &str, from: Timestamp, to: Timestamp) -> Vec<HandOver> {
        let mut hand_overs = Vec::new();
        let pieces = self.pieces(rotation, from, to);
        for pair in pieces.windows(2) {
            let who = |piece: &Piece| -> Vec<Person> { piece.people.iter().map(|(person, _)| *person).collect() };
            let (before, after) = (who(&pair[0]), who(&pair[1]));
            let names = |of: &[Person], less: &[Person]| -> Vec<String> {
                let those = of.iter().filter(|person| !less.contains(person));
                those.map(|person| self.person(*person).to_owned()).collect()
            };
            let (from, to) = (names(&before, &after), names(&after, &before));
            if !(from.is_empty() && to.is_empty()) {
                hand_overs.push(HandOver { at: pair[1].from, from, to });
            }
        }
        hand_overs
    }
}
