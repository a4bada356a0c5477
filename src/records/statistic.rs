//! The statistics that a watch is judged by: each is held against a past of its own.

use serde::{Deserialize, Serialize};

/// A statistic of a watch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Statistic {
    /// How many mentions there are, against the slow average and the same hours of the days before.
    Mentions,
    /// How many mentions there are, against what the last days were like at this time of day.
    TimeOfDay,
    /// Which share of the mentions is negative, over 5 to 80 minutes.
    Share,
    /// Which share of the mentions is negative, over 5 minutes to half a day.
    LongShare,
    /// Which share of the mentions is negative, over six hours to two days.
    SlowBurn,
    /// How many negative mentions there are, against the slow average and the same hours of the days before.
    Negatives,
}

/// How many there are.
pub const STATISTICS: usize = 6;

/// One value for each statistic, in the order of [`Statistic::ALL`].
pub type PerStatistic<T> = [T; STATISTICS];

impl Statistic {
    /// All of them.
    pub const ALL: PerStatistic<Statistic> = [
        Statistic::Mentions,
        Statistic::TimeOfDay,
        Statistic::Share,
        Statistic::LongShare,
        Statistic::SlowBurn,
        Statistic::Negatives,
    ];

    /// Whether it is a share of the mentions, and not a count.
    pub const fn is_share(self) -> bool {
        matches!(self, Statistic::Share | Statistic::LongShare | Statistic::SlowBurn)
    }

    /// Whether it is about negative mentions.
    pub const fn is_of_negatives(self) -> bool {
        !matches!(self, Statistic::Mentions | Statistic::TimeOfDay)
    }

    /// Never falls while more is counted: what a minute that is not complete may be judged by.
    pub const fn only_grows(self) -> bool {
        !self.is_share()
    }
}
