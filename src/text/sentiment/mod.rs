//! The sentiment of a text towards a watched name: negative, neutral or positive, with probabilities.
//!
//! text → language → features → a linear model of that language → probabilities.

mod accumulate;
mod bare_links;
pub mod bundled;
pub mod by_marks;
mod calibrate;
pub mod container;
pub mod corpus;
mod denial;
mod emoji;
mod emoticons;
mod english;
mod feature_buffer;
mod features;
pub mod feedback_corpus;
mod fit;
#[cfg(test)]
mod golden_tests;
#[cfg(test)]
mod hostile_tests;
mod hungarian;
pub mod language;
pub mod learn;
mod lexicon;
mod line;
pub mod mask;
pub mod measure;
pub mod model;
pub mod models;
pub mod near;
mod negation;
mod neutral;
mod normalize;
mod numbers;
mod prior;
pub mod texts;
pub mod train;
mod vocabulary;
mod weight_table;
mod word;
mod years;

pub use model::Model;
pub use models::Models;

use orszem_records::judgement::{Confusion, Judgement};
use orszem_records::language_code::Code;
use std::ops::Range;

/// Something that judges texts. Pure: the same text gives the same judgement everywhere.
pub trait Sentiment: Send + Sync {
    /// The language of `text`: that of its record (BCP 47), unless the text contradicts it; `None` if neither is known.
    fn language(&self, text: &str, said: Option<&str>) -> Option<Code>;

    /// Judges `text`, written in `language`, towards the name at the byte ranges `target`; words in these ranges have
    /// no sentiment. Text in `out_of_scope` is about somebody else ([`near`]). Both are sorted.
    fn judge(
        &self,
        text: &str,
        language: Option<Code>,
        target: &[Range<usize>],
        out_of_scope: &[Range<usize>],
    ) -> Judgement;

    /// The measured rates at which texts in `lang` are rightly and wrongly judged negative; `None` for languages
    /// without a model.
    fn error(&self, lang: &str) -> Option<Confusion>;
}
