//! Who was called, and what came of it.

use orszem_records::incident::Message;
use orszem_records::ledger::Delivery;
use orszem_records::time::Timestamp;
use serde::Serialize;

/// A call to a receiver or by a way of a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Call {
    /// The receiver, or `person/receiver`.
    pub receiver: String,
    /// The round of the escalation, from 1.
    pub round: u32,
    /// The step, from 1.
    pub step: u32,
    /// When the first try was made.
    pub first_at: Timestamp,
    /// How often it was tried.
    pub tries: u32,
    /// When its service took it; `None` where it did not.
    pub arrived_at: Option<Timestamp>,
    /// Why it did not arrive, or what to know although it did.
    pub reason: Option<String>,
    /// It is still under way.
    pub is_under_way: bool,
}

impl Call {
    pub(super) fn of(message: &Message) -> Call {
        let reason = match &message.outcome {
            Some(Delivery::Failed { reason } | Delivery::Retry { reason, .. }) => Some(reason.clone()),
            Some(Delivery::Accepted { .. }) | None => message.note.clone(),
        };
        Call {
            receiver: message.attempt.receiver.clone(),
            round: message.attempt.round.saturating_add(1),
            step: message.attempt.step.saturating_add(1),
            first_at: message.first_at,
            tries: message.attempt.try_number.saturating_add(1),
            arrived_at: message.outcome_at.filter(|_| message.arrived()),
            reason,
            is_under_way: message.outcome.is_none(),
        }
    }
}
