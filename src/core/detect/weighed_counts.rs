//! What was counted in a span of event time, as it is and with repeats weighed.

use std::ops::AddAssign;

use orszem_records::counts::MentionCounts;

use super::pack::{Packer, Unpacker};

/// The five counts of a minute, a window or a block; also what they are on average (`f64`), and the narrow forms in
/// which many of them are kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WeighedCounts<N = u64> {
    /// All mentions.
    pub mentions: N,
    /// Of them negative.
    pub negatives: N,
    /// Of them positive.
    pub positives: N,
    /// Mentions, repeats weighed by who repeats (see `repeat_weights.rs`); at most `mentions`.
    pub weighed: N,
    /// Negatives, weighed likewise; at most `negatives`.
    pub weighed_negatives: N,
}

impl<N> WeighedCounts<N> {
    /// Each of the counts changed by `change`.
    pub fn map<M>(self, change: impl Fn(N) -> M) -> WeighedCounts<M> {
        let [mentions, negatives, positives, weighed, weighed_negatives] = self.into_array().map(change);
        WeighedCounts { mentions, negatives, positives, weighed, weighed_negatives }
    }

    /// Each of the counts changed by `change`, which also gets that of `other`.
    pub fn zip<O, M>(self, other: WeighedCounts<O>, change: impl Fn(N, O) -> M) -> WeighedCounts<M> {
        WeighedCounts {
            mentions: change(self.mentions, other.mentions),
            negatives: change(self.negatives, other.negatives),
            positives: change(self.positives, other.positives),
            weighed: change(self.weighed, other.weighed),
            weighed_negatives: change(self.weighed_negatives, other.weighed_negatives),
        }
    }

    /// In the order in which they are packed.
    pub fn into_array(self) -> [N; 5] {
        [self.mentions, self.negatives, self.positives, self.weighed, self.weighed_negatives]
    }
}

impl<N: AddAssign + Copy> WeighedCounts<N> {
    /// Adds another span.
    pub fn add(&mut self, other: &WeighedCounts<N>) {
        self.mentions += other.mentions;
        self.negatives += other.negatives;
        self.positives += other.positives;
        self.weighed += other.weighed;
        self.weighed_negatives += other.weighed_negatives;
    }
}

impl WeighedCounts {
    /// Mentions that weigh one each.
    pub fn unweighed(counts: &MentionCounts) -> WeighedCounts {
        let MentionCounts { mentions, negatives, positives, .. } = *counts;
        WeighedCounts { mentions, negatives, positives, weighed: mentions, weighed_negatives: negatives }
    }

    /// Nothing was counted.
    pub fn is_empty(&self) -> bool {
        self.mentions == 0
    }

    /// Writes them.
    pub fn pack(self, packer: &mut Packer) {
        self.into_array().into_iter().for_each(|count| packer.unsigned(count));
    }

    /// Reads what [`WeighedCounts::pack`] wrote.
    pub fn unpack(unpacker: &mut Unpacker<'_>) -> Option<WeighedCounts> {
        Some(WeighedCounts {
            mentions: unpacker.unsigned()?,
            negatives: unpacker.unsigned()?,
            positives: unpacker.unsigned()?,
            weighed: unpacker.unsigned()?,
            weighed_negatives: unpacker.unsigned()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_count_is_added_and_packed_in_its_own_place() {
        let mut sum =
            WeighedCounts { mentions: 500, negatives: 40, positives: 300, weighed: 200, weighed_negatives: 10 };
        sum.add(&sum.map(|count| count / 10));
        assert_eq!(sum.into_array(), [550, 44, 330, 220, 11]);
        assert_eq!(sum.zip(sum, |one, other| one - other), WeighedCounts::default());
        let mut packer = Packer::default();
        sum.pack(&mut packer);
        assert_eq!(WeighedCounts::unpack(&mut Unpacker::new(&packer.finish())), Some(sum));
    }
}
