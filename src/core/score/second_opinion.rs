//! A second opinion on the mentions of watches that matter now: what to ask, and what an answer changes.

use std::collections::HashSet;
use std::sync::Arc;

use orszem_records::class::Class;
use orszem_records::time::Slice;

use orszem_records::tally::Tally;

/// The most mentions that one batch asks about; what is more stays as the built-in model judged it.
pub const BATCH: usize = 256;
/// How much of a text is sent, in characters.
pub const TEXT: usize = 2_000;
/// How many words that matched are sent.
pub const WORDS: usize = 8;

/// A mention to be judged once more: a match of one watch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewRequest {
    /// The watch.
    pub watch: String,
    /// The slice it was counted in.
    pub slice: Slice,
    /// The id of the mention.
    pub id: String,
    /// The language its record names.
    pub lang: Option<String>,
    /// Its text, at most [`TEXT`] characters.
    pub text: String,
    /// The words of the text that the watch matched, at most [`WORDS`].
    pub matched: Vec<String>,
    /// What the built-in model says; `None`: no model knows the language.
    pub class: Option<Class>,
    /// It is a repost or a copy.
    pub repeat: bool,
    /// How much less it weighs because it repeats a text, in thousandths.
    pub lighter: u64,
}

/// Who is asked, by the shell of score.
pub trait SecondOpinion: Send + Sync {
    /// The watches whose mentions are asked about now.
    fn watches(&self) -> Arc<HashSet<String>>;

    /// Judges the mentions, in their order. `None` where there is no answer: the built-in judgement stands. Blocks, for
    /// a bounded time.
    fn ask(&self, questions: &[ReviewRequest]) -> Vec<Option<Class>>;
}

/// Puts an answer in the place of the built-in judgement.
pub fn revise(tally: &mut Tally, question: &ReviewRequest, class: Class) {
    if question.class == Some(class) {
        return;
    }
    if question.class.is_none() {
        tally.counts.grounds.unjudged = tally.counts.grounds.unjudged.saturating_sub(1);
    }
    let count = |tally: &mut Tally, class: Class, by: i64| {
        let count = tally.counts.of_class(class);
        *count = count.saturating_add_signed(by);
        if question.repeat && class == Class::Negative {
            tally.negative_repeats = tally.negative_repeats.saturating_add_signed(by);
        }
    };
    // What is not judged counts as neutral beside that.
    count(tally, question.class.unwrap_or(Class::Neutral), -1);
    count(tally, class, 1);
    tally.discount.judge(question.lighter, question.class, class);
    tally.judge_sample(&question.id, class);
}
