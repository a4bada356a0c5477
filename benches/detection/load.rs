//! What ten thousand watches cost, all of which are mentioned in every slice.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::collections::BTreeMap;

use crate::cpu::cpu;
use orszem_core::detect::core::{Core, Settings, WatchSettings};
use orszem_records::ledger::Entry;
use orszem_records::tally::{Tally, TallyRecord, Watermark, Watermarks};
use orszem_records::time::Timestamp;

const WATCHES: usize = 10_000;
const SLICE_MS: i64 = 10_000;
/// Slices that are measured.
const SLICES: i64 = 60;
/// Event time that they cover, in seconds.
const SECONDS: i64 = SLICES * SLICE_MS / 1000;
/// Slices in half an hour.
const HALF_HOUR_SLICES: i64 = 1_800_000 / SLICE_MS;
/// 2026-01-05.
const START: i64 = 1_767_571_200_000;

/// A tally that stands for `slices` of them.
fn tally(watch: usize, at: i64, slices: i64, rng: &mut ChaCha8Rng) -> Tally {
    let mut tally = Tally::new(&format!("watch-{watch}"), Timestamp(at).slice());
    let mentions = (0..slices).map(|_| rng.random_range(1..8_u64)).sum::<u64>();
    (tally.counts.mentions, tally.counts.originals) = (mentions, mentions);
    (tally.counts.negatives, tally.counts.neutrals) = (mentions / 4, mentions - mentions / 4);
    (0..mentions.min(50)).for_each(|_| tally.authors.add(&rng.random::<u32>().to_string()));
    tally
}

fn mark(at: i64) -> String {
    let mark = Watermark::awake(Timestamp(at));
    serde_json::to_string(&TallyRecord::Watermark(Watermarks::from(BTreeMap::from([(0, mark)])))).unwrap()
}

/// Records of one slice, as they stand in the topic.
fn slice(at: i64, slices: i64, rng: &mut ChaCha8Rng) -> Vec<String> {
    let tallies = (0..WATCHES).map(|watch| TallyRecord::Tally(tally(watch, at, slices, rng)));
    let mut records: Vec<String> = tallies.map(|record| serde_json::to_string(&record).unwrap()).collect();
    records.push(mark(at + SLICE_MS));
    records
}

/// CPU seconds that a run of slices cost, and what reading their records costs alone.
fn run(core: &mut Core, begins: i64, rng: &mut ChaCha8Rng) -> (f64, f64) {
    let (mut spent, mut reading) = (0.0, 0.0);
    let mut out = Vec::new();
    for step in 0..SLICES {
        let records = slice(begins + step * SLICE_MS, 1, rng);
        let before = cpu();
        take(core, &records, &mut out);
        spent += cpu() - before;
        out.clear();
        let before = cpu();
        records.iter().for_each(|record| drop(std::hint::black_box(read(record))));
        reading += cpu() - before;
    }
    (spent, reading)
}

fn read(record: &str) -> TallyRecord {
    serde_json::from_str(record).unwrap()
}

fn take(core: &mut Core, records: &[String], out: &mut Vec<Entry>) {
    for record in records {
        match read(record) {
            TallyRecord::Tally(tally) => core.tally(&tally, out),
            TallyRecord::Watermark(marks) => core.watermarks(&marks, out),
            TallyRecord::Warm { .. } | TallyRecord::Canary { .. } => {}
        }
    }
}

pub(crate) fn table() {
    println!("{WATCHES} watches, a tally of each in every slice, for {SECONDS} s of event time:");
    // Either every watch has its usual mentions, or 180 times as many: then all of them are in an incident.
    for (usual, said) in [(HALF_HOUR_SLICES, "as usual"), (1, "all in an incident")] {
        let watches = (0..WATCHES).map(|watch| WatchSettings::new(&format!("watch-{watch}"), 0.5)).collect();
        let mut core = Core::new(Settings { watches, ..Settings::default() });
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        // Four days of past, a tally every half an hour, so that all is judged.
        for step in 0..4 * 48 {
            let records = slice(START + step * HALF_HOUR_SLICES * SLICE_MS, usual, &mut rng);
            take(&mut core, &records, &mut Vec::new());
        }
        let (spent, reading) = run(&mut core, START + 4 * 86_400_000, &mut rng);
        println!(
            "  {said:18} {:.4} of a core; {:.1} CPU µs a tally, {:.1} times what it takes to read it",
            spent / SECONDS as f64,
            spent * 1e6 / (SLICES as f64 * WATCHES as f64),
            spent / reading
        );
        println!("  {:18} {:.1} KB of memory a watch", "", core.bytes() as f64 / WATCHES as f64 / 1024.0);
    }
}
