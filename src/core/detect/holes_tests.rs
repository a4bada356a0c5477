//! Posts that are dated back do not make a past.

use orszem_records::time::Timestamp;

use super::streams_fixture::*;

fn hours(hours: i64) -> Vec<(i64, orszem_records::tally::Tally)> {
    simulate(5, &[Part::usual(0, hours * HOUR, 60.0)])
}

/// What a core says of a day of mentions, after posts that are so many days older.
fn after(days: &[i64]) -> (usize, Timestamp) {
    let (mut core, mut ledger) = (core(3 * DAY), Vec::new());
    let mentions = hours(24);
    for days in days {
        let mut old = mentions[0].1.clone();
        let at = Timestamp(mentions[0].0 - days * DAY);
        old.slice = at.slice();
        core.watermarks(&mark(at.0 - 30_000), &mut ledger);
        core.tally(&old, &mut ledger);
    }
    ledger.extend(live(&mut core, &mentions, DAY));
    let (_, since, _) = core.pasts().next().unwrap();
    (opened(&ledger).len(), since)
}

/// One post of 2014 made a watch believe that it had years of past: learning was over, and the first hour was a page.
#[test]
fn a_post_that_is_dated_back_makes_no_years_of_past() {
    let (pages, since) = after(&[]);
    assert_eq!(pages, 0);
    for days in [&[4_000][..], &[9_000, 4_000, 2_000, 400], &[5], &[30, 20, 10]] {
        let (opened, begins) = after(days);
        assert_eq!(opened, pages, "{days:?}");
        assert!(begins.since(since).abs() <= DAY, "{days:?}: since {begins} instead of {since}");
    }
}

/// A feed that was silent for a month after half a year has not lost its past.
#[test]
fn a_long_past_outlives_a_hole() {
    let mut core = core(3 * DAY);
    let part = |from: i64, to: i64| Part::usual(from * DAY, to * DAY, 4.0);
    let mentions = simulate(6, &[part(0, 60), part(90, 91)]);
    live(&mut core, &mentions, 91 * DAY);
    let (_, since, _) = core.pasts().next().unwrap();
    assert!(since.since(Timestamp(START)).abs() <= DAY, "{since}");
}
