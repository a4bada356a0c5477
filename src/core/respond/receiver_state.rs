//! One receiver of one incident: the messages to it, one after the other.

use std::collections::BTreeMap;

use orszem_records::time::Timestamp;

use super::escalation::Place;
use super::retry;
use super::settings::Settings;
use orszem_records::ledger::{Action, Attempt, Delivery, Outcome};

/// What the ledger says of an incident's messages to one receiver.
#[derive(Clone, Debug)]
pub(super) struct ReceiverState {
    /// The newest try of the newest message.
    pub(super) attempt: Attempt,
    /// When it was made.
    at: Timestamp,
    /// When this process began to send it: later than `at` by the time of the commit, which may be long when a broker
    /// is in trouble. Not in the ledger: another owner goes by `at`.
    sent_at: Option<Timestamp>,
    /// What came of it, and when.
    outcome: Option<(Delivery, Timestamp)>,
    /// A try of the newest message was accepted: the newest, or one before it whose outcome came late.
    arrived: bool,
    /// Whether the receiver knows of the incident.
    pub(super) told: Told,
    /// When a call was last accepted.
    pub(super) rung_at: Option<Timestamp>,
    /// What its service gave us last to refer to its message: a page that was deleted there is posted anew.
    pub(super) reference: Option<String>,
    /// An acknowledgement was sent, or tried.
    pub(super) acknowledged: bool,
    /// A resolve was sent, or tried, since this time.
    pub(super) resolved: Option<Timestamp>,
    /// The newest message says that the escalation is spent.
    pub(super) says_spent: bool,
    /// The calls of the escalation that were made.
    calls: BTreeMap<Place, Call>,
    /// When this process last repeated the newest message to keep it firing. Not in the ledger.
    pub(super) refreshed: Option<Timestamp>,
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

#[derive(Clone, Copy, Debug)]
struct Call {
    begun: Timestamp,
    failed: Option<Timestamp>,
}

/// Where the newest message stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Progress {
    /// Its outcome is final: the next may begin.
    Idle,
    /// A try is under way, until this time at the latest.
    UnderWay(Timestamp),
    /// It is to be tried again at this time.
    Again(Timestamp),
}

fn place(attempt: &Attempt) -> Place {
    Place { round: attempt.round, step: attempt.step }
}

impl ReceiverState {
    /// The lane that its first attempt begins.
    pub(super) fn begin(attempt: &Attempt, at: Timestamp, spent: bool) -> ReceiverState {
        let mut state = ReceiverState {
            attempt: attempt.clone(),
            at,
            sent_at: None,
            outcome: None,
            arrived: false,
            told: Told::No,
            rung_at: None,
            reference: None,
            acknowledged: false,
            resolved: None,
            says_spent: spent,
            calls: BTreeMap::new(),
            refreshed: None,
        };
        state.note(attempt, at, spent);
        state
    }

    /// Takes in an attempt; one that is not newer than the newest is known already.
    pub(super) fn attempted(&mut self, attempt: &Attempt, at: Timestamp, spent: bool) {
        if (attempt.revision, attempt.try_number) <= (self.attempt.revision, self.attempt.try_number) {
            return;
        }
        if self.attempt.action == Action::Trigger {
            match &self.outcome {
                None => self.told = self.told.max(Told::Maybe),
                // The call was given up, and another message follows.
                Some((_, failed)) if !self.arrived && attempt.revision > self.attempt.revision => {
                    self.fail_call(*failed);
                }
                Some(_) => {}
            }
        }
        self.arrived &= attempt.revision == self.attempt.revision;
        self.attempt = attempt.clone();
        self.at = at;
        self.sent_at = None;
        self.outcome = None;
        self.note(attempt, at, spent);
    }

    fn note(&mut self, attempt: &Attempt, at: Timestamp, spent: bool) {
        self.says_spent = spent;
        match attempt.action {
            Action::Trigger => {
                self.calls.entry(place(attempt)).or_insert(Call { begun: at, failed: None });
            }
            Action::Update => {}
            Action::Acknowledge => self.acknowledged = true,
            Action::Resolve => {
                self.resolved.get_or_insert(at);
            }
        }
    }

    fn fail_call(&mut self, at: Timestamp) {
        if let Some(call) = self.calls.get_mut(&place(&self.attempt)) {
            call.failed.get_or_insert(at);
        }
    }

    /// Takes in an outcome. One that answers an earlier try than the newest only counts when it says that the message
    /// did arrive; one that is known already changes nothing.
    pub(super) fn answered(&mut self, outcome: &Outcome, at: Timestamp) {
        if outcome.message != self.attempt.message || outcome.try_number > self.attempt.try_number {
            return;
        }
        if let Delivery::Accepted { reference } = &outcome.result {
            self.arrived = true;
            if reference.is_some() {
                self.reference.clone_from(reference);
            }
            if self.attempt.action == Action::Trigger {
                self.told = Told::Yes;
                self.rung_at = self.rung_at.max(Some(at));
            }
        }
        if outcome.try_number == self.attempt.try_number && self.outcome.is_none() {
            if self.attempt.action == Action::Trigger && matches!(outcome.result, Delivery::Failed { .. }) {
                self.fail_call(at);
            }
            self.outcome = Some((outcome.result.clone(), at));
        }
    }

    /// Where the newest message stands at `now`.
    pub(super) fn progress(&self, settings: &Settings, now: Timestamp) -> Progress {
        let again_at = match &self.outcome {
            Some((Delivery::Accepted { .. } | Delivery::Failed { .. }, _)) => return Progress::Idle,
            Some((Delivery::Retry { after_ms, .. }, at)) => {
                at.plus(retry::wait_ms(&settings.respond, &self.attempt.message, self.attempt.try_number, *after_ms))
            }
            None => {
                let lost_at = self.lost_at(settings);
                if now < lost_at {
                    return Progress::UnderWay(lost_at);
                }
                lost_at
            }
        };
        let tries = self.attempt.try_number.saturating_add(1);
        if self.arrived || tries >= settings.respond.retry_limit { Progress::Idle } else { Progress::Again(again_at) }
    }

    /// Whether a try is under way as far as the ledger knows, and since when.
    pub(super) fn under_way_since(&self) -> Option<Timestamp> {
        self.outcome.is_none().then_some(self.sent_at.unwrap_or(self.at))
    }

    /// The newest try is being sent by this process since `now`.
    pub(super) fn sent(&mut self, now: Timestamp) {
        self.sent_at = Some(now.max(self.at));
    }

    /// When the newest try counts as lost unless its outcome is known by then.
    fn lost_at(&self, settings: &Settings) -> Timestamp {
        self.sent_at.unwrap_or(self.at).plus(settings.patience_ms())
    }

    /// What the receiver knows at `now`: a call whose outcome does not come any more may have arrived.
    pub(super) fn told_at(&self, settings: &Settings, now: Timestamp) -> Told {
        let lost = self.attempt.action == Action::Trigger && self.outcome.is_none() && now >= self.lost_at(settings);
        if lost { self.told.max(Told::Maybe) } else { self.told }
    }

    /// Whether the newest message was accepted.
    pub(super) fn accepted(&self) -> bool {
        self.arrived
    }

    /// When the newest try was made.
    pub(super) fn last_at(&self) -> Timestamp {
        self.at
    }

    /// The newest place of the escalation that this receiver was called for.
    pub(super) fn newest_call(&self) -> Option<Place> {
        self.calls.last_key_value().map(|(place, _)| *place)
    }

    /// When the call for `place` was begun.
    pub(super) fn begun(&self, place: Place) -> Option<Timestamp> {
        self.calls.get(&place).map(|call| call.begun)
    }

    /// When the earliest call was begun.
    pub(super) fn first_begun(&self) -> Option<Timestamp> {
        self.calls.values().map(|call| call.begun).min()
    }

    /// When the call for `wanted` failed for good, where it did.
    pub(super) fn failed(&self, wanted: Place, settings: &Settings, now: Timestamp) -> Option<Timestamp> {
        let call = self.calls.get(&wanted)?;
        if call.failed.is_some() {
            return call.failed;
        }
        let newest = self.attempt.action == Action::Trigger && place(&self.attempt) == wanted;
        let exhausted = newest && !self.accepted() && self.progress(settings, now) == Progress::Idle;
        exhausted.then(|| match &self.outcome {
            Some((_, at)) => *at,
            None => self.lost_at(settings),
        })
    }

    /// Whether the call for `place`, due since `due`, is already met: by its own attempt, by one for a later place, or
    /// by an earlier call that was accepted only after `due`.
    pub(super) fn met(&self, place: Place, due: Timestamp) -> bool {
        self.newest_call() >= Some(place) || self.rung_at.is_some_and(|rung| rung >= due)
    }
}
