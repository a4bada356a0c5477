//! A simulated mention.

use serde::Serialize;

use orszem_records::class::Class;
use orszem_records::time::{Timestamp, rfc3339};

/// A simulated mention. Serialised, it is a line of the input topic, and nothing in it shows what was injected.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Mention {
    /// Its id: `sim:` and 16 hexadecimal digits.
    pub id: String,
    /// When it was published: RFC 3339 with milliseconds.
    #[serde(serialize_with = "rfc3339::millis")]
    pub published_at: Timestamp,
    /// The kind of source.
    pub source: &'static str,
    /// Its language, `hu` or `en`; sometimes missing, as in real feeds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lang: Option<&'static str>,
    /// The text.
    pub text: String,
    /// Its author; sometimes missing, as in real feeds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author: Option<Author>,
    /// The id of the mention that it reposts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repost_of: Option<String>,
    /// Its address, under `.example`, which RFC 2606 reserves.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The index of its company in the plan. Not serialised.
    #[serde(skip)]
    pub company: Option<usize>,
    /// Its sentiment. Not serialised.
    #[serde(skip)]
    pub class: Class,
    /// The index of the injection that added it. Not serialised.
    #[serde(skip)]
    pub injection: Option<usize>,
}

/// The author of a mention.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Author {
    /// Their id.
    pub id: String,
    /// Their name.
    pub name: String,
    /// Their followers.
    pub followers: u64,
}
