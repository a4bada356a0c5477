//! How high an incident stood when a person closed it, and whether it has risen above that.

use serde::{Deserialize, Serialize};

use crate::signal::{Kind, Point, Signal};
use crate::time::Timestamp;

/// The largest count of the window that a page showed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Height {
    /// What was counted.
    pub count: u64,
    /// The length of the window, in seconds.
    pub window_s: u32,
    /// Negatives were counted, not all mentions.
    pub negatives: bool,
    /// Up to when the figures counted, event time.
    pub until: Timestamp,
}

impl Height {
    /// The largest count that a page shows of `signal`: in its window now, or in one as long on its chart.
    pub fn of(signal: &Signal) -> Height {
        let negatives = signal.kind.counts_negatives();
        let window_s = signal.window_s;
        let on_chart = largest(signal, window_s, negatives, signal.opened_at);
        Height { count: signal.observed.max(on_chart), window_s, negatives, until: signal.at }
    }

    /// Whether `signal` shows more, in as long a window, than this.
    ///
    /// Windows grow and shrink with what they find. As many in a shorter one is more as well; a longer one says nothing
    /// of itself, and the chart is counted again.
    pub fn is_below(&self, signal: &Signal) -> bool {
        if matches!(signal.kind, Kind::Silence | Kind::NoData) {
            return false;
        }
        let same = signal.kind.counts_negatives() == self.negatives;
        if same && signal.window_s <= self.window_s && signal.observed > self.count {
            return true;
        }
        if self.window_s > CHART_S {
            let (rate, before) = (u128::from(signal.observed), u128::from(self.count));
            return same && rate * u128::from(self.window_s) > before * u128::from(signal.window_s.max(1));
        }
        largest(signal, self.window_s, self.negatives, self.until) > self.count
    }
}

/// The seconds that a chart covers.
const CHART_S: u32 = 8 * 3600;

/// The largest count in any window of `window_s` on the chart that ends after `after` and does not reach back before
/// the incident.
fn largest(signal: &Signal, window_s: u32, negatives: bool, after: Timestamp) -> u64 {
    let end = |point: &Point| point.at.plus(i64::from(point.seconds) * 1000);
    let count = |point: &Point| u64::from(if negatives { point.negatives } else { point.mentions });
    let points = || signal.chart.iter().filter(|point| end(point) > signal.opened_at);
    let sum_until = |last: &Point| {
        let from = end(last).plus(-i64::from(window_s) * 1000);
        points().filter(|point| point.at >= from && point.at <= last.at).map(count).sum()
    };
    points().filter(|last| end(last) > after).map(sum_until).max().unwrap_or(0)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::signal::{Counts, Phase};

    const FIVE_MINUTES: i64 = 300_000;

    /// Negatives of five minutes each, the incident opening with the third.
    pub(crate) fn signal(observed: u64, window_s: u32, negatives: &[u32]) -> Signal {
        let point = |(n, negatives): (i64, &u32)| {
            let at = Timestamp(n * FIVE_MINUTES);
            let (mentions, negatives) = (*negatives, *negatives);
            Point { at, seconds: 300, mentions, negatives, expected: 0.0, low: 0.0, high: 0.0 }
        };
        Signal {
            phase: Phase::Updated,
            kind: Kind::Negativity,
            severity: 2,
            at: Timestamp(i64::try_from(negatives.len()).unwrap() * FIVE_MINUTES),
            opened_at: Timestamp(2 * FIVE_MINUTES),
            observed,
            expected: 1.0,
            interval: (0.0, 3.0),
            window_s,
            expected_per_week: 0.01,
            reason: None,
            limit: None,
            note: false,
            new_usual: false,
            budget: 0.5,
            time_zone: None,
            desk: crate::desk::Desk::default(),
            learnt_hours: 100,
            learning: false,
            learning_left: 0,
            forecast: Vec::new(),
            drivers: Vec::new(),
            about: None,
            counts: Counts::default(),
            samples: Vec::new(),
            chart: (0..).zip(negatives).map(point).collect(),
        }
    }

    #[test]
    fn the_height_is_the_largest_count_that_the_page_shows() {
        let fading = signal(40, 600, &[900, 900, 50, 60, 20, 20]);
        assert_eq!(Height::of(&fading).count, 110, "not what was before the incident");
        assert_eq!(Height::of(&signal(200, 600, &[])).count, 200);
    }

    #[test]
    fn more_in_as_long_a_window_is_a_rise() {
        let closed = Height::of(&signal(110, 600, &[0, 0, 50, 60, 20]));
        let rises = |observed, window_s, chart: &[u32]| closed.is_below(&signal(observed, window_s, chart));
        assert!(!rises(110, 600, &[0, 0, 50, 60, 20, 20]));
        assert!(rises(111, 600, &[0, 0, 50, 60, 20, 20]));
        assert!(rises(111, 300, &[0, 0, 50, 60, 20, 20]), "as many in less time");
        assert!(!rises(170, 1200, &[0, 0, 50, 60, 20, 40]), "a longer window holds what was seen before");
        assert!(rises(300, 1200, &[0, 0, 50, 60, 20, 60, 70]), "and what is more is on the chart");
        assert!(!rises(90, 600, &[0, 0, 70, 60, 20, 20]), "what came late to a minute that was seen is no rise");
    }

    #[test]
    fn silence_never_rises() {
        let closed = Height { count: 0, window_s: 600, negatives: false, until: Timestamp(0) };
        let silent = Signal { kind: Kind::Silence, ..signal(5, 600, &[0, 0, 9]) };
        assert!(!closed.is_below(&silent));
    }
}
