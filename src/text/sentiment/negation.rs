//! Words that negate the following words, or contrast them with the words before, and those that are no words.

use super::word::word_hash;

/// Without accents and apostrophes. One list for all languages: a negation in one language is rare in the others.
const WORDS: &[&str] = &[
    // English.
    "not",
    "no",
    "never",
    "none",
    "nothing",
    "neither",
    "nor",
    "cannot",
    "cant",
    "dont",
    "doesnt",
    "didnt",
    "isnt",
    "arent",
    "wasnt",
    "werent",
    "wont",
    "wouldnt",
    "shouldnt",
    "couldnt",
    "hasnt",
    "havent",
    "hadnt",
    "without",
    "hardly",
    "rarely",
    "aint",
    "nobody", // Hungarian.
    "nem",
    "ne",
    "sem",
    "nincs",
    "nincsen",
    "nincsenek",
    "sincs",
    "sincsen",
    "sosem",
    "soha",
    "nelkul",
    "senki",
    "semmi", // German, Slovak and Polish, Swedish, Spanish.
    "nicht",
    "kein",
    "keine",
    "nie",
    "nikto",
    "nikdy",
    "nic",
    "inte",
    "ej",
    "ingen",
    "aldrig",
    "nunca",
    "jamas",
    "nada",
];

/// Contrast words, after which words weigh more: English and Hungarian, without accents.
const TURNS: &[&str] = &["but", "however", "yet", "although", "de", "am", "azonban", "viszont", "megis", "csakhogy"];

/// The mark of a repost, and what data sets put in the place of links.
const NO_WORDS: [(&str, Does); 2] = [("rt", Does::Repost), ("http", Does::Link)];

/// The effect of a word on the following words, or what it is instead of a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Does {
    /// It negates them.
    Negate,
    /// It contrasts them with the words before: they weigh more.
    Turn,
    /// It marks what somebody else said.
    Repost,
    /// It is in the place of a link.
    Link,
}

/// More than four times the number of words, so that most lookups end at the first slot.
const SLOTS: usize = 256;

/// The hashes of the words, each in its slot or the next free one.
static TABLE: [(u64, Does); SLOTS] = {
    let mut table = [(0, Does::Negate); SLOTS];
    let mut at = 0;
    while at < WORDS.len() + TURNS.len() + NO_WORDS.len() {
        let (word, does) = if at < WORDS.len() {
            (WORDS[at], Does::Negate)
        } else if at < WORDS.len() + TURNS.len() {
            (TURNS[at - WORDS.len()], Does::Turn)
        } else {
            NO_WORDS[at - WORDS.len() - TURNS.len()]
        };
        let hash = word_hash(word.as_bytes());
        let mut slot = hash as usize % SLOTS;
        while table[slot].0 != 0 {
            slot = (slot + 1) % SLOTS;
        }
        table[slot] = (hash, does);
        at += 1;
    }
    table
};

/// The effect of the word with this hash.
#[inline(always)]
pub(super) fn does(hash: u64) -> Option<Does> {
    let mut slot = hash as usize % SLOTS;
    while TABLE[slot].0 != 0 {
        if TABLE[slot].0 == hash {
            return Some(TABLE[slot].1);
        }
        slot = (slot + 1) % SLOTS;
    }
    None
}
