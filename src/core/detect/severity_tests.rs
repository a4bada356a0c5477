use super::*;

const QUIET: Gravity = Gravity { size: 0.0, times: 1.0, reach: 0, lasted: 0 };

/// The table of docs/detection.md.
#[test]
fn the_table_of_examples_holds() {
    let severity = |size: f64, times: f64, reach: u64, lasted: i64| {
        Thresholds::default().severity(&Gravity { size, times, reach, lasted })
    };
    assert_eq!(severity(4.0, 9.0, 2_000, 20), 4, "five negative posts where one was expected");
    assert_eq!(severity(4.0, 9.0, 3_000_000, 300), 4, "few stay few, from any author and for any time");
    assert_eq!(severity(12.0, 1.5, 2_000, 20), 3, "a dozen more than expected");
    assert_eq!(severity(60.0, 1.5, 40_000, 60), 3, "sixty more, but hardly above the usual");
    assert_eq!(severity(60.0, 2.5, 40_000, 60), 2, "sixty more, more than twice the usual");
    assert_eq!(severity(300.0, 1.2, 40_000, 60), 2, "three hundred more, a fifth above the usual");
    assert_eq!(severity(300.0, 4.0, 40_000, 60), 1, "three hundred more, four times the usual");
    assert_eq!(severity(300.0, 1.5, 2_000_000, 180), 1, "three hundred more, far-reaching and lasting");
}

#[test]
fn thresholds_are_the_users_and_samples_stand_for_what_they_are_taken_from() {
    let local = Thresholds { sizes: [2.0, 5.0, 20.0], ..Thresholds::default() };
    assert_eq!(local.severity(&Gravity { size: 6.0, times: 2.0, ..QUIET }), 2);
    let sampled = Thresholds { sampled: 0.1, ..Thresholds::default() };
    assert_eq!(sampled.severity(&Gravity { size: 6.0, times: 2.0, ..QUIET }), 2);
    assert_eq!(Thresholds::default().severity(&Gravity { size: 6.0, times: 2.0, ..QUIET }), 4);
}

#[test]
fn the_error_is_that_of_the_models_that_judge() {
    let tally = |mentions: u64, mistaken: u64| {
        let mut tally = Tally::default();
        tally.counts.mentions = mentions;
        tally.counts.grounds.mistaken = mistaken;
        tally
    };
    let mut watch = FalsePositiveRate::default();
    assert!((watch.share() - Confusion::USUAL.mistaken).abs() < 1e-9);
    watch.add(&tally(50, 0));
    assert!((watch.share() - Confusion::USUAL.mistaken).abs() < 1e-9, "counts without judgements say nothing");
    for _ in 0..100 {
        watch.add(&tally(1_000, 300_000));
    }
    assert!((watch.share() - 0.3).abs() < 0.002, "{}", watch.share());
    // Nine tenths of the mentions in English again: what is past fades.
    for _ in 0..100 {
        watch.add(&tally(1_000, 160_000));
    }
    assert!((watch.share() - 0.16).abs() < 0.002, "{}", watch.share());
}
