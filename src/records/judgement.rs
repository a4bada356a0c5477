//! What a text is judged to say, and how often such judgements are wrong: measured, so that detection can allow for it
//! and every alert can say so.

use serde::{Deserialize, Serialize};

use crate::class::Class;
use crate::language_code::Code;

/// What a judgement stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// A model of the text's language.
    Own,
    /// The model for all languages that have none of their own: it knows against and for, and calls the middle neutral.
    Multilingual,
    /// Nothing: no model has seen the language, or there is too little text to tell it. It counts to volume only.
    Nothing,
    /// Nothing: the text has no words but the watched name, only links, handles, numbers or signs. It counts to volume
    /// only.
    Wordless,
}

/// The judgement of one text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Judgement {
    /// The most likely class, as people are shown it.
    pub class: Class,
    /// The probability of that class; 0 where nothing is known.
    pub confidence: f32,
    /// The probabilities of negative, neutral and positive, as if the three were equally common.
    pub probabilities: [f32; 3],
    /// The language of the text, as far as known.
    pub language: Option<Code>,
    /// What the judgement stands on.
    pub basis: Basis,
    /// How many of 1000 texts that are not negative its model takes for negative; 0 where nothing judges.
    pub mistaken: u16,
}

impl Judgement {
    /// What it counts as in detection.
    pub fn counted(&self) -> Class {
        Class::counted(self.probabilities)
    }

    /// Whether anything was judged.
    pub fn is_judged(&self) -> bool {
        matches!(self.basis, Basis::Own | Basis::Multilingual)
    }

    /// Nothing is known.
    pub const UNKNOWN: Judgement = Judgement {
        class: Class::Neutral,
        confidence: 0.0,
        probabilities: [0.0, 1.0, 0.0],
        language: None,
        basis: Basis::Nothing,
        mistaken: 0,
    };
}

/// What the judgements of some mentions stand on, added up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default)]
pub struct Grounds {
    /// Sum over the mentions of how many of 1000 others their model takes for negative ([`Confusion::mistaken`]).
    #[serde(skip_serializing_if = "is_zero")]
    pub mistaken: u64,
    /// Mentions judged by the model for all languages that have none of their own.
    #[serde(skip_serializing_if = "is_zero")]
    pub multilingual: u64,
    /// Mentions in a language that nothing here can judge: they count to volume only.
    #[serde(skip_serializing_if = "is_zero")]
    pub unjudged: u64,
    /// Mentions without words to judge, whatever their language: they count to volume only.
    #[serde(skip_serializing_if = "is_zero")]
    pub wordless: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the form that serde asks for")]
fn is_zero(count: &u64) -> bool {
    *count == 0
}

impl Grounds {
    /// Nothing was judged, or nothing is known of how.
    pub fn is_empty(&self) -> bool {
        *self == Grounds::default()
    }

    /// Counts a judgement.
    pub fn count(&mut self, judgement: &Judgement) {
        self.mistaken += u64::from(judgement.mistaken);
        match judgement.basis {
            Basis::Own => {}
            Basis::Multilingual => self.multilingual += 1,
            Basis::Nothing => self.unjudged += 1,
            Basis::Wordless => self.wordless += 1,
        }
    }

    /// Adds those of other mentions.
    pub fn add(&mut self, other: &Grounds) {
        self.mistaken += other.mistaken;
        self.multilingual += other.multilingual;
        self.unjudged += other.unjudged;
        self.wordless += other.wordless;
    }
}

/// What a classifier makes of negative texts and of others.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Confusion {
    /// The share of negative texts that it finds.
    pub found: f64,
    /// The share of other texts that it takes for negative.
    pub mistaken: f64,
}

impl Confusion {
    /// That of the English model on tweets of years that were left out of training.
    pub const ENGLISH: Confusion = Confusion { found: 0.704, mistaken: 0.1775 };
    /// That of Hungarian models on reviews and on news when these were left out of training, and of English tweets
    /// judged as Hungarian ones are.
    pub const HUNGARIAN: Confusion = Confusion { found: 0.598, mistaken: 0.2315 };

    /// What to reckon with where little is known.
    pub const USUAL: Confusion = Confusion {
        found: f64::midpoint(Confusion::ENGLISH.found, Confusion::HUNGARIAN.found),
        mistaken: f64::midpoint(Confusion::ENGLISH.mistaken, Confusion::HUNGARIAN.mistaken),
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_judged_is_told_apart() {
        let mut grounds = Grounds::default();
        let judged = Judgement { basis: Basis::Own, mistaken: 190, ..Judgement::UNKNOWN };
        let wordless = Judgement { basis: Basis::Wordless, ..Judgement::UNKNOWN };
        [judged, wordless, wordless, Judgement::UNKNOWN].iter().for_each(|judgement| grounds.count(judgement));
        let mut twice = grounds;
        twice.add(&grounds);
        assert_eq!((twice.mistaken, twice.wordless, twice.unjudged, twice.multilingual), (380, 4, 2, 0));
        let counts = crate::counts::MentionCounts { mentions: 8, grounds: twice, ..Default::default() };
        assert_eq!(counts.judged(), 2);
    }
}
