//! `[[person]]`: who is called, and by which ways.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::calendar::{Clock, Day, Hours, Weekday};
use super::span::Span;
use crate::words::Language;

/// `[[person]]`: somebody who is called, or who may act on the pages.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// The name by which escalations and rotations call them: small letters, digits and `-`, at most 63.
    #[schemars(extend("format" = "name"))]
    pub name: String,
    /// Their name for people; the name, unless given.
    #[serde(default)]
    #[schemars(length(min = 1, max = 200))]
    pub title: Option<String>,
    /// What they may do on the pages. Who is called may respond in any case.
    #[serde(default)]
    pub roles: Vec<Role>,
    /// Their accounts for signing in: what the proxy's header says (`anna@example.com`), or the `sub` of OpenID
    /// Connect. Capitals count.
    #[serde(default)]
    #[schemars(inner(length(min = 1, max = 255)))]
    pub accounts: Vec<String>,
    /// The languages that they work in, by their codes, the best first: `["hu", "en", "de"]`.
    #[serde(default)]
    #[schemars(extend("items" = {"type": "string", "format": "language"}))]
    pub languages: Vec<String>,
    /// The language of what is sent to them: `"en"` or `"hu"`; the first of `languages` that messages are written in,
    /// unless given, else that of the receiver.
    #[serde(default)]
    pub language: Option<Language>,
    /// The time zone of their clock, by its IANA name: that of the receiver, unless given.
    #[serde(default)]
    #[schemars(extend("format" = "time-zone"))]
    pub time_zone: Option<String>,
    /// The ways to reach them, in order: the first at once, each next after `next_way`, or at once when the one before
    /// failed for good.
    #[serde(default, rename = "way")]
    pub ways: Vec<Way>,
    /// How long nobody may acknowledge before the next way is used.
    #[serde(default = "next_way")]
    #[schemars(extend("x-shortest" = "1s", "x-longest" = "1d"))]
    pub next_way: Span,
    /// The most calls to each of their ways, unless the way has its own: what is more is told in one message.
    #[serde(default)]
    pub limit: Option<CallLimit>,
    /// Their telephone number, for the grab card: orszem itself calls nobody by it.
    #[serde(default)]
    #[schemars(length(min = 1, max = 100))]
    pub phone: Option<String>,
    /// When they are not to be woken, by the clock on the wall of their time zone.
    #[serde(default)]
    pub quiet_hours: Vec<QuietHours>,
    /// When they work, by the clock on the wall of their time zone; always, unless given.
    #[serde(default)]
    pub working_hours: Vec<Hours>,
    /// Their last day: `"2026-06-30"`. After it they are never on call and never called.
    #[serde(default)]
    pub until: Option<Day>,
}

/// `[[person.quiet_hours]]`: hours in which a person is called for nothing of these severities.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct QuietHours {
    /// The severities, of 2 to 4: `[3, 4]`. Severity 1 always calls.
    #[schemars(length(min = 1), inner(range(min = 2, max = 4)))]
    pub severities: Vec<u8>,
    /// The days on which they begin: `["monday", "friday"]`; every day, unless given.
    #[serde(default)]
    pub weekdays: Vec<Weekday>,
    /// When they begin: `"22:00"`.
    pub from: Clock,
    /// When they end: `"07:00"`. A time that is not after `from` is on the next day.
    pub to: Clock,
}

impl QuietHours {
    /// The hours, for any severity.
    pub fn hours(&self) -> Hours {
        Hours { weekdays: self.weekdays.clone(), from: self.from, to: self.to }
    }
}

/// `[[person.way]]`: one way to reach a person.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Way {
    /// The receiver that carries it.
    pub receiver: String,
    /// The person at that receiver: the mail address for `email`, the id of the member for `slack` with a bot token.
    /// Without it the message goes where the receiver itself goes: then it should be the person's own.
    #[serde(default)]
    #[schemars(length(min = 1, max = 200))]
    pub to: Option<String>,
    /// The most calls by this way.
    #[serde(default)]
    pub limit: Option<CallLimit>,
}

/// The most calls to a person by one way. Calls beyond it wait, and go in one message when the next is allowed. The
/// first call for an incident of severity 1 never waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CallLimit {
    /// The number of calls.
    #[schemars(range(min = 1, max = 1000))]
    pub calls: u32,
    /// The time in which there may be that number.
    #[schemars(extend("x-shortest" = "1s", "x-longest" = "1d"))]
    pub within: Span,
}

/// What somebody may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// See incidents.
    Viewer,
    /// Acknowledge, hand over, close, silence.
    Responder,
    /// Approve what is said in public.
    Approver,
    /// Everything.
    Admin,
}

fn next_way() -> Span {
    Span::from_secs(120)
}

impl Role {
    /// All of them, the least first.
    pub const ALL: [Role; 4] = [Role::Viewer, Role::Responder, Role::Approver, Role::Admin];

    /// As in the configuration.
    pub const fn name(self) -> &'static str {
        match self {
            Role::Viewer => "viewer",
            Role::Responder => "responder",
            Role::Approver => "approver",
            Role::Admin => "admin",
        }
    }
}

impl Person {
    /// The language of what is sent to them; `None` where they name none: then it is that of the receiver.
    pub fn reads(&self) -> Option<Language> {
        self.language.or_else(|| self.languages.iter().find_map(|code| Language::of_code(code)))
    }

    /// The most that they may do by this file. Who has a way is called, and may respond in any case.
    pub fn role(&self) -> Option<Role> {
        let called = (!self.ways.is_empty()).then_some(Role::Responder);
        self.roles.iter().copied().chain(called).max()
    }

    /// The name for people.
    pub fn shown(&self) -> &str {
        self.title.as_deref().unwrap_or(&self.name)
    }

    /// The name that attempts give to a way: `anna/mail`. A name of a receiver has no `/`, so that none is like it.
    pub fn way_name(&self, way: &Way) -> String {
        format!("{}/{}", self.name, way.receiver)
    }

    /// The names of all ways, in order.
    pub fn way_names(&self) -> impl Iterator<Item = String> {
        self.ways.iter().map(|way| self.way_name(way))
    }
}
