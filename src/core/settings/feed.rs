//! `[feed]`: who is told when the feed delivers nothing.

use schemars::JsonSchema;
use serde::Deserialize;

/// `[feed]`: a source, a partition or the whole topic that delivers nothing (kind `no-data`) concerns those who run the
/// program, and none of the desks.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Feed {
    /// The name of the escalation to follow. Without it such incidents are shown, but nobody is notified.
    pub escalation: Option<String>,
    /// What to do first, for those who are notified.
    #[schemars(length(min = 1, max = 2_000))]
    pub advice: Option<String>,
}
