//! A simulated mention, as it is written.

use serde::Serialize;

use orszem_records::class::Class;
use orszem_records::time::{Timestamp, rfc3339};

/// A simulated mention. Serialised it is a line of the input topic, and nothing in that line tells what was injected.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Mention {
    /// Its id: `sim:` and 16 hexadecimal digits.
    pub id: String,
    /// When it was published: RFC 3339 with milliseconds.
    #[serde(serialize_with = "rfc3339::millis")]
    pub published_at: Timestamp,
    /// The kind of place it was published at.
    pub source: &'static str,
    /// Its language, `hu` or `en`; now and then the feed does not know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lang: Option<&'static str>,
    /// The text.
    pub text: String,
    /// Who wrote it; now and then the feed does not know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author: Option<Author>,
    /// The id of the mention that it reposts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repost_of: Option<String>,
    /// Where it can be read: under `.example`, which RFC 2606 keeps free.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The company it names, by its place in the plan. Not written.
    #[serde(skip)]
    pub company: Option<usize>,
    /// What it says of it. Not written.
    #[serde(skip)]
    pub class: Class,
    /// The injection that added it, by its place in the plan. Not written.
    #[serde(skip)]
    pub injection: Option<usize>,
}

/// Who wrote a mention.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Author {
    /// Their id.
    pub id: String,
    /// Their name.
    pub name: String,
    /// How many follow them.
    pub followers: u64,
}
