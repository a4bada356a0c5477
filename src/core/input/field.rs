//! One field of a map: where it comes from and how it is read.

use serde_json::Value;
use std::borrow::Cow;
use std::fmt;

use super::envelope::Attributes;
use super::html;
use super::pointer::{NULL, Place, There};
use super::time::TimeForm;
use crate::settings::input::{FieldTable, Html, Pointers};
use orszem_records::time::Timestamp;

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

    /// Its name in docs/mention.md and `[input.map]`.
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
    /// The markup of templates.
    markup: Markup,
    /// The time format; only for `published_at`.
    pub time: TimeForm,
    /// The places of a time that it cannot be later than.
    not_after: Vec<Place>,
}

/// The markup of a text.
#[derive(Clone, Copy, Debug)]
enum Markup {
    None,
    /// `&`, `<`, `>` and quotes written as entities.
    Entities,
    Html,
    /// HTML if it looks like HTML.
    Guess,
}

/// A place, and how the text there is written.
#[derive(Clone, Debug)]
struct Spot {
    place: Place,
    markup: Markup,
    pieces: Pieces,
}

/// Whether a text may be in pieces: a list of texts and objects.
#[derive(Clone, Debug)]
enum Pieces {
    No,
    /// Where a list cannot be anything else: texts, and objects with a `text`.
    Plain,
    /// The text of an object is there.
    At(Place),
}

impl Markup {
    const fn of(html: Html, entities: bool) -> Markup {
        match (html, entities) {
            (Html::Yes, _) => Markup::Html,
            (Html::Auto, _) => Markup::Guess,
            (Html::No, true) => Markup::Entities,
            (Html::No, false) => Markup::None,
        }
    }

    /// The text without its markup; `None` if nothing is left.
    fn plain<'v>(self, text: Cow<'v, str>) -> Option<Cow<'v, str>> {
        let plain: fn(&str) -> Cow<'_, str> = match self {
            Markup::None => |text| Cow::Borrowed(text),
            Markup::Entities => html::unescaped,
            Markup::Html => html::to_text,
            Markup::Guess => html::guessed,
        };
        let text = match text {
            Cow::Borrowed(text) => plain(text),
            Cow::Owned(text) => match plain(&text) {
                Cow::Borrowed(_) => Cow::Owned(text),
                Cow::Owned(plain) => Cow::Owned(plain),
            },
        };
        (!text.trim().is_empty()).then_some(text)
    }
}

#[derive(Clone, Debug)]
enum Source {
    First(Vec<Spot>),
    Join(Vec<Vec<Spot>>),
    Templates(Vec<Template>),
    Constant(String),
}

/// A text with placeholders.
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
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NotFound<'v> {
    /// A place holds a blank text, and none holds null. (Null suggests that the value exists elsewhere.)
    pub blank: bool,
    /// What was found instead, for people.
    pub what: String,
    /// The rejected values.
    pub refused: Vec<Picked<'v>>,
}

impl Field {
    /// Compiles the field of a configuration.
    ///
    /// # Errors
    /// What is wrong with it. A checked configuration never fails here.
    pub fn new(name: Name, field: &FieldTable) -> Result<Field, String> {
        let place =
            |written: &str| Place::parse(written).map_err(|(what, right)| format!("{written:?} {what}; {right}"));
        let pieces = match (&field.pieces, name) {
            (Some(written), _) => Pieces::At(place(written)?),
            (None, Name::Text) => Pieces::Plain,
            (None, _) => Pieces::No,
        };
        let markup = Markup::of(field.html, field.entities);
        let places = |pointers: &Pointers| -> Result<Vec<Spot>, String> {
            let spot = |pointer: &crate::settings::input::Pointer| {
                let markup = pointer.html.map_or(markup, |html| Markup::of(html, field.entities));
                Ok(Spot { place: place(&pointer.at)?, markup, pieces: pieces.clone() })
            };
            pointers.0.iter().map(spot).collect()
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
        let time = TimeForm::new(field.time.as_deref(), field.time_zone.as_deref(), field.language.as_deref());
        let time = time.map_err(|(what, right)| format!("{what}; {right}"))?;
        let bounds = field.not_after.iter().flat_map(|pointers| &pointers.0);
        let not_after = bounds.map(|pointer| place(&pointer.at)).collect::<Result<_, _>>()?;
        Ok(Field { source, markup, time, not_after })
    }

    /// Its places, for messages.
    pub fn places(&self) -> String {
        let list = |spots: &[Spot]| spots.iter().map(|spot| spot.place.written()).collect::<Vec<_>>().join(", ");
        match &self.source {
            Source::First(places) => list(places),
            Source::Join(parts) => parts.iter().map(|part| list(part)).collect::<Vec<_>>().join(" + "),
            Source::Templates(templates) => templates.iter().map(Template::written).collect::<Vec<_>>().join(", "),
            Source::Constant(_) => "a constant".into(),
        }
    }

    /// The time that this one cannot be later than, and where it stands.
    pub fn latest<'v>(
        &'v self,
        document: &'v Value,
        attributes: &'v Attributes<'v>,
    ) -> Option<(Timestamp, Picked<'v>)> {
        self.not_after.iter().find_map(|place| match place.look(document, attributes) {
            There::Text(value) => {
                let at = TimeForm::default().read(&value).or_else(|| self.time.read(&value))?;
                Some((at, Picked { value, from: Cow::Borrowed(place.written()) }))
            }
            _ => None,
        })
    }

    /// Finds the value in a document.
    ///
    /// # Errors
    /// Why there is none.
    pub fn pick<'v>(&'v self, document: &'v Value, attributes: &'v Attributes<'v>) -> Result<Picked<'v>, NotFound<'v>> {
        self.pick_where(document, attributes, &|_| true)
    }

    /// Finds the first good value in a document.
    ///
    /// # Errors
    /// Why there is none.
    pub fn pick_where<'v>(
        &'v self,
        document: &'v Value,
        attributes: &'v Attributes<'v>,
        good: &dyn Fn(&str) -> bool,
    ) -> Result<Picked<'v>, NotFound<'v>> {
        let mut tried = Tried::default();
        let found = match &self.source {
            Source::First(spots) => spots
                .iter()
                .find_map(|spot| spot.text(document, attributes, &mut tried).and_then(|found| tried.take(found, good))),
            Source::Join(parts) => {
                let all = parts
                    .iter()
                    .filter_map(|part| part.iter().find_map(|spot| spot.text(document, attributes, &mut tried)));
                joined(all).and_then(|found| tried.take(found, good))
            }
            Source::Templates(templates) => templates.iter().find_map(|template| {
                let value = self.markup.plain(template.fill(document, attributes, &mut tried)?.into())?;
                tried.take(Picked { value, from: Cow::Borrowed(template.written()) }, good)
            }),
            Source::Constant(constant) => {
                Some(Picked { value: Cow::Borrowed(&**constant), from: Cow::Borrowed("a constant") })
            }
        };
        found.ok_or_else(|| tried.explain(&self.places()))
    }
}

impl Spot {
    /// The text there.
    fn text<'v>(
        &'v self,
        document: &'v Value,
        attributes: &'v Attributes<'v>,
        tried: &mut Tried<'v>,
    ) -> Option<Picked<'v>> {
        let list = self.place.value(document).and_then(Value::as_array);
        let whole = list.and_then(|list| self.pieces.joined(list));
        let value = match whole {
            Some(whole) => self.markup.plain(whole.into()),
            None => self.markup.plain(tried.look(&self.place, document, attributes)?),
        };
        tried.blank |= value.is_none();
        Some(Picked { value: value?, from: Cow::Borrowed(self.place.written()) })
    }
}

impl Pieces {
    /// The text of a list of pieces. Pieces of one text follow each other directly; a list of texts alone has a line
    /// for each.
    fn joined(&self, list: &[Value]) -> Option<String> {
        let is_piece = |piece: &Value| piece.is_string() || piece.get("text").is_some_and(Value::is_string);
        match self {
            Pieces::No => None,
            Pieces::Plain if list.is_empty() || !list.iter().all(is_piece) => None,
            Pieces::Plain => {
                let texts = list.iter().filter_map(|piece| piece.as_str().or_else(|| piece.get("text")?.as_str()));
                let separator = if list.iter().all(Value::is_string) { "\n" } else { "" };
                Some(texts.collect::<Vec<_>>().join(separator))
            }
            Pieces::At(place) => {
                let mut whole = String::new();
                list.iter().for_each(|piece| add(piece, place, &mut whole));
                Some(whole)
            }
        }
    }
}

/// Adds the text of a piece; lists in it are pieces, too.
fn add(piece: &Value, place: &Place, whole: &mut String) {
    match piece {
        Value::String(text) => whole.push_str(text),
        Value::Array(list) => list.iter().for_each(|piece| add(piece, place, whole)),
        object => {
            if let Some(inner @ (Value::String(_) | Value::Array(_))) = place.value(object) {
                add(inner, place, whole);
            }
        }
    }
}

/// Joins parts, one line for each. Leaves out a part that another one contains: a title that the text begins with, or
/// the sentence that a search matched (an excerpt with dots at its ends).
fn joined<'v>(parts: impl Iterator<Item = Picked<'v>>) -> Option<Picked<'v>> {
    let mut all: Vec<Picked<'v>> = Vec::new();
    for new in parts {
        all.retain(|old| !new.value.starts_with(&*old.value));
        let cut = new.value.trim_matches(|c: char| c.is_whitespace() || matches!(c, '.' | '…'));
        if !all.iter().any(|old| old.value.contains(cut)) {
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

impl Template {
    /// Parses a template: text, and pointers in braces; `{{` and `}}` are literal braces.
    fn parse(written: &str) -> Result<Template, (String, String)> {
        let right = || "write pointers in braces: \"forum:{/id}\"; double a literal brace".to_owned();
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
            return Err((format!("{written:?} has no pointer in it"), "write a fixed text as const".into()));
        }
        Ok(Template { written: written.to_owned(), pieces })
    }

    /// As written; a single pointer without its braces.
    fn written(&self) -> &str {
        match self.pieces.as_slice() {
            [Piece::Place(place)] => place.written(),
            _ => &self.written,
        }
    }

    /// The text with its placeholders filled; `None` if a value is missing.
    fn fill<'v>(
        &'v self,
        document: &'v Value,
        attributes: &'v Attributes<'v>,
        tried: &mut Tried<'v>,
    ) -> Option<String> {
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
/// What is wrong with it, and the fix.
pub fn check_template(written: &str) -> Result<(), (String, String)> {
    Template::parse(written).map(drop)
}

/// The attributes of the envelope that a template names.
pub fn attributes_of(template: &str) -> bool {
    Template::parse(template).is_ok_and(|template| {
        template.pieces.iter().any(|piece| matches!(piece, Piece::Place(place) if place.is_attribute()))
    })
}

/// What was found instead of a value.
#[derive(Default)]
struct Tried<'v> {
    blank: bool,
    others: Vec<String>,
    /// Whether a place holds null.
    null: bool,
    refused: Vec<Picked<'v>>,
}

impl<'v> Tried<'v> {
    /// Returns the value if it is good.
    fn take(&mut self, found: Picked<'v>, good: &dyn Fn(&str) -> bool) -> Option<Picked<'v>> {
        if good(&found.value) {
            return Some(found);
        }
        self.refused.push(found);
        None
    }

    fn look(&mut self, place: &'v Place, document: &'v Value, attributes: &'v Attributes<'v>) -> Option<Cow<'v, str>> {
        match place.look(document, attributes) {
            There::Text(text) => return Some(text),
            There::Flag(flag) => self.others.push(format!("{} is {flag}", place.written())),
            There::Other(what) => {
                self.null |= what == NULL;
                self.others.push(format!("{} is {what}", place.written()));
            }
            There::Missing => {}
        }
        None
    }

    fn explain(self, places: &str) -> NotFound<'v> {
        let what = match (self.others.is_empty(), self.blank) {
            (false, _) => self.others.join(", "),
            (true, true) => format!("{places} is blank"),
            (true, false) if places.contains(", ") => format!("{places} are all missing"),
            (true, false) => format!("{places} is missing"),
        };
        NotFound { blank: self.blank && !self.null, what, refused: self.refused }
    }
}
