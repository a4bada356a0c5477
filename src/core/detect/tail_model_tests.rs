use super::*;

const SHARE: usize = Statistic::Share as usize;

fn hours(scores: impl IntoIterator<Item = f64>) -> Vec<HourScore> {
    (0..).zip(scores).map(|(hour, score)| HourScore { hour, score, told: None }).collect()
}

fn fit(scores: &[HourScore], watched: i64) -> Tail {
    Tail::fit(scores, watched, Statistic::Mentions)
}

/// Exponential scores, one an hour, of mean `mean`; peaks far enough apart to be counted one by one.
fn exponential(mean: f64, of: i64) -> Vec<HourScore> {
    let scores = (0..of).map(|hour| -mean * (((hour * 7919) % of) as f64 + 0.5).ln() + mean * (of as f64).ln());
    hours(scores)
}

#[test]
fn what_is_expected_per_week_is_what_came_per_week() {
    let scores = exponential(0.05, MEMORY_HOURS);
    let tail = fit(&scores, MEMORY_HOURS);
    for level in [0.22, 0.27] {
        let seen = scores.iter().filter(|hour| hour.score > level).count() as f64 / 2.0;
        let said = tail.expected_per_week(level);
        assert!(said > seen / 2.0 && said < seen * 2.0 + 0.5, "{level}: said {said}, seen {seen}");
    }
}

#[test]
fn the_expectation_falls_as_the_score_rises() {
    for scores in [vec![], exponential(0.1, 100), exponential(0.5, MEMORY_HOURS)] {
        let tail = fit(&scores, 200);
        let mut last = f64::INFINITY;
        for step in -100..400 {
            let now = tail.expected_per_week(f64::from(step) * 0.01);
            assert!(now <= last && now > 0.0, "{step}: {now} after {last}");
            last = now;
        }
        assert!(tail.expected_per_week(10.0) < 0.1);
    }
}

#[test]
fn an_empty_past_is_knowledge() {
    // Three days in which nothing was said of it: a burst comes seldom, by a prior of four peaks.
    let tail = fit(&[], 72);
    assert!(tail.expected_per_week(0.6) < 0.05, "{}", tail.expected_per_week(0.6));
    assert!(tail.expected_per_week(0.0) >= 1.0);
}

#[test]
fn two_bursts_in_a_short_past_do_not_hide_a_larger_one() {
    let mut scores: Vec<f64> = (0..120).map(|hour| 0.02 * f64::from(hour % 7)).collect();
    (scores[30], scores[70]) = (1.1, 1.3);
    let tail = fit(&hours(scores), 120);
    assert!(tail.expected_per_week(2.2) < 0.5, "{}", tail.expected_per_week(2.2));
}

#[test]
fn neighbouring_hours_are_one_peak() {
    let scores = (0..MEMORY_HOURS).map(|hour| if (100..106).contains(&hour) { 1.0 } else { 0.0 });
    let tail = fit(&hours(scores), MEMORY_HOURS);
    assert_eq!(tail.peaks, 1.0, "{tail:?}");
    // Four peaks of the prior, which is as short as it can be where the hours below do not differ, and one of its own.
    assert!((tail.sum - (4.0 * STEP + 1.0)).abs() < 1e-9, "{tail:?}");
}

#[test]
fn what_was_told_counts_no_further_than_it_was_told_and_as_a_peak_all_the_same() {
    let quiet = || (0..MEMORY_HOURS).map(|_| 0.0);
    let told = |told: Option<f64>| {
        let mut scores = hours(quiet());
        scores[100] = HourScore { score: 3.0, told, ..scores[100] };
        fit(&scores, MEMORY_HOURS)
    };
    assert_eq!(told(Some(0.4)).peaks, 1.0);
    assert!((told(None).sum - told(Some(0.4)).sum - 2.6).abs() < 1e-9);
    assert!(told(Some(0.4)).expected_per_week(1.0) < told(None).expected_per_week(1.0));
}

#[test]
fn a_fit_uses_no_hour_that_may_still_be_open() {
    for minute in 0..2000 {
        assert!(ScoreHistory::fit_hour(minute) * 60 <= minute - GAP_MINUTES);
    }
}

#[test]
fn two_weeks_are_kept_and_survive_packing() {
    let mut past = ScoreHistory::default();
    for minute in (0..60 * 24 * 40).step_by(30) {
        let mut scores = [Some(0.5); STATISTICS];
        scores[SHARE] = None;
        let told = (minute % 600 < 60).then_some([0.25; STATISTICS]);
        past.add(minute, scores, 3, told);
    }
    assert!(past.hours.len() <= (MEMORY_HOURS + 2 * REFIT_HOURS + 1) as usize);
    assert!(past.told.len() <= 40);
    let mut packer = Packer::default();
    past.pack(&mut packer);
    let bytes = packer.finish();
    assert_eq!(ScoreHistory::unpack(&mut Unpacker::new(&bytes)), Some(past));
}

#[test]
fn a_score_beyond_what_can_be_kept_is_kept_as_the_largest() {
    let mut past = ScoreHistory::default();
    past.add(0, [Some(90.0); STATISTICS], 0, None);
    past.add(60, [Some(-90.0); STATISTICS], 0, None);
    past.add(120, [None; STATISTICS], 0, None);
    assert_eq!(past.hours.iter().map(|hour| hour.scores[0]).collect::<Vec<_>>(), [i16::MAX, NONE + 1]);
}

#[test]
fn a_share_that_moved_slowly_for_days_does_not_make_the_next_move_a_rare_one() {
    // Three days in which the highest scores lie next to one another.
    let scores = |hours: i64| -> Vec<HourScore> {
        let at = |hour: i64| (hour as f64 / 8.0).sin();
        (0..hours).map(|hour| HourScore { hour, score: at(hour), told: None }).collect()
    };
    let of_share = |hours: i64| Tail::fit(&scores(hours), hours, Statistic::SlowBurn).expected_per_week(1.3);
    assert!(of_share(72) > 0.25, "{}", of_share(72));
    assert!(of_share(336) < 0.01, "two weeks speak for themselves: {}", of_share(336));
}
