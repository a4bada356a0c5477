//! Kinds of fault that detectors have shown, each on a hundred simulated streams. docs/detection.md has the table that
//! `cargo bench --bench detection` prints of more of them.

use std::collections::BTreeMap;

use orszem_core::detect::core::{Core, Settings, WatchSettings};
use orszem_core::settings::Volume;
use orszem_records::ledger::Event;
use orszem_records::signal::{Phase, Signal};

#[path = "../../benches/detection/stream.rs"]
#[allow(dead_code, reason = "shared with the bench: not all of it is used here")]
mod stream;

use stream::{Classifier, Minute, NEGATIVE, Quiet, Scatter, WEEK, feed};

const STREAMS: u64 = 100;
const HOUR: i64 = 60;
const DAY: i64 = 24 * HOUR;

/// What the detectors say of a stream: the minutes and signals of the ledger.
type Told = Vec<(i64, Signal)>;

/// What is known of a stream, and what it is held to.
#[derive(Clone, Copy)]
struct Watched {
    classifier: Classifier,
    volume: Volume,
    budget: f64,
}

const JUDGED: Watched = Watched { classifier: Classifier::Exact, volume: Volume::Page, budget: 0.5 };
const COUNTED: Watched = Watched { classifier: Classifier::Missing, ..JUDGED };

/// A stream of `an_hour` mentions, `minutes` long, and what `event` adds to each minute.
fn told(
    an_hour: f64,
    seed: u64,
    minutes: i64,
    watched: Watched,
    mut event: impl FnMut(&mut Quiet, i64, &mut Minute),
) -> Told {
    let Watched { classifier, volume, budget } = watched;
    let watch = WatchSettings { volume, ..WatchSettings::new("w", budget) };
    let mut core = Core::new(Settings { watches: vec![watch], ..Settings::default() });
    let mut stream = Quiet::new(an_hour, Scatter::Over(0.1), seed);
    let mut told = Vec::new();
    for minute in 0..minutes {
        let mut seen = stream.minute(minute);
        event(&mut stream, minute, &mut seen);
        let judged = classifier.judge(&mut stream, seen);
        for entry in feed(&mut core, minute, judged, &["w"]) {
            if let Event::Signal(signal) = entry.event {
                told.push((minute, *signal));
            }
        }
    }
    told
}

/// How many pages there are from `from` up to `to`, and the first of them.
fn pages(told: &Told, from: i64, to: i64) -> (usize, Option<i64>) {
    let mut paged = BTreeMap::new();
    for (minute, signal) in told {
        if signal.phase != Phase::Closed && signal.pages() {
            paged.entry(signal.opened_at).or_insert(*minute);
        }
    }
    let within: Vec<i64> = paged.into_values().filter(|minute| (from..to).contains(minute)).collect();
    (within.len(), within.iter().min().copied())
}

/// Of how many streams the events page within `minutes` of `begins`.
fn found(begins: i64, minutes: i64, told: impl Fn(u64) -> Told) -> usize {
    let paged = |seed: u64| pages(&told(seed), begins, begins + minutes).1.is_some();
    (0..STREAMS).filter(|seed| paged(*seed)).count()
}

/// Adds `times` the usual of everything.
fn rise(stream: &mut Quiet, minute: i64, seen: &mut Minute, times: f64) {
    let usual = stream.rate(minute);
    seen.negatives += stream.draw(usual * NEGATIVE * times);
    seen.others += stream.draw(usual * (1.0 - NEGATIVE) * times);
}

#[test]
fn a_name_never_spoken_of_pages_when_everybody_does() {
    let begins = 4 * DAY + 600;
    let found = found(begins, HOUR, |seed| {
        told(0.0, seed, begins + HOUR, COUNTED, |stream, minute, seen| {
            if (begins..begins + 22).contains(&minute) {
                seen.others += stream.draw(249.0 / 22.0);
            }
        })
    });
    assert!(found == 100, "{found} of 100");
}

#[test]
fn where_mentions_are_sparse_the_budget_is_spent_and_not_overspent() {
    let weeks = 6;
    // Where negatives are known, three of them within half a day are rare: the mentions have what is left.
    for (known, watched) in [("counts", COUNTED), ("negatives", Watched { budget: 2.0, ..JUDGED })] {
        let pages: usize = (0..STREAMS)
            .map(|seed| pages(&told(0.5, seed, (2 + weeks) * WEEK, watched, |_, _, _| {}), 2 * WEEK, i64::MAX).0)
            .sum();
        let a_week = pages as f64 / (STREAMS as f64 * weeks as f64);
        let asked = watched.budget;
        assert!((asked / 2.0..asked * 2.0).contains(&a_week), "{known}: {a_week} a week, where {asked} are asked for");
    }
}

#[test]
fn the_first_two_weeks_of_a_watch_cost_at_most_twice_what_was_asked() {
    // Nothing is learnt of the first three days.
    let weeks = 11.0 / 7.0;
    for an_hour in [0.5, 10.0] {
        for (known, watched) in [("counts", COUNTED), ("negatives", JUDGED)] {
            let pages: usize = (0..STREAMS)
                .map(|seed| pages(&told(an_hour, seed, 2 * WEEK, watched, |_, _, _| {}), 0, i64::MAX).0)
                .sum();
            let a_week = pages as f64 / (STREAMS as f64 * weeks);
            assert!(a_week < 2.0 * watched.budget, "{known}, {an_hour} an hour: {a_week} a week");
        }
    }
}

#[test]
fn ten_times_the_usual_at_night_pages_in_the_first_week() {
    let begins = 4 * DAY + 2 * HOUR;
    let found = found(begins, HOUR, |seed| {
        told(100.0, seed, begins + HOUR, COUNTED, |stream, minute, seen| {
            if minute >= begins {
                rise(stream, minute, seen, 9.0);
            }
        })
    });
    assert!(found >= 85, "{found} of 100");
}

#[test]
fn two_bursts_in_a_short_past_do_not_hide_a_larger_one() {
    let begins = 6 * DAY + 10 * HOUR;
    let found = found(begins, HOUR, |seed| {
        told(30.0, seed, begins + HOUR, COUNTED, |stream, minute, seen| {
            for (at, times) in [(DAY + 600, 9.0), (3 * DAY + 900, 9.0), (begins, 29.0)] {
                if (at..at + HOUR).contains(&minute) {
                    rise(stream, minute, seen, times);
                }
            }
        })
    });
    assert!(found >= 90, "{found} of 100");
}

#[test]
fn a_handful_of_mentions_is_never_severe() {
    let begins = 2 * WEEK + 600;
    let mut incidents = 0;
    for seed in 0..STREAMS {
        let told = told(0.5, seed, begins + HOUR, JUDGED, |stream, minute, seen| {
            if minute >= begins {
                seen.negatives += stream.draw(6.0 / 60.0);
            }
        });
        for (_, signal) in told.iter().filter(|(minute, _)| *minute >= begins) {
            incidents += 1;
            assert!(signal.severity == 4 || signal.counts.negatives >= 10, "{signal:?}");
        }
    }
    assert!(incidents >= 50, "{incidents}");
}

#[test]
fn one_neutral_text_that_hundreds_pass_on_pages_nobody() {
    let begins = 3 * WEEK + 600;
    // Where a watch is mentioned five times a day, what is left of its budget is not for one text.
    for (an_hour, most) in [(0.2, 25), (10.0, 4)] {
        let found = found(begins, 4 * HOUR, |seed| {
            told(an_hour, seed, begins + 4 * HOUR, JUDGED, |stream, minute, seen| {
                if (begins..begins + 2 * HOUR).contains(&minute) {
                    let copies = stream.draw(200.0 / 120.0);
                    stream.copy(copies, seen);
                }
            })
        });
        assert!(found <= most, "{an_hour} an hour: {found} of 100");
    }
}

#[test]
fn more_mentions_alone_are_a_note_where_the_watch_says_so() {
    let begins = 2 * WEEK + 600;
    for (volume, least, most) in [(Volume::Page, 60, 100), (Volume::Note, 0, 25)] {
        let found = found(begins, 2 * HOUR, |seed| {
            told(100.0, seed, begins + 2 * HOUR, Watched { volume, ..JUDGED }, |stream, minute, seen| {
                if minute >= begins {
                    rise(stream, minute, seen, 4.0);
                }
            })
        });
        assert!((least..=most).contains(&found), "{volume:?}: {found} of 100");
    }
}

#[test]
fn a_burst_hardly_enters_the_past_and_one_that_lasts_becomes_the_usual() {
    let begins = 2 * WEEK;
    let (mut usual, mut first, mut later) = (0, 0.0, 0.0);
    for seed in 0..STREAMS {
        let told = told(30.0, seed, begins + 3 * DAY, COUNTED, |stream, minute, seen| {
            if minute >= begins {
                rise(stream, minute, seen, 4.0);
            }
        });
        let expected = |minute: i64| {
            let (_, signal) = told.iter().find(|(at, _)| *at >= minute)?;
            // The last point is of a part of its time.
            let [.., whole, _] = &signal.chart.points[..] else { return None };
            Some(f64::from(whole.usual?.expected) / f64::from(signal.chart.seconds))
        };
        if let (Some(at_first), Some(after)) = (expected(begins + 5), expected(begins + 7 * HOUR)) {
            (first, later) = (first + at_first, later + after);
        }
        usual += usize::from(told.iter().any(|(_, signal)| signal.phase == Phase::Closed && signal.new_usual));
    }
    // Seven hours later another hour of the day is usual. A burst that enters the past makes five times as much of it.
    assert!(first > 0.0 && later < 1.5 * first, "{first} at first, {later} seven hours later");
    assert!(usual >= 90, "{usual} of 100 end and say so");
}

#[test]
fn a_joy_pages_nobody_and_three_times_the_negatives_page_within_the_hour() {
    let begins = 3 * WEEK + 600;
    let joys = found(begins, 7 * HOUR, |seed| {
        told(30.0, seed, begins + 7 * HOUR, JUDGED, |stream, minute, seen| {
            if (begins..begins + 6 * HOUR).contains(&minute) {
                let usual = stream.rate(minute);
                seen.negatives += stream.draw(usual * NEGATIVE * 3.0);
                let friendly = stream.draw(usual * (1.0 - NEGATIVE) * 3.0);
                seen.others += friendly;
                seen.positives += stream.choose(friendly, 0.7);
            }
        })
    });
    assert!(joys <= 7, "{joys} of 100 joys");
    let crises = found(begins, HOUR, |seed| {
        told(100.0, seed, begins + HOUR, JUDGED, |stream, minute, seen| {
            if minute >= begins {
                seen.negatives += stream.draw(stream.rate(minute) * NEGATIVE * 2.0);
            }
        })
    });
    assert!(crises >= 75, "{crises} of 100 crises");
}

#[test]
fn mentions_that_nothing_can_judge_hide_no_negatives() {
    let begins = 2 * WEEK + 600;
    let found = found(begins, HOUR, |seed| {
        told(100.0, seed, begins + HOUR, Watched { volume: Volume::Note, ..JUDGED }, |stream, minute, seen| {
            if minute >= begins {
                seen.negatives += stream.draw(stream.rate(minute) * NEGATIVE * 2.0);
                seen.unjudged += stream.draw(stream.rate(minute) * 4.0);
            }
        })
    });
    assert!(found >= 70, "{found} of 100");
}

#[test]
fn a_share_that_doubles_over_two_days_is_found() {
    let begins = 3 * WEEK;
    let found = found(begins, 5 * DAY / 2, |seed| {
        told(30.0, seed, begins + 5 * DAY / 2, JUDGED, |stream, minute, seen| {
            if minute >= begins {
                let drift = NEGATIVE * ((minute - begins) as f64 / (2 * DAY) as f64).min(1.0);
                let turned = stream.choose(seen.others, drift / (1.0 - NEGATIVE));
                seen.negatives += turned;
                seen.others -= turned;
                seen.positives = seen.positives.min(seen.others);
            }
        })
    });
    assert!(found >= 92, "{found} of 100");
}
