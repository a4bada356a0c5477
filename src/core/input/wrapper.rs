//! Records that hold several mentions, as a file has them: a page of an API, with its list under `data` or `results`.
//!
//! A topic must have a mention a record. A file that somebody saved from an API has them as they came.

use serde_json::{Map, Value};

use super::{Fault, NoHeaders, NoMention, Reader, Shape, repair};

/// How deep the list may be.
const DEEP: usize = 3;
/// The most bytes that the records of one wrapper may take, where each needs what is around the list.
const MOST_BYTES: usize = 256 << 20;

impl Reader {
    /// The records in a record that holds several, each as it would come alone; `None` if it holds none.
    pub fn inner(&self, record: &[u8]) -> Option<Vec<Vec<u8>>> {
        let mut document = repair::parsed(std::str::from_utf8(record).ok()?).ok()?;
        let whole = usize::MAX;
        let at = match self.read(record, &NoHeaders, whole) {
            Err(NoMention::Fault(Fault::Batch { at, .. })) if document.pointer(&at).is_some_and(Value::is_array) => at,
            Err(NoMention::Fault(_)) => list_in(&document, DEEP)?,
            _ => return None,
        };
        let list = match document.pointer_mut(&at)? {
            Value::Array(list) => std::mem::take(list),
            _ => return None,
        };
        let bare = |entry: &Value| serde_json::to_vec(entry).ok();
        let is_read = |record: &[u8]| !matches!(self.read(record, &NoHeaders, whole), Err(NoMention::Fault(_)));
        // What is around the list may say more: the authors of posts, the title of a feed.
        let within = |document: &mut Value, entry: Value| {
            if let Some(place) = document.pointer_mut(&at) {
                *place = Value::Array(vec![entry]);
            }
            serde_json::to_vec(document).ok()
        };
        let first = list.iter().find(|entry| entry.is_object())?;
        let around = within(&mut document, first.clone())?;
        let needs_around = matches!(self.shape, Shape::Mapped { .. }) && is_read(&around);
        if needs_around && around.len().saturating_mul(list.len()) <= MOST_BYTES {
            return list.into_iter().map(|entry| within(&mut document, entry)).collect();
        }
        if is_read(&bare(first)?) {
            return list.iter().map(bare).collect();
        }
        None
    }
}

/// The pointer to the first list of objects in an object.
fn list_in(document: &Value, deep: usize) -> Option<String> {
    let members: &Map<String, Value> = document.as_object()?;
    let escaped = |key: &str| key.replace('~', "~0").replace('/', "~1");
    let is_list = |value: &Value| value.as_array().is_some_and(|list| list.iter().any(Value::is_object));
    if let Some((key, _)) = members.iter().find(|(_, value)| is_list(value)) {
        return Some(format!("/{}", escaped(key)));
    }
    let deeper = deep.checked_sub(1)?;
    members.iter().find_map(|(key, value)| Some(format!("/{}{}", escaped(key), list_in(value, deeper)?)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::input::{Format, Input};
    use serde_json::json;

    fn of(format: Format) -> Reader {
        Reader::new(&Input { topic: "t".into(), format, ..Input::default() }).unwrap()
    }

    fn texts(reader: &Reader, document: &Value) -> Option<Vec<String>> {
        let inner = reader.inner(document.to_string().as_bytes())?;
        let text = |record: &Vec<u8>| reader.read(record, &NoHeaders, 1 << 20).map(|mention| mention.text.to_string());
        Some(inner.iter().map(|record| text(record).unwrap_or_else(|fault| format!("{fault:?}"))).collect())
    }

    #[test]
    fn the_mentions_in_a_page_of_an_api_are_read() {
        let mention = |id: u32| json!({"id": id, "published_at": 1_795_179_600, "text": format!("t{id}")});
        for page in [
            json!({"data": [mention(1), mention(2)], "next": "x"}),
            json!({"result": {"items": [mention(1), mention(2)]}}),
        ] {
            assert_eq!(texts(&of(Format::Native), &page).unwrap(), ["t1", "t2"], "{page}");
        }
        assert_eq!(of(Format::Native).inner(mention(1).to_string().as_bytes()), None, "one is no page");
        assert_eq!(of(Format::Native).inner(br#"{"a":[{"b":1}]}"#), None);
    }

    #[test]
    fn what_is_around_the_list_goes_with_each() {
        let page = json!({"data": [
            {"id": "1", "text": "a", "author_id": "7", "created_at": "2026-11-20T13:00:00Z"},
            {"id": "2", "text": "b", "author_id": "8", "created_at": "2026-11-20T13:00:00Z"}],
            "includes": {"users": [{"id": "7", "username": "ann"}, {"id": "8", "username": "bob"}]}});
        let reader = of(Format::XV2);
        let inner = reader.inner(page.to_string().as_bytes()).unwrap();
        let names: Vec<_> = inner
            .iter()
            .map(|record| reader.read(record, &NoHeaders, 1 << 20).unwrap().author.name.unwrap().into_owned())
            .collect();
        assert_eq!(names, ["ann", "bob"]);
        let feed = json!({"rss": {"channel": {"title": "Lap", "item": [
            {"guid": "1", "title": "a", "pubDate": "Fri, 20 Nov 2026 13:00:00 GMT"},
            {"guid": "2", "title": "b", "pubDate": "Fri, 20 Nov 2026 13:00:00 GMT"}]}}});
        assert_eq!(texts(&of(Format::Feed), &feed).unwrap(), ["a", "b"]);
    }
}
