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

impl From<&crate::settings::types::Severity> for Thresholds {
    fn from(config: &crate::settings::types::Severity) -> Thresholds {
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
        Thresholds::from(&crate::settings::types::Severity::default())
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
mod tests {
    use super::*;

    const QUIET: Gravity = Gravity { expected_per_week: 0.4, budget: 0.5, reach: 0, lasted: 0, negative: false };

    #[test]
    fn the_table_holds() {
        let severity = |gravity: Gravity| Thresholds::default().severity(&gravity);
        assert_eq!(severity(QUIET), 4);
        assert_eq!(severity(Gravity { negative: true, ..QUIET }), 3);
        assert_eq!(severity(Gravity { expected_per_week: 0.005, ..QUIET }), 3);
        assert_eq!(severity(Gravity { expected_per_week: 0.005, negative: true, ..QUIET }), 2);
        assert_eq!(severity(Gravity { reach: 1_000_000, lasted: 120, ..QUIET }), 3);
        let worst = Gravity { expected_per_week: 0.0, reach: 1_000_000, lasted: 120, negative: true, ..QUIET };
        assert_eq!(severity(worst), 1);
    }

    #[test]
    fn thresholds_are_the_users() {
        let local = Thresholds { far_reaching: 5_000, points: [2, 1, 1], ..Thresholds::default() };
        assert_eq!(local.severity(&Gravity { reach: 5_000, ..QUIET }), 2);
        assert_eq!(local.severity(&Gravity { reach: 5_000, negative: true, ..QUIET }), 1);
    }

    fn window(mentions: u64, negatives: u64, positives: u64) -> WeighedCounts {
        WeighedCounts { mentions, negatives, positives, weighed: mentions, weighed_negatives: negatives }
    }

    const USUAL: Rates = Rates {
        a_minute: WeighedCounts { mentions: 1.0, negatives: 0.2, positives: 0.2, weighed: 1.0, weighed_negatives: 0.2 },
        dispersion: 0.0,
        memory: 4000.0,
    };

    #[test]
    fn joy_is_praise_though_its_count_of_negatives_rises() {
        let joy = Shares::of(&window(400, 60, 250), &USUAL, 100, Confusion::USUAL.mistaken);
        assert_eq!(joy.kind(true), Kind::Praise);
        assert!(!joy.clearly_negative());
    }

    #[test]
    fn count_and_share_together_are_negativity() {
        assert_eq!(
            Shares::of(&window(200, 120, 20), &USUAL, 100, Confusion::USUAL.mistaken).kind(true),
            Kind::Negativity
        );
        assert_eq!(
            Shares::of(&window(400, 100, 80), &USUAL, 100, Confusion::USUAL.mistaken).kind(true),
            Kind::Negativity,
            "the share is hardly up"
        );
        let error = Shares::of(&window(400, 80, 80), &USUAL, 100, Confusion::USUAL.mistaken).kind(true);
        assert_eq!(error, Kind::Volume, "the classifier's error among so many more explains it");
        assert_eq!(
            Shares::of(&window(400, 40, 80), &USUAL, 100, Confusion::USUAL.mistaken).kind(true),
            Kind::Volume,
            "the share is below the usual"
        );
        assert_eq!(
            Shares::of(&window(200, 120, 20), &USUAL, 100, Confusion::USUAL.mistaken).kind(false),
            Kind::Volume,
            "the count is nothing new"
        );
    }

    #[test]
    fn a_stream_without_sentiment_is_volume() {
        let a_minute = WeighedCounts { negatives: 0.0, positives: 0.0, weighed_negatives: 0.0, ..USUAL.a_minute };
        let mute = Rates { a_minute, ..USUAL };
        assert_eq!(Shares::of(&window(400, 0, 0), &mute, 100, Confusion::USUAL.mistaken).kind(false), Kind::Volume);
    }

    #[test]
    fn the_error_is_that_of_the_models_that_judge() {
        let tally = |mentions: u64, mistaken: u64| {
            let mut tally = Tally::default();
            tally.counts.mentions = mentions;
            tally.counts.grounds.mistaken = mistaken;
            tally
        };
        let mut watch = FalsePositiveRate::default();
        assert_eq!(watch.share(), Confusion::USUAL.mistaken);
        watch.add(&tally(50, 0));
        assert_eq!(watch.share(), Confusion::USUAL.mistaken, "counts without judgements say nothing");
        for _ in 0..100 {
            watch.add(&tally(1_000, 300_000));
        }
        assert!((watch.share() - 0.3).abs() < 0.002, "{}", watch.share());
        // Nine tenths of the mentions in English again: what is past fades.
        for _ in 0..100 {
            watch.add(&tally(1_000, 160_000));
        }
        assert!((watch.share() - 0.16).abs() < 0.002, "{}", watch.share());
        // More of others taken for negative explain more: the same window is negativity by one model and volume by
        // another.
        let window = window(400, 92, 80);
        assert_eq!(Shares::of(&window, &USUAL, 100, 0.16).kind(true), Kind::Negativity);
        assert_eq!(Shares::of(&window, &USUAL, 100, 0.30).kind(true), Kind::Volume);
    }
}
