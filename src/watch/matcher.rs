//! Finds, in one pass over a text, every watch with a term in it.

use aho_corasick::{AhoCorasick, AhoCorasickKind, BuildError, MatchKind};
use std::collections::BTreeMap;
use std::ops::Range;

use super::fold::{Folded, folded};

/// Up to so many bytes of patterns the automaton is a DFA (some 60 MB); beyond, a smaller and slower one.
const DFA_BYTES: usize = 300_000;

/// The number of a watch: its place in the list the matcher was built from.
pub type WatchIndex = usize;

/// All terms of all watches. Built once for a configuration, shared by reference.
#[derive(Debug)]
pub struct Matcher {
    automaton: AhoCorasick,
    /// For each pattern the watches that have it as a term.
    watches: Vec<Vec<WatchIndex>>,
}

/// What was found in a text. The buffers are used again for the next text.
#[derive(Debug, Default)]
pub struct Found {
    folded: Folded,
    hits: Vec<(WatchIndex, Range<usize>)>,
}

impl Found {
    /// The watches found, in order, each with the byte ranges of the original text where its terms stand.
    pub fn watches(&self) -> impl Iterator<Item = (WatchIndex, &[(WatchIndex, Range<usize>)])> {
        self.hits.chunk_by(|one, other| one.0 == other.0).map(|hits| (hits[0].0, hits))
    }

    /// The folded text that was searched last.
    pub fn folded(&self) -> &str {
        self.folded.text()
    }

    /// Whether no watch was found.
    pub fn is_empty(&self) -> bool {
        self.hits.is_empty()
    }
}

impl Matcher {
    /// Builds the matcher for watches given by their terms. A term without a letter or digit finds nothing.
    pub fn new<'a, T: IntoIterator<Item = &'a str>>(
        watches: impl IntoIterator<Item = T>,
    ) -> Result<Matcher, BuildError> {
        let mut patterns: BTreeMap<String, Vec<WatchIndex>> = BTreeMap::new();
        for (watch, terms) in watches.into_iter().enumerate() {
            for term in terms {
                let pattern = folded(&term.split_whitespace().collect::<Vec<_>>().join(" "));
                if pattern.chars().any(char::is_alphanumeric) {
                    let watches = patterns.entry(pattern).or_default();
                    if watches.last() != Some(&watch) {
                        watches.push(watch);
                    }
                }
            }
        }
        // A DFA is the fastest, at about 200 bytes for each byte of the patterns.
        let kind = (patterns.keys().map(String::len).sum::<usize>() <= DFA_BYTES).then_some(AhoCorasickKind::DFA);
        let automaton = AhoCorasick::builder().match_kind(MatchKind::Standard).kind(kind).build(patterns.keys())?;
        Ok(Matcher { automaton, watches: patterns.into_values().collect() })
    }

    /// Finds the watches of `text`.
    pub fn find(&self, text: &str, found: &mut Found) {
        found.hits.clear();
        found.folded.fold(text);
        let folded = found.folded.text();
        for hit in self.automaton.find_overlapping_iter(folded) {
            if is_whole(folded, hit.range()) {
                let original = found.folded.original(hit.range());
                let watches = self.watches[hit.pattern().as_usize()].iter();
                found.hits.extend(watches.map(|watch| (*watch, original.clone())));
            }
        }
        if found.hits.len() > 1 {
            found.hits.sort_unstable_by_key(|(watch, range)| (*watch, range.start, range.end));
        }
    }
}

/// A term must not be a piece of a longer word; `$t` must not be the end of `l$t`, `@ann` not that of an address.
fn is_whole(text: &str, range: Range<usize>) -> bool {
    let part_of_word = |character: char| character.is_alphanumeric() || character == '_';
    let before = text[..range.start].chars().next_back();
    let after = text[range.end..].chars().next();
    let first = text[range.clone()].chars().next();
    let last = text[range].chars().next_back();
    let sigil = first.is_some_and(|first| matches!(first, '@' | '#' | '$'));
    let begins =
        !before.is_some_and(|before| part_of_word(before) || (sigil && matches!(before, '@' | '#' | '$' | '&')));
    let ends = !(last.is_some_and(part_of_word) && after.is_some_and(part_of_word));
    begins && ends
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn matched(terms: &[&[&str]], text: &str) -> Vec<(WatchIndex, String)> {
        let matcher = Matcher::new(terms.iter().map(|terms| terms.iter().copied())).unwrap();
        let mut found = Found::default();
        matcher.find(text, &mut found);
        found
            .watches()
            .flat_map(|(_, hits)| hits)
            .map(|(watch, range)| (*watch, text[range.clone()].to_owned()))
            .collect()
    }

    fn finds(term: &str, text: &str) -> bool {
        !matched(&[&[term]], text).is_empty()
    }

    #[test]
    fn words_phrases_handles_tags_and_cashtags() {
        assert!(finds("aurora", "Aurora lost my bag"));
        assert!(finds("aurora", "so: #aurora, again"));
        assert!(finds("aurora air", "flew AURORA AIR today"));
        assert!(finds("@AuroraAir", "hey @auroraair!"));
        assert!(finds("#késés", "ez már a harmadik #keses"));
        assert!(finds("$T", "$T is falling"));
        assert!(finds("C++", "we write c++ here"));
        assert!(!finds("aurora", "auroras"));
        assert!(!finds("@AuroraAir", "mail me at joe@auroraair"));
        assert!(!finds("@aurora", "@aurora_air"));
        assert!(!finds("$T", "L$T"));
        assert!(!finds("$T", "$TWTR"));
        assert!(!finds("$T", "$$T"));
    }

    #[test]
    fn every_watch_is_found_with_its_places_in_the_original() {
        let found =
            matched(&[&["győr", "@gyor"], &["posta"], &["posta", "magyar posta"]], "Győr: a Magyar Posta GYŐRI");
        assert_eq!(found, [(0, "Győr".into()), (1, "Posta".into()), (2, "Magyar Posta".into()), (2, "Posta".into())]);
    }

    #[test]
    fn a_term_of_signs_alone_finds_nothing() {
        assert!(!finds("@", "@@@") && !finds("", "text"));
    }

    proptest! {
        #[test]
        fn any_text_and_terms_are_safe(terms in proptest::collection::vec(".{0,8}", 0..5), text in ".{0,80}") {
            let matcher = Matcher::new([terms.iter().map(String::as_str)]).unwrap();
            let mut found = Found::default();
            matcher.find(&text, &mut found);
            for (_, hits) in found.watches() {
                for (_, range) in hits {
                    prop_assert!(text.get(range.clone()).is_some());
                }
            }
        }

        #[test]
        fn a_word_standing_alone_is_always_found(word in "[a-záéőű]{1,8}", before in "[a-z ]{0,10}", after in "[a-z ]{0,10}") {
            let text = format!("{before} {word} {after}");
            prop_assert!(finds(&word, &text));
        }
    }
}
