//! Compares this machine's clock with those of the brokers.
//!
//! Times of several copies meet in the ledger: a copy whose clock is an hour ahead would call the next step of every
//! escalation at once. The brokers stamp what is written to our topics, so each commit tells how their clocks stand.

use std::time::Duration;

/// Clocks that differ by less are believed: acknowledgements take their time, and nobody is harmed by seconds.
const TOLERATED_MS: i64 = 10_000;
/// A correction is kept until it is wrong by more than this.
const KEPT_MS: i64 = 2_000;
/// A broker that agreed within this time outweighs others that do not.
const WINDOW: Duration = Duration::from_secs(30);

/// What the brokers' clocks say of ours.
#[derive(Debug)]
pub(super) struct ClockCheck {
    /// When the window began, and the least difference seen in it and in the one before.
    window: Option<(Duration, i64)>,
    before: Option<i64>,
    correction_ms: i64,
}

/// No broker's clock stands before the year this was written in (2026-01-01, ms since 1970). The embedded one answers
/// with a time of 1970.
const EARLIEST_MS: i64 = 1_767_225_600_000;

/// Whether a broker may have this time.
pub(super) fn is_plausible(stored_ms: i64) -> bool {
    stored_ms >= EARLIEST_MS
}

impl ClockCheck {
    /// Nothing is known yet, and ours is believed.
    pub(super) const fn new() -> ClockCheck {
        ClockCheck { window: None, before: None, correction_ms: 0 }
    }

    /// Records that a broker's clock was `ahead_ms` before ours at `now` (of a clock that goes on evenly). Answers
    /// with the new correction where it changes: 0 where ours is believed.
    pub(super) fn note(&mut self, now: Duration, ahead_ms: i64) -> Option<i64> {
        let least = |a: i64, b: i64| if b.abs() < a.abs() { b } else { a };
        self.window = match self.window {
            Some((since, seen)) if now.saturating_sub(since) < WINDOW => Some((since, least(seen, ahead_ms))),
            Some((_, seen)) => {
                self.before = Some(seen);
                Some((now, ahead_ms))
            }
            None => Some((now, ahead_ms)),
        };
        let (_, seen) = self.window?;
        let seen = self.before.map_or(seen, |before| least(seen, before));
        let wanted = if seen.abs() < TOLERATED_MS { 0 } else { seen };
        let keep = (wanted == 0) == (self.correction_ms == 0) && (wanted - self.correction_ms).abs() <= KEPT_MS;
        (!keep).then(|| {
            self.correction_ms = wanted;
            wanted
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR_MS: i64 = 3_600_000;

    fn told(ahead: &[(u64, i64)]) -> Vec<Option<i64>> {
        let mut check = ClockCheck::new();
        ahead.iter().map(|(at, ahead)| check.note(Duration::from_secs(*at), *ahead)).collect()
    }

    #[test]
    fn a_clock_that_agrees_is_believed() {
        assert_eq!(told(&[(0, -40), (1, -900), (40, -3_000), (90, 20)]), [None; 4]);
    }

    #[test]
    fn a_clock_that_is_an_hour_off_is_corrected_at_once_and_until_it_is_set() {
        let seen = [(0, HOUR_MS), (1, HOUR_MS - 300), (2, HOUR_MS - 50), (100, 0), (101, -20)];
        assert_eq!(told(&seen), [Some(HOUR_MS), None, None, Some(0), None]);
    }

    #[test]
    fn one_broker_that_agrees_outweighs_those_that_do_not() {
        let seen = [(0, -20), (1, HOUR_MS), (2, HOUR_MS), (25, -30), (26, HOUR_MS), (45, HOUR_MS), (50, -20)];
        assert_eq!(told(&seen), [None; 7]);
    }

    #[test]
    fn a_clock_that_was_set_wrong_later_is_corrected_when_nobody_has_agreed_for_long() {
        let seen: Vec<(u64, i64)> = std::iter::once((0, 0)).chain((1..100).map(|at| (at, -HOUR_MS))).collect();
        let told = told(&seen);
        assert_eq!(told.iter().flatten().collect::<Vec<_>>(), [&-HOUR_MS]);
        assert!(told[..30].iter().all(Option::is_none));
    }
}
