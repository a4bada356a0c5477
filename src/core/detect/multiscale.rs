//! How far the sums over many windows lie from what was expected: one score, the mean over the scales.
//!
//! The mean asks for agreement between 5 minutes and half a day, and beat the largest single scale on unseen series;
//! the logarithm of the ratio beat tail probabilities and z-scores (`detection.md`).

use super::minute_counts::WINDOWS;

/// Added to the sum and to its expectation: a handful of mentions is never a large ratio.
const SMOOTH: f64 = 5.0;
/// Fewer scales than this give no score.
const LEAST_SCALES: usize = 3;

/// The score of one channel (mentions or negatives) at one minute.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Score {
    /// Mean of ln((sum + 5) / (expected + 5)): 0 is as expected, 0.7 about double everywhere. Never falls when counts
    /// grow.
    pub value: f64,
    /// The window that lies farthest above what was expected.
    pub window: usize,
}

/// Scores the sums of all windows against what was expected in each; windows that begin before there was a past are
/// left out.
pub fn score(sums: [u64; WINDOWS], expected: [Option<f64>; WINDOWS]) -> Option<Score> {
    let mut total = 0.0;
    let mut scales = 0;
    let mut best = (f64::NEG_INFINITY, 0);
    for (j, (sum, expected)) in sums.into_iter().zip(expected).enumerate() {
        let Some(expected) = expected else { continue };
        let ratio = ((sum as f64 + SMOOTH) / (expected + SMOOTH)).ln();
        total += ratio;
        scales += 1;
        if ratio > best.0 {
            best = (ratio, j);
        }
    }
    (scales >= LEAST_SCALES).then(|| Score { value: total / scales as f64, window: best.1 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn as_expected_is_zero_and_the_farthest_window_is_named() {
        let expected = std::array::from_fn(|j| Some(10.0 * f64::from(1 << j)));
        assert_eq!(score(std::array::from_fn(|j| 10 << j), expected).map(|score| score.value), Some(0.0));
        let burst = score(std::array::from_fn(|j| (10 << j) + 100), expected).unwrap();
        assert_eq!(burst.window, 0);
        assert!(burst.value > 0.5);
    }

    #[test]
    fn too_short_a_past_gives_no_score() {
        let mut expected = [None; WINDOWS];
        expected[0] = Some(1.0);
        expected[1] = Some(1.0);
        assert_eq!(score([1000; WINDOWS], expected), None);
    }

    proptest! {
        /// What lets the early pass fire before a minute is complete.
        #[test]
        fn more_counts_never_score_less(
            sums in any::<[u32; WINDOWS]>(), more in any::<[u16; WINDOWS]>(), expected in any::<[u16; WINDOWS]>(),
        ) {
            let expected = expected.map(|expected| Some(f64::from(expected)));
            let before = score(sums.map(u64::from), expected).unwrap().value;
            let after = score(std::array::from_fn(|j| u64::from(sums[j]) + u64::from(more[j])), expected).unwrap().value;
            prop_assert!(after >= before);
        }
    }
}
