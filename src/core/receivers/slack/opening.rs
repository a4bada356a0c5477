//! The fields that a JSON object begins with, where the rest of it never came.

use serde::de::{DeserializeSeed, Deserializer, MapAccess, Visitor};
use serde_json::{Map, Value};

/// The fields that are whole; `null` where the text does not begin an object.
pub(super) fn of(text: &str) -> Value {
    let mut found = Map::new();
    // The fault at its end is why it is read like this.
    let _ = Opening(&mut found).deserialize(&mut serde_json::Deserializer::from_str(text));
    if found.is_empty() { Value::Null } else { Value::Object(found) }
}

/// Keeps every field as soon as it was read.
struct Opening<'a>(&'a mut Map<String, Value>);

impl<'de> DeserializeSeed<'de> for Opening<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Opening<'_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some((name, value)) = map.next_entry::<String, Value>()? {
            self.0.insert(name, value);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_whole_is_read_and_what_is_not_is_left_out() {
        let half = r#"{"ok":true,"channel":"C1","ts":"17"#;
        assert_eq!(of(half), serde_json::json!({ "ok": true, "channel": "C1" }));
        for nothing in ["", "{", "{\"ok\"", "ok", "[true", "<html>"] {
            assert_eq!(of(nothing), Value::Null, "{nothing}");
        }
    }

    proptest! {
        #[test]
        fn any_beginning_has_no_field_that_the_whole_has_not(cut in 0usize..90) {
            let whole = r#"{"ok":true,"channel":"C1","ts":"1.2","message":{"thread_ts":"1.1","text":"ő"}}"#;
            let all: Value = serde_json::from_str(whole).unwrap();
            let beginning: String = whole.chars().take(cut).collect();
            for (name, value) in of(&beginning).as_object().into_iter().flatten() {
                prop_assert_eq!(value, &all[name]);
            }
        }
    }
}
