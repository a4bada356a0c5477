//! Bluesky's Jetstream: most of its events are not posts.

use serde_json::Value;

use crate::input::{Fault, NoMention, Skipped};

/// Skips everything except posts.
pub(super) fn prepare(document: Value) -> Result<Value, NoMention> {
    let text = |at: &str| document.pointer(at).and_then(Value::as_str);
    let skipped = match text("/kind") {
        None => return Err(Fault::Foreign { format: "bluesky-jetstream", what: "it has no \"kind\"" }.into()),
        Some("account") => "a change of an account, not a post",
        Some("identity") => "a change of a name, not a post",
        Some("commit") => match (text("/commit/operation"), text("/commit/collection")) {
            (Some("delete"), _) => "a deletion",
            (_, Some("app.bsky.feed.like")) => "a like, not a post",
            // It only names the post, so there is no text to match.
            (_, Some("app.bsky.feed.repost")) => "a repost, which has no text",
            (Some("update"), Some("app.bsky.feed.post")) => "an edit of a post that was already counted",
            (_, Some("app.bsky.feed.post")) => return Ok(document),
            _ => "a record of another kind, not a post",
        },
        Some(_) => "an event of another kind, not a post",
    };
    Err(Skipped(skipped).into())
}
