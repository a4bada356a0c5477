//! What was expected of a span of time: of the window that a finding is told by, and of each point of its chart. Both
//! come from here, so that the picture shows what the sentence says.

use orszem_records::signal::HeldAgainst;
use orszem_records::statistic::Statistic;

use super::baseline::{Averaged, Rates, interval};
use super::multiscale::{self, ShareTest};
use super::slow_share::Shares;
use super::weighed_counts::WeighedCounts;

/// What was known of a span before it began.
#[derive(Clone, Copy, Debug)]
pub struct Before {
    /// The minutes of the span.
    pub minutes: f64,
    /// The slow average; `None` without a past.
    pub rates: Option<Rates>,
    /// The shares.
    pub shares: Shares,
    /// What the same hours of the days before brought in as long a span.
    pub same_hours: SameHours,
    /// The share of others that the models take for negative.
    pub mistaken: f64,
}

/// What the same hours of the days before brought.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SameHours {
    /// Mentions, repeats discounted; `None` while too few days are known.
    pub mentions: Option<f64>,
    /// Negatives.
    pub negatives: Option<f64>,
    /// How many times the slow average they are; 1 while too few days are known.
    pub season: f64,
}

impl SameHours {
    /// Nothing is known.
    pub const UNKNOWN: SameHours = SameHours { mentions: None, negatives: None, season: 1.0 };

    /// Of a part of the span.
    #[must_use]
    pub fn part(self, part: f64) -> SameHours {
        let SameHours { mentions, negatives, season } = self;
        SameHours {
            mentions: mentions.map(|count| count * part),
            negatives: negatives.map(|count| count * part),
            season,
        }
    }
}

/// What was expected of a span.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Expected {
    /// The expected number.
    pub count: f64,
    /// Where it lies 95 times of 100.
    pub interval: (f64, f64),
    /// The past that says so.
    pub held_against: HeldAgainst,
}

/// How many mentions were judged, as they are.
pub fn judged(counted: &WeighedCounts) -> f64 {
    counted.mentions as f64 * counted.part_judged()
}

/// Where a count of this variance lies 95 times of 100.
pub fn around(expected: f64, variance: f64) -> (f64, f64) {
    let deviation = 1.96 * variance.sqrt();
    ((expected - deviation).max(0.0), expected + deviation)
}

impl Before {
    fn a_minute(&self) -> Averaged<f64> {
        self.rates.map(|rates| rates.a_minute).unwrap_or_default()
    }

    /// How many times as many mentions there are as with repeats discounted: as many times as the average has.
    pub fn whole(&self) -> f64 {
        let Averaged { mentions, discounted, .. } = self.a_minute();
        if discounted > 0.0 { mentions / discounted } else { 1.0 }
    }

    /// What is usual, in mentions as they are: the larger of the slow average and of what the same hours of the days
    /// before brought; and whether it is the latter.
    pub fn usual_mentions(&self) -> (f64, bool) {
        if self.rates.is_none() {
            return (0.0, false);
        }
        let Averaged { mentions, discounted, .. } = self.a_minute().map(|rate| rate * self.minutes);
        let hours = self.same_hours.mentions.unwrap_or(0.0);
        // Half hours are kept with repeats discounted.
        (mentions.max(hours * self.whole()), hours > discounted)
    }

    /// Negatives expected among the mentions that were counted.
    pub fn negatives_among(&self, counted: &WeighedCounts) -> f64 {
        let (usual, _) = self.usual_mentions();
        let part = counted.part_judged();
        multiscale::negatives_expected(judged(counted), part * usual, self.shares.negative, self.mistaken)
    }

    /// What a statistic expects of the span, in which `counted` came.
    pub fn expected(&self, statistic: Statistic, counted: &WeighedCounts) -> Expected {
        let rates = self.a_minute();
        let (count, held_against) = match statistic {
            Statistic::Mentions => {
                let (usual, same_hours) = self.usual_mentions();
                (usual, if same_hours { HeldAgainst::SameHours } else { HeldAgainst::LastDays })
            }
            Statistic::TimeOfDay => (rates.mentions * self.minutes * self.same_hours.season, HeldAgainst::SameHours),
            Statistic::Negatives => {
                let usual = rates.negatives * self.minutes;
                let hours = self.same_hours.negatives.unwrap_or(0.0);
                let against = if hours > usual { HeldAgainst::SameHours } else { HeldAgainst::LastDays };
                (usual.max(hours), against)
            }
            Statistic::Share | Statistic::LongShare | Statistic::SlowBurn => {
                (self.negatives_among(counted), HeldAgainst::Mentions)
            }
        };
        let interval = if statistic.is_share() {
            let Shares { negative, mentions, .. } = self.shares;
            around(count, ShareTest::new(0.0, judged(counted), count, negative, mentions).variance)
        } else {
            interval(count, self.rates.map_or(0.0, |rates| rates.dispersion))
        };
        Expected { count, interval, held_against }
    }
}
