//! What a watch's own past leads one to expect: a slow average, and how much the stream scatters around it.
//!
//! The average moves in blocks of half an hour. It is kept as it was after each of the last blocks that had a mention;
//! empty blocks only decay it, in closed form, so that years of nothing cost nothing and the result does not depend on
//! how often somebody looked.

use std::collections::VecDeque;

use statrs::distribution::{DiscreteCDF, NegativeBinomial, Poisson};

use super::minute_counts::MINUTES;
use super::pack::{Packer, Unpacker};
use super::weighed_counts::{PARTS, WeighedCounts};

/// The minutes of a day.
pub const DAY_MINUTES: i64 = 24 * 60;
/// Minutes in a block.
pub const BLOCK: i64 = 30;
/// The half-life of the average: three days.
pub const HALF_LIFE_BLOCKS: f64 = 3.0 * 24.0 * 60.0 / BLOCK as f64;
/// What belongs to a burst hardly enters: a block counts at most this many times what was expected of it, and ten …
const CLIP: f64 = 3.0;
const CLIP_MARGIN: f64 = 10.0;
/// … from this many blocks on (a day): before, the day may be worth many times the night.
const CLIP_AFTER: i64 = DAY_MINUTES / BLOCK;
/// No rate is given before this many blocks of past (2 h).
const LEAST_BLOCKS: i64 = 4;
/// Silence is learnt from for at least this long (12 h) …
const SILENCE_BLOCKS: f64 = 24.0;
/// … and until this many mentions were missed: by then it is no low tide but an outage, and no past to learn from.
const SILENCE_MISSED: f64 = 20.0;
/// Blocks looked back at: those in which a tested window can begin, and one before.
pub const KEPT_BLOCKS: i64 = MINUTES / BLOCK + 2;

/// The block that a minute lies in.
pub const fn block_of(minute: i64) -> i64 {
    minute.div_euclid(BLOCK)
}

/// The average as it was at the end of a block. `f32`: seven digits are plenty, and a snapshot keeps them bit for bit.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Anchor {
    /// Narrow, because a watch keeps two dozen of them.
    block: i32,
    /// Weighted sums of what came in a block.
    sums: Averaged<f32>,
    /// The weight of the past in them, towards 1.
    weight: f32,
    /// Weighted sum of (seen − expected)² − expected of the mentions, and of expected²: their ratio is the dispersion.
    spread: f32,
    square: f32,
}

/// What is averaged.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Averaged<N> {
    /// All mentions.
    pub mentions: N,
    /// Of them negative.
    pub negatives: N,
    /// Negatives, weighed by who repeats.
    pub weighed_negatives: N,
    /// Mentions, repeats discounted.
    pub discounted: N,
}

impl<N> Averaged<N> {
    /// Each of the averages changed by `change`.
    pub fn map<M>(self, change: impl Fn(N) -> M) -> Averaged<M> {
        let [mentions, negatives, weighed_negatives, discounted] = self.into_array().map(change);
        Averaged { mentions, negatives, weighed_negatives, discounted }
    }

    fn zip<O, M>(self, other: Averaged<O>, change: impl Fn(N, O) -> M) -> Averaged<M> {
        Averaged {
            mentions: change(self.mentions, other.mentions),
            negatives: change(self.negatives, other.negatives),
            weighed_negatives: change(self.weighed_negatives, other.weighed_negatives),
            discounted: change(self.discounted, other.discounted),
        }
    }

    fn into_array(self) -> [N; 4] {
        [self.mentions, self.negatives, self.weighed_negatives, self.discounted]
    }
}

impl From<&WeighedCounts> for Averaged<f64> {
    fn from(counts: &WeighedCounts) -> Averaged<f64> {
        Averaged {
            mentions: counts.mentions as f64,
            negatives: counts.negatives as f64,
            weighed_negatives: counts.weighed_negatives as f64,
            discounted: counts.discounted as f64 / PARTS as f64,
        }
    }
}

/// Rates a minute, as they were at some time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rates {
    /// What comes in a minute on average.
    pub a_minute: Averaged<f64>,
    /// The variance of a count of mean μ is μ + dispersion · μ².
    pub dispersion: f64,
}

impl Rates {
    /// This many times as much of everything.
    #[must_use]
    pub fn times(self, factor: f64) -> Rates {
        Rates { a_minute: self.a_minute.map(|rate| rate * factor), ..self }
    }
}

/// The slow average of a watch.
#[derive(Clone, Debug, PartialEq)]
pub struct Baseline {
    first_block: i64,
    anchors: VecDeque<Anchor>,
}

fn kept_after(blocks: f64) -> f64 {
    (-blocks / HALF_LIFE_BLOCKS).exp2()
}

impl Anchor {
    /// Mentions of a block on average.
    fn a_block(&self) -> f64 {
        f64::from(self.sums.mentions) / f64::from(self.weight).max(1e-9)
    }

    /// Blocks of silence that are learnt from.
    fn longest_silence(&self) -> f64 {
        (SILENCE_MISSED / self.a_block()).max(SILENCE_BLOCKS).floor()
    }

    /// The state `blocks` empty blocks later.
    fn decayed(&self, blocks: i64) -> Anchor {
        let a_block = self.a_block();
        let learnt = (blocks as f64).min(self.longest_silence());
        if learnt == 0.0 {
            return Anchor { block: self.block + blocks as i32, ..*self };
        }
        let kept = kept_after(learnt);
        let scale = |sum: f32| (f64::from(sum) * kept) as f32;
        let toward = |sum: f32, value: f64| (f64::from(sum) * kept + (1.0 - kept) * value) as f32;
        Anchor {
            block: self.block + blocks as i32,
            sums: self.sums.map(scale),
            weight: toward(self.weight, 1.0),
            spread: toward(self.spread, a_block * a_block - a_block),
            square: toward(self.square, a_block * a_block),
        }
    }

    /// `clip`: what belongs to a burst hardly enters.
    fn absorb(&self, sum: &Averaged<f64>, clip: bool) -> Anchor {
        let before = self;
        let kept = kept_after(1.0);
        let toward = |sum: f32, value: f64| (f64::from(sum) * kept + (1.0 - kept) * value) as f32;
        let weight = f64::from(before.weight).max(1e-9);
        let most = |sum: f32| if clip { CLIP * f64::from(sum) / weight + CLIP_MARGIN } else { f64::INFINITY };
        let sums = before.sums.zip(*sum, |sum, count| toward(sum, count.min(most(sum))));
        let mut after = Anchor { block: before.block + 1, sums, weight: toward(before.weight, 1.0), ..*before };
        if before.weight > 0.0 {
            let expected = f64::from(before.sums.mentions) / f64::from(before.weight);
            // A crisis tells little about the scatter of ordinary days.
            let seen = sum.mentions.min(4.0 * expected + 10.0);
            after.spread = toward(before.spread, (seen - expected).powi(2) - expected);
            after.square = toward(before.square, expected * expected);
        }
        after
    }
}

impl Baseline {
    /// A past that begins with the block `first_block`.
    pub fn new(first_block: i64) -> Baseline {
        let sums = Averaged::default();
        let nothing = Anchor { block: (first_block - 1) as i32, sums, weight: 0.0, spread: 0.0, square: 0.0 };
        Baseline { first_block, anchors: VecDeque::from([nothing]) }
    }

    /// Bytes on the heap.
    pub fn heap_bytes(&self) -> usize {
        self.anchors.capacity() * size_of::<Anchor>()
    }

    /// Takes in a block that had mentions; those before it that were not taken in were empty.
    pub fn absorb(&mut self, block: i64, sum: &Averaged<f64>) {
        let Some(last) = self.anchors.back() else { return };
        let empty = block - 1 - i64::from(last.block);
        if empty < 0 {
            return;
        }
        let after = last.decayed(empty).absorb(sum, self.clips(block));
        if self.anchors.len() == self.anchors.capacity() {
            self.anchors.reserve_exact(4);
        }
        self.anchors.push_back(after);
        while self.anchors.get(1).is_some_and(|second| i64::from(second.block) < block - KEPT_BLOCKS) {
            self.anchors.pop_front();
        }
    }

    /// Whether enough is known to tell a burst in `block` from the usual.
    pub fn clips(&self, block: i64) -> bool {
        block - self.first_block >= CLIP_AFTER
    }

    /// As [`Baseline::at`]; `None` also when nothing has come for so long that it is an outage.
    pub fn at_work(&self, block: i64) -> Option<Rates> {
        let anchor = self.anchor(block)?;
        let outage = (block - i64::from(anchor.block)) as f64 > anchor.longest_silence();
        self.at(block).filter(|_| !outage)
    }

    /// The newest one up to `block`.
    fn anchor(&self, block: i64) -> Option<&Anchor> {
        self.anchors.iter().rev().find(|anchor| i64::from(anchor.block) <= block)
    }

    /// The rates as they were at the end of `block`; `None` when there was too little past, or that is no longer known.
    pub fn at(&self, block: i64) -> Option<Rates> {
        let anchor = self.anchor(block)?;
        self.rates(block, anchor.decayed(block - i64::from(anchor.block)))
    }

    /// As [`Baseline::at`]; of what is no longer known, the rates of the first block that is.
    pub fn near(&self, block: i64) -> Option<Rates> {
        self.at(block).or_else(|| self.rates(block, *self.anchors.front()?))
    }

    fn rates(&self, block: i64, anchor: Anchor) -> Option<Rates> {
        if block - self.first_block + 1 < LEAST_BLOCKS {
            return None;
        }
        let weight = f64::from(anchor.weight).max(1e-9);
        let dispersion = if anchor.square > 0.0 { f64::from(anchor.spread / anchor.square) } else { 0.0 };
        Some(Rates {
            a_minute: anchor.sums.map(|sum| f64::from(sum) / weight / BLOCK as f64),
            dispersion: dispersion.clamp(0.0, 10.0),
        })
    }

    /// Writes the state.
    pub fn pack(&self, packer: &mut Packer) {
        packer.signed(self.first_block);
        packer.unsigned(self.anchors.len() as u64);
        for anchor in &self.anchors {
            packer.signed(i64::from(anchor.block) - self.first_block);
            for float in anchor.sums.into_array().into_iter().chain([anchor.weight, anchor.spread, anchor.square]) {
                packer.float(float);
            }
        }
    }

    /// Reads what [`Baseline::pack`] wrote.
    pub fn unpack(unpacker: &mut Unpacker<'_>) -> Option<Baseline> {
        let first_block = unpacker.signed()?;
        let mut anchors = VecDeque::new();
        for _ in 0..unpacker.unsigned()? {
            let block = i32::try_from(first_block.checked_add(unpacker.signed()?)?).ok()?;
            let sums = Averaged {
                mentions: unpacker.float()?,
                negatives: unpacker.float()?,
                weighed_negatives: unpacker.float()?,
                discounted: unpacker.float()?,
            };
            let (weight, spread, square) = (unpacker.float()?, unpacker.float()?, unpacker.float()?);
            anchors.push_back(Anchor { block, sums, weight, spread, square });
        }
        (!anchors.is_empty()).then_some(Baseline { first_block, anchors })
    }
}

/// The interval in which a count of mean `expected` lies 95 times of 100: negative binomial with the stream's own
/// dispersion, Poisson where it scatters no more than chance.
pub fn interval(expected: f64, dispersion: f64) -> (f64, f64) {
    let deviation = (expected + dispersion * expected * expected).sqrt();
    if expected <= 0.0 || !expected.is_finite() {
        return (0.0, 0.0);
    }
    if expected > 1e5 {
        return ((expected - 1.96 * deviation).max(0.0).round(), (expected + 1.96 * deviation).round());
    }
    // Cornish and Fisher's first correction: the law is skewed to the right.
    let skew = (1.0 + 2.0 * dispersion * expected) / deviation;
    let near = |normal: f64| expected + deviation * (normal + skew * (normal * normal - 1.0) / 6.0);
    let end = |cdf: &dyn Fn(u64) -> f64, p: f64, normal: f64| {
        quantile(cdf, p, near(normal), (deviation / 32.0) as u64, expected + 12.0 * deviation) as f64
    };
    let ends = |cdf: &dyn Fn(u64) -> f64| (end(cdf, 0.025, -1.96), end(cdf, 0.975, 1.96));
    if dispersion > 1e-4 {
        let size = 1.0 / dispersion;
        if let Ok(law) = NegativeBinomial::new(size, size / (size + expected)) {
            return ends(&|count| law.cdf(count));
        }
    }
    match Poisson::new(expected) {
        Ok(law) => ends(&|count| law.cdf(count)),
        Err(_) => (expected, expected),
    }
}

/// The smallest count up to `most` whose cumulated probability reaches `p`. Looked for outwards from `near`, in steps
/// that double from `step` on: the law is costly to ask.
fn quantile(cdf: &dyn Fn(u64) -> f64, p: f64, near: f64, step: u64, most: f64) -> u64 {
    let (mut step, most) = (step.max(1), most.ceil() as u64 + 1);
    // `low` is the smallest that may be it, `high` is one that reaches `p`.
    let (mut low, mut high) = (0, near.max(0.0).round() as u64);
    if cdf(high) >= p {
        while let Some(lower) = high.checked_sub(step) {
            if cdf(lower) < p {
                low = lower + 1;
                break;
            }
            (high, step) = (lower, step * 2);
        }
    } else {
        loop {
            low = high + 1;
            (high, step) = (high + step, step * 2);
            if high >= most || cdf(high) >= p {
                break;
            }
        }
    }
    while low < high {
        let middle = low + (high - low) / 2;
        if cdf(middle) >= p { high = middle } else { low = middle + 1 }
    }
    low
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(mentions: u32) -> Averaged<f64> {
        let mentions = f64::from(mentions);
        Averaged { mentions, negatives: mentions / 5.0, weighed_negatives: mentions / 5.0, discounted: mentions }
    }

    #[test]
    fn a_steady_stream_is_expected_as_it_is_from_the_first_hours_on() {
        let mut baseline = Baseline::new(100);
        for block in 100..104 {
            assert_eq!(baseline.at(block - 1), None);
            baseline.absorb(block, &counts(60));
        }
        let rates = baseline.at(103).unwrap();
        assert!(
            (rates.a_minute.mentions - 2.0).abs() < 1e-3 && (rates.a_minute.negatives - 0.4).abs() < 1e-3,
            "{rates:?}"
        );
    }

    #[test]
    fn what_came_later_does_not_change_what_was_expected() {
        let mut baseline = Baseline::new(0);
        (0..100).for_each(|block| baseline.absorb(block, &counts(60)));
        let before = baseline.at(90);
        (100..110).for_each(|block| baseline.absorb(block, &counts(6000)));
        assert_eq!(baseline.at(90), before);
        assert!(baseline.at(109).unwrap().a_minute.mentions > 2.5);
    }

    #[test]
    fn seven_hours_of_a_burst_hardly_move_what_is_expected() {
        let mut baseline = Baseline::new(0);
        (0..480).for_each(|block| baseline.absorb(block, &counts(20)));
        (480..494).for_each(|block| baseline.absorb(block, &counts(200)));
        let expected = baseline.at(493).unwrap().a_minute.mentions * BLOCK as f64;
        assert!((20.0..27.0).contains(&expected), "{expected}");
    }

    #[test]
    fn half_is_forgotten_in_three_days_but_an_outage_is_not_learnt() {
        let mut rare = Baseline::new(0);
        rare.absorb(0, &counts(0));
        (1..2000).for_each(|block| {
            rare.absorb(block, &Averaged { mentions: f64::from(u8::from(block % 100 == 0)), ..counts(0) })
        });
        let (now, later) = (rare.at(1999).unwrap().a_minute.mentions, rare.at(2143).unwrap().a_minute.mentions);
        assert!((later / now - 0.5).abs() < 0.01, "{now} {later}");
        let mut busy = Baseline::new(0);
        (0..2000).for_each(|block| busy.absorb(block, &counts(600)));
        let frozen = busy.at(2024).unwrap();
        assert!(frozen.a_minute.mentions > 15.0, "12 hours of silence count");
        assert_eq!(busy.at(200_000), Some(frozen), "years of it do not");
    }

    #[test]
    fn the_interval_is_that_of_the_law() {
        assert_eq!(interval(0.0, 1.0), (0.0, 0.0));
        // Poisson(10): 2.5 % and 97.5 % quantiles from R's qpois.
        assert_eq!(interval(10.0, 0.0), (4.0, 17.0));
        // qnbinom(c(.025, .975), size = 2, mu = 10): 0 and 32 or so; wider than Poisson on both sides.
        let (low, high) = interval(10.0, 0.5);
        assert!(low <= 1.0 && (25.0..36.0).contains(&high), "{low} {high}");
        let (low, high) = interval(1e6, 0.01);
        assert!(low < 0.9e6 && high > 1.1e6);
    }

    proptest::proptest! {
        /// Against the plain way: count by count from 0.
        #[test]
        fn the_ends_are_the_first_counts_that_reach_their_probability(expected in 0.001_f64..400.0, spread in 0.0_f64..3.0) {
            let dispersion = if spread < 1.0 { 0.0 } else { spread - 1.0 };
            let reaches = |p: f64| {
                let law = NegativeBinomial::new(1.0 / dispersion, 1.0 / (1.0 + dispersion * expected));
                let poisson = Poisson::new(expected).unwrap();
                let cdf = |count: u64| if dispersion > 1e-4 { law.as_ref().unwrap().cdf(count) } else { poisson.cdf(count) };
                (0..).find(|count| cdf(*count) >= p).unwrap() as f64
            };
            proptest::prop_assert_eq!(interval(expected, dispersion), (reaches(0.025), reaches(0.975)));
        }
    }
}
