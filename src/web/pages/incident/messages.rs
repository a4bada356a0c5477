//! The messages that were sent, and what came of them.

use maud::{Markup, html};

use orszem_core::words::Words;
use orszem_records::incident::Message;
use orszem_records::ledger::Action;

use crate::render::format;

/// The text of the catalogue for what a message was to do.
const fn action_id(action: Action) -> &'static str {
    match action {
        Action::Trigger => "message-call",
        Action::Update => "message-figures",
        Action::Acknowledge => "message-acknowledged",
        Action::Resolve => "message-over",
    }
}

/// A table that is one also on a phone.
pub(super) fn table(messages: &[Message], words: &Words) -> Markup {
    if messages.is_empty() {
        return html! { p.quiet { (words.say("messages-none")) } };
    }
    let head = ["message-receiver", "message-what", "message-tries", "message-outcome", "message-when"];
    html! {
        div.scroll tabindex="0" role="region" aria-label=(words.say("messages-sent")) {
            table {
                thead { tr { @for id in head { th scope="col" { (words.say(id)) } } } }
                tbody { @for message in messages { (row(message, words)) } }
            }
        }
        p.quiet { (words.say("messages-accepted-means")) }
    }
}

fn row(message: &Message, words: &Words) -> Markup {
    let (outcome, reason) = format::outcome(message.outcome.as_ref(), message.note.as_deref());
    let came = match outcome {
        "accepted" => "outcome-accepted",
        "retry" if message.arrived() => "outcome-in-part",
        "retry" => "outcome-retry",
        "failed" => "outcome-failed",
        _ => "outcome-sending",
    };
    html! {
        tr {
            th scope="row" { (message.attempt.receiver) }
            td {
                (words.say(action_id(message.attempt.action)))
                @if message.attempt.within.is_some() { " " (words.say("message-within")) }
            }
            td { (message.attempt.try_number.saturating_add(1)) }
            td {
                span class={ "badge " (outcome) } { (words.say(came)) }
                @if let Some(reason) = reason { " " span.reason dir="auto" { (format::lines(reason)) } }
            }
            td { (words.moment_seconds(message.outcome_at.unwrap_or(message.last_at))) }
        }
    }
}
