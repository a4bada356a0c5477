//! Shifts read from a calendar that others keep (iCalendar, RFC 5545).
//!
//! bytes → `calcard` (lines and values) → `zones` → `event` → `series` (revisions, `rule`s, exceptions) → `names` →
//! shifts of a span. Local times are counted on without a zone, and each gets its instant at the end, as for rotations
//! everywhere: a time that the clock jumps over is as long after the jump, one that comes twice is the first.
//!
//! A calendar is somebody else's text: sizes and numbers are bounded, and what cannot be read is a fault of its event.

mod event;
mod marks;
mod names;
mod rule;
mod series;
pub mod source;
mod zones;

#[cfg(test)]
mod cases_tests;
#[cfg(test)]
mod properties_tests;

use std::borrow::Cow;

use calcard::icalendar::{ICalendar, ICalendarComponentType};
use calcard::{Entry, Parser};
use orszem_records::team::RosterShift;
use orszem_records::team::shifts::{CalendarFault, CalendarShifts, FaultKind};
use orszem_records::time::Timestamp;
use orszem_text::truncate::{Unit, cut};

use self::event::Event;
use self::names::Names;
use self::zones::Zones;
use crate::settings::Config;

/// The most bytes of a calendar. One of three people and ten years has less than 1 MiB.
pub const MOST_BYTES: usize = 4 << 20;
/// The most events.
const MOST_EVENTS: usize = 10_000;
/// The most events that are repeated. A rule that never comes about is followed for as long as a thousand others.
const MOST_RULES: usize = 500;
/// The most times that all rules give together, from their beginnings on.
const MOST_TIMES: usize = 100_000;
/// The most shifts in the span: a record of a third of a megabyte.
const MOST_SHIFTS: usize = 3_000;
/// The most faults that are told one by one.
const MOST_FAULTS: usize = 20;
/// The most characters of what an event is called in a fault.
const CALLED: usize = 80;

/// What to read of a calendar.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'w> {
    /// The people who may be in it, and the rotation.
    pub config: &'w Config,
    /// The name of the rotation.
    pub rotation: &'w str,
    /// From when on shifts are wanted.
    pub from: Timestamp,
    /// Until when.
    pub to: Timestamp,
}

impl<'w> Wanted<'w> {
    /// What is read of the calendar of a rotation at `now`: from 31 days ago, so that who had the last shifts is known,
    /// to as far as the roster looks ahead. By the day, so that a calendar that stays gives the same for that long.
    pub fn at(now: Timestamp, config: &'w Config, rotation: &'w str) -> Wanted<'w> {
        const DAY_MS: i64 = 24 * 3_600_000;
        let today = Timestamp(now.0.div_euclid(DAY_MS) * DAY_MS);
        Wanted { config, rotation, from: today.plus(-31 * DAY_MS), to: today.plus(400 * DAY_MS) }
    }
}

/// Why nothing of a calendar can be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// It is too long.
    #[error("it has more than {} MiB", MOST_BYTES >> 20)]
    TooLong,
    /// It is something else.
    #[error("it is no iCalendar")]
    NoCalendar,
    /// It ends before its end: a part of it may be missing.
    #[error("it is cut off")]
    CutOff,
    /// It has too many events.
    #[error("it has more than {MOST_EVENTS} events, or {MOST_RULES} that are repeated, or these too often")]
    TooManyEvents,
    /// It has too many shifts.
    #[error("it has more than {MOST_SHIFTS} shifts in the time that is read")]
    TooManyShifts,
}

/// The shifts of a calendar that lie in a span, a part of them or the whole.
///
/// # Errors
/// When nothing of it can be taken; what stands there for one event only is told as a fault.
pub fn read(calendar: &[u8], wanted: &Wanted<'_>) -> Result<CalendarShifts, Unreadable> {
    if calendar.len() > MOST_BYTES {
        return Err(Unreadable::TooLong);
    }
    let text = unfolded(calendar);
    let calendar = parsed(&text)?;
    let rotation = wanted.config.rotations.iter().find(|it| it.name == wanted.rotation);
    let zones = Zones::of(&calendar, rotation.map_or("UTC", |rotation| &rotation.time_zone), wanted.from);
    let names = Names::of(wanted.config);
    let mut found = Found { faults: Vec::new(), shifts: Vec::new(), further: 0, followed: 0 };
    let of_events = calendar.components.iter().filter(|it| it.component_type == ICalendarComponentType::VEvent);
    let mut events = Vec::new();
    for component in of_events {
        if events.len() == MOST_EVENTS {
            return Err(Unreadable::TooManyEvents);
        }
        match Event::of(component, &zones) {
            Ok(event) => events.push(event),
            Err((fault, event)) => found.fault(fault, event, None),
        }
    }
    if events.iter().filter(|event| !event.rules.is_empty()).count() > MOST_RULES {
        return Err(Unreadable::TooManyEvents);
    }
    series::shifts(&events, &names, (wanted.from, wanted.to), &mut found)?;
    let Found { mut shifts, faults, further, .. } = found;
    shifts.sort_by(|one, other| (one.from, one.to, &one.people).cmp(&(other.from, other.to, &other.people)));
    shifts.dedup();
    Ok(CalendarShifts { rotation: wanted.rotation.to_owned(), shifts, faults, further_faults: further })
}

/// What has been found so far.
struct Found {
    shifts: Vec<RosterShift>,
    faults: Vec<CalendarFault>,
    further: u32,
    /// How many times rules gave.
    followed: usize,
}

impl Found {
    fn fault(&mut self, fault: FaultKind, event: &str, at: Option<Timestamp>) {
        if self.faults.len() == MOST_FAULTS {
            self.further += 1;
            return;
        }
        let event = cut(&orszem_text::sanitize::line(event), CALLED, Unit::Characters).into_owned();
        self.faults.push(CalendarFault { fault, event, at });
    }

    fn follow(&mut self, times: usize) -> Result<(), Unreadable> {
        self.followed += times;
        if self.followed > MOST_TIMES { Err(Unreadable::TooManyEvents) } else { Ok(()) }
    }

    fn shift(&mut self, shift: RosterShift) -> Result<(), Unreadable> {
        if self.shifts.len() == MOST_SHIFTS {
            return Err(Unreadable::TooManyShifts);
        }
        self.shifts.push(shift);
        Ok(())
    }
}

/// The text with its long lines put together again. A line may be folded within a letter, so that this comes before
/// letters are read.
fn unfolded(calendar: &[u8]) -> String {
    let mut whole = Vec::with_capacity(calendar.len());
    let mut rest = calendar;
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        match rest {
            [b'\n', b' ' | b'\t', after @ ..] if *first == b'\r' => rest = after,
            [b' ' | b'\t', after @ ..] if *first == b'\n' => rest = after,
            _ => whole.push(*first),
        }
    }
    match String::from_utf8_lossy(&whole) {
        Cow::Borrowed(text) => text.to_owned(),
        Cow::Owned(text) => text,
    }
}

/// The calendars of a text as one.
fn parsed(text: &str) -> Result<ICalendar, Unreadable> {
    const END: &str = "END:VCALENDAR";
    let mut parser = Parser::new(text);
    let mut whole: Option<ICalendar> = None;
    loop {
        match parser.entry() {
            Entry::ICalendar(calendar) => match &mut whole {
                Some(whole) => whole.components.extend(calendar.components),
                None => whole = Some(calendar),
            },
            Entry::UnterminatedComponent(_) => return Err(Unreadable::CutOff),
            Entry::TooManyComponents => return Err(Unreadable::TooManyEvents),
            Entry::Eof => {
                let last = text.trim_end().lines().next_back().unwrap_or_default();
                let is_whole = last.trim().eq_ignore_ascii_case(END);
                return whole
                    .ok_or(Unreadable::NoCalendar)
                    .and_then(|it| is_whole.then_some(it).ok_or(Unreadable::CutOff));
            }
            // The rest may still be a calendar. What is not one at all has no end of such lines.
            _ if whole.is_none() => return Err(Unreadable::NoCalendar),
            _ => {}
        }
    }
}
