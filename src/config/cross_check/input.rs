//! What the schema cannot say of `[[input]]`: how its parts go together.

use std::collections::BTreeMap;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::entry::{Entry, tables};
use super::kafka::is_own;
use crate::diagnostics::{Report, quoted};
use orszem_core::input::{field, time};

/// The fields of a map, those of `author` by their path.
const FIELDS: [[&str; 2]; 11] = [
    ["id", ""],
    ["text", ""],
    ["published_at", ""],
    ["source", ""],
    ["lang", ""],
    ["repost_of", ""],
    ["reply_to", ""],
    ["url", ""],
    ["author", "id"],
    ["author", "name"],
    ["author", "followers"],
];

/// Checks all inputs.
pub(super) fn check(document: &DeTable<'_>, report: &mut Report<'_>) {
    let inputs = tables(document, "input");
    let kafka = tables(document, "kafka");
    let prefix = kafka.iter().find_map(|kafka| kafka.text("prefix")).map_or("orszem", |(prefix, _)| prefix);
    let mut first = BTreeMap::new();
    for input in &inputs {
        if let Some((topic, at)) = input.text("topic") {
            if let Some(line) = first.get(topic) {
                let message = format!("the topic {} is read by the input in line {line} already", quoted(topic));
                report.error(
                    at.clone(),
                    message,
                    "a topic is read in one way: name another, or leave one out".to_owned(),
                );
            } else {
                first.insert(topic, report.line(at.start));
            }
            if is_own(topic, prefix) {
                let message = format!("{} is a topic that orszem writes to itself", quoted(topic));
                report.error(at, message, "name a topic with mentions".to_owned());
            }
        }
        one(*input, report);
    }
    if let Some((mentions, at)) = kafka.iter().find_map(|kafka| kafka.text("mentions"))
        && !inputs.is_empty()
        && !first.contains_key(mentions)
    {
        let message = format!("the topic {} is not read: there is an [[input]], and none names it", quoted(mentions));
        report.warning(at, message, format!("add [[input]] with topic = {} to have it read", quoted(mentions)));
    }
}

fn one(input: Entry<'_>, report: &mut Report<'_>) {
    let format = input.text("format").map_or("native", |(format, _)| format);
    let enveloped = input.text("envelope").is_some_and(|(envelope, _)| envelope == "cloudevents");
    let map = input.tables("map").into_iter().next();
    match (format, map) {
        ("native", Some(_)) => {
            let help = "add format = \"map\", or the name of a ready format whose fields it replaces".to_owned();
            report.error(input.at("map"), "native records have no map", help);
        }
        ("map", None) => {
            let help =
                "add [input.map] with id, text and published_at, each a JSON pointer: text = \"/data/text\"".to_owned();
            report.error(input.at("format"), "the format \"map\" needs a map", help);
        }
        ("map", Some(map)) => {
            for name in ["id", "text", "published_at"].into_iter().filter(|name| !map.has(name)) {
                if enveloped && name != "text" {
                    continue;
                }
                let help = match name {
                    "id" => "add id = \"/…\": it tells a mention from one that is delivered again",
                    "text" => "add text = \"/…\": what the mention says",
                    _ => "add published_at = \"/…\": when it was published",
                };
                report.error(map_at(input, map), format!("[input.map] lacks its \"{name}\""), help.to_owned());
            }
        }
        _ => {}
    }
    for [name, inner] in FIELDS {
        let Some(mut value) = map.and_then(|map| map.table.get(name)) else { continue };
        if !inner.is_empty() {
            let Some(part) = value.get_ref().as_table().and_then(|author| author.get(inner)) else { continue };
            value = part;
        }
        let path = if inner.is_empty() { name.to_owned() } else { format!("{name}.{inner}") };
        read(&path, value, enveloped, report);
    }
    if let Some(only) = input.tables("only").first()
        && let Some((at, place)) = only.text("at")
    {
        attribute(at, place.clone(), enveloped, report);
        if format == "native" && !at.starts_with("ce_") {
            let help = "use format = \"map\" for these, or an attribute of the envelope: at = \"ce_type\"".to_owned();
            report.error(place, "native records are not looked into before they are read", help);
        }
    }
}

/// Where a map stands: the header of its table, else its input.
fn map_at(input: Entry<'_>, map: Entry<'_>) -> Range<usize> {
    let at = map.header();
    if at.is_empty() { input.header() } else { at }
}

/// One field of a map.
fn read(name: &str, value: &Spanned<DeValue<'_>>, enveloped: bool, report: &mut Report<'_>) {
    for (text, at) in texts(value) {
        attribute(text, at, enveloped, report);
    }
    let Some(field) = Entry::new(value) else { return };
    let ways: Vec<&str> = ["at", "join", "template", "const"].into_iter().filter(|way| field.has(way)).collect();
    let header = if value.span().is_empty() { field.at(ways.first().copied().unwrap_or("html")) } else { value.span() };
    match ways.as_slice() {
        [] => {
            let help = "say where it is: { at = \"/…\" }, { template = \"…{/…}\" } or { const = \"…\" }".to_owned();
            report.error(header, format!("\"{name}\" says not where it comes from"), help);
        }
        [_] => {}
        [one, other, ..] => {
            let message = format!("\"{name}\" has both \"{one}\" and \"{other}\"");
            report.error(field.at(other), message, "keep one of them".to_owned());
        }
    }
    for key in ["join", "template"].into_iter().filter(|key| field.has(key)) {
        let value = field.table.get(key);
        for (text, at) in value.into_iter().flat_map(texts) {
            match key {
                "template" if field::attributes_of(text) && !enveloped => no_envelope(text, at, report),
                "join" => attribute(text, at, enveloped, report),
                _ => {}
            }
        }
    }
    if let Some(at) = field.table.get("at") {
        texts(at).into_iter().for_each(|(text, at)| attribute(text, at, enveloped, report));
    }
    if let Some(value) = field.table.get("not_after") {
        texts(value).into_iter().for_each(|(text, at)| attribute(text, at, enveloped, report));
    }
    if field.has("pieces") && ways.first() != Some(&"at") {
        let help = "say with \"at\" where the list of pieces is".to_owned();
        report.error(field.at("pieces"), "\"pieces\" goes with \"at\" alone", help);
    }
    for key in ["time", "time_zone", "language", "not_after"] {
        if field.has(key) && name != "published_at" {
            report.error(field.at(key), format!("\"{key}\" is of \"published_at\" alone"), "leave it out".to_owned());
        }
    }
    if name == "published_at" && ways.first() == Some(&"const") {
        let help = "every mention has its own time: name the field that holds it".to_owned();
        report.error(field.at("const"), "\"published_at\" cannot be the same for all", help);
    }
    if name == "id" && ways.first() == Some(&"const") {
        let help = "with one id for all, the first mention is the only one that counts".to_owned();
        report.error(field.at("const"), "\"id\" cannot be the same for all", help);
    }
    if let Some((form, at)) = field.text("time") {
        let zoned = field.has("time_zone");
        if !zoned && time::needs_zone(form) {
            let help =
                "add time_zone = \"Europe/Budapest\", or %z to the pattern where the times have an offset".to_owned();
            report.error(at, "times of this pattern do not say their time zone", help);
        } else if zoned && form.starts_with("unix-") {
            let message = "seconds since 1970 have no time zone";
            report.error(field.at("time_zone"), message, "leave it out".to_owned());
        }
    }
}

/// An attribute of an envelope that is not there.
fn attribute(text: &str, at: Range<usize>, enveloped: bool, report: &mut Report<'_>) {
    if text.starts_with("ce_") && !enveloped {
        no_envelope(text, at, report);
    }
}

fn no_envelope(text: &str, at: Range<usize>, report: &mut Report<'_>) {
    let help = "add envelope = \"cloudevents\" to the input".to_owned();
    report.error(at, format!("{} comes from an envelope, and the input has none", quoted(text)), help);
}

/// The texts of a value: itself, those of its lists, and the pointers of its tables.
fn texts<'d>(value: &'d Spanned<DeValue<'d>>) -> Vec<(&'d str, Range<usize>)> {
    match value.get_ref() {
        DeValue::String(text) => vec![(text, value.span())],
        DeValue::Array(items) => items.iter().flat_map(texts).collect(),
        DeValue::Table(table) => table.get("at").into_iter().flat_map(texts).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
#[path = "input_tests.rs"]
mod tests;
