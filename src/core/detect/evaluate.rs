//! How surprising a watch is at one minute: the sums of all windows against its own past, in findings a week.

use orszem_records::signal::Kind;

use super::baseline::{Rates, interval};
use super::limits::Limits;
use super::minute_counts::{WINDOWS, window_minutes};
use super::multiscale::{Score, score};
use super::severity::Shares;
use super::slow_burn::SlowBurnFinding;
use super::tail_model::{Channel, Tail};
use super::weighed_counts::WeighedCounts;

/// Fewer mentions than this in the longest window are no finding.
const LEAST_MENTIONS: u64 = 12;
/// Fewer negatives than this in the longest window are no finding.
const LEAST_NEGATIVES: u64 = 8;

/// Negatives are scored over so many of the shorter windows (5 to 80 minutes).
const NEGATIVE_WINDOWS: usize = 5;

/// Calm is a score of at most this (a fifth more than expected) …
const CALM_LEVEL: f64 = 0.2;
/// … over so many of the shorter windows (5 to 80 minutes): the longer ones hold a burst for half a day.
const CALM_WINDOWS: usize = 5;

/// While learning only this pages: so many negatives within 40 minutes …
const OUTRIGHT_NEGATIVES: u64 = 50;
/// … and so many times as many as in any 40 minutes before, once a whole day was seen …
const OUTRIGHT_TIMES: u64 = 8;
/// … or so many times, when at least six hours were: the day may be worth eight of the night.
const OUTRIGHT_TIMES_EARLY: u64 = 20;
/// The window that this is counted in: 40 minutes.
pub const OUTRIGHT_WINDOW: usize = 3;

/// What a minute is judged by.
#[derive(Clone, Debug)]
pub struct Evidence {
    /// The minute.
    pub minute: i64,
    /// Minutes of past.
    pub learnt: i64,
    /// What the windows that end with it hold.
    pub windows: [WeighedCounts; WINDOWS],
    /// What was expected before each began.
    pub rates: [Option<Rates>; WINDOWS],
    /// How often scores are reached, of mentions and of negatives.
    pub tails: [Tail; 2],
    /// The most negatives within 40 minutes that came before.
    pub most_negatives: u64,
    /// What the scores must exceed.
    pub thresholds: [f64; 2],
    /// Of what too many were counted to be anything but a crisis, as the settings have it; if of any.
    pub crisis: Option<Channel>,
    /// The share of others that the models which judge its mentions take for negative.
    pub false_positive_rate: f64,
    /// What there is beside the windows.
    pub beside: Beside,
}

/// What speaks for a finding beside the windows.
#[derive(Clone, Copy, Debug, Default)]
pub struct Beside {
    /// What the last days have come to, where that was looked at.
    pub slow_burn: Option<SlowBurnFinding>,
    /// Nothing came, where something should have.
    pub silence: Option<Figures>,
    /// Whether it keeps an incident open, however calm the windows are.
    pub holds_open: bool,
}

/// What was found at one minute.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The minute.
    pub minute: i64,
    /// What the windows that end with it hold.
    pub windows: [WeighedCounts; WINDOWS],
    /// What was expected before each began.
    pub rates: [Option<Rates>; WINDOWS],
    /// The scores of mentions and of negatives.
    pub scores: [Option<Score>; 2],
    /// Findings a week like these, of mentions and of negatives.
    pub per_week: [f64; 2],
    /// The watch had too short a past.
    pub learning: bool,
    /// Minutes of past.
    pub learnt: i64,
    fires: [bool; 2],
    /// Negatives alone would be worth the whole budget: what the kind is judged by.
    negatives_surprise: bool,
    /// Mentions and negatives are back to what was expected, as far as the last hours go.
    pub calm: bool,
    /// The watch's settings call it a crisis outright, for the number of mentions or of negatives.
    pub crisis: Option<Channel>,
    /// What the last days have come to, where that was looked at.
    pub slow_burn: Option<SlowBurnFinding>,
    /// Nothing came, where something should have.
    pub silence: Option<Figures>,
    false_positive_rate: f64,
}

impl Finding {
    /// Judges the windows that end with `minute`. The past that they are held against lies before the minutes that can
    /// still be open, so that the result for one of those can only rise until it is complete.
    pub fn new(evidence: Evidence, limits: &Limits) -> Finding {
        let Evidence { minute, learnt, windows, rates, tails, most_negatives, thresholds, .. } = evidence;
        let Evidence { crisis, false_positive_rate, beside, .. } = evidence;
        let expected = |rate: fn(&Rates) -> f64| {
            std::array::from_fn(|j| rates[j].as_ref().map(|rates| rate(rates) * window_minutes(j) as f64))
        };
        let short = |mut expected: [Option<f64>; WINDOWS]| {
            expected[NEGATIVE_WINDOWS..].fill(None);
            expected
        };
        let scores = [
            score(windows.map(|window| window.weighed), expected(|rates| rates.a_minute.weighed)),
            score(
                windows.map(|window| window.weighed_negatives),
                short(expected(|rates| rates.a_minute.weighed_negatives)),
            ),
        ];
        let per_week: [f64; 2] = std::array::from_fn(|channel| {
            scores[channel].map_or(f64::INFINITY, |score| tails[channel].expected_per_week(score.value))
        });
        // One budget for all: parts of it for each, where there are negatives at all.
        let both = rates.iter().flatten().any(|rates| rates.a_minute.weighed_negatives > 0.0);
        let budget = limits.bursts(both);
        let learning = limits.is_learning(learnt);
        let longest = windows[WINDOWS - 1];
        let fires = if learning {
            [false, outright(windows[OUTRIGHT_WINDOW].weighed_negatives, most_negatives, learnt)]
        } else {
            [
                per_week[0] <= budget && longest.weighed >= LEAST_MENTIONS,
                per_week[1] <= budget && longest.weighed_negatives >= LEAST_NEGATIVES,
            ]
        };
        let exceeds = |channel: usize| scores[channel].is_none_or(|score| score.value > thresholds[channel]);
        let fires = [fires[0] && exceeds(0), fires[1] && exceeds(1)];
        let windows_calm = if scores.iter().all(Option::is_some) {
            let now = [
                level(|window| window.weighed, |rates| rates.a_minute.weighed, &windows, &rates),
                level(|window| window.weighed_negatives, |rates| rates.a_minute.weighed_negatives, &windows, &rates),
            ];
            now.iter().all(|now| *now <= CALM_LEVEL)
        } else {
            windows[OUTRIGHT_WINDOW].weighed_negatives < OUTRIGHT_NEGATIVES / 2
        };
        let negatives_surprise =
            fires[1] || (!learning && per_week[1] <= limits.budget && longest.weighed_negatives >= LEAST_NEGATIVES);
        Finding {
            minute,
            windows,
            rates,
            scores,
            per_week,
            learning,
            learnt,
            fires,
            negatives_surprise,
            calm: windows_calm && crisis.is_none() && !beside.holds_open,
            crisis,
            slow_burn: beside.slow_burn,
            silence: beside.silence,
            false_positive_rate,
        }
    }

    /// The scores that count as past: none while it was not known what to expect of each window.
    pub fn comparable_scores(&self) -> [Option<f64>; 2] {
        let known = self.rates.iter().all(Option::is_some);
        self.scores.map(|score| score.map(|score| score.value).filter(|_| known))
    }

    /// The last days are a slow burn. Not among what fires: that bursts, at once.
    pub fn is_slow_burn(&self, limits: &Limits) -> bool {
        self.slow_burn.is_some_and(|found| found.fires(limits.slow_burns()))
    }

    /// It is worth an incident. Does not change back when more is counted.
    pub fn fires(&self) -> bool {
        self.fires[0] || self.fires[1] || self.crisis.is_some()
    }

    /// The rarer of the two channels, in findings a week; finite.
    pub fn expected_per_week(&self) -> f64 {
        match self.per_week[0].min(self.per_week[1]) {
            finite if finite.is_finite() => finite,
            // No past to be counted in: one that pages while learning is as rare as its condition.
            _ if self.fires() => 0.0,
            _ => 168.0,
        }
    }

    fn window(&self, channel: Channel) -> usize {
        self.scores[channel as usize].map_or(OUTRIGHT_WINDOW, |score| score.window)
    }

    /// How the shares lie in the most surprising window of the channel that fires; `None` without a past.
    pub fn shares(&self) -> Option<Shares> {
        let window = self.firing_window();
        self.rates[window].map(|rates| self.shares_in(window, &rates))
    }

    fn shares_in(&self, window: usize, rates: &Rates) -> Shares {
        Shares::of(&self.windows[window], rates, window_minutes(window), self.false_positive_rate)
    }

    /// The kind of the finding.
    pub fn kind(&self) -> Kind {
        let kind = match self.shares() {
            Some(_) if self.is_joy_of_late() => Kind::Praise,
            shares => shares.map_or(Kind::Negativity, |shares| shares.kind(self.negatives_surprise)),
        };
        match self.crisis {
            None => kind,
            Some(Channel::Negatives) => Kind::Negativity,
            // What the settings call a crisis is no joy; and without a past the number of mentions is all it stands on.
            Some(Channel::Volume) if kind == Kind::Praise => Kind::Volume,
            Some(Channel::Volume) if self.shares().is_none() && !self.negatives_surprise => Kind::Volume,
            Some(Channel::Volume) => kind,
        }
    }

    /// Negatives surprise, and their share is clearly up.
    pub fn clearly_negative(&self) -> bool {
        self.negatives_surprise && self.shares().is_none_or(|shares| shares.clearly_negative())
    }

    /// The share of positives is up by more than that of negatives in some window that ends now and is shorter than the
    /// one that fires: what the longer one holds from before is not what sets it off.
    fn is_joy_of_late(&self) -> bool {
        let joy = |window: usize| {
            let rates = self.rates[window]?;
            Some(self.shares_in(window, &rates).is_likely_joy())
        };
        (0..self.firing_window()).any(|window| joy(window) == Some(true))
    }

    /// The most surprising window of the channel that fires.
    fn firing_window(&self) -> usize {
        self.window(if self.negatives_surprise { Channel::Negatives } else { Channel::Volume })
    }

    /// The figures to show for an incident of `kind`: of the most surprising window.
    pub fn figures(&self, kind: Kind) -> Figures {
        if let (Kind::Silence, Some(silence)) = (kind, self.silence) {
            return silence;
        }
        if let (Kind::SlowBurn, Some(found)) = (kind, self.slow_burn) {
            return Figures {
                observed: found.observed,
                expected: found.expected,
                interval: found.interval,
                window_s: found.minutes as u32 * 60,
                expected_per_week: found.expected_per_week,
            };
        }
        let channel = if kind.counts_negatives() { Channel::Negatives } else { Channel::Volume };
        let window = self.window(channel);
        let minutes = window_minutes(window);
        let seen = &self.windows[window];
        let usual = self.rates[window].map(|rates| rates.a_minute).unwrap_or_default();
        let (observed, rate) = match channel {
            Channel::Negatives => (seen.negatives, usual.negatives),
            Channel::Volume => (seen.mentions, usual.mentions),
        };
        let expected = rate * minutes as f64;
        let dispersion = self.rates[window].map_or(0.0, |rates| rates.dispersion);
        Figures {
            observed,
            expected,
            interval: interval(expected, dispersion),
            window_s: minutes as u32 * 60,
            expected_per_week: self.expected_per_week(),
        }
    }
}

/// The score over the shorter windows alone: where the stream is now.
fn level(
    count: fn(&WeighedCounts) -> u64,
    rate: fn(&Rates) -> f64,
    windows: &[WeighedCounts; WINDOWS],
    rates: &[Option<Rates>; WINDOWS],
) -> f64 {
    let expected = |j: usize| rates[j].as_ref().map(|rates| rate(rates) * window_minutes(j) as f64);
    let expected = std::array::from_fn(|j| if j < CALM_WINDOWS { expected(j) } else { None });
    score(std::array::from_fn(|j| count(&windows[j])), expected).map_or(0.0, |score| score.value)
}

/// A crisis that no past could excuse.
fn outright(negatives: u64, most: u64, learnt: i64) -> bool {
    let times = if learnt >= 24 * 60 { OUTRIGHT_TIMES } else { OUTRIGHT_TIMES_EARLY };
    learnt >= 6 * 60 && negatives >= OUTRIGHT_NEGATIVES && negatives >= times * most.max(1)
}

/// What an alert states.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Figures {
    /// Counted in the window.
    pub observed: u64,
    /// Expected in the window.
    pub expected: f64,
    /// Where it would lie 95 times of 100.
    pub interval: (f64, f64),
    /// The window's length in seconds.
    pub window_s: u32,
    /// Findings like it a week.
    pub expected_per_week: f64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outright_needs_size_a_past_and_a_multiple_of_it() {
        assert!(outright(50, 6, 1440));
        assert!(!outright(50, 7, 1440), "not eight times the worst so far");
        assert!(!outright(49, 0, 1440), "too few");
        assert!(!outright(50, 6, 600), "the day may be worth eight of the night");
        assert!(outright(60, 3, 600));
        assert!(!outright(5000, 0, 300), "a watch that has just begun has seen nothing to compare with");
    }
}
