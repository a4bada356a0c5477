//! The course of the last two days, for what creeps: a share or a level of negatives that rises over half a day and
//! more, and never spikes.
//!
//! Half-hour blocks are summed over 12, 24 and 48 hours and held against a slow average, of a half-life of a week, as
//! it was before the window began. The statistic of each test is standardised as if the stream scattered by chance
//! alone, and then by how far it has strayed in the watch's own past: days differ by more than chance. What is left is
//! held against Student's law with as many degrees of freedom as windows were seen, so that a young watch needs more.
//!
//! Blocks of a burst, which has an incident of its own, are left out: a spike of three hours is no slow burn of a day.

use std::collections::VecDeque;

use statrs::distribution::{ContinuousCDF, StudentsT};

use orszem_records::tally::Tally;

use super::baseline::BLOCK;
use super::pack::{Packer, Unpacker};

/// Blocks that are kept: two days.
const KEPT: i64 = 96;
/// The slow average is kept as it was every so many blocks (6 h).
const STEP: i64 = 12;
/// So many states of it: as far back as the longest window begins, and the one before.
const ANCHORS: usize = (KEPT / STEP) as usize + 2;
/// Half-life of the slow average in blocks: a week, so that what creeps for two days hardly moves it.
const HALF_LIFE: f64 = 7.0 * 48.0;
/// Half-life of the scatter in steps of 6 h: two weeks.
const SCATTER_HALF_LIFE: f64 = 14.0 * 4.0;
/// What a watch without a past is taken to scatter, as a multiple of chance, and how many windows that opinion weighs.
const PRIOR_SCATTER: f64 = 1.5;
/// Days differ in level by so much beside chance (standard deviation over mean), before a watch has shown by how much.
const DAYS_DIFFER: f64 = 0.3;
const PRIOR_WINDOWS: f64 = 6.0;
/// A single window says no more than this of the scatter, or a crisis would hide the next one.
const MOST_SCATTER: f64 = 16.0;
/// The slow average must rest on so many blocks (two days) before anything is held against it.
const LEAST_BLOCKS: i64 = 96;
/// A longer gap than this (12 h) is an outage, and no past to learn from.
const LONGEST_GAP: i64 = 24;
/// Fewer negatives than this in a window are no finding.
const LEAST_NEGATIVES: f64 = 20.0;
/// A share must be up by this much, or a level by this factor: less is true perhaps, and nothing to be woken for.
const LEAST_SHARE: f64 = 0.08;
const LEAST_LEVEL: f64 = 1.5;
/// Looks at a window are not independent: it is looked at every half hour, and that counts as so many looks …
const LOOKS: f64 = 2.5;
/// … nor are the tests: they count as so many.
const SEPARATE: f64 = 2.0;

/// What is tested: the share of negatives, or their level, over so many blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Test {
    Share(i64),
    Level(i64),
}

/// Levels only over whole days: they have a rhythm.
const TESTS: [Test; 5] = [Test::Share(24), Test::Share(48), Test::Share(96), Test::Level(48), Test::Level(96)];

impl Test {
    fn blocks(self) -> i64 {
        match self {
            Test::Share(blocks) | Test::Level(blocks) => blocks,
        }
    }
}

/// The slow average at the end of a block: decayed sums of mentions and negatives, and of the blocks themselves.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Slow {
    block: i64,
    mentions: f32,
    negatives: f32,
    blocks: f32,
}

/// How far a test's statistic has strayed: decayed sum of its squares, and of their number.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Strayed {
    squares: f32,
    windows: f32,
}

/// What came in a block. Originals alone: what a handful of accounts repeat for a day must not look like a day's
/// discontent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OriginalCounts {
    /// Original mentions.
    pub mentions: u32,
    /// Of them negative.
    pub negatives: u32,
}

impl OriginalCounts {
    /// Adds what a tally has.
    pub fn add(&mut self, tally: &Tally) {
        let narrow = |count: u64| u32::try_from(count).unwrap_or(u32::MAX);
        let originals = tally.counts.originals;
        let negatives = tally.counts.negatives.saturating_sub(tally.negative_repeats);
        self.mentions = self.mentions.saturating_add(narrow(originals));
        self.negatives = self.negatives.saturating_add(narrow(negatives.min(originals)));
    }

    /// Writes them.
    pub fn pack(self, packer: &mut Packer) {
        packer.unsigned(u64::from(self.mentions));
        packer.unsigned(u64::from(self.negatives));
    }

    /// Reads what [`OriginalCounts::pack`] wrote.
    pub fn unpack(unpacker: &mut Unpacker<'_>) -> Option<OriginalCounts> {
        let mut narrow = || u32::try_from(unpacker.unsigned()?).ok();
        Some(OriginalCounts { mentions: narrow()?, negatives: narrow()? })
    }
}

/// A block of the last two days. `None` was part of a burst.
type Block = Option<OriginalCounts>;

/// The last two days of a watch, and what is usual for it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SlowBurnDetector {
    /// The newest block; before the first, the watch has none.
    newest: Option<i64>,
    /// The newest block was judged.
    judged: bool,
    first: i64,
    blocks: VecDeque<Block>,
    slow: Slow,
    anchors: VecDeque<Slow>,
    strayed: [Strayed; TESTS.len()],
}

/// What the last days have come to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SlowBurnFinding {
    /// How many such findings a week the watch's own past leads one to expect.
    pub expected_per_week: f64,
    /// Original negatives in the window.
    pub observed: u64,
    /// Negatives expected there.
    pub expected: f64,
    /// Where they would lie 95 times of 100.
    pub interval: (f64, f64),
    /// The window in minutes.
    pub minutes: i64,
    /// Enough of them, and enough more than usual.
    pub matters: bool,
}

impl SlowBurnFinding {
    /// Rarer than `budget` findings a week, and worth it.
    pub fn fires(&self, budget: f64) -> bool {
        self.matters && self.expected_per_week <= budget
    }
}

/// A test's outcome before its scatter is known.
#[derive(Clone, Copy, Debug)]
struct Raw {
    z: f64,
    observed: f64,
    expected: f64,
    /// The variance of `observed` by chance.
    variance: f64,
    matters: bool,
}

impl SlowBurnDetector {
    /// Takes in a block that is complete; those since the last one were empty. `burst`: it belongs to an incident
    /// that is no slow burn, and is left out.
    pub fn absorb(&mut self, block: i64, sum: OriginalCounts, burst: bool) {
        let Some(newest) = self.newest else {
            self.first = block;
            self.push(block, sum, burst);
            return;
        };
        if block <= newest {
            return;
        }
        // After longer gaps nothing of the window is left.
        let from = (newest + 1).max(block - KEPT);
        if from > newest + 1 {
            self.age((from - newest - 1) as f64);
        }
        let outage = block - newest > LONGEST_GAP;
        for empty in from..block {
            self.push(empty, OriginalCounts::default(), outage);
        }
        self.push(block, sum, burst);
    }

    fn age(&mut self, blocks: f64) {
        let kept = (-blocks / HALF_LIFE).exp2() as f32;
        for sum in [&mut self.slow.mentions, &mut self.slow.negatives, &mut self.slow.blocks] {
            *sum *= kept;
        }
    }

    fn push(&mut self, block: i64, sum: OriginalCounts, burst: bool) {
        self.age(1.0);
        if !burst {
            self.slow.mentions += sum.mentions as f32;
            self.slow.negatives += sum.negatives as f32;
            self.slow.blocks += 1.0;
        }
        self.slow.block = block;
        self.newest = Some(block);
        self.judged = false;
        self.blocks.push_back((!burst).then_some(sum));
        if self.blocks.len() > KEPT as usize {
            self.blocks.pop_front();
        }
        if block.rem_euclid(STEP) == 0 {
            self.remember();
            self.anchors.push_back(self.slow);
            if self.anchors.len() > ANCHORS {
                self.anchors.pop_front();
            }
        }
    }

    /// A burst has begun: the newest blocks may hold its first mentions.
    pub fn forget_newest(&mut self) {
        self.blocks.iter_mut().rev().take(2).for_each(|block| *block = None);
    }

    /// What a block that was not judged yet has come to; once.
    pub fn new_finding(&mut self) -> Option<SlowBurnFinding> {
        let judged = std::mem::replace(&mut self.judged, true);
        // Most watches have too few for any of the tests.
        let negatives: f64 = self.blocks.iter().flatten().map(|sum| f64::from(sum.negatives)).sum();
        if judged || negatives < LEAST_NEGATIVES { None } else { self.finding() }
    }

    /// Learns how far the tests stray.
    fn remember(&mut self) {
        let kept = (-1.0 / SCATTER_HALF_LIFE).exp2() as f32;
        for (index, test) in TESTS.into_iter().enumerate() {
            let Some(raw) = self.raw(test) else { continue };
            // Windows overlap: one that is looked at eight times while it lasts counts as one.
            let weight = STEP as f32 / test.blocks() as f32;
            let strayed = &mut self.strayed[index];
            strayed.squares = strayed.squares * kept + weight * (raw.z * raw.z).min(MOST_SCATTER) as f32;
            strayed.windows = strayed.windows * kept + weight;
        }
    }

    fn raw(&self, test: Test) -> Option<Raw> {
        let newest = self.newest?;
        let begins = newest - test.blocks() + 1;
        let slow = self.anchors.iter().rev().find(|anchor| anchor.block < begins)?;
        if slow.block - self.first + 1 < LEAST_BLOCKS || self.blocks.len() < test.blocks() as usize {
            return None;
        }
        let window = || self.blocks.iter().rev().take(test.blocks() as usize).flatten();
        let mentions: f64 = window().map(|sum| f64::from(sum.mentions)).sum();
        let negatives: f64 = window().map(|sum| f64::from(sum.negatives)).sum();
        let blocks = window().count() as f64;
        let past = f64::from(slow.mentions);
        // One negative in four before anything is known.
        let share = (f64::from(slow.negatives) + 1.0) / (past + 4.0);
        let raw = match test {
            Test::Share(_) => {
                let expected = mentions * share;
                // The share is known no better than the past is long.
                let variance = mentions * share * (1.0 - share) * (1.0 + mentions / (past + 4.0)) + 0.25;
                let matters = negatives >= LEAST_NEGATIVES && negatives >= expected + LEAST_SHARE * mentions;
                Raw { z: (negatives - expected) / variance.sqrt(), observed: negatives, expected, variance, matters }
            }
            Test::Level(_) => {
                if blocks < test.blocks() as f64 / 2.0 {
                    return None;
                }
                let expected = f64::from(slow.negatives) / f64::from(slow.blocks).max(1.0) * blocks;
                // The root makes the scatter of a count the same at every level (Anscombe 1948).
                let scatter = (1.0 + DAYS_DIFFER.powi(2) * expected) * (1.0 + blocks / f64::from(slow.blocks).max(1.0));
                let z = 2.0 * ((negatives + 0.375).sqrt() - (expected + 0.375).sqrt()) / scatter.sqrt();
                // A level that rises with the share as it was is more talk, and that is tested as volume.
                let matters = negatives >= LEAST_NEGATIVES
                    && negatives >= LEAST_LEVEL * expected
                    && negatives >= mentions * share;
                Raw { z, observed: negatives, expected, variance: expected * scatter + 1.0, matters }
            }
        };
        Some(raw)
    }

    fn strayed(&self, index: usize) -> (f64, f64) {
        let Strayed { squares, windows } = self.strayed[index];
        let windows = f64::from(windows) + PRIOR_WINDOWS;
        let scatter = (f64::from(squares) + PRIOR_WINDOWS * PRIOR_SCATTER) / windows;
        (scatter.max(1.0), windows)
    }

    /// What the blocks that are complete have come to: the rarest of the tests that matter, or the rarest of all.
    pub fn finding(&self) -> Option<SlowBurnFinding> {
        let tests = TESTS.into_iter().enumerate().filter_map(|(index, test)| {
            let raw = self.raw(test)?;
            let (scatter, windows) = self.strayed(index);
            let law = StudentsT::new(0.0, 1.0, windows).ok()?;
            let hours = test.blocks() as f64 * BLOCK as f64 / 60.0;
            let looks = SEPARATE * LOOKS * 168.0 / hours;
            let deviation = 1.96 * (raw.variance * scatter).sqrt();
            Some(SlowBurnFinding {
                expected_per_week: (looks * law.sf(raw.z / scatter.sqrt())).clamp(1e-6, 168.0),
                observed: raw.observed as u64,
                expected: raw.expected,
                interval: ((raw.expected - deviation).max(0.0).round(), (raw.expected + deviation).round()),
                minutes: test.blocks() * BLOCK,
                matters: raw.matters,
            })
        });
        tests.min_by(|a, b| (!a.matters).cmp(&!b.matters).then(a.expected_per_week.total_cmp(&b.expected_per_week)))
    }

    /// Whether the last day is back to what was usual: in share over half of it, in level over all of it.
    pub fn is_calm(&self) -> bool {
        let usual = |index: usize| {
            let (scatter, _) = self.strayed(index);
            self.raw(TESTS[index]).is_none_or(|raw| raw.z / scatter.sqrt() < 1.0)
        };
        usual(0) && usual(3)
    }

    /// Bytes on the heap.
    pub fn heap_bytes(&self) -> usize {
        self.blocks.capacity() * size_of::<Block>() + self.anchors.capacity() * size_of::<Slow>()
    }

    /// Writes the state.
    pub fn pack(&self, packer: &mut Packer) {
        packer.signed(self.newest.map_or(i64::MIN, |newest| newest));
        packer.unsigned(u64::from(self.judged));
        packer.signed(self.first);
        packer.unsigned(self.blocks.len() as u64);
        for block in &self.blocks {
            // One more than it is; 0 is a burst.
            packer.unsigned(block.map_or(0, |sum| u64::from(sum.mentions) + 1));
            if let Some(OriginalCounts { mentions: 1.., negatives }) = block {
                packer.unsigned(u64::from(*negatives));
            }
        }
        packer.unsigned(self.anchors.len() as u64);
        for slow in self.anchors.iter().chain([&self.slow]) {
            packer.signed(slow.block - self.first);
            [slow.mentions, slow.negatives, slow.blocks].into_iter().for_each(|sum| packer.float(sum));
        }
        for strayed in self.strayed {
            packer.float(strayed.squares);
            packer.float(strayed.windows);
        }
    }

    /// Reads what [`SlowBurnDetector::pack`] wrote.
    pub fn unpack(unpacker: &mut Unpacker<'_>) -> Option<SlowBurnDetector> {
        let newest = Some(unpacker.signed()?).filter(|newest| *newest != i64::MIN);
        let judged = unpacker.unsigned()? == 1;
        let first = unpacker.signed()?;
        let mut detector = SlowBurnDetector { newest, judged, first, ..SlowBurnDetector::default() };
        for _ in 0..unpacker.unsigned()? {
            let block = match unpacker.unsigned()? {
                0 => None,
                1 => Some(OriginalCounts::default()),
                more => Some(OriginalCounts {
                    mentions: u32::try_from(more - 1).ok()?,
                    negatives: u32::try_from(unpacker.unsigned()?).ok()?,
                }),
            };
            detector.blocks.push_back(block);
        }
        let slow = |unpacker: &mut Unpacker<'_>| {
            Some(Slow {
                block: first.checked_add(unpacker.signed()?)?,
                mentions: unpacker.float()?,
                negatives: unpacker.float()?,
                blocks: unpacker.float()?,
            })
        };
        for _ in 0..unpacker.unsigned()? {
            detector.anchors.push_back(slow(unpacker)?);
        }
        detector.slow = slow(unpacker)?;
        for strayed in &mut detector.strayed {
            *strayed = Strayed { squares: unpacker.float()?, windows: unpacker.float()? };
        }
        Some(detector)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::{RngExt, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    /// Half hours of ten mentions on average, a share of them negative.
    fn run(
        detector: &mut SlowBurnDetector,
        random: &mut ChaCha8Rng,
        from: i64,
        to: i64,
        share: impl Fn(i64) -> f64,
    ) -> f64 {
        let mut rarest = f64::MAX;
        for block in from..to {
            let mentions = random.random_range(6..15_u32);
            let negatives = (0..mentions).filter(|_| random.random::<f64>() < share(block)).count() as u32;
            detector.absorb(block, OriginalCounts { mentions, negatives }, false);
            let found = detector.finding().filter(|found| found.matters);
            rarest = found.map_or(rarest, |found| rarest.min(found.expected_per_week));
        }
        rarest
    }

    #[test]
    fn a_share_that_creeps_up_is_found_and_a_steady_one_is_not() {
        let mut found = 0;
        for seed in 0..20 {
            let mut random = ChaCha8Rng::seed_from_u64(seed);
            let mut detector = SlowBurnDetector::default();
            let quiet = run(&mut detector, &mut random, 0, 14 * 48, |_| 0.3);
            assert!(quiet > 0.02, "{seed}: {quiet}");
            let creeping = |block: i64| 0.3 + 0.3 * ((block - 14 * 48) as f64 / 48.0).min(1.0);
            found += u32::from(run(&mut detector, &mut random, 14 * 48, 16 * 48, creeping) < 0.02);
        }
        assert!(found >= 18, "{found} of 20");
    }

    #[test]
    fn a_burst_that_has_an_incident_is_no_slow_burn() {
        let mut random = ChaCha8Rng::seed_from_u64(1);
        let mut detector = SlowBurnDetector::default();
        run(&mut detector, &mut random, 0, 14 * 48, |_| 0.3);
        let burst = OriginalCounts { mentions: 300, negatives: 280 };
        detector.forget_newest();
        (14 * 48..14 * 48 + 4).for_each(|block| detector.absorb(block, burst, true));
        assert!(run(&mut detector, &mut random, 14 * 48 + 4, 16 * 48, |_| 0.3) > 0.02);
    }

    #[test]
    fn a_young_watch_has_no_opinion_and_a_long_gap_is_no_error() {
        let mut random = ChaCha8Rng::seed_from_u64(1);
        let mut detector = SlowBurnDetector::default();
        run(&mut detector, &mut random, 0, 100, |_| 0.3);
        assert_eq!(detector.finding(), None);
        detector.absorb(1_000_000, OriginalCounts::default(), false);
        assert_eq!(detector.finding().filter(|found| found.matters), None);
        assert!(detector.blocks.len() <= KEPT as usize);
    }

    #[test]
    fn it_survives_packing() {
        let mut random = ChaCha8Rng::seed_from_u64(3);
        let mut detector = SlowBurnDetector::default();
        run(&mut detector, &mut random, 5, 14 * 48, |_| 0.3);
        detector.forget_newest();
        let mut packer = Packer::default();
        detector.pack(&mut packer);
        let bytes = packer.finish();
        assert!(bytes.len() < 800, "{}", bytes.len());
        assert_eq!(SlowBurnDetector::unpack(&mut Unpacker::new(&bytes)), Some(detector));
    }
}
