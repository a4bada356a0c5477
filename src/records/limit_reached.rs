//! The limit that the settings of a watch call a crisis outright, once it was reached.

use serde::{Deserialize, Serialize};

/// A number of mentions within a time that the settings of a watch call a crisis.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct LimitReached {
    /// Negative mentions are counted, not all.
    pub negatives: bool,
    /// This many are enough.
    pub least: u64,
    /// The time in which they are counted, in seconds.
    pub within_s: u32,
}
