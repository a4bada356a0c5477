//! Where a watch stands now, for those who look at it while nothing is the matter.

use crate::detect::baseline::{block_of, interval};
use crate::detect::expectation::{Before, SameHours};
use crate::detect::limits::Limits;

use super::WatchState;
use super::past::Past;

/// Minutes that are looked at.
const NEWEST: i64 = 5;

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
    /// Negatives expected, among these mentions.
    pub expected_negatives: f64,
    /// Hours until the past is long enough to be compared with; 0 when it is.
    pub learning_left: u32,
}

impl WatchState {
    /// The newest five complete minutes.
    pub fn outlook(&self, closed: i64, limits: &Limits) -> Outlook {
        let from = closed - NEWEST + 1;
        let seen = self.minutes.complete.sum(from, closed);
        let before = self.before(from, NEWEST, limits);
        let expected = before.map_or(0.0, |before| before.usual_mentions().0);
        let dispersion = before.and_then(|before| before.rates).map_or(0.0, |rates| rates.dispersion);
        Outlook {
            observed: seen.mentions,
            negatives: seen.negatives,
            expected,
            interval: interval(expected, dispersion),
            expected_negatives: before.map_or(0.0, |before| before.negatives_among(&seen)),
            learning_left: limits.learning_left(self.learnt(closed).unwrap_or(0)),
        }
    }

    /// What was known of the `minutes` from `begin` on before they began, as far as the average is kept.
    pub fn before(&self, begin: i64, minutes: i64, limits: &Limits) -> Option<Before> {
        let Past { share, false_positives, .. } = &self.past;
        Some(Before {
            minutes: minutes as f64,
            rates: Some(self.past.usual(block_of(begin), limits)?),
            shares: share.at(block_of(begin) - 1),
            same_hours: SameHours::UNKNOWN,
            mistaken: false_positives.share(),
        })
    }
}
