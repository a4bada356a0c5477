//! What a watch is held to: its budget, how long it learns, and what its settings call a crisis outright.

use jiff::tz::TimeZone;

use orszem_records::desk::Desk;
use orszem_records::signal::LimitReached;
use orszem_records::statistic::Statistic;

use crate::settings::Volume;

use super::severity::Thresholds;
use super::weighed_counts::WeighedCounts;

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
    /// What a rise in mentions alone does.
    pub volume: Volume,
    /// The team it belongs to: it is held to nothing by that, but its signals name it.
    pub desk: Desk,
}

impl Limits {
    /// The part of the budget that findings of a statistic may cost. `judged`: it is known which mentions are negative.
    ///
    /// The parts add up to more than one: the statistics find the same things, and fire together.
    pub fn budget_of(&self, statistic: Statistic, judged: bool) -> f64 {
        let mentions = match (judged, self.volume) {
            (false, _) => 1.0,
            (true, Volume::Page) => 0.2,
            (true, Volume::Note) => 0.4,
        };
        let part = match statistic {
            Statistic::Mentions => mentions,
            // A tenth on top of what the mentions have.
            Statistic::TimeOfDay => 0.1 * mentions,
            Statistic::Share => 0.45,
            Statistic::LongShare => 0.15,
            Statistic::SlowBurn => 0.1,
            Statistic::Negatives => 0.4,
        };
        part * self.budget
    }

    /// Whether a past of this many minutes is too short to be compared with.
    pub fn is_learning(&self, learnt: i64) -> bool {
        learnt < self.learn_minutes
    }

    /// Whole hours until a past of `learnt` minutes is long enough, rounded up; 0 when it is.
    pub fn learning_left(&self, learnt: i64) -> u32 {
        u32::try_from((self.learn_minutes - learnt.max(0) + 59).div_euclid(60).max(0)).unwrap_or(u32::MAX)
    }
}

/// How many mentions or negatives within a time are a crisis outright. Repeats weigh as in any finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Crisis {
    /// The number of mentions; `None` if no number of them is a crisis.
    pub mentions: Option<u64>,
    /// The number of negatives.
    pub negatives: Option<u64>,
    /// The minutes that they are counted in, at most those that are kept.
    pub minutes: i64,
}

impl Crisis {
    /// Of what too many were counted within [`Crisis::minutes`], if of any.
    pub fn reached(&self, counted: &WeighedCounts) -> Option<Reached> {
        let negatives = self.negatives.is_some_and(|least| counted.weighed_negatives >= least);
        let mentions = self.mentions.is_some_and(|least| counted.weighed >= least);
        negatives.then_some(Reached::Negatives).or(mentions.then_some(Reached::Mentions))
    }

    /// The limit that was reached, as people are told it.
    pub fn limit(&self, reached: Reached) -> Option<LimitReached> {
        let (negatives, least) = match reached {
            Reached::Negatives => (true, self.negatives?),
            Reached::Mentions => (false, self.mentions?),
        };
        Some(LimitReached { negatives, least, within_s: u32::try_from(self.minutes * 60).unwrap_or(u32::MAX) })
    }
}

/// Of what too many were counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reached {
    /// All mentions.
    Mentions,
    /// Negative mentions.
    Negatives,
}
