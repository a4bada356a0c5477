//! What the score stage costs where as many mentions match as a row says: each topic names as many companies as there
//! are watches, in mentions as varied as `orszem simulate` makes them.

use crate::support::kafka::Kafka;
use crate::{Measured, Named, PARTITIONS, PER_SECOND, drain, drain_and_parse, feed, score};

/// Mentions in each topic.
const MENTIONS: u64 = 1_000_000;
/// Runs of each row, in turn with those of draining and parsing.
const RUNS: usize = 5;

/// The run in the middle, by its rate.
fn median(mut runs: Vec<Measured>) -> Measured {
    runs.sort_by(|one, other| one.rate.total_cmp(&other.rate));
    runs.swap_remove(RUNS / 2)
}

pub(crate) fn shares(kafka: &Kafka) {
    println!("{MENTIONS} varied mentions in each topic, {PARTITIONS} partitions, lz4; medians of {RUNS} runs");
    println!(
        "{:<12} {:>8} {:>12} {:>10} {:>14} {:>8}",
        "match", "watches", "mentions/s", "CPU µs", "drain + parse", "ratio"
    );
    for (matching, every) in [("10 %", 10), ("all", 1)] {
        for watches in [10, 1000, 10_000] {
            let topic = format!("share-{every}-{watches}");
            let settings = [("message.timestamp.type", "LogAppendTime"), ("retention.ms", "-1")];
            kafka.create_topic(&topic, PARTITIONS, &settings);
            let count = usize::try_from(MENTIONS).unwrap();
            kafka.produce(&topic, feed::feed(watches, every, PER_SECOND).take(count));
            let named: Vec<Named> = feed::watches(watches).collect();
            // From the disk into memory.
            drain(kafka, &topic, MENTIONS, |_| {});
            let (mut parsed, mut scored) = (Vec::new(), Vec::new());
            for run in 0..RUNS {
                parsed.push(drain_and_parse(kafka, &topic, MENTIONS));
                let prefix = format!("s{every}w{watches}r{run}");
                scored.push(score(kafka, &topic, (&prefix, &named), MENTIONS, || {}));
            }
            let (parsed, scored) = (median(parsed), median(scored));
            println!(
                "{matching:<12} {watches:>8} {:>12.0} {:>10.2} {:>14.0} {:>8.2}",
                scored.rate,
                scored.cpu_us,
                parsed.rate,
                scored.rate / parsed.rate
            );
            kafka.delete_topic(&topic);
        }
    }
}
