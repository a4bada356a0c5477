//! What a mention costs the core of score, without Kafka: CPU time of this thread, as a whole and by part.
//!
//! `cargo bench --bench score [-- ROW [whole]]`: a feed of `benches/feed.rs` through [`Core::read`], with its tallies
//! taken and written as JSON after every few mentions, as a commit does.

#![allow(clippy::print_stdout, clippy::unwrap_used, missing_docs, reason = "a bench prints")]

mod cpu;
mod feed;

use cpu::cpu;
use std::hint::black_box;
use std::sync::Arc;

use orszem_core::input::NoHeaders;
use orszem_core::score::core::{CompiledWatches, Core, Input, Settings};
use orszem_core::settings::Watch;
use orszem_records::mention::{self, Mention};
use orszem_records::tally::TallyRecord;
use orszem_records::time::Timestamp;
use orszem_text::query::{About, Found, Matcher, terms_query};
use orszem_text::sentiment::{Models, Sentiment};

const MENTIONS: usize = 200_000;
/// Mentions of a commit of one thread: half a second at 150,000 a second with two threads.
const COMMIT: i64 = 36_000;
/// The least of this many runs is taken: others share the machine.
const RUNS: usize = 5;

/// Microseconds for each of `count`: the least of some runs.
fn least(count: usize, mut run: impl FnMut()) -> f64 {
    let mut once = || {
        let began = cpu();
        run();
        (cpu() - began) * 1e6 / count as f64
    };
    (0..RUNS).map(|_| once()).fold(f64::MAX, f64::min)
}

fn watch((name, terms): (String, Vec<String>)) -> Watch {
    Watch { name, terms, ..Watch::default() }
}

fn settings() -> Settings {
    Settings { lateness_ms: 30_000, future_tolerance_ms: 120_000, max_bytes: 256 * 1024, repeat_window: 100_000 }
}

/// The whole of it; returns a digest of what was written.
fn score(rules: &Arc<CompiledWatches>, records: &[String]) -> u64 {
    let mut core = Core::new(settings(), Arc::clone(rules));
    core.assign(0, 0);
    let (mut json, mut digest) = (Vec::new(), 0_u64);
    let mut commit = |core: &mut Core| {
        for tally in core.take().tallies {
            json.clear();
            TallyRecord::Tally(tally).write_json(&mut json);
            let sum = json
                .iter()
                .fold(0xcbf2_9ce4_8422_2325, |sum: u64, byte| (sum ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3));
            digest = digest.rotate_left(1) ^ sum;
        }
    };
    for (number, record) in (0_i64..).zip(records) {
        let value = record.as_bytes();
        let timestamp = Timestamp(1_772_409_600_000 + number / 10);
        core.read(Input { partition: 0, offset: number, timestamp, value, headers: &NoHeaders, replayed: false });
        if number % COMMIT == COMMIT - 1 {
            commit(&mut core);
        }
    }
    commit(&mut core);
    digest
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    let only = arguments.first();
    let models = Arc::new(Models::shipped().unwrap());
    for (row, names, every) in [("all", 1000, 1), ("tenth", 1000, 10), ("all", 10, 1), ("all", 10_000, 1)] {
        let row = format!("{row}-{names}");
        if only.is_some_and(|only| *only != row) {
            continue;
        }
        let records: Vec<String> = feed::feed(names, every, 10_000).take(MENTIONS).collect();
        let watches: Vec<Watch> = feed::watches(names).map(watch).collect();
        let rules = Arc::new(CompiledWatches::new(&watches, models.clone()).unwrap());
        let mut digest = 0;
        let whole = least(MENTIONS, || digest = score(&rules, &records));
        let mentions: Vec<Mention<'_>> =
            records.iter().map(|record| mention::parse(record.as_bytes(), 1 << 20).unwrap()).collect();
        let chars: usize = mentions.iter().map(|mention| mention.text.chars().count()).sum();
        let json: usize = records.iter().map(String::len).sum();
        println!("{row}: {MENTIONS} mentions of {} bytes, texts of {} characters", json / MENTIONS, chars / MENTIONS);
        println!("  {:<28} {whole:>7.3} CPU µs (digest {digest:016x})", "whole");
        if arguments.get(1).is_none_or(|part| part != "whole") {
            parts(&models, &watches, &records, &mentions);
        }
    }
}

/// The parts that can be called alone.
fn parts(models: &Models, watches: &[Watch], records: &[String], mentions: &[Mention<'_>]) {
    let part = |what: &str, cost: f64| println!("  {what:<28} {cost:>7.3}");
    part(
        "parse",
        least(MENTIONS, || {
            records.iter().for_each(|record| {
                black_box(mention::parse(record.as_bytes(), 1 << 20).unwrap());
            });
        }),
    );
    let queries: Vec<_> =
        watches.iter().map(|watch| terms_query(watch.terms.iter().map(String::as_str)).unwrap()).collect();
    let matcher = Matcher::new(queries.iter().map(Some));
    let mut found = Found::default();
    part(
        "match",
        least(MENTIONS, || {
            for mention in mentions {
                matcher.find(&mention.text, &About::of(mention, models), &mut found);
            }
        }),
    );
    part(
        "language",
        least(MENTIONS, || {
            for mention in mentions {
                black_box(models.language(&mention.text, mention.lang.as_deref()));
            }
        }),
    );
    part(
        "sentiment",
        least(MENTIONS, || {
            for mention in mentions {
                let code = mention.lang.as_deref().and_then(orszem_records::language_code::Code::of);
                black_box(models.judge(&mention.text, code, &[], &[]));
            }
        }),
    );
}
