//! What a text says about a watched name: negative, neutral or positive, and how sure that is.
//!
//! text → language → features → a linear model of that language → probabilities.

mod calibrate;
mod code;
pub mod corpus;
mod emoji;
mod english;
pub mod error;
mod face;
mod features;
mod fit;
mod gathered;
#[cfg(test)]
mod golden;
#[cfg(test)]
mod hostile;
mod hungarian;
mod iso639;
pub mod language;
pub mod lessons;
mod letters;
mod lists;
pub mod mask;
pub mod measure;
pub mod model;
pub mod models;
pub mod near;
mod negation;
mod numbers;
mod places;
pub mod shipped;
mod sums;
pub mod train;
mod vocabulary;
mod word;

pub use code::{Code, short_code};
pub use error::{Confusion, Grounds};
pub use model::Model;
pub use models::Models;

use serde::{Deserialize, Serialize};
use std::ops::Range;

/// The three classes of sentiment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// Speaks against the watched name.
    Negative,
    /// Neither, or nothing here can tell.
    #[default]
    Neutral,
    /// Speaks for the watched name.
    Positive,
}

impl Class {
    /// All of them, in the order of their probabilities.
    pub const ALL: [Class; 3] = [Class::Negative, Class::Neutral, Class::Positive];

    /// Its place among probabilities.
    pub fn index(self) -> usize {
        match self {
            Class::Negative => 0,
            Class::Neutral => 1,
            Class::Positive => 2,
        }
    }

    /// The class with the highest probability; of equal ones the milder judgement.
    pub fn likeliest([negative, neutral, positive]: [f32; 3]) -> Class {
        if negative > neutral && negative > positive {
            Class::Negative
        } else if positive > neutral && positive > negative {
            Class::Positive
        } else {
            Class::Neutral
        }
    }

    /// As data sets write it: `neg`, `neu` or `pos`.
    pub fn label(self) -> &'static str {
        match self {
            Class::Negative => "neg",
            Class::Neutral => "neu",
            Class::Positive => "pos",
        }
    }

    /// The class that data sets write so.
    pub fn from_label(label: &str) -> Option<Class> {
        Class::ALL.into_iter().find(|class| class.label() == label)
    }
}

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
}

/// The judgement of one text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Judgement {
    /// The most likely class.
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

/// Something that judges texts. Pure: the same text gives the same judgement everywhere.
pub trait Sentiment: Send + Sync {
    /// The language that `text` is written in: what its record says (BCP 47), unless the text contradicts it; `None` when
    /// neither tells.
    fn language(&self, text: &str, said: Option<&str>) -> Option<Code>;

    /// Judges `text`, written in `language`, towards the name that stands at the byte ranges `masked`: words inside them
    /// say nothing about sentiment. What lies in `hidden` is about somebody else ([`near`]). Both are sorted.
    fn judge(&self, text: &str, language: Option<Code>, masked: &[Range<usize>], hidden: &[Range<usize>]) -> Judgement;

    /// How often texts in `lang` are judged negative, rightly and wrongly, as measured; `None` for languages that no
    /// model has seen.
    fn error(&self, lang: &str) -> Option<Confusion>;
}
