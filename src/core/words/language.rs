//! The languages of readers.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A language that readers of messages and pages can choose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Deserialize, Serialize, JsonSchema)]
pub enum Language {
    /// English.
    #[default]
    #[serde(rename = "en")]
    English,
    /// Hungarian.
    #[serde(rename = "hu")]
    Hungarian,
}

impl Language {
    /// All of them.
    pub const ALL: [Language; 2] = [Language::English, Language::Hungarian];

    /// The code, as in ISO 639-1 and in `lang="en"`.
    pub const fn code(self) -> &'static str {
        match self {
            Language::English => "en",
            Language::Hungarian => "hu",
        }
    }

    /// The language of a code; `None` where there is none.
    pub fn of_code(code: &str) -> Option<Language> {
        Language::ALL.into_iter().find(|language| language.code() == code)
    }

    /// Its name in itself.
    pub const fn own_name(self) -> &'static str {
        match self {
            Language::English => "English",
            Language::Hungarian => "Magyar",
        }
    }

    /// How it writes a date with a time of day and the zone, in the form of `strftime`.
    pub(super) const fn moment(self) -> &'static str {
        match self {
            Language::English => "%-d %b %Y, %H:%M %Z",
            Language::Hungarian => "%Y. {month} %-d. %H:%M %Z",
        }
    }

    pub(super) const fn moment_seconds(self) -> &'static str {
        match self {
            Language::English => "%-d %b %Y, %H:%M:%S %Z",
            Language::Hungarian => "%Y. {month} %-d. %H:%M:%S %Z",
        }
    }

    pub(super) const fn day(self) -> &'static str {
        match self {
            Language::English => "%a %-d %b %Y",
            Language::Hungarian => "%Y. {month} %-d., {weekday}",
        }
    }

    pub(super) const fn short_day(self) -> &'static str {
        match self {
            Language::English => "%-d %b",
            Language::Hungarian => "{month} %-d.",
        }
    }

    pub(super) const fn day_and_clock(self) -> &'static str {
        match self {
            Language::English => "%-d %b, %H:%M",
            Language::Hungarian => "{month} %-d. %H:%M",
        }
    }
}
