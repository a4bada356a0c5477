//! `[[hours]]`: times of the week that have a name.

use schemars::JsonSchema;
use serde::Deserialize;

use super::calendar::{Clock, Hours, Weekday};

/// `[[hours]]`: a time window with a name, for `mute` and `active` of routes, and for the working hours of steps. It
/// goes by what the clock on the wall shows.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NamedHours {
    /// The name by which others call it: small letters, digits and `-`, at most 63.
    #[schemars(extend("format" = "name"))]
    pub name: String,
    /// The time zone of its clock, by its IANA name; that of `[web]`, or else of `[detect]`, unless given.
    #[serde(default)]
    #[schemars(extend("format" = "time-zone"))]
    pub time_zone: Option<String>,
    /// The days on which it begins; all of them, unless given.
    #[serde(default)]
    pub weekdays: Vec<Weekday>,
    /// When it begins; midnight, unless given.
    #[serde(default)]
    pub from: Option<Clock>,
    /// When it is over; the end of the day, unless given. A time that is not after `from` is on the next day.
    #[serde(default)]
    pub to: Option<Clock>,
    /// More spans, beside the one above where there is one.
    #[serde(default, rename = "span")]
    pub spans: Vec<Hours>,
}

impl NamedHours {
    /// All its spans: the one that it says itself, and those of `span`. One that says nothing is always.
    pub fn all_spans(&self) -> Vec<Hours> {
        let says = !self.weekdays.is_empty() || self.from.is_some() || self.to.is_some() || self.spans.is_empty();
        let own = says.then(|| Hours {
            weekdays: self.weekdays.clone(),
            from: self.from.unwrap_or_default(),
            to: self.to.unwrap_or(Clock::MIDNIGHT),
        });
        own.into_iter().chain(self.spans.iter().cloned()).collect()
    }
}
