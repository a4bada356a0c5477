//! What the schema cannot say: how the parts of a configuration go together. A file for each section.
//!
//! Works on the document, not on the typed configuration: a fault in one part must not hide those of the others.

mod canary;
mod card;
mod entry;
mod escalation;
mod hours;
mod inhibit;
mod input;
mod kafka;
mod labels;
mod matcher;
mod names;
mod network;
mod person;
mod playbook;
mod posting;
mod query;
mod receiver;
mod respond;
mod restart;
mod rotation;
mod route;
mod score;
mod sentiment;
mod severity;
mod sign_in;
mod spans;
mod watch;
mod web;
mod who;

pub(super) use restart::needs_restart;

use orszem_core::routing::known::Known;
use std::collections::BTreeSet;
use toml::de::DeTable;

use super::diagnostics::Report;
use entry::{Entry, tables};
use who::Who;

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
    let routes = route::all(document);
    let calls = watches.iter().chain(&feed).filter_map(|entry| entry.text("escalation"));
    let calls = calls.chain(route::escalations(&routes)).collect();
    names::references("escalation", calls, &escalations, report);
    let steps: Vec<Entry<'_>> = escalations.iter().flat_map(|escalation| escalation.tables("step")).collect();
    let people = team(document, &steps, &receivers, report);
    let ways: Vec<Entry<'_>> = people.iter().flat_map(|person| person.tables("way")).collect();
    let calls = steps.iter().flat_map(|step| step.texts("receivers"));
    let calls = calls.chain(escalations.iter().flat_map(|escalation| escalation.texts("fallback")));
    let calls = calls.chain(ways.iter().filter_map(|way| way.text("receiver")));
    let cards = tables(document, "card");
    let calls = calls.chain(cards.iter().flat_map(|card| card.texts("mail_to")));
    let calls: Vec<_> = calls.chain(route::receivers(&routes)).collect();
    let called: BTreeSet<&str> = calls.iter().map(|(name, _)| *name).collect();
    canary::check(document, &receivers, &called, report);
    let quiet = tables(document, "canary").into_iter().filter_map(|canary| canary.text("receiver"));
    let quiet = quiet.filter(|(name, _)| !name.contains('/'));
    names::references("receiver", calls.into_iter().chain(quiet).collect(), &receivers, report);
    let windows = tables(document, "hours");
    names::duplicates("hours", &windows, report);
    let calls = steps.iter().filter_map(|step| step.text("hours")).chain(route::windows(&routes)).collect();
    names::references("hours", calls, &windows, report);
    let who = Who::new(&people, &tables(document, "rotation"));
    watches.into_iter().for_each(|watch| {
        watch::check(watch, routes.is_empty(), &who, report);
        labels::check(watch, report);
    });
    escalations.into_iter().for_each(|escalation| escalation::check(escalation, report));
    receivers.into_iter().for_each(|receiver| receiver::check(receiver, report));
    hours::check(document, report);
    route::check(document, &routes, report);
    let known = Known::new(&route::watches(document));
    tables(document, "inhibit").into_iter().for_each(|rule| inhibit::check(rule, &known, report));
    cards.iter().for_each(|card| card::check(*card, &tables(document, "receiver"), report));
    playbook::check(&tables(document, "playbook"), &known, report);
    posting::check(document, (&people, &who), &known, report);
    input::check(document, report);
    sign_in::check(document, report);
    let mut sections = |section: &str, check: Check| {
        tables(document, section).into_iter().for_each(|table| check(table, report));
    };
    sections("kafka", kafka::check);
    sections("score", score::check);
    sections("respond", respond::check);
    sections("network", network::check);
    sections("severity", severity::check);
    sections("sentiment", sentiment::check);
    let signs_in = sign_in::is_on(document);
    tables(document, "web").into_iter().for_each(|table| web::check(table, signs_in, report));
}

/// People, rotations and overrides. Returns the people.
fn team<'d>(
    document: &'d DeTable<'d>,
    steps: &[Entry<'d>],
    receivers: &[Entry<'d>],
    report: &mut Report<'_>,
) -> Vec<Entry<'d>> {
    let [people, rotations, overrides] = ["person", "rotation", "override"].map(|key| tables(document, key));
    names::duplicates("person", &people, report);
    names::duplicates("rotation", &rotations, report);
    let layers = rotations.iter().flat_map(|rotation| rotation.tables("layer"));
    let stretches = layers.flat_map(|layer| layer.tables("stretch"));
    let members: Vec<_> = stretches.flat_map(|stretch| stretch.texts_within("members")).collect();
    let calls: Vec<_> = steps.iter().flat_map(|step| step.texts("people")).chain(members).collect();
    let mut used: BTreeSet<&str> = calls.iter().map(|(name, _)| *name).collect();
    used.extend(names::known("person", calls, &people, report));
    // Who has a role or an account acts on the pages, and need not be called. A calendar may name anybody.
    let by_calendar = rotations.iter().any(|rotation| rotation.has("calendar"));
    used.extend(posting::people(document));
    used.extend(who::owners_of_watches(document));
    let is_other = |person: &&Entry<'_>| !by_calendar && !person.has("roles") && !person.has("accounts");
    let others: Vec<Entry<'_>> = people.iter().filter(is_other).copied().collect();
    names::unused("person", &used, &others, report);
    let shifts = overrides.iter().flat_map(|over| over.tables("shift"));
    let named =
        overrides.iter().flat_map(|over| ["people", "instead_of"].map(|key| over.texts(key)).into_iter().flatten());
    let named = named.chain(shifts.flat_map(|shift| shift.texts("people").collect::<Vec<_>>())).collect();
    names::known("person", named, &people, report);
    let calls = steps.iter().flat_map(|step| step.texts("rotations")).collect();
    let mut called: BTreeSet<&str> =
        steps.iter().flat_map(|step| step.texts("rotations")).map(|(name, _)| name).collect();
    called.extend(names::known("rotation", calls, &rotations, report));
    called.extend(posting::people(document));
    called.extend(who::owners_of_watches(document));
    names::unused("rotation", &called, &rotations, report);
    names::known("rotation", overrides.iter().filter_map(|over| over.text("rotation")).collect(), &rotations, report);
    for person in &people {
        let is_called = person.text("name").is_some_and(|(name, _)| used.contains(name));
        person::check(*person, receivers, is_called, report);
    }
    rotations.iter().for_each(|rotation| rotation::check(*rotation, &people, report));
    overrides.iter().for_each(|over| rotation::check_override(*over, &rotations, report));
    people
}
