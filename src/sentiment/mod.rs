//! What a text says about a watched name: negative, neutral or positive, and how sure that is.

pub mod error;
pub mod hungarian;
pub mod lexicon;

pub use error::Confusion;
pub use lexicon::Lexicon;

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

/// The judgement of one text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Judgement {
    /// The most likely class.
    pub class: Class,
    /// How sure, from 0 (a guess) to 1.
    pub confidence: f32,
}

/// Something that judges texts. Pure: the same text gives the same judgement everywhere.
pub trait Sentiment: Send + Sync {
    /// Judges `text`, written in `lang` (BCP 47, `None` when unknown), towards the name that stands at the byte ranges
    /// `masked`: words inside them say nothing about sentiment.
    fn judge(&self, text: &str, lang: Option<&str>, masked: &[Range<usize>]) -> Judgement;
}
