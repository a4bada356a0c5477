//! Quiet streams: nothing happens in them, so every page is a false one.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Binomial, Distribution, Gamma, Poisson};
use std::collections::BTreeMap;

use orszem::detect::core::{Core, Settings, WatchSettings};
use orszem::detect::signal::{Kind, Phase};
use orszem::respond::ledger::Event;
use orszem::score::tally::{Tally, Watermark, Watermarks};
use orszem::time::Timestamp;

/// Budgets asked for, false pages a week.
const BUDGETS: [f64; 3] = [0.1, 0.5, 2.0];
/// Mentions an hour.
const RATES: [f64; 9] = [0.05, 0.5, 2.0, 10.0, 30.0, 100.0, 400.0, 1500.0, 5000.0];
/// The share of negatives.
const NEGATIVE: f64 = 0.2;
/// Weeks before pages are counted: the detector needs a past to speak of.
const WARM_UP: i64 = 4;

const MINUTE_MS: i64 = 60_000;
const WEEK: i64 = 7 * 24 * 60;
/// 2026-01-05, a Monday.
const START: i64 = 1_767_571_200_000;

/// How a stream scatters around its rate.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Scatter {
    /// Not more than chance.
    Poisson,
    /// The rate of every 10 minutes is itself drawn, with this variance over the squared mean; so is that of every hour,
    /// with half of it.
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
}

impl Quiet {
    pub(crate) fn new(an_hour: f64, scatter: Scatter, seed: u64) -> Quiet {
        Quiet { rng: ChaCha8Rng::seed_from_u64(seed), an_hour, scatter, now: (1.0, 1.0), hiccup: 0, held: 0 }
    }

    /// The rate at a minute: a day with a night in it, a quieter week-end, a quarter more after a year.
    fn rate(&self, minute: i64) -> f64 {
        let day = (minute.rem_euclid(1440) as f64 - 840.0) / 1440.0 * std::f64::consts::TAU;
        let weekend = if minute.rem_euclid(WEEK) >= 5 * 1440 { 0.7 } else { 1.12 };
        let growth = 1.25_f64.powf(minute as f64 / (52.0 * WEEK as f64));
        self.an_hour / 60.0 * (1.0 + 0.6 * day.cos()) * weekend * growth
    }

    /// Mentions and negatives of the next minute.
    pub(crate) fn minute(&mut self, minute: i64) -> (u64, u64) {
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
        let mut mentions = if rate > 0.0 { Poisson::new(rate).unwrap().sample(&mut self.rng) as u64 } else { 0 };
        // About once a fortnight the feed brings nothing for up to 40 minutes; half of it is lost, half comes after.
        if self.hiccup == 0 && self.rng.random_bool(1.0 / (2.0 * WEEK as f64)) {
            self.hiccup = self.rng.random_range(5..40);
        }
        if self.hiccup > 0 {
            self.hiccup -= 1;
            self.held += mentions / 2;
            mentions = if self.hiccup == 0 { std::mem::take(&mut self.held) } else { 0 };
        }
        let negatives = Binomial::new(mentions, NEGATIVE).unwrap().sample(&mut self.rng);
        (mentions, negatives)
    }
}

/// Pages a week for each budget.
pub(crate) fn pages(an_hour: f64, scatter: Scatter, weeks: i64, seed: u64) -> [f64; 3] {
    let names = BUDGETS.map(|budget| format!("b{budget}"));
    let watches =
        names.iter().zip(BUDGETS).map(|(name, budget)| WatchSettings { name: name.clone(), budget }).collect();
    let mut core = Core::new(Settings { learn_ms: 3 * 1440 * MINUTE_MS, watches });
    let mut stream = Quiet::new(an_hour, scatter, seed);
    let mut out = Vec::new();
    let mut pages = [0_u32; 3];
    for minute in 0..(WARM_UP + weeks) * WEEK {
        let at = Timestamp(START + minute * MINUTE_MS);
        let (mentions, negatives) = stream.minute(minute);
        if mentions > 0 {
            for name in &names {
                let mut tally = Tally::new(name, at.slice());
                (tally.mentions, tally.originals, tally.negatives) = (mentions, mentions, negatives);
                tally.neutrals = mentions - negatives;
                core.tally(&tally, &mut out);
            }
        }
        let mark = Watermark { at: Some(at.plus(MINUTE_MS)), idle: false };
        core.watermarks(&Watermarks { partitions: BTreeMap::from([(0, mark)]) }, &mut out);
        for entry in out.drain(..) {
            if let Event::Signal(signal) = entry.event
                && signal.phase == Phase::Opened
                && signal.kind != Kind::Praise
                && minute >= WARM_UP * WEEK
            {
                pages[names.iter().position(|name| *name == entry.watch).unwrap()] += 1;
            }
        }
    }
    pages.map(|pages| f64::from(pages) / weeks as f64)
}

pub(crate) fn table(years: i64) {
    println!("false pages a week over {years} simulated years a line, after {WARM_UP} weeks of past");
    println!("{:>10} {:<12} {:>12} {:>12} {:>12}", "mentions/h", "scatter", "asked 0.1", "asked 0.5", "asked 2");
    let scatters = [("Poisson", Scatter::Poisson), ("over 0.1", Scatter::Over(0.1)), ("over 0.5", Scatter::Over(0.5))];
    for (line, an_hour) in (0..).zip(RATES) {
        for (name, scatter) in scatters {
            let [low, mid, high] = pages(an_hour, scatter, 52 * years, line);
            println!("{an_hour:>10} {name:<12} {low:>12.3} {mid:>12.3} {high:>12.3}");
        }
    }
}
