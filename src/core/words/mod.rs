//! The words that readers of messages and pages meet: whole sentences from one catalogue, in the reader's language,
//! with figures and times as that language writes them.
//!
//! A sentence is a message of [Fluent](https://projectfluent.org) in `en/` and `hu/`: a file for each place where it is
//! read. A test fails on one that is missing in a language, asks for other values there, or is used nowhere.
//!
//! ```
//! use orszem_core::words::{Language, Words, Zone};
//!
//! let english = Words::new(Language::English, Zone::UTC);
//! assert_eq!(english.with("mentions", [("n", 1_u64.into())]), "1 mention");
//! assert_eq!(english.with("mentions", [("n", 12_345_u64.into())]), "12,345 mentions");
//! let hungarian = Words::new(Language::Hungarian, Zone::UTC);
//! assert_eq!(hungarian.with("mentions", [("n", 12_345_u64.into())]), "12\u{a0}345 említés");
//! ```

mod catalogue;
mod language;
mod numbers;
mod times;

pub use catalogue::Value;
pub use language::Language;
pub use times::Zone;

use orszem_records::time::Timestamp;

/// The words for one reader: a language, and the time zone of their clock.
#[derive(Clone, Debug, PartialEq)]
pub struct Words {
    language: Language,
    zone: Zone,
}

impl Default for Words {
    fn default() -> Words {
        Words::new(Language::English, Zone::UTC)
    }
}

impl Words {
    /// The words of this language, with times in this zone.
    pub fn new(language: Language, zone: Zone) -> Words {
        Words { language, zone }
    }

    /// The language.
    pub fn language(&self) -> Language {
        self.language
    }

    /// The time zone.
    pub fn zone(&self) -> &Zone {
        &self.zone
    }

    /// A text of the catalogue that has no values.
    pub fn say(&self, id: &str) -> String {
        self.with(id, [])
    }

    /// A text of the catalogue with its values. Numbers in it choose singular and plural, and are written as the
    /// language writes them.
    pub fn with<const N: usize>(&self, id: &str, values: [(&'static str, Value); N]) -> String {
        catalogue::text(self.language, id, values)
    }

    /// A whole number: `12,345`.
    pub fn count(&self, number: u64) -> String {
        numbers::count(self.language, number)
    }

    /// A number that need not be whole, with as many digits as say something: `0.04`, `1.4`, `212`.
    pub fn figure(&self, number: f64) -> String {
        numbers::figure(self.language, number)
    }

    /// Two digits of an estimate: 6,200 for 6,184.
    pub fn rounded(estimate: u64) -> u64 {
        numbers::rounded(estimate).0
    }

    /// A number as people say it, two digits of it: `1.4 million`, `6,200`.
    pub fn about(&self, number: u64) -> String {
        match numbers::rounded(number) {
            (_, millions) if millions >= 1.0 => {
                self.with("millions", [("n", numbers::figure(self.language, millions).into())])
            }
            (rounded, _) => self.count(rounded),
        }
    }

    /// A text, with the mark before it where it is of a drill.
    pub fn marked(&self, is_drill: bool, text: String) -> String {
        if is_drill { self.with("drill-marked", [("text", text.into())]) } else { text }
    }

    /// A part of the whole in whole percent: `44%`.
    pub fn percent(&self, part: f64) -> String {
        numbers::percent(self.language, part)
    }

    /// A date and a time of day with the zone: `1 Aug 2014, 18:30 CEST`.
    pub fn moment(&self, at: Timestamp) -> String {
        self.zone.formatted(at, self.language.moment())
    }

    /// As [`moment`](Words::moment), with seconds.
    pub fn moment_seconds(&self, at: Timestamp) -> String {
        self.zone.formatted(at, self.language.moment_seconds())
    }

    /// A time of day: `18:30`.
    pub fn clock(&self, at: Timestamp) -> String {
        self.zone.formatted(at, "%H:%M")
    }

    /// A time of day with seconds: `18:30:05`.
    pub fn clock_seconds(&self, at: Timestamp) -> String {
        self.zone.formatted(at, "%H:%M:%S")
    }

    /// A day without its year: `1 Aug`.
    pub fn short_day(&self, at: Timestamp) -> String {
        self.zone.formatted(at, self.language.short_day())
    }

    /// A date and a time that sort as text, in the reader's zone: `2014-08-01 18:30`.
    pub fn sortable(&self, at: Timestamp) -> String {
        self.zone.formatted(at, "%Y-%m-%d %H:%M")
    }

    /// A date that sorts as text, in the reader's zone: `2014-08-01`.
    pub fn sortable_day(&self, at: Timestamp) -> String {
        self.zone.formatted(at, "%Y-%m-%d")
    }

    /// A day: `Fri 1 Aug 2014`.
    pub fn day(&self, at: Timestamp) -> String {
        self.zone.formatted(at, self.language.day())
    }

    /// Whether both are on one day of the calendar, in the reader's zone.
    pub fn is_same_day(&self, one: Timestamp, other: Timestamp) -> bool {
        self.zone.is_same_day(one, other)
    }

    /// A time beside another one: the time of day alone where both are on one day, else with the day: `1 Aug, 18:30`.
    pub fn beside(&self, at: Timestamp, other: Timestamp) -> String {
        match self.zone.is_same_day(at, other) {
            true => self.clock(at),
            false => self.zone.formatted(at, self.language.day_and_clock()),
        }
    }

    /// The abbreviation of the zone at a time: `CEST`.
    pub fn abbreviation(&self, at: Timestamp) -> String {
        self.zone.formatted(at, "%Z")
    }

    /// A length of time in its two largest units: `45 s`, `1 h 20 min`, `2 d 3 h`.
    pub fn length(&self, seconds: i64) -> String {
        times::length(self.language, seconds)
    }

    /// A length of time in one word or two, where it is a whole number of a unit: `an hour`, `2 hours`, `40 minutes`.
    pub fn span(&self, seconds: i64) -> String {
        match times::whole(seconds) {
            Some((id, n)) => self.with(id, [("n", n.into())]),
            None => self.length(seconds),
        }
    }
}

#[cfg(test)]
#[path = "words_tests.rs"]
mod tests;
