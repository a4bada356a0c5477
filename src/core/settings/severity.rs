//! `[severity]`: what counts towards the severity of an incident.

use schemars::JsonSchema;
use serde::Deserialize;

use super::span::Span;

/// `[severity]`: how bad an incident is, by its size first. How rare it is decides whether it pages, and counts nothing
/// here. The size is how many there are beyond what was expected: negative mentions, or all of them where it is not
/// known which are negative. Several of one author count as one. A rise notifies everybody again.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Severity {
    /// From this many on an incident is severity 3, and one point; fewer are 4.
    #[schemars(extend("minimum" = 1))]
    pub some: f64,
    /// From this many on it is two points. With three points in all it is severity 2.
    #[schemars(extend("minimum" = 1))]
    pub many: f64,
    /// From this many on it is three points. With five points in all it is severity 1.
    #[schemars(extend("minimum" = 1))]
    pub very_many: f64,
    /// This many times what was expected are a point.
    #[schemars(extend("minimum" = 1))]
    pub above: f64,
    /// This many times are two points.
    #[schemars(extend("minimum" = 1))]
    pub far_above: f64,
    /// A point where the authors together have this many followers.
    pub far_reaching: u64,
    /// A point where it still surprises after this time.
    #[schemars(extend("x-shortest" = "5m", "x-longest" = "7d"))]
    pub lasting: Span,
}

impl Default for Severity {
    fn default() -> Severity {
        Severity {
            some: 10.0,
            many: 50.0,
            very_many: 250.0,
            above: 2.0,
            far_above: 4.0,
            far_reaching: 1_000_000,
            lasting: Span::from_secs(2 * 3600),
        }
    }
}
