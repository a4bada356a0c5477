//! What may happen often, and is logged once a minute.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use orszem_runtime::clock;

/// How long nothing is logged after a line.
const QUIET: Duration = Duration::from_secs(60);

/// Counts what happens between two lines of the log.
#[derive(Debug, Default)]
pub(crate) struct Seldom(Mutex<(Option<Duration>, u64)>);

impl Seldom {
    /// It happened once more. Where it is time for a line: how often it did since the last one.
    pub(crate) fn again(&self) -> Option<u64> {
        self.again_at(clock::monotonic())
    }

    fn again_at(&self, now: Duration) -> Option<u64> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.1 = state.1.saturating_add(1);
        let due = state.0.is_none_or(|last| now.saturating_sub(last) >= QUIET);
        due.then(|| std::mem::replace(&mut *state, (Some(now), 0)).1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_is_told_at_once_and_the_others_by_the_minute() {
        let seldom = Seldom::default();
        let at = |seconds: u64| seldom.again_at(Duration::from_secs(seconds));
        assert_eq!([at(5), at(6), at(64), at(65), at(66)], [Some(1), None, None, Some(3), None]);
    }
}
