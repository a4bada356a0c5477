use super::core::{Core, Settings, WatchSettings};
use crate::backtest::Series;
use crate::backtest::pipeline::Pipeline;
use orszem_records::ledger::Event;
use orszem_records::signal::{Phase, Signal};
use std::collections::BTreeMap;

#[path = "../../../benches/detection/stream.rs"]
#[allow(dead_code)]
mod stream;
use stream::{Minute, NEGATIVE, Quiet, Scatter, WEEK, feed};

#[test]
fn lab_counts() {
    for name in ["AAPL", "AMZN", "FB", "GOOG", "germanwings"] {
        let file = std::fs::File::open(format!("/work/shared/data/counts/{name}.csv")).unwrap();
        let mut series = Series::new(name, std::io::BufReader::new(file));
        let watches = vec![WatchSettings::new(name, 0.5)];
        let mut pipelines = [Pipeline::new(Settings { watches, ..Settings::default() })];
        while series.feed(name, &mut pipelines).unwrap().is_some() {}
        series.finish(&mut pipelines);
        let [pipeline] = pipelines;
        for incident in pipeline.finish().incidents {
            println!(
                "LAB {name} {} {} {:.5} sev {} obs {} exp {:.1} win {}",
                incident.paged_at.map_or("-".into(), |at| at.to_string()),
                incident.opened_at,
                incident.expected_per_week,
                incident.severity,
                incident.observed,
                incident.expected,
                incident.window_s / 60
            );
        }
    }
}

fn env(name: &str, default: f64) -> f64 {
    std::env::var(name).ok().map_or(default, |v| v.parse().unwrap())
}

/// pages (first paging signal of each incident) with minute and statistic
fn run(
    an_hour: f64,
    scatter: Scatter,
    seed: u64,
    minutes: i64,
    budget: f64,
    judged: bool,
    event: impl Fn(&mut Quiet, i64, &mut Minute),
) -> Vec<(i64, String)> {
    let mut core = Core::new(Settings { watches: vec![WatchSettings::new("w", budget)], ..Settings::default() });
    let mut stream = Quiet::new(an_hour, scatter, seed);
    let mut out = Vec::new();
    let mut paged: BTreeMap<String, ()> = BTreeMap::new();
    for minute in 0..minutes {
        let mut seen = stream.minute(minute);
        event(&mut stream, minute, &mut seen);
        if !judged {
            seen.others += seen.negatives;
            seen.negatives = 0;
            seen.positives = 0;
        }
        for entry in feed(&mut core, minute, seen, &["w"]) {
            if let Event::Signal(signal) = entry.event {
                let signal: Signal = *signal;
                if signal.phase != Phase::Closed
                    && signal.pages()
                    && paged.insert(entry.incident.0.clone(), ()).is_none()
                {
                    out.push((
                        minute,
                        format!("{:?}/{:?}/{}", signal.kind, signal.reason.map(|r| r.statistic), signal.severity),
                    ));
                }
            }
        }
    }
    out
}

#[test]
fn lab_quiet() {
    let weeks = env("LAB_WEEKS", 52.0) as i64;
    let judged = env("LAB_JUDGED", 1.0) > 0.0;
    let budget = env("LAB_BUDGET", 0.5);
    for (line, rate) in (0..).zip([0.05, 0.2, 0.5, 2.0, 10.0, 100.0, 1000.0]) {
        for (name, scatter) in
            [("poisson", Scatter::Poisson), ("over.1", Scatter::Over(0.1)), ("over.5", Scatter::Over(0.5))]
        {
            let pages = run(rate, scatter, line, (4 + weeks) * WEEK, budget, judged, |_, _, _| {});
            let young = pages.iter().filter(|(m, _)| *m < 4 * WEEK).count();
            let old = pages.len() - young;
            let mut by: BTreeMap<String, usize> = BTreeMap::new();
            for (m, s) in &pages {
                if *m >= 4 * WEEK {
                    *by.entry(s.clone()).or_default() += 1;
                }
            }
            println!(
                "QUIET {rate} {name}: {:.3} a week; young {:.2}; {by:?}",
                old as f64 / weeks as f64,
                young as f64 / 4.0
            );
        }
    }
}

#[test]
fn lab_power() {
    let seeds = env("LAB_SEEDS", 40.0) as u64;
    let judged = env("LAB_JUDGED", 1.0) > 0.0;
    let rates: &[f64] = if judged { &[10.0, 30.0, 100.0, 400.0] } else { &[3.0, 10.0, 30.0, 100.0, 400.0] };
    for (label, neg, oth, pos) in
        [("x3neg", 2.0, 0.0, 0.0), ("x5all", 4.0, 4.0, 0.2), ("joy", 3.0, 3.0, 0.7), ("halfjoy", 1.0, 3.0, 0.7)]
    {
        if !judged && label != "x5all" {
            continue;
        }
        let mut row = String::new();
        for rate in rates {
            let (mut soon, mut ever, mut all, mut long) = (0, 0, 0, 0);
            for seed in 0..seeds {
                let at = 4 * WEEK + (seed as i64 * 37 * 60) % WEEK;
                let pages =
                    run(*rate, Scatter::Over(0.1), 500 + seed, at + 24 * 60, 0.5, judged, |stream, minute, seen| {
                        if (at..at + 360).contains(&minute) {
                            let usual = stream.rate(minute);
                            seen.negatives += stream.draw(usual * NEGATIVE * neg);
                            let more = stream.draw(usual * (1.0 - NEGATIVE) * oth);
                            seen.others += more;
                            seen.positives += (more as f64 * pos).round() as u64;
                        }
                    });
                let first = pages.iter().find(|(m, _)| *m >= at).map(|(m, _)| m - at);
                all += 1;
                soon += i32::from(first.is_some_and(|m| m < 60));
                ever += i32::from(first.is_some_and(|m| m < 420));
                long += i32::from(first.is_some());
            }
            row += &format!(" {}: {}/{}/{} ", rate, 100 * soon / all, 100 * ever / all, 100 * long / all);
        }
        println!("POWER {label} (1h/7h/24h):{row}");
    }
}
