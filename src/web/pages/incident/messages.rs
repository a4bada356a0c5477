//! The messages of an incident, and the outcome of each.

use maud::{Markup, html};

use orszem_records::incident::Message;
use orszem_records::ledger::Action;

use crate::render::format::{self, Zone};

/// What a message says, for people.
const fn says(action: Action) -> &'static str {
    match action {
        Action::Trigger => "new incident",
        Action::Update => "newer figures",
        Action::Acknowledge => "acknowledged",
        Action::Resolve => "resolved",
    }
}

pub(super) fn table(messages: &[Message], zone: &Zone) -> Markup {
    if messages.is_empty() {
        return html! { p.quiet { "No messages yet." } };
    }
    html! {
        table {
            thead { tr { th { "Receiver" } th { "Message" } th { "Attempts" } th { "Outcome" } th { "When" } } }
            tbody {
                @for message in messages {
                    @let (outcome, reason) = format::outcome(message.outcome.as_ref(), message.note.as_deref());
                    @let came = match outcome {
                        "accepted" => "accepted",
                        "retry" if message.arrived() => "accepted in part, retrying",
                        "retry" => "retrying",
                        "failed" => "failed",
                        _ => "sending",
                    };
                    tr {
                        td data-label="Receiver" { strong { (message.attempt.receiver) } }
                        td data-label="Message" {
                            (says(message.attempt.action))
                            @if message.attempt.within.is_some() { " (within the message of another incident)" }
                        }
                        td data-label="Attempts" { (message.attempt.try_number.saturating_add(1)) }
                        td data-label="Outcome" {
                            span class={ "badge " (outcome) } { (came) }
                            @if let Some(reason) = reason { " " span.reason dir="auto" { (format::lines(reason)) } }
                        }
                        td data-label="When" { (zone.moment_seconds(message.outcome_at.unwrap_or(message.last_at))) }
                    }
                }
            }
        }
        p.quiet { "Accepted means that the service received the message, not that somebody has read it." }
    }
}
