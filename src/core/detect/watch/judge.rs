//! A minute is held against the past of its watch.

use orszem_records::statistic::{PerStatistic, STATISTICS, Statistic};

use crate::detect::baseline::{BLOCK, DAY_MINUTES, Rates, block_of, interval};
use crate::detect::evaluate::{Evidence, Finding, SLOW_WINDOWS, SlowWindow};
use crate::detect::figures::Figures;
use crate::detect::half_hours::DaysBefore;
use crate::detect::limits::Limits;
use crate::detect::minute_counts::window_minutes;
use crate::detect::multiscale::Windows;
use crate::detect::slow_share::Shares;
use crate::detect::tail_model::{ScoreHistory, Tail};
use crate::detect::weighed_counts::WeighedCounts;

use super::fold::Minutes;
use super::past::Past;

/// What is known of a watch, and what it is held to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Known<'a> {
    pub(super) minutes: &'a Minutes,
    pub(super) past: &'a Past,
    pub(super) limits: &'a Limits,
}

impl Known<'_> {
    /// Minutes of past at `minute`.
    pub(super) fn learnt(&self, minute: i64) -> i64 {
        self.minutes.since.map_or(0, |since| minute - since).max(0)
    }

    /// The silence that lasts since the last mention, up to `minute`.
    pub(super) fn silence(&self, minute: i64) -> Option<Figures> {
        let last = self.past.presence.last()?;
        let silence = self.past.presence.silence(minute)?;
        let rates = self.past.baseline.at(block_of(last) - 1);
        let expected = rates.map_or(silence.expected, |rates| rates.a_minute.mentions * silence.minutes as f64);
        Some(Figures {
            observed: 0,
            expected,
            interval: interval(expected, rates.map_or(0.0, |rates| rates.dispersion)),
            window_s: u32::try_from(silence.minutes * 60).unwrap_or(u32::MAX),
            expected_per_week: silence.expected_per_week,
            reason: None,
        })
    }
}

/// What is not worked out again for every tally of the same minute.
#[derive(Clone, Debug, Default)]
pub(crate) struct Judge {
    tails: Option<Tails>,
    days: Option<(i64, DaysBefore)>,
    windows: Option<Box<WindowCache>>,
}

/// The tails that hold for a minute; fitted when the minute needs a newer one.
#[derive(Clone, Debug)]
struct Tails {
    hour: i64,
    tails: PerStatistic<Tail>,
}

/// What the complete minutes bring to the judgement of one that is open.
#[derive(Clone, Debug)]
struct WindowCache {
    /// The newest complete minute, and the one that is judged.
    at: (i64, i64),
    windows: Windows<WeighedCounts>,
    rates: Windows<Option<Rates>>,
    shares: Windows<Shares>,
    most_negatives: u64,
}

impl Judge {
    /// Judges a complete minute. `thresholds` is what the scores must exceed.
    pub(super) fn find(
        &mut self,
        minute: i64,
        thresholds: Option<PerStatistic<f64>>,
        silence: Option<Figures>,
        known: Known<'_>,
    ) -> Finding {
        Finding::new(self.evidence(minute, None, thresholds, silence, known), known.limits)
    }

    /// Judges a minute that is not complete and holds `open` so far; `None` where it cannot be worth an incident.
    pub(super) fn find_early(
        &mut self,
        minute: i64,
        open: &WeighedCounts,
        thresholds: Option<PerStatistic<f64>>,
        known: Known<'_>,
    ) -> Option<Finding> {
        let evidence = self.evidence(minute, Some(open), thresholds, None, known);
        evidence.may_fire_early(known.limits).then(|| Finding::new(evidence, known.limits))
    }

    /// What a minute is judged by; `open` is what it holds so far, where it is not complete.
    fn evidence(
        &mut self,
        minute: i64,
        open: Option<&WeighedCounts>,
        thresholds: Option<PerStatistic<f64>>,
        silence: Option<Figures>,
        known: Known<'_>,
    ) -> Evidence {
        let Known { minutes, past, limits } = known;
        let since = minutes.since.unwrap_or(minute);
        let tails = self.tails(&past.scores, since, minute);
        let days = self.days(past, minute);
        // The same open minute is judged at every tally of it; only what it holds changes.
        let at = (minutes.complete.head(), minute);
        let cache = match self.windows.take().filter(|cache| open.is_some() && cache.at == at) {
            Some(cache) => cache,
            None => Box::new(WindowCache {
                at,
                windows: minutes.complete.windows(minute, &WeighedCounts::default()),
                rates: past.before_windows(minute, limits),
                shares: std::array::from_fn(|j| past.share.at(block_of(minute - window_minutes(j) + 1) - 1)),
                most_negatives: past.scores.most_negatives(minute),
            }),
        };
        let held = open.copied().unwrap_or_default();
        let mut windows = cache.windows;
        windows.iter_mut().for_each(|window| window.add(&held));
        let crisis = limits.crisis.and_then(|crisis| {
            let mut counted = minutes.complete.sum(minute - crisis.minutes + 1, minute);
            counted.add(&held);
            crisis.reached(&counted)
        });
        let learnt = known.learnt(minute);
        let evidence = Evidence {
            minute,
            learnt,
            shares_learnt: past.scores.share_hours(minute.div_euclid(60), learnt / 60 + 1) * 60,
            windows,
            rates: cache.rates,
            shares: cache.shares,
            days,
            slow: open.is_none().then(|| slow_windows(past, since, minute)),
            tails,
            most_negatives: cache.most_negatives,
            thresholds: thresholds.unwrap_or([f64::MIN; STATISTICS]),
            crisis,
            false_positive_rate: past.false_positives.share(),
            silence,
        };
        self.windows = open.map(|_| cache);
        evidence
    }

    /// The tails for `minute`. They depend on the past alone, not on what was asked before.
    fn tails(&mut self, scores: &ScoreHistory, since: i64, minute: i64) -> PerStatistic<Tail> {
        let hour = ScoreHistory::fit_hour(minute);
        if let Some(fitted) = &self.tails
            && fitted.hour == hour
        {
            return fitted.tails;
        }
        let learnt = hour - since.div_euclid(60);
        let tails = Statistic::ALL.map(|statistic| scores.fit(statistic, hour, learnt));
        self.tails = Some(Tails { hour, tails });
        tails
    }

    /// What the days before were like at the half hour of `minute`: what is asked of them ended a day ago.
    fn days(&mut self, past: &Past, minute: i64) -> DaysBefore {
        let block = block_of(minute);
        match self.days {
            Some((at, days)) if at == block => days,
            _ => {
                let days = past.half_hours.before(minute);
                self.days = Some((block, days));
                days
            }
        }
    }

    /// A complete minute has changed.
    pub(super) fn forget_windows(&mut self) {
        self.windows = None;
    }

    pub(super) fn heap_bytes(&self) -> usize {
        self.windows.as_ref().map_or(0, |_| size_of::<WindowCache>())
    }
}

/// The windows of slow burns: whole half hours, and the one under way. `since` is when the past began: what a share was
/// before a window is not known from the hours of one night.
fn slow_windows(past: &Past, since: i64, minute: i64) -> [SlowWindow; SLOW_WINDOWS.len()] {
    let now = block_of(minute);
    let under_way = past.judged_under_way(now);
    SLOW_WINDOWS.map(|minutes| {
        let from = now - minutes / BLOCK + 1;
        let (mentions, negatives) = past.share.since(from);
        let (newer, _) = past.share.since(now - minutes / BLOCK / 2 + 1);
        SlowWindow {
            mentions: mentions + under_way.mentions,
            older: mentions - newer,
            negatives: negatives + under_way.negatives,
            shares: if from * BLOCK - since < DAY_MINUTES { Shares::UNKNOWN } else { past.share.at(from - 1) },
        }
    })
}
