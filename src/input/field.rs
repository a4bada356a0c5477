//! One field of a map: where it comes from and how it is read.

use serde_json::Value;
use std::borrow::Cow;
use std::fmt;

use super::envelope::Attributes;
use super::html;
use super::pointer::{Place, There};
use super::time::TimeForm;
use crate::config::input::{FieldTable, Pointers};

/// The fields of a mention.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Name {
    /// `id`
    Id,
    /// `published_at`
    PublishedAt,
    /// `source`
    Source,
    /// `lang`
    Lang,
    /// `text`
    Text,
    /// `author.id`
    AuthorId,
    /// `author.name`
    AuthorName,
    /// `author.followers`
    Followers,
    /// `repost_of`
    RepostOf,
    /// `reply_to`
    ReplyTo,
    /// `url`
    Url,
}

impl Name {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Name; 11] = [
        Name::Id,
        Name::PublishedAt,
        Name::Source,
        Name::Lang,
        Name::Text,
        Name::AuthorId,
        Name::AuthorName,
        Name::Followers,
        Name::RepostOf,
        Name::ReplyTo,
        Name::Url,
    ];

    /// As the record of docs/mention.md and `[input.map]` call it.
    pub const fn written(self) -> &'static str {
        match self {
            Name::Id => "id",
            Name::PublishedAt => "published_at",
            Name::Source => "source",
            Name::Lang => "lang",
            Name::Text => "text",
            Name::AuthorId => "author.id",
            Name::AuthorName => "author.name",
            Name::Followers => "author.followers",
            Name::RepostOf => "repost_of",
            Name::ReplyTo => "reply_to",
            Name::Url => "url",
        }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.written())
    }
}

/// Where a field comes from and how it is read.
#[derive(Clone, Debug)]
pub struct Field {
    source: Source,
    html: bool,
    /// Of `published_at`.
    pub time: TimeForm,
}

#[derive(Clone, Debug)]
enum Source {
    First(Vec<Place>),
    Join(Vec<Vec<Place>>),
    Templates(Vec<Template>),
    Constant(String),
}

/// A text with places in it.
#[derive(Clone, Debug)]
struct Template {
    written: String,
    pieces: Vec<Piece>,
}

#[derive(Clone, Debug)]
enum Piece {
    Text(String),
    Place(Place),
}

/// A value that was found, and where.
#[derive(Clone, Debug, PartialEq)]
pub struct Picked<'v> {
    /// The value; never blank.
    pub value: Cow<'v, str>,
    /// Where it comes from, as the map writes it.
    pub from: Cow<'v, str>,
}

/// Why there is no value.
#[derive(Clone, Debug, PartialEq)]
pub struct Nothing {
    /// Some place holds a text, and it is blank.
    pub blank: bool,
    /// What was found instead, for people.
    pub what: String,
}

impl Field {
    /// Compiles the field of a configuration.
    ///
    /// # Errors
    /// What is wrong with it. A configuration that was checked has no such fault.
    pub fn new(field: &FieldTable) -> Result<Field, String> {
        let places = |pointers: &Pointers| -> Result<Vec<Place>, String> {
            pointers
                .0
                .iter()
                .map(|written| Place::parse(written).map_err(|(what, right)| format!("{written:?} {what}; {right}")))
                .collect()
        };
        let source = match (&field.at, &field.join, &field.template, &field.constant) {
            (Some(at), None, None, None) => Source::First(places(at)?),
            (None, Some(join), None, None) => Source::Join(join.iter().map(places).collect::<Result<_, _>>()?),
            (None, None, Some(templates), None) => {
                let read =
                    |written: &String| Template::parse(written).map_err(|(what, right)| format!("{what}; {right}"));
                Source::Templates(templates.0.iter().map(read).collect::<Result<_, _>>()?)
            }
            (None, None, None, Some(constant)) => Source::Constant(constant.clone()),
            _ => return Err("a field has one of at, join, template and const".into()),
        };
        let time = TimeForm::new(field.time.as_deref(), field.time_zone.as_deref());
        Ok(Field { source, html: field.html, time: time.map_err(|(what, right)| format!("{what}; {right}"))? })
    }

    /// The places it looks at, for messages.
    pub fn places(&self) -> String {
        let list = |places: &[Place]| places.iter().map(Place::written).collect::<Vec<_>>().join(", ");
        match &self.source {
            Source::First(places) => list(places),
            Source::Join(parts) => parts.iter().map(|part| list(part)).collect::<Vec<_>>().join(" + "),
            Source::Templates(templates) => {
                templates.iter().map(|template| template.written.as_str()).collect::<Vec<_>>().join(", ")
            }
            Source::Constant(_) => "a constant".into(),
        }
    }

    /// Takes the value out of a document.
    ///
    /// # Errors
    /// Why there is none.
    pub fn pick<'v>(&'v self, document: &'v Value, attributes: &'v Attributes<'v>) -> Result<Picked<'v>, Nothing> {
        let mut nothing = Tried::default();
        let found = match &self.source {
            Source::First(places) => self.first(places, document, attributes, &mut nothing),
            Source::Join(parts) => {
                let mut all: Vec<Picked<'v>> = Vec::new();
                for part in parts {
                    let Some(new) = self.first(part, document, attributes, &mut nothing) else { continue };
                    // A title that the text begins with is said once.
                    all.retain(|old| !new.value.starts_with(&*old.value));
                    if !all.iter().any(|old| old.value.starts_with(&*new.value)) {
                        all.push(new);
                    }
                }
                match all.len() {
                    0 | 1 => all.pop(),
                    _ => Some(Picked {
                        value: all.iter().map(|part| &*part.value).collect::<Vec<_>>().join("\n").into(),
                        from: all.iter().map(|part| &*part.from).collect::<Vec<_>>().join(" + ").into(),
                    }),
                }
            }
            Source::Templates(templates) => templates.iter().find_map(|template| {
                let value = template.fill(document, attributes, &mut nothing)?;
                Some(Picked { value: self.plain(value.into())?, from: Cow::Borrowed(&*template.written) })
            }),
            Source::Constant(constant) => {
                Some(Picked { value: Cow::Borrowed(&**constant), from: Cow::Borrowed("a constant") })
            }
        };
        found.ok_or_else(|| nothing.told(&self.places()))
    }

    fn first<'v>(
        &self,
        places: &'v [Place],
        document: &'v Value,
        attributes: &'v Attributes<'v>,
        tried: &mut Tried,
    ) -> Option<Picked<'v>> {
        places.iter().find_map(|place| {
            let text = tried.look(place, document, attributes)?;
            match self.plain(text) {
                Some(value) => Some(Picked { value, from: Cow::Borrowed(place.written()) }),
                None => {
                    tried.blank = true;
                    None
                }
            }
        })
    }

    /// The text without HTML, where it has some; `None` if nothing is left.
    fn plain<'v>(&self, text: Cow<'v, str>) -> Option<Cow<'v, str>> {
        let text = match (self.html, text) {
            (false, text) => text,
            (true, Cow::Borrowed(text)) => html::to_text(text),
            (true, Cow::Owned(text)) => Cow::Owned(html::to_text(&text).into_owned()),
        };
        (!text.trim().is_empty()).then_some(text)
    }
}

impl Template {
    /// Reads a template: text, and pointers in braces; `{{` and `}}` are braces.
    fn parse(written: &str) -> Result<Template, (String, String)> {
        let right = || "write pointers in braces: \"forum:{/id}\"; a brace itself is doubled".to_owned();
        let (mut pieces, mut text, mut rest) = (Vec::new(), String::new(), written);
        while let Some(at) = rest.find(['{', '}']) {
            text.push_str(&rest[..at]);
            let brace = &rest[at..at + 1];
            if rest[at + 1..].starts_with(brace) {
                text.push_str(brace);
                rest = &rest[at + 2..];
                continue;
            }
            let inner = &rest[at + 1..];
            let Some(end) = inner.find('}').filter(|_| brace == "{") else {
                return Err((format!("{written:?} has a brace that is not closed"), right()));
            };
            let place =
                Place::parse(&inner[..end]).map_err(|(what, _)| (format!("{:?} {what}", &inner[..end]), right()))?;
            if !text.is_empty() {
                pieces.push(Piece::Text(std::mem::take(&mut text)));
            }
            pieces.push(Piece::Place(place));
            rest = &inner[end + 1..];
        }
        text.push_str(rest);
        if !text.is_empty() {
            pieces.push(Piece::Text(text));
        }
        if !pieces.iter().any(|piece| matches!(piece, Piece::Place(_))) {
            return Err((
                format!("{written:?} has no pointer in it"),
                "a text that is always the same is const".into(),
            ));
        }
        Ok(Template { written: written.to_owned(), pieces })
    }

    /// The text with what is at its places; `None` if one of them is empty.
    fn fill<'v>(&'v self, document: &'v Value, attributes: &'v Attributes<'v>, tried: &mut Tried) -> Option<String> {
        let mut text = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Text(fixed) => text.push_str(fixed),
                Piece::Place(place) => {
                    text.push_str(&tried.look(place, document, attributes).filter(|text| !text.trim().is_empty())?);
                }
            }
        }
        Some(text)
    }
}

/// Checks a template.
///
/// # Errors
/// What is wrong with it and what would be right.
pub fn check_template(written: &str) -> Result<(), (String, String)> {
    Template::parse(written).map(drop)
}

/// The attributes of the envelope that a template names.
pub fn attributes_of(template: &str) -> bool {
    Template::parse(template).is_ok_and(|template| {
        template.pieces.iter().any(|piece| matches!(piece, Piece::Place(place) if place.is_attribute()))
    })
}

/// What stood where a value was looked for.
#[derive(Default)]
struct Tried {
    blank: bool,
    others: Vec<String>,
}

impl Tried {
    fn look<'v>(
        &mut self,
        place: &'v Place,
        document: &'v Value,
        attributes: &'v Attributes<'v>,
    ) -> Option<Cow<'v, str>> {
        match place.look(document, attributes) {
            There::Text(text) => return Some(text),
            There::Flag(flag) => self.others.push(format!("{} is {flag}", place.written())),
            There::Other(what) => self.others.push(format!("{} is {what}", place.written())),
            There::Missing => {}
        }
        None
    }

    fn told(self, places: &str) -> Nothing {
        let what = match (self.others.is_empty(), self.blank) {
            (false, _) => self.others.join(", "),
            (true, true) => format!("{places} is blank"),
            (true, false) if places.contains(", ") => format!("none of {places} is there"),
            (true, false) => format!("{places} is not there"),
        };
        Nothing { blank: self.blank, what }
    }
}
