//! How bad it is, and of what kind.

use serde::{Deserialize, Serialize};

use orszem_records::judgement::Confusion;
use orszem_records::signal::Kind;
use orszem_records::tally::Tally;
use orszem_records::time::MINUTE_MS;

use super::baseline::Rates;
use super::weighed_counts::WeighedCounts;

/// What severity is made of.
#[derive(Clone, Copy, Debug)]
pub struct Gravity {
    /// How many such findings a week the past leads one to expect.
    pub expected_per_week: f64,
    /// The watch's budget a week.
    pub budget: f64,
    /// Followers reached since it began.
    pub reach: u64,
    /// Minutes since it began, up to the last time it still surprised.
    pub lasted: i64,
    /// Negatives are clearly up in count and share.
    pub negative: bool,
}

/// What counts towards severity, and how much of it makes a level: from `[severity]`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Thresholds {
    /// So many times rarer than the budget allows is unusual …
    pub unusual: f64,
    /// … and so many times is extraordinary.
    pub extraordinary: f64,
    /// Followers reached.
    pub far_reaching: u64,
    /// Minutes.
    pub lasting: i64,
    /// Points that make severity 1, 2 and 3.
    pub points: [u32; 3],
}

impl From<&crate::settings::Severity> for Thresholds {
    fn from(config: &crate::settings::Severity) -> Thresholds {
        Thresholds {
            unusual: config.unusual,
            extraordinary: config.extraordinary,
            far_reaching: config.far_reaching,
            lasting: config.lasting.millis() / MINUTE_MS,
            points: [config.critical, config.high, config.moderate],
        }
    }
}

impl Default for Thresholds {
    fn default() -> Thresholds {
        Thresholds::from(&crate::settings::Severity::default())
    }
}

impl Thresholds {
    /// Severity from 1 (highest) to 4: a point each for a finding that is unusual, extraordinary, far-reaching,
    /// lasting, and against us (negatives up in count and share).
    pub fn severity(&self, gravity: &Gravity) -> u8 {
        let points = [
            gravity.expected_per_week <= gravity.budget / self.unusual,
            gravity.expected_per_week <= gravity.budget / self.extraordinary,
            gravity.reach >= self.far_reaching,
            gravity.lasted >= self.lasting,
            gravity.negative,
        ];
        let points = points.into_iter().map(u32::from).sum::<u32>();
        (1..).zip(self.points).find(|(_, least)| points >= *least).map_or(4, |(severity, _)| severity)
    }
}

/// How often the models that judge a watch's mentions take others for negative: over the last ten thousand or so.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FalsePositiveRate {
    thousandths: u64,
    mentions: u64,
}

impl FalsePositiveRate {
    /// With so many mentions the older ones begin to fade.
    const MEMORY: u64 = 10_000;

    /// Takes in what judged a tally. Counts whose judgements nobody made say nothing.
    pub fn add(&mut self, tally: &Tally) {
        if tally.counts.grounds.is_empty() {
            return;
        }
        self.thousandths += tally.counts.grounds.mistaken;
        self.mentions += tally.counts.mentions;
        while self.mentions > FalsePositiveRate::MEMORY {
            self.thousandths /= 2;
            self.mentions /= 2;
        }
    }

    /// The share of others that is taken for negative; of a watch that is new the mean of English and Hungarian.
    pub fn share(&self) -> f64 {
        // The mean weighs as twenty mentions.
        let (prior, weight) = (Confusion::USUAL.mistaken, 20.0);
        (self.thousandths as f64 / 1000.0 + prior * weight) / (self.mentions as f64 + weight)
    }
}

/// How the shares of negatives and positives in a window lie against the usual, in standard errors.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shares {
    /// Of negatives.
    pub negative: f64,
    /// Of positives.
    pub positive: f64,
    /// Of negatives beyond what the classifier's own error makes of the mentions that came on top, in standard errors
    /// of their count.
    pub beyond_error: f64,
}

impl Shares {
    /// Compares a window of `span` minutes with the rates before it; the classifier takes the share
    /// `false_positive_rate` of others for negative.
    pub fn of(window: &WeighedCounts, usual: &Rates, span: i64, false_positive_rate: f64) -> Shares {
        let Rates { a_minute, memory, .. } = *usual;
        let past = a_minute.weighed * memory;
        let z = |seen: u64, rate: f64| {
            // One negative in four before anything is known.
            let share = (rate * memory + 1.0) / (past + 4.0);
            let expected = window.weighed as f64 * share;
            (seen as f64 - expected) / (expected * (1.0 - share).max(0.0) + 0.25).sqrt()
        };
        let minutes = if a_minute.weighed > 0.0 { span as f64 } else { 0.0 };
        let more = (window.weighed as f64 - a_minute.weighed * minutes).max(0.0);
        let explained = a_minute.weighed_negatives * minutes + false_positive_rate * more;
        let beyond_error = (window.weighed_negatives as f64 - explained) / (explained + 1.0).sqrt();
        Shares {
            beyond_error,
            negative: z(window.weighed_negatives, a_minute.weighed_negatives),
            positive: z(window.positives.min(window.weighed), a_minute.positives),
        }
    }

    /// The kind of a finding. Count and share together, neither alone: negatives that surprise by count, in a share not
    /// below the usual, and by more than the classifier's errors among that many more mentions explain, are negativity;
    /// more mentions with clearly more positives among them and hardly more negatives than usual are praise.
    pub fn kind(&self, negatives_surprise: bool) -> Kind {
        if (self.positive >= 3.0 && self.is_mostly_joy()) || self.is_likely_joy() {
            Kind::Praise
        } else if negatives_surprise && self.negative >= -1.0 && self.beyond_error >= 1.0 {
            Kind::Negativity
        } else {
            Kind::Volume
        }
    }

    /// The share of negatives is not up, or so much less than that of positives that the classifier's errors among many
    /// friendly mentions explain it. The third was chosen on the simulated joy of the demonstration.
    fn is_mostly_joy(&self) -> bool {
        self.negative <= 2.0 || self.negative < self.positive / 3.0
    }

    /// The share of positives is up by more than that of negatives: too few mentions yet to be sure, and no reason to
    /// wake anybody. Should the share of negatives rise, the incident turns into negativity and pages. Chosen on the
    /// simulated joys of `benches/detection.rs`.
    pub fn is_likely_joy(&self) -> bool {
        self.positive >= 1.0 && self.negative <= 2.0 && self.negative < self.positive
    }

    /// Whether the share of negatives is clearly up: what severity counts, and what turns an open incident of another
    /// kind into negativity.
    pub fn clearly_negative(&self) -> bool {
        self.negative >= 2.0 && self.negative > self.positive
    }
}

#[cfg(test)]
#[path = "severity_tests.rs"]
mod tests;
