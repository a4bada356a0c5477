//! What is neutral, by marks that need no language: how strongly a text is for or against, how many words it has,
//! links, handles and punctuation.

use serde::{Deserialize, Serialize};

use super::features::Marks;
use super::lexicon;

/// The number of marks.
pub(super) const MARKS: usize = 23;

/// How much marks say of negative and positive rather than neutral.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ByMarks {
    /// The kind of text that is judged so. Its two outputs are how much a text is against rather than for, and the
    /// words of our lists.
    pub(super) kind: usize,
    /// For each mark, of negative and positive.
    pub(super) weights: [[f32; 2]; MARKS],
    /// The same of a text without marks.
    pub(super) bias: [f32; 2],
}

/// A word of our lists against something, as a weight. The sum of a text holds two counts.
pub(super) const AGAINST: i8 = 1;
/// A word for something.
pub(super) const FOR: i8 = 16;

/// The weight of a feature of this group, as a word of our lists.
pub(super) fn listed(group: u8) -> i8 {
    match lexicon::side(group) {
        None => 0,
        Some(true) => AGAINST,
        Some(false) => FOR,
    }
}

impl ByMarks {
    /// The same for a kind of text.
    pub(super) fn of_kind(self, kind: usize) -> ByMarks {
        ByMarks { kind, ..self }
    }

    /// Whether a model of `kinds` kinds has this one.
    pub(super) fn fits(&self, kinds: usize) -> bool {
        self.kind < kinds
    }

    /// The logits of negative and positive rather than neutral.
    pub(super) fn logits(&self, against: f32, listed: i32, marks: &Marks) -> [f32; 2] {
        // Four sums, because each addition waits for the one before.
        let mut sums = [[0.0_f32; 2]; 4];
        for (at, (input, weights)) in inputs(against, listed, marks).into_iter().zip(&self.weights).enumerate() {
            sums[at % 4].iter_mut().zip(weights).for_each(|(sum, weight)| *sum += input * weight);
        }
        let [one, two, three, four] = sums;
        std::array::from_fn(|side| (one[side] + two[side]) + (three[side] + four[side]) + self.bias[side])
    }
}

/// The marks as numbers: how much the text is against rather than for, its words of our lists, and its marks.
pub(super) fn inputs(against: f32, listed: i32, marks: &Marks) -> [f32; MARKS] {
    let few = |count: u32, most: u32| count.min(most) as f32;
    let yes = |is: bool| f32::from(u8::from(is));
    let bad = u32::try_from(listed % i32::from(FOR)).unwrap_or(0);
    let good = u32::try_from(listed / i32::from(FOR)).unwrap_or(0);
    [
        against,
        against.abs(),
        (against.abs() - 1.0).max(0.0),
        few(marks.links, 2),
        few(marks.handles, 2),
        yes(marks.is_reply),
        few(marks.glad, 2),
        few(marks.sad, 2),
        few(marks.hashes, 2),
        few(marks.exclamations, 2),
        few(marks.questions, 2),
        few(marks.dots, 2),
        few(marks.quotes, 2),
        few(marks.shouted, 2),
        few(marks.numbers, 2),
        few(marks.colons, 2),
        few(marks.commas, 3) / 3.0,
        few(marks.words, 40).sqrt() / 2.0,
        yes(marks.words < 5),
        few(bad, 3),
        few(good, 3),
        yes(bad + good == 0),
        yes(bad > 0 && good > 0),
    ]
}
