//! `[[rotation]]` and `[[override]]`: turns that can be counted, and people who are there.

use std::collections::BTreeSet;

use orszem_core::oncall::LocalClock;
use orszem_core::oncall::import::source;
use orszem_core::settings::calendar::{Clock, Day, LocalTime, Moment};

use super::entry::Entry;
use super::{names, receiver, spans};
use crate::diagnostics::{Report, quoted};

/// Checks a rotation. `people` are those of the configuration.
pub(super) fn check(rotation: Entry<'_>, people: &[Entry<'_>], report: &mut Report<'_>) {
    let zone = rotation.text("time_zone").map(|(zone, _)| zone);
    if !rotation.has("layer") && !rotation.has("calendar") {
        let help = "add [[rotation.layer]], or [rotation.calendar]".to_owned();
        report.error(rotation.header(), "this rotation has neither a layer nor a calendar", help);
    }
    for calendar in rotation.tables("calendar") {
        receiver::tell(source::check(&calendar), calendar, report);
    }
    for layer in rotation.tables("layer") {
        turns(layer, report);
        active(layer, report);
        stretches(layer, zone, people, report);
    }
}

/// What a turn is counted in.
fn turns(layer: Entry<'_>, report: &mut Report<'_>) {
    let shift = layer.text("shift").map_or("", |(shift, _)| shift);
    let by = layer.text("by").map(|(by, _)| by);
    let mut useless = |key: &str, message: &str| {
        if layer.has(key) {
            report.error(layer.at(key), format!("\"{key}\" {message}"), "leave it out".to_owned());
        }
    };
    if ["daily", "weekly"].contains(&shift) {
        useless("by", "is only for shift = \"hours\"");
    }
    if ["daily", "hours"].contains(&shift) {
        useless("weekday", "is only for shift = \"weekly\"");
    }
    if by == Some("length") {
        useless("handover", "is not used with by = \"length\": turns are counted from the beginning of the stretch");
    }
    if shift == "hours" && by.is_none() {
        let help = "add by = \"clock\" (at the same times each day) or by = \"length\" (always as many hours)";
        report.error(layer.at("shift"), "it is not said how hours are counted", help.to_owned());
    }
    let every = layer.number("every").unwrap_or(1);
    if shift == "hours" && by == Some("clock") && every > 0 && 24 % every != 0 {
        let help = "take 1, 2, 3, 4, 6, 8, 12 or 24 hours, or by = \"length\"".to_owned();
        let message =
            format!("{every} hours by the clock do not divide a day: the hand-overs would not be the same each day");
        report.error(layer.at("every"), message, help);
    }
    if let Some((_, at)) = layer.text("handover").filter(|(text, _)| Clock::parse(text) == Some(Clock::MIDNIGHT)) {
        report.error(at, "a hand-over at \"24:00\" is that of the next day", "write \"00:00\"".to_owned());
    }
}

/// When a layer has somebody, and which days count.
fn active(layer: Entry<'_>, report: &mut Report<'_>) {
    let windows = layer.tables("active");
    for window in &windows {
        spans::check(*window, report);
        names::twice("day", window.texts("weekdays"), "list", report);
    }
    let days: BTreeSet<&str> = windows.iter().flat_map(|it| it.texts("weekdays")).map(|(day, _)| day).collect();
    let some_days = (1..7).contains(&days.len()) && windows.iter().all(|it| it.texts("weekdays").count() > 0);
    let is = |key: &str, value: &str| layer.text(key).is_some_and(|(text, _)| text == value);
    let counts_days = is("shift", "daily") || (is("shift", "hours") && is("by", "clock"));
    match (some_days && counts_days, layer.has("count")) {
        (true, false) => {
            let help = "add count = \"active\" (a turn goes on over days without a shift) or count = \"all\"";
            let message = "it is not said whether days on which the layer is not active count towards a turn";
            report.error(layer.at("active"), message, help.to_owned());
        }
        (false, true) => {
            let message = "\"count\" says nothing here: only where turns are counted in days, and a layer is active on \
                           some of them, there is a choice";
            report.error(layer.at("count"), message, "leave it out".to_owned());
        }
        _ => {}
    }
}

/// Who takes turns, from when on.
fn stretches(layer: Entry<'_>, zone: Option<&str>, people: &[Entry<'_>], report: &mut Report<'_>) {
    let mut before: Option<(LocalTime, String)> = None;
    for (number, stretch) in layer.tables("stretch").into_iter().enumerate() {
        if number == 0 && stretch.has("members") && stretch.texts_within("members").is_empty() {
            let message = "the first stretch of a layer has nobody";
            report.error(stretch.at("members"), message, "name members, or leave the layer out".to_owned());
        }
        together(stretch, report);
        let Some((text, at)) = stretch.text("from") else { continue };
        let Some(from) = LocalTime::parse(text) else { continue };
        match before.as_ref().filter(|(before, _)| *before >= from) {
            Some((_, line)) => {
                let message = format!("the stretch from {} does not begin after the one in line {line}", quoted(text));
                report.error(at.clone(), message, "list stretches in the order of time".to_owned());
            }
            None => before = Some((from, report.line(at.start))),
        }
        spans::doubt((text, at), zone, report);
        gone(stretch, from, people, report);
    }
}

/// Two who have a turn together are two.
fn together(stretch: Entry<'_>, report: &mut Report<'_>) {
    let members = stretch.table.get("members").and_then(|members| members.get_ref().as_array());
    for several in members.into_iter().flat_map(|members| members.iter()).filter_map(|it| it.get_ref().as_array()) {
        let names = several.iter().filter_map(|name| Some((name.get_ref().as_str()?, name.span())));
        names::twice("person", names, "turn", report);
    }
}

/// Members whose last day is over when a stretch begins.
fn gone(stretch: Entry<'_>, from: LocalTime, people: &[Entry<'_>], report: &mut Report<'_>) {
    for (name, at) in stretch.texts_within("members") {
        let person = people.iter().find(|person| person.text("name").is_some_and(|(other, _)| other == name));
        let until = person.and_then(|person| person.text("until"));
        if let Some((day, _)) = until.filter(|(day, _)| Day::parse(day).is_some_and(|day| day.0 < from.0.date())) {
            let message = format!("the last day of {} is {day}, before this stretch begins", quoted(name));
            report.warning(at, message, "take them out, or correct \"until\"".to_owned());
        }
    }
}

/// Checks an override. `rotations` are those of the configuration.
pub(super) fn check_override(over: Entry<'_>, rotations: &[Entry<'_>], report: &mut Report<'_>) {
    let named = over.text("rotation").map(|(name, _)| name);
    let rotation =
        rotations.iter().find(|rotation| named.is_some() && rotation.text("name").map(|(name, _)| name) == named);
    let zone = rotation.and_then(|rotation| rotation.text("time_zone")).map(|(zone, _)| zone);
    let kind = over.text("kind").map_or("", |(kind, _)| kind);
    span(over, zone, report);
    let has_people = !over.texts_within("people").is_empty();
    if ["add", "replace", "remove"].contains(&kind) {
        if !has_people {
            let message = format!("an override of the kind {} names nobody", quoted(kind));
            report.error(over.header(), message, "add people = [\"…\"]".to_owned());
        }
        useless(over, "shift", "is only for kind = \"roster\"", report);
    }
    if kind == "roster" {
        useless(over, "people", "is not for kind = \"roster\": its shifts name people", report);
        if over.tables("shift").is_empty() {
            let help = "add shift = [{ from = \"…\", to = \"…\", people = [\"…\"] }]".to_owned();
            report.error(over.header(), "a roster without shifts leaves nobody on call", help);
        }
    }
    if !kind.is_empty() && kind != "replace" {
        useless(over, "instead_of", "is only for kind = \"replace\"", report);
    }
    for key in ["people", "instead_of"] {
        names::twice("person", over.texts(key), "list", report);
    }
    for shift in over.tables("shift") {
        span(shift, zone, report);
        names::twice("person", shift.texts("people"), "shift", report);
        outside(shift, over, zone, report);
    }
}

fn useless(over: Entry<'_>, key: &str, message: &str, report: &mut Report<'_>) {
    if over.has(key) {
        report.error(over.at(key), format!("\"{key}\" {message}"), "leave it out".to_owned());
    }
}

/// The instant that an end of a span stands for; nothing where the zone is not known and is needed.
fn instant(text: &str, zone: Option<&str>) -> Option<i64> {
    match Moment::parse(text)? {
        Moment::Local(local) => Some(LocalClock::named(Some(zone?)).placed(local).at.0),
        Moment::Instant(at) => Some(at.0),
    }
}

/// A span ends after it begins.
fn span(entry: Entry<'_>, zone: Option<&str>, report: &mut Report<'_>) {
    let ends = ["from", "to"].map(|key| entry.text(key));
    ends.iter().flatten().cloned().for_each(|end| spans::doubt(end, zone, report));
    let [Some((from, _)), Some((to, at))] = ends else { return };
    if instant(from, zone).zip(instant(to, zone)).is_some_and(|(from, to)| from >= to) {
        let message = format!("it ends at {}, and begins at {}", quoted(to), quoted(from));
        report.error(at, message, "give an end after the beginning".to_owned());
    }
}

/// A shift of a roster counts only while the roster does.
fn outside(shift: Entry<'_>, over: Entry<'_>, zone: Option<&str>, report: &mut Report<'_>) {
    let end = |entry: Entry<'_>, key: &str| entry.text(key).and_then(|(text, _)| instant(text, zone));
    let before = end(shift, "from").zip(end(over, "from")).is_some_and(|(shift, over)| shift < over);
    let after = end(shift, "to").zip(end(over, "to")).is_some_and(|(shift, over)| shift > over);
    for (key, is_outside) in [("from", before), ("to", after)] {
        if is_outside {
            let message = "this shift reaches beyond its roster, and counts only within";
            report.warning(shift.at(key), message, "make the roster longer, or the shift shorter".to_owned());
        }
    }
}

#[cfg(test)]
#[path = "rotation_tests.rs"]
mod tests;
