//! `[severity]`: what counts towards the severity of an incident.

use schemars::JsonSchema;
use serde::Deserialize;

use super::span::Span;

/// `[severity]`: an incident gets a point for each of five things (unusual, extraordinary, far-reaching, lasting,
/// against us), and the points make its severity. A rise notifies everybody again.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Severity {
    /// Unusual: this many times rarer than the watch's budget of false pages allows.
    #[schemars(extend("minimum" = 1, "maximum" = 1_000_000))]
    pub unusual: f64,
    /// Extraordinary: this many times.
    #[schemars(extend("minimum" = 1, "maximum" = 1_000_000))]
    pub extraordinary: f64,
    /// Far-reaching: the authors together have this many followers.
    pub far_reaching: u64,
    /// Lasting: it still surprises after this time.
    #[schemars(extend("x-shortest" = "5m", "x-longest" = "7d"))]
    pub lasting: Span,
    /// This many points are severity 1. (Against us, the fifth point: negative mentions are up in number and share.)
    #[schemars(range(min = 1, max = 6))]
    pub critical: u32,
    /// This many points are severity 2.
    #[schemars(range(min = 1, max = 6))]
    pub high: u32,
    /// This many points are severity 3; fewer are 4.
    #[schemars(range(min = 1, max = 6))]
    pub moderate: u32,
}

impl Default for Severity {
    fn default() -> Severity {
        Severity {
            unusual: 10.0,
            extraordinary: 100.0,
            far_reaching: 1_000_000,
            lasting: Span::from_secs(2 * 3600),
            critical: 4,
            high: 3,
            moderate: 1,
        }
    }
}
