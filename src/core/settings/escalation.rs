//! `[[escalation]]`: who is told when, until somebody acknowledges.

use schemars::JsonSchema;
use serde::Deserialize;

use super::span::Span;

/// `[[escalation]]`: who is notified when.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
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
    /// The receivers that are told when a round found nobody who could be called, and when every step passed and
    /// nobody came.
    #[serde(default)]
    pub fallback: Vec<String>,
    /// How long an acknowledgement holds without another sign of life. Then the person who acknowledged is reminded;
    /// ten minutes later the calls begin again. Without it an acknowledgement holds until the incident ends.
    #[serde(default)]
    #[schemars(extend("x-shortest" = "15m", "x-longest" = "7d"))]
    pub acknowledged_for: Option<Span>,
}

impl Escalation {
    /// Whether one of its steps calls people, and not places alone.
    pub fn calls_people(&self) -> bool {
        self.steps.iter().any(|step| !step.people.is_empty() || !step.rotations.is_empty())
    }
}

/// `[[escalation.step]]`: at least one receiver, person or rotation.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// The receivers that are notified, all at the same time.
    #[serde(default)]
    pub receivers: Vec<String>,
    /// The people who are called, each by their ways.
    #[serde(default)]
    pub people: Vec<String>,
    /// The rotations whose people on call are called.
    #[serde(default)]
    pub rotations: Vec<String>,
    /// The time in which somebody has to acknowledge before the next step.
    #[schemars(extend("x-shortest" = "1s", "x-longest" = "7d"))]
    pub acknowledge_within: Span,
    /// Whether one of its people has to acknowledge, or all of them: `"anyone"` or `"all"`.
    #[serde(default)]
    pub acknowledge: Acknowledge,
    /// The name of the working hours in which alone the step is made: outside of them it waits until they begin.
    #[serde(default)]
    pub hours: Option<String>,
}

/// How many of the people of a step have to acknowledge.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Acknowledge {
    /// One is enough.
    #[default]
    Anyone,
    /// Each of them.
    All,
}
