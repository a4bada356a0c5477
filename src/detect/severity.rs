//! How bad it is, and of what kind.

use super::baseline::Rates;
use super::rows::Cell;
use super::signal::Kind;

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
    /// It is of the kind negativity and its share of negatives is clearly up.
    pub negative: bool,
}

/// Reach that counts as wide: a million followers.
const WIDE: u64 = 1_000_000;
/// Persistence that counts: two hours.
const LONG: i64 = 120;

/// Severity from 1 (highest) to 4. Points:
///
/// | points | for |
/// |---|---|
/// | 1 | a finding expected less than once in ten times the budget's interval |
/// | 1 more | … in a hundred times |
/// | 1 | a million followers or more reached |
/// | 1 | it still surprises after two hours |
/// | 1 | negatives are up in count and share |
///
/// None is severity 4, one or two 3, three 2, more 1.
pub fn severity(gravity: &Gravity) -> u8 {
    let points = [
        gravity.expected_per_week <= gravity.budget / 10.0,
        gravity.expected_per_week <= gravity.budget / 100.0,
        gravity.reach >= WIDE,
        gravity.lasted >= LONG,
        gravity.negative,
    ];
    match points.into_iter().filter(|point| *point).count() {
        0 => 4,
        1 | 2 => 3,
        3 => 2,
        _ => 1,
    }
}

/// How the shares of negatives and positives in a window lie against the usual, in standard errors.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shares {
    /// Of negatives.
    pub negative: f64,
    /// Of positives.
    pub positive: f64,
}

impl Shares {
    /// Compares a window with the rates before it.
    pub fn of(window: &Cell, usual: &Rates) -> Shares {
        let past = usual.weighed * usual.memory;
        let z = |seen: u64, rate: f64| {
            // One negative in four before anything is known.
            let share = (rate * usual.memory + 1.0) / (past + 4.0);
            let expected = window.weighed as f64 * share;
            (seen as f64 - expected) / (expected * (1.0 - share).max(0.0) + 0.25).sqrt()
        };
        Shares {
            negative: z(window.weighed_negatives, usual.weighed_negatives),
            positive: z(window.positives.min(window.weighed), usual.positives),
        }
    }

    /// The kind of a finding. Count and share together, neither alone: negatives that surprise by count, in a share
    /// not below the usual, are negativity; more mentions with clearly more positives among them and hardly more
    /// negatives than usual are praise.
    pub fn kind(&self, negatives_surprise: bool) -> Kind {
        if (self.positive >= 3.0 && self.is_mostly_joy()) || self.is_likely_joy() {
            Kind::Praise
        } else if negatives_surprise && self.negative >= -1.0 {
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

    /// More positives, and negatives in about the usual share: too few mentions yet to be sure, and no reason to wake
    /// anybody. Should the share of negatives rise, the incident turns into negativity and pages. Chosen on the simulated
    /// joys of `benches/detection.rs`.
    fn is_likely_joy(&self) -> bool {
        self.positive >= 1.5 && self.negative <= 1.0
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
        assert_eq!(severity(&QUIET), 4);
        assert_eq!(severity(&Gravity { negative: true, ..QUIET }), 3);
        assert_eq!(severity(&Gravity { expected_per_week: 0.005, ..QUIET }), 3);
        assert_eq!(severity(&Gravity { expected_per_week: 0.005, negative: true, ..QUIET }), 2);
        let worst = Gravity { expected_per_week: 0.0, reach: WIDE, lasted: LONG, negative: true, ..QUIET };
        assert_eq!(severity(&worst), 1);
    }

    fn window(mentions: u64, negatives: u64, positives: u64) -> Cell {
        Cell { mentions, negatives, positives, weighed: mentions, weighed_negatives: negatives }
    }

    const USUAL: Rates = Rates {
        mentions: 1.0,
        negatives: 0.2,
        positives: 0.2,
        weighed: 1.0,
        weighed_negatives: 0.2,
        dispersion: 0.0,
        memory: 4000.0,
    };

    #[test]
    fn joy_is_praise_though_its_count_of_negatives_rises() {
        let joy = Shares::of(&window(400, 60, 250), &USUAL);
        assert_eq!(joy.kind(true), Kind::Praise);
        assert!(!joy.clearly_negative());
    }

    #[test]
    fn count_and_share_together_are_negativity() {
        assert_eq!(Shares::of(&window(200, 120, 20), &USUAL).kind(true), Kind::Negativity);
        assert_eq!(Shares::of(&window(400, 80, 80), &USUAL).kind(true), Kind::Negativity, "the share is as usual");
        assert_eq!(Shares::of(&window(400, 40, 80), &USUAL).kind(true), Kind::Volume, "the share is below the usual");
        assert_eq!(Shares::of(&window(200, 120, 20), &USUAL).kind(false), Kind::Volume, "the count is nothing new");
    }

    #[test]
    fn a_stream_without_sentiment_is_volume() {
        let mute = Rates { negatives: 0.0, positives: 0.0, weighed_negatives: 0.0, ..USUAL };
        assert_eq!(Shares::of(&window(400, 0, 0), &mute).kind(false), Kind::Volume);
    }
}
