//! Times with the month in letters, as in RFC 2822 and in the variants of people, exports and old APIs:
//! `Mon, 23 Nov 2026 08:15:00 CET`, `Monday, 23 November 2026 8:15 +0100`, `Mon Nov 23 08:15:00 +0000 2026`,
//! `23-Nov-2026 09:15AM`. Time of day, zone and day of the week are recognised by their shape, in any order.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::Offset;

/// Names of zones, in minutes east of UTC: those of RFC 2822, and European ones that feeds use. Ambiguous names (IST,
/// CST of China) are not included.
const ZONES: [(&str, i32); 25] = [
    ("Z", 0),
    ("UT", 0),
    ("UTC", 0),
    ("GMT", 0),
    ("WET", 0),
    ("BST", 60),
    ("WEST", 60),
    ("CET", 60),
    ("MEZ", 60),
    ("CEST", 120),
    ("MESZ", 120),
    ("EET", 120),
    ("EEST", 180),
    ("MSK", 180),
    ("EST", -300),
    ("EDT", -240),
    ("CST", -360),
    ("CDT", -300),
    ("MST", -420),
    ("MDT", -360),
    ("PST", -480),
    ("PDT", -420),
    ("AKST", -540),
    ("AKDT", -480),
    ("HST", -600),
];
const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
/// Two-digit years are read as in RFC 2822.
const DATES: [&str; 4] = ["%d %b %Y", "%b %d %Y", "%Y-%m-%d", "%d %b %y"];
const HOURS: [&str; 2] = ["%H:%M:%S%.f", "%H:%M"];
const HALVES: [&str; 2] = ["%I:%M:%S%.f %p", "%I:%M %p"];

/// The time in a text, and its offset from UTC if the text has one. Without a time of day it is midnight.
pub(super) fn read(text: &str) -> Option<(DateTime, Option<Offset>)> {
    // "… +0100 (CET)": text in brackets is a comment.
    let text = text.strip_suffix(')').and_then(|text| text.rsplit_once('(')).map_or(text, |(text, _)| text);
    let (mut date, mut time, mut half, mut zone) = (Vec::new(), None, None, None);
    for word in text.split(|c: char| c.is_whitespace() || c == ',').filter(|word| !word.is_empty()) {
        let word = word.trim_end_matches('.');
        let letters = word.bytes().all(|byte| byte.is_ascii_alphabetic());
        if word.contains(':') && word.starts_with(|c: char| c.is_ascii_digit()) {
            let clock = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
            match &word[clock.len()..] {
                "" => {}
                "Z" | "z" => once(&mut zone, Zone::Known(0))?,
                letters => once(&mut half, letters.to_owned())?,
            }
            once(&mut time, clock)?;
        } else if word.starts_with(['+', '-']) && (time.is_some() || zone.is_some()) {
            // "GMT+0100" is one word, "GMT +0100" is two.
            zone = Some(Zone::Known(minutes(word)?));
        } else if letters && (word.eq_ignore_ascii_case("am") || word.eq_ignore_ascii_case("pm")) {
            once(&mut half, word.to_owned())?;
        } else if letters && begins_one_of(word, &WEEKDAYS) && date.is_empty() {
        } else if letters && begins_one_of(word, &MONTHS) {
            date.push(&word[..3]);
        } else if letters && (2..=5).contains(&word.len()) || word.eq_ignore_ascii_case("z") {
            let known = ZONES.iter().find(|(name, _)| word.eq_ignore_ascii_case(name));
            once(&mut zone, known.map_or(Zone::Unknown, |(_, minutes)| Zone::Known(*minutes)))?;
        } else if let [day, month, year] = word.split('-').collect::<Vec<_>>().as_slice()
            && begins_one_of(month, &MONTHS)
        {
            date.extend([day, &month[..3], year]);
        } else {
            date.push(word);
        }
    }
    let date = date.join(" ");
    let date = DATES.iter().find_map(|form| {
        // "%Y" reads "26" as the year 26.
        Date::strptime(form, &date).ok().filter(|date| date.year() >= 1000)
    })?;
    let time = match (time, half) {
        (None, None) => Time::midnight(),
        (None, Some(_)) => return None,
        (Some(time), None) => HOURS.iter().find_map(|form| Time::strptime(form, time).ok())?,
        (Some(time), Some(half)) => {
            let time = format!("{time} {half}");
            HALVES.iter().find_map(|form| Time::strptime(form, &time).ok())?
        }
    };
    let offset = match zone {
        Some(Zone::Known(minutes)) => Some(Offset::from_seconds(minutes * 60).ok()?),
        Some(Zone::Unknown) | None => None,
    };
    Some((date.to_datetime(time), offset))
}

#[derive(Clone, Copy)]
enum Zone {
    /// In minutes east of UTC.
    Known(i32),
    Unknown,
}

/// Sets a part; fails if the text has it twice.
fn once<T>(place: &mut Option<T>, value: T) -> Option<()> {
    match place.is_none() {
        true => {
            *place = Some(value);
            Some(())
        }
        false => None,
    }
}

/// `Nov`, `Sept`, `Thurs`: three letters are enough.
fn begins_one_of(word: &str, names: &[&str]) -> bool {
    let start = |name: &&str| name.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
    word.len() >= 3 && names.iter().any(start)
}

/// Minutes east of UTC: `+0100`, `+01:00`, `-1`.
fn minutes(offset: &str) -> Option<i32> {
    let (sign, digits) = offset.split_at_checked(1)?;
    let (hours, minutes) = match (digits.split_once(':'), digits.len()) {
        (Some(parts), _) => parts,
        (None, 1 | 2) => (digits, "0"),
        (None, _) => digits.split_at_checked(digits.len().checked_sub(2)?)?,
    };
    let number = |digits: &str| digits.parse::<u8>().ok().filter(|_| digits.bytes().all(|byte| byte.is_ascii_digit()));
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    let east = i32::from(hours) * 60 + i32::from(minutes);
    (hours < 24 && minutes < 60).then_some(if sign == "-" { -east } else { east })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// In RFC 3339; `?` if there is no zone.
    fn told(text: &str) -> Option<String> {
        let (at, offset) = read(text)?;
        Some(offset.map_or_else(|| format!("{at}?"), |offset| offset.to_timestamp(at).unwrap().to_string()))
    }

    #[test]
    fn times_as_feeds_write_them() {
        for (text, at) in [
            ("Mon, 23 Nov 2026 08:15:00 GMT", "2026-11-23T08:15:00Z"),
            ("Mon, 23 Nov 2026 08:15:00 +0100", "2026-11-23T07:15:00Z"),
            ("Mon, 23 Nov 2026 08:15:00 +0100 (CET)", "2026-11-23T07:15:00Z"),
            ("Mon, 23 Nov 2026 08:15:00 CET", "2026-11-23T07:15:00Z"),
            ("Mon, 23 Nov 2026 08:15:00 MEZ", "2026-11-23T07:15:00Z"),
            ("Wed, 1 Jul 2026 08:15:00 CEST", "2026-07-01T06:15:00Z"),
            ("Wed, 1 Jul 2026 08:15:00 mesz", "2026-07-01T06:15:00Z"),
            ("Wed, 1 Jul 2026 08:15:00 EEST", "2026-07-01T05:15:00Z"),
            ("Wed, 1 Jul 2026 08:15:00 BST", "2026-07-01T07:15:00Z"),
            ("Wed, 1 Jul 2026 08:15:00 MSK", "2026-07-01T05:15:00Z"),
            ("Mon, 23 Nov 2026 08:15:00 EST", "2026-11-23T13:15:00Z"),
            // The day of the week is often wrong.
            ("Sun, 23 Nov 2026 08:15:00 GMT", "2026-11-23T08:15:00Z"),
            ("Mon, 23 Nov 2026 8:15 +0100", "2026-11-23T07:15:00Z"),
            ("Mon, 23 Nov 26 08:15:00 GMT", "2026-11-23T08:15:00Z"),
            ("Monday, 23 November 2026 08:15:00 GMT", "2026-11-23T08:15:00Z"),
            ("Thurs, 24 Sept. 2026 08:15:00 +01:00", "2026-09-24T07:15:00Z"),
            ("Mon Nov 23 08:15:00 +0000 2026", "2026-11-23T08:15:00Z"),
            ("Mon Nov 23 08:15:00 UTC 2026", "2026-11-23T08:15:00Z"),
            ("Mon Nov 23 2026 08:15:00 GMT +0100", "2026-11-23T07:15:00Z"),
            ("23 Nov 2026 08:15 Z", "2026-11-23T08:15:00Z"),
            ("23 Nov 2026 08:15Z", "2026-11-23T08:15:00Z"),
            ("23 Nov 2026 08:15", "2026-11-23T08:15:00?"),
            ("23-Nov-2026 09:15AM", "2026-11-23T09:15:00?"),
            ("23-Nov-26 12:15 am", "2026-11-23T00:15:00?"),
            ("Nov 23, 2026 9:15:30 PM", "2026-11-23T21:15:30?"),
            ("2026-11-23 09:15 PM", "2026-11-23T21:15:00?"),
            ("23 Nov 2026", "2026-11-23T00:00:00?"),
            ("Mon, 23 Nov 2026 08:15:00 IST", "2026-11-23T08:15:00?"),
            ("Fri, 20 Nov 2026 08:15:60 GMT", "2026-11-20T08:15:59Z"),
        ] {
            assert_eq!(told(text).as_deref(), Some(at), "{text}");
        }
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in [
            "yesterday",
            "Mon",
            "08:15",
            "23 2026 08:15",
            "31 Feb 2026 08:15",
            "23 Nov 2026 25:15",
            "23 Nov 2026 13:15 PM",
            "23 Nov 2026 08:15 09:15",
            "23 Nov 2026 08:15 CET EST",
            "23 Nov 2026 08:15 +9900",
            "23 Nov 2026 08:15 +-100",
            "23/11/2026 08:15",
            "2026-11-23T08:15:00Z",
            "23 Nov 2026 PM",
            "",
        ] {
            assert_eq!(told(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn it_reads_what_jiff_writes_by_rfc_2822(seconds in 631_152_000_i64..4_102_444_800) {
            let at = jiff::Timestamp::from_second(seconds).unwrap();
            let written = jiff::fmt::rfc2822::to_string(&at.to_zoned(jiff::tz::TimeZone::UTC)).unwrap();
            prop_assert_eq!(told(&written), Some(at.to_string()));
        }

        #[test]
        fn no_text_makes_it_panic(text in "([0-9:+ ,.()é-]|Nov|Mon|AM|CET|Z|\\PC){0,12}") {
            read(&text);
        }
    }
}
