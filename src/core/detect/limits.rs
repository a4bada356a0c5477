//! What a watch is held to: its budget, how long it learns, and what its settings call a crisis outright.

use jiff::tz::TimeZone;

use orszem_records::desk::Desk;
use orszem_records::signal::LimitReached;
use orszem_records::statistic::PerStatistic;

use crate::settings::Volume;

use super::budget;
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
    /// The false pages a week that findings of each statistic may cost. `negatives` is how many are usual in a minute,
    /// `None` where it is not known which mentions are negative. `varied`: the mentions are no few texts that many
    /// repeat.
    pub fn budgets(&self, negatives: Option<f64>, varied: bool) -> PerStatistic<f64> {
        budget::shared(self.budget, negatives, self.volume, varied)
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
