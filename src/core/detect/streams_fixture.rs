//! Simulated streams for the tests of the detectors as a whole.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::collections::BTreeMap;

use orszem_records::class::Class;
use orszem_records::key_terms::KeyTerms;
use orszem_records::ledger::{Entry, Event};
use orszem_records::signal::{Phase, Signal};
use orszem_records::tally::{Discount, Sample, Tally, Watermark, Watermarks};
use orszem_records::time::Timestamp;

use super::core::{Core, Settings, WatchSettings};

pub(super) const HOUR: i64 = 3_600_000;
pub(super) const DAY: i64 = 24 * HOUR;
/// 2024-01-01.
pub(super) const START: i64 = 1_704_067_200_000;

/// Mentions of a watch at a steady rate, as one tally each.
#[derive(Clone, Copy)]
pub(super) struct Part {
    pub(super) from: i64,
    pub(super) to: i64,
    pub(super) per_hour: f64,
    pub(super) negative: f64,
    pub(super) positive: f64,
    /// Copies of one text by this many accounts; 0 for originals by different people.
    pub(super) accounts: u32,
}

impl Part {
    pub(super) fn usual(from: i64, to: i64, per_hour: f64) -> Part {
        Part { from, to, per_hour, negative: 0.2, positive: 0.2, accounts: 0 }
    }
}

pub(super) fn simulate(seed: u64, parts: &[Part]) -> Vec<(i64, Tally)> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut words = ChaCha8Rng::seed_from_u64(!seed);
    let mut mentions = Vec::new();
    for part in parts {
        let mut copies = 0;
        let mut at = part.from as f64;
        loop {
            at += -(1.0 - random.random::<f64>()).ln() * HOUR as f64 / part.per_hour;
            if at >= part.to as f64 {
                break;
            }
            let at = START + at as i64;
            let mut tally = Tally::new("acme", Timestamp(at).slice());
            let luck: f64 = random.random();
            tally.counts.mentions = 1;
            tally.counts.negatives = u64::from(luck < part.negative);
            tally.counts.positives = u64::from(luck >= 1.0 - part.positive);
            tally.counts.neutrals = 1 - tally.counts.negatives - tally.counts.positives;
            tally.counts.reach = random.random_range(0..1000);
            let author = match part.accounts {
                0 => format!("person {}", random.random::<u32>()),
                accounts => format!("account {}", random.random_range(0..accounts)),
            };
            tally.authors.add(&author);
            if part.accounts > 0 {
                copies += 1;
                let class = if tally.counts.negatives > 0 { Class::Negative } else { Class::Neutral };
                tally.discount.add(Discount::of_repeat(copies), Some(class));
                tally.counts.copies = 1;
                tally.negative_repeats = tally.counts.negatives;
                tally.repeaters.add(&author);
            } else {
                tally.counts.originals = 1;
            }
            let id = random.random::<u64>().to_string();
            tally.key_terms.push(key_terms(&mut words, &author));
            let class = if tally.counts.negatives > 0 { Class::Negative } else { Class::Neutral };
            let followers = tally.counts.reach;
            tally.offer_sample(&id, class, followers, || Sample {
                id: id.clone(),
                published_at: Timestamp(at),
                source: "sim".into(),
                author,
                followers,
                class,
                text: (0..40).map(|_| format!("{} ", random.random_range(100_000..1_000_000))).collect(),
                url: None,
                language: None,
                role: None,
            });
            mentions.push((at, tally));
        }
    }
    mentions.sort_by_key(|(at, _)| *at);
    mentions
}

pub(super) fn core(learn_ms: i64) -> Core {
    Core::new(Settings { learn_ms, watches: vec![WatchSettings::new("acme", 0.5)], ..Settings::default() })
}

pub(super) fn mark(at: i64) -> Watermarks {
    Watermarks::from(BTreeMap::from([(0, Watermark::awake(Timestamp(at)))]))
}

/// As a live stream comes: each mention at once, the watermark 30 s behind, time told until `to`.
pub(super) fn live(core: &mut Core, mentions: &[(i64, Tally)], to: i64) -> Vec<Entry> {
    let mut ledger = Vec::new();
    let begins = mentions.first().map_or(START, |(at, _)| at - at.rem_euclid(DAY));
    core.watermarks(&mark(begins), &mut ledger);
    for (at, tally) in mentions {
        core.watermarks(&mark(at - 30_000), &mut ledger);
        core.tally(tally, &mut ledger);
    }
    core.watermarks(&mark(START + to), &mut ledger);
    ledger
}

pub(super) fn signals(ledger: &[Entry]) -> impl Iterator<Item = &Signal> {
    ledger.iter().filter_map(|entry| match &entry.event {
        Event::Signal(signal) => Some(&**signal),
        _ => None,
    })
}

pub(super) fn opened(ledger: &[Entry]) -> Vec<&Signal> {
    signals(ledger).filter(|signal| signal.phase == Phase::Opened).collect()
}

/// What a mention is about: ten words, some of them common.
pub(super) fn key_terms(random: &mut ChaCha8Rng, author: &str) -> KeyTerms {
    let word = |of: u32| format!("word{}", random.random_range(0..of).pow(2) / 100);
    let words = [20_u32, 60, 200, 500, 500, 500, 500, 500, 500, 500].map(word);
    KeyTerms { key: random.random(), said: format!("~{author}\n^source\n|hu\n{}", words.join(" ")).into() }
}
