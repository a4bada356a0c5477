//! Items of feeds: extracts the item from the converter's wrapping, reduces each element to its text, picks one
//! address, and makes an id that is unique across feeds.

use serde_json::{Map, Value};

use super::batch;
use crate::input::{Fault, NoMention};

/// The keys of items.
const ITEMS: [&str; 4] = ["item", "entry", "items", "entries"];
/// The keys of feeds.
const AROUND: [&str; 4] = ["rss", "rdf:RDF", "feed", "channel"];
/// The keys for the text of an element with attributes.
const TEXT: [&str; 10] = ["#text", "_", "$t", "_text", "__text", "#", "$", "__cdata", "_cdata", "#cdata-section"];
/// The prefixes of attribute names, and the keys of attribute groups.
const BEFORE: [&str; 4] = ["@", "@_", "", "-"];
const GATHERED: [&str; 4] = ["$", "_attributes", "@attributes", "@"];

/// The item of a record. `link` becomes its address, `feed` the data of its feed, and `identity` a unique id if its own
/// id is not unique across feeds.
pub(super) fn prepare(document: Value) -> Result<Value, NoMention> {
    let (item, feed) = opened(document)?;
    let Value::Object(mut item) = item else {
        return Err(Fault::Foreign { format: "feed", what: "its item is not an object" }.into());
    };
    if let Some(feed) = feed {
        item.entry("feed").or_insert(feed);
    }
    let address = address(&item);
    let identity = identity(&item, address.as_deref());
    item.values_mut().for_each(|value| plain(value, true));
    if let Some(address) = address {
        item.insert("link".into(), address.into());
    }
    item.remove("identity");
    if let Some(identity) = identity {
        item.insert("identity".into(), identity.into());
    }
    Ok(Value::Object(item))
}

/// The single item of a document, and the feed's data if the document is a feed. Other documents are items themselves.
fn opened(document: Value) -> Result<(Value, Option<Value>), NoMention> {
    let mut around = document;
    // The maximum depth: rss, channel, item.
    for _ in 0..AROUND.len() {
        if let Some(key) = ITEMS.into_iter().find(|key| around.get(key).is_some_and(|value| is_items(key, value))) {
            let item = match around[key].take() {
                Value::Array(list) => batch::sole(list, format!("/{key}"))?,
                one => one,
            };
            // Some converters put the feed next to its items.
            let beside =
                ["feed", "channel"].into_iter().find(|key| around.get(key).is_some_and(|feed| !feed.is_string()));
            return Ok((
                item,
                Some(match beside {
                    Some(key) => around[key].take(),
                    None => around,
                }),
            ));
        }
        let inner = AROUND.into_iter().find(|key| around.get(key).is_some_and(is_feed));
        let Some(key) = inner else { break };
        around = match around[key].take() {
            Value::Array(mut list) => list.pop().unwrap_or_default(),
            one => one,
        };
    }
    Ok((around, None))
}

fn is_items(key: &str, value: &Value) -> bool {
    match value {
        Value::Array(list) => list.iter().all(Value::is_object),
        // RSS 1.0 has a table of its items under that name.
        Value::Object(_) => !key.ends_with('s'),
        _ => false,
    }
}

/// Whether this contains items, directly or inside a feed.
fn is_feed(value: &Value) -> bool {
    let value = sole(value);
    ITEMS.into_iter().any(|key| value.get(key).is_some_and(|items| is_items(key, items)))
        || AROUND.into_iter().any(|key| value.get(key).is_some_and(|inner| sole(inner).is_object()))
}

/// The single entry of a list of one, otherwise the value.
fn sole(value: &Value) -> &Value {
    match value.as_array().map(Vec::as_slice) {
        Some([only]) => only,
        _ => value,
    }
}

/// The text of an element.
fn text(value: &Value) -> Option<String> {
    let text = match sole(value) {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Object(members) => return text(&members[text_key(members)?]),
        _ => return None,
    };
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// The text of an element with attributes; some converters turn it into a number.
fn text_key(members: &Map<String, Value>) -> Option<&'static str> {
    TEXT.into_iter().find(|key| members.get(*key).is_some_and(|text| text.is_string() || text.is_number()))
}

/// An attribute of an element.
fn attribute<'v>(element: &'v Value, name: &str) -> Option<&'v str> {
    let members = element.as_object()?;
    let own = BEFORE.into_iter().find_map(|before| members.get(&format!("{before}{name}")));
    own.or_else(|| GATHERED.into_iter().find_map(|key| members.get(key)?.get(name)))?.as_str()
}

/// Replaces elements by their text; with `deeper` also the elements inside them.
fn plain(value: &mut Value, deeper: bool) {
    match value {
        Value::Object(members) => {
            if let Some(key) = text_key(members) {
                *value = members[key].take();
            } else if deeper {
                members.values_mut().for_each(|value| plain(value, false));
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|value| plain(value, deeper)),
        _ => {}
    }
}

/// The address of an item or of a feed; of several links, the one to its page.
fn address(item: &Map<String, Value>) -> Option<String> {
    ["link", "links", "alternate", "canonical", "url", "permalink", "external_url"].into_iter().find_map(|key| {
        let links = match item.get(key)? {
            Value::Array(list) => list.as_slice(),
            one => std::slice::from_ref(one),
        };
        let page = links.iter().find(|link| matches!(attribute(link, "rel"), None | Some("alternate")));
        let link = page.or(links.first())?;
        attribute(link, "href").map(str::to_owned).or_else(|| text(link)).filter(|link| is_address(link))
    })
}

/// Whether a text is globally unique: an address, or a unique URI.
fn is_address(id: &str) -> bool {
    let begins = |scheme: &str| id.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    id.contains("://") || begins("tag:") || begins("urn:")
}

/// Puts the identity of the feed in front of an id that is not an address, because two feeds may both have an item 1.
/// The result is stable when the item is sent again.
fn identity(item: &Map<String, Value>, address: Option<&str>) -> Option<String> {
    let own = ["id", "guid", "link", "url"].into_iter().find_map(|key| text(item.get(key)?))?;
    if is_address(&own) {
        return None;
    }
    let feeds: Vec<&Value> =
        ["feed", "source", "meta", "origin"].into_iter().filter_map(|key| item.get(key)).map(sole).collect();
    let of_feeds = |keys: &[&str]| feeds.iter().find_map(|feed| keys.iter().find_map(|key| text(feed.get(key)?)));
    let written = |keys: &[&str]| keys.iter().find_map(|key| text(item.get(*key)?));
    let feed = of_feeds(&["feed_url", "feedUrl", "xmlurl"])
        .or_else(|| feeds.iter().find_map(|feed| self::address(feed.as_object()?)))
        .or_else(|| feeds.iter().find_map(|feed| attribute(feed, "url").map(str::to_owned)))
        .or_else(|| of_feeds(&["id", "streamId", "site_url", "home_page_url", "htmlUrl"]))
        .or_else(|| written(&["feed_url", "feed_link", "feed_id"]))
        .or_else(|| address.map(str::to_owned))
        .or_else(|| of_feeds(&["title"]))
        .or_else(|| written(&["feed_title", "source", "feed"]));
    Some(feed.map_or_else(|| format!("feed:{own}"), |feed| format!("{feed}#{own}")))
}
