//! Mastodon: extracts the status from an event of the streaming API, and skips non-public posts.

use serde_json::Value;

use crate::input::{Fault, NoMention, Skipped, repair};
use orszem_records::mention;
use orszem_records::mention::Reject;

/// The public status of a record.
pub(super) fn prepare(document: Value) -> Result<Value, NoMention> {
    let status = match (document.get("event").and_then(Value::as_str), document.get("payload")) {
        (Some("update"), Some(payload)) => opened(payload)?,
        (Some("status.update"), _) => {
            return Err(Skipped("an edit of a post that was already counted").into());
        }
        (Some("delete"), _) => return Err(Skipped("a deletion").into()),
        (Some(_), _) => return Err(Skipped("an event of another kind, not a post").into()),
        (None, _) => document,
    };
    // Posts for a limited audience must not be watched.
    match status.get("visibility").and_then(Value::as_str) {
        Some("private" | "direct") => Err(Skipped("a post that is not public").into()),
        _ => Ok(status),
    }
}

/// The payload of an event is a status as text; some connectors have already parsed it.
fn opened(payload: &Value) -> Result<Value, NoMention> {
    let Value::String(text) = payload else { return Ok(payload.clone()) };
    let text = mention::sound(text.as_bytes(), text.len())?;
    let status = repair::parsed(text).map_err(|fault| Reject::NotJson(format!("in /payload: {fault}")))?;
    match status.is_object() {
        true => Ok(status),
        false => Err(Fault::Foreign { format: "mastodon", what: "its \"payload\" is not a status" }.into()),
    }
}
