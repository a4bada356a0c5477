//! The shifts of a rotation or of a person as a calendar that others subscribe to (RFC 5545, RFC 7986).
//!
//! Each shift stands in it as it will really be, with overrides and swaps, at times in UTC: no rule of repetition and
//! no time zone that a client could read otherwise. A shift keeps its `UID` when an override shortens it; its
//! `SEQUENCE` counts what was changed about it. Nothing of incidents is in it.

use std::collections::BTreeMap;

use orszem_records::time::Timestamp;

use super::people::Person;
use super::roster::Roster;
use super::rotation::{Slot, SlotPiece};

/// The most octets of a line, without its end.
const LINE: usize = 75;
/// How far back a shift may have begun for its parts to be counted from there, and how far beyond the span it may end,
/// in milliseconds: 400 days.
const BEYOND_MS: i64 = 400 * 24 * 3_600_000;

/// What a feed is of, and what its readers read.
#[derive(Clone, Debug)]
pub struct Feed<'f> {
    /// The name of the calendar.
    pub title: &'f str,
    /// The host of the program's address: with it the names of shifts are the only ones of their kind.
    pub host: &'f str,
    /// When it is written.
    pub now: Timestamp,
    /// From when on shifts are in it.
    pub from: Timestamp,
    /// Until when.
    pub to: Timestamp,
}

/// One shift of a calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The rotation's name.
    pub rotation: String,
    /// The person's name.
    pub person: String,
    /// From when on.
    pub from: Timestamp,
    /// Until when.
    pub to: Timestamp,
    /// The name of the shift, which never changes, without the host.
    pub uid: String,
    /// How often something about it was changed.
    pub sequence: u32,
}

/// The calendar of some rotations: of all their people, or of one person. `summary` says what a shift is called, from
/// the names of its rotation and its person.
pub fn calendar(
    roster: &Roster,
    rotations: &[&str],
    person: Option<&str>,
    feed: &Feed<'_>,
    summary: impl Fn(&Event) -> String,
) -> String {
    let mut text = String::new();
    let mut line = |name: &str, value: &str| fold(&mut text, &format!("{name}{value}"));
    line("BEGIN:", "VCALENDAR");
    line("VERSION:", "2.0");
    line("PRODID:", "-//orszem//on call//EN");
    line("CALSCALE:", "GREGORIAN");
    line("METHOD:", "PUBLISH");
    line("NAME:", &escaped(feed.title));
    // What calendars read that do not know NAME and REFRESH-INTERVAL.
    line("X-WR-CALNAME:", &escaped(feed.title));
    line("REFRESH-INTERVAL;VALUE=DURATION:", "PT1H");
    line("X-PUBLISHED-TTL:", "PT1H");
    let events = rotations.iter().flat_map(|rotation| events(roster, rotation, feed.from, feed.to));
    for event in events.filter(|event| person.is_none_or(|person| event.person == person)) {
        line("BEGIN:", "VEVENT");
        line("UID:", &format!("{}@{}", event.uid, feed.host));
        line("SEQUENCE:", &event.sequence.to_string());
        line("DTSTAMP:", &utc(feed.now));
        line("DTSTART:", &utc(event.from));
        line("DTEND:", &utc(event.to));
        line("SUMMARY:", &escaped(&summary(&event)));
        // Who is on call may have other appointments.
        line("TRANSP:", "TRANSPARENT");
        line("END:", "VEVENT");
    }
    line("END:", "VCALENDAR");
    text
}

/// The shifts of a rotation of which a part lies in a span, in order of time. Unlike in lists of shifts, two turns of
/// one person that follow one another are two.
pub fn events(roster: &Roster, rotation: &str, from: Timestamp, to: Timestamp) -> Vec<Event> {
    // What began before the span is there as a whole, and its parts are counted from its beginning.
    let start = roster.begun(rotation, from).max(from.plus(-BEYOND_MS)).min(from);
    let end = to.plus(BEYOND_MS);
    let planned = runs(roster.planned(rotation, start, end), start, to, end);
    let mut parts: BTreeMap<(Person, String), u32> = BTreeMap::new();
    let mut event = |run: Run| {
        let plan = planned.iter().find(|plan| plan.holds(&run)).map_or(run.from, |plan| plan.from);
        let what = match &run.slot {
            Slot::Shift { .. } => plan.0.div_euclid(1000).to_string(),
            Slot::Cover { id, .. } => id.replace('/', "."),
        };
        let part = parts.entry((run.person, what.clone())).or_default();
        *part += 1;
        let person = roster.person(run.person).to_owned();
        Event {
            rotation: rotation.to_owned(),
            from: run.from,
            to: run.to,
            uid: format!("{rotation}.{what}.{person}.{part}"),
            sequence: roster.revisions(rotation, run.from, run.to),
            person,
        }
    };
    let events: Vec<Event> =
        runs(roster.slots(rotation, start, end), start, to, end).into_iter().map(&mut event).collect();
    events.into_iter().filter(|event| event.to > from).collect()
}

/// Somebody has a slot from one moment to another, without a break.
struct Run {
    from: Timestamp,
    to: Timestamp,
    person: Person,
    slot: Slot,
}

impl Run {
    fn holds(&self, part: &Run) -> bool {
        self.person == part.person && self.slot == part.slot && self.from <= part.from && part.from < self.to
    }
}

/// The runs of pieces from `start` to `end` that begin before `to`, in order of time.
fn runs(pieces: impl Iterator<Item = SlotPiece>, start: Timestamp, to: Timestamp, end: Timestamp) -> Vec<Run> {
    let mut open: BTreeMap<(Person, Slot), Timestamp> = BTreeMap::new();
    let mut runs = Vec::new();
    let run = |((person, slot), from): ((Person, Slot), Timestamp), to| Run { from, to, person, slot };
    for piece in pieces {
        let over: Vec<_> = open.keys().filter(|key| !piece.people.contains(key)).cloned().collect();
        for key in over {
            runs.extend(open.remove_entry(&key).map(|ended| run(ended, piece.from)));
        }
        if piece.from >= to && open.is_empty() {
            break;
        }
        for key in piece.people.into_iter().filter(|_| piece.from < to) {
            // What goes on at the beginning began with its slot.
            let from = if piece.from == start { key.1.begun().min(start) } else { piece.from };
            open.entry(key).or_insert(from);
        }
    }
    runs.extend(open.into_iter().map(|ended| run(ended, end)));
    runs.sort_by_key(|run| (run.from, run.to, run.person));
    runs
}

/// An instant as calendars write it: `20260329T070000Z`.
fn utc(at: Timestamp) -> String {
    at.to_string().replace(['-', ':'], "")
}

/// A text as a value: what separates values is escaped, and what is no text is left out.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for character in text.chars() {
        match character {
            '\\' | ';' | ',' => escaped.extend(['\\', character]),
            '\n' => escaped.push_str("\\n"),
            other if other.is_control() => {}
            other => escaped.push(other),
        }
    }
    escaped
}

/// Writes a line; one that is too long goes on in the next, behind a space.
fn fold(text: &mut String, line: &str) {
    let mut used = 0;
    for character in line.chars() {
        if used + character.len_utf8() > LINE {
            text.push_str("\r\n ");
            used = 1;
        }
        text.push(character);
        used += character.len_utf8();
    }
    text.push_str("\r\n");
}

#[cfg(test)]
#[path = "ical_tests.rs"]
mod tests;
