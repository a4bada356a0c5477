//! `[detect]`: how anomalies are found.

use schemars::JsonSchema;
use serde::Deserialize;

use super::span::Span;

/// `[detect]`.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Detect {
    /// How many false pages a week a watch may cost, unless it says otherwise: above 0, at most 100.
    #[schemars(extend("exclusiveMinimum" = 0, "maximum" = 100))]
    pub budget: f64,
    /// How long a watch learns before its own past counts.
    #[schemars(extend("x-longest" = "35d"))]
    pub learn_for: Span,
    /// Expect of an hour what its time of day and week had in the past: once there are four weeks of it, and only while
    /// that predicts better. On the series it was measured on it cost some bursts.
    pub rhythm: bool,
    /// The time zone of the watches' days and weeks, and of times that people see: `Europe/Budapest`.
    #[schemars(extend("format" = "time-zone"))]
    pub time_zone: String,
    /// How often the state of the watches is written to Kafka: what a restart must re-read at most.
    #[schemars(extend("x-shortest" = "1s", "x-longest" = "1h"))]
    pub snapshot_interval: Span,
}

impl Default for Detect {
    fn default() -> Detect {
        Detect {
            budget: 0.5,
            learn_for: Span::from_secs(3 * 24 * 3600),
            rhythm: false,
            time_zone: "UTC".into(),
            snapshot_interval: Span::from_secs(60),
        }
    }
}
