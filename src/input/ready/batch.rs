//! Answers of an API that a connector wrote as they came: a list of mentions in one record.

use serde_json::Value;

use crate::input::{Fault, NoMention, Skipped};

/// The only document of the list under `key`; the document itself where there is no such list.
pub(super) fn single(mut document: Value, key: &str, at: &'static str) -> Result<Value, NoMention> {
    let Some(Value::Array(list)) = document.get_mut(key) else { return Ok(document) };
    match list.len() {
        0 => Err(Skipped("a page without mentions").into()),
        1 => Ok(list.pop().unwrap_or_default()),
        count => Err(Fault::Batch { at, count }.into()),
    }
}
