//! `[[playbook]]`: what to do in an incident of some kind.

use schemars::JsonSchema;
use serde::Deserialize;

use orszem_records::matcher::Match;

use super::span::Span;

/// `[[playbook]]`: the first moves in incidents of some kind. An incident has the first one in the file that fits.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Playbook {
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
    /// What to do, in order. People tick it on the page; the first three stand in the message itself.
    #[serde(rename = "move")]
    #[schemars(length(min = 1, max = 50))]
    pub moves: Vec<Move>,
    /// How long after a statement was written it may go out without an approval, where nobody gave one: who has a
    /// mandate for the incident is told so. Never, unless given.
    #[serde(default)]
    #[schemars(extend("x-shortest" = "1m", "x-longest" = "1d"))]
    pub without_approval_after: Option<Span>,
    /// What else one should know, as Markdown; on the page.
    #[serde(default)]
    #[schemars(length(max = 20_000))]
    pub text: Option<String>,
}

/// One thing to do.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Move {
    /// What, in a sentence.
    #[serde(rename = "do")]
    #[schemars(length(min = 1, max = 200))]
    pub what: String,
    /// Within which time from the beginning of the incident.
    #[serde(default)]
    #[schemars(extend("x-longest" = "30d"))]
    pub within: Option<Span>,
}

impl Playbook {
    /// Its name for people.
    pub fn shown(&self) -> &str {
        self.title.as_deref().unwrap_or(&self.name)
    }

    /// Whether one of its moves says this.
    pub fn says(&self, what: &str) -> bool {
        self.moves.iter().any(|one| one.what == what)
    }
}
