//! One receiver of one incident: what the ledger says of the messages to it, one after the other.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use orszem_records::time::Timestamp;

use super::escalate::timetable::Place;
use orszem_records::ledger::{Action, Attempt, CalledAlso, Delivery, Outcome, Recipients, StepTerms};

/// What the ledger says of an incident's messages to one receiver.
#[derive(Clone, Debug)]
pub(super) struct ReceiverState {
    /// The newest try of the newest message.
    pub(super) attempt: Attempt,
    /// When it was made.
    pub(super) at: Timestamp,
    /// How many signals the first try of that message took in.
    pub(super) first_signals: u32,
    /// When this process began to send it: later than `at` by the time of the commit, which may be long when a broker
    /// is in trouble. Not in the ledger: another owner goes by `at`.
    pub(super) sent_at: Option<Timestamp>,
    /// This process makes it. Not in the ledger.
    pub(super) ours: bool,
    /// What came of it, and when.
    pub(super) outcome: Option<(Delivery, Timestamp)>,
    /// A try of the newest message was accepted: the newest, or one before it whose outcome came late.
    pub(super) arrived: bool,
    /// Of a receiver with several recipients: for whom the newest message is settled, by all its tries so far.
    pub(super) settled: Recipients,
    /// Whether the receiver knows of the incident.
    pub(super) told: Told,
    /// When a call was last accepted.
    pub(super) rung_at: Option<Timestamp>,
    /// What its service gave us last to refer to its message: a page that was deleted there is posted again.
    pub(super) reference: Option<String>,
    /// An acknowledgement was sent, or tried.
    pub(super) acknowledged: bool,
    /// A resolve was sent, or tried, since this time.
    pub(super) resolved: Option<Timestamp>,
    /// What the newest message says of the incident beside its figures.
    pub(super) said: Said,
    /// What the message before it said, and how many signals that took in.
    pub(super) heard: Option<(u32, Said)>,
    /// It was told that the incident goes on although a person closed it, and not yet that it ended after all.
    pub(super) reminded: bool,
    /// The newest call only tries whether the receiver is back: it has one try.
    pub(super) is_knock: bool,
    /// The highest severity that its messages told, of a page that incidents share.
    pub(super) told_worst: Option<u8>,
    /// The newest message tells a higher one than those before it.
    pub(super) is_worse: bool,
    /// The newest message tells that a shared page is open again, of which it had told the end.
    pub(super) reopened_page: bool,
    /// The calls of the escalation that were made.
    calls: BTreeMap<Place, Call>,
    /// When this process last repeated the newest message to keep it firing. Not in the ledger.
    pub(super) refreshed: Option<Timestamp>,
}

/// What a message says of the incident beside its figures: where that stood when it was first tried.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Said {
    /// The escalation is exhausted.
    pub(super) exhausted: bool,
    /// Nobody else is called, because the watch names no escalation any more.
    pub(super) calls_ended: bool,
    /// A person had closed the incident.
    pub(super) after_closing: bool,
    /// How often it had opened again.
    pub(super) reopenings: u32,
    /// When somebody last gave it back, or took back that it is over.
    pub(super) back: Option<Timestamp>,
    /// How often the calls had begun again.
    pub(super) restarts: u32,
    /// When the person who has it was asked for another sign of life.
    pub(super) reminded: Option<Timestamp>,
}

/// Whether a receiver knows of the incident.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Told {
    /// No call was accepted.
    No,
    /// A call was made and its outcome was never written: it may have arrived.
    Maybe,
    /// A call was accepted.
    Yes,
}

/// One call of the escalation.
#[derive(Clone, Debug)]
pub(super) struct Call {
    /// When its first attempt was made.
    pub(super) begun: Timestamp,
    /// When it failed for good, where the ledger says so.
    pub(super) failed: Option<Timestamp>,
    /// What it began with, where it is the call of a person.
    pub(super) terms: Option<Box<StepTerms>>,
}

/// The place of the escalation that an attempt is part of.
pub(super) fn place(attempt: &Attempt) -> Place {
    Place { route: attempt.route, round: attempt.round, step: attempt.step }
}

/// Every place that an attempt is the call of, with what a person's call began with.
fn places(attempt: &Attempt) -> impl Iterator<Item = (Place, &Option<Box<StepTerms>>)> {
    let also = attempt.also.iter().map(|also| {
        let CalledAlso { route, round, step, terms } = also;
        (Place { route: *route, round: *round, step: *step }, terms)
    });
    std::iter::once((place(attempt), &attempt.terms)).chain(also)
}

impl ReceiverState {
    /// The state that its first attempt begins.
    pub(super) fn begin(attempt: &Attempt, at: Timestamp, said: Said) -> ReceiverState {
        let mut state = ReceiverState {
            attempt: attempt.clone(),
            at,
            first_signals: attempt.signals,
            sent_at: None,
            ours: false,
            outcome: None,
            arrived: false,
            settled: Recipients::default(),
            told: Told::No,
            rung_at: None,
            reference: None,
            acknowledged: false,
            resolved: None,
            said,
            heard: None,
            reminded: false,
            is_knock: false,
            told_worst: None,
            is_worse: false,
            reopened_page: false,
            calls: BTreeMap::new(),
            refreshed: None,
        };
        state.note(attempt, at, said);
        state
    }

    /// Folds an attempt; one that is not newer than the newest is known already. Says whether it was new. `grown` is
    /// the number of the newest signal that is a rise.
    pub(super) fn attempted(&mut self, attempt: &Attempt, at: Timestamp, said: Said, grown: u32) -> bool {
        if (attempt.revision, attempt.try_number) <= (self.attempt.revision, self.attempt.try_number) {
            return false;
        }
        if attempt.revision > self.attempt.revision {
            self.is_knock =
                attempt.action == Action::Trigger && self.call(place(attempt)).is_some() && grown <= self.first_signals;
            self.first_signals = attempt.signals;
            self.heard = Some((self.attempt.signals, self.said));
        }
        if self.attempt.action == Action::Trigger {
            match &self.outcome {
                None => self.told = self.told.max(Told::Maybe),
                // The call was given up, and another message follows.
                Some((_, failed)) if !self.has_reached() && attempt.revision > self.attempt.revision => {
                    self.fail_call(*failed);
                }
                Some(_) => {}
            }
        }
        if attempt.revision != self.attempt.revision {
            self.arrived = false;
            self.settled = Recipients::default();
        }
        self.attempt = attempt.clone();
        self.at = at;
        self.sent_at = None;
        self.ours = false;
        self.outcome = None;
        self.note(attempt, at, said);
        true
    }

    fn note(&mut self, attempt: &Attempt, at: Timestamp, said: Said) {
        self.said = said;
        if let Some(shows) = &attempt.shows {
            let is_again = attempt.try_number > 0;
            self.is_worse = self.told_worst.is_some_and(|told| shows.worst < told) || (is_again && self.is_worse);
            self.told_worst = Some(self.told_worst.map_or(shows.worst, |told| told.min(shows.worst)));
            let is_open = shows.over < shows.members;
            let tells_end = attempt.action == Action::Resolve;
            let is_back = is_open && !tells_end && self.resolved.take_if(|_| is_open && !tells_end).is_some();
            self.reopened_page = is_back || (is_again && self.reopened_page);
        }
        match attempt.action {
            Action::Trigger => {
                for (place, terms) in places(attempt) {
                    let call = || Call { begun: at, failed: None, terms: terms.clone() };
                    self.calls.entry(place).or_insert_with(call);
                }
            }
            Action::Update => self.reminded |= said.after_closing,
            Action::Acknowledge => self.acknowledged = true,
            Action::Resolve => {
                self.resolved.get_or_insert(at);
                self.reminded = false;
            }
        }
    }

    /// The incident opens again: the receiver is called again from the first step on, and hears again how it ends.
    pub(super) fn reopen(&mut self) {
        self.calls.clear();
        self.rung_at = None;
        self.acknowledged = false;
        self.resolved = None;
        self.reminded = false;
    }

    fn fail_call(&mut self, at: Timestamp) {
        for (place, _) in places(&self.attempt) {
            if let Some(call) = self.calls.get_mut(&place) {
                call.failed.get_or_insert(at);
            }
        }
    }

    /// Folds an outcome. One that answers an earlier try than the newest only counts when it says that the message
    /// did arrive; one that is known already changes nothing.
    pub(super) fn answered(&mut self, outcome: &Outcome, at: Timestamp) {
        if outcome.message != self.attempt.message || outcome.try_number > self.attempt.try_number {
            return;
        }
        if matches!(outcome.result, Delivery::Failed { .. }) && self.has_been_accepted(outcome.try_number) {
            return self.undelivered(outcome, at);
        }
        let reached = self.settled.reached.len();
        self.settled.merge(&outcome.recipients);
        if let Delivery::Accepted { reference } = &outcome.result {
            self.arrived = true;
            if reference.is_some() {
                self.reference.clone_from(reference);
            }
        }
        let is_accepted = matches!(outcome.result, Delivery::Accepted { .. });
        if self.attempt.action == Action::Trigger && (is_accepted || self.settled.reached.len() > reached) {
            self.told = Told::Yes;
            self.rung_at = self.rung_at.max(Some(at));
        }
        if outcome.try_number == self.attempt.try_number && self.outcome.is_none() {
            if self.attempt.action == Action::Trigger && matches!(outcome.result, Delivery::Failed { .. }) {
                self.fail_call(at);
            }
            self.outcome = Some((outcome.result.clone(), at));
        }
    }

    /// Whether this try of the newest message was accepted.
    fn has_been_accepted(&self, try_number: u32) -> bool {
        try_number == self.attempt.try_number && matches!(&self.outcome, Some((Delivery::Accepted { .. }, _)))
    }

    /// What the service had accepted did not arrive after all: a mail that bounced, a text that could not be delivered.
    fn undelivered(&mut self, outcome: &Outcome, at: Timestamp) {
        self.arrived = false;
        self.settled = outcome.recipients.clone();
        self.outcome = Some((outcome.result.clone(), at));
        if self.attempt.action == Action::Trigger {
            self.fail_call(at);
            self.told = self.told.min(Told::Maybe);
            self.rung_at = None;
        }
    }

    /// Whether the newest message is known at the receiver: accepted, or by one of several recipients at least.
    pub(super) fn has_reached(&self) -> bool {
        self.arrived || !self.settled.reached.is_empty()
    }

    /// Whether a try is under way as far as the ledger knows, and since when.
    pub(super) fn under_way_since(&self) -> Option<Timestamp> {
        self.outcome.is_none().then_some(self.sent_at.unwrap_or(self.at))
    }

    /// The newest try is being sent by this process since `now`.
    pub(super) fn sent(&mut self, now: Timestamp) {
        self.sent_at = Some(now.max(self.at));
    }

    /// The newest place of the escalation that this receiver was called for.
    pub(super) fn newest_call(&self) -> Option<Place> {
        self.calls.last_key_value().map(|(place, _)| *place)
    }

    /// The routes by which it was called.
    pub(super) fn called_routes(&self) -> BTreeSet<u32> {
        self.calls.keys().map(|place| place.route).collect()
    }

    /// The newest place that it was called for, of a route.
    pub(super) fn newest_call_of(&self, route: u32) -> Option<Place> {
        self.calls.range(of_route(route)).next_back().map(|(place, _)| *place)
    }

    /// The call for `place`, where one was made.
    pub(super) fn call(&self, place: Place) -> Option<&Call> {
        self.calls.get(&place)
    }

    /// The first call for `place` or a later one of its route.
    pub(super) fn call_from(&self, place: Place) -> Option<&Call> {
        self.calls.range(place..=*of_route(place.route).end()).next().map(|(_, call)| call)
    }

    /// When the earliest call was begun.
    pub(super) fn first_begun(&self) -> Option<Timestamp> {
        self.calls.values().map(|call| call.begun).min()
    }

    /// When the earliest call of a route was begun.
    pub(super) fn first_begun_of(&self, route: u32) -> Option<Timestamp> {
        self.calls.range(of_route(route)).map(|(_, call)| call.begun).min()
    }

    /// Whether the newest attempt is the call for a place.
    pub(super) fn is_call_for(&self, wanted: Place) -> bool {
        self.attempt.action == Action::Trigger && places(&self.attempt).any(|(place, _)| place == wanted)
    }
}

/// All places of a route.
pub(super) fn of_route(route: u32) -> RangeInclusive<Place> {
    Place { route, ..Place::default() }..=Place { route, round: u32::MAX, step: u32::MAX }
}
