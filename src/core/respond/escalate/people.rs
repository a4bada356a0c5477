//! People: whom a step calls, and by which of their ways.
//!
//! Whom a step calls is found when it is made, and written with its first attempt: no change of the configuration and
//! no change of shift takes the call away. A person's ways come one after the other, also while later steps are called.

use std::collections::BTreeMap;

use orszem_records::ledger::{StepTerms, person_of};
use orszem_records::time::Timestamp;

use super::super::deliver::{self, Progress};
use super::super::receiver_state::ReceiverState;
use super::super::route::Route;
use super::super::settings::Settings;
use super::super::tracked::Tracked;
use super::timetable::Place;
use crate::settings::{Acknowledge, Step};

/// The people of a step.
#[derive(Debug, Default)]
pub(super) struct Crew {
    /// Each with what their call began with, or begins with.
    pub(super) people: Vec<(String, StepTerms)>,
    /// One of their calls was made.
    pub(super) begun: Option<Timestamp>,
    /// When other people are on call, who are then called too.
    pub(super) changes: Option<Timestamp>,
}

/// The next ways of a person.
#[derive(Debug, Default)]
pub(super) struct NextWays {
    /// Those that are due, each since a time: one, and those that wait because of a limit.
    pub(super) due: Vec<(String, Timestamp)>,
    /// When the next is.
    pub(super) later: Option<Timestamp>,
}

/// The people of the step at `place`, at `now`.
pub(super) fn crew(tracked: &Tracked, route: Route<'_>, settings: &Settings, place: Place, now: Timestamp) -> Crew {
    let Some(step) = route.step(place) else { return Crew::default() };
    let mut crew = begun(tracked, settings, place);
    // Who comes on call in a step that found nobody is called in the next round.
    if tracked.course.nobody.contains_key(&place) {
        return crew;
    }
    if crew.begun.is_none() {
        let first = tracked.course.first.iter().filter(|_| place == Place::first(place.route));
        let named = first.chain(&step.people).cloned();
        let on_call = step.rotations.iter().flat_map(|rotation| settings.roster.on_call(rotation, now));
        let mut names: Vec<String> = Vec::new();
        for name in named.chain(on_call) {
            let is_called = settings.ways(&name).is_some() && settings.roster.is_called(&name, now);
            if is_called && !names.contains(&name) {
                names.push(name);
            }
        }
        crew.people = names.iter().map(|name| (name.clone(), terms(step, name, &names, settings))).collect();
    } else {
        hand_over(&mut crew, tracked, (step, settings), place, now);
    }
    crew
}

/// Of a step that was made: whom it called, as it began.
fn begun(tracked: &Tracked, settings: &Settings, place: Place) -> Crew {
    let mut crew = Crew::default();
    let mut named: Vec<String> = Vec::new();
    let mut people: BTreeMap<&str, StepTerms> = BTreeMap::new();
    for (receiver, state) in &tracked.receivers {
        let (Some(person), Some(call)) = (person_of(receiver), state.call(place)) else { continue };
        crew.begun = Some(crew.begun.map_or(call.begun, |begun| begun.min(call.begun)));
        if let Some(terms) = &call.terms {
            named.extend(terms.people.iter().filter(|name| !named.contains(name)).cloned().collect::<Vec<_>>());
            people.entry(person).or_insert_with(|| StepTerms::clone(terms));
        }
    }
    for ((way, _), call) in tracked.course.withheld.iter().filter(|((_, held), _)| *held == place) {
        let Some(person) = person_of(way) else { continue };
        crew.begun = Some(crew.begun.map_or(call.since, |begun| begun.min(call.since)));
        if let Some(terms) = &call.terms {
            named.extend(terms.people.iter().filter(|name| !named.contains(name)).cloned().collect::<Vec<_>>());
            people.entry(person).or_insert_with(|| StepTerms::clone(terms));
        }
    }
    // Of whom no call was made yet, only the name is known: their ways are those that they have now.
    let of_step = people.values().next().cloned().unwrap_or_default();
    for name in named {
        let terms = people.get(name.as_str()).cloned().unwrap_or_else(|| {
            let (ways, next_way_ms) = settings.ways(&name).unwrap_or_default();
            StepTerms { ways: ways.to_vec(), next_way_ms, ..of_step.clone() }
        });
        crew.people.push((name, terms));
    }
    crew
}

/// An open page is handed over: who has come on call since the step was made is called too.
fn hand_over(crew: &mut Crew, tracked: &Tracked, (step, settings): (&Step, &Settings), place: Place, now: Timestamp) {
    if tracked.newest_place(place.route).is_none_or(|newest| newest.round != place.round) {
        return;
    }
    let mut names: Vec<String> = crew.people.iter().map(|(name, _)| name.clone()).collect();
    for name in step.rotations.iter().flat_map(|rotation| settings.roster.on_call(rotation, now)) {
        if settings.ways(&name).is_some() && !names.contains(&name) {
            names.push(name.clone());
            let terms = terms(step, &name, &names, settings);
            crew.people.push((name, terms));
        }
    }
    let changes = step.rotations.iter().filter_map(|rotation| settings.roster.next_change(rotation, now));
    crew.changes = changes.min();
}

fn terms(step: &Step, person: &str, people: &[String], settings: &Settings) -> StepTerms {
    let (ways, next_way_ms) = settings.ways(person).unwrap_or_default();
    StepTerms {
        people: people.to_vec(),
        all: step.acknowledge == Acknowledge::All,
        acknowledge_within_ms: step.acknowledge_within.millis(),
        ways: ways.to_vec(),
        next_way_ms,
    }
}

impl Crew {
    /// How long the step allows, where that was written when it began.
    pub(super) fn allowed_ms(&self) -> Option<i64> {
        self.begun?;
        self.people.first().map(|(_, terms)| terms.acknowledge_within_ms)
    }
}

/// The next ways of a person for the step at `place`, which is due since `due` and ends at `end`.
pub(super) fn next_ways(
    (person, terms): &(String, StepTerms),
    tracked: &Tracked,
    settings: &Settings,
    (place, due, end): (Place, Timestamp, Timestamp),
    now: Timestamp,
) -> NextWays {
    let mut next = NextWays::default();
    if tracked.course.answered.contains(&(place, person.clone())) {
        return next;
    }
    let mut at = due;
    for way in &terms.ways {
        let state = tracked.receivers.get(way);
        let Some((called_for, call)) = state.and_then(|state| Some((state, state.call_from(place)?))) else {
            if let Some(quiet) = settings.quiet_until(person, tracked.severity(), now.max(at)) {
                next.later = Some(quiet);
                return next;
            }
            if let Some(since) = tracked.course.waits(way, place) {
                next.due.push((way.clone(), since));
                at = since.plus(terms.next_way_ms);
                continue;
            }
            // A way that is gone fails when it is tried, and the ledger says so.
            let gone = settings.capabilities(way).is_none();
            match gone || at <= now {
                true => next.due.push((way.clone(), at.min(now))),
                false => next.later = Some(at),
            }
            return next;
        };
        at = call.begun.plus(terms.next_way_ms);
        if let Some(failed) = given_up(called_for, (place, end), settings, now) {
            at = failed.max(call.begun).min(at);
        }
    }
    next
}

/// When the step failed for a person: no way of theirs is left that could reach them.
pub(super) fn failed_at(
    (person, terms): &(String, StepTerms),
    tracked: &Tracked,
    settings: &Settings,
    place: Place,
    now: Timestamp,
) -> Option<Timestamp> {
    let is_gone = settings.ways(person).is_none();
    let mut latest = None;
    for way in &terms.ways {
        let state = tracked.receivers.get(way)?;
        let failed = deliver::failed_at(state, place, settings, now);
        // Somebody who is no longer in the configuration does not come, even where a way had reached them.
        latest = latest.max(match failed {
            Some(failed) => Some(failed),
            None if is_gone => Some(state.call(place)?.begun),
            None => return None,
        });
    }
    latest
}

/// When the call was given up for the next way: it failed for good, or it is to be tried again only after the step.
fn given_up(
    state: &ReceiverState,
    (place, end): (Place, Timestamp),
    settings: &Settings,
    now: Timestamp,
) -> Option<Timestamp> {
    if let Some(failed) = deliver::failed_at(state, place, settings, now) {
        return Some(failed);
    }
    match deliver::progress(state, settings, now) {
        Progress::Again(at) if at > end && !state.has_reached() => {
            state.outcome.as_ref().map(|(_, answered)| *answered)
        }
        _ => None,
    }
}
