//! What is known of words before training: the groups of word lists, and where the weights of English words start.
//!
//! `models/english_words.py` makes the two English files from GloVe's vectors and VADER's lexicon. They are used only
//! in training: what they know becomes part of the words' own weights.

use std::collections::BTreeMap;
use std::io::{self, BufRead};

use super::by_marks::ByMarks;
use super::features::of_word;
use super::lexicon::{self, LISTED_GROUPS, SHADES};
use crate::packed::unpacked;

/// The scores of words for negative and positive.
const WORDS: &[u8] = include_bytes!("../../../models/english-words.tsv.gz");
/// VADER's words with their group, 0 (very negative) to 5 (very positive).
const GROUPS: &[u8] = include_bytes!("../../../models/english-groups.tsv.gz");
/// The step of a score, as in `models/english_words.py`.
const STEP: f32 = 1.0 / 20.0;

/// What is known of features before training.
pub(super) struct Prior {
    /// The groups of listed features, from 1.
    pub(super) groups: BTreeMap<u32, u8>,
    /// The weights of negative, neutral and positive at the start; 0 for other features.
    pub(super) start: BTreeMap<u32, [f32; 3]>,
    /// What is neutral of the last kind of text, if it has no neutral texts.
    pub(super) neutral: Option<(ByMarks, f32)>,
}

impl Prior {
    /// The lists written for this program, which are for every language.
    pub(super) fn lists() -> Prior {
        Prior { groups: lexicon::listed(), start: BTreeMap::new(), neutral: None }
    }

    /// The same, and what marks say of neutral texts of the last kind.
    pub(super) fn with_marks(by_marks: ByMarks, spread: f32) -> Prior {
        Prior { neutral: Some((by_marks, spread)), ..Prior::lists() }
    }

    /// The same lists, and what is known of English words.
    ///
    /// # Errors
    /// Never, once the tests have passed: the files are part of the program.
    pub(super) fn english() -> io::Result<Prior> {
        let mut prior = Prior::lists();
        for row in rows(GROUPS)? {
            let (word, [group]) = row?;
            for (feature, as_said) in of_word(&word) {
                let group = LISTED_GROUPS + 1 + u8::try_from(group).map_err(io::Error::other)? + SHADES * as_said as u8;
                // A word of our own lists keeps its group.
                prior.groups.entry(feature).or_insert(group);
            }
        }
        for row in rows(WORDS)? {
            let (word, scores): (_, [i16; 2]) = row?;
            let [negative, positive] = scores.map(|score| f32::from(score) * STEP);
            let [(plain, _), ..] = of_word(&word);
            prior.start.insert(plain, [negative, -negative - positive, positive]);
        }
        Ok(prior)
    }
}

/// The words of a file, each with its numbers.
fn rows<const N: usize>(file: &'static [u8]) -> io::Result<impl Iterator<Item = io::Result<(String, [i16; N])>>> {
    let wrong = || io::Error::from(io::ErrorKind::InvalidData);
    Ok(unpacked(file)?.lines().map(move |line| {
        let line = line?;
        let (word, numbers) = line.split_once('\t').ok_or_else(wrong)?;
        let numbers: Result<Vec<i16>, _> = numbers.split('\t').map(str::parse).collect();
        let numbers = numbers.map_err(io::Error::other)?.try_into().map_err(|_| wrong())?;
        Ok((word.to_owned(), numbers))
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_other_peoples_lists_start_on_their_side() {
        let prior = Prior::english().unwrap();
        let against = |word: &str| {
            let [negative, _, positive] = prior.start[&of_word(word)[0].0];
            negative - positive
        };
        assert!(against("terrible") > 1.0 && against("sadness") > 0.5 && against("wonderful") < -1.0);
        let lists = Prior::lists();
        for (feature, group) in &lists.groups {
            assert_eq!(prior.groups[feature], *group, "a word of our own lists keeps its group");
        }
        let [plain, negated, turned] = of_word("sympathy").map(|(feature, _)| prior.groups[&feature]);
        assert!(plain > LISTED_GROUPS && negated == plain + SHADES && turned == negated + SHADES);
        assert!(prior.groups.values().all(|group| usize::from(*group) < lexicon::GROUPS));
        assert!(lists.start.is_empty());
    }
}
