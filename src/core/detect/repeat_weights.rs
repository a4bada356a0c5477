//! What repeats weigh: a text that many people pass on weighs as spread, one that a handful of accounts repeat as a
//! handful.
//!
//! Every author of a repost or copy brings one credit, once in one to two hours; a repeat that finds a credit weighs
//! one, the others nothing. Credits that were not used wait for the author's next repeat. Originals always weigh one.

use serde::{Deserialize, Serialize};

use orszem_records::authors::Authors;
use orszem_records::tally::Tally;

use super::weighed_counts::WeighedCounts;

/// Minutes after which the older half of the known authors is forgotten.
const TURN: i64 = 60;

/// Who repeated lately, and what credit is left.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RepeatWeights {
    turn: i64,
    /// Authors of the turn before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    older: Option<Box<Authors>>,
    /// Authors of this turn alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    newer: Option<Box<Authors>>,
    credit: u64,
    negative_credit: u64,
}

impl RepeatWeights {
    /// Whether a turn ends between two minutes: then weights are known only when the minutes are complete.
    pub fn turns_between(from: i64, to: i64) -> bool {
        from.div_euclid(TURN) != to.div_euclid(TURN)
    }

    /// Counts a minute. Minutes come in order. Within one turn the sum of what minutes weigh never falls when more is
    /// counted in any of them.
    pub fn weigh(&mut self, minute: i64, tally: &Tally) -> WeighedCounts {
        let repeats = tally.counts.repeats();
        let mut weighed = WeighedCounts::unweighed(&tally.counts, &tally.discount);
        if repeats == 0 {
            return weighed;
        }
        self.turn_to(minute.div_euclid(TURN));
        if tally.repeaters.is_empty() {
            // Who repeated is not known: nothing can be held against it.
            return weighed;
        }
        let newer = self.newer.get_or_insert_default();
        let mut known = self.older.as_deref().cloned().unwrap_or_default();
        known.merge(newer);
        let before = known.count();
        known.merge(&tally.repeaters);
        let fresh = known.count().saturating_sub(before);
        newer.merge(&tally.repeaters);
        let pay = |credit: &mut u64, asked: u64| {
            *credit += fresh;
            let paid = asked.min(*credit);
            *credit -= paid;
            asked - paid
        };
        weighed.weighed -= pay(&mut self.credit, repeats);
        let negative = tally.negative_repeats.min(tally.counts.negatives);
        weighed.weighed_negatives -= pay(&mut self.negative_credit, negative);
        weighed
    }

    /// What a tally weighs at least: repeats of authors that may turn out to be known weigh nothing.
    pub fn least(tally: &Tally) -> WeighedCounts {
        let counts = WeighedCounts::unweighed(&tally.counts, &tally.discount);
        WeighedCounts {
            weighed: counts.weighed - tally.counts.repeats(),
            weighed_negatives: counts.weighed_negatives.saturating_sub(tally.negative_repeats),
            ..counts
        }
    }

    fn turn_to(&mut self, turn: i64) {
        if turn <= self.turn {
            return;
        }
        self.older = self.newer.take().filter(|_| turn == self.turn + 1);
        self.turn = turn;
        (self.credit, self.negative_credit) = (0, 0);
    }

    /// Bytes on the heap.
    pub fn heap_bytes(&self) -> usize {
        [&self.older, &self.newer].into_iter().flatten().count() * 536
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use orszem_records::time::Slice;
    use proptest::prelude::*;

    fn repeats(authors: std::ops::Range<u32>, each: u64) -> Tally {
        let mut tally = Tally::new("acme", Slice(0));
        for author in authors {
            tally.counts.mentions += each;
            tally.counts.negatives += each;
            tally.negative_repeats += each;
            tally.counts.copies += each;
            tally.repeaters.add(&author.to_string());
        }
        tally
    }

    #[test]
    fn a_handful_weighs_as_a_handful_however_long_it_goes_on() {
        let mut weights = RepeatWeights::default();
        let weighed: u64 = (600..660).map(|minute| weights.weigh(minute, &repeats(0..5, 1)).weighed).sum();
        assert_eq!(weighed, 5);
        let next: u64 = (660..720).map(|minute| weights.weigh(minute, &repeats(0..5, 1)).weighed_negatives).sum();
        assert_eq!(next, 0, "they are still known in the next hour");
        assert_eq!(weights.weigh(720 + 120, &repeats(0..5, 1)).weighed, 5);
    }

    #[test]
    fn many_people_weigh_as_many() {
        let mut weights = RepeatWeights::default();
        let weighed = weights.weigh(7, &repeats(0..300, 1));
        assert!((280..=300).contains(&weighed.weighed), "{weighed:?}");
    }

    #[test]
    fn originals_weigh_one_beside_a_campaign() {
        let mut weights = RepeatWeights::default();
        let mut tally = repeats(0..3, 100);
        tally.counts.mentions += 40;
        tally.counts.originals += 40;
        tally.counts.negatives += 10;
        let weighed = weights.weigh(7, &tally);
        assert_eq!((weighed.mentions, weighed.weighed, weighed.weighed_negatives), (340, 43, 13));
    }

    #[test]
    fn where_authors_are_not_told_repeats_weigh_in_full() {
        let mut tally = repeats(0..3, 10);
        tally.repeaters = Authors::default();
        assert_eq!(RepeatWeights::default().weigh(7, &tally).weighed, 30);
    }

    proptest! {
        /// What lets the early pass trust the weights of minutes that are not complete.
        #[test]
        fn more_mentions_never_weigh_less_in_sum(
            minutes in proptest::collection::vec((0_u32..20, 1_u32..8, 1_u64..6), 5),
            more in proptest::collection::vec((0_u32..20, 0_u32..8, 0_u64..6), 5),
        ) {
            let (mut few, mut many) = (RepeatWeights::default(), RepeatWeights::default());
            let (mut sum, mut larger) = (WeighedCounts::default(), WeighedCounts::default());
            for (minute, ((from, authors, each), more)) in (0_i64..).zip(minutes.into_iter().zip(more)) {
                let mut tally = repeats(from..from + authors, each);
                sum.add(&few.weigh(minute, &tally));
                let (from, authors, each) = more;
                tally.merge(&repeats(from..from + authors, each));
                larger.add(&many.weigh(minute, &tally));
                prop_assert!(larger.weighed >= sum.weighed && larger.weighed_negatives >= sum.weighed_negatives);
            }
        }
    }
}
