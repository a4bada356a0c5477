//! Sentiment by word lists: VADER's for English (Hutto & Gilbert 2014), our own for Hungarian. Other languages: unknown.
//!
//! The sum of the words' valences x becomes x/√(x² + 15), as VADER has it; beyond ±0.05 it is a class.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::ops::Range;
use xxhash_rust::xxh3::xxh3_64;

use super::{Class, Judgement, Sentiment, hungarian};
use crate::watch::fold::folded;

/// VADER's constant that keeps the sum between −1 and 1.
const ALPHA: f32 = 15.0;
/// VADER's border between neutral and the rest.
const BORDER: f32 = 0.05;
/// What a negation makes of a valence (VADER).
const NEGATION: f32 = -0.74;
/// How many words a negation reaches (VADER).
const REACH: usize = 3;
/// The longest word looked at, in bytes; what is longer is no word.
const LONGEST: usize = 32;

/// English negations (folded, without apostrophe).
const ENGLISH_NEGATIONS: &[&str] = &[
    "not", "no", "never", "none", "nothing", "neither", "nor", "cannot", "cant", "dont", "doesnt", "didnt", "isnt",
    "arent", "wasnt", "werent", "wont", "wouldnt", "shouldnt", "couldnt", "hasnt", "havent", "hadnt", "without",
    "hardly", "rarely", "aint",
];

/// The word lists, folded and ready.
#[derive(Debug)]
pub struct Lexicon {
    english: Words,
    hungarian: Words,
    /// Emoji by their character, for every language.
    emoji: HashMap<char, f32>,
    /// For characters below [`PLAIN`] the ASCII letter that folding makes of them; 0 where it is not one.
    plain: Vec<u8>,
}

/// What a word does. Words are kept by their hash: half of the time of judging a text went into comparing them.
#[derive(Clone, Copy, Debug)]
enum Force {
    /// It carries a valence, from −4 to 4.
    Carries(f32),
    /// It turns what follows into its opposite.
    Negates,
}

#[derive(Debug)]
struct Words {
    forces: HashMap<u64, Force, BuildHasherDefault<Hashed>>,
    /// Count a word by the longest listed beginning.
    by_stem: bool,
}

/// The keys are hashes already.
#[derive(Debug, Default)]
struct Hashed(u64);

impl Hasher for Hashed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, _: &[u8]) {
        unreachable!("only u64 keys are hashed");
    }

    fn write_u64(&mut self, key: u64) {
        self.0 = key;
    }
}

impl Lexicon {
    /// Prepares the lists.
    pub fn new() -> Lexicon {
        let english: HashMap<String, f32> = vader_sentiment::LEXICON
            .iter()
            .filter(|(word, _)| word.chars().all(|c| c.is_alphanumeric() || c == '\'' || c == '-'))
            .map(|(word, valence)| (folded(word).replace('\'', ""), *valence as f32))
            .collect();
        let emoji = vader_sentiment::EMOJI_LEXICON.iter().filter_map(|(emoji, description)| {
            let mut characters = emoji.chars();
            let single = characters.next().filter(|_| characters.next().is_none())?;
            let valence: f32 = description.split_whitespace().filter_map(|word| english.get(word)).sum();
            (valence != 0.0 && !single.is_ascii()).then_some((single, valence))
        });
        let emoji = emoji.collect();
        let english = english.iter().map(|(word, valence)| (word.as_str(), *valence));
        Lexicon {
            english: Words::new(english, ENGLISH_NEGATIONS, false),
            hungarian: Words::new(hungarian::STEMS.iter().copied(), hungarian::NEGATIONS, true),
            emoji,
            plain: (0..PLAIN).map(plain_letter).collect(),
        }
    }

    /// The sum of valences of `text` and how many words carried one.
    fn sum(&self, words: &Words, text: &str, masked: &[Range<usize>]) -> (f32, u32) {
        let mut sum = Sum { words, masked, valence: 0.0, carriers: 0, since_negation: usize::MAX };
        let mut word = Word { bytes: [0; LONGEST + 1], len: 0, begin: 0 };
        let bytes = text.as_bytes();
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            if byte.is_ascii() {
                match LETTERS[usize::from(byte)] {
                    0 if byte == b'\'' => {}
                    0 => sum.end(&mut word, at),
                    letter => word.push(at, &[letter]),
                }
                at += 1;
                continue;
            }
            let Some(character) = text[at..].chars().next() else { break };
            if character.is_alphanumeric() {
                match self.plain.get(character as usize).copied().unwrap_or(0) {
                    0 => word.push(at, folded(character.encode_utf8(&mut [0; 4])).as_bytes()),
                    letter => word.push(at, &[letter]),
                }
            } else if character != '’' {
                sum.end(&mut word, at);
                if let Some(valence) = self.emoji.get(&character) {
                    sum.valence += valence;
                    sum.carriers += 1;
                }
            }
            at += character.len_utf8();
        }
        sum.end(&mut word, text.len());
        (sum.valence, sum.carriers)
    }
}

fn plain_letter(code: u32) -> u8 {
    let folded = char::from_u32(code).map(|character| folded(character.encode_utf8(&mut [0; 4])));
    match folded.as_deref().map(str::as_bytes) {
        Some(&[letter]) => letter,
        _ => 0,
    }
}

/// The lower-case letter or digit of an ASCII byte; 0 for those that end a word.
const LETTERS: [u8; 128] = {
    let mut letters = [0; 128];
    let mut byte = 0;
    while byte < 128 {
        if (byte as u8).is_ascii_alphanumeric() {
            letters[byte] = (byte as u8).to_ascii_lowercase();
        }
        byte += 1;
    }
    letters
};

/// Characters below this one have their plain letter in a table: all of Latin with its accents.
const PLAIN: u32 = 0x250;

/// The word being read, folded. What is longer than [`LONGEST`] is cut one byte beyond, and so is no listed word.
struct Word {
    bytes: [u8; LONGEST + 1],
    len: usize,
    begin: usize,
}

impl Word {
    fn push(&mut self, at: usize, letters: &[u8]) {
        if self.len == 0 {
            self.begin = at;
        }
        for letter in letters {
            if let Some(place) = self.bytes.get_mut(self.len) {
                *place = *letter;
                self.len += 1;
            }
        }
    }
}

/// What was said so far.
struct Sum<'a> {
    words: &'a Words,
    masked: &'a [Range<usize>],
    valence: f32,
    carriers: u32,
    since_negation: usize,
}

impl Sum<'_> {
    /// Takes in the word that ends before `at`, if there is one.
    fn end(&mut self, word: &mut Word, at: usize) {
        if word.len == 0 {
            return;
        }
        self.since_negation = self.since_negation.saturating_add(1);
        match self.words.look_up(&word.bytes[..word.len]) {
            Some(Force::Negates) => self.since_negation = 0,
            Some(Force::Carries(valence)) => {
                let hidden = self.masked.iter().any(|range| range.start < at && word.begin < range.end);
                if !hidden {
                    self.valence += if self.since_negation <= REACH { valence * NEGATION } else { valence };
                    self.carriers += 1;
                }
            }
            None => {}
        }
        word.len = 0;
    }
}

impl Default for Lexicon {
    fn default() -> Lexicon {
        Lexicon::new()
    }
}

impl Words {
    fn new<'a>(valences: impl Iterator<Item = (&'a str, f32)>, negations: &[&str], by_stem: bool) -> Words {
        let mut forces: HashMap<u64, Force, _> = HashMap::default();
        forces.extend(valences.map(|(word, valence)| (xxh3_64(word.as_bytes()), Force::Carries(valence))));
        forces.extend(negations.iter().map(|word| (xxh3_64(word.as_bytes()), Force::Negates)));
        Words { forces, by_stem }
    }

    fn look_up(&self, word: &[u8]) -> Option<Force> {
        if word.len() > LONGEST {
            return None;
        }
        if let Some(force) = self.forces.get(&xxh3_64(word)) {
            return Some(*force);
        }
        if !self.by_stem {
            return None;
        }
        // Below four letters too many words begin alike: those stems count as whole words only.
        let mut stems = (4..word.len()).rev().filter_map(|end| self.forces.get(&xxh3_64(&word[..end])));
        stems.find(|force| matches!(force, Force::Carries(_))).copied()
    }
}

impl Sentiment for Lexicon {
    fn judge(&self, text: &str, lang: Option<&str>, masked: &[Range<usize>]) -> Judgement {
        let language = lang.map(|lang| lang.get(..2).unwrap_or(lang).to_ascii_lowercase());
        let (sum, carriers) = match language.as_deref() {
            Some("en") => self.sum(&self.english, text, masked),
            Some("hu") => self.sum(&self.hungarian, text, masked),
            Some("un" | "mu") | None => {
                let english = self.sum(&self.english, text, masked);
                let hungarian = self.sum(&self.hungarian, text, masked);
                if hungarian.1 > english.1 { hungarian } else { english }
            }
            Some(_) => (0.0, 0),
        };
        let score = sum / (sum * sum + ALPHA).sqrt();
        let class = match score {
            _ if carriers == 0 => Class::Neutral,
            score if score <= -BORDER => Class::Negative,
            score if score >= BORDER => Class::Positive,
            _ => Class::Neutral,
        };
        Judgement { class, confidence: if carriers == 0 { 0.0 } else { score.abs() } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn class(text: &str, lang: Option<&str>) -> Class {
        Lexicon::new().judge(text, lang, &[]).class
    }

    #[test]
    fn both_languages_and_their_negations() {
        assert_eq!(class("Worst airline ever, terrible service", Some("en")), Class::Negative);
        assert_eq!(class("I love this, great crew!", Some("en-GB")), Class::Positive);
        assert_eq!(class("The flight leaves at noon", Some("en")), Class::Neutral);
        assert_eq!(class("This isn’t good", Some("en")), Class::Negative);
        assert_eq!(class("Felháborító, borzalmas kiszolgálás", Some("hu")), Class::Negative);
        assert_eq!(class("Csalódtunk, botrányos!", Some("hu")), Class::Negative);
        assert_eq!(class("Nagyszerű volt, köszönjük", Some("hu")), Class::Positive);
        assert_eq!(class("nem jó", Some("hu")), Class::Negative);
        assert_eq!(class("botrányos ez a csalás", None), Class::Negative);
    }

    #[test]
    fn the_watched_name_does_not_count() {
        let lexicon = Lexicon::new();
        let text = "Kellemes Kft. nyitva";
        assert_eq!(lexicon.judge(text, Some("hu"), &[]).class, Class::Positive);
        assert_eq!(lexicon.judge(text, Some("hu"), std::slice::from_ref(&(0..8))).class, Class::Neutral);
    }

    #[test]
    fn a_language_that_nobody_here_knows_is_neutral_and_unsure() {
        let judgement = Lexicon::new().judge("horrible et terrible", Some("fr"), &[]);
        assert_eq!(judgement, Judgement { class: Class::Neutral, confidence: 0.0 });
    }
}
