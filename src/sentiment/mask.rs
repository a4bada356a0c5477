//! Finds a name in a text, to be masked: without regard to case and accents, at the beginning of a word and up to its end
//! ("Telekomnál" is the name with an ending).

use std::ops::Range;

use super::letters::{self, Kind};

/// Names to mask, and the memory that looking for them takes.
#[derive(Clone, Debug, Default)]
pub struct Names {
    names: Vec<Vec<u8>>,
    folded: Vec<u8>,
    /// For each byte of `folded` the byte of the text it came from, and the end of its character.
    origin: Vec<(usize, usize)>,
    found: Vec<Range<usize>>,
    /// No name is of several words.
    single: bool,
}

impl Names {
    /// Prepares names; those without a letter are none.
    pub fn new<'a>(names: impl IntoIterator<Item = &'a str>) -> Names {
        let mut buffer = Names::default();
        for name in names {
            buffer.fold(name);
            let letters = |byte: &u8| *byte != b' ';
            if let Some(first) = buffer.folded.iter().position(letters) {
                let last = buffer.folded.iter().rposition(letters).unwrap_or(first);
                buffer.names.push(buffer.folded[first..=last].to_vec());
            }
        }
        buffer.single = buffer.names.iter().all(|name| !name.contains(&b' '));
        buffer
    }

    /// Letters without case and accent; a blank for each row of marks.
    fn fold(&mut self, text: &str) {
        let table = letters::table();
        self.folded.clear();
        self.origin.clear();
        for (at, character) in text.char_indices() {
            let end = at + character.len_utf8();
            let before = self.folded.len();
            match letters::kind(table, character) {
                Kind::Plain(letter) => self.folded.push(letter),
                Kind::Other(letter) => self.folded.extend(letter.encode_utf8(&mut [0; 4]).bytes()),
                Kind::Nothing => {}
                Kind::Mark if self.folded.last() == Some(&b' ') => {}
                Kind::Mark => self.folded.push(b' '),
            }
            self.origin.resize(self.origin.len() + self.folded.len() - before, (at, end));
        }
    }

    /// Where the names are in `text`, in order.
    pub fn find(&mut self, text: &str) -> &[Range<usize>] {
        self.found.clear();
        if self.names.is_empty() {
            return &self.found;
        }
        if self.single && text.is_ascii() {
            self.find_plain(text);
            return &self.found;
        }
        self.fold(text);
        let mut at = 0;
        while at < self.folded.len() {
            let rest = &self.folded[at..];
            let begins = at == 0 || self.folded[at - 1] == b' ';
            let name = self.names.iter().filter(|name| begins && rest.starts_with(name)).map(Vec::len).max();
            let Some(len) = name else {
                at += 1;
                continue;
            };
            let tail = rest[len..].iter().take_while(|byte| **byte != b' ').count();
            self.found.push(self.origin[at].0..self.origin[at + len + tail - 1].1);
            at += len + tail;
        }
        &self.found
    }

    /// The same for text in ASCII and names of one word: each byte stays where it is.
    fn find_plain(&mut self, text: &str) {
        let table = letters::table();
        self.folded.clear();
        self.folded.extend(text.bytes().map(|byte| match table.ascii(byte) {
            0 => b' ',
            letter => letter,
        }));
        let mut at = 0;
        for word in self.folded.split(|byte| *byte == b' ') {
            if self.names.iter().any(|name| word.starts_with(name)) {
                self.found.push(at..at + word.len());
            }
            at += word.len() + 1;
        }
    }
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
    fn plain_text_is_searched_as_any_other() {
        let text = "@United: united!! Unitedly (UNITED) reunited 2united";
        let find = |names: [&str; 2]| Names::new(names).find(text).to_vec();
        assert_eq!(find(["united", "delta"]).len(), 4);
        // A name of two words takes the other way.
        assert_eq!(find(["united", "delta air"]), find(["united", "delta"]));
    }
}
