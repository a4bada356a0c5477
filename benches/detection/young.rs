//! Quiet streams from their first mention on: what the first weeks of a watch cost.

use std::collections::BTreeSet;

use orszem_core::detect::core::{Core, Settings, WatchSettings};
use orszem_records::ledger::Event;
use orszem_records::signal::Phase;

use crate::stream::{Classifier, Quiet, Scatter, WEEK, feed};

/// Mentions an hour.
const RATES: [f64; 6] = [0.05, 0.2, 0.5, 2.0, 10.0, 30.0];
const WEEKS: i64 = 6;
/// While a watch learns, almost nothing pages: these days of the first week do not count.
const LEARNING: f64 = 3.0 / 7.0;

/// The weeks of a stream in which pages fall, at the default budget.
fn paged(an_hour: f64, seed: u64, classifier: Classifier) -> Vec<usize> {
    let watches = vec![WatchSettings::new("w", 0.5)];
    let mut core = Core::new(Settings { watches, ..Settings::default() });
    let mut stream = Quiet::new(an_hour, Scatter::Over(0.1), 9_000 + seed);
    let (mut incidents, mut weeks) = (BTreeSet::new(), Vec::new());
    for minute in 0..WEEKS * WEEK {
        let seen = stream.minute(minute);
        let judged = classifier.judge(&mut stream, seen);
        for entry in feed(&mut core, minute, judged, &["w"]) {
            if let Event::Signal(signal) = entry.event
                && signal.phase != Phase::Closed
                && signal.pages()
                && incidents.insert(entry.incident)
            {
                weeks.push((minute / WEEK) as usize);
            }
        }
    }
    weeks
}

pub(crate) fn table(streams: u64) {
    println!("false pages a week in each of the first {WEEKS} weeks, {streams} streams a line, 0.5 asked");
    for (title, classifier) in [("sentiment known", Classifier::Exact), ("sentiment not known", Classifier::Missing)] {
        println!("\n{title}");
        for an_hour in RATES {
            let run = |first: u64| {
                (first..streams).step_by(2).flat_map(|seed| paged(an_hour, seed, classifier)).collect::<Vec<_>>()
            };
            let halves = std::thread::scope(|scope| {
                let halves = [0, 1].map(|first| scope.spawn(move || run(first)));
                halves.map(|half| half.join().unwrap())
            });
            let mut weeks = [0.0; WEEKS as usize];
            halves.into_iter().flatten().for_each(|week| weeks[week] += 1.0 / streams as f64);
            weeks[0] /= 1.0 - LEARNING;
            let weeks: Vec<String> = weeks.iter().map(|pages| format!("{pages:>6.2}")).collect();
            println!("{an_hour:>10} {}", weeks.join(" "));
        }
    }
}
