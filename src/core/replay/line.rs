//! The parts of a line that a replay needs: its id, its time, and the place of the time in the line.

use std::borrow::Cow;
use std::ops::Range;

use serde::Deserialize;
use serde::de::{IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use orszem_records::time::Timestamp;

/// Why a line is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, thiserror::Error)]
pub enum Refusal {
    /// Invalid UTF-8.
    #[error("not UTF-8")]
    NotUtf8,
    /// Not one JSON object.
    #[error("not a JSON object")]
    NotJson,
    /// No `id`, or one that is neither text nor a whole number, or empty.
    #[error("no id")]
    NoId,
    /// No `published_at`.
    #[error("no time")]
    NoTime,
    /// A `published_at` that is neither RFC 3339 nor an epoch time from 1990 to 2100.
    #[error("an invalid time")]
    BadTime,
    /// A `published_at` that does not say its time zone.
    #[error("a time without its time zone (end it with Z, or with an offset such as +01:00)")]
    NoZone,
    /// A record of another format that is not a mention: the reason, as in a dead letter.
    #[error("not a mention: {0}")]
    NoMention(&'static str),
    /// Longer than [`super::LINE_MOST`].
    #[error("too long")]
    TooLong,
}

/// A line that can be replayed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) id: String,
    pub(super) at: Timestamp,
    /// The place of the value of `published_at` in the line.
    pub(super) place: Range<usize>,
}

/// Of a key that comes twice the last one counts, as in mentions.
#[derive(Default)]
struct Fields<'a> {
    id: Option<&'a RawValue>,
    published_at: Option<&'a RawValue>,
}

#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "snake_case")]
enum Key {
    Id,
    PublishedAt,
    #[serde(other)]
    Other,
}

impl<'de: 'a, 'a> Deserialize<'de> for Fields<'a> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Fields<'a>, D::Error> {
        struct FieldsVisitor;
        impl<'de> Visitor<'de> for FieldsVisitor {
            type Value = Fields<'de>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Fields<'de>, M::Error> {
                let mut fields = Fields::default();
                while let Some(key) = map.next_key::<Key>()? {
                    match key {
                        Key::Id => fields.id = Some(map.next_value()?),
                        Key::PublishedAt => fields.published_at = Some(map.next_value()?),
                        Key::Other => drop(map.next_value::<IgnoredAny>()?),
                    }
                }
                Ok(fields)
            }
        }
        deserializer.deserialize_map(FieldsVisitor)
    }
}

/// Reads the id and the time of a line.
pub(super) fn read(line: &[u8]) -> Result<Head, Refusal> {
    let text = std::str::from_utf8(line).map_err(|_| Refusal::NotUtf8)?;
    // Serde would also accept an array for a struct.
    if !text.trim_start().starts_with('{') {
        return Err(Refusal::NotJson);
    }
    let fields: Fields<'_> = serde_json::from_str(text).map_err(|_| Refusal::NotJson)?;
    let id = fields.id.and_then(|raw| id(raw.get())).ok_or(Refusal::NoId)?;
    if id.is_empty() {
        return Err(Refusal::NoId);
    }
    let raw = fields.published_at.filter(|raw| raw.get() != "null").ok_or(Refusal::NoTime)?.get();
    let at = time(raw).filter(|at| (Timestamp::EARLIEST..=Timestamp::LATEST).contains(at)).ok_or_else(|| {
        let zoneless =
            serde_json::from_str::<Cow<'_, str>>(raw).is_ok_and(|text| text.parse::<jiff::civil::DateTime>().is_ok());
        if zoneless && time(raw).is_none() { Refusal::NoZone } else { Refusal::BadTime }
    })?;
    let start = raw.as_ptr().addr() - text.as_ptr().addr();
    Ok(Head { id: id.into_owned(), at, place: start..start + raw.len() })
}

/// A text, or a whole number as written.
fn id(raw: &str) -> Option<Cow<'_, str>> {
    let digits = raw.strip_prefix('-').unwrap_or(raw);
    match !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        true => Some(raw.into()),
        false => serde_json::from_str(raw).ok(),
    }
}

/// The time of a line that could be replayed.
pub fn time_of(line: &[u8]) -> Result<Timestamp, Refusal> {
    read(line).map(|head| head.at)
}

/// RFC 3339 text, or a number of seconds or milliseconds since 1970.
fn time(raw: &str) -> Option<Timestamp> {
    if raw.starts_with('"') {
        let text: Cow<'_, str> = serde_json::from_str(raw).ok()?;
        return text.parse::<jiff::Timestamp>().ok().map(|instant| Timestamp(instant.as_millisecond()));
    }
    Timestamp::of_epoch(serde_json::from_str(raw).ok()?)
}

/// Appends `line` to `out`, with `at` as its time.
pub(super) fn rewrite(line: &[u8], place: &Range<usize>, at: Timestamp, out: &mut Vec<u8>) {
    out.extend_from_slice(&line[..place.start]);
    out.push(b'"');
    match jiff::Timestamp::from_millisecond(at.0) {
        Ok(instant) => out.extend_from_slice(instant.to_string().as_bytes()),
        // Beyond the year 9999; the reader of the topic will reject it.
        Err(_) => out.extend_from_slice(at.0.to_string().as_bytes()),
    }
    out.push(b'"');
    out.extend_from_slice(&line[place.end..]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_every_way_to_write_a_time() {
        let at = |value: &str| read(format!(r#"{{"id":"a","published_at":{value}}}"#).as_bytes()).map(|head| head.at);
        let expected = Ok(Timestamp(1_406_910_600_000));
        assert_eq!(at("\"2014-08-01T16:30:00Z\""), expected);
        assert_eq!(at("\"2014-08-01T18:30:00+02:00\""), expected);
        assert_eq!(at("1406910600"), expected);
        assert_eq!(at("1406910600000"), expected);
        assert_eq!(at("1406910600.25"), Ok(Timestamp(1_406_910_600_250)));
        for bad in ["\"yesterday\"", "true", "[]", "{}", "-1", "1e300", "\"1406910600\"", "\"1812-01-01T00:00:00Z\""] {
            assert_eq!(at(bad), Err(Refusal::BadTime), "{bad}");
        }
    }

    #[test]
    fn says_what_is_wrong() {
        let refused = |line: &[u8]| read(line).unwrap_err();
        assert_eq!(refused(b"\xff"), Refusal::NotUtf8);
        assert_eq!(refused(b"{\"id\":\"a\",\"published_at\":1406910600,\"text\":\"\xc3\"}"), Refusal::NotUtf8);
        assert_eq!(refused(b"[\"a\",1406910600]"), Refusal::NotJson);
        assert_eq!(refused(b"{\"id\":\"a\"} {}"), Refusal::NotJson);
        assert_eq!(read(b"{\"id\":\"a\",\"id\":\"b\",\"published_at\":1406910600}").unwrap().id, "b");
        assert_eq!(refused(b"{\"id\":\"a\",\"published_at\":\"2014-08-01T16:30:00\"}"), Refusal::NoZone);
        assert_eq!(refused(b"{\"published_at\":1406910600}"), Refusal::NoId);
        assert_eq!(read(b"{\"id\":-7,\"published_at\":1406910600}").unwrap().id, "-7");
        assert_eq!(refused(b"{\"id\":7.5,\"published_at\":1406910600}"), Refusal::NoId);
        assert_eq!(refused(b"{\"id\":\"\",\"published_at\":1406910600}"), Refusal::NoId);
        assert_eq!(refused(b"{\"id\":\"a\"}"), Refusal::NoTime);
        assert_eq!(refused(b"{\"id\":\"a\",\"published_at\":null}"), Refusal::NoTime);
        let deep = format!("{}{}", "{\"a\":".repeat(10_000), "}".repeat(10_000));
        assert_eq!(refused(deep.as_bytes()), Refusal::NotJson);
    }

    proptest! {
        #[test]
        fn a_rewritten_line_differs_in_its_time_alone(
            text in any::<String>(), id in "[a-z:]{1,20}", before in any::<bool>(),
            at in Timestamp::EARLIEST.0..Timestamp::LATEST.0, to in Timestamp::EARLIEST.0..Timestamp::LATEST.0,
        ) {
            let text = serde_json::to_string(&text).unwrap();
            // The text contains the key too; only the key of the object counts.
            let other = format!(r#""text":{text},"labels":{{"published_at":"here"}}"#);
            let time = format!(r#""published_at" : {at} "#);
            let line = if before { format!(r#"{{{time},{other},"id":"{id}"}}"#) } else { format!(r#"{{"id":"{id}",{other},{time}}}"#) };
            let head = read(line.as_bytes()).unwrap();
            prop_assert_eq!((head.id.as_str(), head.at), (id.as_str(), Timestamp(at)));
            let mut out = Vec::new();
            rewrite(line.as_bytes(), &head.place, Timestamp(to), &mut out);
            prop_assert_eq!(read(&out).unwrap().at, Timestamp(to));
            let (mut was, mut is): (serde_json::Value, serde_json::Value) =
                (serde_json::from_str(&line).unwrap(), serde_json::from_slice(&out).unwrap());
            was["published_at"] = serde_json::Value::Null;
            is["published_at"] = serde_json::Value::Null;
            prop_assert_eq!(was, is);
        }
    }
}
