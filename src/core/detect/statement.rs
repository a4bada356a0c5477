//! What is said of a finding: the figures of the statistic that it is told by, and how large it is.

use orszem_records::signal::{HeldAgainst, Kind, Reason};
use orszem_records::statistic::Statistic;

use super::baseline::interval;
use super::evaluate::{Finding, OUTRIGHT_WINDOW, SLOW_WINDOWS, SlowWindow};
use super::figures::Figures;
use super::minute_counts::{WINDOWS, window_minutes};
use super::multiscale::{self, ShareTest};

impl Finding {
    /// The statistic that an incident of `kind` is told by: the rarest of those that fire, else of all that make it.
    fn statistic(&self, kind: Kind) -> Statistic {
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

    fn window(&self, statistic: Statistic) -> usize {
        self.scores[statistic as usize].map_or(OUTRIGHT_WINDOW, |score| score.window)
    }

    /// What is usual in a window, in mentions as they are: the larger of the slow average and of what the same hours of
    /// the days before brought; and whether it is the latter.
    fn usual_mentions(&self, window: usize) -> (f64, bool) {
        let Some(rates) = self.rates[window] else { return (0.0, false) };
        let minutes = window_minutes(window) as f64;
        let (mentions, discounted) = (rates.a_minute.mentions * minutes, rates.a_minute.discounted * minutes);
        let hours = self.days.mentions[window].unwrap_or(0.0);
        // Half hours are kept with repeats discounted: as many times more, as the average has.
        let whole = if discounted > 0.0 { mentions / discounted } else { 1.0 };
        (mentions.max(hours * whole), hours > discounted)
    }

    /// How many mentions of a window were judged, as they are.
    fn judged(&self, window: usize) -> f64 {
        self.windows[window].mentions as f64 * self.windows[window].part_judged()
    }

    /// Negatives expected among the mentions of a window.
    fn expected_negatives(&self, window: usize) -> f64 {
        let (usual, _) = self.usual_mentions(window);
        let part = self.windows[window].part_judged();
        multiscale::negatives_expected(
            self.judged(window),
            part * usual,
            self.shares[window].negative,
            self.false_positive_rate,
        )
    }

    /// How many there are beyond what was expected, in the window in which that is most: people who repeat a text count
    /// one each, a handful of accounts as a handful.
    pub fn size(&self, kind: Kind) -> f64 {
        let beyond = |window: usize| {
            let counted = &self.windows[window];
            if kind.counts_negatives() {
                counted.weighed_negatives as f64 - self.expected_negatives(window)
            } else {
                counted.weighed as f64 - self.usual_mentions(window).0
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
        let minutes = window_minutes(window);
        let seen = &self.windows[window];
        let rates = self.rates[window].map(|rates| rates.a_minute).unwrap_or_default();
        let dispersion = self.rates[window].map_or(0.0, |rates| rates.dispersion);
        let share = self.shares[window].negative;
        let known = self.rates[window].is_some();
        let (observed, expected, held_against) = match statistic {
            Statistic::Mentions => {
                let (usual, same_hours) = self.usual_mentions(window);
                let against = if same_hours { HeldAgainst::SameHours } else { HeldAgainst::LastDays };
                (seen.mentions, usual, against)
            }
            Statistic::TimeOfDay => {
                let usual = rates.mentions * minutes as f64 * self.days.season[window];
                (seen.mentions, usual, HeldAgainst::SameHours)
            }
            Statistic::Negatives => {
                let usual = rates.negatives * minutes as f64;
                let hours = self.days.negatives[window].unwrap_or(0.0);
                let against = if hours > usual { HeldAgainst::SameHours } else { HeldAgainst::LastDays };
                (seen.negatives, usual.max(hours), against)
            }
            Statistic::Share | Statistic::LongShare | Statistic::SlowBurn => {
                (seen.negatives, self.expected_negatives(window), HeldAgainst::Mentions)
            }
        };
        let interval = if statistic.is_share() {
            let test = ShareTest::new(0.0, self.judged(window), expected, share, self.shares[window].mentions);
            around(expected, test.variance)
        } else {
            interval(expected, dispersion)
        };
        let usual_share = (known && statistic.is_of_negatives()).then_some(share);
        let mentions = if usual_share.is_some() { self.judged(window).round() as u64 } else { seen.mentions };
        let reason = Reason { statistic, held_against, mentions, usual_share };
        Figures {
            observed,
            expected,
            interval,
            window_s: minutes as u32 * 60,
            expected_per_week: per_week,
            reason: known.then_some(reason),
        }
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
            interval: around(expected, variance),
            window_s: minutes as u32 * 60,
            expected_per_week,
            reason: test.is_some().then_some(reason),
        }
    }
}

/// Where a count lies 95 times of 100.
fn around(expected: f64, variance: f64) -> (f64, f64) {
    let deviation = 1.96 * variance.sqrt();
    ((expected - deviation).max(0.0).round(), (expected + deviation).round())
}
