//! Figures and times as people read them: the same in messages, on pages and in reports.

use jiff::tz::TimeZone;
use orszem_records::signal::Signal;
use orszem_records::time::{Timestamp, zone};

/// The time zone that times are shown in. Each time names it, since the reader may be in another.
#[derive(Clone, Debug, PartialEq)]
pub struct Zone(TimeZone);

impl Zone {
    /// For times that belong to no watch.
    pub const UTC: Zone = Zone(TimeZone::UTC);

    /// The zone with this IANA name. UTC if there is no name, or no zone with it.
    pub fn named(name: Option<&str>) -> Zone {
        Zone(zone::named(name))
    }

    /// The zone of the watch that `signal` is about.
    pub fn of(signal: &Signal) -> Zone {
        Zone::named(signal.time_zone.as_deref())
    }

    /// `1 Aug 2014, 18:30 CEST`. Where a zone has no abbreviation, its offset: `1 Aug 2014, 13:30 -03`.
    pub fn moment(&self, at: Timestamp) -> String {
        self.formatted(at, "%-d %b %Y, %H:%M %Z")
    }

    /// `1 Aug 2014, 18:30:05 CEST`.
    pub fn moment_seconds(&self, at: Timestamp) -> String {
        self.formatted(at, "%-d %b %Y, %H:%M:%S %Z")
    }

    /// `18:30`: of a time that is not long ago.
    pub fn clock(&self, at: Timestamp) -> String {
        self.formatted(at, "%H:%M")
    }

    /// The abbreviation that holds at a time: `CEST`.
    pub fn abbreviation(&self, at: Timestamp) -> String {
        self.formatted(at, "%Z")
    }

    /// What is to be added to UTC at a time, in seconds; 0 outside the calendar.
    pub fn offset(&self, at: Timestamp) -> i64 {
        let instant = jiff::Timestamp::from_millisecond(at.0);
        instant.map_or(0, |instant| i64::from(self.0.to_offset(instant).seconds()))
    }

    /// A time in a form of `strftime`; its milliseconds where it is outside the calendar.
    pub fn formatted(&self, at: Timestamp, form: &str) -> String {
        match jiff::Timestamp::from_millisecond(at.0) {
            Ok(instant) => instant.to_zoned(self.0.clone()).strftime(form).to_string(),
            Err(_) => at.to_string(),
        }
    }
}

/// A length of time in its two largest units: `45 s`, `10 min`, `1 h 20 min`, `2 d 3 h`.
pub fn length(seconds: i64) -> String {
    let seconds = seconds.max(0);
    let units = [(86_400, "d"), (3_600, "h"), (60, "min"), (1, "s")];
    let first = units.iter().position(|(size, _)| seconds >= *size).unwrap_or(3);
    let (size, name) = units[first];
    let mut words = format!("{} {name}", seconds / size);
    if let Some((next, next_name)) = units.get(first + 1) {
        let rest = seconds % size / next;
        if rest > 0 {
            words.push_str(&format!(" {rest} {next_name}"));
        }
    }
    words
}

/// A whole number with its thousands apart: `12,345`.
pub fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A number that need not be whole, with no more digits than say something: `0.004`, `1.4`, `212`, `12,345`.
pub fn figure(number: f64) -> String {
    if !number.is_finite() {
        return "unknown".to_owned();
    }
    // Rounded before it is looked at, so that 9.96 is 10 and not 10.0.
    let tenths = (number * 10.0).round() / 10.0;
    match number.abs() {
        0.0 => "0".to_owned(),
        small if small < 0.001 => "less than 0.001".to_owned(),
        small if small < 0.1 => trimmed(format!("{number:.3}")),
        small if small < 1.0 => trimmed(format!("{number:.2}")),
        _ if tenths.abs() < 10.0 => trimmed(format!("{tenths:.1}")),
        large if large < 1e15 => {
            let sign = if number < 0.0 { "-" } else { "" };
            // Below 10^15 every whole number is exact.
            format!("{sign}{}", count(large.round() as u64))
        }
        _ => format!("{number:.1e}"),
    }
}

fn trimmed(number: String) -> String {
    match number.contains('.') {
        true => number.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => number,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_keep_their_two_largest_units() {
        let lengths = [
            (-5, "0 s"),
            (0, "0 s"),
            (45, "45 s"),
            (90, "1 min 30 s"),
            (600, "10 min"),
            (4_800, "1 h 20 min"),
            (86_400, "1 d"),
            (86_400 * 2 + 3 * 3600 + 59, "2 d 3 h"),
        ];
        for (seconds, words) in lengths {
            assert_eq!(length(seconds), words);
        }
    }

    #[test]
    fn figures_are_as_precise_as_of_use() {
        let figures = [
            (0.0, "0"),
            (0.0004, "less than 0.001"),
            (0.02134, "0.021"),
            (0.5, "0.5"),
            (1.44, "1.4"),
            (3.04, "3"),
            (9.96, "10"),
            (14.2, "14"),
            (99.6, "100"),
            (100.0, "100"),
            (12_345.6, "12,346"),
            (-3.0, "-3"),
            (1e20, "1.0e20"),
            (f64::NAN, "unknown"),
        ];
        for (number, words) in figures {
            assert_eq!(figure(number), words);
        }
        assert_eq!([0, 999, 1000, 1_234_567].map(count), ["0", "999", "1,000", "1,234,567"]);
    }

    #[test]
    fn times_out_of_any_calendar_do_not_break_a_page() {
        assert_eq!(Zone::UTC.moment(Timestamp(1_406_910_600_000)), "1 Aug 2014, 16:30 UTC");
        assert_eq!(Zone::UTC.moment_seconds(Timestamp(1_406_910_605_000)), "1 Aug 2014, 16:30:05 UTC");
        assert_eq!(Zone::UTC.moment(Timestamp(i64::MAX)), format!("{} ms", i64::MAX));
    }

    #[test]
    fn times_are_those_of_the_zone_in_summer_and_in_winter() {
        let zone = Zone::named(Some("Europe/Budapest"));
        let (summer, winter) = (Timestamp(1_406_910_600_000), Timestamp(1_420_070_400_000));
        assert_eq!(zone.moment(summer), "1 Aug 2014, 18:30 CEST");
        assert_eq!(zone.moment_seconds(winter), "1 Jan 2015, 01:00:00 CET");
        assert_eq!((zone.offset(summer), zone.offset(winter)), (7_200, 3_600));
        assert_eq!(zone.abbreviation(winter), "CET");
        assert_eq!(Zone::named(Some("America/Sao_Paulo")).moment(summer), "1 Aug 2014, 13:30 -03");
        for unknown in [None, Some("Mars/Olympus")] {
            assert_eq!(Zone::named(unknown).moment(summer), "1 Aug 2014, 16:30 UTC");
        }
        assert_eq!(zone.moment(Timestamp(i64::MIN)), format!("{} ms", i64::MIN));
        assert_eq!(zone.offset(Timestamp(i64::MIN)), 0);
    }
}
