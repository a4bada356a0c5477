//! What an account of the organisation published, as the stream of mentions brought it: a record of `<prefix>.own`.

use serde::{Deserialize, Serialize};

use crate::time::Timestamp;

/// The most characters of the text that are kept.
pub const OWN_POST_CHARS: usize = 5_000;

/// A mention whose author is one of our accounts. Its key on the topic is the account's name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnPost {
    /// The account's name in the configuration.
    pub account: String,
    /// The mention's id.
    pub id: String,
    /// When it was published.
    pub at: Timestamp,
    /// What it says; at most [`OWN_POST_CHARS`] characters.
    pub text: String,
    /// Its address, where the feed gave one that is http or https.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

impl OwnPost {
    /// Reads a record as it is on the topic.
    ///
    /// # Errors
    /// When the bytes are no such record.
    pub fn from_json(json: &[u8]) -> serde_json::Result<OwnPost> {
        serde_json::from_slice(json)
    }

    /// The record as it is on the topic.
    pub fn to_json(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_else(|fault| unreachable!("a record is always JSON: {fault}"))
    }
}
