//! What people said of judgements, as labelled texts to train on.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::corpus::unescaped;
use orszem_records::class::Class;
use orszem_records::time::Timestamp;

/// The last word on each mention.
#[derive(Debug, Default)]
pub struct Lessons {
    /// By watch and mention: a mention may be meant well for one name and ill for another.
    last: BTreeMap<(String, String), Lesson>,
    heard: u64,
}

#[derive(Debug)]
struct Lesson {
    at: Timestamp,
    class: Class,
    text: String,
}

impl Lessons {
    /// Records what was said at `at` of a mention of `watch`. The order does not matter: the latest counts, and of two
    /// at once the milder.
    pub fn hear(&mut self, watch: &str, mention: &str, at: Timestamp, class: Class, text: &str) {
        self.heard += 1;
        let lesson = Lesson { at, class, text: text.to_owned() };
        let newer = |before: &Lesson| (before.at, before.class.index()) < (at, class.index());
        let key = (watch.to_owned(), mention.to_owned());
        match self.last.get_mut(&key) {
            Some(before) if newer(before) => *before = lesson,
            Some(_) => {}
            None => drop(self.last.insert(key, lesson)),
        }
    }

    /// How many entries were heard.
    pub fn heard(&self) -> u64 {
        self.heard
    }

    /// How many texts they are about.
    pub fn texts(&self) -> usize {
        self.last.len()
    }

    /// `neg|neu|pos<TAB>text`, a line each, in the order of watch and mention: what `orszem sentiment train` reads.
    pub fn lines(&self) -> String {
        let mut lines = String::new();
        for Lesson { class, text, .. } in self.last.values() {
            let _ = writeln!(lines, "{}\t{}", class.label(), on_a_line(text));
        }
        lines
    }
}

/// The text on one line, so that reading it back gives the same but for breaks.
fn on_a_line(text: &str) -> String {
    let line: String = text.chars().map(|character| if character.is_control() { ' ' } else { character }).collect();
    let line = line.trim();
    if *unescaped(line) == *line { line.to_owned() } else { line.replace('&', "&amp;") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_word_counts_in_whatever_order_it_is_read() {
        let said = [(1, Class::Positive), (3, Class::Neutral), (2, Class::Negative)];
        for order in [[0, 1, 2], [2, 1, 0], [1, 0, 2]] {
            let mut lessons = Lessons::default();
            for (at, told) in order.map(|index| said[index]) {
                lessons.hear("acme", "m1", Timestamp(at), told, "fine");
            }
            lessons.hear("zeta", "m1", Timestamp(0), Class::Negative, "fine");
            assert_eq!(lessons.lines(), "neu\tfine\nneg\tfine\n");
            assert_eq!((lessons.heard(), lessons.texts()), (4, 2));
        }
    }

    #[test]
    fn a_text_is_one_line_and_reads_back_as_it_was() {
        for text in ["a\tb\r\nc\u{85}d", "R&D &amp; &lt;b&gt;", "1 < 2 & 3", " \"&#39;\" "] {
            let line = on_a_line(text);
            assert!(!line.contains(['\t', '\n', '\r', '\u{85}']));
            let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
            assert_eq!(*unescaped(&line), *plain.trim());
        }
    }
}
