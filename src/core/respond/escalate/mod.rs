//! Escalate: the receivers of a step are called when the steps before it had their time and nobody acknowledged.

pub(super) mod timetable;

use std::collections::BTreeMap;

use orszem_records::ledger::Action;
use orszem_records::time::Timestamp;

use super::dedup::was_called;
use super::deliver::{self, Progress};
use super::receiver_state::ReceiverState;
use super::route::Route;
use super::settings::Settings;
use super::tracked::Tracked;
use timetable::{Calls, Place, timetable};

/// A call of the escalation: its place and since when it is due.
pub(super) type Due = (Place, Timestamp);

/// Whose turn it is.
#[derive(Debug, Default)]
pub(super) struct Turn<'a> {
    /// The newest call of each receiver that is due and not made yet.
    pub(super) calls: BTreeMap<&'a str, Due>,
    /// The steps whose calls are wanted and not begun.
    pub(super) waiting: Vec<Place>,
    /// When the next step is due, or the escalation is exhausted.
    pub(super) next: Option<Timestamp>,
    /// The time of the last step of the last round has run out.
    pub(super) exhausted: bool,
}

/// Whose turn it is at `now`.
pub(super) fn turn<'a>(tracked: &Tracked, route: Route<'a>, settings: &Settings, now: Timestamp) -> Turn<'a> {
    if tracked.over() { last_turn(tracked, route, now) } else { open_turn(tracked, route, settings, now) }
}

/// Of an incident that is over: who should have been told first, and was not yet.
fn last_turn<'a>(tracked: &Tracked, route: Route<'a>, now: Timestamp) -> Turn<'a> {
    let first = Place::default();
    let missed = route.receivers(first).iter().filter(|receiver| !tracked.receivers.contains_key(*receiver));
    Turn { calls: missed.map(|receiver| (receiver.as_str(), (first, now))).collect(), ..Turn::default() }
}

fn open_turn<'a>(tracked: &Tracked, route: Route<'a>, settings: &Settings, now: Timestamp) -> Turn<'a> {
    let mut turn = Turn::default();
    let waiting = |place: Place| tracked.waiting.get(&place).copied().unwrap_or(now);
    let start = tracked.first_begun().unwrap_or_else(|| waiting(Place::default()));
    let newest = tracked.receivers.values().filter_map(ReceiverState::newest_call).max();

    let timetable = timetable(route.escalation, start, now, |place, due| {
        let states = || route.receivers(place).iter().map(|receiver| tracked.receivers.get(receiver));
        let callable = |state: Option<&ReceiverState>| {
            state.is_none_or(|state| is_free(state, settings, now) && !was_called(state, place, due, settings))
        };
        let mut begun = states().flatten().filter_map(|state| state.call(place)).map(|call| call.begun).min();
        // A step that was passed over, because its receivers were still being called for an earlier one, stays so.
        if begun.is_none() && newest < Some(place) && states().any(callable) {
            turn.waiting.push(place);
            begun = Some(waiting(place));
        }
        let mut failures = states().map(|state| state.and_then(|it| deliver::failed_at(it, place, settings, now)));
        let failed = failures.try_fold(due, |latest, failed| Some(latest.max(failed?)));
        Calls { begun, failed }
    });

    for (place, due) in timetable.due {
        for receiver in route.receivers(place) {
            if tracked.receivers.get(receiver).is_none_or(|state| !was_called(state, place, due, settings)) {
                turn.calls.insert(receiver.as_str(), (place, due));
            }
        }
    }
    turn.exhausted = timetable.exhausted;
    turn.next = timetable.next;
    turn
}

/// Whether a call to the receiver could begin now: no other is under way or to be tried again.
fn is_free(state: &ReceiverState, settings: &Settings, now: Timestamp) -> bool {
    match deliver::progress(state, settings, now) {
        Progress::Idle => true,
        Progress::UnderWay(_) => false,
        // Recipients that the earlier call has not reached yet hold up no later one.
        Progress::Again(_) => state.attempt.action != Action::Trigger || state.has_reached(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::respond::core_fixture::{accepted, attempt, capabilities, config, signalled, tracked};
    use crate::respond::route::route;
    use orszem_records::ledger::Event;
    use orszem_records::signal::{Kind, Phase};

    const STEP_MS: i64 = 300_000;

    /// The receivers whose turn it is at `now`, when the next step is due, and whether all steps have passed.
    fn turn_at(then: &[Event], now: i64) -> (Vec<String>, Option<i64>, bool) {
        let settings = Settings::new(&config(0, &[&["slack", "mail"], &["pager", "mail"]]), capabilities());
        let opened = [signalled(Phase::Opened, Kind::Volume)];
        let tracked = tracked(opened.into_iter().chain(then.iter().cloned()));
        let turn = turn(&tracked, route("acme", &settings).unwrap(), &settings, Timestamp(now));
        let calls = turn.calls.keys().map(|receiver| (*receiver).to_owned()).collect();
        (calls, turn.next.map(|at| at.0), turn.exhausted)
    }

    fn called(receiver: &str) -> [Event; 2] {
        [attempt(receiver, Action::Trigger, 0, 0), accepted(receiver, 0, 0)]
    }

    #[test]
    fn the_first_step_is_called_at_once_and_the_next_after_its_time() {
        assert_eq!(turn_at(&[], 0), (vec!["mail".into(), "slack".into()], Some(STEP_MS), false));
        let first = [called("slack"), called("mail")].concat();
        assert_eq!(turn_at(&first, STEP_MS - 1), (vec![], Some(STEP_MS), false));
        assert_eq!(turn_at(&first, STEP_MS), (vec!["mail".into(), "pager".into()], Some(2 * STEP_MS), false));
    }

    #[test]
    fn a_receiver_that_was_not_called_yet_keeps_its_turn() {
        assert_eq!(turn_at(&called("slack"), STEP_MS - 1).0, ["mail"]);
    }

    #[test]
    fn after_the_last_step_the_escalation_is_exhausted() {
        let mut pager = called("pager");
        if let Event::Attempt(attempt) = &mut pager[0] {
            attempt.step = 1;
        }
        let all = [called("slack"), called("mail"), pager].concat();
        assert_eq!(turn_at(&all, 2 * STEP_MS - 1).1, Some(2 * STEP_MS));
        let (_, next, exhausted) = turn_at(&all, 2 * STEP_MS);
        assert_eq!((next, exhausted), (None, true));
    }

    #[test]
    fn of_an_incident_that_is_over_only_the_first_receivers_hear() {
        let closed = signalled(Phase::Closed, Kind::Volume);
        assert_eq!(
            turn_at(std::slice::from_ref(&closed), 10 * STEP_MS),
            (vec!["mail".into(), "slack".into()], None, false)
        );
        let told = [&called("slack")[..], &called("mail"), &[closed]].concat();
        assert_eq!(turn_at(&told, 10 * STEP_MS), (vec![], None, false));
    }
}
