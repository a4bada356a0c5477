//! What was seen, in figures.

use maud::{Markup, html};

use orszem_core::notification::{classifier, driven_by, why};
use orszem_records::incident::Incident;
use orszem_records::signal::Signal;

use crate::render::format::{self, Zone};

pub(super) fn list(incident: &Incident) -> Markup {
    let signal = &incident.signal;
    let (low, high) = signal.interval;
    let now = (signal.severity != incident.severity).then_some(signal.severity);
    html! {
        dl.facts {
            @if let Some(why) = why(signal) {
                div { dt { "Why" } dd { (why) } }
            }
            div { dt { "Observed" } dd {
                strong { (format::count(signal.observed)) } " " (format::counted(signal.kind))
            } }
            div { dt { "Expected" } dd {
                strong { (format::figure(signal.expected)) }
                ", and " (format::figure(low)) " to " (format::figure(high)) " in 95 of 100 cases"
            } }
            div { dt { "Window" } dd {
                (format::length(i64::from(signal.window_s))) " until " (Zone::of(signal).moment(signal.at))
            } }
            div { dt { "How rare" } dd {
                "by chance " (format::figure(incident.rarest)) " times a week at its peak: "
                (format::rarity(incident.rarest))
            } }
            div { dt { "Budget" } dd { (format::figure(signal.budget)) " false pages a week" } }
            div { dt { "Severity" } dd {
                (incident.severity) " of 4, where 1 is the highest" @if let Some(now) = now { "; now " (now) }
            } }
            div { dt { "Desk" } dd { (signal.desk.meaning()) } }
            div { dt { "Kind" } dd { (signal.kind.meaning()) } }
            div { dt { "Baseline" } dd { (past(signal)) } }
            @for forecast in &signal.forecast {
                div { dt { "Next " (forecast.hours) " h" } dd { (format::forecast(forecast)) } }
            }
            @if !signal.drivers.is_empty() {
                div { dt { "Driven by" } dd { bdi { (format::lines(&driven_by(&signal.drivers))) } } }
            }
            div { dt { "Classifier" } dd { (classifier(&signal.counts)) } }
            div { dt { "Since it began" } dd { (format::counts(&signal.counts)) } }
        }
    }
}

fn past(signal: &Signal) -> String {
    let learnt = format::length(i64::from(signal.learnt_hours) * 3600);
    match signal.learning {
        true => {
            let left = format::length(i64::from(signal.learning_left) * 3600);
            format!("still learning, {left} left ({learnt} so far): found by its size alone")
        }
        false => format!("learnt from {learnt}"),
    }
}
