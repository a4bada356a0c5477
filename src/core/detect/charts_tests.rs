//! The chart of a signal shows what its sentence says.

use std::collections::BTreeMap;

use orszem_records::chart::{CHART_POINTS, Chart, Counted, Point};
use orszem_records::ledger::{Entry, Event};
use orszem_records::peak::Peak;
use orszem_records::signal::{Kind, Phase, Signal};
use orszem_records::time::Timestamp;

use super::core::{Core, Settings, WatchSettings};
use super::limits::Crisis;
use super::streams_fixture::*;

/// The signals of a watch that saw these parts up to `to`.
fn told(seed: u64, learn_ms: i64, parts: &[Part], to: i64) -> Vec<Signal> {
    let ledger = live(&mut core(learn_ms), &simulate(seed, parts), to);
    signals(&ledger).cloned().collect()
}

fn burst(from: i64, to: i64, per_hour: f64, negative: f64) -> Part {
    Part { from, to, per_hour, negative, positive: 0.0, accounts: 0 }
}

/// The points of the chart that lie in the window of the height, and which part of what has passed of each does.
fn marked(signal: &Signal, peak: &Peak) -> Vec<(Point, f64)> {
    let from = peak.at.plus(-i64::from(peak.window_s) * 1000);
    let part = |at: Timestamp| {
        let end = at.plus(signal.chart.span_ms()).min(signal.at);
        end.min(peak.at).since(at.max(from)).max(0) as f64 / end.since(at) as f64
    };
    signal.chart.spans().map(|(at, point)| (*point, part(at))).filter(|(_, part)| *part > 0.0).collect()
}

fn is_about(one: f64, other: f64, part: f64) -> bool {
    (one - other).abs() <= part * one.max(other) + 1.0
}

/// Holds the picture of each signal that `looked_at` chooses against the figures at the height of its incident.
fn hold(signals: &[Signal], of: Counted, looked_at: impl Fn(&Signal) -> bool) {
    let mut peaks: BTreeMap<Timestamp, Peak> = BTreeMap::new();
    let mut held = 0;
    for signal in signals {
        let peak = peaks.entry(signal.opened_at).or_insert_with(|| Peak::of(signal));
        *peak = peak.or(signal);
        if !looked_at(signal) {
            continue;
        }
        held += 1;
        let Chart { seconds, points, .. } = &signal.chart;
        let what = format!("{:?} {}, {} s until {}: points of {seconds}", peak.kind, signal.at, peak.window_s, peak.at);
        assert_eq!(signal.chart.of, of, "{what}");
        assert!(points.len() <= CHART_POINTS, "{what}");
        let marked = marked(signal, peak);
        let seen = |point: &Point| if of == Counted::Mentions { point.mentions } else { point.negatives };
        let seen = marked.iter().map(|(point, part)| f64::from(seen(point)) * part).sum::<f64>();
        let usual = marked.iter().filter_map(|(point, part)| Some(f64::from(point.usual?.expected) * part));
        let usual = usual.sum::<f64>();
        assert!(is_about(usual, peak.expected, 0.2), "{what}: {usual} is usual, the sentence says {}", peak.expected);
        let observed = peak.observed as f64;
        assert!(is_about(seen, observed, 0.35), "{what}: {seen}, the sentence says {observed}");
        let before = peak.at.since(signal.chart.from) / 1000;
        assert!(before * 2 >= i64::from(peak.window_s) * 3 || of == Counted::Share, "{what}: from {before} s before");
        assert!(signal.chart.end() >= signal.at, "{what}");
    }
    assert!(held > 0);
}

#[test]
fn a_burst_of_negatives_is_drawn_as_negatives_against_those_expected() {
    let begins = 10 * DAY + 5 * HOUR;
    for (seed, lasts, per_hour) in [(1, HOUR, 400.0), (2, 3 * HOUR, 150.0)] {
        let parts = [Part::usual(0, 11 * DAY, 60.0), burst(begins, begins + lasts, per_hour, 0.9)];
        let signals = told(seed, 3 * DAY, &parts, 11 * DAY);
        let signals: Vec<Signal> = signals.into_iter().filter(|signal| signal.opened_at.0 >= START + begins).collect();
        let negatives: Vec<Signal> = signals.iter().filter(|signal| signal.kind == Kind::Negativity).cloned().collect();
        hold(&signals, Counted::Negatives, |signal| signal.kind == Kind::Negativity);
        // Of ordinary hours before it a fifth of the mentions is expected to be negative, five in half an hour or so.
        let first = &negatives[0];
        let before = first.chart.spans().filter(|(at, _)| at.0 < START + begins - HOUR);
        let before: Vec<f32> = before.map(|(_, point)| point.usual.unwrap().expected).collect();
        let rate = before.iter().sum::<f32>() / before.len() as f32;
        assert!((0.5..1.6).contains(&rate), "{rate} in five minutes");
    }
}

#[test]
fn more_mentions_are_drawn_as_mentions() {
    let begins = 10 * DAY + 5 * HOUR;
    let parts = [Part::usual(0, 11 * DAY, 60.0), burst(begins, begins + 2 * HOUR, 300.0, 0.0)];
    let signals = told(3, 3 * DAY, &parts, 11 * DAY);
    let from = START + begins;
    hold(&signals, Counted::Mentions, |signal| signal.kind == Kind::Volume && signal.opened_at.0 >= from);
}

#[test]
fn a_slow_burn_is_drawn_as_the_share_over_two_days() {
    let begins = 14 * DAY;
    for (seed, per_hour, negative, seconds) in [(5, 60.0, 0.28, 1_800), (6, 12.0, 0.34, 3_600), (5, 4.0, 0.4, 7_200)] {
        let rise = Part { negative, positive: 0.1, ..Part::usual(begins, begins + 4 * DAY, per_hour) };
        let parts = [Part::usual(0, begins, per_hour), rise];
        let signals = told(seed, 3 * DAY, &parts, begins + 4 * DAY);
        let of = |signal: &Signal| signal.kind == Kind::SlowBurn && signal.opened_at.0 >= START + begins;
        hold(&signals, Counted::Share, of);
        let slow: Vec<Signal> = signals.into_iter().filter(of).collect();
        let chart = &slow[0].chart;
        assert_eq!(chart.seconds, seconds);
        assert_eq!(chart.points.len() as u64 * u64::from(seconds), 48 * 3_600, "two days");
        let usual = |point: &Point| point.usual(chart.of).map(|usual| usual.expected);
        let known: Vec<f32> = chart.points.iter().filter_map(usual).collect();
        assert!(known.iter().all(|share| (0.15..0.3).contains(share)), "{known:?}");
    }
}

#[test]
fn a_long_incident_is_drawn_from_before_it_began() {
    let begins = 10 * DAY + 5 * HOUR;
    // It rises again and again for a day and a half: it stays open.
    let mut parts = vec![Part::usual(0, 13 * DAY, 60.0)];
    parts.extend((0..9).map(|step| {
        let from = begins + step * 4 * HOUR;
        burst(from, from + 4 * HOUR, 60.0 * 1.6_f64.powi(step as i32 + 1), 0.8)
    }));
    let mut core = core(3 * DAY);
    let stream = simulate(7, &parts);
    let now = begins + 36 * HOUR;
    let seen = &stream[..stream.partition_point(|(at, _)| *at < START + now)];
    let ledger = live(&mut core, seen, now);
    let last = signals(&ledger).last().unwrap();
    assert_ne!(last.phase, Phase::Closed);
    assert!(last.at.since(last.opened_at) > 30 * HOUR, "{} {}", last.opened_at, last.at);
    let all: Vec<Signal> = signals(&ledger).cloned().collect();
    hold(&all, Counted::Negatives, |signal| signal.opened_at == last.opened_at);
    let Chart { from, seconds, .. } = last.chart;
    assert_eq!(seconds, 1_800, "half hours");
    assert!(last.opened_at.since(from) >= 2 * HOUR, "{from}");
    // What is no longer kept by the minute is as it was counted.
    let counted = |from: i64, to: i64| {
        stream.iter().filter(|(at, _)| (from..to).contains(at)).map(|(_, tally)| tally.counts.negatives).sum::<u64>()
    };
    let after = |(at, _): &(Timestamp, &Point)| at.0 > last.opened_at.0 && at.0 + 1_800_000 <= last.at.0;
    let drawn: Vec<(Timestamp, &Point)> = last.chart.spans().filter(after).collect();
    assert!(drawn.len() > 55);
    for (at, point) in drawn {
        assert_eq!(point.negatives as u64, counted(at.0, at.0 + 1_800_000), "{at}");
    }
    // And of the quiet hours before it, about.
    let quiet = last.chart.spans().filter(|(at, _)| at.0 < START + begins - HOUR).map(|(_, point)| point.mentions);
    let quiet: Vec<f32> = quiet.collect();
    assert!(!quiet.is_empty() && quiet.iter().all(|mentions| (10.0..60.0).contains(mentions)), "{quiet:?}");
    let (_, snapshot) = core.snapshots().swap_remove(0);
    assert!(snapshot.encode().unwrap().len() <= 24 * 1024);
    assert!(core.bytes() <= 40 * 1024, "{}", core.bytes());
}

#[test]
fn while_learning_the_limit_is_drawn_and_nothing_is_said_to_be_usual() {
    let mut watch = WatchSettings::new("acme", 0.5);
    watch.crisis = Some(Crisis { mentions: None, negatives: Some(40), minutes: 60 });
    let mut core = Core::new(Settings { watches: vec![watch], ..Settings::default() });
    let parts = [Part::usual(0, 9 * HOUR, 20.0), burst(8 * HOUR, 9 * HOUR, 120.0, 0.9)];
    let ledger: Vec<Entry> = live(&mut core, &simulate(11, &parts), 9 * HOUR);
    let reached = signals(&ledger).find(|signal| signal.limit.is_some()).unwrap();
    assert_eq!(reached.chart.of, Counted::Negatives);
    assert!(reached.learning && reached.chart.points.iter().all(|point| point.usual.is_none()));
    let pace = reached.chart.pace(&reached.limit.unwrap()).unwrap();
    assert!((pace - 40.0 / 12.0).abs() < 1e-9, "{pace}");
    let above = reached.chart.points.iter().filter(|point| f64::from(point.negatives) > pace).count();
    assert!(above >= 3, "{above}");
}

#[test]
fn an_entry_with_its_chart_stays_small() {
    let begins = 10 * DAY + 5 * HOUR;
    let parts = [Part::usual(0, 11 * DAY, 600.0), burst(begins, begins + HOUR, 9_000.0, 0.9)];
    let ledger = live(&mut core(3 * DAY), &simulate(1, &parts), 11 * DAY);
    let largest = ledger.iter().map(|entry| serde_json::to_string(&Entry { event: bare(entry), ..entry.clone() }));
    let largest = largest.map(|json| json.unwrap().len()).max().unwrap();
    assert!(largest < 6_000, "{largest} bytes without examples");
}

/// The event without its examples, the texts of which have the length they have.
fn bare(entry: &Entry) -> Event {
    match &entry.event {
        Event::Signal(signal) => {
            let mut signal = signal.clone();
            signal.samples.clear();
            Event::Signal(signal)
        }
        other => other.clone(),
    }
}
