//! The input record: one public text that may concern someone we watch.
//!
//! JSON, one object a record. `docs/mention.md` documents it for feeds; [`Record`] is its schema.

use serde::Deserialize;
use serde::de::{self, Deserializer, Visitor};
use std::borrow::Cow;
use std::fmt;

use crate::time::Timestamp;

/// The deepest nesting of arrays and objects that is read.
pub const MAX_DEPTH: usize = 64;
/// The longest id, in bytes.
pub const MAX_ID_BYTES: usize = 512;

/// What [`Reject::NoTime`] says where there is no time at all.
/// What is said of a mention without a time.
pub const NO_TIME: &str = "it is missing";

/// A mention, borrowed from the record where its text has no escapes.
#[derive(Debug, Clone, PartialEq)]
pub struct Mention<'a> {
    /// What makes it one and the same when it is delivered again.
    pub id: Cow<'a, str>,
    /// When it was published.
    pub published_at: Timestamp,
    /// Where it was published, as the feed names it; empty when the feed does not say.
    pub source: Cow<'a, str>,
    /// The language of the text (BCP 47), where the feed says.
    pub lang: Option<Cow<'a, str>>,
    /// What it says.
    pub text: Cow<'a, str>,
    /// Who says it.
    pub author: Author<'a>,
    /// The id of the mention that it repeats.
    pub repost_of: Option<Cow<'a, str>>,
    /// The id of the mention that it answers.
    pub reply_to: Option<Cow<'a, str>>,
    /// Its address.
    pub url: Option<Cow<'a, str>>,
}

impl Mention<'_> {
    /// Whether it passes another mention on: the feed says so, or the text begins as reposts by hand do (`RT @name:
    /// …`).
    pub fn is_repost(&self) -> bool {
        self.repost_of.is_some() || is_repost(&self.text)
    }
}

/// Whether a text says itself that it is another's: `RT @anna: …`, as people write it by hand and old feeds do.
fn is_repost(text: &str) -> bool {
    let Some(rest) = text.trim_start().strip_prefix("RT @") else { return false };
    let name = rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
    name > 0 && rest.as_bytes().get(name) == Some(&b':')
}

/// Who published a mention.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Author<'a> {
    /// What makes the author one and the same.
    pub id: Option<Cow<'a, str>>,
    /// The name to show.
    pub name: Option<Cow<'a, str>>,
    /// How many follow the author; 0 when unknown.
    pub followers: u64,
}

impl Author<'_> {
    /// The name to show: the name, else the id, else nothing.
    pub fn label(&self) -> &str {
        self.name.as_deref().or(self.id.as_deref()).unwrap_or("")
    }
}

/// Why a record is no mention.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Reject {
    /// Larger than the limit.
    #[error("the record has {size} bytes, more than the limit of {limit}")]
    TooLarge {
        /// Its size in bytes.
        size: usize,
        /// The limit in bytes.
        limit: usize,
    },
    /// There is no value (a tombstone).
    #[error("the record is empty")]
    Empty,
    /// Not UTF-8.
    #[error("the record is not UTF-8 (byte {0})")]
    NotUtf8(usize),
    /// Nested too deeply.
    #[error("the record nests deeper than {MAX_DEPTH} levels")]
    TooDeep,
    /// Not JSON.
    #[error("the record is not JSON: {0}")]
    NotJson(String),
    /// JSON, but a field is not of its type.
    #[error("the record is not a mention: {0}")]
    Field(String),
    /// There is no id, or it is empty or too long.
    #[error("the mention has no id of 1 to {MAX_ID_BYTES} bytes")]
    NoId,
    /// There is no text.
    #[error("the mention has no text")]
    NoText,
    /// No time, or one that is out of range.
    #[error("published_at is not a time between 1990 and 2100: {0}")]
    NoTime(String),
    /// A time without a time zone.
    #[error(
        "published_at does not say its time zone: {0}; end it with Z or an offset such as +01:00, or read the topic with \
         format = \"map\" and published_at = {{ at = \"/published_at\", time_zone = \"Europe/Budapest\" }}"
    )]
    NoZone(String),
    /// A text that is a time of another form, or none.
    #[error(
        "published_at is not RFC 3339, such as 2026-11-23T08:15:00Z: {0}; a topic with other times is read with \
         format = \"map\""
    )]
    NotRfc3339(String),
}

impl Reject {
    /// What [`Reject::reason`] can be.
    pub const REASONS: [&str; 9] =
        ["too-large", "empty", "not-utf8", "too-deep", "not-json", "field", "no-id", "no-text", "no-time"];

    /// The reason as metrics and the header of the dead letter name it.
    pub const fn reason(&self) -> &'static str {
        match self {
            Reject::TooLarge { .. } => "too-large",
            Reject::Empty => "empty",
            Reject::NotUtf8(_) => "not-utf8",
            Reject::TooDeep => "too-deep",
            Reject::NotJson(_) => "not-json",
            Reject::Field(_) => "field",
            Reject::NoId => "no-id",
            Reject::NoText => "no-text",
            Reject::NoTime(_) | Reject::NoZone(_) | Reject::NotRfc3339(_) => "no-time",
        }
    }
}

impl Mention<'_> {
    /// The same with texts of its own.
    pub fn into_owned(self) -> Mention<'static> {
        fn own(text: Cow<'_, str>) -> Cow<'static, str> {
            Cow::Owned(text.into_owned())
        }
        Mention {
            id: own(self.id),
            published_at: self.published_at,
            source: own(self.source),
            lang: self.lang.map(own),
            text: own(self.text),
            author: Author {
                id: self.author.id.map(own),
                name: self.author.name.map(own),
                followers: self.author.followers,
            },
            repost_of: self.repost_of.map(own),
            reply_to: self.reply_to.map(own),
            url: self.url.map(own),
        }
    }
}

/// What stands for fields that a record lacks: the envelope knows them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Defaults {
    /// For `id`.
    pub id: Option<String>,
    /// For `published_at`.
    pub published_at: Option<Timestamp>,
}

/// Reads a record of at most `max_bytes`.
pub fn parse(record: &[u8], max_bytes: usize) -> Result<Mention<'_>, Reject> {
    parse_or(record, max_bytes, Defaults::default())
}

/// Reads a record of at most `max_bytes` that may lack what the defaults have.
pub fn parse_or(record: &[u8], max_bytes: usize, defaults: Defaults) -> Result<Mention<'_>, Reject> {
    let text = sound(record, max_bytes)?;
    // serde would take an array for the fields in their order.
    if !text.trim_start().starts_with('{') {
        return Err(match serde_json::from_str::<serde::de::IgnoredAny>(text) {
            Ok(_) if text.trim_start().starts_with('[') => {
                Reject::Field("it is a list; write one mention a record".into())
            }
            Ok(_) => Reject::Field("it is not an object".into()),
            Err(fault) => Reject::NotJson(fault.to_string()),
        });
    }
    let raw: Raw<'_> = serde_json::from_str(text).map_err(|fault| match fault.classify() {
        serde_json::error::Category::Data => Reject::Field(fault.to_string()),
        _ => Reject::NotJson(fault.to_string()),
    })?;
    raw.into_mention(defaults)
}

/// The text of a record that may be read at all: not too large, not empty, UTF-8, not nested too deeply.
pub fn sound(record: &[u8], max_bytes: usize) -> Result<&str, Reject> {
    if record.len() > max_bytes {
        return Err(Reject::TooLarge { size: record.len(), limit: max_bytes });
    }
    if record.is_empty() {
        return Err(Reject::Empty);
    }
    let text = std::str::from_utf8(record).map_err(|fault| Reject::NotUtf8(fault.valid_up_to()))?;
    if nests_too_deep(record) {
        return Err(Reject::TooDeep);
    }
    Ok(text)
}

/// serde_json skips unknown fields without counting levels, so the levels are counted here; only for records with
/// enough brackets to reach the limit at all.
fn nests_too_deep(record: &[u8]) -> bool {
    if memchr::memchr2_iter(b'[', b'{', record).count() <= MAX_DEPTH {
        return false;
    }
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for byte in record {
        match (in_string, byte) {
            (true, _) if escaped => escaped = false,
            (true, b'\\') => escaped = true,
            (_, b'"') => in_string = !in_string,
            (false, b'[' | b'{') => {
                depth += 1;
                if depth > MAX_DEPTH {
                    return true;
                }
            }
            (false, b']' | b'}') => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    false
}

/// The record as it stands in JSON. Everything else in it is let through unread. Of a key that comes twice the last one
/// counts, as in maps and in most readers of JSON.
#[derive(Default)]
struct Raw<'a> {
    id: Option<Id<'a>>,
    published_at: Option<Time<'a>>,
    source: Option<Text<'a>>,
    lang: Option<Text<'a>>,
    text: Option<Text<'a>>,
    author: Option<RawAuthor<'a>>,
    repost_of: Option<Id<'a>>,
    reply_to: Option<Id<'a>>,
    url: Option<Text<'a>>,
}

#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "snake_case")]
enum Key {
    Id,
    PublishedAt,
    Source,
    Lang,
    Text,
    Author,
    RepostOf,
    ReplyTo,
    Url,
    #[serde(other)]
    Other,
}

impl<'de: 'a, 'a> Deserialize<'de> for Raw<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Raw<'a>, D::Error> {
        struct RawVisitor;
        impl<'de> Visitor<'de> for RawVisitor {
            type Value = Raw<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object, a mention")
            }

            fn visit_map<M: de::MapAccess<'de>>(self, mut map: M) -> Result<Raw<'de>, M::Error> {
                let mut raw = Raw::default();
                while let Some(key) = map.next_key::<Key>()? {
                    match key {
                        Key::Id => raw.id = map.next_value()?,
                        Key::PublishedAt => raw.published_at = map.next_value()?,
                        Key::Source => raw.source = map.next_value()?,
                        Key::Lang => raw.lang = map.next_value()?,
                        Key::Text => raw.text = map.next_value()?,
                        Key::Author => raw.author = map.next_value()?,
                        Key::RepostOf => raw.repost_of = map.next_value()?,
                        Key::ReplyTo => raw.reply_to = map.next_value()?,
                        Key::Url => raw.url = map.next_value()?,
                        Key::Other => drop(map.next_value::<de::IgnoredAny>()?),
                    }
                }
                Ok(raw)
            }
        }
        deserializer.deserialize_map(RawVisitor)
    }
}

#[derive(Default)]
struct RawAuthor<'a> {
    id: Option<Id<'a>>,
    name: Option<Text<'a>>,
    followers: Option<f64>,
}

#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "snake_case")]
enum AuthorKey {
    Id,
    Name,
    Followers,
    #[serde(other)]
    Other,
}

impl<'de: 'a, 'a> Deserialize<'de> for RawAuthor<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<RawAuthor<'a>, D::Error> {
        struct AuthorVisitor;
        impl<'de> Visitor<'de> for AuthorVisitor {
            type Value = RawAuthor<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object with the id, the name and the followers of the author")
            }

            fn visit_map<M: de::MapAccess<'de>>(self, mut map: M) -> Result<RawAuthor<'de>, M::Error> {
                let mut author = RawAuthor::default();
                while let Some(key) = map.next_key::<AuthorKey>()? {
                    match key {
                        AuthorKey::Id => author.id = map.next_value()?,
                        AuthorKey::Name => author.name = map.next_value()?,
                        AuthorKey::Followers => author.followers = map.next_value()?,
                        AuthorKey::Other => drop(map.next_value::<de::IgnoredAny>()?),
                    }
                }
                Ok(author)
            }
        }
        deserializer.deserialize_map(AuthorVisitor)
    }
}

impl<'a> Raw<'a> {
    fn into_mention(self, defaults: Defaults) -> Result<Mention<'a>, Reject> {
        let id = self.id.map(|id| id.0).or(defaults.id.map(Cow::Owned));
        let id = id.filter(|id| !id.is_empty() && id.len() <= MAX_ID_BYTES).ok_or(Reject::NoId)?;
        let text = self.text.map(|text| text.0).filter(|text| !text.trim().is_empty()).ok_or(Reject::NoText)?;
        let published_at = match (self.published_at, defaults.published_at) {
            (Some(time), _) => time.instant()?,
            (None, Some(at)) => at,
            (None, None) => return Err(Reject::NoTime(NO_TIME.into())),
        };
        let author = self.author.unwrap_or_default();
        let full = |text: Option<Cow<'a, str>>| text.filter(|text| !text.is_empty());
        Ok(Mention {
            id,
            published_at,
            source: self.source.map(|text| text.0).unwrap_or_default(),
            lang: full(self.lang.map(|text| text.0)),
            text,
            author: Author {
                id: full(author.id.map(|id| id.0)),
                name: full(author.name.map(|text| text.0)),
                followers: author.followers.map_or(0, |followers| followers.clamp(0.0, 1e12) as u64),
            },
            repost_of: full(self.repost_of.map(|id| id.0)),
            reply_to: full(self.reply_to.map(|id| id.0)),
            url: full(self.url.map(|text| text.0)).filter(|url| is_web_address(url)),
        })
    }
}

/// Only http and https go on a page: `javascript:` and the like are dropped.
pub fn is_web_address(url: &str) -> bool {
    let begins = |scheme: &str| url.get(..scheme.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(scheme));
    // Without a branch for each byte: the compiler takes many at once.
    let odd = |byte: u8| (byte <= b' ') | (byte == 0x7f) | (byte == b'"') | (byte == b'<') | (byte == b'>');
    let is_plain = !url.bytes().fold(false, |any, byte| any | odd(byte));
    (begins("https://") || begins("http://"))
        && is_plain
        && (url.is_ascii() || !url.contains(|c: char| c.is_control() || c.is_whitespace()))
}

/// Text that borrows where it can.
struct Text<'a>(Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Text<'a>, D::Error> {
        deserializer.deserialize_str(TextVisitor).map(Text)
    }
}

struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("text")
    }

    fn visit_borrowed_str<E: de::Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(text))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(text.to_owned()))
    }
}

/// An id: text, or a whole number.
struct Id<'a>(Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Id<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Id<'a>, D::Error> {
        struct IdVisitor;
        impl<'de> Visitor<'de> for IdVisitor {
            type Value = Cow<'de, str>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an id (text or a whole number)")
            }

            fn visit_borrowed_str<E: de::Error>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Cow::Borrowed(text))
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Cow::Owned(text.to_owned()))
            }

            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Self::Value, E> {
                Ok(Cow::Owned(number.to_string()))
            }

            fn visit_i64<E: de::Error>(self, number: i64) -> Result<Self::Value, E> {
                Ok(Cow::Owned(number.to_string()))
            }
        }
        deserializer.deserialize_any(IdVisitor).map(Id)
    }
}

/// A time: RFC 3339, or seconds or milliseconds since 1970 as a number.
enum Time<'a> {
    Written(Cow<'a, str>),
    Number(f64),
}

impl<'de: 'a, 'a> Deserialize<'de> for Time<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Time<'a>, D::Error> {
        struct TimeVisitor;
        impl<'de> Visitor<'de> for TimeVisitor {
            type Value = Time<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a time (RFC 3339 text, or seconds or milliseconds since 1970)")
            }

            fn visit_borrowed_str<E: de::Error>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Time::Written(Cow::Borrowed(text)))
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Time::Written(Cow::Owned(text.to_owned())))
            }

            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Self::Value, E> {
                Ok(Time::Number(number as f64))
            }

            fn visit_i64<E: de::Error>(self, number: i64) -> Result<Self::Value, E> {
                Ok(Time::Number(number as f64))
            }

            fn visit_f64<E: de::Error>(self, number: f64) -> Result<Self::Value, E> {
                Ok(Time::Number(number))
            }
        }
        deserializer.deserialize_any(TimeVisitor)
    }
}

impl Time<'_> {
    fn instant(&self) -> Result<Timestamp, Reject> {
        let at = match self {
            Time::Written(text) => {
                let milliseconds = utc_seconds(text.as_bytes()).map(|seconds| seconds * 1000);
                milliseconds.or_else(|| rfc3339(text)).map(Timestamp)
            }
            Time::Number(number) => Timestamp::of_epoch(*number),
        };
        let written = || match self {
            Time::Written(text) => text.chars().take(40).collect(),
            Time::Number(number) => number.to_string(),
        };
        match (at, self) {
            (Some(at), _) if (Timestamp::EARLIEST..Timestamp::LATEST).contains(&at) => Ok(at),
            (None, Time::Written(text)) if text.trim().parse::<jiff::civil::DateTime>().is_ok() => {
                Err(Reject::NoZone(written()))
            }
            (None, Time::Written(_)) => Err(Reject::NotRfc3339(written())),
            _ => Err(Reject::NoTime(written())),
        }
    }
}

fn rfc3339(text: &str) -> Option<i64> {
    text.trim().parse::<jiff::Timestamp>().ok().map(|at| at.as_millisecond())
}

/// The common form `2014-08-01T16:30:00Z` without going through the general parser, which costs as much as the rest of
/// the record. Anything unusual is left to that.
fn utc_seconds(text: &[u8]) -> Option<i64> {
    let &[y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1, b'T', h0, h1, b':', n0, n1, b':', s0, s1, b'Z'] = text else {
        return None;
    };
    let number = |digits: &[u8]| {
        digits
            .iter()
            .try_fold(0_i64, |number, digit| digit.is_ascii_digit().then(|| number * 10 + i64::from(digit - b'0')))
    };
    let (year, month, day) = (number(&[y0, y1, y2, y3])?, number(&[m0, m1])?, number(&[d0, d1])?);
    let (hour, minute, second) = (number(&[h0, h1])?, number(&[n0, n1])?, number(&[s0, s1])?);
    // Days 29 to 31 depend on the month, 60 seconds on the minute: the general parser knows.
    if !(1..=12).contains(&month) || !(1..=28).contains(&day) || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    // Days from the civil calendar, with the year beginning in March so that a leap day is its last.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days =
        365 * year + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + (153 * month + 2) / 5 + day - 1;
    const DAYS_TO_1970: i64 = 719_468;
    Some((days - DAYS_TO_1970) * 86_400 + hour * 3600 + minute * 60 + second)
}

/// The schema of a mention, for `docs` and for feeds that validate what they send.
#[derive(schemars::JsonSchema)]
#[schemars(
    title = "mention",
    description = "One public text that may concern someone we watch. Other fields are let through."
)]
#[expect(dead_code, reason = "only its schema is used")]
pub struct Record {
    /// What makes it one and the same when it is delivered again: text or a whole number, 1 to 512 bytes.
    #[schemars(with = "TextOrNumber")]
    id: String,
    /// When it was published: RFC 3339, or seconds, milliseconds, microseconds or nanoseconds since 1970, distinguished
    /// by their size. Between 1990 and 2100.
    #[schemars(with = "TextOrNumber")]
    published_at: String,
    /// What it says; not blank.
    text: String,
    /// Where it was published: `x`, `news`, `reddit`, …
    source: Option<String>,
    /// The language of the text (BCP 47): `hu`, `en`.
    lang: Option<String>,
    /// Who says it.
    author: Option<RecordAuthor>,
    /// The id of the mention that it repeats.
    #[schemars(with = "Option<TextOrNumber>")]
    repost_of: Option<String>,
    /// The id of the mention that it answers.
    #[schemars(with = "Option<TextOrNumber>")]
    reply_to: Option<String>,
    /// Its address, http or https; others are dropped.
    url: Option<String>,
}

/// The author in a mention.
#[derive(schemars::JsonSchema)]
#[expect(dead_code, reason = "only its schema is used")]
pub struct RecordAuthor {
    /// What makes the author one and the same.
    #[schemars(with = "Option<TextOrNumber>")]
    id: Option<String>,
    /// The name to show.
    name: Option<String>,
    /// How many follow the author.
    followers: Option<f64>,
}

/// Text or a number.
#[derive(schemars::JsonSchema)]
#[serde(untagged)]
pub enum TextOrNumber {
    /// As text.
    Text(String),
    /// As a number.
    Number(f64),
}

#[cfg(test)]
#[path = "mention_tests.rs"]
mod tests;
