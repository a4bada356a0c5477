//! What judging a text costs: CPU time of this thread, beside what lower-casing and splitting the same text costs.
//!
//! `cargo bench --bench sentiment`: texts of 120 characters, two names looked for and masked. The texts are cut from
//! the real ones that `ORSZEM_TEST_DATA` names, or from simulated ones.

#![allow(clippy::print_stdout, clippy::unwrap_used, missing_docs, reason = "a bench prints")]

mod cpu;
mod texts;

use cpu::cpu;
use std::collections::BTreeMap;
use std::hint::black_box;

use orszem_records::language_code::Code;
use orszem_text::sentiment::corpus::read;
use orszem_text::sentiment::mask::Names;
use orszem_text::sentiment::{Models, Sentiment};

/// Characters of a text, as the goal has it.
const LENGTH: usize = 120;
const TEXTS: usize = 20_000;
/// A run goes through all texts this many times.
const ROUNDS: usize = 20;
/// The least of this many runs is taken: others share the machine.
const RUNS: usize = 5;

/// Texts of exactly [`LENGTH`] characters, by set: the set's own, one after the other.
fn sets() -> BTreeMap<String, Vec<String>> {
    let cut = |(set, whole): (String, Vec<String>)| {
        let all: Vec<char> = whole.join(" ").chars().collect();
        (set, all.chunks_exact(LENGTH).take(TEXTS).map(|text| text.iter().collect()).collect())
    };
    let real = |folder: std::path::PathBuf| {
        let sets = ["en-train", "hu-train-tweets", "hu-train-reviews", "de-train-tweets"];
        let texts = |set: &str| {
            let examples =
                read(&folder.join(format!("sentiment/{set}.tsv.gz")), |path| std::fs::File::open(path)).unwrap();
            (set.to_owned(), examples.into_iter().map(|example| example.text).collect())
        };
        sets.map(texts).into_iter().map(cut).collect()
    };
    let simulated =
        || texts::simulated(2 * TEXTS).into_iter().map(|(lang, texts)| cut((format!("{lang}, simulated"), texts)));
    texts::real().map_or_else(|| simulated().collect(), real)
}

/// Microseconds for each text.
fn measure(texts: &[String], mut work: impl FnMut(&str)) -> f64 {
    let run = |work: &mut dyn FnMut(&str)| {
        let start = cpu();
        // Long enough that what the clock leaves out at either end does not count.
        (0..ROUNDS).for_each(|_| texts.iter().for_each(|text| work(black_box(text))));
        (cpu() - start) * 1e6 / (ROUNDS * texts.len()) as f64
    };
    (0..RUNS).map(|_| run(&mut work)).fold(f64::MAX, f64::min)
}

fn main() {
    let models = Models::shipped().unwrap();
    println!("{:<28} {:>9} {:>14} {:>8}", "texts of 120 characters", "CPU µs", "a second, core", "ratio");
    for (set, texts) in sets() {
        let code = Code::of(&set[..2]);
        // Looked for in every text, found in some.
        let mut names = Names::new(["united", "magyar telekom"]);
        let split = measure(&texts, |text| {
            black_box(text.to_lowercase().split_whitespace().map(str::len).sum::<usize>());
        });
        let row = |what: &str, cost: f64| {
            println!("{:<28} {cost:>9.3} {:>14.0} {:>8.2}", format!("{set}: {what}"), 1e6 / cost, cost / split);
        };
        row("lower-case, split", split);
        row(
            "language",
            measure(&texts, |text| {
                black_box(models.language(text, None));
            }),
        );
        row(
            "name looked for",
            measure(&texts, |text| {
                black_box(names.find(text).len());
            }),
        );
        row(
            "sentiment",
            measure(&texts, |text| {
                black_box(models.judge(text, code, &[], &[]));
            }),
        );
        row(
            "all three",
            measure(&texts, |text| {
                let masked = names.find(text);
                black_box(models.judge(text, models.language(text, None), masked, &[]));
            }),
        );
    }
}
