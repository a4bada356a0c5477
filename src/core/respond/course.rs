//! The course of an escalation beside its calls: what else the ledger says of its steps.

use std::collections::{BTreeMap, BTreeSet};

use orszem_records::time::Timestamp;

use super::escalate::timetable::Place;

/// Two wishes for the next step within this time, in ms, are one: a button pressed twice.
const TWICE_MS: i64 = 1_000;

/// What the ledger says of the steps beside the calls, since the calls last began.
#[derive(Debug, Default)]
pub(super) struct Course {
    /// How often the calls began again.
    pub(super) restarts: u32,
    /// The steps that found nobody whom they could call, and when.
    pub(super) nobody: BTreeMap<Place, Timestamp>,
    /// The steps whose time somebody ended early, and when.
    pub(super) hurried: BTreeMap<Place, Timestamp>,
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
