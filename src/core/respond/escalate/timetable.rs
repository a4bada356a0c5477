//! The timetable of an escalation: which steps are due when.

use crate::settings::{Escalation, Step};
use orszem_records::time::Timestamp;

/// A place in an escalation: rounds before steps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::respond) struct Place {
    /// The round, from 0.
    pub(in crate::respond) round: u32,
    /// The step in it, from 0.
    pub(in crate::respond) step: u32,
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

/// Goes through the escalation from `start` (when the first attempt was made) to `now`. `calls` says what became of a
/// step that is due since the given time.
///
/// Each step has its own time in full: it counts from when the step was due, or from its first attempt where that came
/// later (nobody was there to make it). A step whose calls all failed for good is left at once; but a round that ended
/// in failure is not followed by the next before it could have ended by time, so that a receiver that refuses
/// everything is not called again and again.
pub(in crate::respond) fn timetable(
    escalation: &Escalation,
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
            let place = Place { round, step: number };
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
mod tests {
    use super::*;
    use crate::settings::span::Span;
    use proptest::prelude::*;

    fn escalation(repeat: u32, minutes: &[u64]) -> Escalation {
        let step = |minutes: &u64| Step {
            receivers: vec!["a".into()],
            acknowledge_within: Span::from_secs(minutes * 60),
            ..Step::default()
        };
        Escalation { name: "e".into(), repeat, steps: minutes.iter().map(step).collect(), ..Escalation::default() }
    }

    fn at(minutes: i64) -> Timestamp {
        Timestamp(minutes * 60_000)
    }

    fn place(round: u32, step: u32) -> Place {
        Place { round, step }
    }

    #[test]
    fn steps_follow_each_other_and_rounds_too() {
        let escalation = escalation(1, &[5, 10]);
        let on_time = |_, due| Calls { begun: Some(due), ..Calls::default() };
        let places = |now| timetable(&escalation, at(0), now, on_time);
        assert_eq!(places(at(0)).due, [(place(0, 0), at(0))]);
        assert_eq!(places(at(0)).next, Some(at(5)));
        assert_eq!(places(at(5).plus(-1)).due.len(), 1);
        assert_eq!(places(at(5)).due, [(place(0, 0), at(0)), (place(0, 1), at(5))]);
        assert_eq!(places(at(15)).due.last(), Some(&(place(1, 0), at(15))));
        assert_eq!(places(at(20)).due.last(), Some(&(place(1, 1), at(20))));
        assert_eq!(places(at(20)).next, Some(at(30)));
        assert!(!places(at(30).plus(-1)).exhausted);
        assert!(places(at(30)).exhausted);
        assert_eq!(places(at(30)).next, None);
    }

    #[test]
    fn a_step_that_was_made_late_has_its_time_in_full() {
        let escalation = escalation(0, &[5, 10]);
        let calls = |place: Place, _| match place.step {
            0 => Calls { begun: Some(at(0)), ..Calls::default() },
            _ => Calls { begun: Some(at(60)), ..Calls::default() },
        };
        let timetable = timetable(&escalation, at(0), at(61), calls);
        assert_eq!(timetable.next, Some(at(70)));
    }

    #[test]
    fn a_step_that_failed_everywhere_is_left_at_once() {
        let escalation = escalation(0, &[5, 10]);
        let calls = |place: Place, due| Calls {
            begun: Some(due),
            failed: (place.step == 0).then_some(at(1)),
            ..Calls::default()
        };
        let timetable = timetable(&escalation, at(0), at(2), calls);
        assert_eq!(timetable.due, [(place(0, 0), at(0)), (place(0, 1), at(1))]);
        assert_eq!(timetable.next, Some(at(11)));
    }

    #[test]
    fn a_failed_round_is_not_repeated_before_its_time() {
        let escalation = escalation(2, &[5, 10]);
        let refused = |_, due: Timestamp| Calls { begun: Some(due), failed: Some(due), ..Calls::default() };
        assert_eq!(timetable(&escalation, at(0), at(0), refused).next, Some(at(15)));
        assert_eq!(timetable(&escalation, at(0), at(15), refused).due.len(), 4);
        assert!(timetable(&escalation, at(0), at(30), refused).exhausted);
    }

    #[test]
    fn steps_of_no_time_do_not_spin() {
        let escalation = escalation(u32::MAX, &[0]);
        let timetable = timetable(&escalation, at(0), at(1), |_, due| Calls {
            begun: Some(due),
            failed: Some(due),
            ..Calls::default()
        });
        assert_eq!(timetable.due.len(), 61);
    }

    proptest! {
        #[test]
        fn nothing_is_due_before_its_time_and_the_next_lies_ahead(
            repeat in 0u32..3, minutes in prop::collection::vec(0u64..20, 0..4), now in 0i64..200, late in 0i64..10, fail: u8,
        ) {
            let escalation = escalation(repeat, &minutes);
            let calls = |place: Place, due: Timestamp| Calls {
                begun: Some(due.plus(late * 60_000)),
                failed: (fail >> (place.step % 8) & 1 == 1).then_some(due.plus(30_000)),
                ..Calls::default()
            };
            let timetable = timetable(&escalation, at(0), at(now), calls);
            prop_assert!(timetable.due.is_sorted_by(|a, b| a.0 < b.0 && a.1 <= b.1));
            prop_assert!(timetable.due.iter().all(|(_, due)| *due <= at(now)));
            prop_assert!(timetable.next.is_none_or(|next| next > at(now)));
            prop_assert_eq!(timetable.exhausted, timetable.next.is_none());
        }
    }
}
