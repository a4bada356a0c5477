//! Inputs: turns a record of any format into a mention, or says why it is not one.
//!
//! record → envelope (CloudEvents) → document → preset → map → mention. Pure: no clock, no I/O. A native record without
//! an envelope takes a shorter path, directly to [`mention::parse`], which builds no document.
//!
//! Text from outside is hostile: before anything is built from a record, it has the same limits of size and depth as a
//! native one, and its fields have the same limits too.

mod calendar_names;
pub mod detect;
pub mod envelope;
pub mod fault;
pub mod field;
mod filter;
mod frame;
mod html;
mod map;
pub mod native;
pub mod pointer;
mod presets;
mod repair;
#[cfg(test)]
#[path = "reader_tests.rs"]
mod tests;
mod textual_time;
pub mod time;
mod wrapper;

pub use fault::Fault;
pub use field::Name;
pub use presets::written as preset_map;

use serde_json::Value;
use std::borrow::Cow;

use crate::settings::input::{Envelope, Format, Input};
use orszem_records::mention;
use orszem_records::mention::{Defaults, Mention, Reject};
use orszem_records::time::Timestamp;

use envelope::{Attributes, Opened};
use filter::Filter;
use map::{Extracted, Map};

/// The headers of a record.
pub trait Headers: std::fmt::Debug {
    /// The value of the first header of this name.
    fn find(&self, name: &str) -> Option<&[u8]>;
}

/// A record without headers.
#[derive(Clone, Copy, Debug)]
pub struct NoHeaders;

impl Headers for NoHeaders {
    fn find(&self, _: &str) -> Option<&[u8]> {
        None
    }
}

impl Headers for Vec<(String, Vec<u8>)> {
    fn find(&self, name: &str) -> Option<&[u8]> {
        self.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_slice())
    }
}

/// Why a valid record is not a mention, as text after "skipped:".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Skipped(pub &'static str);

/// Why a record does not become a mention.
#[derive(Clone, Debug, PartialEq)]
pub enum NoMention {
    /// It is valid, but not a mention: nothing is lost.
    Skipped(Skipped),
    /// It should be a mention, but is invalid: it becomes a dead letter.
    Fault(Fault),
}

impl From<Skipped> for NoMention {
    fn from(skipped: Skipped) -> NoMention {
        NoMention::Skipped(skipped)
    }
}

impl From<Fault> for NoMention {
    fn from(fault: Fault) -> NoMention {
        NoMention::Fault(fault)
    }
}

impl From<Reject> for NoMention {
    fn from(reject: Reject) -> NoMention {
        NoMention::Fault(Fault::Record(reject))
    }
}

/// A field of a mention, and where its value comes from; for people who write a map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The field.
    pub field: Name,
    /// Its value in the mention.
    pub value: String,
    /// Where it comes from.
    pub from: String,
}

/// Reads the records of one input.
#[derive(Clone, Debug)]
pub struct Reader {
    envelope: bool,
    only: Option<Filter>,
    shape: Shape,
}

#[derive(Clone, Debug)]
enum Shape {
    Native,
    Mapped { map: Box<Map>, prepare: presets::Prepare },
}

/// Native records without an envelope.
impl Default for Reader {
    fn default() -> Reader {
        Reader { envelope: false, only: None, shape: Shape::Native }
    }
}

impl Reader {
    /// A reader for the format of an input.
    ///
    /// # Errors
    /// What is wrong with its map. A checked configuration never fails here.
    pub fn new(input: &Input) -> Result<Reader, String> {
        let shape = match input.format {
            Format::Native => Shape::Native,
            format => {
                let mut map = presets::map(format)?;
                if let Some(own) = &input.map {
                    map.replace(Map::new(own)?);
                }
                Shape::Mapped { map: Box::new(map), prepare: presets::prepare(format) }
            }
        };
        let only = input.only.as_ref().map(Filter::new).transpose()?;
        Ok(Reader { envelope: input.envelope == Envelope::Cloudevents, only, shape })
    }

    /// Whether it reads native records without an envelope.
    pub fn is_native(&self) -> bool {
        matches!((&self.shape, self.envelope, &self.only), (Shape::Native, false, None))
    }

    /// Reads a record of at most `max_bytes`.
    ///
    /// # Errors
    /// Why it is not a mention.
    #[inline]
    pub fn read<'r>(
        &self,
        record: &'r [u8],
        headers: &'r dyn Headers,
        max_bytes: usize,
    ) -> Result<Mention<'r>, NoMention> {
        let record = frame::payload(record)?;
        match (&self.shape, self.envelope) {
            (Shape::Native, false) => match mention::parse(record, max_bytes) {
                Ok(mention) => Ok(mention),
                Err(reject) => again(record, max_bytes, Defaults::default(), reject),
            },
            _ => self.read_long(record, headers, max_bytes, &mut None),
        }
    }

    /// Like [`Reader::read`], and also says where each field of the mention comes from.
    ///
    /// # Errors
    /// Why it is not a mention.
    pub fn explain<'r>(
        &self,
        record: &'r [u8],
        headers: &'r dyn Headers,
        max_bytes: usize,
    ) -> Result<(Mention<'r>, Vec<Origin>), NoMention> {
        let mut origins = Some(Vec::new());
        let mention = self.read_long(frame::payload(record)?, headers, max_bytes, &mut origins)?;
        Ok((mention, origins.unwrap_or_default()))
    }

    fn read_long<'r>(
        &self,
        record: &'r [u8],
        headers: &'r dyn Headers,
        max_bytes: usize,
        origins: &mut Option<Vec<Origin>>,
    ) -> Result<Mention<'r>, NoMention> {
        let Opened { payload, attributes } = match self.envelope {
            false => Opened { payload: Cow::Borrowed(record), attributes: Attributes::NONE },
            true if record.len() > max_bytes => {
                return Err(Reject::TooLarge { size: record.len(), limit: max_bytes }.into());
            }
            true => envelope::open(record, headers, max_bytes)?,
        };
        match &self.shape {
            Shape::Native => {
                if self.only.as_ref().is_some_and(|only| !only.takes(&Value::Null, &attributes)) {
                    return Err(filter::SKIPPED.into());
                }
                let published_at = attributes.get("time").and_then(|time| time::TimeForm::default().read(&time));
                let defaults = Defaults { id: attributes.identity(), published_at };
                let read = match &payload {
                    Cow::Borrowed(payload) => mention::parse_or(payload, max_bytes, defaults.clone()),
                    Cow::Owned(payload) => {
                        mention::parse_or(payload, max_bytes, defaults.clone()).map(Mention::into_owned)
                    }
                };
                let mention = match (read, attributes.missing_time()) {
                    (Ok(mention), _) => mention,
                    (Err(Reject::NoTime(what)), Some(event)) if what == mention::NO_TIME => {
                        return Err(Reject::NoTime(format!("{what}, and {event}")).into());
                    }
                    (Err(reject), _) => again(&payload, max_bytes, defaults.clone(), reject)?,
                };
                if let Some(origins) = origins {
                    *origins = native_origins(&mention, &defaults);
                }
                Ok(mention)
            }
            Shape::Mapped { map, prepare } => {
                let text = mention::sound(&payload, max_bytes)?;
                let document =
                    unmarked(repair::parsed(text).map_err(|fault| Reject::NotJson(fault.to_string()))?, text);
                let document = match document {
                    // Some APIs answer with a bare list.
                    Value::Array(list) if !list.is_empty() => presets::sole(list, String::new())?,
                    document => document,
                };
                if !document.is_object() {
                    return Err(Reject::Field("it is not an object".into()).into());
                }
                if self.only.as_ref().is_some_and(|only| !only.takes(&document, &attributes)) {
                    return Err(filter::SKIPPED.into());
                }
                let document = prepare(document)?;
                let drawn = map.extract(&document, &attributes)?;
                let mention = drawn.mention();
                if let Some(origins) = origins {
                    *origins = origins_of(&mention, |name| drawn.from(name));
                }
                Ok(mention)
            }
        }
    }
}

/// A record of JSON without what stands in front of it and what is no JSON in it; `None` if nothing can be done.
pub fn mended(record: &[u8]) -> Option<Vec<u8>> {
    let payload = frame::payload(record).ok()?;
    repair::mended(payload).or_else(|| (payload.len() < record.len()).then(|| payload.to_vec()))
}

/// What a byte order mark in front of the first column of a table is, once the table was turned to JSON: as it is, and
/// as it looks after it was read as Latin letters.
const MARKS: [&str; 2] = ["\u{feff}", "ï»¿"];

/// The document without a byte order mark in front of one of its keys.
fn unmarked(document: Value, text: &str) -> Value {
    let marked = |text: &str| MARKS.into_iter().any(|mark| text.contains(mark)) || text.contains("\\ufeff");
    let Value::Object(mut members) = document else { return document };
    if !marked(text) {
        return Value::Object(members);
    }
    let key = members.keys().find(|key| MARKS.into_iter().any(|mark| key.starts_with(mark))).cloned();
    if let Some(key) = key
        && let Some(value) = members.remove(&key)
    {
        let bare = MARKS.into_iter().fold(key.as_str(), |key, mark| key.trim_start_matches(mark));
        members.entry(bare.trim_matches('"')).or_insert(value);
    }
    Value::Object(members)
}

/// Reads an invalid native record again, in case only lone surrogates or values that are no JSON made it invalid.
#[cold]
fn again(record: &[u8], max_bytes: usize, defaults: Defaults, reject: Reject) -> Result<Mention<'static>, NoMention> {
    match reject {
        Reject::NotJson(_) => match repair::mended(record) {
            Some(mended) => Ok(mention::parse_or(&mended, max_bytes, defaults)?.into_owned()),
            None => Err(reject.into()),
        },
        reject => Err(reject.into()),
    }
}

impl Extracted<'_> {
    fn from(&self, name: Name) -> String {
        self.picked(name).map_or_else(String::new, |picked| picked.from.to_string())
    }
}

fn native_origins(mention: &Mention<'_>, defaults: &Defaults) -> Vec<Origin> {
    let by_default = |name| match name {
        Name::Id => defaults.id.as_deref() == Some(&*mention.id),
        Name::PublishedAt => defaults.published_at == Some(mention.published_at),
        _ => false,
    };
    origins_of(mention, |name| match name {
        Name::Id if by_default(name) => "ce_source and ce_id".into(),
        Name::PublishedAt if by_default(name) => "ce_time".into(),
        name => format!("/{}", name.written().replace('.', "/")),
    })
}

/// The fields that a mention has.
fn origins_of(mention: &Mention<'_>, from: impl Fn(Name) -> String) -> Vec<Origin> {
    let at = |at: Timestamp| {
        jiff::Timestamp::from_millisecond(at.0).map_or_else(|_| at.to_string(), |instant| instant.to_string())
    };
    let text = |text: &Option<Cow<'_, str>>| text.as_deref().map(str::to_owned);
    let values = Name::ALL.into_iter().filter_map(|field| {
        let value = match field {
            Name::Id => Some(mention.id.to_string()),
            Name::PublishedAt => Some(at(mention.published_at)),
            Name::Source => Some(mention.source.to_string()).filter(|source| !source.is_empty()),
            Name::Lang => text(&mention.lang),
            Name::Text => Some(mention.text.to_string()),
            Name::AuthorId => text(&mention.author.id),
            Name::AuthorName => text(&mention.author.name),
            Name::Followers => (mention.author.followers > 0).then(|| mention.author.followers.to_string()),
            Name::RepostOf => text(&mention.repost_of),
            Name::ReplyTo => text(&mention.reply_to),
            Name::Url => text(&mention.url),
        };
        Some((field, value?))
    });
    values.map(|(field, value)| Origin { field, value, from: from(field) }).collect()
}
