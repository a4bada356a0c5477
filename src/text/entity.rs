//! The few HTML entities that services write into plain texts: `&amp;`, `&#39;`.

/// The entities with names.
const NAMED: [(&str, char); 6] =
    [("amp;", '&'), ("lt;", '<'), ("gt;", '>'), ("quot;", '"'), ("apos;", '\''), ("nbsp;", '\u{a0}')];
/// The maximum number of digits of a numeric entity.
const DIGITS: usize = 7;

/// The character of an entity, and the entity's length; `rest` is the text after its `&`.
fn after_ampersand(rest: &str) -> Option<(char, usize)> {
    if let Some(number) = rest.strip_prefix('#') {
        let (digits, radix) = match number.strip_prefix(['x', 'X']) {
            Some(digits) => (digits, 16),
            None => (number, 10),
        };
        let end = digits.bytes().take(DIGITS + 1).position(|byte| byte == b';')?;
        let digits_alone = digits[..end].bytes().all(|byte| byte.is_ascii_hexdigit());
        let number = digits_alone.then(|| u32::from_str_radix(&digits[..end], radix).ok())??;
        let character = char::from_u32(number).filter(|character| *character != '\0')?;
        return Some((character, rest.len() - digits.len() + end + 1));
    }
    NAMED.into_iter().find(|(name, _)| rest.starts_with(name)).map(|(name, character)| (character, name.len()))
}

/// The character at byte `at` of a text, which may be an entity, and its length in bytes; `None` at the end.
pub(crate) fn character_at(text: &str, at: usize) -> Option<(char, usize)> {
    let rest = text.get(at..)?;
    Some(match rest.chars().next()? {
        '&' => after_ampersand(&rest[1..]).map_or(('&', 1), |(character, length)| (character, 1 + length)),
        other => (other, other.len_utf8()),
    })
}

/// The characters of a text with their positions; entities are decoded.
pub fn characters(text: &str) -> impl Iterator<Item = (usize, char)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at;
        let (character, length) = character_at(text, at)?;
        at += length;
        Some((start, character))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entities_and_what_only_looks_like_one() {
        for (rest, wanted) in [
            ("amp;P", Some(('&', 4))),
            ("#39;s", Some(('\'', 4))),
            ("#x27;", Some(('\'', 5))),
            ("#337;r", Some(('ő', 5))),
            ("nbsp;", Some(('\u{a0}', 5))),
            ("amp P", None),
            ("#;", None),
            ("#+9;", None),
            ("#0;", None),
            ("#xd800;", None),
            ("#99999999;", None),
            ("#ő;", None),
            ("P", None),
            ("", None),
        ] {
            assert_eq!(after_ampersand(rest), wanted, "{rest}");
        }
    }
}
