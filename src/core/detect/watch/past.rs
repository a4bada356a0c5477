//! What the complete minutes of a watch have taught: the past that its present is held against.

use orszem_records::tally::Tally;

use crate::detect::absence::Presence;
use crate::detect::baseline::{BLOCK, Baseline, Rates, block_of};
use crate::detect::drivers::TermHistory;
use crate::detect::limits::Limits;
use crate::detect::minute_counts::{WINDOWS, window_minutes};
use crate::detect::rhythm::Rhythm;
use crate::detect::severity::FalsePositiveRate;
use crate::detect::slow_burn::{OriginalCounts, SlowBurnDetector};
use crate::detect::tail_model::ScoreHistory;
use crate::detect::weighed_counts::WeighedCounts;

/// The past of a watch.
#[derive(Clone, Debug)]
pub(crate) struct Past {
    /// What came in the block under way.
    pub(crate) block: Block,
    pub(crate) baseline: Baseline,
    pub(crate) rhythm: Rhythm,
    pub(crate) scores: ScoreHistory,
    pub(crate) slow_burn: SlowBurnDetector,
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
    pub(crate) originals: OriginalCounts,
}

impl Default for Past {
    fn default() -> Past {
        Past {
            block: Block::default(),
            baseline: Baseline::new(0),
            rhythm: Rhythm::default(),
            scores: ScoreHistory::default(),
            slow_burn: SlowBurnDetector::default(),
            terms: TermHistory::default(),
            presence: Presence::default(),
            false_positives: FalsePositiveRate::default(),
        }
    }
}

impl Past {
    /// Begins with `minute`.
    pub(super) fn begin(&mut self, minute: i64) {
        // The block it begins in is not whole, and does not count.
        self.baseline = Baseline::new(block_of(minute + BLOCK - 1));
    }

    /// Hands the block and the hour that ended before `minute` to those that learn from them. `burst`: an incident is
    /// open that is no slow burn.
    pub(super) fn settle(&mut self, minute: i64, burst: bool, limits: &Limits) {
        let Block { number, counts, originals } = self.block;
        if number < block_of(minute) && counts != WeighedCounts::default() {
            self.block = Block { number, ..Block::default() };
            let expected = self.baseline.at(number - 1).map(|rates| rates.a_minute.weighed * BLOCK as f64);
            self.rhythm.absorb(number, counts.weighed, expected, &limits.zone);
            self.baseline.absorb(number, &counts);
            self.slow_burn.absorb(number, originals, burst);
        }
        self.scores.settle(minute);
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
        self.block.originals.add(tally);
        self.false_positives.add(tally);
        self.terms.add(minute, &tally.key_terms, open);
    }

    /// An incident opens; `burst`: it is no slow burn.
    pub(super) fn incident_opens(&mut self, burst: bool) {
        self.terms.open();
        if burst {
            self.slow_burn.forget_newest();
        }
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
        let rates = self.baseline.at(block_of(begin) - 1)?;
        Some(if limits.rhythm { rates.times(self.rhythm.factor(begin, minutes, &limits.zone)) } else { rates })
    }

    pub(super) fn heap_bytes(&self) -> usize {
        self.baseline.heap_bytes()
            + self.rhythm.heap_bytes()
            + self.scores.heap_bytes()
            + self.slow_burn.heap_bytes()
            + self.terms.heap_bytes()
            + self.presence.heap_bytes()
    }
}
