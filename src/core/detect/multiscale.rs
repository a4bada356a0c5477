//! How far the sums over many windows lie from what was expected: one score for each statistic, a mean over windows.
//!
//! The mean asks for agreement between 5 minutes and half a day, and beat the largest single window on unseen series;
//! the logarithm of the ratio beat tail probabilities and z-scores for counts. Shares are standardised: how much a
//! share wanders is known, how much a level does is not.

use super::minute_counts::WINDOWS;

/// One value for each window.
pub type Windows<T> = [T; WINDOWS];

/// Added to the sum and to its expectation: a handful of mentions is never a large ratio.
const SMOOTH: f64 = 5.0;
/// Fewer windows than this give no score.
const LEAST_WINDOWS: usize = 3;
/// The part of a score of counts that is held against the larger of the slow average and the same hours of the days
/// before; the rest is held against the slow average alone.
const SAME_HOURS: f64 = 0.7;
/// How much a share wanders by itself: the variance of a count of mean μ among s mentions is
/// μ (1 − share) (1 + s / 100).
const SHARE_SCATTER: f64 = 0.01;
/// No share is taken to be so high that nothing could be said of more.
const HIGHEST_SHARE: f64 = 0.9;
/// A share that rests on fewer mentions says nothing of slow burns.
const LEAST_PAST: f64 = 30.0;

/// The score of one statistic at one minute.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Score {
    /// 0 is as expected. Of counts the mean of ln((sum + 5) / (expected + 5)): 0.7 is about double everywhere, and it
    /// never falls when more is counted. Of shares the mean over standard errors.
    pub value: f64,
    /// The window that lies farthest above what was expected.
    pub window: usize,
}

/// The mean over the windows of which anything is known, and the farthest of them.
pub fn mean(values: impl Iterator<Item = Option<f64>>, least: usize) -> Option<Score> {
    let (mut total, mut known, mut best) = (0.0, 0, (f64::NEG_INFINITY, 0));
    for (window, value) in values.enumerate() {
        let Some(value) = value else { continue };
        total += value;
        known += 1;
        if value > best.0 {
            best = (value, window);
        }
    }
    (known >= least).then(|| Score { value: total / known as f64, window: best.1 })
}

/// Scores the sums of the first `windows` windows against what was expected of each; windows that begin before there
/// was a past are left out.
pub fn counts(sums: &Windows<f64>, expected: &Windows<Option<f64>>, windows: usize) -> Option<Score> {
    let ratio =
        |(sum, expected): (&f64, &Option<f64>)| expected.map(|expected| ((sum + SMOOTH) / (expected + SMOOTH)).ln());
    mean(sums.iter().zip(expected).take(windows).map(ratio), LEAST_WINDOWS)
}

/// As [`counts`]; for the most part against the larger of the slow average and of what the same hours of the days
/// before brought.
pub fn counts_by_hours(
    sums: &Windows<f64>,
    slow: &Windows<Option<f64>>,
    same_hours: &Windows<Option<f64>>,
    windows: usize,
) -> Option<Score> {
    let higher = usual(slow, same_hours);
    let (slow, higher) = (counts(sums, slow, windows)?, counts(sums, &higher, windows)?);
    Some(Score { value: (1.0 - SAME_HOURS) * slow.value + SAME_HOURS * higher.value, window: higher.window })
}

/// What is usual in each window: the larger of the slow average and of what the same hours of the days before brought.
pub fn usual(slow: &Windows<Option<f64>>, same_hours: &Windows<Option<f64>>) -> Windows<Option<f64>> {
    std::array::from_fn(|j| slow[j].map(|slow| slow.max(same_hours[j].unwrap_or(0.0))))
}

/// A share held against what it was before.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ShareTest {
    /// Those of the class that were expected among the mentions.
    pub expected: f64,
    /// Standard errors above that.
    pub z: f64,
    /// The variance that the standard error is the root of.
    pub variance: f64,
}

impl ShareTest {
    /// `counted` of `mentions`, where `expected` were and the share was `share`, known from `past` mentions.
    pub fn new(counted: f64, mentions: f64, expected: f64, share: f64, past: f64) -> ShareTest {
        let wanders = 1.0 + SHARE_SCATTER * mentions + mentions / (past + 4.0);
        let variance = expected * (1.0 - share.min(HIGHEST_SHARE)) * wanders + 1.0;
        ShareTest { expected, z: (counted - expected) / variance.sqrt(), variance }
    }

    /// As [`ShareTest::new`] for the windows of slow burns: the share alone says what to expect.
    pub fn slow(counted: f64, mentions: f64, share: f64, past: f64) -> Option<ShareTest> {
        (past > LEAST_PAST).then(|| ShareTest::new(counted, mentions, mentions * share, share, past))
    }

    /// Whether a class is up, by chance alone and without allowance for how much shares wander: in standard errors.
    pub fn by_chance(counted: f64, mentions: f64, share: f64) -> f64 {
        let expected = mentions * share;
        (counted - expected) / (expected * (1.0 - share.min(HIGHEST_SHARE)) + 1.0).sqrt()
    }
}

/// Negatives expected among `mentions`: the usual share of what is usual; of what came on top, the larger of that share
/// and of how often the classifier takes others for negative.
pub fn negatives_expected(mentions: f64, usual: f64, share: f64, mistaken: f64) -> f64 {
    share * mentions.min(usual) + share.max(mistaken) * (mentions - usual).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn as_expected_is_zero_and_the_farthest_window_is_named() {
        let expected = std::array::from_fn(|j| Some(10.0 * f64::from(1 << j)));
        let sums = std::array::from_fn(|j| 10.0 * f64::from(1 << j));
        assert_eq!(counts(&sums, &expected, WINDOWS).map(|score| score.value), Some(0.0));
        let burst = counts(&sums.map(|sum: f64| sum + 100.0), &expected, WINDOWS).unwrap();
        assert_eq!(burst.window, 0);
        assert!(burst.value > 0.5);
    }

    #[test]
    fn too_short_a_past_gives_no_score() {
        let mut expected = [None; WINDOWS];
        expected[0] = Some(1.0);
        expected[1] = Some(1.0);
        assert_eq!(counts(&[1000.0; WINDOWS], &expected, WINDOWS), None);
    }

    #[test]
    fn busy_hours_of_the_days_before_excuse_most_of_a_rise() {
        let (sums, slow) = ([100.0; WINDOWS], [Some(20.0); WINDOWS]);
        let plain = counts_by_hours(&sums, &slow, &[None; WINDOWS], WINDOWS).unwrap().value;
        let busy = counts_by_hours(&sums, &slow, &[Some(100.0); WINDOWS], WINDOWS).unwrap().value;
        let quiet = counts_by_hours(&sums, &slow, &[Some(3.0); WINDOWS], WINDOWS).unwrap().value;
        assert_eq!(plain, quiet, "quiet hours make no burst of the usual");
        assert!((busy / plain - 0.3).abs() < 1e-9, "{busy} {plain}");
    }

    #[test]
    fn three_times_the_negatives_stand_out_among_the_usual_mentions_and_not_among_three_times_as_many() {
        let z = |negatives: f64, mentions: f64| {
            let expected = negatives_expected(mentions, 100.0, 0.2, 0.185);
            ShareTest::new(negatives, mentions, expected, 0.2, 10_000.0).z
        };
        assert!(z(60.0, 140.0) > 4.0, "{}", z(60.0, 140.0));
        assert!(z(60.0, 300.0).abs() < 0.1);
    }

    proptest! {
        /// What lets the early pass fire before a minute is complete.
        #[test]
        fn more_counts_never_score_less(
            sums in any::<[u32; WINDOWS]>(), more in any::<[u16; WINDOWS]>(), expected in any::<[u16; WINDOWS]>(),
        ) {
            let expected = expected.map(|expected| Some(f64::from(expected)));
            let before = counts(&sums.map(f64::from), &expected, WINDOWS).unwrap().value;
            let after = std::array::from_fn(|j| f64::from(sums[j]) + f64::from(more[j]));
            prop_assert!(counts(&after, &expected, WINDOWS).unwrap().value >= before);
        }
    }
}
