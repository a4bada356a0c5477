//! `[[input]]`: what topics bring, and how it becomes mentions. What it means is told in `docs/input.md`.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// `[[input]]`: a topic that mentions are read from. Without any, `[kafka] mentions` is read, as native records.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The topic. A change needs a restart; how it is read can be changed while running.
    #[schemars(extend("format" = "topic", "x-restart" = true))]
    pub topic: String,
    /// How its records are written.
    #[serde(default)]
    pub format: Format,
    /// What is around each record.
    #[serde(default)]
    pub envelope: Envelope,
    /// Where a mention's fields stand in a record. Needed with `format = "map"`; with a ready format it replaces single
    /// fields of it.
    #[serde(default)]
    pub map: Option<Map>,
    /// Only records that hold one of these values there are mentions; the others are skipped.
    #[serde(default)]
    pub only: Option<Only>,
}

/// How the records of a topic are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// The record of docs/mention.md.
    #[default]
    Native,
    /// Any JSON object, by `[input.map]`.
    Map,
    /// Mentions of Brandwatch's Consumer Research API.
    Brandwatch,
    /// Documents of Meltwater's API, template `api.json`.
    Meltwater,
    /// Posts of X API v2.
    XV2,
    /// Events of Bluesky's Jetstream.
    BlueskyJetstream,
    /// Statuses of Mastodon, or events of its streaming API.
    Mastodon,
    /// Items of RSS, Atom or JSON feeds, turned to JSON.
    Feed,
}

impl Format {
    /// All of them, as `docs/input.md` lists them.
    pub const ALL: [Format; 8] = [
        Format::Native,
        Format::Map,
        Format::Brandwatch,
        Format::Meltwater,
        Format::XV2,
        Format::BlueskyJetstream,
        Format::Mastodon,
        Format::Feed,
    ];

    /// The name in the configuration.
    pub const fn name(self) -> &'static str {
        match self {
            Format::Native => "native",
            Format::Map => "map",
            Format::Brandwatch => "brandwatch",
            Format::Meltwater => "meltwater",
            Format::XV2 => "x-v2",
            Format::BlueskyJetstream => "bluesky-jetstream",
            Format::Mastodon => "mastodon",
            Format::Feed => "feed",
        }
    }
}

/// What is around each record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Envelope {
    /// Nothing.
    #[default]
    None,
    /// CloudEvents 1.0, structured or binary.
    Cloudevents,
}

/// `[input.map]`: where each field of a mention is.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Map {
    /// What makes it the same mention when it is delivered again. Make it different from those of other inputs:
    /// `{ template = "forum:{/id}" }`.
    pub id: Option<Field>,
    /// What it says.
    pub text: Option<Field>,
    /// When it was published.
    pub published_at: Option<Field>,
    /// Where it was published.
    pub source: Option<Field>,
    /// The language of the text.
    pub lang: Option<Field>,
    /// Who says it.
    pub author: AuthorMap,
    /// The id of the mention that it repeats.
    pub repost_of: Option<Field>,
    /// The id of the mention that it answers.
    pub reply_to: Option<Field>,
    /// Its address.
    pub url: Option<Field>,
}

/// `author` of `[input.map]`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AuthorMap {
    /// What makes the author the same.
    pub id: Option<Field>,
    /// The name to show.
    pub name: Option<Field>,
    /// How many follow the author.
    pub followers: Option<Field>,
}

/// Where one field comes from. In the file: a pointer, a list of pointers of which the first that holds something is
/// taken, or a table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Field(pub FieldTable);

/// The long form of a field: one of `at`, `join`, `template` and `const`, and how to read what is there.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct FieldTable {
    /// A JSON pointer (RFC 6901: `/data/text`), or a list of them: the first that holds a text or a number is used.
    /// With an envelope also its attributes: `ce_id`, `ce_time`.
    pub at: Option<Pointers>,
    /// Several of them, each a pointer or a list of which the first is used: joined, a line each.
    #[schemars(length(min = 1))]
    pub join: Option<Vec<Pointers>>,
    /// A text with pointers in braces: `forum:{/id}`; or a list, of which the first that can be filled is used.
    pub template: Option<Templates>,
    /// Always this.
    #[serde(rename = "const")]
    pub constant: Option<String>,
    /// What is there is HTML: make it text. `"auto"`: where it looks like HTML, otherwise it stays as it is.
    pub html: Html,
    /// What is there is text in which `&`, `<`, `>` and quotes are written as entities (`AT&amp;T`): make them plain.
    pub entities: bool,
    /// How the time is written: `auto`, `rfc3339`, `rfc2822`, `unix-s`, `unix-ms`, `unix-us`, `unix-ns`, or a pattern
    /// of strptime (`%d/%m/%Y %H:%M`). Only of `published_at`.
    #[schemars(extend("format" = "time-format"))]
    pub time: Option<String>,
    /// The time zone of times that do not say theirs: `Europe/Budapest`. Only of `published_at`.
    #[schemars(extend("format" = "time-zone"))]
    pub time_zone: Option<String>,
    /// The language of the names of months and days, where they mean different ones in different languages: `hr`. Only
    /// of `published_at`.
    #[schemars(extend("format" = "month-language"))]
    pub language: Option<String>,
    /// A time that the mention cannot be later than, such as that of its arrival: it is used in the place of a later
    /// one. Only of `published_at`.
    pub not_after: Option<Pointers>,
    /// What is there is a text in pieces, a list of texts and objects: where the text of an object is (`/text` where it
    /// is not said).
    #[schemars(extend("format" = "pointer"))]
    pub pieces: Option<String>,
}

/// `only` of an input.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Only {
    /// Where to look: a JSON pointer, or an attribute of the envelope (`ce_type`).
    #[schemars(extend("format" = "pointer"))]
    pub at: String,
    /// The values that mentions have there, as text.
    #[schemars(length(min = 1))]
    pub is: Vec<String>,
}

/// Whether a text is HTML. In the file: `true`, `false` or `"auto"`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Html {
    /// It is plain text, whatever signs are in it.
    #[default]
    No,
    /// It is HTML.
    Yes,
    /// It is HTML if it looks like HTML.
    Auto,
}

/// One JSON pointer or more.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pointers(pub Vec<Pointer>);

/// One JSON pointer. In the file: a text, or a table that also says how the text there is written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pointer {
    /// Where.
    pub at: String,
    /// Whether the text there is HTML; `None`: as the field says.
    pub html: Option<Html>,
}

/// One template or more.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Templates(pub Vec<String>);

/// A text or a list of texts.
#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

impl From<OneOrMore> for Vec<String> {
    fn from(texts: OneOrMore) -> Vec<String> {
        match texts {
            OneOrMore::One(text) => vec![text],
            OneOrMore::More(texts) => texts,
        }
    }
}

impl<'de> Deserialize<'de> for Html {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Html, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Flag(bool),
            Word(String),
        }
        match Written::deserialize(deserializer)? {
            Written::Flag(false) => Ok(Html::No),
            Written::Flag(true) => Ok(Html::Yes),
            Written::Word(word) if word == "auto" => Ok(Html::Auto),
            Written::Word(word) => {
                Err(serde::de::Error::custom(format!("html is {word:?}; write true, false or \"auto\"")))
            }
        }
    }
}

impl<'de> Deserialize<'de> for Pointer {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Pointer, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Text(String),
            Table(PointerTable),
        }
        Ok(match Written::deserialize(deserializer)? {
            Written::Text(at) => Pointer { at, html: None },
            Written::Table(PointerTable { at, html }) => Pointer { at, html: Some(html) },
        })
    }
}

/// The long form of a pointer: where, and whether the text there is HTML.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct PointerTable {
    /// A JSON pointer.
    #[schemars(extend("format" = "pointer"))]
    at: String,
    /// Whether the text there is HTML.
    #[serde(default)]
    html: Html,
}

impl<'de> Deserialize<'de> for Pointers {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Pointers, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            One(Pointer),
            More(Vec<Pointer>),
        }
        Ok(Pointers(match Written::deserialize(deserializer)? {
            Written::One(pointer) => vec![pointer],
            Written::More(pointers) => pointers,
        }))
    }
}

impl<'de> Deserialize<'de> for Templates {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Templates, D::Error> {
        OneOrMore::deserialize(deserializer).map(|texts| Templates(texts.into()))
    }
}

impl<'de> Deserialize<'de> for Field {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Field, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Table(FieldTable),
            Pointers(Pointers),
        }
        Ok(Field(match Written::deserialize(deserializer)? {
            Written::Pointers(at) => FieldTable { at: Some(at), ..FieldTable::default() },
            Written::Table(table) => table,
        }))
    }
}

fn one_or_more(form: &str) -> [serde_json::Value; 2] {
    let one = serde_json::json!({ "type": "string", "format": form });
    [one.clone(), serde_json::json!({ "type": "array", "items": one, "minItems": 1 })]
}

/// A pointer, or a list of pointers and their long forms.
fn pointers(generator: &mut SchemaGenerator) -> [serde_json::Value; 2] {
    let [one, mut more] = one_or_more("pointer");
    more["items"] = serde_json::json!({ "anyOf": [one, generator.subschema_for::<PointerTable>()] });
    [one, more]
}

impl JsonSchema for Html {
    fn schema_name() -> Cow<'static, str> {
        "Html".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "Whether a text is HTML; \"auto\": if it looks like HTML.",
            "anyOf": [{ "type": "boolean" }, { "type": "string", "enum": ["auto"] }]
        })
    }
}

impl JsonSchema for Pointers {
    fn schema_name() -> Cow<'static, str> {
        "Pointers".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let [one, more] = pointers(generator);
        let table = generator.subschema_for::<PointerTable>();
        json_schema!({ "description": "A JSON pointer, or a list of them.", "anyOf": [one, more, table] })
    }
}

impl JsonSchema for Templates {
    fn schema_name() -> Cow<'static, str> {
        "Templates".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "description": "A template, or a list of them.", "anyOf": one_or_more("template") })
    }
}

impl JsonSchema for Field {
    fn schema_name() -> Cow<'static, str> {
        "Field".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let [one, more] = pointers(generator);
        let table = generator.subschema_for::<FieldTable>();
        json_schema!({
            "description": "Where a field of a mention comes from: a JSON pointer, a list of them, or a table.",
            "anyOf": [one, more, table]
        })
    }
}

impl super::Config {
    /// The topics to read and how: those of `[[input]]`, or else `[kafka] mentions` as native records. Never empty.
    pub fn inputs(&self) -> Cow<'_, [Input]> {
        match self.inputs.as_slice() {
            [] => Cow::Owned(vec![Input { topic: self.kafka.mentions.clone(), ..Input::default() }]),
            inputs => Cow::Borrowed(inputs),
        }
    }

    /// The names of the topics to read.
    pub fn topics(&self) -> Vec<String> {
        self.inputs().iter().map(|input| input.topic.clone()).collect()
    }

    /// The topic that canaries are written to: the first that brings native records as they are.
    pub fn canary_topic(&self) -> Option<String> {
        let is_plain = |input: &Input| {
            let (native, bare) = (input.format == Format::Native, input.envelope == Envelope::None);
            native && bare && input.map.is_none() && input.only.is_none()
        };
        self.inputs().iter().find(|input| is_plain(input)).map(|input| input.topic.clone())
    }

    /// How a topic is read, where it is read at all.
    pub fn input(&self, topic: &str) -> Option<Input> {
        self.inputs().iter().find(|input| input.topic == topic).cloned()
    }
}

#[cfg(test)]
mod tests {
    use crate::settings::Config;

    #[test]
    fn the_first_input_with_plain_native_records_takes_canaries() {
        let topic = |text: &str| toml::from_str::<Config>(text).unwrap().canary_topic();
        assert_eq!(topic("").as_deref(), Some("mentions"), "without inputs it is that of [kafka]");
        let feeds =
            "[[input]]\ntopic = \"a\"\nformat = \"feed\"\n[[input]]\ntopic = \"b\"\nenvelope = \"cloudevents\"\n";
        assert_eq!(topic(feeds), None);
        let only = "[[input]]\ntopic = \"c\"\nonly = { at = \"/kind\", is = [\"post\"] }\n";
        let plain = "[[input]]\ntopic = \"d\"\n";
        assert_eq!(topic(&format!("{feeds}{only}{plain}")).as_deref(), Some("d"));
    }
}
