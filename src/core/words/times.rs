//! Times as people read them.

use jiff::tz::TimeZone;
use orszem_records::time::{Timestamp, zone};

use super::language::Language;
use super::numbers::count;

/// The time zone that times are shown in.
#[derive(Clone, Debug, PartialEq)]
pub struct Zone(TimeZone);

/// Hungarian short names of months; those of English are `strftime`'s. After the Unicode CLDR.
const MONTHS: [&str; 12] =
    ["jan.", "febr.", "márc.", "ápr.", "máj.", "jún.", "júl.", "aug.", "szept.", "okt.", "nov.", "dec."];
/// Hungarian names of the days of the week, from Monday.
const WEEKDAYS: [&str; 7] = ["hétfő", "kedd", "szerda", "csütörtök", "péntek", "szombat", "vasárnap"];

impl Zone {
    /// For times that belong to no reader.
    pub const UTC: Zone = Zone(TimeZone::UTC);

    /// The zone with this IANA name. UTC if there is no name, or no zone with it.
    pub fn named(name: Option<&str>) -> Zone {
        Zone(zone::named(name))
    }

    /// Its IANA name.
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// What is to be added to UTC at a time, in seconds; 0 outside the calendar.
    pub fn offset(&self, at: Timestamp) -> i64 {
        let instant = jiff::Timestamp::from_millisecond(at.0);
        instant.map_or(0, |instant| i64::from(self.0.to_offset(instant).seconds()))
    }

    /// The next moment after `now` at which the clock shows a time of day: `16:00`. `None` where it is no time of day.
    pub fn next(&self, time_of_day: &str, now: Timestamp) -> Option<Timestamp> {
        let (hour, minute) = time_of_day.trim().split_once(':')?;
        let time = jiff::civil::Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()?;
        let today = jiff::Timestamp::from_millisecond(now.0).ok()?.to_zoned(self.0.clone()).date();
        let at = |day: jiff::civil::Date| {
            let there = day.to_datetime(time).to_zoned(self.0.clone()).ok()?;
            Some(Timestamp(there.timestamp().as_millisecond()))
        };
        at(today).filter(|at| *at > now).or_else(|| at(today.tomorrow().ok()?))
    }

    /// Whether both are on one day of the calendar.
    pub(super) fn is_same_day(&self, one: Timestamp, other: Timestamp) -> bool {
        let day = |at: Timestamp| {
            jiff::Timestamp::from_millisecond(at.0).ok().map(|instant| instant.to_zoned(self.0.clone()).date())
        };
        day(one).is_some_and(|one| day(other) == Some(one))
    }

    /// A time in a form of `strftime`, where `{month}` and `{weekday}` are the Hungarian names; its milliseconds where
    /// it is outside the calendar.
    pub(super) fn formatted(&self, at: Timestamp, form: &str) -> String {
        let Ok(instant) = jiff::Timestamp::from_millisecond(at.0) else { return at.to_string() };
        let local = instant.to_zoned(self.0.clone());
        let month = MONTHS[(local.month() - 1).unsigned_abs() as usize % 12];
        let weekday = WEEKDAYS[local.weekday().to_monday_zero_offset().unsigned_abs() as usize % 7];
        let form = form.replace("{month}", month).replace("{weekday}", weekday);
        local.strftime(&form).to_string()
    }
}

/// A length of time in its two largest units: `45 s`, `1 h 20 min`, `2 d 3 h`.
pub(super) fn length(language: Language, seconds: i64) -> String {
    let units = match language {
        Language::English => [(86_400, "d"), (3_600, "h"), (60, "min"), (1, "s")],
        Language::Hungarian => [(86_400, "nap"), (3_600, "óra"), (60, "perc"), (1, "mp")],
    };
    let seconds = seconds.max(0).unsigned_abs();
    let first = units.iter().position(|(size, _)| seconds >= *size).unwrap_or(3);
    let (size, name) = units[first];
    let mut words = format!("{} {name}", count(language, seconds / size));
    if let Some((next, next_name)) = units.get(first + 1) {
        let rest = seconds % size / next;
        if rest > 0 {
            words.push_str(&format!(" {rest} {next_name}"));
        }
    }
    words
}

/// The text of the catalogue for a length that is a whole number of a unit, and the number; `None` for the others.
pub(super) fn whole(seconds: i64) -> Option<(&'static str, u64)> {
    let seconds = u64::try_from(seconds).ok().filter(|seconds| *seconds > 0)?;
    match seconds {
        _ if seconds % 86_400 == 0 && seconds > 86_400 => Some(("days", seconds / 86_400)),
        _ if seconds % 3_600 == 0 => Some(("hours", seconds / 3_600)),
        _ if seconds % 60 == 0 && seconds < 7_200 => Some(("minutes", seconds / 60)),
        _ => None,
    }
}
