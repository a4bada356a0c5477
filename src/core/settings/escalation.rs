//! `[[escalation]]`: who is told when, until somebody acknowledges.

use schemars::JsonSchema;
use serde::Deserialize;

use super::span::Span;

/// `[[escalation]]`: who is notified when.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Escalation {
    /// The name by which watches call it: small letters, digits and `-`, at most 63.
    #[schemars(extend("format" = "name"))]
    pub name: String,
    /// How often the steps are repeated when nobody acknowledged.
    #[serde(default)]
    #[schemars(range(max = 100))]
    pub repeat: u32,
    /// The steps, in order.
    #[serde(rename = "step")]
    #[schemars(length(min = 1))]
    pub steps: Vec<Step>,
}

/// `[[escalation.step]]`.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// The receivers that are notified, all at the same time.
    #[schemars(length(min = 1))]
    pub receivers: Vec<String>,
    /// The time in which somebody has to acknowledge before the next step.
    #[schemars(extend("x-shortest" = "1s", "x-longest" = "7d"))]
    pub acknowledge_within: Span,
}
