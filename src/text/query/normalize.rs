//! Normalizes a query: removes invisible characters and turns full-width signs into plain ones, so that neither turns
//! an operator into a word. Maps places back to the original text.

use std::borrow::Cow;
use std::ops::Range;

use super::fault::QueryFault;
use crate::fold::is_invisible;

/// A normalized query.
pub(super) struct Normalized<'q> {
    pub(super) text: Cow<'q, str>,
    /// For each byte of `text`, the byte of the query that it came from, and at the end the query's length; empty if
    /// both are the same.
    origin: Vec<u32>,
}

impl<'q> Normalized<'q> {
    pub(super) fn new(query: &'q str) -> Normalized<'q> {
        if query.chars().all(|c| !is_invisible(c) && half_width(c) == c) {
            return Normalized { text: query.into(), origin: Vec::new() };
        }
        let (mut text, mut origin) = (String::with_capacity(query.len()), Vec::with_capacity(query.len() + 1));
        let mut before = ' ';
        for (at, typed) in query.char_indices() {
            // Joiners and modifiers of an emoji follow a sign and belong to it.
            let is_lost = before.is_ascii() || before.is_alphanumeric() || before.is_whitespace();
            if is_invisible(typed) && is_lost {
                continue;
            }
            before = half_width(typed);
            text.push(before);
            origin.resize(text.len(), at as u32);
        }
        origin.push(query.len() as u32);
        Normalized { text: text.into(), origin }
    }

    /// The bytes of the query that these bytes of the text came from.
    pub(super) fn original(&self, at: Range<usize>) -> Range<usize> {
        let place = |byte: usize| self.origin.get(byte).map_or(byte, |origin| *origin as usize);
        if self.origin.is_empty() { at } else { place(at.start)..place(at.end).max(place(at.start)) }
    }

    /// The fault, with its place in the original query.
    pub(super) fn placed(&self, fault: QueryFault) -> QueryFault {
        QueryFault { at: self.original(fault.at), ..fault }
    }
}

/// The plain form of a full-width sign, letter or digit; other characters as they are.
pub(super) fn half_width(character: char) -> char {
    match character {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(character) - 0xfee0).unwrap_or(character),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invisible_characters_are_removed_and_places_map_back() {
        let normalized = Normalized::new("a AND\u{200b} （ｂ ❤\u{fe0f}）");
        assert_eq!(normalized.text, "a AND (b ❤\u{fe0f})");
        let at = normalized.text.find('(').unwrap();
        assert_eq!(normalized.original(at..at + 1), 9..12);
        let end = normalized.text.len();
        assert_eq!(normalized.original(end..end), 25..25);
        let plain = Normalized::new("„magyar posta”");
        assert!(matches!(plain.text, Cow::Borrowed(_)));
        assert_eq!(plain.original(1..3), 1..3);
    }
}
