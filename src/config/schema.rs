//! The JSON Schema of `alerts.toml`: what `check` goes by and what editors complete from.

use schemars::Schema;
use serde_json::{Map, Value};

use orszem_core::settings::Config;

/// The form of every name that people give to watches, receivers, escalations, people and rotations.
pub(super) const NAME: &str = "^[a-z0-9][a-z0-9-]{0,62}$";

/// The JSON Schema (2020-12) of the configuration. Beyond the standard it says `x-shortest` and `x-longest` for
/// lengths of time, and `format` where a text has a form of its own.
pub fn schema() -> Schema {
    let mut schema = schemars::schema_for!(Config);
    if let Some(object) = schema.as_object_mut() {
        object.insert("title".into(), "alerts.toml of orszem".into());
        tidy(object);
    }
    schema
}

/// Takes out `null`, which TOML does not have, and adds the pattern of names.
fn tidy(schema: &mut Map<String, Value>) {
    if let Some(Value::Array(any)) = schema.get_mut("anyOf") {
        any.retain(|one| one.get("type").is_none_or(|kind| kind != "null"));
        if let [Value::Object(only)] = any.as_mut_slice() {
            let only = std::mem::take(only);
            schema.remove("anyOf");
            for (key, value) in only {
                schema.entry(key).or_insert(value);
            }
        }
    }
    if let Some(Value::Array(kinds)) = schema.get_mut("type") {
        kinds.retain(|kind| kind != "null");
        if let [only] = kinds.as_mut_slice() {
            let only = only.take();
            schema.insert("type".into(), only);
        }
    }
    // Of a section each key says its own.
    if schema.get("default").is_some_and(|default| default.is_null() || default.is_object()) {
        schema.remove("default");
    }
    if schema.get("format").is_some_and(|format| format == "name") {
        schema.insert("pattern".into(), NAME.into());
    }
    for value in schema.values_mut() {
        match value {
            Value::Object(object) => tidy(object),
            Value::Array(array) => array.iter_mut().filter_map(Value::as_object_mut).for_each(tidy),
            _ => {}
        }
    }
}

/// A piece of the schema, with what its `$ref` says.
#[derive(Clone, Copy)]
pub(super) struct Piece<'s> {
    root: &'s Value,
    here: &'s Value,
}

impl<'s> Piece<'s> {
    pub(super) fn root(root: &'s Value) -> Piece<'s> {
        Piece { root, here: root }
    }

    pub(super) fn at(self, here: &'s Value) -> Piece<'s> {
        Piece { root: self.root, here }
    }

    /// What it says under `keyword`, itself or through its `$ref`.
    pub(super) fn says(self, keyword: &str) -> Option<&'s Value> {
        let target = || self.root.pointer(self.here.get("$ref")?.as_str()?.strip_prefix('#')?)?.get(keyword);
        self.here.get(keyword).or_else(target)
    }

    pub(super) fn text(self, keyword: &str) -> Option<&'s str> {
        self.says(keyword)?.as_str()
    }

    pub(super) fn number(self, keyword: &str) -> Option<f64> {
        self.says(keyword)?.as_f64()
    }

    /// The properties of an object, by name.
    pub(super) fn properties(self) -> Option<&'s Map<String, Value>> {
        self.says("properties")?.as_object()
    }

    pub(super) fn property(self, name: &str) -> Option<Piece<'s>> {
        Some(self.at(self.properties()?.get(name)?))
    }

    pub(super) fn items(self) -> Option<Piece<'s>> {
        Some(self.at(self.says("items")?))
    }

    /// The names of the keys that must be there.
    pub(super) fn required(self) -> impl Iterator<Item = &'s str> {
        self.says("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
    }

    /// The shapes of `anyOf`.
    pub(super) fn shapes(self) -> impl Iterator<Item = Piece<'s>> {
        let all = self.says("anyOf").and_then(Value::as_array);
        all.into_iter().flatten().map(move |one| self.at(one))
    }

    /// The alternatives of `oneOf`.
    pub(super) fn alternatives(self) -> impl Iterator<Item = Piece<'s>> {
        let all = self.says("oneOf").and_then(Value::as_array);
        all.into_iter().flatten().map(move |one| self.at(one))
    }
}
