//! Quiet streams: nothing happens in them, so every page is a false one.

use orszem_core::detect::core::{Core, Settings, WatchSettings};
use orszem_records::ledger::Event;
use orszem_records::signal::Phase;

use crate::stream::{Classifier, Quiet, Scatter, WEEK, feed};

/// Budgets asked for, false pages a week.
const BUDGETS: [(&str, f64); 3] = [("b0.1", 0.1), ("b0.5", 0.5), ("b2", 2.0)];
/// Mentions an hour.
const RATES: [f64; 8] = [0.05, 0.2, 0.5, 2.0, 10.0, 100.0, 1000.0, 5000.0];
/// Weeks before pages are counted: the detector needs a past to speak of.
const WARM_UP: i64 = 4;

/// Pages a week for each budget.
fn pages(an_hour: f64, scatter: Scatter, weeks: i64, seed: u64, classifier: Classifier) -> [f64; 3] {
    let watches = BUDGETS.map(|(name, budget)| WatchSettings::new(name, budget));
    let mut core = Core::new(Settings { watches: watches.into(), ..Settings::default() });
    let mut stream = Quiet::new(an_hour, scatter, seed);
    let names = BUDGETS.map(|(name, _)| name);
    let mut paged = std::collections::BTreeSet::new();
    let mut pages = [0_u32; 3];
    for minute in 0..(WARM_UP + weeks) * WEEK {
        let seen = stream.minute(minute);
        let seen = classifier.judge(&mut stream, seen);
        for entry in feed(&mut core, minute, seen, &names) {
            if let Event::Signal(signal) = entry.event
                && signal.phase != Phase::Closed
                && signal.pages()
                && paged.insert(entry.incident)
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
    let scatters = [("Poisson", Scatter::Poisson), ("over 0.1", Scatter::Over(0.1)), ("over 0.5", Scatter::Over(0.5))];
    for (title, classifier) in [("sentiment known", Classifier::Exact), ("sentiment not known", Classifier::Missing)] {
        println!("\n{title}");
        println!("{:>10} {:<12} {:>12} {:>12} {:>12}", "mentions/h", "scatter", "asked 0.1", "asked 0.5", "asked 2");
        for (line, an_hour) in (0..).zip(RATES) {
            let lines = std::thread::scope(|scope| {
                let run = |scatter| scope.spawn(move || pages(an_hour, scatter, 52 * years, line, classifier));
                scatters.map(|(_, scatter)| run(scatter)).map(|line| line.join().unwrap())
            });
            for ((name, _), [low, mid, high]) in scatters.into_iter().zip(lines) {
                println!("{an_hour:>10} {name:<12} {low:>12.3} {mid:>12.3} {high:>12.3}");
            }
        }
    }
}
