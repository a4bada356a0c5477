//! Who answers for something: a rotation or a person, by name.

use std::collections::BTreeSet;
use std::ops::Range;

use toml::de::DeTable;

use super::entry::{Entry, tables};
use crate::diagnostics::{Report, nearest, quoted};

/// Who can be named: rotations and people alike.
pub(super) struct Who<'d> {
    people: BTreeSet<&'d str>,
    rotations: BTreeSet<&'d str>,
}

impl<'d> Who<'d> {
    pub(super) fn new(people: &[Entry<'d>], rotations: &[Entry<'d>]) -> Who<'d> {
        Who { people: named(people), rotations: named(rotations) }
    }

    /// Checks that somebody has a name, and that it is clear who.
    pub(super) fn check(&self, name: &str, at: Range<usize>, report: &mut Report<'_>) {
        match (self.people.contains(name), self.rotations.contains(name)) {
            (true, true) => {
                let message = format!("{} is a rotation and a person: the rotation is meant", quoted(name));
                report.warning(at, message, "give one of them another name".to_owned());
            }
            (true, false) | (false, true) => {}
            (false, false) => {
                let all = self.people.iter().chain(&self.rotations).copied();
                let help = match nearest(name, all) {
                    Some(near) => format!("{} is meant?", quoted(near)),
                    None => "add a [[rotation]] or a [[person]] of that name".to_owned(),
                };
                report.error(at, format!("there is no rotation and no person {}", quoted(name)), help);
            }
        }
    }
}

/// The rotations and people that answer for a watch.
pub(super) fn owners_of_watches<'d>(document: &'d DeTable<'d>) -> Vec<&'d str> {
    tables(document, "watch").into_iter().filter_map(|watch| Some(watch.text("owner")?.0)).collect()
}

fn named<'d>(entries: &[Entry<'d>]) -> BTreeSet<&'d str> {
    entries.iter().filter_map(|entry| Some(entry.text("name")?.0)).collect()
}
