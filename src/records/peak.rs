//! The height of an incident: the figures at their worst, which its message says first.

use serde::Serialize;

use crate::signal::{Kind, Reason, Signal};
use crate::time::Timestamp;

/// What was counted at the height of an incident.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Peak {
    /// What kind of finding it was.
    pub kind: Kind,
    /// Counted in the window.
    pub observed: u64,
    /// Expected in the window.
    pub expected: f64,
    /// The length of the window in seconds.
    pub window_s: u32,
    /// Until when was counted, event time.
    pub at: Timestamp,
    /// What was counted, and what it was held against, where a past was known.
    pub reason: Option<Reason>,
}

impl Peak {
    /// The figures of a signal.
    pub fn of(signal: &Signal) -> Peak {
        let Signal { kind, observed, expected, window_s, at, reason, .. } = *signal;
        Peak { kind, observed, expected, window_s, at, reason }
    }

    /// The higher of this and a later signal.
    pub fn or(self, signal: &Signal) -> Peak {
        self.or_later(Peak::of(signal))
    }

    /// The higher of this and later figures. Figures of negatives stand above those of all mentions, which stand above
    /// a silence; else what has more beyond what was expected is higher. Of a silence the newest is.
    pub fn or_later(self, later: Peak) -> Peak {
        match (self.rank(), later.rank()) {
            (before, after) if before != after => {
                if after > before {
                    later
                } else {
                    self
                }
            }
            (0, _) => later,
            _ if later.beyond() > self.beyond() => later,
            _ => self,
        }
    }

    /// Whether the figures of a signal are clearly below these: no more than four fifths, or of a lesser kind.
    pub fn is_past(&self, signal: &Signal) -> bool {
        let now = Peak::of(signal);
        match self.rank() {
            0 => false,
            rank if now.rank() < rank => true,
            _ => now.at > self.at && now.observed as f64 * 5.0 <= self.observed as f64 * 4.0,
        }
    }

    fn rank(&self) -> u8 {
        match self.kind {
            Kind::Silence | Kind::NoData => 0,
            Kind::Praise => 1,
            Kind::Volume => 2,
            Kind::Negativity | Kind::SlowBurn => 3,
        }
    }

    fn beyond(&self) -> f64 {
        self.observed as f64 - self.expected
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::height::tests::signal;

    fn counted(kind: Kind, observed: u64, expected: f64, at: i64) -> Signal {
        Signal { kind, observed, expected, at: Timestamp(at), ..signal(0, 600, &[]) }
    }

    #[test]
    fn the_height_is_what_was_most_beyond_what_was_expected() {
        let peak = Peak::of(&counted(Kind::Negativity, 212, 14.0, 1));
        let peak = peak.or(&counted(Kind::Negativity, 1_458, 105.0, 2));
        let peak = peak.or(&counted(Kind::Negativity, 146, 158.0, 3));
        assert_eq!((peak.observed, peak.at), (1_458, Timestamp(2)));
        assert!(peak.is_past(&counted(Kind::Negativity, 146, 158.0, 3)));
        assert!(!peak.is_past(&counted(Kind::Negativity, 1_400, 105.0, 3)), "about as high");
    }

    #[test]
    fn negatives_stand_above_mentions_however_many_and_a_silence_is_what_it_is_now() {
        let peak = Peak::of(&counted(Kind::Volume, 9_000, 10.0, 1)).or(&counted(Kind::Negativity, 20, 2.0, 2));
        assert_eq!(peak.kind, Kind::Negativity);
        assert_eq!(peak.or(&counted(Kind::Volume, 9_999, 1.0, 3)), peak);
        let silence = Peak::of(&counted(Kind::NoData, 0, 5.0, 1)).or(&counted(Kind::NoData, 0, 2.0, 2));
        assert_eq!(silence.at, Timestamp(2));
        assert!(!silence.is_past(&counted(Kind::NoData, 0, 0.0, 3)));
    }
}
