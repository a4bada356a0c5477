//! What came after its time, or not at all.

use orszem_records::incident::{Incident, Stamp};
use orszem_records::ledger::{Action, ItemKind};
use orszem_records::time::Timestamp;
use serde::Serialize;

use super::times::Times;
use crate::playbook::due;
use crate::settings::Config;

/// Something that came after its time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Late {
    /// What.
    #[serde(flatten)]
    pub what: What,
    /// When it was due.
    pub due: Timestamp,
    /// Who did it, and when; `None` where it was not done at all.
    pub done: Option<Stamp>,
}

/// What came late.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "what", rename_all = "kebab-case")]
pub enum What {
    /// The acknowledgement, after the time of the first step of the escalation.
    Acknowledgement,
    /// Something that people tick.
    Item {
        /// What kind of thing.
        kind: ItemKind,
        /// What.
        item: String,
    },
}

impl Late {
    /// How much later it was done than it was due, in ms; `None` where it was not done at all.
    pub fn by(&self) -> Option<i64> {
        self.done.as_ref().map(|stamp| stamp.at.since(self.due))
    }
}

/// What came late, in the order in which it was due.
pub(super) fn of(config: &Config, incident: &Incident, carrier: &Incident, times: &Times, now: Timestamp) -> Vec<Late> {
    let until = times.ended.unwrap_or(now);
    let items = due(config, incident).into_iter().filter(|due| due.late_by(until).is_some());
    let mut late: Vec<Late> = items
        .map(|due| Late { what: What::Item { kind: due.kind, item: due.what }, due: due.at, done: due.done })
        .collect();
    late.extend(acknowledgement(config, incident, carrier, times, until));
    late.sort_by_key(|one| one.due);
    late
}

/// The acknowledgement, where it came after the time that the first step gave for it.
fn acknowledgement(
    config: &Config,
    incident: &Incident,
    carrier: &Incident,
    times: &Times,
    until: Timestamp,
) -> Option<Late> {
    // One that joined the page of another later was not what that was called for.
    let begun = incident.history.first().map_or(incident.signal.opened_at, |entry| entry.at);
    let is_about = |at: Timestamp| carrier.id == incident.id || at >= begun;
    let mut calls = carrier
        .messages
        .iter()
        .filter(|message| message.attempt.action == Action::Trigger && is_about(message.first_at));
    let first = calls.find(|message| (message.attempt.round, message.attempt.step) == (0, 0))?;
    let of_terms = first.attempt.terms.as_ref().map(|terms| terms.acknowledge_within_ms);
    let of_step = || {
        let routed = carrier.routes().into_iter().find_map(|(_, joined)| joined.escalation.clone());
        let name = routed.or_else(|| config.watch(&incident.watch)?.escalation.clone())?;
        Some(config.escalation(&name)?.steps.first()?.acknowledge_within.millis())
    };
    let due = first.first_at.plus(of_terms.or_else(of_step)?);
    let done = times.acknowledged.clone();
    let is_late = done.as_ref().map_or(due < until, |stamp| stamp.at > due);
    is_late.then_some(Late { what: What::Acknowledgement, due, done })
}
