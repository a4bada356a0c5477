//! What a watch is held to: its budget, how long it learns, and what its settings call a crisis outright.

use jiff::tz::TimeZone;

use orszem_records::desk::Desk;

use super::severity::Thresholds;
use super::tail_model::Channel;
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
    /// The team it belongs to: it is held to nothing by that, but its signals name it.
    pub desk: Desk,
}

impl Limits {
    /// The share of the budget that a channel of bursts has, where negatives are known: mentions and negatives alike.
    const BURSTS: f64 = 0.4;
    /// The share that slow burns have.
    const SLOW_BURNS: f64 = 0.2;

    /// False pages a week that a channel of bursts may cost; `both`: negatives are known beside mentions.
    pub fn bursts(&self, both: bool) -> f64 {
        if both { Limits::BURSTS * self.budget } else { self.budget }
    }

    /// False pages a week that slow burns may cost.
    pub fn slow_burns(&self) -> f64 {
        Limits::SLOW_BURNS * self.budget
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
    pub fn reached(&self, counted: &WeighedCounts) -> Option<Channel> {
        let negatives = self.negatives.is_some_and(|least| counted.weighed_negatives >= least);
        let mentions = self.mentions.is_some_and(|least| counted.weighed >= least);
        negatives.then_some(Channel::Negatives).or(mentions.then_some(Channel::Volume))
    }
}
