//! The rotations as they stand: who is on call, and when that changes.

use std::collections::BTreeMap;

use orszem_records::team::Record;
use orszem_records::team::shifts::CalendarShifts;
use orszem_records::time::Timestamp;

use super::calendar_layer::CalendarLayer;
use super::changes::Changes;
use super::cover::ByCover;
use super::local_clock::LocalClock;
use super::people::{People, Person};
use super::rotation::{Piece, Rotation, SlotPiece, by_layers};
use crate::settings::Config;

/// How far ahead a change is looked for, in milliseconds: 400 days.
const HORIZON_MS: i64 = 400 * 24 * 3_600_000;

/// The rotations as they stand.
#[derive(Clone, Debug, Default)]
pub struct Roster {
    people: People,
    rotations: BTreeMap<String, Rotation>,
    changes: Changes,
}

impl Roster {
    /// The rotations of a configuration, without what people changed.
    pub fn new(config: &Config) -> Roster {
        let mut roster = Roster::default();
        roster.configure(config);
        roster
    }

    /// Takes over another configuration. What people changed stays.
    pub fn configure(&mut self, config: &Config) {
        let people = People::of(config);
        let rotation = |it: &crate::settings::Rotation| (it.name.clone(), Rotation::of(it, config, &people));
        self.rotations = config.rotations.iter().map(rotation).collect();
        self.people = people;
        self.cover();
    }

    /// Adds records of the team, in the order of the topic. Those that change nobody's call are left out.
    pub fn record<'r>(&mut self, records: impl IntoIterator<Item = &'r Record>) {
        records.into_iter().for_each(|record| self.changes.record(record));
        self.cover();
    }

    /// Leaves out a record that was removed from the topic, by its key.
    pub fn forget(&mut self, key: &str) {
        self.changes.forget(key);
        self.cover();
    }

    fn cover(&mut self) {
        let mut changed = self.changes.covers(&self.people);
        for (name, rotation) in &mut self.rotations {
            rotation.cover(changed.remove(name).unwrap_or_default());
            let read = self.changes.calendar(name);
            rotation.read_calendar(read.map(|read| CalendarLayer::of(read, &self.people)));
        }
    }

    /// What was read last from the calendar of a rotation, as far as records of the team tell.
    pub fn calendar(&self, rotation: &str) -> Option<&CalendarShifts> {
        self.changes.calendar(rotation)
    }

    /// Whether somebody is still called at a moment: they are in the configuration, and their last day is not over.
    pub fn is_called(&self, person: &str, at: Timestamp) -> bool {
        self.people.numbers([&person.to_owned()]).first().is_some_and(|number| self.people.is_there(*number, at))
    }

    /// The names of the rotations, in the order of the alphabet.
    pub fn rotations(&self) -> impl Iterator<Item = &str> {
        self.rotations.keys().map(String::as_str)
    }

    /// The clock of a rotation.
    pub fn clock(&self, rotation: &str) -> Option<&LocalClock> {
        self.rotations.get(rotation).map(Rotation::clock)
    }

    /// The names of the people who are on call at `at`; none in a gap, or where there is no rotation of this name.
    pub fn on_call(&self, rotation: &str, at: Timestamp) -> Vec<String> {
        let Some(rotation) = self.rotations.get(rotation) else { return Vec::new() };
        rotation.on_call(&self.people, at).iter().map(|(person, _)| self.people.name(*person).to_owned()).collect()
    }

    /// The first instant after `after` at which other people are on call; `None` where there is no such
    /// instant in the next 400 days.
    pub fn next_change(&self, rotation: &str, after: Timestamp) -> Option<Timestamp> {
        let rotation = self.rotations.get(rotation)?;
        let who = |at| {
            let mut who: Vec<Person> = rotation.on_call(&self.people, at).iter().map(|(person, _)| *person).collect();
            who.sort_unstable();
            who
        };
        let (before, mut at) = (who(after), after);
        loop {
            at = rotation.next(&self.people, at).filter(|next| next.since(after) <= HORIZON_MS)?;
            if who(at) != before {
                return Some(at);
            }
        }
    }

    /// Who is on call in a span, piece by piece.
    pub(super) fn pieces(&self, rotation: &str, from: Timestamp, to: Timestamp) -> Vec<Piece> {
        let rotation = self.rotations.get(rotation).filter(|_| from < to);
        let Some(rotation) = rotation else { return Vec::new() };
        rotation.walk(&self.people, from, to, |at| rotation.on_call(&self.people, at)).collect()
    }

    /// The same, with what put each of them on call; made as they are asked for.
    pub(super) fn slots(&self, rotation: &str, from: Timestamp, to: Timestamp) -> impl Iterator<Item = SlotPiece> {
        self.slots_of(rotation, from, to, |rotation, at| rotation.on_call(&self.people, at))
    }

    /// Who would be on call in a span if nothing had been changed; made as they are asked for.
    pub(super) fn planned(&self, rotation: &str, from: Timestamp, to: Timestamp) -> impl Iterator<Item = SlotPiece> {
        self.slots_of(rotation, from, to, |rotation, at| by_layers(rotation.base(&self.people, at)))
    }

    fn slots_of<'r>(
        &'r self,
        rotation: &str,
        from: Timestamp,
        to: Timestamp,
        on_call: impl Fn(&Rotation, Timestamp) -> Vec<ByCover> + Copy + 'r,
    ) -> impl Iterator<Item = SlotPiece> + 'r {
        let found = self.rotations.get(rotation).filter(|_| from < to);
        found.into_iter().flat_map(move |rotation| {
            let pieces = rotation.walk(&self.people, from, to, move |at| on_call(rotation, at));
            pieces.map(|piece| rotation.with_slots(&self.people, piece))
        })
    }

    /// When the first of all shifts and overrides began that hold at a moment, whether they show or not.
    pub(super) fn begun(&self, rotation: &str, at: Timestamp) -> Timestamp {
        self.rotations.get(rotation).map_or(at, |rotation| rotation.begun(at))
    }

    pub(super) fn person(&self, person: Person) -> &str {
        self.people.name(person)
    }

    /// How often something was changed in a span of a rotation, or at its ends.
    pub(super) fn revisions(&self, rotation: &str, from: Timestamp, to: Timestamp) -> u32 {
        self.rotations.get(rotation).map_or(0, |rotation| rotation.revisions(from, to))
    }

    /// What people changed, in the order of the topic.
    pub(super) fn records(&self) -> Vec<&Record> {
        self.changes.in_order()
    }

    /// The rotation and the span that a record concerns; `None` where that is not known, or nobody's call.
    pub(super) fn concerned(&self, record: &Record) -> Option<(String, Timestamp, Timestamp)> {
        self.changes.concerned(record)
    }
}
