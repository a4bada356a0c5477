//! What the complete minutes of a watch have taught: the past that its present is held against.

use orszem_records::tally::Tally;

use crate::detect::absence::Presence;
use crate::detect::baseline::{Averaged, BLOCK, Baseline, Rates, block_of};
use crate::detect::drivers::TermHistory;
use crate::detect::half_hours::HalfHours;
use crate::detect::limits::Limits;
use crate::detect::minute_counts::{WINDOWS, window_minutes};
use crate::detect::rhythm::Rhythm;
use crate::detect::severity::FalsePositiveRate;
use crate::detect::slow_share::{Judged, SlowShare};
use crate::detect::tail_model::ScoreHistory;
use crate::detect::weighed_counts::{WeighedCounts, whole};

/// The past of a watch.
#[derive(Clone, Debug)]
pub(crate) struct Past {
    /// What came in the block under way.
    pub(crate) block: Block,
    pub(crate) baseline: Baseline,
    pub(crate) rhythm: Rhythm,
    pub(crate) scores: ScoreHistory,
    pub(crate) half_hours: HalfHours,
    pub(crate) share: SlowShare,
    pub(crate) terms: TermHistory,
    pub(crate) presence: Presence,
    /// How often what judges its mentions is wrong.
    pub(crate) false_positives: FalsePositiveRate,
}

/// A block of half an hour.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Block {
    pub(crate) number: i64,
    pub(crate) counts: WeighedCounts,
}

impl Block {
    /// What was judged of it, repeats discounted.
    fn judged(&self) -> Judged {
        Judged {
            mentions: whole(self.counts.discounted_judged),
            negatives: whole(self.counts.discounted_negatives),
            positives: whole(self.counts.discounted_positives),
        }
    }
}

impl Default for Past {
    fn default() -> Past {
        Past {
            block: Block::default(),
            baseline: Baseline::new(0),
            rhythm: Rhythm::default(),
            scores: ScoreHistory::default(),
            half_hours: HalfHours::default(),
            share: SlowShare::default(),
            terms: TermHistory::default(),
            presence: Presence::default(),
            false_positives: FalsePositiveRate::default(),
        }
    }
}

/// The mentions expected of a block before it began, repeats discounted; `None` in an outage.
fn expected_of(baseline: &Baseline, block: i64) -> Option<f64> {
    Some(baseline.at_work(block - 1)?.a_minute.discounted * BLOCK as f64)
}

impl Past {
    /// Begins with `minute`.
    pub(super) fn begin(&mut self, minute: i64) {
        // The block it begins in is not whole, and does not count.
        let first = block_of(minute + BLOCK - 1);
        self.baseline = Baseline::new(first);
        self.share.begin(first);
        self.half_hours.begin(block_of(minute));
    }

    /// Hands the block and the hour that ended before `minute` to those that learn from them.
    pub(super) fn settle(&mut self, minute: i64, limits: &Limits) {
        let Block { number, counts } = self.block;
        let now = block_of(minute);
        if number < now && counts != WeighedCounts::default() {
            let judged = self.block.judged();
            self.block = Block { number, ..Block::default() };
            let before = self.baseline.at(number - 1);
            let expected = before.map(|rates| rates.a_minute.discounted * BLOCK as f64);
            self.rhythm.absorb(
                number,
                counts.mentions,
                before.map(|rates| rates.a_minute.mentions * BLOCK as f64),
                &limits.zone,
            );
            let baseline = &self.baseline;
            let weighed_negatives = counts.weighed_negatives as f64;
            let mentions = whole(counts.discounted);
            self.half_hours.absorb(number, mentions, weighed_negatives, |block| expected_of(baseline, block));
            let expected = expected.map(|expected| expected * counts.part_judged());
            self.share.absorb(number, judged, expected.filter(|_| baseline.clips(number)));
            self.baseline.absorb(number, &Averaged::from(&counts));
        }
        let baseline = &self.baseline;
        self.half_hours.fill(now, |block| expected_of(baseline, block));
        self.share.fill(now);
        self.scores.settle(minute);
    }

    /// What the block `now` has of each class so far.
    pub(super) fn judged_under_way(&self, now: i64) -> Judged {
        if self.block.number == now { self.block.judged() } else { Judged::default() }
    }

    /// Counts a complete minute, once those before it are settled.
    pub(super) fn add(&mut self, minute: i64, counts: &WeighedCounts) {
        if block_of(minute) != self.block.number {
            self.block = Block { number: block_of(minute), ..Block::default() };
        }
        self.block.counts.add(counts);
    }

    /// Learns what else the tally of a complete minute tells. `open`: an incident is.
    pub(super) fn learn(&mut self, minute: i64, tally: &Tally, open: bool) {
        self.false_positives.add(tally);
        self.terms.add(minute, &tally.key_terms, open);
    }

    /// What a block was expected to bring before it began, rhythm included.
    pub(super) fn usual(&self, block: i64, limits: &Limits) -> Option<Rates> {
        self.expected_from(block * BLOCK, BLOCK, limits)
    }

    /// The rates as they were before each of the windows that end with `minute` began: at least 5 minutes back.
    pub(super) fn before_windows(&self, minute: i64, limits: &Limits) -> [Option<Rates>; WINDOWS] {
        std::array::from_fn(|j| self.expected_from(minute - window_minutes(j) + 1, window_minutes(j), limits))
    }

    /// What was expected of the `minutes` that begin with `begin`, before the block of `begin` began.
    fn expected_from(&self, begin: i64, minutes: i64, limits: &Limits) -> Option<Rates> {
        Some(self.in_rhythm(self.baseline.at(block_of(begin) - 1)?, begin, minutes, limits))
    }

    /// What was expected of the `minutes` that begin with `begin`, before the block of `known` began; of what is no
    /// longer known, the earliest that is.
    pub(super) fn expected_at(&self, known: i64, begin: i64, minutes: i64, limits: &Limits) -> Option<Rates> {
        Some(self.in_rhythm(self.baseline.near(block_of(known) - 1)?, begin, minutes, limits))
    }

    fn in_rhythm(&self, rates: Rates, begin: i64, minutes: i64, limits: &Limits) -> Rates {
        if limits.rhythm { rates.times(self.rhythm.factor(begin, minutes, &limits.zone)) } else { rates }
    }

    pub(super) fn heap_bytes(&self) -> usize {
        self.baseline.heap_bytes()
            + self.rhythm.heap_bytes()
            + self.scores.heap_bytes()
            + self.half_hours.heap_bytes()
            + self.share.heap_bytes()
            + self.terms.heap_bytes()
            + self.presence.heap_bytes()
    }
}
