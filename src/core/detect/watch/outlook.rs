//! Where a watch stands now, for those who look at it while nothing is the matter.

use crate::detect::baseline::{Rates, block_of, interval};
use crate::detect::limits::Limits;

use super::WatchState;
use super::signal::POINT;

/// The newest five minutes against what was expected of them.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Outlook {
    /// Mentions seen.
    pub observed: u64,
    /// Of them negative.
    pub negatives: u64,
    /// Mentions expected.
    pub expected: f64,
    /// Where they would lie 95 times of 100.
    pub interval: (f64, f64),
    /// Negative mentions expected.
    pub negatives_expected: f64,
    /// Hours until the past is long enough to be compared with; 0 when it is.
    pub learning_left: u32,
}

impl WatchState {
    /// The newest five complete minutes.
    pub fn outlook(&self, closed: i64, limits: &Limits) -> Outlook {
        let from = closed - POINT + 1;
        let seen = self.minutes.complete.sum(from, closed);
        let rates = self.expected_before(from, limits);
        let expected = rates.map_or(0.0, |rates| rates.a_minute.mentions * POINT as f64);
        let negatives_expected = rates.map_or(0.0, |rates| rates.a_minute.negatives * POINT as f64);
        Outlook {
            observed: seen.mentions,
            negatives: seen.negatives,
            expected,
            interval: interval(expected, rates.map_or(0.0, |rates| rates.dispersion)),
            negatives_expected,
            learning_left: limits.learning_left(self.learnt(closed).unwrap_or(0)),
        }
    }

    /// What was expected as `minute` began, as far as the average is kept.
    pub fn expected_before(&self, minute: i64, limits: &Limits) -> Option<Rates> {
        self.past.usual(block_of(minute), limits)
    }
}
