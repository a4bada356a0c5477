//! What happened to an incident, as the API says it (docs/api.md).

use serde::Serialize;

use orszem_records::class::Class;
use orszem_records::ledger::{Action, ByWhom, Closing, Entry, Event};
use orszem_records::signal::Phase;

use crate::render::format::outcome;

/// One thing that happened. Which fields are there depends on `what`.
#[derive(Clone, Debug, Default, Serialize)]
pub struct HistoryEvent {
    /// When.
    pub at: String,
    /// `opened`, `updated`, `closed`, `attempt`, `outcome`, `acknowledged`, `taken-over`,
    /// `handed-over`, `given-back`, `noted`, `ticked`, `unticked`, `pressed`, `answered`, `promised`, `resolved`,
    /// `false-alarm`, `closing-undone`, `feedback`, `escalation-exhausted`, `nobody-notified`, `reopened`, `ended`,
    /// `calls-ended`, `joined-group`, `drafted`, `approved`, `approval-waived`, `posted`, `looked-up`, `asked`,
    /// `ask-answered`.
    pub what: &'static str,
    /// Who acted; of an incident that opened again, who had closed it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// By which way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub via: Option<String>,
    /// The receiver whose link was used, where the person gave a name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub through: Option<String>,
    /// Who has it from then on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// The text of a note or of a statement, what a playbook says, a button, or what was promised.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// What kind of thing was ticked: `move`, `stakeholder`, `clock`, `promise`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<&'static str>,
    /// When it is due, of a clock or a promise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<String>,
    /// The id of a press.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub press: Option<String>,
    /// The severity a signal gave.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub severity: Option<u8>,
    /// The receiver of an attempt or outcome.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receiver: Option<String>,
    /// What the attempt was to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action: Option<Action>,
    /// The try, from 1.
    #[serde(rename = "try", skip_serializing_if = "Option::is_none")]
    pub try_number: Option<u32>,
    /// The outcome: `accepted`, `retry`, `failed`; of a button `accepted`, `refused`, `unknown`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<&'static str>,
    /// Why it was not accepted, or what to know although it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The group that it joined.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// The route by which it did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub route: Option<String>,
    /// The escalation of which every step passed, or that its group follows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub escalation: Option<String>,
    /// When the person had closed an incident that opened again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<String>,
    /// The largest count that the person had seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub height: Option<u64>,
    /// The revision of the statement.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revision: Option<u32>,
    /// The account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// Where it was posted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Who was asked, or has the mandate.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<String>,
    /// The mention that feedback is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mention: Option<String>,
    /// What it was taken for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub judged: Option<Class>,
    /// What it is, according to the person who gave the feedback.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub corrected: Option<Class>,
}

/// What a person did.
fn acted(what: &'static str, who: &ByWhom, event: HistoryEvent) -> HistoryEvent {
    HistoryEvent { what, by: Some(who.by.clone()), via: Some(who.via.clone()), through: who.through.clone(), ..event }
}

impl From<&Entry> for HistoryEvent {
    fn from(entry: &Entry) -> HistoryEvent {
        let event = HistoryEvent { at: entry.at.to_string(), ..HistoryEvent::default() };
        match &entry.event {
            Event::Signal(signal) => {
                let what = match signal.phase {
                    Phase::Opened => "opened",
                    Phase::Updated => "updated",
                    Phase::Closed => "closed",
                };
                HistoryEvent { what, severity: Some(signal.severity), ..event }
            }
            Event::Attempt(attempt) => HistoryEvent {
                what: "attempt",
                receiver: Some(attempt.receiver.clone()),
                action: Some(attempt.action),
                try_number: Some(attempt.try_number.saturating_add(1)),
                ..event
            },
            Event::Outcome(answer) => {
                let (outcome, reason) = outcome(Some(&answer.result), answer.note.as_deref());
                HistoryEvent {
                    what: "outcome",
                    receiver: Some(answer.receiver.clone()),
                    try_number: Some(answer.try_number.saturating_add(1)),
                    outcome: Some(outcome),
                    reason: reason.map(str::to_owned),
                    ..event
                }
            }
            Event::Acknowledged(who) => acted("acknowledged", who, event),
            Event::Resolved(Closing { by: who, false_alarm, .. }) => {
                let what = if *false_alarm { "false-alarm" } else { "resolved" };
                acted(what, who, event)
            }
            Event::Known(known) => {
                HistoryEvent { height: Some(known.height.count), ..acted("known", &known.by, event) }
            }
            Event::TakenOver(who) => acted("taken-over", who, event),
            Event::HandedOver(over) => {
                HistoryEvent { to: Some(over.to.clone()), ..acted("handed-over", &over.by, event) }
            }
            Event::GivenBack(who) => acted("given-back", who, event),
            Event::Noted(note) => HistoryEvent { text: Some(note.text.clone()), ..acted("noted", &note.by, event) },
            Event::Ticked(tick) => {
                let what = if tick.done { "ticked" } else { "unticked" };
                HistoryEvent {
                    text: Some(tick.item.clone()),
                    kind: Some(tick.kind.name()),
                    due: tick.due.map(|due| due.to_string()),
                    ..acted(what, &tick.by, event)
                }
            }
            Event::Drafted(draft) => {
                HistoryEvent { text: Some(draft.text.clone()), ..acted("drafted", &draft.by, event) }
            }
            Event::Approved(approval) => {
                HistoryEvent { revision: Some(approval.revision), ..acted("approved", &approval.by, event) }
            }
            Event::ApprovalWaived(waiver) => HistoryEvent {
                what: "approval-waived",
                revision: Some(waiver.revision),
                people: waiver.mandated.clone(),
                ..event
            },
            Event::Posted(post) => HistoryEvent {
                revision: Some(post.revision),
                account: post.account.clone(),
                url: post.url.clone(),
                ..acted("posted", &post.by, event)
            },
            Event::LookedUp(look_up) => {
                HistoryEvent { account: Some(look_up.account.clone()), ..acted("looked-up", &look_up.by, event) }
            }
            Event::Asked(asked) => HistoryEvent {
                what: "asked",
                reason: Some(asked.ask.ask.name().to_owned()),
                people: vec![asked.ask.whose.clone()],
                receiver: asked.receiver.clone(),
                try_number: Some(asked.try_number.saturating_add(1)),
                ..event
            },
            Event::AskAnswered(answered) => {
                let (outcome, reason) = outcome(Some(&answered.result), None);
                HistoryEvent {
                    what: "ask-answered",
                    receiver: Some(answered.receiver.clone()),
                    people: vec![answered.ask.whose.clone()],
                    try_number: Some(answered.try_number.saturating_add(1)),
                    outcome: Some(outcome),
                    reason: reason.map(str::to_owned),
                    ..event
                }
            }
            Event::Pressed(press) => HistoryEvent {
                text: Some(press.button.clone()),
                press: Some(press.press.clone()),
                ..acted("pressed", &press.by, event)
            },
            Event::Answered(answer) => HistoryEvent {
                what: "answered",
                press: Some(answer.press.clone()),
                outcome: Some(answer.result.name()),
                reason: answer.result.reason().map(str::to_owned),
                ..event
            },
            Event::Promised(promise) => HistoryEvent {
                text: Some(promise.text.clone()),
                due: Some(promise.due.to_string()),
                ..acted("promised", &promise.by, event)
            },
            Event::Escalated(wish) => acted("escalated", &wish.by, event),
            Event::NobodyOnCall(_) => HistoryEvent { what: "nobody-on-call", ..event },
            Event::Withheld(withheld) => {
                HistoryEvent { what: "call-withheld", receiver: Some(withheld.receiver.clone()), ..event }
            }
            Event::Reminded => HistoryEvent { what: "reminded", ..event },
            Event::CallsRestarted(restart) => {
                HistoryEvent { what: "calls-restarted", reason: Some(restart.reason.name().to_owned()), ..event }
            }
            Event::ClosingUndone(who) => acted("closing-undone", who, event),
            Event::Reopened(reopening) => HistoryEvent {
                what: "reopened",
                by: Some(reopening.by.by.clone()),
                via: Some(reopening.by.via.clone()),
                closed_at: Some(reopening.closed_at.to_string()),
                height: Some(reopening.height.count),
                ..event
            },
            Event::Ended { reason } => {
                HistoryEvent { what: "ended", reason: Some(reason.meaning().to_owned()), ..event }
            }
            Event::CallsEnded => HistoryEvent { what: "calls-ended", ..event },
            Event::JoinedGroup(joined) => HistoryEvent {
                what: "joined-group",
                group: Some(joined.group.clone()),
                route: Some(joined.route.clone()),
                escalation: joined.escalation.clone(),
                ..event
            },
            Event::Feedback(feedback) => HistoryEvent {
                what: "feedback",
                by: Some(feedback.by.by.clone()),
                via: Some(feedback.by.via.clone()),
                mention: Some(feedback.mention.clone()),
                judged: Some(feedback.judged),
                corrected: Some(feedback.corrected),
                ..event
            },
            Event::EscalationExhausted { escalation } => {
                HistoryEvent { what: "escalation-exhausted", escalation: Some(escalation.clone()), ..event }
            }
            Event::NobodyNotified => HistoryEvent { what: "nobody-notified", ..event },
        }
    }
}
