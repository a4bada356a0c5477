//! People's corrections of judgements, as labelled texts for training.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::corpus::unescaped;
use orszem_records::class::Class;
use orszem_records::time::Timestamp;

/// The last correction of each mention.
#[derive(Debug, Default)]
pub struct FeedbackCorpus {
    /// By watch and mention: a mention may be positive towards one name and negative towards another.
    last: BTreeMap<(String, String), Lesson>,
    entries: u64,
}

#[derive(Debug)]
struct Lesson {
    at: Timestamp,
    class: Class,
    text: String,
}

impl FeedbackCorpus {
    /// Records a correction, made at `at`, of a mention of `watch`. The order of calls does not matter: the latest
    /// correction counts, and of two at the same time the milder one.
    pub fn add(&mut self, watch: &str, mention: &str, at: Timestamp, class: Class, text: &str) {
        self.entries += 1;
        let lesson = Lesson { at, class, text: text.to_owned() };
        let newer = |before: &Lesson| (before.at, before.class.index()) < (at, class.index());
        let key = (watch.to_owned(), mention.to_owned());
        match self.last.get_mut(&key) {
            Some(before) if newer(before) => *before = lesson,
            Some(_) => {}
            None => drop(self.last.insert(key, lesson)),
        }
    }

    /// The number of corrections.
    pub fn entries(&self) -> u64 {
        self.entries
    }

    /// The number of corrected texts.
    pub fn texts(&self) -> usize {
        self.last.len()
    }

    /// Lines of `neg|neu|pos<TAB>text`, in the order of watch and mention, for `orszem sentiment train`.
    pub fn lines(&self) -> String {
        let mut lines = String::new();
        for Lesson { class, text, .. } in self.last.values() {
            let _ = writeln!(lines, "{}\t{}", class.label(), on_a_line(text));
        }
        lines
    }
}

/// The text on one line. Reading it back gives the same text, except for line breaks.
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
            let mut corpus = FeedbackCorpus::default();
            for (at, told) in order.map(|index| said[index]) {
                corpus.add("acme", "m1", Timestamp(at), told, "fine");
            }
            corpus.add("zeta", "m1", Timestamp(0), Class::Negative, "fine");
            assert_eq!(corpus.lines(), "neu\tfine\nneg\tfine\n");
            assert_eq!((corpus.entries(), corpus.texts()), (4, 2));
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
