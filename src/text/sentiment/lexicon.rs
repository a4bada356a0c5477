//! Lists of positive and negative words, as groups of features.
//!
//! They are used only in training: the words of a group share a weight there, which then becomes part of each word's
//! own weight.

use std::collections::BTreeMap;

use super::features::{of_sign, of_stem, of_word};
use super::{emoji, english, hungarian};

/// The words of a language by meaning; the language's file describes how they are written.
pub(super) struct Lists {
    pub(super) awful: &'static str,
    pub(super) bad: &'static str,
    /// Bad events: crime, accidents, losses.
    pub(super) harm: &'static str,
    /// Insults and hard feelings.
    pub(super) abuse: &'static str,
    pub(super) good: &'static str,
    pub(super) great: &'static str,
    /// Good things: success, thanks, joy.
    pub(super) gain: &'static str,
}

impl Lists {
    fn groups(&self) -> [&'static str; 7] {
        [self.awful, self.bad, self.harm, self.abuse, self.good, self.great, self.gain]
    }
}

/// The number of negative groups.
const AGAINST: u8 = 4;
/// The number of groups of plain words. Negated words and words after a contrast have separate groups, this many
/// further on.
const PLAIN: u8 = 7;
/// The number of groups of these lists.
pub(super) const LISTED_GROUPS: u8 = 3 * PLAIN;
/// The number of groups of plain words of another list: from very negative to very positive.
pub(super) const SHADES: u8 = 6;
/// The number of groups, including the group of words without one.
pub(super) const GROUPS: usize = LISTED_GROUPS as usize + 3 * SHADES as usize + 1;

/// Whether the words of a group of these lists are against something; `None` for words after a contrast and for groups
/// of other lists.
pub(super) fn side(group: u8) -> Option<bool> {
    let is_plain_or_negated = (1..=2 * PLAIN).contains(&group);
    is_plain_or_negated.then(|| (group - 1) % PLAIN < AGAINST)
}

/// The features of all lists, with their groups, from 1.
pub(super) fn listed() -> BTreeMap<u32, u8> {
    let mut listed = BTreeMap::new();
    let mut beginnings: BTreeMap<u32, Option<u8>> = BTreeMap::new();
    let is_against = |group: u8| (group - 1) % PLAIN < AGAINST;
    for lists in [english::LISTS, hungarian::LISTS] {
        for (group, words) in (1..).zip(lists.groups()) {
            for word in words.split_whitespace() {
                let Some(stem) = word.strip_suffix('*') else {
                    listed.extend(of_word(word).map(|(feature, as_said)| (feature, group + PLAIN * as_said as u8)));
                    continue;
                };
                for (feature, as_said) in of_stem(stem) {
                    let here = group + PLAIN * as_said as u8;
                    let known = beginnings.entry(feature).or_insert(Some(here));
                    // The beginning of both positive and negative words has no sentiment.
                    if known.is_some_and(|other| is_against(other) != is_against(here)) {
                        *known = None;
                    }
                }
            }
        }
    }
    // A whole word takes precedence over a beginning.
    for (feature, group) in beginnings {
        if let Some(group) = group {
            listed.entry(feature).or_insert(group);
        }
    }
    let signs = [(1, emoji::VERY_BAD), (2, emoji::BAD), (5, emoji::GOOD), (6, emoji::VERY_GOOD)];
    for (group, signs) in signs {
        listed.extend(signs.chars().map(|sign| (of_sign(sign), group)));
    }
    listed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_written_as_models_read() {
        for words in [english::LISTS, hungarian::LISTS].iter().flat_map(Lists::groups) {
            for word in words.split_whitespace() {
                let letters = word.strip_suffix('*').unwrap_or(word);
                assert!(letters.bytes().all(|byte| byte.is_ascii_lowercase()), "{word}");
            }
        }
    }

    #[test]
    fn words_are_on_one_side_and_a_turn_sets_them_apart() {
        let listed = listed();
        let group = |word: &str| of_word(word).map(|(feature, _)| listed.get(&feature).copied());
        assert_eq!(group("best"), [Some(6), Some(13), Some(20)]);
        assert_eq!(group("szar"), [Some(4), Some(11), Some(18)]);
        assert_eq!(group("szarvas"), [None; 3]);
    }
}
