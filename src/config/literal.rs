//! Where the bytes of a text stand in the file that it was read from: behind its quotes, and after escapes.

use std::ops::Range;

/// The places of a text of the file.
pub(super) struct Literal {
    /// For each byte of the text, and for its end, the byte of the file.
    places: Vec<usize>,
}

impl Literal {
    /// Of `value`, which the TOML text `written` stands for; it begins at the byte `start` of the file. `None` when it
    /// does not stand for it.
    pub(super) fn new(written: &str, start: usize, value: &str) -> Option<Literal> {
        let quotes = ["\"\"\"", "'''", "\"", "'"].into_iter().find(|quotes| written.starts_with(quotes))?;
        let inner = written.strip_prefix(quotes)?.strip_suffix(quotes)?;
        let (escapes, lines) = (quotes.starts_with('"'), quotes.len() == 3);
        // A line end right behind the quotes is not part of the text.
        let first = if lines { inner.len() - trim_line_end(inner).len() } else { 0 };
        let mut at = first;
        let mut places = Vec::with_capacity(value.len() + 1);
        for character in value.chars() {
            let mut rest = &inner[at..];
            while let Some(next) = rest.strip_prefix('\\').filter(|_| escapes && continues(rest)) {
                rest = next.trim_start();
            }
            at = inner.len() - rest.len();
            let (read, length) = if escapes { unescaped(rest)? } else { plain(rest)? };
            // The parser may make one line end of two characters.
            let length = if character == '\n' && rest.starts_with("\r\n") { 2 } else { length };
            if read != character && !(character == '\n' && length == 2 && read == '\r') {
                return None;
            }
            places.resize(places.len() + character.len_utf8(), start + quotes.len() + at);
            at += length;
        }
        places.push(start + quotes.len() + at);
        Some(Literal { places })
    }

    /// The bytes of the file for these bytes of the text.
    pub(super) fn place(&self, within: Range<usize>) -> Range<usize> {
        let at = |byte: usize| self.places[byte.min(self.places.len() - 1)];
        at(within.start)..at(within.end)
    }
}

fn trim_line_end(text: &str) -> &str {
    text.strip_prefix("\r\n").or_else(|| text.strip_prefix('\n')).unwrap_or(text)
}

/// Whether a `\` at the end of a line joins it to the next.
fn continues(text: &str) -> bool {
    let behind = text[1..].trim_start_matches([' ', '\t']);
    behind.starts_with('\n') || behind.starts_with("\r\n")
}

/// The first character, and its bytes.
fn plain(text: &str) -> Option<(char, usize)> {
    let first = text.chars().next()?;
    Some((first, first.len_utf8()))
}

/// The first character of a text with escapes, and the bytes it is written in.
fn unescaped(text: &str) -> Option<(char, usize)> {
    let Some(escape) = text.strip_prefix('\\') else { return plain(text) };
    let code = |digits: usize| {
        let number = u32::from_str_radix(escape.get(1..1 + digits)?, 16).ok()?;
        Some((char::from_u32(number)?, 2 + digits))
    };
    match escape.chars().next()? {
        'b' => Some(('\u{8}', 2)),
        't' => Some(('\t', 2)),
        'n' => Some(('\n', 2)),
        'f' => Some(('\u{c}', 2)),
        'r' => Some(('\r', 2)),
        'e' => Some(('\u{1b}', 2)),
        'x' => code(2),
        'u' => code(4),
        'U' => code(8),
        same @ ('"' | '\\') => Some((same, 2)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn value(written: &str) -> String {
        toml::from_str::<toml::Table>(&format!("x = {written}\n")).unwrap()["x"].as_str().unwrap().to_owned()
    }

    #[test]
    fn every_way_of_writing_leads_back() {
        for (written, part, expected) in [
            ("'a AND b'", "AND", "AND"),
            ("\"\\\"a b\\\" AND\"", "AND", "AND"),
            ("\"\\u0151 AND \\t x\"", "AND", "AND"),
            ("\"\\\"a\"", "\"", "\\\""),
            ("\"\"\"\na\nAND b\"\"\"", "AND", "AND"),
            ("'''\r\na \\n\r\nAND b'''", "AND", "AND"),
            ("\"\"\"a \\\n   AND \\\n\n  b\"\"\"", "AND", "AND"),
            ("\"\"\"a \\\r\n   b\"\"\"", "b", "b"),
        ] {
            let value = value(written);
            let literal = Literal::new(written, 10, &value).unwrap_or_else(|| panic!("{written}"));
            let at = value.find(part).unwrap();
            let place = literal.place(at..at + part.len());
            assert_eq!(&written[place.start - 10..place.end - 10], expected, "{written}");
            let end = literal.place(value.len()..value.len());
            assert!(end.start < 10 + written.len(), "{written}");
        }
        assert!(Literal::new("\"a\"", 0, "b").is_none());
        assert!(Literal::new("\"a\\q\"", 0, "aq").is_none());
    }

    proptest! {
        #[test]
        fn any_text_leads_back(written in "(\"([a-ző ]|\\\\[tn\"\\\\]|\\\\u00e1){0,12}\"|'''([a-ző \"\\\\]|\n|\r\n){0,12}''')") {
            let value = value(&written);
            prop_assert!(Literal::new(&written, 0, &value).is_some());
        }
    }
}
