//! Lengths of time in the configuration.

use orszem_records::time::MINUTE_MS;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// A length of time as people write it: `"90s"`, `"5m"`, `"36h"`, `"7d"`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span(pub Duration);

impl Span {
    /// A span of whole seconds.
    pub const fn from_secs(seconds: u64) -> Span {
        Span(Duration::from_secs(seconds))
    }

    /// A span of milliseconds.
    pub const fn from_millis(milliseconds: u64) -> Span {
        Span(Duration::from_millis(milliseconds))
    }

    /// In milliseconds, as event time counts.
    pub fn millis(self) -> i64 {
        i64::try_from(self.0.as_millis()).unwrap_or(i64::MAX)
    }
}

/// As it would be written in the configuration.
impl std::fmt::Display for Span {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        const MINUTE: u128 = MINUTE_MS.unsigned_abs() as u128;
        const UNITS: [(u128, &str); 4] = [(24 * 60 * MINUTE, "d"), (60 * MINUTE, "h"), (MINUTE, "m"), (1_000, "s")];
        let milliseconds = self.0.as_millis();
        match UNITS.iter().find(|(unit, _)| milliseconds > 0 && milliseconds.is_multiple_of(*unit)) {
            Some((unit, name)) => write!(f, "{}{name}", milliseconds / unit),
            None => write!(f, "{milliseconds}ms"),
        }
    }
}

/// The schema shows defaults by it.
impl Serialize for Span {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Span, D::Error> {
        let text = String::deserialize(deserializer)?;
        humantime::parse_duration(&text).map(Span).map_err(|fault| {
            serde::de::Error::custom(format!(
                "{text:?} is not a duration ({fault}); write it as \"90s\", \"5m\" or \"36h\""
            ))
        })
    }
}

impl JsonSchema for Span {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Span".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "description": "A length of time: 90s, 5m, 36h, 7d.",
            "format": "span",
            "pattern": "^[0-9]+ ?[a-zA-Z]+( ?[0-9]+ ?[a-zA-Z]+)*$",
            "examples": ["90s", "5m", "36h"]
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn it_is_shown_in_its_largest_whole_unit() {
        for (milliseconds, shown) in
            [(0, "0ms"), (100, "100ms"), (90_000, "90s"), (3_600_000, "1h"), (259_200_000, "3d")]
        {
            assert_eq!(Span::from_millis(milliseconds).to_string(), shown);
        }
    }

    proptest! {
        #[test]
        fn what_is_shown_is_read_as_the_same(milliseconds in 0..u64::from(u32::MAX)) {
            let span = Span::from_millis(milliseconds);
            let read = humantime::parse_duration(&span.to_string()).unwrap();
            prop_assert_eq!(Span(read), span);
        }
    }
}
