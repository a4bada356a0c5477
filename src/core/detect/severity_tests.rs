use super::*;

const QUIET: Gravity = Gravity { expected_per_week: 0.4, budget: 0.5, reach: 0, lasted: 0, negative: false };

#[test]
fn the_table_holds() {
    let severity = |gravity: Gravity| Thresholds::default().severity(&gravity);
    assert_eq!(severity(QUIET), 4);
    assert_eq!(severity(Gravity { negative: true, ..QUIET }), 3);
    assert_eq!(severity(Gravity { expected_per_week: 0.005, ..QUIET }), 3);
    assert_eq!(severity(Gravity { expected_per_week: 0.005, negative: true, ..QUIET }), 2);
    assert_eq!(severity(Gravity { reach: 1_000_000, lasted: 120, ..QUIET }), 3);
    let worst = Gravity { expected_per_week: 0.0, reach: 1_000_000, lasted: 120, negative: true, ..QUIET };
    assert_eq!(severity(worst), 1);
}

#[test]
fn thresholds_are_the_users() {
    let local = Thresholds { far_reaching: 5_000, points: [2, 1, 1], ..Thresholds::default() };
    assert_eq!(local.severity(&Gravity { reach: 5_000, ..QUIET }), 2);
    assert_eq!(local.severity(&Gravity { reach: 5_000, negative: true, ..QUIET }), 1);
}

fn window(mentions: u64, negatives: u64, positives: u64) -> WeighedCounts {
    WeighedCounts { mentions, negatives, positives, weighed: mentions, weighed_negatives: negatives }
}

const USUAL: Rates = Rates {
    a_minute: WeighedCounts { mentions: 1.0, negatives: 0.2, positives: 0.2, weighed: 1.0, weighed_negatives: 0.2 },
    dispersion: 0.0,
    memory: 4000.0,
};

#[test]
fn joy_is_praise_though_its_count_of_negatives_rises() {
    let joy = Shares::of(&window(400, 60, 250), &USUAL, 100, Confusion::USUAL.mistaken);
    assert_eq!(joy.kind(true), Kind::Praise);
    assert!(!joy.clearly_negative());
}

#[test]
fn count_and_share_together_are_negativity() {
    assert_eq!(Shares::of(&window(200, 120, 20), &USUAL, 100, Confusion::USUAL.mistaken).kind(true), Kind::Negativity);
    assert_eq!(
        Shares::of(&window(400, 100, 80), &USUAL, 100, Confusion::USUAL.mistaken).kind(true),
        Kind::Negativity,
        "the share is hardly up"
    );
    let error = Shares::of(&window(400, 80, 80), &USUAL, 100, Confusion::USUAL.mistaken).kind(true);
    assert_eq!(error, Kind::Volume, "the classifier's error among so many more explains it");
    assert_eq!(
        Shares::of(&window(400, 40, 80), &USUAL, 100, Confusion::USUAL.mistaken).kind(true),
        Kind::Volume,
        "the share is below the usual"
    );
    assert_eq!(
        Shares::of(&window(200, 120, 20), &USUAL, 100, Confusion::USUAL.mistaken).kind(false),
        Kind::Volume,
        "the count is nothing new"
    );
}

#[test]
fn a_stream_without_sentiment_is_volume() {
    let a_minute = WeighedCounts { negatives: 0.0, positives: 0.0, weighed_negatives: 0.0, ..USUAL.a_minute };
    let mute = Rates { a_minute, ..USUAL };
    assert_eq!(Shares::of(&window(400, 0, 0), &mute, 100, Confusion::USUAL.mistaken).kind(false), Kind::Volume);
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
    assert_eq!(watch.share(), Confusion::USUAL.mistaken);
    watch.add(&tally(50, 0));
    assert_eq!(watch.share(), Confusion::USUAL.mistaken, "counts without judgements say nothing");
    for _ in 0..100 {
        watch.add(&tally(1_000, 300_000));
    }
    assert!((watch.share() - 0.3).abs() < 0.002, "{}", watch.share());
    // Nine tenths of the mentions in English again: what is past fades.
    for _ in 0..100 {
        watch.add(&tally(1_000, 160_000));
    }
    assert!((watch.share() - 0.16).abs() < 0.002, "{}", watch.share());
    // More of others taken for negative explain more: the same window is negativity by one model and volume by
    // another.
    let window = window(400, 92, 80);
    assert_eq!(Shares::of(&window, &USUAL, 100, 0.16).kind(true), Kind::Negativity);
    assert_eq!(Shares::of(&window, &USUAL, 100, 0.30).kind(true), Kind::Volume);
}
