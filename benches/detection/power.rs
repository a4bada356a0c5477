//! What is found when something happens, and what is let pass: events injected into simulated streams at every hour of
//! the week.

use std::collections::BTreeMap;

use orszem_core::detect::core::{Core, Settings, WatchSettings};
use orszem_records::ledger::Event;
use orszem_records::signal::Phase;

use crate::stream::{Classifier, Minute, NEGATIVE, Quiet, Scatter, WEEK, feed};

const HOUR: i64 = 60;
const DAY: i64 = 24 * HOUR;

/// What is injected, and how it is looked at.
struct Case {
    name: &'static str,
    /// Mentions an hour.
    rates: &'static [f64],
    /// How long it lasts, and until when pages are its own, in minutes.
    lasts: i64,
    until: i64,
    /// Pages within this many minutes are shown apart.
    soon: i64,
    /// Weeks of past, and the hour at which it begins; `None`: any hour of the week.
    past: i64,
    hour: Option<i64>,
    classifier: Classifier,
    inject: fn(&mut Quiet, Injected, &mut Minute),
    goal: &'static str,
}

/// A minute of the event.
#[derive(Clone, Copy)]
struct Injected {
    /// The minute of the simulation.
    minute: i64,
    /// Minutes since the event began.
    since: i64,
}

/// Adds a multiple of the usual negatives, one of the others, and makes a share of the latter positive.
fn more(stream: &mut Quiet, at: Injected, seen: &mut Minute, (negatives, others, positive): (f64, f64, f64)) {
    let usual = stream.rate(at.minute);
    seen.negatives += stream.draw(usual * NEGATIVE * negatives);
    let more = stream.draw(usual * (1.0 - NEGATIVE) * others);
    seen.others += more;
    seen.positives += stream.choose(more, positive);
}

const BUSY: &[f64] = &[10.0, 30.0, 100.0, 400.0];
/// A joy is silent from ten an hour on: the positives of fewer mentions are too few to tell it by.
const ALL: &[f64] = &[0.2, 0.5, 2.0, 10.0, 30.0, 100.0, 400.0];

/// Six hours of something at any hour of the week, after four weeks of past, judged without mistakes.
const EVENT: Case = Case {
    name: "",
    rates: BUSY,
    lasts: 6 * HOUR,
    until: 7 * HOUR,
    soon: HOUR,
    past: 4,
    hour: None,
    classifier: Classifier::Exact,
    inject: |_, _, _| {},
    goal: "",
};

const CASES: &[Case] = &[
    Case {
        name: "five times the mentions, sentiment not known",
        rates: &[3.0, 10.0, 30.0, 100.0, 400.0],
        classifier: Classifier::Missing,
        inject: |stream, at, seen| more(stream, at, seen, (4.0, 4.0, 0.25)),
        // The 67 was counted on few streams: on 5,700 others the model that set it finds 61 at 10 an hour.
        goal: "43 67 78 84 88 within the hour",
        ..EVENT
    },
    Case {
        name: "three times the judged negatives",
        inject: |stream, at, seen| more(stream, at, seen, (2.0, 0.0, 0.0)),
        goal: "18 42 80 98 within the hour (no detector: 25 63 96 100)",
        ..EVENT
    },
    Case {
        name: "three times the true negatives, the classifier errs",
        classifier: Classifier::Errs,
        inject: |stream, at, seen| more(stream, at, seen, (2.0, 0.0, 0.0)),
        goal: "5 10 22 83 within the hour",
        ..EVENT
    },
    Case {
        name: "a joy, the usual share negative",
        rates: ALL,
        inject: |stream, at, seen| more(stream, at, seen, (3.0, 3.0, 0.7)),
        goal: "at most 4 within seven hours (chance: 2)",
        ..EVENT
    },
    Case {
        name: "a joy, half the share negative",
        inject: |stream, at, seen| more(stream, at, seen, (1.0, 3.0, 0.7)),
        goal: "at most 1 within seven hours",
        ..EVENT
    },
    Case {
        name: "a neutral text passed on 200 times in two hours",
        rates: ALL,
        lasts: 2 * HOUR,
        inject: |stream, _, seen| {
            let copies = stream.draw(200.0 / 120.0);
            stream.copy(copies, seen);
        },
        goal: "none (chance: 2)",
        ..EVENT
    },
    Case {
        name: "the share of negatives doubles over two days",
        lasts: 3 * DAY,
        until: 5 * DAY / 2,
        soon: DAY,
        inject: |stream, at, seen| {
            let drift = NEGATIVE * (at.since as f64 / (2 * DAY) as f64).min(1.0);
            let turned = stream.choose(seen.others, drift / (1.0 - NEGATIVE));
            seen.negatives += turned;
            seen.others -= turned;
            seen.positives = seen.positives.min(seen.others);
        },
        goal: "95 within two days and a half",
        ..EVENT
    },
    Case {
        name: "a day of complaints: half as many negatives again, no burst",
        lasts: DAY,
        until: DAY,
        soon: 8 * HOUR,
        inject: |stream, at, seen| more(stream, at, seen, (0.5, 0.0, 0.0)),
        goal: "within hours",
        ..EVENT
    },
    Case {
        name: "ten times the usual on a Friday at two, after four days",
        rates: &[10.0, 100.0],
        past: 0,
        hour: Some(4 * 24 + 2),
        classifier: Classifier::Missing,
        inject: |stream, at, seen| more(stream, at, seen, (9.0, 9.0, 0.25)),
        goal: "nearly all",
        ..EVENT
    },
    Case {
        name: "a name never spoken of, then 249 times in 22 minutes, after four days",
        rates: &[0.0],
        lasts: 22,
        until: HOUR,
        soon: 10,
        past: 0,
        hour: Some(4 * 24 + 10),
        classifier: Classifier::Missing,
        inject: |stream, _, seen| seen.others += stream.draw(249.0 / 22.0),
        goal: "all",
    },
];

/// Minutes after the event began of the first page that is its own.
fn first_page(case: &Case, an_hour: f64, seed: u64) -> Option<i64> {
    // Neighbouring seeds lie a day and a half apart.
    let spread = (i64::try_from(seed).unwrap() * 37 * HOUR).rem_euclid(WEEK);
    let begins = case.past * WEEK + case.hour.map_or(spread, |hour| hour * HOUR);
    let watches = vec![WatchSettings::new("w", 0.5)];
    let mut core = Core::new(Settings { watches, ..Settings::default() });
    let mut stream = Quiet::new(an_hour, Scatter::Over(0.1), 500 + seed);
    let mut paged = BTreeMap::new();
    for minute in 0..begins + case.until {
        let mut seen = stream.minute(minute);
        if (begins..begins + case.lasts).contains(&minute) {
            (case.inject)(&mut stream, Injected { minute, since: minute - begins }, &mut seen);
        }
        let judged = case.classifier.judge(&mut stream, seen);
        for entry in feed(&mut core, minute, judged, &["w"]) {
            let Event::Signal(signal) = entry.event else { continue };
            if signal.phase != Phase::Closed && signal.pages() {
                paged.entry(entry.incident).or_insert(minute);
            }
        }
    }
    paged.into_values().filter(|minute| *minute >= begins).min().map(|minute| minute - begins + 1)
}

/// The first pages of all seeds, on all cores of the machine.
fn first_pages(case: &Case, an_hour: f64, seeds: u64) -> Vec<Option<i64>> {
    let workers = std::thread::available_parallelism().map_or(1, usize::from) as u64;
    std::thread::scope(|scope| {
        let run = move |worker: u64| {
            let share = (worker..seeds).step_by(workers as usize);
            share.map(|seed| first_page(case, an_hour, seed)).collect::<Vec<_>>()
        };
        let all: Vec<_> = (0..workers).map(|worker| scope.spawn(move || run(worker))).collect();
        all.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    })
}

fn words(minutes: i64) -> String {
    match minutes {
        DAY.. => format!("{:.1} d", minutes as f64 / DAY as f64),
        HOUR.. => format!("{:.0} h", minutes as f64 / HOUR as f64),
        _ => format!("{minutes} min"),
    }
}

/// The events whose names hold `word`.
pub(crate) fn tables(seeds: u64, word: &str) {
    println!("events in {seeds} streams a line, at the default budget; paged, of 100");
    for case in CASES.iter().filter(|case| case.name.contains(word)) {
        println!("\n{} (goal: {})", case.name, case.goal);
        println!("{:>12} {:>14} {:>14} {:>16}", "mentions/h", words(case.soon), words(case.until), "median, min");
        for an_hour in case.rates {
            let pages = first_pages(case, *an_hour, seeds);
            let mut delays: Vec<i64> = pages.into_iter().flatten().collect();
            delays.sort_unstable();
            let of_100 = |found: usize| format!("{:.0}", 100.0 * found as f64 / seeds as f64);
            let soon = delays.iter().filter(|delay| **delay <= case.soon).count();
            let median = delays.get(delays.len() / 2).map_or("-".to_owned(), i64::to_string);
            println!("{an_hour:>12} {:>14} {:>14} {median:>16}", of_100(soon), of_100(delays.len()));
        }
    }
}
