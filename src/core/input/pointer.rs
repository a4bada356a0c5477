//! Places in a record: JSON pointers (RFC 6901), and attributes of the envelope around it.
//!
//! In addition to the RFC, a list with a single entry counts as that entry: some XML converters and search engines make
//! a list of everything (`{"title": ["Jam"]}`).

use serde_json::Value;
use std::borrow::Cow;

use super::envelope::Attributes;

/// How [`There::Other`] describes null.
pub const NULL: &str = "null";
/// The longest pointer, in bytes.
const LONGEST: usize = 1_024;

/// A place of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    written: String,
    kind: Kind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    /// The reference tokens, unescaped.
    Pointer(Vec<String>),
    /// The name of an attribute, without `ce_`.
    Attribute(String),
}

/// The value at a place.
#[derive(Clone, Debug, PartialEq)]
pub enum There<'v> {
    /// A text, or a number as it is written. May be blank.
    Text(Cow<'v, str>),
    /// True or false.
    Flag(bool),
    /// Another kind of value, described in words.
    Other(&'static str),
    /// Nothing.
    Missing,
}

impl Place {
    /// Parses a pointer, or the name of an attribute (`ce_time`).
    ///
    /// # Errors
    /// What is wrong with it, and the fix.
    pub fn parse(written: &str) -> Result<Place, (String, String)> {
        let fault = |what: &str, right: String| Err((what.to_owned(), right));
        if written.len() > LONGEST {
            return fault("is too long", format!("at most {LONGEST} bytes are allowed"));
        }
        if let Some(name) = written.strip_prefix("ce_") {
            let good = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
            return match !name.is_empty() && name.chars().all(good) {
                true => Ok(Place { written: written.to_owned(), kind: Kind::Attribute(name.to_owned()) }),
                false => fault(
                    "is not an attribute of a CloudEvent",
                    "write \"ce_\" and small letters or digits: \"ce_id\", \"ce_time\"".into(),
                ),
            };
        }
        let Some(rest) = written.strip_prefix('/') else {
            let meant = format!("/{}", written.trim_start_matches(['$', '.', '#', '/']).replace('.', "/"));
            return fault("does not begin with \"/\"", format!("a JSON pointer does: {meant:?}"));
        };
        let mut tokens = Vec::new();
        for token in rest.split('/') {
            let mut escapes = token.match_indices('~').map(|(at, _)| token.as_bytes().get(at + 1));
            if escapes.any(|next| !matches!(next, Some(b'0' | b'1'))) {
                return fault("has an invalid \"~\"", "write \"~0\" for \"~\" and \"~1\" for \"/\"".into());
            }
            tokens.push(token.replace("~1", "/").replace("~0", "~"));
        }
        if tokens.len() > orszem_records::mention::MAX_DEPTH {
            return fault(
                "is deeper than a record can be nested",
                format!("{} levels", orszem_records::mention::MAX_DEPTH),
            );
        }
        Ok(Place { written: written.to_owned(), kind: Kind::Pointer(tokens) })
    }

    /// As it was written.
    pub fn written(&self) -> &str {
        &self.written
    }

    /// Whether it is an attribute of the envelope.
    pub fn is_attribute(&self) -> bool {
        matches!(self.kind, Kind::Attribute(_))
    }

    /// The value at this place in a document, as it stands there.
    pub fn value<'v>(&self, document: &'v Value) -> Option<&'v Value> {
        match &self.kind {
            Kind::Attribute(_) => None,
            Kind::Pointer(tokens) => tokens.iter().try_fold(document, |value, token| step(value, token)),
        }
    }

    /// The value at this place. A list index has digits without leading zeros; a list of one needs no index.
    pub fn look<'v>(&self, document: &'v Value, attributes: &'v Attributes<'v>) -> There<'v> {
        match &self.kind {
            Kind::Attribute(name) => attributes.get(name).map_or(There::Missing, There::Text),
            Kind::Pointer(_) => there(self.value(document)),
        }
    }
}

/// The part of a value under a reference token.
fn step<'v>(value: &'v Value, token: &str) -> Option<&'v Value> {
    match value {
        Value::Object(object) => object.get(token),
        Value::Array(list) if !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_digit()) => {
            list.get(token.parse::<usize>().ok().filter(|_| token == "0" || !token.starts_with('0'))?)
        }
        // As deep as a record can be nested.
        Value::Array(list) => match list.as_slice() {
            [only] => step(only, token),
            _ => None,
        },
        _ => None,
    }
}

fn there(value: Option<&Value>) -> There<'_> {
    match value {
        None => There::Missing,
        Some(Value::String(text)) => There::Text(Cow::Borrowed(text)),
        Some(Value::Number(number)) => There::Text(Cow::Owned(number.to_string())),
        Some(Value::Null) => There::Other(NULL),
        Some(Value::Bool(flag)) => There::Flag(*flag),
        Some(Value::Array(list)) => match list.as_slice() {
            [only] => match there(Some(only)) {
                text @ There::Text(_) => text,
                _ => There::Other("a list"),
            },
            _ => There::Other("a list"),
        },
        Some(Value::Object(_)) => There::Other("an object"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn text(document: &Value, pointer: &str) -> Option<String> {
        match Place::parse(pointer).unwrap().look(document, &Attributes::NONE) {
            There::Text(text) => Some(text.into_owned()),
            _ => None,
        }
    }

    #[test]
    fn pointers_are_those_of_rfc_6901() {
        // The examples of section 5, with numbers for values.
        let document = json!({
            "foo": ["bar", "baz"], "": 0, "a/b": 1, "c%d": 2, "e^f": 3, "g|h": 4, "i\\j": 5, "k\"l": 6, " ": 7, "m~n": 8
        });
        let found = [
            ("/foo/0", "bar"),
            ("/", "0"),
            ("/a~1b", "1"),
            ("/c%d", "2"),
            ("/e^f", "3"),
            ("/g|h", "4"),
            ("/i\\j", "5"),
            ("/k\"l", "6"),
            ("/ ", "7"),
            ("/m~0n", "8"),
        ];
        for (pointer, value) in found {
            assert_eq!(text(&document, pointer).as_deref(), Some(value), "{pointer}");
        }
        for nothing in ["/foo/2", "/foo/-", "/foo/00", "/foo/+1", "/foo/bar", "/fo", "/foo/0/0"] {
            assert_eq!(text(&document, nothing), None, "{nothing}");
        }
        assert_eq!(text(&json!({"~1": "tilde one"}), "/~01").as_deref(), Some("tilde one"));
    }

    #[test]
    fn a_list_of_one_counts_as_its_entry() {
        let document =
            json!({"a": ["x"], "b": [{"c": ["y"]}], "d": [["z"]], "e": ["x", "y"], "f": [{"0": "w"}], "g": []});
        for (pointer, value) in
            [("/a", "x"), ("/a/0", "x"), ("/b/c", "y"), ("/b/0/c/0", "y"), ("/d", "z"), ("/d/0", "z")]
        {
            assert_eq!(text(&document, pointer).as_deref(), Some(value), "{pointer}");
        }
        for nothing in ["/e", "/e/c", "/f/0", "/g", "/g/c", "/a/1", "/a/00", "/b"] {
            assert_eq!(text(&document, nothing), None, "{nothing}");
        }
    }

    #[test]
    fn what_is_no_pointer_is_told_with_what_it_may_have_been_meant_as() {
        let fault = |written: &str| Place::parse(written).unwrap_err();
        assert_eq!(fault("data.text").1, "a JSON pointer does: \"/data/text\"");
        assert_eq!(fault("$.data.text").1, "a JSON pointer does: \"/data/text\"");
        assert_eq!(fault("#/data").1, "a JSON pointer does: \"/data\"");
        assert_eq!(fault("/a~2").0, "has an invalid \"~\"");
        assert_eq!(fault("ce_").0, "is not an attribute of a CloudEvent");
        assert_eq!(fault(&"/a".repeat(100)).0, "is deeper than a record can be nested");
    }

    proptest! {
        #[test]
        fn it_finds_what_serde_json_finds(pointer in "(/[a-c01~/]{0,3}){0,4}") {
            let document = json!({"a": {"b": [{"c": 1}, 2], "": 3}, "0": [[4]], "~": {"/": 5}});
            if let Ok(place) = Place::parse(&pointer) {
                let theirs = document.pointer(&pointer).and_then(Value::as_i64).map(|number| number.to_string());
                let ours = match place.look(&document, &Attributes::NONE) { There::Text(text) => Some(text.into_owned()), _ => None };
                // In addition, it finds the single entry of a list.
                prop_assert!(theirs.is_none() || ours == theirs, "{ours:?}, {theirs:?}");
            }
        }

        #[test]
        fn no_text_makes_it_panic(written in any::<String>()) {
            let _ = Place::parse(&written);
        }
    }
}
