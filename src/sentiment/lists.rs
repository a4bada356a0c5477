//! The lists of words that speak for or against, as groups of places in a model's table.
//!
//! They are used in training only: the words of a group share a weight there, which then becomes part of each word's own.

use super::features::{of_sign, of_stem, of_word};
use super::{emoji, english, hungarian};

const VERY_BAD: u8 = 1;
const BAD: u8 = 2;
const GOOD: u8 = 3;
const VERY_GOOD: u8 = 4;

/// For each of 2^bits places its group, 0 for none. A negated word is in the mild group of the other side.
pub(super) fn groups(bits: u32) -> Vec<u8> {
    let mut groups = vec![0; 1 << bits];
    let mut put = |group: u8, features: &mut dyn Iterator<Item = (u32, bool)>| {
        for (feature, negated) in features {
            let group = match (group, negated) {
                (group, false) => group,
                (VERY_BAD | BAD, true) => GOOD,
                (_, true) => BAD,
            };
            groups[(feature >> (32 - bits)) as usize] = group;
        }
    };
    let lists =
        [(VERY_BAD, english::VERY_BAD), (BAD, english::BAD), (GOOD, english::GOOD), (VERY_GOOD, english::VERY_GOOD)];
    for (group, words) in lists {
        words.split_whitespace().for_each(|word| put(group, &mut of_word(word).into_iter()));
    }
    let lists = [
        (VERY_BAD, hungarian::VERY_BAD),
        (BAD, hungarian::BAD),
        (GOOD, hungarian::GOOD),
        (VERY_GOOD, hungarian::VERY_GOOD),
    ];
    for (group, stems) in lists {
        stems.split_whitespace().for_each(|stem| put(group, &mut of_stem(stem)));
    }
    let lists = [(VERY_BAD, emoji::VERY_BAD), (BAD, emoji::BAD), (GOOD, emoji::GOOD), (VERY_GOOD, emoji::VERY_GOOD)];
    for (group, signs) in lists {
        put(group, &mut signs.chars().map(|sign| (of_sign(sign), false)));
    }
    groups
}
