//! How high an incident stood when a person closed it, and whether it has risen above that.

use serde::{Deserialize, Serialize};

use crate::chart::{CHART_POINTS, Chart, Counted};
use crate::signal::{Kind, Signal};
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
        if !resolves(&signal.chart, self.window_s) {
            // More a minute in a shorter window is no more, unless even that is hours long.
            let longer = signal.window_s >= self.window_s || self.window_s > LONG_S;
            let (rate, before) = (u128::from(signal.observed), u128::from(self.count));
            return same && longer && rate * u128::from(self.window_s) > before * u128::from(signal.window_s.max(1));
        }
        largest(signal, self.window_s, self.negatives, self.until) > self.count
    }
}

/// A window that is longer than this is a long one, in seconds: eight hours.
const LONG_S: u32 = 8 * 3600;

/// Whether windows of `window_s` can be counted on the chart: its points are no longer than that, as many as it may
/// have are no shorter, and they hold counts as they are.
fn resolves(chart: &Chart, window_s: u32) -> bool {
    let most = u64::from(chart.seconds) * CHART_POINTS as u64;
    chart.of != Counted::Share && chart.seconds <= window_s && u64::from(window_s) <= most
}

/// The largest count in any window of `window_s` on the chart that ends after `after` and does not reach back before
/// the incident.
fn largest(signal: &Signal, window_s: u32, negatives: bool, after: Timestamp) -> u64 {
    let chart = &signal.chart;
    let end = |at: Timestamp| at.plus(chart.span_ms());
    let points = || chart.spans().filter(|(at, _)| end(*at) > signal.opened_at);
    let sum_until = |last: Timestamp| -> f64 {
        let from = end(last).plus(-i64::from(window_s) * 1000);
        let within = points().filter(|(at, _)| *at >= from && *at <= last);
        within.map(|(_, point)| f64::from(if negatives { point.negatives } else { point.mentions })).sum()
    };
    points().filter(|(at, _)| end(*at) > after).map(|(at, _)| sum_until(at)).fold(0.0, f64::max).round() as u64
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::chart::Point;
    use crate::signal::Phase;

    const FIVE_MINUTES: i64 = 300_000;

    /// Negatives of five minutes each, the incident opening with the third.
    pub(crate) fn signal(observed: u64, window_s: u32, negatives: &[u32]) -> Signal {
        let point = |negatives: &u32| {
            let counted = *negatives as f32;
            Point { mentions: counted, negatives: counted, usual: None }
        };
        let points = negatives.iter().map(point).collect();
        let at = Timestamp(i64::try_from(negatives.len()).unwrap() * FIVE_MINUTES);
        Signal {
            opened_at: Timestamp(2 * FIVE_MINUTES),
            observed,
            window_s,
            chart: Chart { of: Counted::Negatives, from: Timestamp(0), seconds: 300, points },
            ..Signal::plain(Phase::Updated, Kind::Negativity, at)
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
    fn what_wide_points_cannot_show_is_held_against_the_pace() {
        let closed = Height::of(&signal(110, 600, &[0, 0, 50, 60, 20]));
        let rises = |observed, window_s, of| {
            let newer = signal(observed, window_s, &[900, 900, 900]);
            let chart = Chart { of, seconds: 1_800, ..newer.chart };
            closed.is_below(&Signal { at: Timestamp(9 * FIVE_MINUTES), chart, ..newer })
        };
        for of in [Counted::Negatives, Counted::Share] {
            assert!(!rises(200, 1_200, of), "not as many a minute, whatever half hours hold");
            assert!(rises(221, 1_200, of), "more a minute, and for longer");
            assert!(!rises(100, 300, of), "more a minute, and not as many");
        }
    }

    #[test]
    fn silence_never_rises() {
        let closed = Height { count: 0, window_s: 600, negatives: false, until: Timestamp(0) };
        let silent = Signal { kind: Kind::Silence, ..signal(5, 600, &[0, 0, 9]) };
        assert!(!closed.is_below(&silent));
    }
}
