//! The course of an escalation beside its calls: what else the ledger says of its steps.

use std::collections::{BTreeMap, BTreeSet};

use orszem_records::ledger::{StepTerms, Withheld};
use orszem_records::time::Timestamp;

use super::escalate::timetable::Place;

/// Two wishes for the next step within this time, in ms, are one: a button pressed twice.
const TWICE_MS: i64 = 1_000;

/// A call that waits because there were too many.
#[derive(Debug)]
pub(super) struct WaitingCall {
    /// Since when.
    pub(super) since: Timestamp,
    /// What the step began with for the person.
    pub(super) terms: Option<Box<StepTerms>>,
}

/// What the ledger says of the steps beside the calls, since the calls last began.
#[derive(Debug, Default)]
pub(super) struct Course {
    /// How often the calls began again.
    pub(super) restarts: u32,
    /// The steps that found nobody whom they could call, and when.
    pub(super) nobody: BTreeMap<Place, Timestamp>,
    /// The steps whose time somebody ended early, and when.
    pub(super) hurried: BTreeMap<Place, Timestamp>,
    /// The calls that wait because of a limit, by the way of the person.
    pub(super) withheld: BTreeMap<(String, Place), WaitingCall>,
    /// Who acknowledged which step.
    pub(super) answered: BTreeSet<(Place, String)>,
    /// Whose acknowledgement no longer holds because it got worse: is called first.
    pub(super) first: Option<String>,
}

impl Course {
    /// The calls begin again. `first` is called beside those of the first step.
    pub(super) fn restart(&mut self, first: Option<String>) {
        *self = Course { restarts: self.restarts.saturating_add(1), first, ..Course::default() };
    }

    /// A call waits since `at`.
    pub(super) fn withhold(&mut self, withheld: &Withheld, at: Timestamp) {
        if withheld.restarts != self.restarts {
            return;
        }
        for step in &withheld.steps {
            let place = Place { route: step.route, round: step.round, step: step.step };
            let call = || WaitingCall { since: at, terms: step.terms.clone() };
            self.withheld.entry((withheld.receiver.clone(), place)).or_insert_with(call);
        }
    }

    /// Since when a call by a way waits for a step.
    pub(super) fn waits(&self, way: &str, place: Place) -> Option<Timestamp> {
        self.withheld.get(&(way.to_owned(), place)).map(|call| call.since)
    }

    /// The steps of a route that have a call which waits, and since when.
    pub(super) fn withheld_of(&self, route: u32) -> impl Iterator<Item = (Place, Timestamp)> {
        let calls = self.withheld.iter().filter(move |((_, place), _)| place.route == route);
        calls.map(|((_, place), call)| (*place, call.since))
    }

    /// Somebody asked at `at` for the steps after these places, one of each route.
    pub(super) fn hurry(&mut self, places: &[Place], at: Timestamp) {
        let pressed_twice = self.hurried.values().any(|before| at.since(*before) < TWICE_MS);
        if !pressed_twice {
            for place in places {
                self.hurried.entry(*place).or_insert(at);
            }
        }
    }
}
