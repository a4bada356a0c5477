//! `[posting]` and `[[mandate]]`: who may post, who approves what is said, and what may go out without asking.

use schemars::JsonSchema;
use serde::Deserialize;

use orszem_records::matcher::Match;

use super::span::Span;

/// `[posting]`: who may post in an incident, and who approves what is said. Rotations and people are named alike: of a
/// rotation it is who is on call at that moment.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Posting {
    /// Who posts: rotations and people, by name.
    #[serde(default)]
    pub on_duty: Vec<String>,
    /// Who stands in for those who do not answer.
    #[serde(default)]
    pub deputies: Vec<String>,
    /// Who approves what is said. The first entry that fits the incident counts.
    #[serde(default, rename = "approver")]
    pub approvers: Vec<Approver>,
    /// How long the approvers have before the deputies are asked.
    #[serde(default = "approve_within")]
    #[schemars(extend("x-shortest" = "1m", "x-longest" = "1d"))]
    pub approve_within: Span,
    /// For how long something may be posted after it was approved.
    #[serde(default = "approval_holds")]
    #[schemars(extend("x-shortest" = "5m", "x-longest" = "7d"))]
    pub approval_holds: Span,
    /// The languages in which a holding statement is offered where there is none in that of the crisis, the best first.
    #[serde(default)]
    #[schemars(extend("items" = {"type": "string", "format": "language"}))]
    pub languages: Vec<String>,
}

impl Default for Posting {
    fn default() -> Posting {
        Posting {
            on_duty: Vec::new(),
            deputies: Vec::new(),
            approvers: Vec::new(),
            approve_within: approve_within(),
            approval_holds: approval_holds(),
            languages: Vec::new(),
        }
    }
}

/// `[[posting.approver]]`: who approves what is said in incidents of some kind.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Approver {
    /// The incidents; all, unless given.
    #[serde(default, rename = "match")]
    pub matcher: Match,
    /// Rotations and people, by name.
    #[schemars(length(min = 1))]
    pub who: Vec<String>,
}

/// `[[mandate]]`: what somebody may publish without asking, in incidents of some kind.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Mandate {
    /// Who has it: rotations and people, by name.
    #[schemars(length(min = 1))]
    pub who: Vec<String>,
    /// The incidents that it is for; all, unless given.
    #[serde(default, rename = "match")]
    pub matcher: Match,
    /// What may go out without asking, in a sentence.
    #[schemars(length(min = 1, max = 500))]
    pub may: String,
}

fn approve_within() -> Span {
    Span::from_secs(15 * 60)
}

fn approval_holds() -> Span {
    Span::from_secs(4 * 3600)
}
