//! How surprising a watch is at one minute: six statistics against its own past, in findings a week.
//!
//! Counts are held against the clock, shares against the mentions: three times the negatives among three times the
//! mentions are a joy or a piece of news, and three times the negatives among as many mentions as ever are neither.

use orszem_records::signal::Kind;
use orszem_records::statistic::{PerStatistic, STATISTICS, Statistic};

use super::baseline::{Averaged, Rates, interval};
use super::budget::least;
use super::figures::Figures;
use super::half_hours::DaysBefore;
use super::limits::{Limits, Reached};
use super::minute_counts::{WINDOWS, window_minutes};
use super::multiscale::{self, Score, ShareTest, Windows};
use super::slow_share::Shares;
use super::tail_model::Tail;
use super::weighed_counts::{WeighedCounts, whole};

use crate::settings::Volume;

/// Negatives, and shares of the near past, are scored over this many of the shorter windows (5 to 80 minutes).
const SHORT_WINDOWS: usize = 5;

/// The windows of slow burns, in minutes.
pub const SLOW_WINDOWS: [i64; 4] = [6 * 60, 12 * 60, 24 * 60, 48 * 60];

/// Fewer of them make no slow burn: after an outage all would hold the same.
const LEAST_SLOW_WINDOWS: usize = 3;

/// Positives are up by this many standard errors: it is a joy, whatever else it is …
const JOY: f64 = 2.0;
/// … or this many: its negatives page only by their share …
const JOY_OF_COUNTS: f64 = 1.5;
/// … or this many: its mentions page nobody.
const JOY_OF_MENTIONS: f64 = 1.0;
/// The number of negatives pages where their share is up by this many standard errors.
const SHARE_UP: f64 = 1.25;
/// A slow burn is over when its share is back to this many standard errors.
const SLOW_CALM: f64 = 1.0;

/// Calm is a score of at most this (a fifth more than expected) …
const CALM_LEVEL: f64 = 0.2;

/// While learning only this pages: this many negatives within 40 minutes …
const OUTRIGHT_NEGATIVES: u64 = 50;
/// … and this multiple of those in any 40 minutes before, once a whole day was seen …
const OUTRIGHT_TIMES: u64 = 8;
/// … or this many times, when at least six hours were: the day may be worth eight of the night.
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
    /// Minutes of past in which shares were scored.
    pub shares_learnt: i64,
    /// What the windows that end with it hold.
    pub windows: Windows<WeighedCounts>,
    /// What was expected before each began.
    pub rates: Windows<Option<Rates>>,
    /// The shares as they were before each began.
    pub shares: Windows<Shares>,
    /// What the days before were like.
    pub days: DaysBefore,
    /// What the windows of slow burns hold; `None` for a minute that is not complete.
    pub slow: Option<[SlowWindow; SLOW_WINDOWS.len()]>,
    /// How often scores are reached.
    pub tails: PerStatistic<Tail>,
    /// The most negatives within 40 minutes that came before.
    pub most_negatives: u64,
    /// What the scores must exceed.
    pub thresholds: PerStatistic<f64>,
    /// Of what too many were counted to be anything but a crisis, as the settings have it; if of any.
    pub crisis: Option<Reached>,
    /// The share of others that the models which judge its mentions take for negative.
    pub false_positive_rate: f64,
    /// Nothing came, where something should have.
    pub silence: Option<Figures>,
}

impl Evidence {
    /// Whether a minute that is not complete may be worth an incident. Most tallies end here: the whole finding costs
    /// several times as much.
    pub fn may_fire_early(&self, limits: &Limits) -> bool {
        // Repeats may follow in the same minute.
        let budgets = limits.budgets(negatives_usual(&self.rates), false);
        let mentions = Mentions::of(self);
        let is_rare = |statistic: Statistic| {
            let at = statistic as usize;
            score(statistic, self, &mentions).is_some_and(|score| {
                score.value > self.thresholds[at] && self.tails[at].expected_per_week(score.value) <= budgets[at]
            })
        };
        let mut growing = Statistic::ALL.into_iter().filter(|statistic| statistic.only_grows());
        self.crisis.is_some() || limits.is_learning(self.learnt) || growing.any(is_rare)
    }
}

/// A window of slow burns.
#[derive(Clone, Copy, Debug)]
pub struct SlowWindow {
    /// Mentions that were judged, repeats discounted.
    pub mentions: f64,
    /// Of them those in its older half: without any it says nothing that a shorter window does not.
    pub older: f64,
    /// Of them negative.
    pub negatives: f64,
    /// The shares before it began.
    pub shares: Shares,
}

impl SlowWindow {
    /// The share held against what it was before.
    pub(super) fn test(&self) -> Option<ShareTest> {
        if self.older <= 0.0 {
            return None;
        }
        ShareTest::slow(self.negatives, self.mentions, self.shares.negative, self.shares.mentions)
    }
}

/// What was found at one minute.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The minute.
    pub minute: i64,
    /// What the windows that end with it hold.
    pub windows: Windows<WeighedCounts>,
    /// The scores of the statistics.
    pub scores: PerStatistic<Option<Score>>,
    /// The watch had too short a past.
    pub learning: bool,
    /// Minutes of past.
    pub learnt: i64,
    /// The stream is back to what was expected, as far as the last hours go.
    pub calm: bool,
    /// The watch's settings call it a crisis outright.
    pub crisis: Option<Reached>,
    /// Nothing came, where something should have.
    pub silence: Option<Figures>,
    /// How far the share of positives is up, in standard errors: the farthest window of 10 to 80 minutes.
    pub positives_up: f64,
    /// The same of 10 to 640 minutes: the longer ones hold a joy that is over, as they hold its mentions.
    pub positives_were_up: f64,
    /// How far the share of negatives is up: the larger of both shares' scores.
    pub share_up: f64,
    pub(super) rates: Windows<Option<Rates>>,
    pub(super) shares: Windows<Shares>,
    pub(super) days: DaysBefore,
    pub(super) slow: Option<[SlowWindow; SLOW_WINDOWS.len()]>,
    /// Findings a week like these.
    pub(super) per_week: PerStatistic<f64>,
    pub(super) fires: PerStatistic<bool>,
    /// Those that fire, and that nothing speaks against.
    pub(super) pages: PerStatistic<bool>,
    pub(super) false_positive_rate: f64,
}

impl Finding {
    /// Judges the windows that end with `minute`. The past that they are held against lies before the minutes that can
    /// still be open, so that the result for one of those can only rise until it is complete.
    pub fn new(evidence: Evidence, limits: &Limits) -> Finding {
        let Evidence { minute, learnt, windows, rates, shares, days, slow, crisis, silence, .. } = evidence;
        let mentions = Mentions::of(&evidence);
        let scores = Statistic::ALL.map(|statistic| score(statistic, &evidence, &mentions));
        let per_week: PerStatistic<f64> = std::array::from_fn(|at| {
            scores[at].map_or(f64::INFINITY, |score| evidence.tails[at].expected_per_week(score.value))
        });
        let negatives = negatives_usual(&rates);
        let learning = limits.is_learning(learnt);
        let shares_learning = limits.is_learning(evidence.shares_learnt);
        let longest = windows[WINDOWS - 1];
        let varied = slow.is_some() && 2.0 * whole(longest.discounted) >= longest.mentions as f64;
        let budgets = limits.budgets(negatives, varied);
        let enough = |statistic: Statistic| {
            let counted =
                if statistic.is_of_negatives() { longest.weighed_negatives as f64 } else { whole(longest.discounted) };
            counted >= f64::from(least(statistic))
        };
        let exceeds = |at: usize| scores[at].is_none_or(|score| score.value > evidence.thresholds[at]);
        let outright =
            learning && outright(windows[OUTRIGHT_WINDOW].weighed_negatives, evidence.most_negatives, learnt);
        let fires = Statistic::ALL.map(|statistic| {
            let at = statistic as usize;
            let found = if learning {
                outright && statistic == Statistic::Negatives
            } else {
                per_week[at] <= budgets[at]
                    && enough(statistic)
                    && !(statistic.is_share() && shares_learning)
                    && beyond_chance(statistic, &evidence)
            };
            // Of a minute that is not complete only what cannot fall again.
            found && exceeds(at) && (slow.is_some() || statistic.only_grows())
        });
        let positives_up_in = |windows_looked_at: usize| {
            (1..windows_looked_at)
                .filter(|j| rates[*j].is_some())
                .map(|j| {
                    let positives = whole(windows[j].discounted_positives);
                    ShareTest::by_chance(positives, whole(windows[j].discounted_judged), shares[j].positive)
                })
                .fold(f64::NEG_INFINITY, f64::max)
        };
        let (positives_up, positives_were_up) = (positives_up_in(SHORT_WINDOWS), positives_up_in(WINDOWS));
        let share_up = [Statistic::Share, Statistic::LongShare]
            .into_iter()
            .filter_map(|statistic| scores[statistic as usize])
            .fold(f64::NEG_INFINITY, |up, score| up.max(score.value));
        let pages = Statistic::ALL.map(|statistic| {
            let spoken_for = match statistic {
                Statistic::Mentions | Statistic::TimeOfDay => {
                    positives_were_up < JOY_OF_MENTIONS && (limits.volume == Volume::Page || negatives.is_none())
                }
                Statistic::Share | Statistic::LongShare | Statistic::SlowBurn => positives_up < JOY,
                Statistic::Negatives => learning || (share_up >= SHARE_UP && positives_up < JOY_OF_COUNTS),
            };
            fires[statistic as usize] && spoken_for
        });
        let windows_calm = if scores[Statistic::Mentions as usize].is_some() {
            let level = |sums: Windows<f64>, rate: fn(&Averaged<f64>) -> f64| {
                multiscale::counts(&sums, &expected(&rates, rate), SHORT_WINDOWS).map_or(0.0, |score| score.value)
            };
            let mentions = level(windows.map(|window| whole(window.discounted)), |rates| rates.discounted);
            let negatives =
                level(windows.map(|window| window.weighed_negatives as f64), |rates| rates.weighed_negatives);
            mentions <= CALM_LEVEL && negatives <= CALM_LEVEL
        } else {
            windows[OUTRIGHT_WINDOW].weighed_negatives < OUTRIGHT_NEGATIVES / 2
        };
        Finding {
            minute,
            windows,
            scores,
            learning,
            learnt,
            calm: windows_calm && crisis.is_none(),
            crisis,
            silence,
            positives_up,
            positives_were_up,
            share_up,
            rates,
            shares,
            days,
            slow,
            per_week,
            fires,
            pages,
            false_positive_rate: evidence.false_positive_rate,
        }
    }

    /// The scores that count as past: none while it was not known what to expect of each window.
    pub fn comparable_scores(&self) -> PerStatistic<Option<f64>> {
        let known = self.rates.iter().all(Option::is_some);
        self.scores.map(|score| score.map(|score| score.value).filter(|_| known))
    }

    /// The scores as they are; 0 where there is none.
    pub fn levels(&self) -> PerStatistic<f64> {
        self.scores.map(|score| score.map_or(0.0, |score| score.value))
    }

    /// It is worth an incident. Does not change back when more is counted.
    pub fn fires(&self) -> bool {
        self.fires.contains(&true) || self.crisis.is_some()
    }

    /// It is worth a page.
    pub fn pages(&self) -> bool {
        self.pages.contains(&true) || self.crisis.is_some()
    }

    /// The share of the last days is back to what it was.
    pub fn slow_burn_is_over(&self) -> bool {
        self.scores[Statistic::SlowBurn as usize].is_none_or(|score| score.value < SLOW_CALM)
    }

    /// The rarest of what fires, in findings a week; finite.
    pub fn expected_per_week(&self) -> f64 {
        let rarest = |of: PerStatistic<bool>| {
            let rare = self.per_week.into_iter().zip(of).filter(|(_, of)| *of).map(|(per_week, _)| per_week);
            rare.fold(f64::INFINITY, f64::min)
        };
        match rarest(self.fires).min(if self.fires() { f64::INFINITY } else { rarest([true; STATISTICS]) }) {
            finite if finite.is_finite() => finite,
            // No past to be counted in: one that pages while learning is as rare as its condition.
            _ if self.fires() => 0.0,
            _ => 168.0,
        }
    }

    /// The kind of the finding.
    pub fn kind(&self) -> Kind {
        let paging = |statistics: &[Statistic]| statistics.iter().any(|statistic| self.pages[*statistic as usize]);
        let kind = if paging(&[Statistic::Share, Statistic::LongShare, Statistic::Negatives]) {
            Kind::Negativity
        } else if paging(&[Statistic::SlowBurn]) {
            Kind::SlowBurn
        } else if self.positives_were_up >= JOY {
            Kind::Praise
        } else {
            Kind::Volume
        };
        match self.crisis {
            None => kind,
            Some(Reached::Negatives) => Kind::Negativity,
            // What the settings call a crisis is no joy.
            Some(Reached::Mentions) if kind == Kind::Praise => Kind::Volume,
            Some(Reached::Mentions) => kind,
        }
    }
}

/// What was expected of each window, by the slow average.
fn expected(rates: &Windows<Option<Rates>>, rate: fn(&Averaged<f64>) -> f64) -> Windows<Option<f64>> {
    std::array::from_fn(|j| rates[j].as_ref().map(|rates| rate(&rates.a_minute) * window_minutes(j) as f64))
}

/// The mentions of the windows, repeats discounted: four of the statistics need them.
struct Mentions {
    counted: Windows<f64>,
    /// What the slow average expects.
    expected: Windows<Option<f64>>,
}

impl Mentions {
    fn of(evidence: &Evidence) -> Mentions {
        Mentions {
            counted: evidence.windows.map(|window| whole(window.discounted)),
            expected: expected(&evidence.rates, |rates| rates.discounted),
        }
    }
}

/// The score of one statistic.
fn score(statistic: Statistic, evidence: &Evidence, mentions: &Mentions) -> Option<Score> {
    let Evidence { windows, rates, shares, days, slow, false_positive_rate, .. } = evidence;
    let share = |windows_scored: usize| {
        let usual = multiscale::usual(&mentions.expected, &days.mentions);
        let z = |j: usize| {
            let Shares { negative: share, mentions: past, .. } = shares[j];
            let (judged, part) = (whole(windows[j].discounted_judged), windows[j].part_judged());
            // Of the usual mentions as large a part is judged as of these.
            let expected = multiscale::negatives_expected(judged, part * usual[j]?, share, *false_positive_rate);
            let counted = whole(windows[j].discounted_negatives);
            Some(ShareTest::new(counted, judged, expected, share, past).z)
        };
        multiscale::mean((0..windows_scored).map(z), 3)
    };
    match statistic {
        Statistic::Mentions => {
            multiscale::counts_by_hours(&mentions.counted, &mentions.expected, &days.mentions, WINDOWS)
        }
        Statistic::TimeOfDay => {
            let by_season = std::array::from_fn(|j| mentions.expected[j].map(|expected| expected * days.season[j]));
            multiscale::counts(&mentions.counted, &by_season, WINDOWS)
        }
        Statistic::Share => share(SHORT_WINDOWS),
        Statistic::LongShare => share(WINDOWS),
        Statistic::SlowBurn => {
            multiscale::mean(slow.as_ref()?.iter().map(|window| window.test().map(|test| test.z)), LEAST_SLOW_WINDOWS)
        }
        Statistic::Negatives => {
            let negatives = windows.map(|window| window.weighed_negatives as f64);
            let slow = expected(rates, |rates| rates.weighed_negatives);
            multiscale::counts_by_hours(&negatives, &slow, &days.negatives, SHORT_WINDOWS)
        }
    }
}

/// How many negatives are usual in a minute, as it was before the longest window of which anything is known; `None` if
/// none are known to occur.
fn negatives_usual(rates: &Windows<Option<Rates>>) -> Option<f64> {
    let negatives = |rates: &Rates| rates.a_minute.weighed_negatives;
    let usual = rates.iter().flatten().next_back().map_or(0.0, negatives);
    rates.iter().flatten().any(|rates| negatives(rates) > 0.0).then_some(usual)
}

/// Whether a count is larger than chance makes it in some window. A stream that is more regular than chance, such as
/// one that a machine writes, has no rare scores: its sixth mention where five are usual would be a record.
fn beyond_chance(statistic: Statistic, evidence: &Evidence) -> bool {
    let Evidence { windows, rates, days, .. } = evidence;
    let beyond = |counted: fn(&WeighedCounts) -> f64, usual: fn(&Averaged<f64>) -> f64, factors: &Windows<f64>| {
        expected(rates, usual).iter().zip(factors).zip(windows).any(|((expected, factor), window)| {
            expected.is_some_and(|expected| counted(window) > interval(expected * factor, 0.0).1)
        })
    };
    let mentions = |window: &WeighedCounts| whole(window.discounted);
    match statistic {
        Statistic::Mentions => beyond(mentions, |rates| rates.discounted, &[1.0; WINDOWS]),
        Statistic::TimeOfDay => beyond(mentions, |rates| rates.discounted, &days.season),
        Statistic::Negatives => {
            beyond(|window| window.weighed_negatives as f64, |rates| rates.weighed_negatives, &[1.0; WINDOWS])
        }
        // A share is held against its own standard error.
        Statistic::Share | Statistic::LongShare | Statistic::SlowBurn => true,
    }
}

/// A crisis that no past could excuse.
fn outright(negatives: u64, most: u64, learnt: i64) -> bool {
    let times = if learnt >= 24 * 60 { OUTRIGHT_TIMES } else { OUTRIGHT_TIMES_EARLY };
    learnt >= 6 * 60 && negatives >= OUTRIGHT_NEGATIVES && negatives >= times * most.max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::tail_model::ScoreHistory;
    use crate::detect::weighed_counts::PARTS;
    use jiff::tz::TimeZone;
    use proptest::prelude::*;

    const LEARN_MINUTES: i64 = 72 * 60;

    fn limits() -> Limits {
        Limits {
            budget: 0.5,
            learn_minutes: LEARN_MINUTES,
            thresholds: Default::default(),
            crisis: None,
            zone: TimeZone::UTC,
            rhythm: false,
            volume: Volume::Page,
            desk: Default::default(),
        }
    }

    /// An open minute with these mentions and negatives in each window; `usual` is what comes in a minute, if known.
    fn open_minute(learnt: i64, usual: Option<(f64, f64)>, counted: (u64, u64), threshold: f64) -> Evidence {
        let parts = |count: u64| count * PARTS;
        let window = WeighedCounts {
            mentions: counted.0,
            negatives: counted.1,
            weighed: counted.0,
            weighed_negatives: counted.1,
            discounted: parts(counted.0),
            discounted_negatives: parts(counted.1),
            discounted_positives: 0,
            discounted_judged: parts(counted.0),
        };
        let rates = usual.map(|(mentions, negatives)| Rates {
            a_minute: Averaged { mentions, negatives, weighed_negatives: negatives, discounted: mentions },
            dispersion: 0.1,
        });
        let negative = usual.map_or(0.0, |(mentions, negatives)| negatives / mentions);
        Evidence {
            minute: learnt,
            learnt,
            shares_learnt: learnt,
            windows: [window; WINDOWS],
            rates: [rates; WINDOWS],
            shares: [Shares { negative, positive: 0.2, mentions: 1_000.0 }; WINDOWS],
            days: DaysBefore { mentions: [None; WINDOWS], negatives: [None; WINDOWS], season: [1.0; WINDOWS] },
            slow: None,
            tails: Statistic::ALL.map(|statistic| ScoreHistory::default().fit(statistic, learnt / 60, learnt / 60)),
            most_negatives: counted.1 / 10,
            thresholds: [threshold; STATISTICS],
            crisis: None,
            false_positive_rate: 0.2,
            silence: None,
        }
    }

    proptest! {
        /// The short look may let through what is nothing, and never holds back what fires.
        #[test]
        fn what_may_not_fire_early_does_not_fire(
            learnt in 0_i64..4 * LEARN_MINUTES, rate in 0.01_f64..5.0, share in 0.0_f64..0.8, mentions in 0_u64..2_000,
            part in 0.0_f64..1.0, known: bool, threshold in prop_oneof![Just(f64::MIN), 0.0_f64..3.0],
        ) {
            let negatives = (mentions as f64 * part) as u64;
            let evidence = open_minute(learnt, known.then_some((rate, rate * share)), (mentions, negatives), threshold);
            let may = evidence.may_fire_early(&limits());
            prop_assert!(may || !Finding::new(evidence, &limits()).fires());
        }
    }

    #[test]
    fn an_open_minute_that_surprises_may_fire_and_one_as_usual_may_not() {
        let may = |mentions: u64| {
            open_minute(4 * LEARN_MINUTES, Some((1.0, 0.2)), (mentions, mentions / 5), f64::MIN)
                .may_fire_early(&limits())
        };
        assert!(may(5_000) && !may(5));
    }

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
