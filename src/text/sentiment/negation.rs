//! Words that turn what follows into its opposite, or set it against what was said.

use super::word::word_hash;

/// Without accents and apostrophes. All languages in one list: what negates in one is rare in the others.
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

/// Words after which what is said weighs more than what was: English and Hungarian, without accents.
const TURNS: &[&str] = &["but", "however", "yet", "although", "de", "am", "azonban", "viszont", "megis", "csakhogy"];

/// What a word does to those that follow it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Does {
    /// It denies them.
    Negate,
    /// It sets them against what was said: they weigh more.
    Turn,
}

/// More than four times the words, so that most look-ups end at the first place.
const SLOTS: usize = 256;

/// The hashes of the words, each at its place or the next free one.
static TABLE: [(u64, Does); SLOTS] = {
    let mut table = [(0, Does::Negate); SLOTS];
    let mut at = 0;
    while at < WORDS.len() + TURNS.len() {
        let (word, does) =
            if at < WORDS.len() { (WORDS[at], Does::Negate) } else { (TURNS[at - WORDS.len()], Does::Turn) };
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

/// What the word with this hash does.
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
