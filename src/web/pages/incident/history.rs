//! What happened, line by line.

use std::collections::BTreeSet;

use maud::{Markup, html};

use orszem_records::incident::Incident;
use orszem_records::ledger::{Action, Closing, Entry, Event};
use orszem_records::signal::Phase;

use crate::render::format::{self, Zone, class};

/// The story of it; single attempts and their outcomes are in the table.
pub(super) fn list(incident: &Incident, zone: &Zone) -> Markup {
    let mut step = None;
    let lines =
        incident.history.iter().filter_map(|entry| line(entry, incident, &mut step).map(|said| (entry.at, said)));
    html! {
        ol.history { @for (at, said) in lines { li { span.quiet { (zone.moment_seconds(at)) } span { (said) } } } }
    }
}

/// What an entry says to people. `step` is the step of the escalation that was told last: each is one line.
fn line(entry: &Entry, incident: &Incident, step: &mut Option<(u32, u32)>) -> Option<Markup> {
    Some(match &entry.event {
        Event::Signal(signal) => match signal.phase {
            Phase::Opened => html! { "Opened at severity " (signal.severity) "." },
            Phase::Updated => html! { "Now severity " (signal.severity) ": " (format::sentence(signal)) "." },
            Phase::Closed => html! { "Closed: back to the expected level." },
        },
        Event::Attempt(attempt) => {
            let this = (attempt.round, attempt.step);
            if attempt.action != Action::Trigger || *step == Some(this) {
                return None;
            }
            *step = Some(this);
            let told = receivers(incident, this);
            html! {
                "Step " (attempt.step.saturating_add(1)) " of the escalation"
                @if attempt.round > 0 { ", round " (attempt.round.saturating_add(1)) }
                ": " (told) "."
            }
        }
        Event::Outcome(_) => return None,
        Event::Acknowledged(who) => {
            html! { bdi { (format::lines(&who.by)) } " acknowledged it, using " (way(&who.via)) "." }
        }
        Event::Resolved(Closing { by: who, .. }) => {
            html! { bdi { (format::lines(&who.by)) } " resolved it, using " (way(&who.via)) "." }
        }
        Event::Reopened(reopening) => {
            // The escalation begins again, and its steps are told again.
            *step = None;
            html! {
                strong {
                    "Open again: it rose above the " (format::count(reopening.height.count)) " that "
                    bdi { (format::lines(&reopening.by.by)) } " had seen when closing it."
                }
            }
        }
        Event::Ended { reason } => html! { "Ended: " (reason.meaning()) "." },
        Event::CallsEnded => {
            html! { strong { "Nobody else is called: the watch no longer has an escalation." } }
        }
        Event::Feedback(feedback) => html! {
            bdi { (format::lines(&feedback.by.by)) } " marked a mention as " (class(feedback.corrected))
            " (classified as " (class(feedback.judged)) ")."
        },
        Event::EscalationExhausted { escalation } => {
            html! { strong { "All steps of the escalation " (escalation) " have passed, and nobody acknowledged." } }
        }
        Event::NobodyNotified => html! { "Over. Nobody was notified: the watch has no receivers." },
    })
}

/// The receivers that were told in a step.
fn receivers(incident: &Incident, step: (u32, u32)) -> String {
    let told = incident.history.iter().filter_map(|entry| match &entry.event {
        Event::Attempt(attempt) if attempt.action == Action::Trigger && (attempt.round, attempt.step) == step => {
            Some(attempt.receiver.as_str())
        }
        _ => None,
    });
    let distinct: BTreeSet<&str> = told.collect();
    distinct.into_iter().collect::<Vec<_>>().join(", ")
}

fn way(via: &str) -> String {
    match via {
        "link" => "the link in a message".into(),
        "api" => "the API".into(),
        other => format::lines(other),
    }
}
