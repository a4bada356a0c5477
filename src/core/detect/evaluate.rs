//! How surprising a watch is at one minute: the sums of all windows against its own past, in findings a week.

use jiff::tz::TimeZone;

use orszem_records::judgement::Confusion;

use super::baseline::{Baseline, Rates, block_of, interval};
use super::minute_counts::{MinuteCounts, WINDOWS, window_minutes};
use super::multiscale::{Score, score};
use super::rhythm::Rhythm;
use super::severity::{Shares, Thresholds};
use super::slow_burn::SlowBurnFinding;
use super::tail_model::{Channel, ScoreHistory, Tail};
use orszem_records::signal::Kind;

/// What a watch is held to.
#[derive(Clone, Debug, PartialEq)]
pub struct Limits {
    /// False pages a week.
    pub budget: f64,
    /// How long its own past must be before it counts, in minutes.
    pub learn_minutes: i64,
    /// What is severe.
    pub thresholds: Thresholds,
    /// What is a crisis outright, whatever the past says.
    pub crisis: Option<Crisis>,
    /// The clock by which its rhythm goes.
    pub zone: TimeZone,
    /// Whether its rhythm is used, where that predicts better.
    pub rhythm: bool,
}

impl Limits {
    /// The share of the budget that a channel of bursts has, where negatives are known: mentions and negatives alike.
    const BURSTS: f64 = 0.4;
    /// The share that slow burns have.
    const SLOW_BURNS: f64 = 0.2;

    /// False pages a week that slow burns may cost.
    pub fn slow_burns(&self) -> f64 {
        Limits::SLOW_BURNS * self.budget
    }
}

/// So many mentions or negatives within a time are a crisis outright. Repeats weigh as in any finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Crisis {
    /// So many mentions; `None`: no number of them is one.
    pub mentions: Option<u64>,
    /// So many negatives.
    pub negatives: Option<u64>,
    /// Within so many minutes, at most those that are kept.
    pub minutes: i64,
}

impl Crisis {
    /// Of what too many were counted within [`Crisis::minutes`], if of any.
    pub fn reached(&self, counted: &MinuteCounts) -> Option<Channel> {
        let negatives = self.negatives.is_some_and(|least| counted.weighed_negatives >= least);
        let mentions = self.mentions.is_some_and(|least| counted.weighed >= least);
        negatives.then_some(Channel::Negatives).or(mentions.then_some(Channel::Volume))
    }
}

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

/// The tails that hold for a minute; fitted when the minute needs a newer one.
#[derive(Clone, Debug)]
pub struct Fits {
    hour: i64,
    tails: [Tail; 2],
}

impl Fits {
    /// The tails for `minute`, from `cache` if they are those. Depends on the past alone, not on the cache.
    pub fn refresh(cache: &mut Option<Fits>, past: &ScoreHistory, since: i64, minute: i64) -> [Tail; 2] {
        let hour = ScoreHistory::fit_hour(minute);
        if let Some(fits) = cache
            && fits.hour == hour
        {
            return fits.tails;
        }
        let learnt = hour - since.div_euclid(60);
        let tails = [Channel::Volume, Channel::Negatives].map(|channel| past.fit(channel, hour, learnt));
        *cache = Some(Fits { hour, tails });
        tails
    }
}

/// What was found at one minute.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The minute.
    pub minute: i64,
    /// What the windows that end with it hold.
    pub windows: [MinuteCounts; WINDOWS],
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
    /// What the course of days has come to, where it was looked at.
    pub creep: Option<SlowBurnFinding>,
    /// Nothing came, where something should have.
    pub silence: Option<Figures>,
    mistaken: f64,
}

/// The rates as they were before each of the windows that end with `minute` began: at least 5 minutes back.
pub fn rates(baseline: &Baseline, rhythm: &Rhythm, minute: i64, limits: &Limits) -> [Option<Rates>; WINDOWS] {
    std::array::from_fn(|j| {
        let begin = minute - window_minutes(j) + 1;
        let rates = baseline.at(block_of(begin) - 1)?;
        Some(if limits.rhythm { rates.times(rhythm.factor(begin, window_minutes(j), &limits.zone)) } else { rates })
    })
}

impl Finding {
    /// Judges the windows that end with `minute`. The past that they are held against lies before the minutes that can
    /// still be open, so that the result for one of those can only rise until it is complete.
    pub fn new(
        minute: i64,
        windows: [MinuteCounts; WINDOWS],
        rates: [Option<Rates>; WINDOWS],
        (tails, most_negatives): ([Tail; 2], u64),
        bar: [f64; 2],
        since: i64,
        limits: &Limits,
    ) -> Finding {
        let expected = |rate: fn(&Rates) -> f64| {
            std::array::from_fn(|j| rates[j].as_ref().map(|rates| rate(rates) * window_minutes(j) as f64))
        };
        let short = |mut expected: [Option<f64>; WINDOWS]| {
            expected[NEGATIVE_WINDOWS..].fill(None);
            expected
        };
        let scores = [
            score(windows.map(|window| window.weighed), expected(|rates| rates.weighed)),
            score(windows.map(|window| window.weighed_negatives), short(expected(|rates| rates.weighed_negatives))),
        ];
        let per_week: [f64; 2] = std::array::from_fn(|channel| {
            scores[channel].map_or(f64::INFINITY, |score| tails[channel].expected_per_week(score.value))
        });
        // One budget for all: parts of it for each, where there are negatives at all.
        let both = rates.iter().flatten().any(|rates| rates.weighed_negatives > 0.0);
        let budget = if both { Limits::BURSTS * limits.budget } else { limits.budget };
        let learnt = (minute - since).max(0);
        let learning = learnt < limits.learn_minutes;
        let longest = windows[WINDOWS - 1];
        let fires = if learning {
            [false, outright(windows[OUTRIGHT_WINDOW].weighed_negatives, most_negatives, learnt)]
        } else {
            [
                per_week[0] <= budget && longest.weighed >= LEAST_MENTIONS,
                per_week[1] <= budget && longest.weighed_negatives >= LEAST_NEGATIVES,
            ]
        };
        let over_bar = |channel: usize| scores[channel].is_none_or(|score| score.value > bar[channel]);
        let fires = [fires[0] && over_bar(0), fires[1] && over_bar(1)];
        let calm = if scores.iter().all(Option::is_some) {
            let now = [
                level(|window| window.weighed, |rates| rates.weighed, &windows, &rates),
                level(|window| window.weighed_negatives, |rates| rates.weighed_negatives, &windows, &rates),
            ];
            now.iter().all(|now| *now <= CALM_LEVEL)
        } else {
            windows[OUTRIGHT_WINDOW].weighed_negatives < OUTRIGHT_NEGATIVES / 2
        };
        let negatives_surprise =
            fires[1] || (!learning && per_week[1] <= limits.budget && longest.weighed_negatives >= LEAST_NEGATIVES);
        let (crisis, creep, silence, mistaken) = (None, None, None, Confusion::USUAL.mistaken);
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
            calm,
            crisis,
            creep,
            silence,
            mistaken,
        }
    }

    /// Judged by models that take the share `mistaken` of others for negative.
    pub fn with_error(self, mistaken: f64) -> Finding {
        Finding { mistaken, ..self }
    }

    /// Held against what the settings call a crisis: `counted` is what lies in its time.
    pub fn with_crisis(self, crisis: Option<Crisis>, counted: &MinuteCounts) -> Finding {
        let crisis = crisis.and_then(|crisis| crisis.reached(counted));
        Finding { crisis, calm: self.calm && crisis.is_none(), ..self }
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
        Shares::of(&self.windows[window], rates, window_minutes(window), self.mistaken)
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
            // What the settings call a crisis is no joy.
            Some(Channel::Volume) if kind == Kind::Praise => Kind::Volume,
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
        if let (Kind::SlowBurn, Some(creep)) = (kind, self.creep) {
            return Figures {
                observed: creep.observed,
                expected: creep.expected,
                interval: creep.interval,
                window_s: creep.minutes as u32 * 60,
                expected_per_week: creep.expected_per_week,
            };
        }
        let channel = if kind.counts_negatives() { Channel::Negatives } else { Channel::Volume };
        let window = self.window(channel);
        let minutes = window_minutes(window);
        let seen = &self.windows[window];
        let (observed, rate) = match channel {
            Channel::Negatives => (seen.negatives, self.rates[window].map_or(0.0, |rates| rates.negatives)),
            Channel::Volume => (seen.mentions, self.rates[window].map_or(0.0, |rates| rates.mentions)),
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
    count: fn(&MinuteCounts) -> u64,
    rate: fn(&Rates) -> f64,
    windows: &[MinuteCounts; WINDOWS],
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
