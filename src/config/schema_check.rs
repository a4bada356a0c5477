//! The shape of the configuration against its schema: keys, types, ranges and the forms of single values.

use serde_json::Value;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::diagnostics::{Report, quoted, suggestion};
use super::formats;
use super::options;
use super::rotation::NamedSecret;
use super::schema::Piece;
use orszem_core::settings::secret::{RotatingSecret, Secret};

/// A secret, or a file, that the configuration names: to be looked for on this machine.
pub(super) enum Named {
    /// A secret and the form it must have (`x-secret` of the schema).
    Secret { named: NamedSecret, form: Option<String>, at: Range<usize> },
    /// A file that is no secret.
    File { setting: String, path: String, at: Range<usize> },
    /// A file that holds a model.
    Model { path: String, at: Range<usize> },
}

/// A table as people call it: `[kafka]`, `[[escalation.step]]`.
#[derive(Clone)]
struct Place {
    path: String,
    repeated: bool,
}

impl Place {
    fn child(&self, key: &str, repeated: bool) -> Place {
        let path = if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) };
        Place { path, repeated }
    }

    fn header(&self) -> String {
        match (self.path.as_str(), self.repeated) {
            ("", _) => "the file".into(),
            (path, true) => format!("[[{path}]]"),
            (path, false) => format!("[{path}]"),
        }
    }

    fn within(&self) -> String {
        if self.path.is_empty() { "at the top level".into() } else { format!("in {}", self.header()) }
    }
}

/// Checks a document and gathers what it names.
pub(super) fn check(document: &DeTable<'_>, schema: &Value, report: &mut Report<'_>, complete: bool) -> Vec<Named> {
    let mut walk = Walk { report, complete, named: Vec::new() };
    let top = Place { path: String::new(), repeated: false };
    walk.table(document, Piece::root(schema), &top, 0..0);
    walk.named
}

struct Walk<'r, 't> {
    report: &'r mut Report<'t>,
    /// The file parsed as a whole: what is not there is missing, not lost behind a syntax error.
    complete: bool,
    named: Vec<Named>,
}

impl Walk<'_, '_> {
    fn table(&mut self, table: &DeTable<'_>, schema: Piece<'_>, place: &Place, at: Range<usize>) {
        let Some(properties) = schema.properties() else { return self.map(table, schema, place) };
        let mut meant = Vec::new();
        for (key, value) in table {
            let name: &str = key.get_ref();
            self.report.show(key.span());
            let Some(property) = schema.property(name) else {
                self.hide(value);
                let help = self.where_it_belongs(name, schema, place).or_else(|| {
                    let free = properties.keys().map(String::as_str).filter(|known| !table.contains_key(*known));
                    meant.extend(super::diagnostics::nearest(name, free.clone()));
                    suggestion(name, free)
                });
                self.report.error(key.span(), format!("unknown key {} {}", quoted(name), place.within()), help);
                continue;
            };
            self.value(value, key.span(), name, property, place);
        }
        let missing = schema.required().filter(|name| !table.contains_key(*name) && !meant.contains(name));
        for name in missing.filter(|_| self.complete) {
            let kind = schema.property(name).and_then(|property| property.text("type"));
            let help = match (name, kind) {
                ("step", _) => "say who is notified with [[escalation.step]]".to_owned(),
                ("stretch", _) => "say who takes turns: stretch = [{ from = \"…\", members = [\"…\"] }]".to_owned(),
                (_, Some("array")) => format!("add {name} = [\"…\"]"),
                _ => format!("add {name} = \"…\""),
            };
            self.report.error(at.clone(), format!("{} lacks its \"{name}\"", place.header()), help);
        }
    }

    /// A table whose keys are names of people's own.
    fn map(&mut self, table: &DeTable<'_>, schema: Piece<'_>, place: &Place) {
        let Some(values) = schema.says("additionalProperties").filter(|values| values.is_object()) else { return };
        for (key, value) in table {
            self.report.show(key.span());
            self.value(value, key.span(), key.get_ref(), schema.at(values), place);
        }
    }

    /// The section that knows a key which stands in the wrong one.
    fn where_it_belongs(&self, name: &str, schema: Piece<'_>, place: &Place) -> Option<String> {
        let sections = schema.properties().filter(|_| place.path.is_empty())?;
        let owner = sections.iter().find(|(_, section)| {
            schema.at(section).property(name).or_else(|| schema.at(section).items()?.property(name)).is_some()
        });
        let (section, shape) = owner?;
        let repeated = schema.at(shape).text("type") == Some("array");
        Some(format!("it belongs in {}", Place { path: section.clone(), repeated }.header()))
    }

    fn value(&mut self, value: &Spanned<DeValue<'_>>, key: Range<usize>, name: &str, schema: Piece<'_>, place: &Place) {
        if schema.text("format") == Some("secret") {
            return self.secret(value, name, schema, place);
        }
        if name == "options" && schema.says("additionalProperties").is_some_and(Value::is_object) {
            return self.options(value, schema, place);
        }
        if schema.says("oneOf").is_some() {
            return self.choice(value, name, schema, place);
        }
        if schema.says("anyOf").is_some() {
            return self.either(value, key, name, schema, place);
        }
        match (schema.text("type").unwrap_or_default(), value.get_ref()) {
            ("object", DeValue::Table(table)) => {
                self.table(table, schema, &place.child(name, false), span(value, &key))
            }
            ("array", DeValue::Array(items)) => self.array(items.iter(), value, &key, name, schema, place),
            ("array", DeValue::Table(_)) => {
                let child = place.child(name, true).header();
                let message = format!("there can be more than one {child}, and it is written as one");
                self.report.error(key.clone(), message, format!("write {child} with double brackets"));
                self.array(std::iter::once(value), value, &key, name, schema, place);
            }
            ("string", DeValue::String(text)) => self.text(text, value.span(), name, schema, place),
            ("boolean", DeValue::Boolean(_)) => self.report.show(value.span()),
            ("integer", DeValue::Integer(number)) => {
                self.report.show(value.span());
                match i64::from_str_radix(number.as_str(), number.radix()) {
                    Ok(whole) => self.range(whole as f64, value.span(), name, schema),
                    Err(_) => self.report.error(value.span(), format!("\"{name}\" is out of range"), limits(schema)),
                }
            }
            ("number", DeValue::Integer(number)) => {
                self.report.show(value.span());
                let whole = i64::from_str_radix(number.as_str(), number.radix()).map_or(f64::INFINITY, |n| n as f64);
                self.range(whole, value.span(), name, schema);
            }
            ("number", DeValue::Float(number)) => {
                self.report.show(value.span());
                self.range(number.as_str().parse().unwrap_or(f64::NAN), value.span(), name, schema);
            }
            (wanted, _) => self.wrong_type(value, key, name, wanted, schema, place),
        }
    }

    fn array<'a, 'i: 'a>(
        &mut self,
        items: impl Iterator<Item = &'a Spanned<DeValue<'i>>>,
        whole: &Spanned<DeValue<'i>>,
        key: &Range<usize>,
        name: &str,
        schema: Piece<'_>,
        place: &Place,
    ) {
        let Some(item) = schema.items() else { return };
        let mut count = 0;
        for value in items {
            count += 1;
            match (value.get_ref(), item.says("properties").is_some()) {
                (DeValue::Table(table), true) => self.table(table, item, &place.child(name, true), span(value, key)),
                _ => self.value(value, span(value, key), name, item, place),
            }
        }
        if count < schema.says("minItems").and_then(Value::as_u64).unwrap_or(0) {
            self.report.error(span(whole, key), format!("\"{name}\" {} is empty", place.within()), None);
        }
    }

    fn text(&mut self, text: &str, at: Range<usize>, name: &str, schema: Piece<'_>, place: &Place) {
        let form = schema.text("format").unwrap_or_default();
        // An address may hold a password or a token.
        let free = name == "terms" || name == "query" || form == "pointer";
        match text.contains("://") || (form != "mailbox" && text.contains('@') && !free) {
            true => self.report.hide(at.clone()),
            false => self.report.show(at.clone()),
        }
        if form == "file" {
            let setting = format!("{} {name}", place.header());
            self.named.push(Named::File { setting, path: text.to_owned(), at: at.clone() });
        }
        if form == "model" {
            self.named.push(Named::Model { path: text.to_owned(), at: at.clone() });
        }
        let checked = match form {
            "span" => formats::span(text, schema.text("x-shortest"), schema.text("x-longest")),
            other => formats::check(other, text),
        };
        let length = text.chars().count() as f64;
        if let Err(wrong) = checked {
            self.report.error(at, format!("\"{name}\" {}: {}", place.within(), wrong.what), wrong.right);
        } else if schema.number("minLength").is_some_and(|least| length < least) {
            self.report.error(at, format!("\"{name}\" {} is empty", place.within()), None);
        } else if let Some(most) = schema.number("maxLength").filter(|most| length > *most) {
            let message = format!("\"{name}\" {} has {length} characters", place.within());
            self.report.error(at, message, format!("at most {most} are allowed"));
        }
    }

    fn range(&mut self, number: f64, at: Range<usize>, name: &str, schema: Piece<'_>) {
        let below = schema.number("minimum").is_some_and(|least| number < least)
            || schema.number("exclusiveMinimum").is_some_and(|least| number <= least);
        if number.is_nan() || below || number > largest(schema) {
            self.report.error(at, format!("\"{name}\" is out of range: {number}"), limits(schema));
        }
    }

    /// A secret; where the schema has shapes, also a list of them.
    fn secret(&mut self, value: &Spanned<DeValue<'_>>, name: &str, schema: Piece<'_>, place: &Place) {
        let Some(listed) = value.get_ref().as_array().filter(|_| schema.shapes().next().is_some()) else {
            return self.one_secret(value, name, schema, place);
        };
        for secret in listed.iter() {
            self.one_secret(secret, name, schema, place);
        }
        if !(1..=RotatingSecret::MOST).contains(&listed.len()) {
            let message = format!("\"{name}\" {} lists {} secrets", place.within(), listed.len());
            let help = "list one, or two while one takes the place of the other: the new one first".to_owned();
            self.report.error(value.span(), message, help);
        }
    }

    fn one_secret(&mut self, value: &Spanned<DeValue<'_>>, name: &str, schema: Piece<'_>, place: &Place) {
        let secret = value.get_ref().as_str().and_then(|text| Secret::parse(text).ok());
        match secret {
            Some(secret) => {
                self.report.show(value.span());
                let form = schema.text("x-secret").map(str::to_owned);
                let setting = format!("{} {name}", place.header());
                let named = NamedSecret::new(setting, secret, schema.says("x-restart").is_some());
                self.named.push(Named::Secret { named, form, at: value.span() });
            }
            None => {
                self.report.told_as_secret(value.span());
                self.hide(value);
                let message = format!("\"{name}\" {} is a secret and must not be written here", place.within());
                self.report.error(value.span(), message, Secret::HELP.to_owned());
            }
        }
    }

    fn options(&mut self, value: &Spanned<DeValue<'_>>, schema: Piece<'_>, place: &Place) {
        self.hide(value);
        let Some(table) = value.get_ref().as_table() else {
            let help = "write them as [kafka.options], one a line".to_owned();
            self.report.error(value.span(), format!("\"options\" {} is not a table", place.within()), help);
            return;
        };
        for (key, value) in table {
            self.report.show(key.span());
            match options::check(key.get_ref(), value.get_ref()) {
                Ok(Some(secret)) => {
                    let setting = format!("{} {}", place.child("options", false).header(), key.get_ref());
                    let named = NamedSecret::new(setting, secret, schema.says("x-restart").is_some());
                    self.named.push(Named::Secret { named, form: None, at: value.span() });
                }
                Ok(None) => {}
                Err(wrong) => {
                    if options::is_secret(key.get_ref()) {
                        self.report.told_as_secret(value.span());
                    }
                    self.report.error(key.span(), wrong.what, wrong.right);
                }
            }
        }
    }

    /// One of some shapes, which the type tells apart; the first is what is asked for when none fits.
    fn either(
        &mut self,
        value: &Spanned<DeValue<'_>>,
        key: Range<usize>,
        name: &str,
        schema: Piece<'_>,
        place: &Place,
    ) {
        let wanted = match value.get_ref() {
            DeValue::Array(_) => "array",
            DeValue::Table(_) => "object",
            DeValue::Boolean(_) => "boolean",
            _ => "string",
        };
        let fitting = schema.shapes().find(|shape| shape.text("type") == Some(wanted));
        if let Some(shape) = fitting.or_else(|| schema.shapes().next()) {
            self.value(value, key, name, shape, place);
        }
    }

    /// One of some words, or a table that is known by its `kind`.
    fn choice(&mut self, value: &Spanned<DeValue<'_>>, name: &str, schema: Piece<'_>, place: &Place) {
        let words: Vec<&str> = schema.alternatives().filter_map(|one| one.text("const")).collect();
        if !words.is_empty() {
            let Some(word) = value.get_ref().as_str() else {
                return self.wrong_type(value, value.span(), name, "string", schema, place);
            };
            self.report.show(value.span());
            if !words.contains(&word) {
                let message = format!("unknown {name} {} {}", quoted(word), place.within());
                self.report.error(value.span(), message, suggestion(word, words.iter().copied()));
            }
            return;
        }
        let Some(table) = value.get_ref().as_table() else {
            return self.wrong_type(value, value.span(), name, "object", schema, place);
        };
        let place = place.child(name, true);
        let kind_of = |one: Piece<'_>| one.property("kind").and_then(|kind| kind.text("const").map(str::to_owned));
        let kinds: Vec<String> = schema.alternatives().filter_map(kind_of).collect();
        let known = kinds.iter().map(String::as_str);
        let kind = table.get("kind").map(|kind| (kind, kind.get_ref().as_str()));
        let meant = match kind {
            Some((_, Some(kind))) => super::diagnostics::nearest(kind, known.clone()),
            _ => None,
        };
        let variant = schema.alternatives().find(|one| kind_of(*one).as_deref() == meant && meant.is_some());
        match kind {
            Some((value, Some(kind))) if !kinds.iter().any(|known| known == kind) => {
                let message = format!("unknown kind {} {}", quoted(kind), place.within());
                self.report.error(value.span(), message, suggestion(kind, known));
            }
            Some((value, None)) => {
                self.wrong_type(value, value.span(), "kind", "string", schema, &place);
            }
            None if self.complete => {
                let message = format!("{} lacks its \"kind\"", place.header());
                self.report.error(value.span(), message, format!("one of {}", kinds.join(", ")));
            }
            _ => {}
        }
        match variant {
            Some(variant) => self.table(table, variant, &place, value.span()),
            None => {
                for (key, value) in table {
                    self.report.show(key.span());
                    self.hide(value);
                }
            }
        }
    }

    fn wrong_type(
        &mut self,
        value: &Spanned<DeValue<'_>>,
        key: Range<usize>,
        name: &str,
        wanted: &str,
        schema: Piece<'_>,
        place: &Place,
    ) {
        self.hide(value);
        let found = value.get_ref();
        let help = match (wanted, found) {
            ("string", DeValue::Integer(_)) if schema.text("format") == Some("span") => {
                Some("write it with its unit and in quotes: \"90s\", \"5m\" or \"36h\"".to_owned())
            }
            ("string", DeValue::Integer(_) | DeValue::Float(_) | DeValue::Boolean(_) | DeValue::Datetime(_)) => {
                Some("write it in quotes".to_owned())
            }
            ("string", DeValue::Array(_)) => Some("write it in quotes, without brackets".to_owned()),
            ("integer" | "number" | "boolean", DeValue::String(_)) => Some("write it without quotes".to_owned()),
            ("array", DeValue::String(_)) => Some(format!("write it in brackets: {name} = [\"…\"]")),
            ("object", DeValue::Array(_)) => Some(format!("write it once, as [{}]", place.child(name, false).path)),
            _ => None,
        };
        let message = format!("\"{name}\" {} must be {}, and is {}", place.within(), called(wanted), kind(found));
        self.report.error(span(value, &key), message, help);
    }

    fn hide(&mut self, value: &Spanned<DeValue<'_>>) {
        match value.get_ref() {
            // The span of a table with a header of its own is the header: what it holds stands elsewhere.
            DeValue::Table(table) => table.iter().for_each(|(_, value)| self.hide(value)),
            DeValue::Array(items) => items.iter().for_each(|value| self.hide(value)),
            _ => self.report.hide(value.span()),
        }
    }
}

/// The span of a value, or of its key where the parser has none.
fn span(value: &Spanned<DeValue<'_>>, key: &Range<usize>) -> Range<usize> {
    if value.span().is_empty() { key.clone() } else { value.span() }
}

fn called(wanted: &str) -> &'static str {
    match wanted {
        "object" => "a table",
        "array" => "a list",
        "string" => "a text",
        "integer" => "a whole number",
        "number" => "a number",
        _ => "true or false",
    }
}

fn kind(found: &DeValue<'_>) -> &'static str {
    match found {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number with a fraction",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

fn largest(schema: Piece<'_>) -> f64 {
    let by_type = match schema.text("format") {
        Some("uint16") => f64::from(u16::MAX),
        Some("int32") => f64::from(i32::MAX),
        Some("uint32") => f64::from(u32::MAX),
        _ => f64::MAX,
    };
    schema.number("maximum").unwrap_or(by_type)
}

/// The range of a number, in words.
fn limits(schema: Piece<'_>) -> Option<String> {
    let low = schema.number("minimum").map(|least| format!("at least {least}"));
    let low = low.or_else(|| schema.number("exclusiveMinimum").map(|least| format!("above {least}")));
    let high = Some(largest(schema)).filter(|most| *most < f64::MAX).map(|most| format!("at most {most}"));
    match (low, high) {
        (Some(low), Some(high)) => Some(format!("{low} and {high}")),
        (low, high) => low.or(high),
    }
}
