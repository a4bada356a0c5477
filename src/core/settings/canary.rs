//! `[canary]`: a mention that goes the whole way every few minutes, and a switch outside that is told when it came
//! through.

use schemars::JsonSchema;
use serde::Deserialize;

use super::secret::Secret;
use super::span::Span;

/// `[canary]`.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Canary {
    /// The receiver that the message of each canary goes to: one that answers and disturbs nobody, such as a webhook or
    /// a mailbox of its own.
    pub receiver: String,
    /// The address of a dead man's switch outside (healthchecks.io and the like): it is called only when a canary came
    /// through, and raises the alarm when it is not called any more. `env:NAME` or `file:PATH`.
    #[schemars(extend("x-secret" = "address"))]
    pub ping: Secret,
    /// How the switch is called.
    #[serde(default)]
    pub method: PingMethod,
    /// How often a canary is sent.
    #[serde(default = "every")]
    #[schemars(extend("x-shortest" = "30s", "x-longest" = "1d"))]
    pub every: Span,
    /// How long a canary may take from Kafka to the answer of the receiver; not longer than `every`.
    #[serde(default = "within")]
    #[schemars(extend("x-shortest" = "5s", "x-longest" = "1h"))]
    pub within: Span,
    /// Allow a switch in a private network (10.…, 192.168.…, localhost), which is refused otherwise, and http there.
    #[serde(default)]
    pub allow_private: bool,
}

/// How the switch is called.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PingMethod {
    /// GET, which all of them take.
    #[default]
    Get,
    /// POST, with an empty body.
    Post,
}

impl Canary {
    /// How often a canary is sent, where nothing is said, in seconds.
    pub const EVERY: u64 = 5 * 60;
    /// How long one may take, where nothing is said, in seconds.
    pub const WITHIN: u64 = 2 * 60;
}

fn every() -> Span {
    Span::from_secs(Canary::EVERY)
}

fn within() -> Span {
    Span::from_secs(Canary::WITHIN)
}
