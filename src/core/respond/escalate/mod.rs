//! Escalate: those of a step are called when the steps before it had their time and nobody acknowledged.

mod people;
pub(super) mod timetable;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use orszem_records::ledger::{Action, CalledAlso, StepTerms, person_of};
use orszem_records::time::Timestamp;

use super::dedup::was_called;
use super::deliver::{self, Progress};
use super::receiver_state::ReceiverState;
use super::route::Route;
use super::settings::Settings;
use super::tracked::Tracked;
use people::{Crew, crew, failed_at, next_ways};
use timetable::{Calls, Place, timetable};

/// A call of the escalation that is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Due {
    /// Its place.
    pub(super) place: Place,
    /// Since when.
    pub(super) since: Timestamp,
    /// Of the call of a person: what it begins with.
    pub(super) terms: Option<Box<StepTerms>>,
    /// The calls of other routes to the same receiver, which are made with it.
    pub(super) also: Vec<Due>,
}

impl Due {
    /// The steps of other routes that it is made for too, as they are written.
    pub(super) fn called_also(&self) -> Vec<CalledAlso> {
        let also = |due: &Due| {
            let Place { route, round, step } = due.place;
            CalledAlso { route, round, step, terms: due.terms.clone() }
        };
        self.also.iter().map(also).collect()
    }
}

/// Whose turn it is.
#[derive(Debug, Default)]
pub(super) struct Turn {
    /// The newest call of each receiver that is due and not made yet.
    pub(super) calls: BTreeMap<String, Due>,
    /// The steps whose calls are wanted and not begun.
    pub(super) waiting: Vec<Place>,
    /// The steps that find nobody whom they could call, where the ledger does not say so yet.
    pub(super) nobody: Vec<Place>,
    /// When the next step is due, or the next way of a person, or the escalation is exhausted.
    pub(super) next: Option<Timestamp>,
    /// The time of the last step of the last round has run out.
    pub(super) exhausted: bool,
}

impl Turn {
    fn call(&mut self, receiver: &str, place: Place, since: Timestamp) {
        self.calls.insert(receiver.to_owned(), Due { place, since, terms: None, also: Vec::new() });
    }

    /// What another route asks for too: who is called by both is called once.
    pub(super) fn join(&mut self, other: Turn) {
        for (receiver, due) in other.calls {
            match self.calls.entry(receiver) {
                Entry::Vacant(vacant) => drop(vacant.insert(due)),
                Entry::Occupied(mut made) => {
                    let made = made.get_mut();
                    made.since = made.since.min(due.since);
                    made.also.push(due);
                }
            }
        }
        self.waiting.extend(other.waiting);
        self.nobody.extend(other.nobody);
        if let Some(next) = other.next {
            self.wake_at(next);
        }
    }

    fn wake_at(&mut self, at: Timestamp) {
        self.next = Some(self.next.map_or(at, |next| next.min(at)));
    }
}

/// Whose turn it is at `now`.
pub(super) fn turn(tracked: &Tracked, route: Route<'_>, settings: &Settings, now: Timestamp) -> Turn {
    if tracked.over() { last_turn(tracked, route, settings, now) } else { open_turn(tracked, route, settings, now) }
}

/// Whose turn it is when every step has passed: the fallback hears that nobody came.
pub(super) fn fallback_turn(tracked: &Tracked, route: Route<'_>, now: Timestamp) -> Turn {
    let mut turn = Turn::default();
    let place = fallback_place(route, route.escalation.repeat);
    call_fallback(tracked, route, place, now, &mut turn);
    turn
}

/// The fallback of a round stands behind its steps.
fn fallback_place(route: Route<'_>, round: u32) -> Place {
    let step = u32::try_from(route.escalation.steps.len()).unwrap_or(u32::MAX);
    Place { route: route.number, round, step }
}

fn call_fallback(tracked: &Tracked, route: Route<'_>, place: Place, due: Timestamp, turn: &mut Turn) {
    for receiver in &route.escalation.fallback {
        if tracked.receivers.get(receiver).is_none_or(|state| state.newest_call_of(place.route) < Some(place)) {
            turn.call(receiver, place, due);
        }
    }
}

/// Of an incident that is over: who should have been told first, and was not yet.
fn last_turn(tracked: &Tracked, route: Route<'_>, settings: &Settings, now: Timestamp) -> Turn {
    let mut turn = Turn::default();
    let first = Place::first(route.number);
    for receiver in route.receivers(first).iter().filter(|receiver| !tracked.receivers.contains_key(*receiver)) {
        turn.call(receiver, first, now);
    }
    let mut crew = crew(tracked, route, settings, first, now);
    let withheld = || tracked.course.withheld.keys().map(|(way, _)| way);
    let was_called =
        |name: &str| tracked.receivers.keys().chain(withheld()).any(|receiver| person_of(receiver) == Some(name));
    crew.people.retain(|(name, _)| !was_called(name));
    call_people(&crew, tracked, settings, (first, now, now), now, &mut turn);
    turn.next = None;
    turn
}

fn open_turn(tracked: &Tracked, route: Route<'_>, settings: &Settings, now: Timestamp) -> Turn {
    let mut turn = Turn::default();
    let waiting = |place: Place| tracked.waiting.get(&place).copied().unwrap_or(now);
    // A first step that waits for its hours began to wait before others were made.
    let first = Place::first(route.number);
    let waited = tracked.waiting.get(&first).copied();
    let start = tracked.route_begun(route.number).into_iter().chain(waited).min().unwrap_or(now);
    let newest = tracked.newest_place(route.number);

    let mut crews = BTreeMap::new();
    let timetable = timetable((route.number, route.escalation), start, now, |place, due| {
        let crew = crew(tracked, route, settings, place, now);
        let calls = calls(&crew, tracked, route, settings, (place, due), now);
        // It waits for its hours, and the next step comes in its time all the same.
        if opens_at(route, settings, place, due, now) > now && calls.begun.is_none() {
            turn.waiting.push(place);
            return Calls { begun: Some(due), ..calls };
        }
        let found_nobody = route.receivers(place).is_empty() && crew.people.is_empty();
        let mut begun = calls.begun.or_else(|| tracked.course.nobody.get(&place).copied());
        if begun.is_none() && found_nobody {
            turn.nobody.push(place);
            begun = Some(waiting(place));
        }
        // A step that was passed over, because its receivers were still being called for an earlier one, stays so.
        if begun.is_none() && newest < Some(place) && has_free(&crew, tracked, route, settings, (place, due), now) {
            turn.waiting.push(place);
            begun = Some(waiting(place));
        }
        // The first step may wait for longer than others: for hours, or for people who are not called for this.
        if begun.is_none() && place == first && waited.is_some() {
            turn.waiting.push(place);
            begun = waited;
        }
        crews.insert(place, crew);
        Calls { begun, ..calls }
    });

    turn.next = timetable.next;
    for (number, (place, due)) in timetable.due.iter().enumerate() {
        let opens = opens_at(route, settings, *place, *due, now);
        if opens > now {
            turn.wake_at(opens);
            continue;
        }
        for receiver in route.receivers(*place) {
            if tracked.receivers.get(receiver).is_none_or(|state| !was_called(state, *place, *due, settings)) {
                turn.call(receiver, *place, *due);
            }
        }
        let end = timetable.due.get(number + 1).map(|(_, next)| *next).or(timetable.next).unwrap_or(now);
        if let Some(crew) = crews.get(place) {
            call_people(crew, tracked, settings, (*place, *due, end), now, &mut turn);
        }
    }
    for round in 0..=timetable.due.last().map_or(0, |(place, _)| place.round) {
        if let Some(due) = nobody_in_round(tracked, route, round) {
            call_fallback(tracked, route, fallback_place(route, round), due, &mut turn);
        }
    }
    turn.exhausted = timetable.exhausted;
    turn
}

/// When a step that is due since `due` may be made: at once, or when its hours begin.
fn opens_at(route: Route<'_>, settings: &Settings, place: Place, due: Timestamp, now: Timestamp) -> Timestamp {
    let hours = route.step(place).and_then(|step| step.hours.as_deref());
    let Some(window) = hours.and_then(|name| settings.windows.get(name)) else { return due };
    match window.is_in(now) {
        true => due,
        // Hours that never begin must not hold it up.
        false => window.next_change(now).unwrap_or(due),
    }
}

/// When a round turned out to have found nobody at all; `None` while a step of it is to come, or called somebody.
fn nobody_in_round(tracked: &Tracked, route: Route<'_>, round: u32) -> Option<Timestamp> {
    let steps = u32::try_from(route.escalation.steps.len()).ok()?;
    (0..steps)
        .map(|step| tracked.course.nobody.get(&Place { route: route.number, round, step }).copied())
        .try_fold(Timestamp(i64::MIN), |latest, found| Some(latest.max(found?)))
}

/// What became of the calls of the step at `place`, which is due since `due`.
fn calls(
    crew: &Crew,
    tracked: &Tracked,
    route: Route<'_>,
    settings: &Settings,
    (place, due): (Place, Timestamp),
    now: Timestamp,
) -> Calls {
    let states = || route.receivers(place).iter().map(|receiver| tracked.receivers.get(receiver));
    let begun = states().flatten().filter_map(|state| state.call(place)).map(|call| call.begun).min();
    let begun = begun.into_iter().chain(crew.begun).min();
    let receivers = states().map(|state| state.and_then(|it| deliver::failed_at(it, place, settings, now)));
    let people = || crew.people.iter().map(|person| failed_at(person, tracked, settings, place, now));
    // Where each has to acknowledge, one who cannot be reached leaves the step without hope.
    let hopeless = people().flatten().min().filter(|_| crew.people.iter().any(|(_, terms)| terms.all));
    let failed = receivers.chain(people()).try_fold(due, |latest, failed| Some(latest.max(failed?)));
    let hurried = tracked.course.hurried.get(&place).copied();
    Calls { begun, failed: hopeless.or(failed), allowed_ms: crew.allowed_ms(), hurried }
}

/// Whether a call of the step could begin now.
fn has_free(
    crew: &Crew,
    tracked: &Tracked,
    route: Route<'_>,
    settings: &Settings,
    (place, due): (Place, Timestamp),
    now: Timestamp,
) -> bool {
    let callable = |receiver: &String| {
        tracked
            .receivers
            .get(receiver)
            .is_none_or(|state| is_free(state, settings, now) && !was_called(state, place, due, settings))
    };
    let first_way = |terms: &StepTerms| {
        terms
            .ways
            .first()
            .is_some_and(|way| tracked.receivers.get(way).is_none_or(|state| is_free(state, settings, now)))
    };
    route.receivers(place).iter().any(callable) || crew.people.iter().any(|(_, terms)| first_way(terms))
}

/// Adds the ways of people that are due for the step at a place, which is due since one time and ends at another.
fn call_people(
    crew: &Crew,
    tracked: &Tracked,
    settings: &Settings,
    step: (Place, Timestamp, Timestamp),
    now: Timestamp,
    turn: &mut Turn,
) {
    for person in &crew.people {
        let next = next_ways(person, tracked, settings, step, now);
        for (way, since) in next.due {
            let terms = Some(Box::new(person.1.clone()));
            turn.calls.insert(way, Due { place: step.0, since, terms, also: Vec::new() });
        }
        if let Some(at) = next.later {
            turn.wake_at(at);
        }
    }
    if let Some(at) = crew.changes.filter(|at| *at > now) {
        turn.wake_at(at);
    }
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
    use crate::respond::route::routes;
    use orszem_records::ledger::Event;
    use orszem_records::signal::{Kind, Phase};

    const STEP_MS: i64 = 300_000;

    /// The receivers whose turn it is at `now`, when the next step is due, and whether all steps have passed.
    fn turn_at(then: &[Event], now: i64) -> (Vec<String>, Option<i64>, bool) {
        let settings = Settings::new(&config(0, &[&["slack", "mail"], &["pager", "mail"]]), capabilities());
        let opened = [signalled(Phase::Opened, Kind::Volume)];
        let tracked = tracked(opened.into_iter().chain(then.iter().cloned()));
        let turn = turn(&tracked, routes(&tracked, &settings)[0], &settings, Timestamp(now));
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
