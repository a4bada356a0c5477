//! A map: the place of each field of a mention in a document.

use serde_json::Value;
use std::borrow::Cow;
use std::cell::Cell;

use super::envelope::Attributes;
use super::fault::Fault;
use super::field::{Field, Name, NotFound, Picked};
use super::time::TimeForm;
use super::{NoMention, Skipped};
use orszem_records::mention::{Author, MAX_ID_BYTES, Mention, is_web_address};
use orszem_records::time::Timestamp;

/// The number of fields of a mention.
const FIELDS: usize = Name::ALL.len();

/// The place of each field.
#[derive(Clone, Debug, Default)]
pub(super) struct Map {
    fields: [Option<Field>; FIELDS],
}

/// The fields that a map extracted from a document; enough for a mention.
pub(super) struct Extracted<'v> {
    picked: [Option<Picked<'v>>; FIELDS],
    at: Timestamp,
}

impl Map {
    /// Compiles the map of a configuration.
    ///
    /// # Errors
    /// What is wrong with it. A checked configuration never fails here.
    pub(super) fn new(map: &crate::settings::input::Map) -> Result<Map, String> {
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
            let compiled =
                field.as_ref().map(|field| Field::new(name, &field.0).map_err(|fault| format!("{name}: {fault}")));
            fields[name as usize] = compiled.transpose()?;
        }
        Ok(Map { fields })
    }

    /// Replaces its fields by those of `own`.
    pub(super) fn replace(&mut self, own: Map) {
        for (field, own) in self.fields.iter_mut().zip(own.fields) {
            *field = own.or(field.take());
        }
    }

    /// Extracts the fields of a mention.
    ///
    /// # Errors
    /// Skipped if the text is blank; a fault that names the pointers if a required field is missing.
    pub(super) fn extract<'v>(
        &'v self,
        document: &'v Value,
        attributes: &'v Attributes<'v>,
    ) -> Result<Extracted<'v>, NoMention> {
        let mut picked = <[Option<Picked<'v>>; FIELDS]>::default();
        let at = Cell::new(None);
        let mut missing = |name: Name| -> NotFound<'v> {
            let Some(field) = &self.fields[name as usize] else {
                return NotFound { what: "the map does not say where it is".into(), ..NotFound::default() };
            };
            // After an invalid time, try the next place.
            let found = match name {
                Name::PublishedAt => field.pick_where(document, attributes, &|written| {
                    at.set(field.time.read(written));
                    at.get().is_some()
                }),
                _ => field.pick(document, attributes),
            };
            match found {
                Ok(mut found) => {
                    let latest = match name {
                        Name::PublishedAt => field.latest(document, attributes),
                        _ => None,
                    };
                    if let Some((latest, instead)) =
                        latest.filter(|(latest, _)| at.get().is_some_and(|at| at > *latest))
                    {
                        at.set(Some(latest));
                        found = instead;
                    }
                    picked[name as usize] = Some(found);
                    NotFound::default()
                }
                Err(nothing) => nothing,
            }
        };
        let mut missed = Name::ALL.map(&mut missing);
        let mut missed = |name: Name| std::mem::take(&mut missed[name as usize]);
        let fault = |field: Name, what: String| {
            NoMention::Fault(Fault::Field { field, what, fix: "say where it is in [input.map]".into() })
        };
        if picked[Name::Text as usize].is_none() {
            return match missed(Name::Text) {
                NotFound { blank: true, .. } => Err(Skipped("a post without text").into()),
                NotFound { what, .. } => Err(fault(Name::Text, what)),
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
        let at = match at.get() {
            Some(at) => at,
            None => {
                let written = attributes.get("time");
                let at = written.as_deref().and_then(|time| TimeForm::default().read(time));
                let at = at.ok_or_else(|| self.missing_time(missed(Name::PublishedAt), attributes))?;
                let value = written.unwrap_or_default();
                picked[Name::PublishedAt as usize] = Some(Picked { value, from: Cow::Borrowed("ce_time") });
                at
            }
        };
        Ok(Extracted { picked, at })
    }

    /// Why there is no time, and the fix.
    fn missing_time(&self, nothing: NotFound<'_>, attributes: &Attributes<'_>) -> Fault {
        let mut fix = "say where it is and in which format in [input.map] published_at".to_owned();
        let form = self.fields[Name::PublishedAt as usize].as_ref().map(|field| &field.time);
        // A time that only lacks its zone is the best explanation.
        let zoneless = |found: &&Picked<'_>| form.is_some_and(|form| form.lacks_zone(&found.value));
        let refused = nothing.refused.iter().find(zoneless).or(nothing.refused.first());
        let mut what = match (refused, form) {
            (Some(Picked { value, from }), Some(form)) => {
                let shown: String = value.chars().take(40).collect();
                if form.lacks_zone(value) {
                    let way = if from.contains('{') { "template" } else { "at" };
                    fix = format!(
                        "name its time zone: [input.map] published_at = {{ {way} = {from:?}, time_zone = \"Europe/Budapest\" }}"
                    );
                    format!("{from} is {shown:?}, which has no time zone, or an unknown one")
                } else if let Some(what) = form.ambiguity(value) {
                    fix =
                        format!("name the language: [input.map] published_at = {{ at = {from:?}, language = \"hr\" }}");
                    format!("{from} is {shown:?}: {what}")
                } else {
                    let name = form.name();
                    format!("{from} is {shown:?}, which is not a time between 1990 and 2100 in the format {name:?}")
                }
            }
            _ => nothing.what,
        };
        if let Some(event) = attributes.missing_time() {
            what = format!("{what}, and {event}");
        }
        Fault::Field { field: Name::PublishedAt, what, fix }
    }
}

impl<'v> Extracted<'v> {
    /// The extracted value of a field.
    pub(super) fn picked(&self, name: Name) -> Option<&Picked<'v>> {
        self.picked[name as usize].as_ref()
    }

    /// The mention, with owned texts, since the document is dropped.
    pub(super) fn mention(&self) -> Mention<'static> {
        let text = |name: Name| self.picked(name).map(|found| Cow::Owned(found.value.to_string()));
        let id = |name: Name| text(name).filter(|id: &Cow<'_, str>| id.len() <= MAX_ID_BYTES);
        let followers = self.picked(Name::Followers).and_then(|found| found.value.trim().parse::<f64>().ok());
        Mention {
            id: text(Name::Id).unwrap_or_default(),
            published_at: self.at,
            source: text(Name::Source).unwrap_or_default(),
            lang: text(Name::Lang).filter(|lang| is_language(lang)),
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

/// Codes for an unknown language (BCP 47), and X's codes for texts that consist of tags, links and the like.
const UNKNOWN: [&str; 9] = ["und", "mul", "mis", "zxx", "qam", "qct", "qht", "qme", "qst"];

/// Whether this is a language code. Exports have a name in their own language instead; then the text is a better
/// source.
fn is_language(lang: &str) -> bool {
    let code = lang.split(['-', '_']).next().unwrap_or_default();
    matches!(code.len(), 2 | 3) && code.bytes().all(|byte| byte.is_ascii_alphabetic()) && !UNKNOWN.contains(&lang)
}
