//! What a service answered to one try to send something.

use serde::{Deserialize, Serialize};

/// The result of one try.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "result", rename_all = "kebab-case")]
pub enum Delivery {
    /// The receiver's service took it.
    Accepted {
        /// What later messages need to change this one in place (Slack's channel and ts, the mail's id).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reference: Option<String>,
    },
    /// It may work later.
    Retry {
        /// Why, in words for a person. Never holds a secret.
        reason: String,
        /// The wait that the service asked for, in ms.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        after_ms: Option<u64>,
    },
    /// It will never work like this.
    Failed {
        /// Why, in words for a person. Never holds a secret.
        reason: String,
    },
}
