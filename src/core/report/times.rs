//! The times that say how fast an incident was answered.

use orszem_records::incident::{Incident, Stamp};
use orszem_records::ledger::{Action, Event};
use orszem_records::time::Timestamp;
use serde::Serialize;

/// The times of an incident.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Times {
    /// The first mentions that were unusual, by the time of the mentions.
    pub began: Timestamp,
    /// The detector noticed it, by the time of the mentions.
    pub detected: Timestamp,
    /// The first message arrived: a service took it.
    pub paged: Option<Timestamp>,
    /// Somebody acknowledged it first.
    pub acknowledged: Option<Stamp>,
    /// The first statement was posted: seen in the stream, or a person said so.
    pub first_statement: Option<Timestamp>,
    /// It was over.
    pub ended: Option<Timestamp>,
    /// Whether the mentions are of about the same time as the clock. Where the past is replayed they are not, and
    /// lengths between the two say nothing.
    pub is_on_one_clock: bool,
}

impl Times {
    pub(super) fn of(incident: &Incident, carrier: &Incident) -> Times {
        const APART_MS: i64 = 2 * 24 * 3_600_000;
        let first_signal = incident.history.iter().find(|entry| matches!(entry.event, Event::Signal(_)));
        let detected = first_signal.map_or(incident.signal.at, |entry| entry.at);
        let arrived = carrier.messages.iter().filter(|message| {
            let is_about = carrier.id == incident.id || message.last_at >= detected;
            is_about && message.attempt.action == Action::Trigger && message.arrived()
        });
        let acknowledged = incident.history.iter().find_map(|entry| match &entry.event {
            Event::Acknowledged(by) | Event::TakenOver(by) => Some(Stamp { at: entry.at, by: by.clone() }),
            Event::Known(known) => Some(Stamp { at: entry.at, by: known.by.clone() }),
            _ => None,
        });
        let began = incident.signal.opened_at;
        let clocks = incident.history.iter().filter(|entry| !matches!(entry.event, Event::Signal(_)));
        let by_clock = clocks.map(|entry| entry.at).min();
        Times {
            began,
            detected,
            paged: arrived.filter_map(|message| message.outcome_at).min(),
            acknowledged,
            first_statement: incident.statements.posts().first().map(|posted| posted.at),
            ended: incident.ended_at(),
            is_on_one_clock: by_clock.is_none_or(|first| first.since(began).abs() < APART_MS),
        }
    }

    /// From the detection to the first message that arrived, in ms.
    pub fn to_page(&self) -> Option<i64> {
        self.paged.filter(|_| self.is_on_one_clock).map(|paged| paged.since(self.detected).max(0))
    }

    /// From the first message that arrived to the acknowledgement, in ms.
    pub fn to_acknowledge(&self) -> Option<i64> {
        Some(self.acknowledged.as_ref()?.at.since(self.paged?).max(0))
    }

    /// From the acknowledgement to the first statement, in ms.
    pub fn to_statement(&self) -> Option<i64> {
        Some(self.first_statement?.since(self.acknowledged.as_ref()?.at).max(0))
    }

    /// From the beginning to another of the times, in ms.
    pub fn after_began(&self, at: Timestamp) -> Option<i64> {
        self.is_on_one_clock.then(|| at.since(self.began).max(0))
    }
}
