//! `[[statement]]`: holding statements, prepared for incidents of some kind.

use schemars::JsonSchema;
use serde::Deserialize;

use orszem_records::matcher::Match;

use super::calendar::Day;

/// `[[statement]]`: what is said first in incidents of some kind, before more is known.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// Its name in the ledger: small letters, digits and `-`, at most 63.
    #[schemars(extend("format" = "name"))]
    pub name: String,
    /// Its name for people; the name, unless given.
    #[serde(default)]
    #[schemars(length(min = 1, max = 200))]
    pub title: Option<String>,
    /// The incidents that it is for; all, unless given.
    #[serde(default, rename = "match")]
    pub matcher: Match,
    /// Words of which one must be among what drives the incident; capitals and accents do not matter.
    #[serde(default)]
    pub terms: Vec<String>,
    /// What must not be said in such an incident: words or phrases. A draft that has one is marked.
    #[serde(default)]
    #[schemars(inner(length(min = 1, max = 200)))]
    pub must_not_say: Vec<String>,
    /// The texts, in one language or several.
    #[serde(rename = "text")]
    #[schemars(length(min = 1, max = 100))]
    pub texts: Vec<StatementText>,
}

/// `[[statement.text]]`: a holding statement in one language.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StatementText {
    /// The language, by its two letters.
    #[schemars(extend("format" = "language"))]
    pub language: String,
    /// What is said. `{name}`, `{since}` and `{today}` are filled in from the incident: the watch's name, when it
    /// began, and the day.
    #[schemars(length(min = 1, max = 4_000))]
    pub says: String,
    /// Who approved it: a person, by name.
    pub approved_by: String,
    /// The last day on which it may be used: `"2027-03-31"`.
    pub until: Day,
}

impl Statement {
    /// Its name for people.
    pub fn shown(&self) -> &str {
        self.title.as_deref().unwrap_or(&self.name)
    }
}
