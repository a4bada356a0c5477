//! X API v2: adds the expansions to the post.

use serde_json::{Map, Value, json};

use super::batch;
use crate::input::{Fault, NoMention, Skipped};

/// The keys of compliance events under `data`; each also with a prefix (`tweet_delete`).
const COMPLIANCE: [&str; 6] = ["delete", "withheld", "drop", "undrop", "tweet_edit", "scrub_geo"];
const OF_KINDS: [&str; 2] = ["tweet_", "user_"];

fn is_notice(data: &Value) -> bool {
    let mut keys = data.as_object().into_iter().flat_map(Map::keys);
    data.get("text").is_none()
        && keys.any(|key| {
            let bare = OF_KINDS.iter().find_map(|kind| key.strip_prefix(kind)).unwrap_or(key);
            COMPLIANCE.contains(&key.as_str()) || COMPLIANCE.contains(&bare)
        })
}

/// Adds the author and the referenced posts to the post, matched by id. A bare post is also accepted.
pub(super) fn prepare(document: Value) -> Result<Value, NoMention> {
    let has = |key: &str| document.get(key).is_some();
    let mut document = match (has("data"), has("id") && has("text")) {
        (false, true) => json!({ "data": document }),
        (false, false) if has("errors") || has("title") => {
            return Err(Skipped("a notice of the stream, not a post").into());
        }
        // An empty answer has no data.
        (false, false) if has("meta") => return Err(Skipped("a page without mentions").into()),
        (false, false) => return Err(Fault::Foreign { format: "x-v2", what: "it has no \"data\"" }.into()),
        (true, _) => document,
    };
    if let Value::Array(posts) = &mut document["data"] {
        document["data"] = batch::sole(std::mem::take(posts), "/data".into())?;
    }
    if is_notice(&document["data"]) {
        return Err(Skipped("a notice about a post, not a post").into());
    }
    let mut joined = Map::new();
    let inside =
        || ["author", "user"].iter().find_map(|key| document["data"].get(*key)).filter(|author| author.is_object());
    if let Some(author) = included(&document, "users", &document["data"]["author_id"]).or_else(inside) {
        joined.insert("author".into(), author.clone());
    }
    let mut referenced = Map::new();
    for reference in document["data"]["referenced_tweets"].as_array().into_iter().flatten().take(4) {
        let Some(kind) = reference["type"].as_str() else { continue };
        let post = included(&document, "tweets", &reference["id"]).unwrap_or(reference);
        referenced.insert(kind.to_owned(), post.clone());
    }
    joined.insert("referenced".into(), Value::Object(referenced));
    let Value::Object(mut document) = document else { return Ok(document) };
    document.extend(joined);
    Ok(Value::Object(document))
}

/// The expansion with this id.
fn included<'d>(document: &'d Value, kind: &str, id: &Value) -> Option<&'d Value> {
    let all = document.get("includes")?.get(kind)?.as_array()?;
    all.iter().find(|one| one["id"] == *id && id.is_string())
}
