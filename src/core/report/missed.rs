//! What did not work: calls that reached nobody, buttons that failed.

use orszem_records::incident::Incident;
use orszem_records::ledger::{Entry, Event, PressResult, RestartReason};
use orszem_records::time::Timestamp;
use serde::Serialize;

use super::calls::Call;

/// Something that did not work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Missed {
    /// When.
    pub at: Timestamp,
    /// What.
    #[serde(flatten)]
    pub what: What,
}

/// What did not work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "what", rename_all = "kebab-case")]
pub enum What {
    /// A step of the escalation found nobody whom it could call.
    NobodyOnCall {
        /// The round, from 1.
        round: u32,
        /// The step, from 1.
        step: u32,
    },
    /// Every step passed, and nobody acknowledged.
    EscalationExhausted {
        /// The escalation.
        escalation: String,
    },
    /// A call did not arrive.
    CallFailed {
        /// The receiver.
        receiver: String,
        /// Why.
        reason: String,
    },
    /// The acknowledgement ran out, and the reminder was not answered.
    AcknowledgementRanOut,
    /// It is over and nobody was told.
    NobodyNotified,
    /// A button did not work.
    ButtonFailed {
        /// The button.
        button: String,
        /// Why.
        reason: String,
        /// There was no answer: it may have worked.
        unknown: bool,
    },
}

/// What did not work, in the order of its times. `of_page` is what happened to the page of the incident.
pub(super) fn of<'e>(incident: &Incident, of_page: impl Iterator<Item = &'e Entry>, calls: &[Call]) -> Vec<Missed> {
    let mut missed: Vec<Missed> = of_page
        .filter_map(|entry| {
            let what = match &entry.event {
                Event::NobodyOnCall(step) => What::NobodyOnCall { round: step.round + 1, step: step.step + 1 },
                Event::EscalationExhausted { escalation } => {
                    What::EscalationExhausted { escalation: escalation.clone() }
                }
                Event::CallsRestarted(restart) if restart.reason == RestartReason::RanOut => {
                    What::AcknowledgementRanOut
                }
                Event::NobodyNotified => What::NobodyNotified,
                _ => return None,
            };
            Some(Missed { at: entry.at, what })
        })
        .collect();
    missed.extend(calls.iter().filter(|call| call.arrived_at.is_none() && !call.is_under_way).map(|call| {
        let (receiver, reason) = (call.receiver.clone(), call.reason.clone().unwrap_or_default());
        Missed { at: call.first_at, what: What::CallFailed { receiver, reason } }
    }));
    // In a drill nothing is sent.
    let presses = incident.presses.iter().filter(|_| !incident.is_drill());
    missed.extend(presses.filter_map(|pressed| {
        let (_, result) = pressed.answer.as_ref()?;
        let unknown = matches!(result, PressResult::Unknown { .. });
        let (button, reason) = (pressed.button.clone(), result.reason()?.to_owned());
        Some(Missed { at: pressed.at, what: What::ButtonFailed { button, reason, unknown } })
    }));
    missed.sort_by_key(|one| one.at);
    missed
}
