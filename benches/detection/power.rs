//! What is found when something happens: a crisis and a joy of many sizes, injected into quiet streams.

use orszem_core::detect::core::{Core, Settings, WatchSettings};
use orszem_records::ledger::Event;
use orszem_records::signal::{Kind, Phase, Signal};

use crate::stream::{Quiet, Scatter, WEEK, feed};

/// Simulated streams a line.
const SEEDS: u64 = 100;
/// When it begins: a Wednesday, ten in the morning, after four weeks.
const BEGINS: i64 = 4 * WEEK + 2 * 1440 + 600;
/// How long it lasts, in minutes.
const LASTS: i64 = 360;

/// What is injected.
#[derive(Clone, Copy)]
struct Injected {
    /// So many times the usual number of negatives come on top.
    negatives: f64,
    /// So many times the usual number of other mentions come on top.
    others: f64,
    /// The share of the others that is positive.
    positive: f64,
}

/// The incidents that pages tell of from the beginning of the event until an hour after its end: minutes after its
/// beginning, and kind. `None`: the stream had an incident open when it began, which tells nothing of the event.
fn signals(an_hour: f64, event: Injected, seed: u64) -> Option<Vec<(i64, Kind)>> {
    let watches = vec![WatchSettings::new("w", 0.5)];
    let mut core = Core::new(Settings { watches, ..Settings::default() });
    let mut stream = Quiet::new(an_hour, Scatter::Over(0.1), seed);
    let mut found = Vec::new();
    let mut open = false;
    for minute in 0..BEGINS + LASTS + 60 {
        let mut seen = stream.minute(minute);
        if (BEGINS..BEGINS + LASTS).contains(&minute) {
            let usual = stream.rate(minute);
            seen.negatives += stream.draw(usual * crate::stream::NEGATIVE * event.negatives);
            let more = stream.draw(usual * (1.0 - crate::stream::NEGATIVE) * event.others);
            seen.others += more;
            seen.positives += (more as f64 * event.positive).round() as u64;
        }
        if minute == BEGINS && open {
            return None;
        }
        for entry in feed(&mut core, minute, seen, &["w"]) {
            let Event::Signal(signal) = entry.event else { continue };
            let Signal { phase, kind, .. } = *signal;
            open = phase != Phase::Closed;
            if minute >= BEGINS && (phase == Phase::Opened || found.last().is_some_and(|(_, last)| *last != kind)) {
                found.push((minute - BEGINS + 1, kind));
            }
        }
    }
    Some(found)
}

pub(crate) fn tables() {
    println!("a crisis of six hours in {SEEDS} streams a line, at the default budget; delays in minutes");
    println!(
        "{:>10} {:>16} {:>7} {:>7} {:>14} {:>8}",
        "mentions/h", "negatives", "paged", "missed", "within an hour", "median"
    );
    for an_hour in [10.0, 30.0, 100.0, 400.0] {
        for times in [1.0, 2.0, 4.0, 9.0] {
            let event = Injected { negatives: times, others: 0.0, positive: 0.0 };
            let runs: Vec<_> = (0..SEEDS).filter_map(|seed| signals(an_hour, event, seed)).collect();
            let paged = |run: &Vec<(i64, Kind)>| run.iter().find(|(_, kind)| kind.pages()).map(|(after, _)| *after);
            let mut delays: Vec<i64> = runs.iter().filter_map(paged).collect();
            delays.sort_unstable();
            let soon = delays.iter().filter(|delay| **delay <= 60).count();
            let median = delays.get(delays.len() / 2).map_or("-".to_owned(), i64::to_string);
            let (found, missed) = (delays.len(), runs.len() - delays.len());
            println!("{an_hour:>10} {:>14} x {found:>7} {missed:>7} {soon:>14} {median:>8}", 1.0 + times);
        }
    }
    println!(
        "\na joy of six hours in {SEEDS} streams a line: four times the mentions, the share of negatives as usual or half"
    );
    println!("{:>10} {:>16} {:>7} {:>7} {:>7}", "mentions/h", "negative share", "praise", "paged", "nothing");
    for an_hour in [10.0, 30.0, 100.0, 400.0] {
        for (name, negatives) in [("usual", 3.0), ("half", 1.0)] {
            let event = Injected { negatives, others: 3.0, positive: 0.7 };
            let runs: Vec<_> = (0..SEEDS).filter_map(|seed| signals(an_hour, event, seed)).collect();
            let paged = runs.iter().filter(|run| run.iter().any(|(_, kind)| kind.pages())).count();
            let nothing = runs.iter().filter(|run| run.is_empty()).count();
            let praise = runs.len() - paged - nothing;
            println!("{an_hour:>10} {name:>16} {praise:>7} {paged:>7} {nothing:>7}");
        }
    }
}
