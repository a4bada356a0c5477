//! The messages of an incident, and what came of each.

use maud::{Markup, html};

use orszem_records::incident::Message;
use orszem_records::ledger::Action;

use crate::render::format::{self, Zone};

/// What a message says, for people.
const fn says(action: Action) -> &'static str {
    match action {
        Action::Trigger => "the incident",
        Action::Update => "newer figures",
        Action::Acknowledge => "somebody has it",
        Action::Resolve => "it is over",
    }
}

pub(super) fn table(messages: &[Message], zone: &Zone) -> Markup {
    if messages.is_empty() {
        return html! { p.quiet { "Nobody yet." } };
    }
    html! {
        table {
            thead { tr { th { "Receiver" } th { "Message" } th { "Tries" } th { "What came of it" } th { "When" } } }
            tbody {
                @for message in messages {
                    @let (outcome, reason) = format::outcome(message.outcome.as_ref());
                    @let came = match outcome { "accepted" => "accepted", "retry" => "will be tried again", "failed" => "failed", _ => "under way" };
                    tr {
                        td data-label="Receiver" { strong { (message.attempt.receiver) } }
                        td data-label="Message" { (says(message.attempt.action)) }
                        td data-label="Tries" { (message.attempt.try_number.saturating_add(1)) }
                        td data-label="What came of it" {
                            span class={ "badge " (outcome) } { (came) }
                            @if let Some(reason) = reason { " " span.reason dir="auto" { (format::lines(reason)) } }
                        }
                        td data-label="When" { (zone.moment_seconds(message.outcome_at.unwrap_or(message.last_at))) }
                    }
                }
            }
        }
        p.quiet { "Accepted means that the service took it, not that anybody has read it." }
    }
}
