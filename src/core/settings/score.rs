//! `[score]`: how mentions are read and counted.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::span::Span;

/// `[score]`.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Score {
    /// How many threads read mentions, each a member of the consumer group. More than the topic has partitions are
    /// idle. Changed by a restart only.
    #[schemars(range(min = 1, max = 64), extend("x-restart" = true))]
    pub threads: u32,
    /// How late a mention may come, against the latest of its partition, and still be in time for its slice.
    #[schemars(extend("x-longest" = "1d"))]
    pub lateness: Span,
    /// How far ahead of the broker's clock a mention's time may lie; beyond, the broker's time is used.
    #[schemars(extend("x-longest" = "1d"))]
    pub future_tolerance: Span,
    /// An input partition that was read to its end and stays empty for this long no longer delays the others.
    #[schemars(extend("x-shortest" = "1s", "x-longest" = "1h"))]
    pub idle_after: Span,
    /// The largest mention that is read, in bytes; larger ones are dead letters.
    #[schemars(range(min = 1_024, max = 16_777_216))]
    pub max_mention_bytes: usize,
    /// A repeated id, or a copied text, is known as such within at least this many mentions of its partition.
    #[schemars(range(min = 1, max = 10_000_000))]
    pub repeat_window: u32,
}

impl Default for Score {
    fn default() -> Score {
        Score {
            threads: 2,
            lateness: Span::from_secs(30),
            future_tolerance: Span::from_secs(120),
            idle_after: Span::from_secs(10),
            max_mention_bytes: 256 * 1024,
            repeat_window: 100_000,
        }
    }
}
