//! The authors: a fixed crowd, most with about a hundred followers, a few with millions.

use std::fmt::Write;

use super::dice::{Dice, mix};
use super::mention::Author;

/// The number of people in each language.
const CROWD: usize = 60_000;

const HUNGARIAN_FIRST: [&str; 20] = [
    "anna", "bence", "csilla", "dora", "eszter", "feri", "gabor", "hanna", "istvan", "judit", "kati", "levente",
    "marci", "nori", "orsi", "peti", "reka", "sanyi", "tamas", "zsofi",
];
const HUNGARIAN_LAST: [&str; 16] = [
    "kovacs", "nagy", "szabo", "toth", "varga", "kiss", "molnar", "nemeth", "farkas", "balogh", "papp", "takacs",
    "juhasz", "lakatos", "meszaros", "olah",
];
const ENGLISH_FIRST: [&str; 20] = [
    "alice", "ben", "carla", "dan", "emma", "finn", "grace", "harry", "isla", "jack", "kate", "liam", "mia", "noah",
    "olive", "paul", "rosie", "sam", "tess", "will",
];
const ENGLISH_LAST: [&str; 16] = [
    "archer", "brook", "carter", "dale", "ellis", "ford", "green", "hale", "irwin", "jones", "knox", "lane", "marsh",
    "north", "page", "reed",
];

/// A random person of the crowd. A few write often, most seldom.
pub(super) fn anyone(seed: u64, hungarian: bool, dice: &mut Dice) -> Author {
    let unit = dice.unit();
    // The square makes the first percent of the crowd write a tenth of all.
    let number = (unit * unit * CROWD as f64) as usize;
    person(seed, hungarian, number)
}

/// One of the `count` accounts of a campaign: not part of the crowd, and without followers.
pub(super) fn puppet(campaign: u64, hungarian: bool, count: usize, dice: &mut Dice) -> Author {
    let mut author = person(campaign, hungarian, CROWD + dice.below(count));
    author.followers %= 90;
    author
}

/// The person with this number: always the same name and followers.
fn person(seed: u64, hungarian: bool, number: usize) -> Author {
    let id = mix(seed ^ mix((number as u64) << 1 | u64::from(hungarian)));
    let mut dice = Dice::new(id);
    let (first, last) = if hungarian { (&HUNGARIAN_FIRST, &HUNGARIAN_LAST) } else { (&ENGLISH_FIRST, &ENGLISH_LAST) };
    let mut name = String::with_capacity(24);
    name.push_str(dice.pick(first));
    name.push_str(dice.pick(&["_", "", "."]));
    name.push_str(dice.pick(last));
    let _ = write!(name, "{}", dice.below(1000));
    // Pareto: the median has 75 followers, one in a thousand has 20,000. The cap is realistic.
    let followers = 40.0 * (1.0 - dice.unit()).powf(-1.0 / 1.1);
    Author { id: format!("{:x}", id >> 16), name, followers: followers.min(5e6) as u64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn followers_are_heavy_tailed_and_people_stay_who_they_are() {
        let mut followers: Vec<u64> = (0..20_000).map(|number| person(1, true, number).followers).collect();
        followers.sort_unstable();
        assert!((60..95).contains(&followers[10_000]), "{}", followers[10_000]);
        assert!(followers[19_980] > 10_000, "{}", followers[19_980]);
        assert_eq!(person(7, false, 3), person(7, false, 3));
        assert_ne!(person(7, false, 3).id, person(7, true, 3).id);
    }
}
