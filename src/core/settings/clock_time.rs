//! Times of day in the configuration.

use schemars::JsonSchema;
use serde::Deserialize;

/// A time that the clock on the wall shows, in minutes from midnight: `"08:30"`. `"24:00"` is the end of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClockTime(u16);

impl ClockTime {
    /// The beginning of a day.
    pub const START: ClockTime = ClockTime(0);
    /// The end of a day.
    pub const END: ClockTime = ClockTime(24 * 60);

    /// The time that a text names: hours and minutes of two digits each, with a colon between.
    pub fn parse(text: &str) -> Option<ClockTime> {
        let (hours, minutes) = text.split_once(':')?;
        let two = |digits: &str| match digits.len() == 2 && digits.bytes().all(|digit| digit.is_ascii_digit()) {
            true => digits.parse::<u16>().ok(),
            false => None,
        };
        let (hours, minutes) = (two(hours)?, two(minutes)?);
        let time = ClockTime(hours * 60 + minutes);
        (minutes < 60 && time <= ClockTime::END).then_some(time)
    }

    /// Minutes from midnight, 0 to 1440.
    pub const fn minutes(self) -> u16 {
        self.0
    }
}

impl std::fmt::Display for ClockTime {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

impl<'de> Deserialize<'de> for ClockTime {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<ClockTime, D::Error> {
        let text = String::deserialize(deserializer)?;
        let help = "write hours and minutes: \"08:30\"";
        ClockTime::parse(&text)
            .ok_or_else(|| serde::de::Error::custom(format!("{text:?} is not a time of day; {help}")))
    }
}

impl JsonSchema for ClockTime {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "ClockTime".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "description": "A time of day: 08:30. 24:00 is the end of the day.",
            "format": "clock",
            "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$",
            "examples": ["08:30"]
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_and_minutes_have_two_digits_and_a_day_ends() {
        for text in ["00:00", "08:30", "23:59", "24:00"] {
            assert_eq!(ClockTime::parse(text).unwrap().to_string(), text);
        }
        for text in ["", "8:30", "08:3", "08:60", "24:01", "25:00", "+8:30", "08:30:00", "08.30", "0830"] {
            assert_eq!(ClockTime::parse(text), None, "{text}");
        }
    }
}
