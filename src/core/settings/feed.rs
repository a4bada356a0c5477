//! `[feed]`: who is told when the feed brings nothing.

use schemars::JsonSchema;
use serde::Deserialize;

/// `[feed]`: a source, a partition or the whole topic that brings nothing (kind `no-data`) concerns whoever runs the
/// program, and none of the desks.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Feed {
    /// The name of the escalation that is followed. Without it such incidents are shown but told to nobody.
    pub escalation: Option<String>,
    /// What to do first, for whoever is told.
    #[schemars(length(min = 1, max = 2_000))]
    pub advice: Option<String>,
}
