//! Raw API answers in one record: a list of mentions.

use serde_json::Value;

use crate::input::{Fault, NoMention, Skipped};

/// The single document of the list under `key`; the document itself if there is no such list.
pub(super) fn single(mut document: Value, key: &str) -> Result<Value, NoMention> {
    match document.get_mut(key) {
        Some(Value::Array(list)) => sole(std::mem::take(list), format!("/{key}")),
        _ => Ok(document),
    }
}

/// The single document of the list at a pointer.
pub(in crate::input) fn sole(mut list: Vec<Value>, at: String) -> Result<Value, NoMention> {
    match list.len() {
        0 => Err(Skipped("a page without mentions").into()),
        1 => Ok(list.pop().unwrap_or_default()),
        count => Err(Fault::Batch { at, count }.into()),
    }
}
