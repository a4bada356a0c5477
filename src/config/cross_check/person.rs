//! `[[person]]`: ways that lead to them, and hours that are some.

use std::collections::BTreeSet;

use super::entry::Entry;
use super::{names, spans};
use crate::diagnostics::{Report, quoted};
use crate::formats;

/// Checks a person. `receivers` are those of the configuration; `is_called` says whether a step or a rotation names
/// them.
pub(super) fn check(person: Entry<'_>, receivers: &[Entry<'_>], is_called: bool, report: &mut Report<'_>) {
    let ways = person.tables("way");
    if let Some((name, at)) = person.text("name").filter(|_| ways.is_empty() && is_called) {
        let message = format!("person {} has no way: nothing reaches them", quoted(name));
        report.warning(at, message, "add [[person.way]] with a receiver".to_owned());
    }
    names::twice("receiver", ways.iter().filter_map(|way| way.text("receiver")), "person's ways", report);
    for way in ways {
        check_way(way, receivers, report);
    }
    for quiet in person.tables("quiet_hours") {
        spans::check(quiet, report);
        let is_whole =
            ["from", "to"].map(|key| quiet.text(key).map(|(text, _)| text)) == [Some("00:00"), Some("24:00")];
        if is_whole && [0, 7].contains(&quiet.texts("weekdays").count()) {
            let help = "give hours that end, or route these severities elsewhere".to_owned();
            report.error(quiet.at("to"), "quiet hours without an end: nothing would ever call this person", help);
        }
        names::twice("day", quiet.texts("weekdays"), "list", report);
    }
    for working in person.tables("working_hours") {
        spans::check(working, report);
        names::twice("day", working.texts("weekdays"), "list", report);
    }
    let mut seen = BTreeSet::new();
    for (role, at) in person.texts("roles").filter(|(role, _)| !seen.insert(*role)) {
        report.warning(at, format!("the role {} is named twice", quoted(role)), "leave one out".to_owned());
    }
}

/// `to` is for receivers that can send to one person.
fn check_way(way: Entry<'_>, receivers: &[Entry<'_>], report: &mut Report<'_>) {
    let Some((to, at)) = way.text("to") else { return };
    let named = way.text("receiver").map(|(name, _)| name);
    let receiver = receivers.iter().find(|it| named.is_some() && it.text("name").map(|(name, _)| name) == named);
    // One that is not there is told elsewhere.
    let Some((receiver, (kind, _))) = receiver.and_then(|it| Some((it, it.text("kind")?))) else { return };
    match kind {
        "email" => {
            if let Err(wrong) = formats::check("mailbox", to) {
                report.error(at, format!("\"to\" in [[person.way]]: {}", wrong.what), wrong.right);
            }
        }
        "slack" if receiver.has("token") => {
            let is_member = to.len() > 5
                && to.starts_with(['U', 'W'])
                && to.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
            if !is_member {
                let help = "write the id of the member, as in their profile: \"U0123456789\"".to_owned();
                report.error(at, format!("{} is not the id of a member of Slack", quoted(to)), help);
            }
        }
        "slack" => {
            let message = "a webhook of Slack has its channel built in: it cannot send to a person";
            report.error(at, message, "leave \"to\" out, or use a receiver with a token".to_owned());
        }
        other => {
            let message = format!("a receiver of the kind {} cannot send to a person", quoted(other));
            report.error(at, message, "leave \"to\" out: the message goes where the receiver goes".to_owned());
        }
    }
}

#[cfg(test)]
#[path = "person_tests.rs"]
mod tests;
