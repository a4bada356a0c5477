//! What is said of a finding: the figures of the statistic that it is told by, and how large it is.

use orszem_records::peak::Peak;
use orszem_records::signal::{HeldAgainst, Kind, Reason};
use orszem_records::statistic::Statistic;
use orszem_records::time::Timestamp;

use super::evaluate::{Finding, OUTRIGHT_WINDOW, SLOW_WINDOWS, SlowWindow};
use super::expectation::{Before, SameHours, around, judged};
use super::figures::Figures;
use super::minute_counts::{WINDOWS, window_minutes};

impl Finding {
    /// The statistic that an incident of `kind` is told by: the rarest of those that fire, else of all that make it.
    pub(super) fn statistic(&self, kind: Kind) -> Statistic {
        let of_kind: &[Statistic] = match kind {
            Kind::Negativity => &[Statistic::Share, Statistic::LongShare, Statistic::Negatives],
            Kind::SlowBurn => &[Statistic::SlowBurn],
            _ => &[Statistic::Mentions, Statistic::TimeOfDay],
        };
        let rank = |statistic: &Statistic| {
            let at = *statistic as usize;
            (!self.pages[at], !self.fires[at], self.per_week[at])
        };
        let least = of_kind.iter().min_by(|a, b| {
            let (a, b) = (rank(a), rank(b));
            (a.0, a.1).cmp(&(b.0, b.1)).then(a.2.total_cmp(&b.2))
        });
        let least = least.copied().unwrap_or(Statistic::Mentions);
        // Without a past there is no share to hold it against.
        if self.scores[least as usize].is_none() && kind == Kind::Negativity { Statistic::Negatives } else { least }
    }

    /// The window in which a statistic lies farthest above what was expected.
    pub(super) fn window(&self, statistic: Statistic) -> usize {
        self.scores[statistic as usize].map_or(OUTRIGHT_WINDOW, |score| score.window)
    }

    /// What was known of a window before it began.
    pub(super) fn before(&self, window: usize) -> Before {
        Before {
            minutes: window_minutes(window) as f64,
            rates: self.rates[window],
            shares: self.shares[window],
            same_hours: SameHours {
                mentions: self.days.mentions[window],
                negatives: self.days.negatives[window],
                season: self.days.season[window],
            },
            mistaken: self.false_positive_rate,
        }
    }

    /// How many there are beyond what was expected, in the window in which that is most: people who repeat a text count
    /// one each, a handful of accounts as a handful.
    pub fn size(&self, kind: Kind) -> f64 {
        let beyond = |window: usize| {
            let (counted, before) = (&self.windows[window], self.before(window));
            if kind.counts_negatives() {
                counted.weighed_negatives as f64 - before.negatives_among(counted)
            } else {
                counted.weighed as f64 - before.usual_mentions().0
            }
        };
        let of_windows = (0..WINDOWS).map(beyond).fold(0.0, f64::max);
        let slow = self.slow.iter().flatten().filter_map(|window| Some(window.negatives - window.test()?.expected));
        if kind == Kind::SlowBurn { slow.fold(of_windows, f64::max) } else { of_windows }
    }

    /// The figures to show for an incident of `kind`, and what they are of.
    pub fn figures(&self, kind: Kind) -> Figures {
        if let (Kind::Silence, Some(silence)) = (kind, self.silence) {
            return silence;
        }
        let statistic = self.statistic(kind);
        let window = self.window(statistic);
        let per_week = self.expected_per_week();
        if statistic == Statistic::SlowBurn {
            return self.slow_figures(window, per_week);
        }
        let seen = &self.windows[window];
        let known = self.rates[window].is_some();
        let expected = self.before(window).expected(statistic, seen);
        let of_negatives = statistic.is_of_negatives();
        let usual_share = (known && of_negatives).then_some(self.shares[window].negative);
        let mentions = if usual_share.is_some() { judged(seen).round() as u64 } else { seen.mentions };
        let reason = Reason { statistic, held_against: expected.held_against, mentions, usual_share };
        Figures {
            observed: if of_negatives { seen.negatives } else { seen.mentions },
            expected: expected.count,
            interval: rounded(expected.interval),
            window_s: window_minutes(window) as u32 * 60,
            expected_per_week: per_week,
            reason: known.then_some(reason),
        }
    }

    /// The figures of an incident of `kind`, should this be its height.
    pub fn peak(&self, kind: Kind) -> Peak {
        let Figures { observed, expected, window_s, reason, .. } = self.figures(kind);
        Peak { kind, observed, expected, window_s, at: Timestamp::end_of_minute(self.minute), reason }
    }

    fn slow_figures(&self, window: usize, expected_per_week: f64) -> Figures {
        let minutes = SLOW_WINDOWS[window.min(SLOW_WINDOWS.len() - 1)];
        let slow = self.slow.map(|slow| slow[window.min(SLOW_WINDOWS.len() - 1)]);
        let (mentions, negatives) = slow.map_or((0.0, 0.0), |slow| (slow.mentions, slow.negatives));
        let test = slow.as_ref().and_then(SlowWindow::test);
        let (expected, variance) = test.map_or((0.0, 0.0), |test| (test.expected, test.variance));
        let reason = Reason {
            statistic: Statistic::SlowBurn,
            held_against: HeldAgainst::Mentions,
            mentions: mentions.round() as u64,
            usual_share: slow.map(|slow| slow.shares.negative),
        };
        Figures {
            observed: negatives.round() as u64,
            expected,
            interval: rounded(around(expected, variance)),
            window_s: minutes as u32 * 60,
            expected_per_week,
            reason: test.is_some().then_some(reason),
        }
    }
}

fn rounded((low, high): (f64, f64)) -> (f64, f64) {
    (low.round(), high.round())
}
