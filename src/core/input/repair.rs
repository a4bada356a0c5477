//! Repairs escapes of half a character: `\ud83d` without its other half, from a text that was cut there.
//!
//! They are not valid Unicode. Replacing them by U+FFFD saves the mention. Only records that do not parse are repaired.

use serde_json::Value;

/// Parses a document, and replaces lone surrogates if needed.
///
/// # Errors
/// When it is not JSON.
pub(super) fn parsed(text: &str) -> Result<Value, serde_json::Error> {
    serde_json::from_str(text).or_else(|fault| match repaired(text.as_bytes()) {
        Some(repaired) => serde_json::from_slice(&repaired),
        None => Err(fault),
    })
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
        }
    }
}
