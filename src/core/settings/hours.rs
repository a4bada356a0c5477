//! `[[hours]]`: times of the week that have a name.

use schemars::JsonSchema;
use serde::Deserialize;

use super::clock_time::ClockTime;

/// `[[hours]]`: a time window with a name, for `mute` and `active` of routes, working hours of steps and quiet hours.
/// It goes by what the clock on the wall shows.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Hours {
    /// The name by which others call it: small letters, digits and `-`, at most 63.
    #[schemars(extend("format" = "name"))]
    pub name: String,
    /// The time zone of its clock, by its IANA name; that of `[web]`, or else of `[detect]`, unless given.
    #[serde(default)]
    #[schemars(extend("format" = "time-zone"))]
    pub time_zone: Option<String>,
    /// The days on which it begins; all of them, unless given.
    #[serde(default)]
    #[schemars(length(min = 1))]
    pub weekdays: Option<Vec<Weekday>>,
    /// When it begins; midnight, unless given.
    #[serde(default)]
    pub from: Option<ClockTime>,
    /// When it is over; the end of the day, unless given. Before `from` it is that of the next day.
    #[serde(default)]
    pub to: Option<ClockTime>,
    /// More spans, beside the one above where there is one.
    #[serde(default, rename = "span")]
    pub spans: Vec<HoursSpan>,
}

/// `[[hours.span]]`: one span of a time window.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HoursSpan {
    /// The days on which it begins; all of them, unless given.
    #[serde(default)]
    #[schemars(length(min = 1))]
    pub weekdays: Option<Vec<Weekday>>,
    /// When it begins; midnight, unless given.
    #[serde(default)]
    pub from: Option<ClockTime>,
    /// When it is over; the end of the day, unless given. Before `from` it is that of the next day.
    #[serde(default)]
    pub to: Option<ClockTime>,
}

impl Hours {
    /// All its spans: the one that it says itself, and those of `span`. One that says nothing is always.
    pub fn all_spans(&self) -> Vec<HoursSpan> {
        let says = self.weekdays.is_some() || self.from.is_some() || self.to.is_some() || self.spans.is_empty();
        let own = says.then(|| HoursSpan { weekdays: self.weekdays.clone(), from: self.from, to: self.to });
        own.into_iter().chain(self.spans.iter().cloned()).collect()
    }
}

/// A day of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Weekday {
    /// Monday.
    Monday,
    /// Tuesday.
    Tuesday,
    /// Wednesday.
    Wednesday,
    /// Thursday.
    Thursday,
    /// Friday.
    Friday,
    /// Saturday.
    Saturday,
    /// Sunday.
    Sunday,
}

impl Weekday {
    /// All of them.
    pub const ALL: [Weekday; 7] = [
        Weekday::Monday,
        Weekday::Tuesday,
        Weekday::Wednesday,
        Weekday::Thursday,
        Weekday::Friday,
        Weekday::Saturday,
        Weekday::Sunday,
    ];
}
