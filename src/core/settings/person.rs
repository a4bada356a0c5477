//! `[[person]]`: who is called, and by which ways.

use schemars::JsonSchema;
use serde::Deserialize;

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
    /// The language of what is sent to them: `"en"` or `"hu"`; that of the receiver, unless given.
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
}

/// What somebody may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, JsonSchema)]
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

impl Person {
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
