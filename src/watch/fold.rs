//! Folding: text without regard to case and accents, with the way back to the original.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A folded text and where each of its bytes came from.
#[derive(Debug, Default)]
pub struct Folded {
    text: String,
    /// For each byte of `text` the byte of the original it came from; empty when they are the same.
    origin: Vec<u32>,
    original_len: usize,
}

impl Folded {
    /// Folds `text` into this buffer, whose memory is used again.
    pub fn fold(&mut self, text: &str) {
        self.text.clear();
        self.origin.clear();
        self.original_len = text.len();
        if text.is_ascii() {
            self.text.push_str(text);
            self.text.make_ascii_lowercase();
            return;
        }
        for (at, character) in text.char_indices() {
            let before = self.text.len();
            if character.is_ascii() {
                self.text.push(character.to_ascii_lowercase());
            } else {
                let parts =
                    std::iter::once(character).nfkd().filter(|part| !is_combining_mark(*part) && !is_invisible(*part));
                self.text.extend(parts.flat_map(char::to_lowercase).filter(|part| !is_combining_mark(*part)));
            }
            self.origin.resize(self.origin.len() + self.text.len() - before, at as u32);
        }
    }

    /// The folded text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The bytes of the original that a range of the folded text stands for.
    pub fn original(&self, range: std::ops::Range<usize>) -> std::ops::Range<usize> {
        if self.origin.is_empty() {
            return range;
        }
        let at = |byte: usize| self.origin.get(byte).map_or(self.original_len, |origin| *origin as usize);
        at(range.start)..at(range.end)
    }
}

/// Characters that show nothing and are used to break names apart: soft hyphen, zero-width space and joiners, direction
/// marks, byte order mark.
pub fn is_invisible(character: char) -> bool {
    matches!(character, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{fe0e}' | '\u{fe0f}')
}

/// Folds a short text, such as a term.
pub fn folded(text: &str) -> String {
    let mut folded = Folded::default();
    folded.fold(text);
    folded.text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn case_accents_and_tricks_do_not_matter() {
        for name in ["Győr", "GYŐR", "gyor", "Gyo\u{30b}r", "Ｇｙőｒ", "Gy\u{200b}őr", "G\u{ad}yőr"] {
            assert_eq!(folded(name), "gyor", "{name:?}");
        }
    }

    proptest! {
        #[test]
        fn the_way_back_stays_inside_and_on_borders(text in ".{0,60}") {
            let mut buffer = Folded::default();
            buffer.fold(&text);
            for (at, character) in buffer.text().char_indices() {
                let original = buffer.original(at..at + character.len_utf8());
                prop_assert!(text.get(original.clone()).is_some(), "{:?} of {:?}", original, text);
            }
        }

        #[test]
        fn folding_twice_changes_nothing_more(text in "[a-zA-ZáéíóöőúüűÁÉÍÓÖŐÚÜŰ@#$ ]{0,40}") {
            let once = folded(&text);
            prop_assert_eq!(folded(&once), once);
        }
    }
}
