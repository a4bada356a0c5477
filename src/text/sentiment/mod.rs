//! What a text says about a watched name: negative, neutral or positive, and how sure that is.
//!
//! text → language → features → a linear model of that language → probabilities.

mod accumulate;
pub mod bundled;
mod calibrate;
pub mod corpus;
mod emoji;
mod emoticons;
mod english;
mod feature_buffer;
mod features;
pub mod feedback_corpus;
mod fit;
#[cfg(test)]
mod golden;
#[cfg(test)]
mod hostile;
mod hungarian;
pub mod language;
mod lexicon;
pub mod mask;
pub mod measure;
pub mod model;
pub mod models;
pub mod near;
mod negation;
mod normalize;
mod numbers;
pub mod train;
mod vocabulary;
mod weight_table;
mod word;

pub use model::Model;
pub use models::Models;

use orszem_records::judgement::{Confusion, Judgement};
use orszem_records::language_code::Code;
use std::ops::Range;

/// Something that judges texts. Pure: the same text gives the same judgement everywhere.
pub trait Sentiment: Send + Sync {
    /// The language that `text` is written in: what its record says (BCP 47), unless the text contradicts it; `None`
    /// when neither tells.
    fn language(&self, text: &str, said: Option<&str>) -> Option<Code>;

    /// Judges `text`, written in `language`, towards the name that stands at the byte ranges `masked`: words inside
    /// them say nothing about sentiment. What lies in `hidden` is about somebody else ([`near`]). Both are sorted.
    fn judge(&self, text: &str, language: Option<Code>, masked: &[Range<usize>], hidden: &[Range<usize>]) -> Judgement;

    /// How often texts in `lang` are judged negative, rightly and wrongly, as measured; `None` for languages that no
    /// model has seen.
    fn error(&self, lang: &str) -> Option<Confusion>;
}
