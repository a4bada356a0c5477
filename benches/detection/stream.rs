//! Quiet streams, minute by minute, and how they are fed to the detectors.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Binomial, Distribution, Gamma, Poisson};
use std::collections::BTreeMap;

use orszem_core::detect::core::Core;
use orszem_records::class::Class;
use orszem_records::ledger::Entry;
use orszem_records::tally::{Discount, Tally, Watermark, Watermarks};
use orszem_records::time::{MINUTE_MS, Timestamp};

pub(crate) const WEEK: i64 = 7 * 24 * 60;
/// 2026-01-05, a Monday.
const START: i64 = 1_767_571_200_000;
/// The share of negatives.
pub(crate) const NEGATIVE: f64 = 0.2;
/// The share of positives.
const POSITIVE: f64 = 0.2;

/// How a stream scatters around its rate.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Scatter {
    /// Not more than chance.
    Poisson,
    /// The rate of every 10 minutes is itself drawn, with this variance over the squared mean; so is that of every
    /// hour, with half of it.
    Over(f64),
}

/// Mentions of one minute after another.
pub(crate) struct Quiet {
    rng: ChaCha8Rng,
    an_hour: f64,
    scatter: Scatter,
    now: (f64, f64),
    hiccup: i64,
    held: u64,
    /// Copies of one text so far.
    copied: u32,
}

impl Quiet {
    pub(crate) fn new(an_hour: f64, scatter: Scatter, seed: u64) -> Quiet {
        Quiet { rng: ChaCha8Rng::seed_from_u64(seed), an_hour, scatter, now: (1.0, 1.0), hiccup: 0, held: 0, copied: 0 }
    }

    /// The rate at a minute: a day with a night in it, a quieter week-end, a quarter more after a year.
    pub(crate) fn rate(&self, minute: i64) -> f64 {
        let day = (minute.rem_euclid(1440) as f64 - 840.0) / 1440.0 * std::f64::consts::TAU;
        let weekend = if minute.rem_euclid(WEEK) >= 5 * 1440 { 0.7 } else { 1.12 };
        let growth = 1.25_f64.powf(minute as f64 / (52.0 * WEEK as f64));
        self.an_hour / 60.0 * (1.0 + 0.6 * day.cos()) * weekend * growth
    }

    /// A Poisson number.
    pub(crate) fn draw(&mut self, mean: f64) -> u64 {
        if mean > 0.0 { Poisson::new(mean).unwrap().sample(&mut self.rng) as u64 } else { 0 }
    }

    /// Adds copies of one text.
    pub(crate) fn copy(&mut self, copies: u64, seen: &mut Minute) {
        seen.copies += copies;
        self.copied += copies as u32;
    }

    /// How many of `count`, each with this chance.
    pub(crate) fn choose(&mut self, count: u64, chance: f64) -> u64 {
        Binomial::new(count, chance.clamp(0.0, 1.0)).unwrap().sample(&mut self.rng)
    }

    /// What the next minute brings.
    pub(crate) fn minute(&mut self, minute: i64) -> Minute {
        if let Scatter::Over(dispersion) = self.scatter {
            let mut draw = |dispersion: f64| Gamma::new(1.0 / dispersion, dispersion).unwrap().sample(&mut self.rng);
            if minute.rem_euclid(10) == 0 {
                self.now.0 = draw(dispersion);
            }
            if minute.rem_euclid(60) == 0 {
                self.now.1 = draw(dispersion / 2.0);
            }
        }
        let rate = self.rate(minute) * self.now.0 * self.now.1;
        let mut mentions = self.draw(rate);
        // About once a fortnight the feed delivers nothing for up to 40 minutes; half of it is lost, half comes after.
        if self.hiccup == 0 && self.rng.random_bool(1.0 / (2.0 * WEEK as f64)) {
            self.hiccup = self.rng.random_range(5..40);
        }
        if self.hiccup > 0 {
            self.hiccup -= 1;
            self.held += mentions / 2;
            mentions = if self.hiccup == 0 { std::mem::take(&mut self.held) } else { 0 };
        }
        let negatives = Binomial::new(mentions, NEGATIVE).unwrap().sample(&mut self.rng);
        let others = mentions - negatives;
        let positives = Binomial::new(others, POSITIVE / (1.0 - NEGATIVE)).unwrap().sample(&mut self.rng);
        Minute { negatives, others, positives, copies: 0, copied_before: self.copied, unjudged: 0 }
    }
}

/// What a minute brings.
#[derive(Clone, Copy, Default)]
pub(crate) struct Minute {
    pub(crate) negatives: u64,
    /// Those that are not negative.
    pub(crate) others: u64,
    /// Of those the positive ones.
    pub(crate) positives: u64,
    /// Beside them, neutral copies of one text, each by somebody else.
    pub(crate) copies: u64,
    /// Copies of it that came before.
    pub(crate) copied_before: u32,
    /// Beside them, mentions that nothing can judge.
    pub(crate) unjudged: u64,
}

/// What judges the mentions.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Classifier {
    /// Nothing does.
    Missing,
    /// It makes no mistake.
    Exact,
    /// It finds 76 of 100 negatives and takes 18.5 of 100 others for negative, as the models for English and Hungarian
    /// do in the mean.
    Errs,
}

impl Classifier {
    /// What a minute is taken for.
    pub(crate) fn judge(self, stream: &mut Quiet, seen: Minute) -> Minute {
        match self {
            Classifier::Exact => seen,
            Classifier::Missing => Minute { negatives: 0, others: seen.negatives + seen.others, positives: 0, ..seen },
            Classifier::Errs => {
                let negatives = stream.choose(seen.negatives, 0.76) + stream.choose(seen.others, 0.185);
                let others = seen.negatives + seen.others - negatives;
                let friendly = stream.choose(seen.positives, 0.72 * (1.0 - 0.185));
                let positives = friendly + stream.choose(seen.others - seen.positives, 0.2);
                Minute { negatives, others, positives: positives.min(others), ..seen }
            }
        }
    }
}

/// Feeds a minute to each of the watches, and completes it.
pub(crate) fn feed(core: &mut Core, minute: i64, seen: Minute, watches: &[&str]) -> Vec<Entry> {
    let mut out = Vec::new();
    let at = Timestamp(START).plus(minute * MINUTE_MS);
    let originals = seen.negatives + seen.others + seen.unjudged;
    let mentions = originals + seen.copies;
    if mentions > 0 {
        for name in watches {
            let mut tally = Tally::new(name, at.slice());
            (tally.counts.mentions, tally.counts.originals, tally.counts.negatives) =
                (mentions, originals, seen.negatives);
            (tally.counts.positives, tally.counts.neutrals) =
                (seen.positives, mentions - seen.negatives - seen.positives);
            tally.counts.copies = seen.copies;
            tally.counts.grounds.unjudged = seen.unjudged;
            for copy in 0..seen.copies {
                tally.discount.add(Discount::of_repeat(seen.copied_before + copy as u32 + 1), Some(Class::Neutral));
                tally.repeaters.add(&(minute * 1000 + copy.cast_signed()).to_string());
            }
            core.tally(&tally, &mut out);
        }
    }
    let mark = Watermark::awake(at.plus(MINUTE_MS));
    core.watermarks(&Watermarks::from(BTreeMap::from([(0, mark)])), &mut out);
    out
}
