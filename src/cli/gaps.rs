//! When nobody is on call in the time to come, in a sentence.

use orszem_core::oncall::Roster;
use orszem_core::settings::Rotation;
use orszem_core::words::{Language, Words, Zone};
use orszem_records::time::Timestamp;

/// How far ahead gaps are looked for, in ms: 30 days.
const AHEAD_MS: i64 = 30 * 24 * 3_600_000;

/// The first gap of a rotation in the next 30 days, by its own clock, and how many more there are; `None` where
/// somebody is on call all the time.
pub(super) fn first(roster: &Roster, rotation: &Rotation, now: Timestamp) -> Option<String> {
    let gaps = roster.gaps(&rotation.name, now, now.plus(AHEAD_MS));
    let gap = gaps.first()?;
    let words = Words::new(Language::English, Zone::named(Some(&rotation.time_zone)));
    let more = match gaps.len() {
        1 => String::new(),
        all => format!(", and {} more times in the next 30 days", all - 1),
    };
    let (from, to) = (words.sortable(gap.from), words.sortable(gap.to));
    Some(format!("nobody is on call {from} to {to} ({}){more}", rotation.time_zone))
}
