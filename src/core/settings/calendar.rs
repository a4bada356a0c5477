//! Days, weekdays and times of day in the configuration, as the clock on the wall shows them.

use jiff::civil::{Date, DateTime};
use orszem_records::time::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, de};

/// A day: `"2026-06-30"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(pub Date);

/// A date with a time of day, without a zone: `"2026-03-23 09:00"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LocalTime(pub DateTime);

/// A date with a time of day: a local time, or an instant where it says its offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// `"2026-03-23 09:00"`: what the clock of a time zone shows.
    Local(DateTime),
    /// `"2026-03-23T09:00+01:00"`, `"2026-03-23T08:00Z"`: one instant.
    Instant(Timestamp),
}

/// A time of day in minutes from midnight: `"09:00"`. `"24:00"` is the end of the day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Clock(pub u16);

/// A day of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Weekday {
    /// The first day of the week (ISO 8601).
    Monday,
    /// The second.
    Tuesday,
    /// The third.
    Wednesday,
    /// The fourth.
    Thursday,
    /// The fifth.
    Friday,
    /// The sixth.
    Saturday,
    /// The last.
    Sunday,
}

/// Hours that come again each day, or on some days of the week.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Hours {
    /// The days on which they begin: `["monday", "friday"]`; every day, unless given.
    #[serde(default)]
    pub weekdays: Vec<Weekday>,
    /// When they begin: `"08:00"`; at midnight, unless given.
    #[serde(default)]
    pub from: Clock,
    /// When they end: `"18:00"`; at midnight, unless given. A time that is not after `from` is on the next day.
    #[serde(default = "midnight")]
    pub to: Clock,
}

fn midnight() -> Clock {
    Clock::MIDNIGHT
}

impl Day {
    /// Reads a day; `None` where the text is none.
    pub fn parse(text: &str) -> Option<Day> {
        // The parser of dates would take a date with a time as well.
        (text.len() == 10).then(|| text.parse().ok().map(Day))?
    }
}

impl LocalTime {
    /// Reads a local time; `None` where the text is none, or says an offset.
    pub fn parse(text: &str) -> Option<LocalTime> {
        match Moment::parse(text)? {
            Moment::Local(local) => Some(LocalTime(local)),
            Moment::Instant(_) => None,
        }
    }
}

impl Moment {
    /// Reads a moment; `None` where the text is none. A date alone is none: it does not say when.
    pub fn parse(text: &str) -> Option<Moment> {
        let time = text.get(11..).filter(|time| time.contains(':'))?;
        match time.contains(['Z', 'z', '+', '-']) {
            true => {
                let instant: jiff::Timestamp = text.parse().ok()?;
                Some(Moment::Instant(Timestamp(instant.as_millisecond())))
            }
            false => text.parse().ok().map(Moment::Local),
        }
    }
}

impl Clock {
    /// The end of the day.
    pub const MIDNIGHT: Clock = Clock(24 * 60);

    /// Reads a time of day; `None` where the text is none.
    pub fn parse(text: &str) -> Option<Clock> {
        let (hours, minutes) = text.split_once(':')?;
        let two_digits = |part: &str| {
            (part.len() == 2 && part.bytes().all(|it| it.is_ascii_digit())).then(|| part.parse::<u16>().ok())?
        };
        let (hours, minutes) = (two_digits(hours)?, two_digits(minutes)?);
        let at = 60 * hours + minutes;
        (minutes < 60 && at <= Clock::MIDNIGHT.0).then_some(Clock(at))
    }

    /// Seconds from midnight.
    pub fn seconds(self) -> i64 {
        60 * i64::from(self.0)
    }
}

/// As it would be written in the configuration.
impl std::fmt::Display for Clock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

impl Weekday {
    /// All of them, from Monday.
    pub const ALL: [Weekday; 7] = [
        Weekday::Monday,
        Weekday::Tuesday,
        Weekday::Wednesday,
        Weekday::Thursday,
        Weekday::Friday,
        Weekday::Saturday,
        Weekday::Sunday,
    ];

    /// Its place in the week: Monday is 0.
    pub fn index(self) -> usize {
        self as usize
    }

    /// Its name in English.
    pub fn name(self) -> &'static str {
        ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"][self.index()]
    }
}

impl Hours {
    /// Whether they begin on a day of the week, by its place from Monday.
    pub fn begin_on(&self, weekday: usize) -> bool {
        self.weekdays.is_empty() || self.weekdays.iter().any(|day| day.index() == weekday)
    }

    /// From when to when, in seconds from the midnight in which their day begins; the end may be on the next day.
    pub fn seconds(&self) -> (i64, i64) {
        let (from, to) = (self.from.seconds(), self.to.seconds());
        (from, if to > from { to } else { to + Clock::MIDNIGHT.seconds() })
    }
}

/// Reads a text by its own rule; a text that is none says what it should be.
macro_rules! written_as_text {
    ($type:ident, $form:literal, $description:literal, $example:literal) => {
        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<$type, D::Error> {
                let text = String::deserialize(deserializer)?;
                $type::parse(&text)
                    .ok_or_else(|| de::Error::custom(format!(concat!("{:?} is not as in \"", $example, "\""), text)))
            }
        }

        impl JsonSchema for $type {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($type).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({
                    "type": "string",
                    "description": $description,
                    "format": $form,
                    "examples": [$example]
                })
            }
        }
    };
}

written_as_text!(Day, "day", "A day.", "2026-06-30");
written_as_text!(LocalTime, "local-time", "A date with a time of day, without a zone.", "2026-03-23 09:00");
written_as_text!(Moment, "moment", "A date with a time of day, with or without an offset.", "2026-03-23 09:00");
written_as_text!(Clock, "clock", "A time of day.", "09:00");

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::{date, datetime};

    #[test]
    fn what_is_written_is_read_and_nothing_else() {
        assert_eq!(Clock::parse("09:05"), Some(Clock(545)));
        assert_eq!(Clock::parse("24:00"), Some(Clock::MIDNIGHT));
        for wrong in ["9:00", "24:01", "09:60", "0900", "", "+9:00", "09:00:00"] {
            assert_eq!(Clock::parse(wrong), None, "{wrong}");
        }
        assert_eq!(Clock(545).to_string(), "09:05");
        assert_eq!(Day::parse("2026-02-28"), Some(Day(date(2026, 2, 28))));
        for wrong in ["2026-02-30", "2026-02-28T10:00", "28.02.2026", ""] {
            assert_eq!(Day::parse(wrong), None, "{wrong}");
        }
        let nine = datetime(2026, 3, 23, 9, 0, 0, 0);
        for same in ["2026-03-23 09:00", "2026-03-23T09:00", "2026-03-23T09:00:00"] {
            assert_eq!(Moment::parse(same), Some(Moment::Local(nine)), "{same}");
            assert_eq!(LocalTime::parse(same), Some(LocalTime(nine)), "{same}");
        }
        let instant = Moment::Instant(Timestamp(1_774_252_800_000));
        for same in ["2026-03-23T08:00Z", "2026-03-23T09:00+01:00", "2026-03-23 03:00:00-05"] {
            assert_eq!(Moment::parse(same), Some(instant), "{same}");
            assert_eq!(LocalTime::parse(same), None, "{same}");
        }
        for wrong in ["2026-03-23", "2026-02-30 10:00", "tomorrow", "2026-03-23 25:00", ""] {
            assert_eq!(Moment::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn hours_that_end_before_they_begin_end_on_the_next_day() {
        let hours: Hours = toml::from_str("weekdays = [\"friday\"]\nfrom = \"22:00\"\nto = \"06:00\"").unwrap();
        assert_eq!(hours.seconds(), (22 * 3600, 30 * 3600));
        assert!(hours.begin_on(4) && !hours.begin_on(5));
        let whole: Hours = toml::from_str("").unwrap();
        assert_eq!(whole.seconds(), (0, 24 * 3600));
        assert!(whole.begin_on(6));
    }
}
