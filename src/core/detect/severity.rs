//! How bad it is.

use serde::{Deserialize, Serialize};

use orszem_records::judgement::Confusion;
use orszem_records::tally::Tally;
use orszem_records::time::MINUTE_MS;

/// What severity is made of. How rare a finding is decides whether it pages, and is no part of it.
#[derive(Clone, Copy, Debug)]
pub struct Gravity {
    /// How many there are beyond what was expected, several of one author as one.
    pub size: f64,
    /// How many times what was expected there are, at the height.
    pub times: f64,
    /// Followers reached since it began.
    pub reach: u64,
    /// Minutes since it began, up to the last time it still surprised.
    pub lasted: i64,
}

/// What counts towards severity: from `[severity]`, or from that of a watch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Thresholds {
    /// Sizes that are one, two and three points.
    pub sizes: [f64; 3],
    /// Times what was expected that are one and two points.
    pub times: [f64; 2],
    /// Followers reached.
    pub far_reaching: u64,
    /// Minutes.
    pub lasting: i64,
    /// The part of the real mentions that the feed brings.
    pub sampled: f64,
}

impl Thresholds {
    /// Those of a feed that brings the part `sampled` of the real mentions.
    pub fn new(config: &crate::settings::Severity, sampled: f64) -> Thresholds {
        Thresholds {
            sizes: [config.some, config.many, config.very_many],
            times: [config.above, config.far_above],
            far_reaching: config.far_reaching,
            lasting: config.lasting.millis() / MINUTE_MS,
            sampled,
        }
    }

    /// Severity from 1 (highest) to 4: by size first, then by points for size, height, reach and duration.
    pub fn severity(&self, gravity: &Gravity) -> u8 {
        let reached = |reached: bool| u32::from(reached);
        let real = gravity.size / self.sampled;
        let size: u32 = self.sizes.iter().map(|least| reached(real >= *least)).sum();
        let height: u32 = self.times.iter().map(|least| reached(gravity.times >= *least)).sum();
        let reach = gravity.reach as f64 / self.sampled;
        let points =
            size + height + reached(reach >= self.far_reaching as f64) + reached(gravity.lasted >= self.lasting);
        match size {
            3 if points >= 5 => 1,
            2.. if points >= 3 => 2,
            1.. => 3,
            _ => 4,
        }
    }
}

impl Default for Thresholds {
    fn default() -> Thresholds {
        Thresholds::new(&crate::settings::Severity::default(), 1.0)
    }
}

/// How often the models that judge a watch's mentions take others for negative: over the last ten thousand or so.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FalsePositiveRate {
    thousandths: u64,
    mentions: u64,
}

impl FalsePositiveRate {
    /// With this many mentions the older ones begin to fade.
    const MEMORY: u64 = 10_000;

    /// Takes in what judged a tally. Counts whose judgements nobody made say nothing.
    pub fn add(&mut self, tally: &Tally) {
        if tally.counts.grounds.is_empty() {
            return;
        }
        self.thousandths += tally.counts.grounds.mistaken;
        self.mentions += tally.counts.judged();
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

#[cfg(test)]
#[path = "severity_tests.rs"]
mod tests;
