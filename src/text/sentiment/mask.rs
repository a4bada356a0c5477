//! Finds the target name in a text, so that it can be masked: ignoring case and accents, from the beginning of a word
//! to its end ("Telekomnál" is the name with an ending).

use std::ops::Range;

use crate::fold::look_alike;

use super::normalize::{self, ASCII, Kind};

/// Names to mask, and a buffer for their places.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// Without case and accents; one space for each run of punctuation.
    names: Vec<Vec<u8>>,
    /// For each byte, whether the first letter of a name can begin with it: rules out most of a text quickly.
    hopeful: Vec<bool>,
    found: Vec<Range<usize>>,
}

impl Names {
    /// Prepares names; ignores those without a letter.
    pub fn new<'a>(names: impl IntoIterator<Item = &'a str>) -> Names {
        let names: Vec<Vec<u8>> = names.into_iter().map(folded).filter(|name| !name.is_empty()).collect();
        // Any non-ASCII letter may be an accented or full-width form.
        let mut hopeful: Vec<bool> = (0..=u8::MAX).map(|byte| byte >= 0xc2).collect();
        for first in names.iter().filter_map(|name| name.first()) {
            hopeful[usize::from(first.to_ascii_lowercase())] = true;
            hopeful[usize::from(first.to_ascii_uppercase())] = true;
        }
        Names { names, hopeful, found: Vec::new() }
    }

    /// Where the names are in `text`, in order.
    pub fn find(&mut self, text: &str) -> &[Range<usize>] {
        self.found.clear();
        if self.names.is_empty() {
            return &self.found;
        }
        let (table, mut at) = (normalize::table(), 0);
        while let Some(skipped) = text.as_bytes()[at..].iter().position(|byte| self.hopeful[usize::from(*byte)]) {
            at += skipped;
            // Most candidates for the first letter of a name are inside a word.
            let is_ascii = text.as_bytes()[at].is_ascii();
            if is_ascii && !is_start(text, at) {
                at += 1;
                continue;
            }
            let bytes = &text.as_bytes()[at..];
            let accented = bytes.get(1).and_then(|second| table.accented(bytes[0], *second));
            if accented.is_some_and(|(letter, _)| !self.hopeful[usize::from(letter)]) {
                at += 2;
                continue;
            }
            let Some(character) = text[at..].chars().next() else { break };
            // Rows of what is not seen are long in hostile texts only, and would be walked back from each of them.
            let seen = normalize::kind(table, character) != Kind::Nothing;
            let found = match is_ascii || (seen && is_start(text, at)) {
                true => {
                    // The second letter tells most words from a name.
                    let second =
                        bytes.get(1).and_then(|byte| ASCII.get(usize::from(*byte))).filter(|byte| **byte > b'9');
                    let may_be = |name: &&Vec<u8>| second.is_none_or(|byte| name.get(1).is_none_or(|one| one == byte));
                    self.names.iter().filter(may_be).filter_map(|name| end(&text[at..], name)).max()
                }
                false => None,
            };
            match found {
                Some(end) => {
                    self.found.push(at..at + end);
                    at += end;
                }
                None => at += character.len_utf8(),
            }
        }
        &self.found
    }
}

/// Whether a word may begin at this place of a text.
fn is_start(text: &str, at: usize) -> bool {
    if let Some(byte @ 0..=127) = text.as_bytes()[..at].last() {
        return ASCII[usize::from(*byte)] == 0;
    }
    let mut before = text[..at].chars().rev().map(|character| normalize::kind(normalize::table(), character));
    before.find(|kind| *kind != Kind::Nothing).is_none_or(|kind| kind == Kind::Mark)
}

/// The letters of a character without case and accent, a blank for a mark, nothing for what is not seen.
fn fold(character: char, letters: &mut [u8; 4]) -> &[u8] {
    match normalize::kind(normalize::table(), character) {
        Kind::Plain(letter) => {
            letters[0] = letter;
            &letters[..1]
        }
        Kind::Other(letter) => look_alike(letter).encode_utf8(letters).as_bytes(),
        Kind::Mark => b" ",
        Kind::Nothing => b"",
    }
}

fn folded(name: &str) -> Vec<u8> {
    let mut folded: Vec<u8> = Vec::new();
    for character in name.chars() {
        let letters = &mut [0; 4];
        match fold(character, letters) {
            b" " if folded.last().is_none_or(|last| *last == b' ') => {}
            letters => folded.extend(letters),
        }
    }
    if folded.last() == Some(&b' ') {
        folded.pop();
    }
    folded
}

/// Where the word ends in which `name` ends, if `text` begins with it.
fn end(text: &str, name: &[u8]) -> Option<usize> {
    let (mut left, mut blank, mut end) = (name, false, 0);
    for (at, character) in text.char_indices() {
        let letters = &mut [0; 4];
        let letters = fold(character, letters);
        let is_mark = letters == b" ";
        if left.is_empty() && is_mark {
            break;
        }
        let is_more_of_a_row = is_mark && blank;
        if !left.is_empty() && !is_more_of_a_row {
            left = left.strip_prefix(letters)?;
        }
        // What is not seen parts no row of marks.
        blank = is_mark || (blank && letters.is_empty());
        if !is_mark && !letters.is_empty() {
            end = at + character.len_utf8();
        }
    }
    left.is_empty().then_some(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_with_endings_in_any_case() {
        let mut names = Names::new(["Győri Keksz", "telekom", "!"]);
        let text = "A Telekomnál és a GYORI  KEKSZnél, de nem a teletelekom";
        let found: Vec<&str> = names.find(text).iter().map(|range| &text[range.clone()]).collect();
        assert_eq!(found, ["Telekomnál", "GYORI  KEKSZnél"]);
        assert!(names.find("").is_empty());
    }

    #[test]
    fn letters_of_another_script_do_not_hide_a_name() {
        let mut names = Names::new(["Telekom", "Газпром"]);
        for text in ["Telеkоm", "ТЕLЕKОМ", "ΤΕLΕΚΟΜ", "Газпром", "ГАЗПРОМ"] {
            let found: Vec<&str> = names.find(text).iter().map(|range| &text[range.clone()]).collect();
            assert_eq!(found, [text]);
        }
    }

    #[test]
    fn names_may_have_digits_and_accents() {
        let mut names = Names::new(["A1", "Győr", "Őrség"]);
        for text in ["A1", "a1-nél", "Győrben", "GYŐRBEN", "gyor", "Őrségi", "orseg"] {
            let found: Vec<&str> = names.find(text).iter().map(|range| &text[range.clone()]).collect();
            assert_eq!(found, [text.trim_end_matches("-nél")], "{text}");
        }
    }

    #[test]
    fn names_begin_where_words_do() {
        let text = "@United: united!! Unitedly (UNITED) reunited 2united";
        let find = |names: [&str; 2]| Names::new(names).find(text).to_vec();
        assert_eq!(find(["united", "delta"]).len(), 4);
        assert_eq!(find(["united", "delta air"]), find(["united", "delta"]));
    }
}
