//! What is otherwise for a while: overrides and swaps, and what they make of those who would be on call.
//!
//! A later one covers those before it. So who would be on call, and is replaced or taken out by several, is so by the
//! last of them; and who stands in for somebody can only be replaced by one that was made later still.

use orszem_records::team::{Kind, Override, RosterShift};
use orszem_records::time::Timestamp;

use super::local_clock::LocalClock;
use super::people::{People, Person};
use crate::settings::calendar::Moment;
use crate::settings::rotation::{self, OverrideKind};

/// One override, or a swap that was taken.
#[derive(Clone, Debug)]
pub(super) struct Cover {
    /// Its name among those of its rotation, which never changes.
    pub(super) id: String,
    pub(super) from: Timestamp,
    to: Timestamp,
    /// Until when it was made to hold, whether it was ended before or not.
    made_to: Timestamp,
    /// How often it was made or ended.
    revisions: u32,
    does: Does,
}

#[derive(Clone, Debug)]
enum Does {
    Add(Vec<Person>),
    /// In everybody's place where nobody is named.
    Replace {
        people: Vec<Person>,
        instead_of: Vec<Person>,
        everybody: bool,
    },
    Remove(Vec<Person>),
    Roster(Vec<(Timestamp, Timestamp, Vec<Person>)>),
}

/// Somebody on call, and by what: the number of the cover, or the rotation itself.
pub(super) type ByCover = (Person, Option<usize>);

impl Cover {
    /// What a record says, from the moment on at which it was made.
    pub(super) fn of(id: &str, made: Timestamp, over: &Override, people: &People) -> Cover {
        let does = match &over.kind {
            Kind::Add { people: added } => Does::Add(people.numbers(added)),
            Kind::Replace { people: by, instead_of } => Does::Replace {
                people: people.numbers(by),
                instead_of: people.numbers(instead_of),
                everybody: instead_of.is_empty(),
            },
            Kind::Remove { people: removed } => Does::Remove(people.numbers(removed)),
            Kind::Roster { shifts } => {
                let shift = |shift: &RosterShift| (shift.from, shift.to, people.numbers(&shift.people));
                Does::Roster(shifts.iter().map(shift).collect())
            }
        };
        Cover { id: id.to_owned(), from: over.from.max(made), to: over.to, made_to: over.to, revisions: 1, does }
    }

    /// The record that an override of the file is like, by the clock of its rotation.
    pub(super) fn written(over: &rotation::Override, clock: &LocalClock) -> Override {
        let placed = |moment: Moment| match moment {
            Moment::Local(local) => clock.placed(local).at,
            Moment::Instant(at) => at,
        };
        let people = over.people.clone();
        let kind = match over.kind {
            OverrideKind::Add => Kind::Add { people },
            OverrideKind::Replace => Kind::Replace { people, instead_of: over.instead_of.clone() },
            OverrideKind::Remove => Kind::Remove { people },
            OverrideKind::Roster => {
                let shift = |shift: &rotation::RosterShift| RosterShift {
                    from: placed(shift.from),
                    to: placed(shift.to),
                    people: shift.people.clone(),
                };
                Kind::Roster { shifts: over.shifts.iter().map(shift).collect() }
            }
        };
        let (from, to) = (placed(over.from), placed(over.to));
        Override { rotation: over.rotation.clone(), from, to, kind, reason: over.reason.clone() }
    }

    /// Ends it, unless it is over before.
    pub(super) fn end(&mut self, at: Timestamp) {
        self.to = self.to.min(at);
        self.revisions += 1;
    }

    pub(super) fn holds(&self, at: Timestamp) -> bool {
        self.from <= at && at < self.to
    }

    /// How often it was made or ended, if it was made for a part of a span or borders on it.
    pub(super) fn revisions(&self, from: Timestamp, to: Timestamp) -> u32 {
        if self.from <= to && from <= self.made_to { self.revisions } else { 0 }
    }

    /// The first moment after `at` at which it changes something.
    pub(super) fn next(&self, at: Timestamp) -> Option<Timestamp> {
        let shifts = match &self.does {
            Does::Roster(shifts) => shifts.as_slice(),
            _ => &[],
        };
        let of_shifts = shifts.iter().flat_map(|(from, to, _)| [*from, *to]).filter(|end| self.holds(*end));
        let own = [self.from, self.to].into_iter().filter(|_| self.from < self.to);
        own.chain(of_shifts).filter(|end| *end > at).min()
    }
}

/// Who is on call at a moment, of those who would be.
pub(super) fn covered(covers: &[Cover], base: Vec<ByCover>, people: &People, at: Timestamp) -> Vec<ByCover> {
    let holding: Vec<(usize, &Cover)> = (0..).zip(covers).filter(|(_, cover)| cover.holds(at)).collect();
    if holding.is_empty() {
        return base;
    }
    let alive = |who: &[Person]| -> Vec<Person> { who.iter().copied().filter(|it| people.is_there(*it, at)).collect() };
    // The last one that takes the place of everybody hides those before it.
    let whole = holding.iter().rev().find_map(|(number, cover)| match &cover.does {
        Does::Replace { people, everybody: true, .. } => {
            Some((*number, alive(people))).filter(|(_, it)| !it.is_empty())
        }
        Does::Roster(shifts) => {
            let now = shifts.iter().filter(|(from, to, _)| *from <= at && at < *to);
            Some((*number, alive(&now.flat_map(|(_, _, people)| people.iter().copied()).collect::<Vec<_>>())))
        }
        _ => None,
    });
    let (mut open, after) = match whole {
        Some((number, who)) => (who.into_iter().map(|person| (person, Some(number))).collect(), Some(number)),
        None => (base, None),
    };
    let added = holding.iter().filter(|(number, _)| Some(*number) > after).flat_map(|(number, cover)| {
        let who = match &cover.does {
            Does::Add(people) => alive(people),
            _ => Vec::new(),
        };
        who.into_iter().map(|person| (person, Some(*number)))
    });
    open.extend(added);
    let mut on_call: Vec<ByCover> = Vec::new();
    // Each of them leads to others that were made later, so that this ends.
    open.reverse();
    while let Some((person, by)) = open.pop() {
        let last = holding.iter().rev().take_while(|(number, _)| Some(*number) > by).find_map(|(number, cover)| {
            match &cover.does {
                Does::Remove(removed) if removed.contains(&person) => Some((*number, Vec::new())),
                // Where none of those who stand in is there any more, nobody takes the place.
                Does::Replace { people, instead_of, .. } if instead_of.contains(&person) => {
                    Some((*number, alive(people))).filter(|(_, it)| !it.is_empty())
                }
                _ => None,
            }
        });
        match last {
            Some((number, who)) => open.extend(who.into_iter().rev().map(|person| (person, Some(number)))),
            None if on_call.iter().all(|(known, _)| *known != person) => on_call.push((person, by)),
            None => {}
        }
    }
    on_call
}
