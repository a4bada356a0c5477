//! Items of feeds: extracts the item from the converter's wrapping, reduces each element to its text, picks one
//! address, and makes an id that is unique across feeds.

use serde_json::{Map, Value};

use super::batch;
use crate::input::{Fault, NoMention, html};

/// The keys of items.
const ITEMS: [&str; 4] = ["item", "entry", "items", "entries"];
/// The keys of feeds.
const AROUND: [&str; 4] = ["rss", "rdf:RDF", "feed", "channel"];
/// The keys for the text of an element with attributes.
const TEXT: [&str; 10] = ["#text", "_", "$t", "_text", "__text", "#", "$", "__cdata", "_cdata", "#cdata-section"];
/// The prefixes of attribute names, and the keys of attribute groups.
const BEFORE: [&str; 4] = ["@", "@_", "", "-"];
const GATHERED: [&str; 4] = ["$", "_attributes", "@attributes", "@"];
/// The keys for the elements in an element, where a converter keeps their order.
const ORDERED: [&str; 4] = ["elements", "children", "$$", "childNodes"];
/// Names of elements that are attributes where a converter writes attributes without a mark.
const ATTRIBUTES: [&str; 8] = ["title", "style", "cite", "label", "summary", "data", "form", "span"];
/// Texts of an item: the key, and its name in `NAME_text` and `NAME_html`.
const TEXTS: [(&str, &str); 5] = [
    ("title", "title"),
    ("content", "content"),
    ("summary", "summary"),
    ("content:encoded", "content"),
    ("description", "content"),
];

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
    declare(&mut item);
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

/// How an item says that a text is written.
enum Declared {
    Plain(String),
    Html(String),
}

/// Copies the texts whose form is declared to `NAME_text` and `NAME_html`.
fn declare(item: &mut Map<String, Value>) {
    for (key, name) in TEXTS {
        let [plain, markup] = [format!("{name}_text"), format!("{name}_html")];
        // A description beside a content is the shorter one.
        let shorter = key == "description" && ["content", "content:encoded"].iter().any(|key| item.contains_key(*key));
        if shorter || item.contains_key(&plain) || item.contains_key(&markup) {
            continue;
        }
        match item.get(key).and_then(|value| declared(value, item.get(&format!("{key}_detail")))) {
            Some(Declared::Plain(text)) => drop(item.insert(plain, text.into())),
            Some(Declared::Html(text)) => drop(item.insert(markup, text.into())),
            None => {}
        }
    }
    let version = item.get("feed").and_then(|feed| feed.get("version")).and_then(Value::as_str);
    let is_json_feed = version.is_some_and(|version| version.contains("jsonfeed"))
        || ["date_published", "date_modified"].iter().any(|key| item.contains_key(*key));
    for name in ["title", "summary"] {
        if let (true, Some(Value::String(text))) = (is_json_feed, item.get(name)) {
            let text = text.clone();
            item.entry(format!("{name}_text")).or_insert(text.into());
        }
    }
}

/// The text of an element whose form is declared: by its type, by the details that Python's feedparser puts beside it,
/// or because there are elements in it.
fn declared(value: &Value, detail: Option<&Value>) -> Option<Declared> {
    let element = match value {
        Value::Array(list) => list.first()?,
        one => one,
    };
    if has_elements(element) {
        let mut lines = Lines::default();
        lines.element(element);
        return Some(Declared::Plain(lines.text));
    }
    let kind = attribute(element, "type").or_else(|| attribute(detail?, "type"))?.to_ascii_lowercase();
    let text = text(element).or_else(|| text(element.get("value")?))?;
    match kind.as_str() {
        "text" | "text/plain" | "plain" => Some(Declared::Plain(text)),
        "html" | "text/html" | "xhtml" | "application/xhtml+xml" => Some(Declared::Html(text)),
        _ => None,
    }
}

/// The name of an element without its prefix, if HTML has one of that name.
fn element_name(key: &str) -> Option<&str> {
    let name = key.rsplit(':').next().unwrap_or(key);
    (!name.contains('-') && html::is_element(name)).then_some(name)
}

/// The elements in an element, with their names; not its attributes.
fn elements(members: &Map<String, Value>) -> impl Iterator<Item = (&str, &Value)> {
    members.iter().filter_map(|(key, value)| {
        let name = element_name(key)?;
        let attribute = ATTRIBUTES.contains(&name) && value.is_string();
        (!attribute && !value.is_boolean()).then_some((name, value))
    })
}

fn has_elements(element: &Value) -> bool {
    let Some(members) = element.as_object() else { return false };
    elements(members).next().is_some()
        || ORDERED.into_iter().any(|key| members.get(key).is_some_and(|inner| inner.is_array() || inner.is_object()))
}

/// The text of elements that a converter turned into objects: blocks are lines. Where text and elements are mixed, most
/// converters lose the order; all words stay.
#[derive(Default)]
struct Lines {
    text: String,
    new_line: bool,
}

impl Lines {
    fn push(&mut self, text: &str) {
        let text = html::guessed(text);
        let text = text.trim();
        if text.is_empty() {
            return;
        }
        if !self.text.is_empty() {
            self.text.push(if self.new_line { '\n' } else { ' ' });
        }
        self.new_line = false;
        self.text.push_str(text);
    }

    /// An element of this name.
    fn named(&mut self, name: &str, element: &Value) {
        if html::is_unseen(name) {
            return;
        }
        let is_line = html::is_block(name) || name.eq_ignore_ascii_case("br");
        match element {
            Value::Array(list) => list.iter().for_each(|one| self.named(name, one)),
            one => {
                self.new_line |= is_line;
                self.element(one);
                self.new_line |= is_line;
            }
        }
    }

    fn element(&mut self, element: &Value) {
        match element {
            Value::String(text) => self.push(text),
            Value::Number(number) => self.push(&number.to_string()),
            Value::Array(list) => list.iter().for_each(|one| self.element(one)),
            Value::Object(members) => self.members(members),
            Value::Null | Value::Bool(_) => {}
        }
    }

    fn members(&mut self, members: &Map<String, Value>) {
        let ordered = ORDERED.into_iter().find_map(|key| members.get(key));
        let own = text_key(members).or_else(|| ["text", "cdata"].into_iter().find(|key| members.get(*key).is_some()));
        match (ordered, own) {
            // With the order, the text is among the elements.
            (Some(inner), _) => {
                let list = inner.as_array().map_or(std::slice::from_ref(inner), Vec::as_slice);
                for one in list {
                    match ["name", "#name"].into_iter().find_map(|key| one.get(key)?.as_str()) {
                        Some(name) => self.named(name.rsplit(':').next().unwrap_or(name), one),
                        None => self.element(one),
                    }
                }
            }
            (None, own) => {
                if let Some(text) = own.and_then(|key| members.get(key)) {
                    self.element(text);
                }
                elements(members).for_each(|(name, inner)| self.named(name, inner));
            }
        }
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
