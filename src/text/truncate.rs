//! Cuts a text to a service's limit: between visible characters, and counted in the service's unit.

use std::borrow::Cow;

use unicode_segmentation::UnicodeSegmentation;

/// The unit in which a service limits a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Unicode scalar values.
    Characters,
    /// Bytes of UTF-8.
    Bytes,
    /// Units of UTF-16: a 4-byte emoji counts two. Never less than [`Unit::Characters`], so it is the safe choice
    /// if a service says "characters" without a definition.
    Utf16,
}

impl Unit {
    /// The size of one character.
    pub const fn of(self, character: char) -> usize {
        match self {
            Unit::Characters => 1,
            Unit::Bytes => character.len_utf8(),
            Unit::Utf16 => character.len_utf16(),
        }
    }
}

/// `text`, or the part of its beginning that fits `limit` together with an ellipsis.
pub fn cut(text: &str, limit: usize, unit: Unit) -> Cow<'_, str> {
    cut_by(text, limit, |character| unit.of(character))
}

/// Like [`cut`], with `cost` as the size of each written character, including escapes.
///
/// It cuts between two grapheme clusters, so that an emoji of several characters or a letter with its accents stays
/// whole. If not even the first cluster fits (a megabyte of accents on one letter), it cuts between two characters.
pub fn cut_by(text: &str, limit: usize, cost: impl Fn(char) -> usize) -> Cow<'_, str> {
    let end = fitting(text, limit, &cost);
    if end == text.len() {
        return Cow::Borrowed(text);
    }
    let Some(room) = limit.checked_sub(cost(ELLIPSIS)) else { return Cow::Borrowed("") };
    let end = fitting(text, room, &cost);
    // Take one character more than fits, to see whether the last cluster is complete.
    let seen = text[end..].chars().next().map_or(end, |next| end + next.len_utf8());
    let whole = text[..seen].grapheme_indices(true).map(|(start, _)| start).take_while(|start| *start <= end).last();
    let end = whole.filter(|start| *start > 0).unwrap_or(end);
    Cow::Owned(format!("{}{ELLIPSIS}", text[..end].trim_end()))
}

const ELLIPSIS: char = '…';

/// The length in bytes of the longest beginning of `text` whose size is at most `limit`, in whole characters.
fn fitting(text: &str, limit: usize, cost: &impl Fn(char) -> usize) -> usize {
    let mut spent = 0usize;
    for (at, character) in text.char_indices() {
        spent = spent.saturating_add(cost(character));
        if spent > limit {
            return at;
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn length(text: &str, unit: Unit) -> usize {
        text.chars().map(|character| unit.of(character)).sum()
    }

    #[test]
    fn what_fits_is_left_alone() {
        assert_eq!(cut("árvíztűrő", 9, Unit::Characters), "árvíztűrő");
        assert_eq!(cut("😡😡", 4, Unit::Utf16), "😡😡");
        assert_eq!(cut("", 0, Unit::Bytes), "");
    }

    #[test]
    fn each_service_counts_in_its_own_unit() {
        assert_eq!(cut("😡😡😡", 2, Unit::Characters), "😡…");
        assert_eq!(cut("😡😡😡", 5, Unit::Utf16), "😡😡…");
        assert_eq!(cut("😡😡😡", 11, Unit::Bytes), "😡😡…");
        assert_eq!(cut("űűűű", 7, Unit::Bytes), "űű…");
    }

    #[test]
    fn a_cluster_stays_whole() {
        let family = "a👩‍👩‍👧‍👧b";
        assert_eq!(cut(family, 8, Unit::Characters), "a…");
        assert_eq!(cut(family, 9, Unit::Characters), family);
        assert_eq!(cut("xe\u{301}yz", 3, Unit::Characters), "x…");
    }

    #[test]
    fn a_cluster_without_end_is_cut_all_the_same() {
        let zalgo = format!("a{}", "\u{301}".repeat(500_000));
        let cut = cut(&zalgo, 100, Unit::Characters);
        assert_eq!(length(&cut, Unit::Characters), 100);
    }

    #[test]
    fn no_room_for_the_ellipsis_gives_nothing() {
        assert_eq!(cut("abc", 0, Unit::Characters), "");
        assert_eq!(cut("abcd", 2, Unit::Bytes), "");
    }

    proptest! {
        #[test]
        fn never_over_the_limit_and_always_a_beginning(text in "\\PC{0,80}", limit in 0usize..60) {
            for unit in [Unit::Characters, Unit::Bytes, Unit::Utf16] {
                let cut = cut(&text, limit, unit);
                prop_assert!(length(&cut, unit) <= limit);
                if cut != text {
                    prop_assert!(text.starts_with(cut.trim_end_matches(ELLIPSIS)));
                }
            }
        }
    }
}
