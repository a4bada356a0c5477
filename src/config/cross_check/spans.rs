//! Hours of the day, and local times that a clock shows twice or not at all.

use std::ops::Range;

use orszem_core::oncall::{Doubt, LocalClock};
use orszem_core::settings::calendar::{Clock, Moment};

use super::entry::Entry;
use crate::diagnostics::{Report, quoted};

/// Hours that begin and end, and not at the same time.
pub(super) fn check(hours: Entry<'_>, report: &mut Report<'_>) {
    let end_of_day = hours.text("from").filter(|(text, _)| Clock::parse(text) == Some(Clock::MIDNIGHT));
    if let Some((_, at)) = end_of_day {
        report.error(at, "hours begin at \"24:00\", the end of a day", "write \"00:00\"".to_owned());
    }
    let ends = hours.text("from").zip(hours.text("to"));
    if let Some(((from, _), (to, at))) = ends.filter(|((from, _), (to, _))| from == to) {
        let message = format!("hours from {} to {} may be none or a whole day", quoted(from), quoted(to));
        report.error(at, message, "for a whole day write from = \"00:00\" and to = \"24:00\"".to_owned());
    }
}

/// Warns of a local time that comes twice, or that the clock jumps over.
pub(super) fn doubt(moment: (&str, Range<usize>), zone: Option<&str>, report: &mut Report<'_>) {
    let (text, at) = moment;
    let (Some(Moment::Local(local)), Some(zone)) = (Moment::parse(text), zone) else { return };
    let placed = LocalClock::named(Some(zone)).placed(local);
    let taken = placed.at;
    match placed.doubt {
        None => {}
        Some(Doubt::Twice) => report.warning(
            at,
            format!("{} comes twice in {zone}; the first is taken: {taken}", quoted(text)),
            "write the offset where the second is meant".to_owned(),
        ),
        Some(Doubt::Missing) => report.warning(
            at,
            format!("{} is missing in {zone}, where the clock jumps over it; {taken} is taken", quoted(text)),
            "write a time that there is".to_owned(),
        ),
    }
}
