//! The timetable of an escalation: which steps are due when.

use crate::settings::{Escalation, Step};
use orszem_records::time::Timestamp;

/// A place in an escalation: rounds before steps. Where an incident goes to several routes, those of one come before
/// those of the next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::respond) struct Place {
    /// The route, by its number.
    pub(in crate::respond) route: u32,
    /// The round, from 0.
    pub(in crate::respond) round: u32,
    /// The step in it, from 0.
    pub(in crate::respond) step: u32,
}

impl Place {
    /// The first step of a route.
    pub(in crate::respond) fn first(route: u32) -> Place {
        Place { route, ..Place::default() }
    }
}

/// What became of the calls of one step so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::respond) struct Calls {
    /// When the first of them was made, or wanted.
    pub(in crate::respond) begun: Option<Timestamp>,
    /// When the last of them failed for good, where all did.
    pub(in crate::respond) failed: Option<Timestamp>,
    /// How long the step allows in ms, where it began with another time than it has now.
    pub(in crate::respond) allowed_ms: Option<i64>,
    /// When somebody asked for the next step.
    pub(in crate::respond) hurried: Option<Timestamp>,
}

/// How far an escalation has come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::respond) struct Timetable {
    /// The steps that are due, oldest first, and since when.
    pub(in crate::respond) due: Vec<(Place, Timestamp)>,
    /// When the next step is due, or the escalation is exhausted; `None` when it is exhausted.
    pub(in crate::respond) next: Option<Timestamp>,
    /// The time of the last step of the last round has run out.
    pub(in crate::respond) exhausted: bool,
}

/// A step that allows no time at all would go through every round in one instant.
const SHORTEST_STEP_MS: i64 = 1_000;

fn allowed_ms(step: &Step) -> i64 {
    step.acknowledge_within.millis().max(SHORTEST_STEP_MS)
}

/// Goes through the escalation of a route from `start` (when the first attempt was made) to `now`. `calls` says what
/// became of a step that is due since the given time.
///
/// Each step has its own time in full: it counts from when the step was due, or from its first attempt where that came
/// later (nobody was there to make it). A step whose calls all failed for good is left at once; but a round that ended
/// in failure is not followed by the next before it could have ended by time, so that a receiver that refuses
/// everything is not called again and again.
pub(in crate::respond) fn timetable(
    (route, escalation): (u32, &Escalation),
    start: Timestamp,
    now: Timestamp,
    mut calls: impl FnMut(Place, Timestamp) -> Calls,
) -> Timetable {
    let mut timetable = Timetable::default();
    let round_ms = escalation.steps.iter().map(allowed_ms).fold(0, i64::saturating_add);
    let mut due = start;

    for round in 0..=escalation.repeat {
        let round_start = due;
        let mut last_failed = true;
        for (number, step) in (0..).zip(&escalation.steps) {
            if due > now {
                timetable.next = Some(due);
                return timetable;
            }
            let place = Place { route, round, step: number };
            timetable.due.push((place, due));
            let calls = calls(place, due);
            let allowed = calls.allowed_ms.unwrap_or(allowed_ms(step)).max(SHORTEST_STEP_MS);
            let in_time = calls.begun.map_or(due, |begun| begun.max(due)).plus(allowed);
            let early = calls.failed.into_iter().chain(calls.hurried).min();
            due = early.map_or(in_time, |early| early.max(due).min(in_time));
            last_failed = calls.failed.is_some();
        }
        if last_failed && round < escalation.repeat {
            // A round without steps takes no time either.
            due = due.max(round_start.plus(round_ms.max(SHORTEST_STEP_MS)));
        }
    }
    timetable.exhausted = due <= now;
    timetable.next = (!timetable.exhausted).then_some(due);
    timetable
}

#[cfg(test)]
#[path = "timetable_tests.rs"]
mod tests;
