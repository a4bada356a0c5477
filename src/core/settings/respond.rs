//! `[respond]`: how notifications are sent.

use schemars::JsonSchema;
use serde::Deserialize;

use super::span::Span;

/// `[respond]`.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Respond {
    /// How long a receiver may take to answer.
    #[schemars(extend("x-shortest" = "100ms", "x-longest" = "5m"))]
    pub timeout: Span,
    /// The wait before the first retry; it doubles with each.
    #[schemars(extend("x-shortest" = "10ms", "x-longest" = "1h"))]
    pub retry_first: Span,
    /// The longest wait between two tries, unless the service asks for more.
    #[schemars(extend("x-shortest" = "10ms", "x-longest" = "1h"))]
    pub retry_longest: Span,
    /// The most tries of one message.
    #[schemars(range(min = 1, max = 1_000))]
    pub retry_limit: u32,
    /// The most messages to one receiver that are sent at once. Calls of severity 1 have as many places of their own.
    #[schemars(range(min = 1, max = 256))]
    pub send_limit: u32,
    /// The least time between two updates of a page.
    #[schemars(extend("x-shortest" = "1s", "x-longest" = "1d"))]
    pub update_interval: Span,
}

impl Default for Respond {
    fn default() -> Respond {
        Respond {
            timeout: Span::from_secs(10),
            retry_first: Span::from_secs(1),
            retry_longest: Span::from_secs(60),
            retry_limit: 20,
            send_limit: 16,
            update_interval: Span::from_secs(60),
        }
    }
}
