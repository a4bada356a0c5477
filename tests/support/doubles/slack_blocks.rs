//! What Slack accepts as content: the structure of blocks and every limit, counted in UTF-16 units of the text as sent.

use serde_json::Value;

use super::script::units;

/// What is refused and why: Slack's error and the detail.
pub type Refused = (&'static str, String);

/// The most characters of a message in all; documented nowhere (slackapi/bolt-js#2509).
const WHOLE: usize = 13_200;

/// A text of the blocks.
pub struct Text {
    pub text: String,
}

/// Every text that is shown, in order.
pub fn texts(blocks: &Value) -> Vec<Text> {
    match blocks {
        Value::Array(list) => list.iter().flat_map(texts).collect(),
        Value::Object(map) if matches!(map.get("type").and_then(Value::as_str), Some("plain_text" | "mrkdwn")) => {
            let text = map.get("text").and_then(Value::as_str).unwrap_or_default();
            vec![Text { text: text.to_owned() }]
        }
        Value::Object(map) => map.values().flat_map(texts).collect(),
        _ => Vec::new(),
    }
}

/// What stands between `<` and `>`: the marks that Slack acts on.
pub fn marks(text: &str) -> Vec<String> {
    let inside = text.split('<').skip(1).filter_map(|rest| rest.split_once('>'));
    inside.map(|(mark, _)| mark.to_owned()).collect()
}

/// Checks `text` and `blocks` of a message.
pub fn check(message: &Value) -> Result<(), Refused> {
    let text = message["text"].as_str().unwrap_or_default();
    let no_blocks = Vec::new();
    let blocks = match &message["blocks"] {
        Value::Null => &no_blocks,
        Value::Array(blocks) => blocks,
        _ => return Err(("invalid_blocks_format", "blocks is no list".into())),
    };
    if text.trim().is_empty() && blocks.is_empty() {
        return Err(("no_text", String::new()));
    }
    if units(text) > 40_000 {
        return Err(("msg_too_long", String::new()));
    }
    if blocks.len() > 50 {
        return Err(("invalid_blocks", format!("{} blocks, 50 at most", blocks.len())));
    }
    for (at, block) in blocks.iter().enumerate() {
        one(block).map_err(|why| ("invalid_blocks", format!("block {at}: {why}")))?;
    }
    let whole = units(text) + texts(&message["blocks"]).iter().map(|text| units(&text.text)).sum::<usize>();
    if whole > WHOLE {
        return Err(("msg_blocks_too_long", format!("{whole} characters")));
    }
    raw(text).map_err(|why| ("invalid_arguments", why))
}

fn one(block: &Value) -> Result<(), String> {
    if block["block_id"].as_str().is_some_and(|id| units(id) > 255) {
        return Err("block_id over 255".into());
    }
    match block["type"].as_str().unwrap_or_default() {
        "header" => {
            only(block, &["type", "text", "block_id"])?;
            if block["text"]["type"] != "plain_text" {
                return Err("a header is plain_text".into());
            }
            object(&block["text"], 150)
        }
        "section" => section(block),
        "context" => {
            only(block, &["type", "elements", "block_id"])?;
            let elements = block["elements"].as_array().filter(|elements| (1..=10).contains(&elements.len()));
            elements.ok_or("a context has 1 to 10 elements")?.iter().try_for_each(|element| object(element, 2000))
        }
        "actions" => {
            only(block, &["type", "elements", "block_id"])?;
            let elements = block["elements"].as_array().filter(|elements| (1..=25).contains(&elements.len()));
            elements.ok_or("actions has 1 to 25 elements")?.iter().try_for_each(button)
        }
        "divider" => only(block, &["type", "block_id"]),
        other => Err(format!("type {other:?} is not known to the double")),
    }
}

fn section(block: &Value) -> Result<(), String> {
    only(block, &["type", "text", "fields", "block_id", "accessory", "expand"])?;
    let (text, fields) = (&block["text"], &block["fields"]);
    if text.is_null() && fields.is_null() {
        return Err("a section has text or fields".into());
    }
    if !text.is_null() {
        object(text, 3000)?;
    }
    if !fields.is_null() {
        let fields = fields.as_array().filter(|fields| (1..=10).contains(&fields.len()));
        fields.ok_or("a section has 1 to 10 fields")?.iter().try_for_each(|field| object(field, 2000))?;
    }
    if block["accessory"].is_null() { Ok(()) } else { button(&block["accessory"]) }
}

fn button(button: &Value) -> Result<(), String> {
    only(button, &["type", "text", "action_id", "url", "value", "style"])?;
    if button["type"] != "button" || button["text"]["type"] != "plain_text" {
        return Err("only buttons with plain_text are known to the double".into());
    }
    object(&button["text"], 75)?;
    for (name, limit) in [("action_id", 255), ("url", 3000), ("value", 2000)] {
        if button[name].as_str().is_some_and(|value| units(value) > limit) {
            return Err(format!("{name} over {limit}"));
        }
    }
    match button["style"].as_str() {
        None | Some("primary" | "danger") => Ok(()),
        Some(style) => Err(format!("no style {style:?}")),
    }
}

/// A text object.
fn object(object: &Value, limit: usize) -> Result<(), String> {
    match object["type"].as_str() {
        Some("plain_text") => only(object, &["type", "text", "emoji"])?,
        Some("mrkdwn") => only(object, &["type", "text", "verbatim"])?,
        other => return Err(format!("no text object: {other:?}")),
    }
    let text = object["text"].as_str().ok_or("a text object without text")?;
    let length = units(text);
    if length == 0 {
        return Err("must be more than 0 characters".into());
    }
    if length > limit {
        return Err(format!("must be less than {} characters, has {length}", limit + 1));
    }
    raw(text)
}

/// Slack wants `&`, `<` and `>` escaped where they are not markup; control characters never make sense.
fn raw(text: &str) -> Result<(), String> {
    for rest in text.split('&').skip(1) {
        if !["amp;", "lt;", "gt;"].iter().any(|entity| rest.starts_with(entity)) {
            return Err(format!("unescaped & before {:?}", rest.chars().take(10).collect::<String>()));
        }
    }
    match text.chars().find(|letter| letter.is_control() && *letter != '\n') {
        Some(control) => Err(format!("control character {control:?}")),
        None => Ok(()),
    }
}

fn only(value: &Value, names: &[&str]) -> Result<(), String> {
    let mut given = value.as_object().ok_or("no object")?.keys();
    match given.find(|name| !names.contains(&name.as_str())) {
        Some(name) => Err(format!("unknown field {name}")),
        None => Ok(()),
    }
}
