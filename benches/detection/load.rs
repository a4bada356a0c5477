//! What ten thousand watches cost, all of which are mentioned in every slice.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::collections::BTreeMap;

use orszem_core::detect::core::{Core, Settings, WatchSettings};
use orszem_records::tally::{Tally, TallyRecord, Watermark, Watermarks};
use orszem_records::time::Timestamp;

const WATCHES: usize = 10_000;
const SLICE_MS: i64 = 10_000;
/// 2026-01-05.
const START: i64 = 1_767_571_200_000;

/// CPU time of this thread in seconds, as Linux tells it.
fn cpu() -> f64 {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    told.split_whitespace().next().unwrap().parse::<f64>().unwrap() / 1e9
}

fn tally(watch: usize, at: i64, rng: &mut ChaCha8Rng) -> Tally {
    let mut tally = Tally::new(&format!("watch-{watch}"), Timestamp(at).slice());
    let mentions = rng.random_range(1..8_u64);
    (tally.counts.mentions, tally.counts.originals) = (mentions, mentions);
    (tally.counts.negatives, tally.counts.neutrals) = (mentions / 4, mentions - mentions / 4);
    (0..mentions).for_each(|_| tally.authors.add(&rng.random::<u32>().to_string()));
    tally
}

fn mark(at: i64) -> String {
    let mark = Watermark { at: Some(Timestamp(at)), idle: false };
    serde_json::to_string(&TallyRecord::Watermark(Watermarks::from(BTreeMap::from([(0, mark)])))).unwrap()
}

/// Records of one slice, as they stand in the topic.
fn slice(at: i64, rng: &mut ChaCha8Rng) -> Vec<String> {
    let tallies = (0..WATCHES).map(|watch| TallyRecord::Tally(tally(watch, at, rng)));
    let mut records: Vec<String> = tallies.map(|record| serde_json::to_string(&record).unwrap()).collect();
    records.push(mark(at + SLICE_MS));
    records
}

pub(crate) fn table() {
    let watches = (0..WATCHES).map(|watch| WatchSettings::new(&format!("watch-{watch}"), 0.5)).collect();
    let mut core = Core::new(Settings { watches, ..Settings::default() });
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let mut out = Vec::new();
    let read = |record: &String| serde_json::from_str::<TallyRecord>(record).unwrap();
    let mut take = |core: &mut Core, records: &[String]| {
        for record in records {
            match read(record) {
                TallyRecord::Tally(tally) => core.tally(&tally, &mut out),
                TallyRecord::Watermark(marks) => core.watermarks(&marks, &mut out),
                TallyRecord::Warm { .. } => {}
            }
        }
    };
    // Four days of past, every half an hour, so that all is judged.
    for step in 0..4 * 48 {
        let records = slice(START + step * 1_800_000, &mut rng);
        take(&mut core, &records);
    }
    let begins = START + 4 * 86_400_000;
    let slices = 60;
    let (mut spent, mut reading) = (0.0, 0.0);
    for step in 0..slices {
        let records = slice(begins + step * SLICE_MS, &mut rng);
        let before = cpu();
        take(&mut core, &records);
        spent += cpu() - before;
        let before = cpu();
        records.iter().for_each(|record| drop(std::hint::black_box(read(record))));
        reading += cpu() - before;
    }
    let seconds = (slices * SLICE_MS) as f64 / 1000.0;
    println!("{WATCHES} watches, a tally of each in every slice, for {seconds} s of event time:");
    println!(
        "  {:.4} of a core; {:.1} CPU µs a tally, {:.1} times what it takes to read it",
        spent / seconds,
        spent * 1e6 / (slices as f64 * WATCHES as f64),
        spent / reading
    );
    println!("  {:.1} KB of memory a watch", core.bytes() as f64 / WATCHES as f64 / 1024.0);
}
