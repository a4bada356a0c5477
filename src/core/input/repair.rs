//! Repairs escapes of half a character: `\ud83d` without its other half, from a text that was cut there.
//!
//! Also values that are no JSON, as programs in Python, Java and Go write them (`NaN`, `Infinity`, a number too large):
//! they become null. They are not in the fields of a mention, and a mention must not be lost for them.
//!
//! They are not valid Unicode. Replacing them by U+FFFD saves the mention. Only records that do not parse are repaired.

use serde_json::Value;

/// Parses a document, and replaces lone surrogates if needed.
///
/// # Errors
/// When it is not JSON.
pub(super) fn parsed(text: &str) -> Result<Value, serde_json::Error> {
    serde_json::from_str(text).or_else(|fault| match mended(text.as_bytes()) {
        Some(mended) => serde_json::from_slice(&mended),
        None => Err(fault),
    })
}

/// The record without lone surrogates and without values that are no JSON; `None` if it has none.
pub(super) fn mended(record: &[u8]) -> Option<Vec<u8>> {
    match (repaired(record), nulled(record)) {
        (Some(repaired), None) => Some(repaired),
        (Some(repaired), Some(_)) => nulled(&repaired),
        (None, nulled) => nulled,
    }
}

/// What is written in the place of a value that is no JSON.
fn instead(token: &[u8]) -> Option<&'static str> {
    let bare = token.strip_prefix(b"-").or_else(|| token.strip_prefix(b"+")).unwrap_or(token);
    match bare {
        b"NaN" | b"nan" | b"NAN" | b"Infinity" | b"infinity" | b"inf" | b"Inf" | b"INF" | b"None" | b"undefined" => {
            Some("null")
        }
        b"True" => Some("true"),
        b"False" => Some("false"),
        [b'0'..=b'9', ..] => {
            let number: f64 = std::str::from_utf8(bare).ok()?.parse().ok()?;
            number.is_infinite().then_some("null")
        }
        _ => None,
    }
}

/// The record with null in place of values that are no JSON; `None` if it has none.
fn nulled(record: &[u8]) -> Option<Vec<u8>> {
    let mut out: Option<Vec<u8>> = None;
    let (mut at, mut from) = (0, 0);
    while let Some(byte) = record.get(at) {
        match byte {
            b'"' => at = end_of_string(record, at),
            b':' | b',' | b'[' => {
                let space = record[at + 1..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
                let start = at + 1 + space;
                let length = record[start..]
                    .iter()
                    .take_while(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(byte))
                    .count();
                if let Some(word) = instead(&record[start..start + length]) {
                    let out = out.get_or_insert_with(|| Vec::with_capacity(record.len() + 8));
                    out.extend_from_slice(&record[from..start]);
                    out.extend_from_slice(word.as_bytes());
                    from = start + length;
                }
                at = start + length;
            }
            _ => at += 1,
        }
    }
    let mut out = out?;
    out.extend_from_slice(&record[from..]);
    Some(out)
}

/// The byte after the string that begins at `at`.
fn end_of_string(record: &[u8], at: usize) -> usize {
    let mut at = at + 1;
    while let Some(found) = record.get(at..).and_then(|rest| memchr::memchr2(b'"', b'\\', rest)) {
        at += found;
        if record[at] == b'"' {
            return at + 1;
        }
        at += 2;
    }
    record.len()
}

/// The record with U+FFFD in place of lone surrogates; `None` if it has none.
pub(super) fn repaired(record: &[u8]) -> Option<Vec<u8>> {
    let mut repaired: Option<Vec<u8>> = None;
    let mut at = 0;
    while let Some(found) = memchr::memchr(b'\\', record.get(at..)?) {
        let here = at + found;
        at = match unit(record, here) {
            Some(0xD800..=0xDBFF) if matches!(unit(record, here + 6), Some(0xDC00..=0xDFFF)) => here + 12,
            Some(0xD800..=0xDFFF) => {
                repaired.get_or_insert_with(|| record.to_vec())[here..here + 6].copy_from_slice(br"\ufffd");
                here + 6
            }
            // Another escape, such as an escaped backslash.
            _ => (here + 2).min(record.len()),
        };
    }
    repaired
}

/// The code unit of an escape `\uXXXX`.
fn unit(record: &[u8], at: usize) -> Option<u16> {
    let [b'\\', b'u', digits @ ..] = record.get(at..at + 6)? else { return None };
    digits.iter().try_fold(0, |unit, digit| Some(unit << 4 | char::from(*digit).to_digit(16)? as u16))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn halves_are_replaced_and_whole_characters_kept() {
        for (record, text) in [
            (r#""a \ud83d b""#, "a \u{fffd} b"),
            (r#""\ud83d\ude00 \ude00\uD83D""#, "😀 \u{fffd}\u{fffd}"),
            (r#""\\ud83d \ud83d\ud83d\ude00""#, "\\ud83d \u{fffd}😀"),
        ] {
            assert_eq!(parsed(record).unwrap(), text, "{record}");
        }
        for whole in [r#""\ud83d\ude00""#, r#""\\ud83d""#, r#"{"a":"#, r"\", r"\u", r"\ud83", ""] {
            assert_eq!(repaired(whole.as_bytes()), None, "{whole}");
        }
    }

    /// A value that is no JSON, in a field that nobody needs, made a record invalid.
    #[test]
    fn values_that_are_no_json_are_null() {
        for (record, wanted) in [
            (r#"{"a":NaN,"b":[1, -Infinity ,"NaN, NaN"],"c":"x"}"#, r#"{"a":null,"b":[1, null ,"NaN, NaN"],"c":"x"}"#),
            (r#"{"a": None, "b": True, "c": [nan,inf]}"#, r#"{"a": null, "b": true, "c": [null,null]}"#),
            (r#"{"a":1e999,"b":1e9,"c":"\":NaN"}"#, r#"{"a":null,"b":1e9,"c":"\":NaN"}"#),
        ] {
            assert_eq!(
                mended(record.as_bytes()).map(|mended| String::from_utf8(mended).unwrap()).as_deref(),
                Some(wanted)
            );
        }
        assert_eq!(mended(br#"{"a":[1,"NaN",-2.5e3],"b":{"c":null}}"#), None);
    }

    proptest! {
        #[test]
        fn what_is_repaired_parses_and_is_as_long(text in "([a\"]|\\\\\\\\|\\\\n|\\\\u[dD][89abcdef0][0-9a-f]{2}){0,12}") {
            let record = format!("\"{}\"", text.replace('"', ""));
            let repaired = repaired(record.as_bytes()).unwrap_or_else(|| record.clone().into_bytes());
            prop_assert_eq!(repaired.len(), record.len());
            prop_assert!(serde_json::from_slice::<String>(&repaired).is_ok(), "{}", record);
        }

        #[test]
        fn no_bytes_make_it_panic(record in proptest::collection::vec(prop_oneof![Just(b'\\'), Just(b'u'), Just(b'd'), Just(b'8'), any::<u8>()], 0..40)) {
            repaired(&record);
            mended(&record);
        }
    }
}
