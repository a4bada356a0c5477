//! A mention that proves the whole way: put into the topic of mentions, counted for nothing, and known again at each
//! stage by a token that nobody can guess.
//!
//! Anybody can write a mention that looks like one. Nothing is hidden by that: a mention that a watch matches is always
//! a mention, and a token that the decider has not made itself means nothing to it.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::mention::{Author, Mention};
use crate::time::Timestamp;

/// The source of canaries, and the beginning of their ids.
pub const SOURCE: &str = "orszem-canary";
/// What the keys of their records begin with, on the tallies and in the ledger. No watch has an `@` in its name.
const KEY: &str = "@canary/";
/// The characters of a token: hexadecimal digits.
const TOKEN: usize = 32;

/// A record of the ledger that says how far a canary came. It is no entry: it belongs to no incident.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Canary {
    /// Its token.
    pub canary: String,
    /// Which stage writes this.
    pub passed: Passed,
    /// When, by the clock of that stage.
    pub at: Timestamp,
}

/// A stage that a canary passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Passed {
    /// The detectors had its record of the tallies.
    Detect,
    /// The decider is about to send its message. Committed before it is.
    Respond,
}

impl Canary {
    /// Reads a record as it is in the ledger.
    ///
    /// # Errors
    /// When the bytes are no such record.
    pub fn from_json(json: &[u8]) -> serde_json::Result<Canary> {
        serde_json::from_slice(json)
    }

    /// The record as it is in the ledger.
    pub fn to_json(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_else(|fault| unreachable!("a canary is always JSON: {fault}"))
    }
}

/// The token that random bytes make.
pub fn token(random: [u8; TOKEN / 2]) -> String {
    random.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The mention that carries a token. Its text is the token alone, so that hardly a watch matches it.
pub fn mention(token: &str, at: Timestamp) -> Mention<'static> {
    Mention {
        id: Cow::Owned(format!("{SOURCE}-{token}")),
        published_at: at,
        source: Cow::Borrowed(SOURCE),
        lang: None,
        text: Cow::Owned(token.to_owned()),
        author: Author::default(),
        repost_of: None,
        reply_to: None,
        url: None,
    }
}

/// The token that a mention carries, where it looks like a canary.
pub fn token_of<'m>(mention: &'m Mention<'_>) -> Option<&'m str> {
    if mention.source != SOURCE {
        return None;
    }
    let token = mention.id.strip_prefix(SOURCE)?.strip_prefix('-')?;
    is_token(token).then_some(token)
}

/// Whether a text has the form of a token.
pub fn is_token(text: &str) -> bool {
    text.len() == TOKEN && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// The key of the records of a canary: another for each, so that they take turns at the partitions.
pub fn key(token: &str) -> String {
    format!("{KEY}{token}")
}

/// Whether a record with this key is of a canary.
pub fn is_key(key: Option<&[u8]>) -> bool {
    key.is_some_and(|key| key.starts_with(KEY.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_canary_is_known_by_its_source_and_its_token() {
        let token = token([0xa7; 16]);
        let mention = mention(&token, Timestamp(1));
        assert_eq!(token_of(&mention), Some(&*token));
        for other in [
            Mention { source: "news".into(), ..mention.clone() },
            Mention { id: token.clone().into(), ..mention.clone() },
            Mention { id: format!("{SOURCE}-{token}0").into(), ..mention.clone() },
            Mention { id: format!("{SOURCE}-{}", "G".repeat(32)).into(), ..mention.clone() },
        ] {
            assert_eq!(token_of(&other), None, "{other:?}");
        }
    }

    #[test]
    fn its_records_are_told_from_entries_by_their_key() {
        let token = token([1; 16]);
        assert!(is_key(Some(key(&token).as_bytes())) && !is_key(Some(b"acme")) && !is_key(None));
        let canary = Canary { canary: token, passed: Passed::Detect, at: Timestamp(7) };
        assert_eq!(Canary::from_json(&canary.to_json()).unwrap(), canary);
        assert!(crate::ledger::Entry::from_json(&canary.to_json()).is_err());
    }
}
