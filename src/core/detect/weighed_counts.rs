//! What was counted in a span of event time, as it is and with repeats weighed.

use std::ops::AddAssign;

use orszem_records::counts::MentionCounts;
use orszem_records::tally::Discount;

use super::pack::{Packer, Unpacker};

/// Counts with repeats discounted are kept in this many parts of a mention.
pub const PARTS: u64 = 16;

/// The counts of a minute, a window or a block; also the narrow forms in which many of them are kept.
///
/// Repeats are weighed in two ways. By *who* repeats (`weighed`): a text that many people pass on weighs as many, one
/// that a handful of accounts repeat as a handful. By *what* is repeated (`discounted`): the k-th repeat of a text
/// weighs 1/(1 + k), so that a storm of one text says little of how much is talked, or how angrily.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WeighedCounts<N = u64> {
    /// All mentions.
    pub mentions: N,
    /// Of them negative.
    pub negatives: N,
    /// Mentions, repeats weighed by who repeats (see `repeat_weights.rs`); at most `mentions`.
    pub weighed: N,
    /// Negatives, weighed likewise; at most `negatives`.
    pub weighed_negatives: N,
    /// Mentions with repeats discounted, in sixteenths ([`PARTS`]).
    pub discounted: N,
    /// Negatives with repeats discounted, in sixteenths.
    pub discounted_negatives: N,
    /// Positives with repeats discounted, in sixteenths.
    pub discounted_positives: N,
    /// Mentions that were judged, with repeats discounted, in sixteenths: what shares are shares of.
    pub discounted_judged: N,
}

impl<N> WeighedCounts<N> {
    /// Each of the counts changed by `change`.
    pub fn map<M>(self, change: impl Fn(N) -> M) -> WeighedCounts<M> {
        let [
            mentions,
            negatives,
            weighed,
            weighed_negatives,
            discounted,
            discounted_negatives,
            discounted_positives,
            discounted_judged,
        ] = self.into_array().map(change);
        WeighedCounts {
            mentions,
            negatives,
            weighed,
            weighed_negatives,
            discounted,
            discounted_negatives,
            discounted_positives,
            discounted_judged,
        }
    }

    /// In the order in which they are packed.
    pub fn into_array(self) -> [N; 8] {
        [
            self.mentions,
            self.negatives,
            self.weighed,
            self.weighed_negatives,
            self.discounted,
            self.discounted_negatives,
            self.discounted_positives,
            self.discounted_judged,
        ]
    }
}

impl<N: AddAssign + Copy> WeighedCounts<N> {
    /// Adds another span.
    pub fn add(&mut self, other: &WeighedCounts<N>) {
        self.mentions += other.mentions;
        self.negatives += other.negatives;
        self.weighed += other.weighed;
        self.weighed_negatives += other.weighed_negatives;
        self.discounted += other.discounted;
        self.discounted_negatives += other.discounted_negatives;
        self.discounted_positives += other.discounted_positives;
        self.discounted_judged += other.discounted_judged;
    }
}

/// A count in sixteenths as a number of mentions.
pub fn whole(parts: u64) -> f64 {
    parts as f64 / PARTS as f64
}

impl WeighedCounts {
    /// Mentions whose repeats weigh one each by who repeats, and are discounted by what they repeat.
    pub fn unweighed(counts: &MentionCounts, discount: &Discount) -> WeighedCounts {
        let MentionCounts { mentions, negatives, positives, .. } = *counts;
        // Rounded: half a part is nothing, and rounding keeps the order of counts that only grow.
        let parts = |count: u64, thousandths: u64| {
            (count.saturating_mul(1000).saturating_sub(thousandths).saturating_mul(PARTS) + 500) / 1000
        };
        WeighedCounts {
            mentions,
            negatives,
            weighed: mentions,
            weighed_negatives: negatives,
            discounted: parts(mentions, discount.mentions),
            discounted_negatives: parts(negatives, discount.negatives),
            discounted_positives: parts(positives, discount.positives),
            discounted_judged: parts(counts.judged(), discount.mentions.saturating_sub(discount.unjudged)),
        }
    }

    /// Which part of the mentions was judged, repeats discounted: 0 to 1; 1 of none.
    pub fn part_judged(&self) -> f64 {
        if self.discounted == 0 { 1.0 } else { (self.discounted_judged as f64 / self.discounted as f64).min(1.0) }
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
        let mentions = unpacker.unsigned()?;
        WeighedCounts::unpack_after(mentions, unpacker)
    }

    /// Reads the counts that are packed after the mentions.
    pub fn unpack_after(mentions: u64, unpacker: &mut Unpacker<'_>) -> Option<WeighedCounts> {
        Some(WeighedCounts {
            mentions,
            negatives: unpacker.unsigned()?,
            weighed: unpacker.unsigned()?,
            weighed_negatives: unpacker.unsigned()?,
            discounted: unpacker.unsigned()?,
            discounted_negatives: unpacker.unsigned()?,
            discounted_positives: unpacker.unsigned()?,
            discounted_judged: unpacker.unsigned()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_count_is_added_and_packed_in_its_own_place() {
        let mut sum = WeighedCounts {
            mentions: 500,
            negatives: 40,
            weighed: 200,
            weighed_negatives: 10,
            discounted: 8000,
            discounted_negatives: 640,
            discounted_positives: 100,
            discounted_judged: 7000,
        };
        sum.add(&sum.map(|count| count / 10));
        assert_eq!(sum.into_array(), [550, 44, 220, 11, 8800, 704, 110, 7700]);
        let mut packer = Packer::default();
        sum.pack(&mut packer);
        assert_eq!(WeighedCounts::unpack(&mut Unpacker::new(&packer.finish())), Some(sum));
    }

    #[test]
    fn repeats_are_discounted_and_nothing_else() {
        let counts = MentionCounts { mentions: 10, negatives: 4, positives: 3, ..MentionCounts::default() };
        let whole = WeighedCounts::unweighed(&counts, &Discount::default());
        assert_eq!((whole.discounted, whole.discounted_negatives, whole.discounted_positives), (160, 64, 48));
        // Three repeats of a negative text: 1/2, 1/3 and 1/4 of a mention are left of them.
        let lighter = 500 + 667 + 750;
        let discount = Discount { mentions: lighter, negatives: lighter, ..Discount::default() };
        let less = WeighedCounts::unweighed(&counts, &discount);
        assert_eq!((less.discounted, less.discounted_negatives, less.discounted_positives), (129, 33, 48));
        assert_eq!((less.mentions, less.weighed), (10, 10));
    }
    #[test]
    fn what_was_not_judged_is_no_part_of_what_shares_are_of() {
        let mut counts = MentionCounts { mentions: 10, negatives: 2, ..MentionCounts::default() };
        (counts.grounds.unjudged, counts.grounds.wordless) = (3, 1);
        let judged = |discount: Discount| WeighedCounts::unweighed(&counts, &discount).discounted_judged;
        assert_eq!(judged(Discount::default()), 6 * PARTS);
        // A text that was not judged is repeated, and one that was.
        assert_eq!(judged(Discount { mentions: 500, unjudged: 500, ..Discount::default() }), 6 * PARTS);
        assert_eq!(judged(Discount { mentions: 500, ..Discount::default() }), 11 * PARTS / 2);
    }
}
