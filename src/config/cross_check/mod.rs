//! What the schema cannot say: how the parts of a configuration go together. A file for each section.
//!
//! Works on the document, not on the typed configuration: a fault in one part must not hide those of the others.

mod entry;
mod escalation;
mod input;
mod kafka;
mod names;
mod network;
mod query;
mod receiver;
mod respond;
mod restart;
mod score;
mod sentiment;
mod severity;
mod watch;
mod web;

pub(super) use restart::needs_restart;

use toml::de::DeTable;

use super::diagnostics::Report;
use entry::{Entry, tables};

/// The check of one table.
type Check = fn(Entry<'_>, &mut Report<'_>);

/// Checks how the parts go together.
pub(super) fn check(document: &DeTable<'_>, report: &mut Report<'_>) {
    let (watches, receivers, escalations) =
        (tables(document, "watch"), tables(document, "receiver"), tables(document, "escalation"));
    for (kind, entries) in [("watch", &watches), ("receiver", &receivers), ("escalation", &escalations)] {
        names::duplicates(kind, entries, report);
    }
    names::former(&watches, report);
    if watches.is_empty() {
        report.warning(0..0, "nothing is watched", "add a [[watch]]".to_owned());
    }
    let feed = tables(document, "feed");
    let calls = watches.iter().chain(&feed).filter_map(|entry| entry.text("escalation")).collect();
    names::references("escalation", calls, &escalations, report);
    let steps: Vec<Entry<'_>> = escalations.iter().flat_map(|escalation| escalation.tables("step")).collect();
    let people = tables(document, "person");
    names::duplicates("person", &people, report);
    let calls = steps.iter().flat_map(|step| step.texts("people")).collect();
    names::references("person", calls, &people, report);
    let ways: Vec<Entry<'_>> = people.iter().flat_map(|person| person.tables("way")).collect();
    let calls = steps.iter().flat_map(|step| step.texts("receivers"));
    let calls = calls.chain(escalations.iter().flat_map(|escalation| escalation.texts("fallback")));
    let calls = calls.chain(ways.iter().filter_map(|way| way.text("receiver"))).collect();
    names::references("receiver", calls, &receivers, report);
    watches.into_iter().for_each(|watch| watch::check(watch, report));
    escalations.into_iter().for_each(|escalation| escalation::check(escalation, report));
    receivers.into_iter().for_each(|receiver| receiver::check(receiver, report));
    input::check(document, report);
    let mut sections = |section: &str, check: Check| {
        tables(document, section).into_iter().for_each(|table| check(table, report));
    };
    sections("kafka", kafka::check);
    sections("score", score::check);
    sections("respond", respond::check);
    sections("network", network::check);
    sections("severity", severity::check);
    sections("web", web::check);
    sections("sentiment", sentiment::check);
}
