//! Words that turn what follows into its opposite, or set it against what was said.

use super::features::word_hash;

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

/// More than four times the words, so that most look-ups end at the first place.
const SLOTS: usize = 256;

/// The hashes of the words, each at its place or the next free one.
static TABLE: [u64; SLOTS] = {
    let mut table = [0; SLOTS];
    let mut at = 0;
    while at < WORDS.len() {
        let hash = word_hash(WORDS[at].as_bytes());
        let mut slot = hash as usize % SLOTS;
        while table[slot] != 0 {
            slot = (slot + 1) % SLOTS;
        }
        table[slot] = hash;
        at += 1;
    }
    table
};

/// Whether the word with this hash negates.
#[inline]
pub(super) fn negates(hash: u64) -> bool {
    let mut slot = hash as usize % SLOTS;
    while TABLE[slot] != 0 {
        if TABLE[slot] == hash {
            return true;
        }
        slot = (slot + 1) % SLOTS;
    }
    false
}

/// Words after which what is said weighs more than what was: English and Hungarian, without accents.
const TURNS: [u64; 10] = [
    word_hash(b"but"),
    word_hash(b"however"),
    word_hash(b"yet"),
    word_hash(b"although"),
    word_hash(b"de"),
    word_hash(b"am"),
    word_hash(b"azonban"),
    word_hash(b"viszont"),
    word_hash(b"megis"),
    word_hash(b"csakhogy"),
];

/// Whether what follows the word with this hash weighs more than what was said before.
#[inline]
pub(super) fn turns(hash: u64) -> bool {
    TURNS.contains(&hash)
}
