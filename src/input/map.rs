//! A map: where each field of a mention stands in a document.

use serde_json::Value;
use std::borrow::Cow;

use super::envelope::Attributes;
use super::fault::Fault;
use super::field::{Field, Name, Nothing, Picked};
use super::{NoMention, Skipped};
use crate::mention::{Author, MAX_ID_BYTES, Mention, is_web_address};
use crate::time::Timestamp;

/// So many fields a mention has.
const FIELDS: usize = Name::ALL.len();

/// Where each field stands.
#[derive(Clone, Debug, Default)]
pub(super) struct Map {
    fields: [Option<Field>; FIELDS],
}

/// What a map found in a document: enough for a mention.
pub(super) struct Drawn<'v> {
    picked: [Option<Picked<'v>>; FIELDS],
    at: Timestamp,
}

impl Map {
    /// Compiles the map of a configuration.
    ///
    /// # Errors
    /// What is wrong with it. A configuration that was checked has no such fault.
    pub(super) fn new(map: &crate::config::input::Map) -> Result<Map, String> {
        let mut fields = <[Option<Field>; FIELDS]>::default();
        for name in Name::ALL {
            let field = match name {
                Name::Id => &map.id,
                Name::PublishedAt => &map.published_at,
                Name::Source => &map.source,
                Name::Lang => &map.lang,
                Name::Text => &map.text,
                Name::AuthorId => &map.author.id,
                Name::AuthorName => &map.author.name,
                Name::Followers => &map.author.followers,
                Name::RepostOf => &map.repost_of,
                Name::ReplyTo => &map.reply_to,
                Name::Url => &map.url,
            };
            let compiled = field.as_ref().map(|field| Field::new(&field.0).map_err(|fault| format!("{name}: {fault}")));
            fields[name as usize] = compiled.transpose()?;
        }
        Ok(Map { fields })
    }

    /// Takes the fields that `own` has instead of those it had.
    pub(super) fn replace(&mut self, own: Map) {
        for (field, own) in self.fields.iter_mut().zip(own.fields) {
            *field = own.or(field.take());
        }
    }

    /// Finds the fields of a mention.
    ///
    /// # Errors
    /// Skipped when its text is there but blank; a fault that names the pointers when something needed is missing.
    pub(super) fn draw<'v>(
        &'v self,
        document: &'v Value,
        attributes: &'v Attributes<'v>,
    ) -> Result<Drawn<'v>, NoMention> {
        let mut picked = <[Option<Picked<'v>>; FIELDS]>::default();
        let mut missing = |name: Name| -> Nothing {
            let Some(field) = &self.fields[name as usize] else {
                return Nothing { blank: false, what: "the map does not say where it is".into() };
            };
            match field.pick(document, attributes) {
                Ok(found) => {
                    picked[name as usize] = Some(found);
                    Nothing { blank: false, what: String::new() }
                }
                Err(nothing) => nothing,
            }
        };
        let missed = Name::ALL.map(&mut missing);
        let fault = |field: Name, what: String| {
            let fix = match field {
                Name::PublishedAt => "say where it is and how it is written in [input.map] published_at",
                _ => "say where it is in [input.map]",
            };
            NoMention::Fault(Fault::Field { field, what, fix: fix.to_owned() })
        };
        let missed = |name: Name| missed[name as usize].clone();
        if picked[Name::Text as usize].is_none() {
            return match missed(Name::Text) {
                Nothing { blank: true, .. } => Err(Skipped("a post without text").into()),
                Nothing { what, .. } => Err(fault(Name::Text, what)),
            };
        }
        let id = &mut picked[Name::Id as usize];
        if id.is_none() {
            let from = Cow::Borrowed("ce_source and ce_id");
            *id = attributes.identity().map(|value| Picked { value: value.into(), from });
        }
        match id {
            None => return Err(fault(Name::Id, missed(Name::Id).what)),
            Some(id) if id.value.len() > MAX_ID_BYTES => {
                let what = format!("{} holds {} bytes, more than the limit of {MAX_ID_BYTES}", id.from, id.value.len());
                return Err(fault(Name::Id, what));
            }
            Some(_) => {}
        }
        let time = self.fields[Name::PublishedAt as usize].as_ref().map(|field| &field.time);
        let at = match &picked[Name::PublishedAt as usize] {
            Some(found) => time.and_then(|form| form.read(&found.value)).ok_or_else(|| {
                let shown: String = found.value.chars().take(40).collect();
                let form = time.map_or("auto", |form| form.name());
                let what =
                    format!("{} is {shown:?}, which is no time between 1990 and 2100 as {form:?} reads it", found.from);
                fault(Name::PublishedAt, what)
            })?,
            None => {
                let written = attributes.get("time");
                let at = written.as_deref().and_then(|time| super::time::TimeForm::default().read(time));
                let at = at.ok_or_else(|| fault(Name::PublishedAt, missed(Name::PublishedAt).what))?;
                let value = written.unwrap_or_default();
                picked[Name::PublishedAt as usize] = Some(Picked { value, from: Cow::Borrowed("ce_time") });
                at
            }
        };
        Ok(Drawn { picked, at })
    }
}

impl<'v> Drawn<'v> {
    /// What was found for a field.
    pub(super) fn picked(&self, name: Name) -> Option<&Picked<'v>> {
        self.picked[name as usize].as_ref()
    }

    /// The mention. Its texts are its own: the document goes.
    pub(super) fn mention(&self) -> Mention<'static> {
        let text = |name: Name| self.picked(name).map(|found| Cow::Owned(found.value.to_string()));
        let id = |name: Name| text(name).filter(|id: &Cow<'_, str>| id.len() <= MAX_ID_BYTES);
        let followers = self.picked(Name::Followers).and_then(|found| found.value.trim().parse::<f64>().ok());
        Mention {
            id: text(Name::Id).unwrap_or_default(),
            published_at: self.at,
            source: text(Name::Source).unwrap_or_default(),
            lang: text(Name::Lang).filter(|lang| !is_unknown(lang)),
            text: text(Name::Text).unwrap_or_default(),
            author: Author {
                id: id(Name::AuthorId),
                name: text(Name::AuthorName),
                followers: followers.map_or(0, |followers| followers.clamp(0.0, 1e12) as u64),
            },
            repost_of: id(Name::RepostOf),
            reply_to: id(Name::ReplyTo),
            url: text(Name::Url).filter(|url| is_web_address(url)),
        }
    }
}

/// Codes that say that the language is not known (BCP 47), and those that X gives to texts of tags, links and the like.
fn is_unknown(lang: &str) -> bool {
    ["und", "mul", "mis", "zxx", "qam", "qct", "qht", "qme", "qst"].contains(&lang)
}
