//! An incident as the core keeps it: where it stands, without its history.

use std::collections::BTreeMap;

use orszem_records::signal::{Phase, Signal};
use orszem_records::time::Timestamp;

use super::escalate::timetable::Place;
use super::receiver_state::ReceiverState;
use orszem_records::incident::Incident;
use orszem_records::ledger::{Entry, Event};

/// An incident, its receivers, and what is new to each of them.
#[derive(Debug)]
pub(super) struct Tracked {
    /// The incident, without messages (`receivers` has them) and history.
    pub(super) incident: Incident,
    /// By receiver.
    pub(super) receivers: BTreeMap<String, ReceiverState>,
    /// One of its signals was of a kind that pages. Stays: who was called hears how it ends.
    pub(super) pages: bool,
    /// The ledger says that it ended with nobody to tell.
    pub(super) nobody_notified: bool,
    /// Signals so far.
    pub(super) signals: u32,
    /// The number of the newest signal that changed the figures.
    changed: u32,
    /// The number of the newest signal that raised the severity.
    risen: u32,
    /// Since when this process has wanted a step's calls that are not begun. Not in the ledger: only a step that waits
    /// for its turn behind other incidents is longer here than an instant.
    pub(super) waiting: BTreeMap<Place, Timestamp>,
    /// When it is to be looked at again.
    pub(super) wake: Option<Timestamp>,
}

impl Tracked {
    /// The incident that `entry` begins; only a signal that opens one can. The head of the ledger is cut off in time:
    /// of an incident without its beginning the attempts may be gone too, and it would be told a second time.
    pub(super) fn begin(entry: &Entry) -> Option<Tracked> {
        let Event::Signal(signal) = &entry.event else { return None };
        if signal.phase != Phase::Opened {
            return None;
        }
        let incident = Incident { history: Vec::new(), ..Incident::begin(entry)? };
        Some(Tracked {
            pages: signal.kind.pages(),
            risen: 1,
            signals: 1,
            changed: 1,
            incident,
            receivers: BTreeMap::new(),
            nobody_notified: false,
            waiting: BTreeMap::new(),
            wake: None,
        })
    }

    /// Folds the next entry. One that was folded before changes nothing.
    pub(super) fn apply(&mut self, entry: &Entry) {
        match &entry.event {
            Event::Signal(_) if self.incident.closed => {}
            Event::Signal(signal) => {
                self.signalled(signal);
                self.incident.fold(entry);
            }
            Event::Attempt(attempt) => {
                let exhausted = self.incident.exhausted;
                match self.receivers.get_mut(&attempt.receiver) {
                    Some(state) => state.attempted(attempt, entry.at, exhausted),
                    None => {
                        self.receivers
                            .insert(attempt.receiver.clone(), ReceiverState::begin(attempt, entry.at, exhausted));
                    }
                }
            }
            Event::Outcome(outcome) => {
                if let Some(state) = self.receivers.get_mut(&outcome.receiver) {
                    state.answered(outcome, entry.at);
                }
            }
            Event::Acknowledged(_) | Event::Resolved(_) | Event::EscalationExhausted { .. } => {
                self.incident.fold(entry)
            }
            Event::Feedback(_) => {}
            Event::NobodyNotified => self.nobody_notified = true,
        }
    }

    fn signalled(&mut self, signal: &Signal) {
        let before = &self.incident.signal;
        let changed = (before.observed, before.counts, before.kind, before.severity)
            != (signal.observed, signal.counts, signal.kind, signal.severity);
        self.signals = self.signals.saturating_add(1);
        if changed {
            self.changed = self.signals;
        }
        if signal.severity < self.incident.severity {
            self.risen = self.signals;
        }
        self.pages |= signal.kind.pages();
    }

    /// It is over: the all-clear has come, or a person said so.
    pub(super) fn over(&self) -> bool {
        self.incident.closed || self.incident.resolved.is_some()
    }

    /// Whether a person has it, or had it: nobody else needs to be called.
    pub(super) fn is_handled(&self) -> bool {
        self.incident.acknowledged.is_some() || self.incident.resolved.is_some()
    }

    /// Whether the figures changed after the signal with the given number.
    pub(super) fn news_since(&self, signals: u32) -> bool {
        self.changed > signals
    }

    /// Whether the severity rose after the signal with the given number.
    pub(super) fn risen_since(&self, signals: u32) -> bool {
        self.risen > signals
    }

    /// When the first attempt was made.
    pub(super) fn first_begun(&self) -> Option<Timestamp> {
        self.receivers.values().filter_map(ReceiverState::first_begun).min()
    }
}
