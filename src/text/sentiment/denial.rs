//! Complaints that a text denies: "no problem", "never had any issues", "semmi gond", "panasz nem volt".
//!
//! A model has seen the words of complaints in complaints, and mostly takes them for one. What is denied is left out
//! where a text is judged negative: the rest of it must say so. English and Hungarian.

use std::ops::Range;

use crate::fold::{Folded, folded_letter};

/// How a language denies. Folded words; what ends in a star is a beginning.
struct Ways {
    /// Words that deny what follows.
    deny: &'static [&'static str],
    /// What may stand between them and the complaint, and after it.
    between: &'static [&'static str],
    /// The complaints.
    complaints: &'static [&'static str],
    /// After these, the text speaks of a complaint that nobody heard.
    unheard: &'static [&'static str],
    /// Words after a complaint that deny it, at once or with the next word.
    after: &'static [&'static str],
    /// Words that deny by themselves.
    alone: &'static [&'static str],
}

const ENGLISH: Ways = Ways {
    deny: &[
        "no", "not", "never", "without", "zero", "nothing", "hardly", "isn't", "ain't", "aren't", "wasn't", "weren't",
        "haven't", "hasn't", "hadn't", "don't", "doesn't", "didn't", "can't", "cannot", "couldn't", "isnt", "havent",
        "dont", "didnt", "cant", "wasnt", "hadnt",
    ],
    between: &[
        "a",
        "an",
        "any",
        "the",
        "single",
        "one",
        "real",
        "major",
        "big",
        "serious",
        "more",
        "further",
        "least",
        "slightest",
        "such",
        "at",
        "all",
        "had",
        "have",
        "has",
        "having",
        "been",
        "be",
        "is",
        "are",
        "was",
        "were",
        "there",
        "ever",
        "yet",
        "really",
        "encountered",
        "experienced",
        "seen",
        "longer",
        "whatsoever",
        "to",
    ],
    complaints: &[
        "problem",
        "problems",
        "complaint",
        "complaints",
        "complain",
        "issue",
        "issues",
        "trouble",
        "troubles",
        "doubt",
        "doubts",
        "worry",
        "worries",
        "fault",
        "faults",
        "harm",
        "regret",
        "regrets",
        "concern",
        "concerns",
        "wrong",
        "bad",
        "worst",
        "hassle",
        "hassles",
    ],
    unheard: &["solved", "fixed", "resolved", "addressed", "answered", "handled"],
    after: &[],
    alone: &[],
};

const HUNGARIAN: Ways = Ways {
    deny: &["nincs", "nincsen", "nincsenek", "sincs", "sincsen", "semmi", "semmilyen", "nem", "sem", "soha", "sosem"],
    between: &[
        "semmi",
        "semmilyen",
        "semmifele",
        "vele",
        "veluk",
        "ezzel",
        "azzal",
        "egy",
        "nagy",
        "nagyobb",
        "kulonosebb",
        "komoly",
        "komolyabb",
        "volt",
        "van",
        "lesz",
        "lett",
        "meg",
        "soha",
        "sose",
        "eddig",
        "itt",
        "egyaltalan",
        "lehet",
        "akadt",
        "okom",
        "okunk",
        "ok",
        "tul",
        "nagyon",
        "ra",
        "rajuk",
    ],
    complaints: &[
        "gond",
        "gondom",
        "gondunk",
        "gondok",
        "gondot",
        "baj",
        "bajom",
        "bajunk",
        "hiba",
        "hibat",
        "hibam",
        "ketseg",
        "ketsegem",
        "aggalyom",
        "problema*",
        "panasz*",
        "kifogas*",
        "kellemetlenseg*",
    ],
    unheard: &["megoldva", "megoldas", "megoldasa", "kezelve", "javitva"],
    after: &["nincs", "nincsen", "nincsenek", "sincs", "sincsen", "nelkul", "nem volt", "nem lehet", "nem akadt"],
    alone: &[
        "kifogastalan*",
        "hibatlan*",
        "problemamentes*",
        "zokkenomentes*",
        "hibamentes*",
        "ketsegkivul",
        "ketsegtelenul",
    ],
};

/// The most words between a denial and its complaint.
const FAR: usize = 4;

/// The ranges of `text` in which it denies a complaint, in order; `language` is that of the text.
pub(super) fn denied(text: &str, language: &str) -> Vec<Range<usize>> {
    let ways = match language {
        "en" => ENGLISH,
        "hu" => HUNGARIAN,
        _ => return Vec::new(),
    };
    // Most texts speak of none of it: they are not folded, and nothing is allocated.
    if !ways.may_speak_of_one(text) {
        return Vec::new();
    }
    let mut folded = Folded::default();
    folded.fold(text);
    let mut denied: Vec<Range<usize>> = Vec::new();
    // A denial does not reach over the end of a clause.
    let place = folded.text();
    let clauses = place.split_inclusive(['.', ',', '!', '?', ';', ':', '…', '(', ')', '\n']);
    let mut start = 0;
    for clause in clauses {
        let words = words(clause, start);
        start += clause.len();
        let mut at = 0;
        while at < words.len() {
            let Some(end) = ways.denial(&words, at) else {
                at += 1;
                continue;
            };
            let (first, last) = (&words[at].1, &words[end - 1].1);
            denied.push(folded.original(first.start..last.end));
            at = end;
        }
    }
    denied
}

/// The words of a clause with their bytes in the whole text.
fn words(clause: &str, start: usize) -> Vec<(&str, Range<usize>)> {
    let mut words = Vec::new();
    let mut at = 0;
    for part in clause.split_inclusive(|letter: char| !letter.is_alphanumeric() && letter != '\'') {
        let word = part.trim_end_matches(|letter: char| !letter.is_alphanumeric());
        if !word.is_empty() {
            words.push((word, start + at..start + at + word.len()));
        }
        at += part.len();
    }
    words
}

impl Ways {
    /// Whether a text has a word that is a complaint, or denies one by itself.
    fn may_speak_of_one(&self, text: &str) -> bool {
        let mut words = text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
        words.any(|word| {
            self.complaints.iter().chain(self.alone).any(|one| {
                let mut letters = word.chars().map(folded_letter);
                let beginning = one.trim_end_matches('*');
                beginning.chars().all(|letter| letters.next() == Some(letter))
                    && (one.ends_with('*') || letters.next().is_none())
            })
        })
    }

    /// If a denial begins with word `at`: the word after its end.
    fn denial(&self, words: &[(&str, Range<usize>)], at: usize) -> Option<usize> {
        let word = |at: usize| words.get(at).map_or("", |(word, _)| *word);
        let here = word(at);
        if is_one_of(self.alone, here) {
            return Some(at + 1);
        }
        let end = if is_one_of(self.deny, here) {
            let complaint = (at + 1..).take(FAR + 1).find(|at| !is_one_of(self.between, word(*at)))?;
            is_one_of(self.complaints, word(complaint)).then_some(complaint + 1)?
        } else if is_one_of(self.complaints, here) && !matches!(at.checked_sub(1).map(word), Some("a" | "az" | "ez")) {
            let two = format!("{} {}", word(at + 1), word(at + 2));
            match () {
                () if is_one_of(self.after, word(at + 1)) => at + 2,
                () if is_one_of(self.after, &two) => at + 3,
                () => return None,
            }
        } else {
            return None;
        };
        if is_one_of(self.unheard, word(end)) {
            return None;
        }
        Some((end..).find(|at| !is_one_of(self.between, word(*at))).unwrap_or(end))
    }
}

fn is_one_of(list: &[&str], word: &str) -> bool {
    !word.is_empty()
        && list.iter().any(|one| match one.strip_suffix('*') {
            Some(beginning) => word.starts_with(beginning),
            None => *one == word,
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found<'t>(text: &'t str, language: &str) -> Vec<&'t str> {
        denied(text, language).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn a_denied_complaint_is_found_and_one_that_nobody_heard_is_not() {
        assert_eq!(found("Well, no problem at all here!", "en"), ["no problem at all"]);
        assert_eq!(
            found("I’ve never had any issues, can't complain", "en"),
            ["never had any issues", "can't complain"]
        );
        assert_eq!(
            found("Nincs vele semmi gond. Panasz nem volt rá", "hu"),
            ["Nincs vele semmi gond", "Panasz nem volt rá"]
        );
        assert_eq!(found("minden gond nélkül megjött", "hu"), ["gond nélkül"]);
        for (text, language) in [
            ("no, a problem again", "en"),
            ("they did not solve the problem", "en"),
            ("no complaint answered", "en"),
            ("nem oldották meg a problémát", "hu"),
            ("A probléma nem volt megoldva", "hu"),
            ("no problem", "de"),
        ] {
            assert_eq!(found(text, language), [""; 0], "{text}");
        }
    }
}
