//! The kinds of injected events, and their development over time.

use orszem_records::time::{MINUTE_MS, Timestamp};
use serde::{Deserialize, Serialize};

use super::plan::Injection;
use super::truth::Pages;

const HOUR_MS: i64 = 60 * MINUTE_MS;

/// What can be injected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Sudden: the volume rises within minutes, mostly negative, with many reposts.
    Crisis,
    /// The negative share rises slowly over a day or two; the volume stays.
    SlowBurn,
    /// Viral praise: the volume rises, the negative share stays or falls, the positive share rises.
    Joy,
    /// A campaign: a handful of accounts repeat one negative text many times.
    Copies,
    /// The company's mentions stop while the others go on.
    Silence,
    /// The whole feed stops.
    Outage,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Kind; 6] = [Kind::Crisis, Kind::SlowBurn, Kind::Joy, Kind::Copies, Kind::Silence, Kind::Outage];

    /// The name on the command line and in the truth.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Crisis => "crisis",
            Kind::SlowBurn => "slow-burn",
            Kind::Joy => "joy",
            Kind::Copies => "copies",
            Kind::Silence => "silence",
            Kind::Outage => "outage",
        }
    }

    /// The default size: the volume at the peak as a multiple of the usual; for a slow burn, the negative share as a
    /// multiple of the usual; 0 for a silence and an outage.
    pub fn default_size(self) -> f64 {
        match self {
            Kind::Crisis => 6.0,
            Kind::SlowBurn => 2.5,
            Kind::Joy | Kind::Copies => 4.0,
            Kind::Silence | Kind::Outage => 0.0,
        }
    }

    /// The default duration in milliseconds.
    pub fn default_lasts_ms(self) -> i64 {
        match self {
            Kind::Crisis | Kind::Silence => 6 * HOUR_MS,
            Kind::SlowBurn => 36 * HOUR_MS,
            Kind::Joy => 4 * HOUR_MS,
            Kind::Copies => 3 * HOUR_MS,
            Kind::Outage => 90 * MINUTE_MS,
        }
    }

    /// Whether it adds mentions of its own.
    #[cfg(test)]
    pub(super) fn adds(self) -> bool {
        matches!(self, Kind::Crisis | Kind::Joy | Kind::Copies)
    }

    /// Whether it should page somebody.
    pub fn pages(self) -> Pages {
        match self {
            Kind::Crisis => Pages::Yes,
            Kind::SlowBurn => Pages::May,
            Kind::Joy | Kind::Copies | Kind::Silence | Kind::Outage => Pages::No,
        }
    }

    /// When it reaches its peak, and when it begins to fade, in milliseconds from its start.
    fn rise_and_hold_ms(self, lasts_ms: i64) -> (i64, i64) {
        let (rise, hold) = match self {
            Kind::Crisis => (6 * MINUTE_MS, lasts_ms / 5),
            Kind::SlowBurn => (lasts_ms / 6 * 5, lasts_ms),
            Kind::Joy => (15 * MINUTE_MS, lasts_ms / 2),
            Kind::Copies => (5 * MINUTE_MS, lasts_ms / 10 * 6),
            Kind::Silence | Kind::Outage => (0, lasts_ms),
        };
        let rise = rise.min(lasts_ms / 2).max(if self == Kind::SlowBurn { rise } else { 0 });
        (rise, hold.max(rise))
    }
}

/// An injection with its computed times.
#[derive(Clone, Copy, Debug)]
pub(super) struct Course {
    pub(super) kind: Kind,
    pub(super) start: Timestamp,
    pub(super) peak: Timestamp,
    pub(super) end: Timestamp,
    hold_ms: i64,
    size: f64,
}

impl Course {
    pub(super) fn new(injection: &Injection, plan_start: Timestamp) -> Course {
        let start = plan_start.plus(injection.after_ms);
        let (rise_ms, hold_ms) = injection.kind.rise_and_hold_ms(injection.lasts_ms);
        Course {
            kind: injection.kind,
            start,
            peak: start.plus(rise_ms),
            end: start.plus(injection.lasts_ms),
            hold_ms,
            size: injection.size,
        }
    }

    pub(super) fn covers(&self, at: Timestamp) -> bool {
        self.start <= at && at < self.end
    }

    /// The strength of the event at `at`, from 0 (none) to 1 (the peak). It fades to a twentieth at the end.
    pub(super) fn level(&self, at: Timestamp) -> f64 {
        if !self.covers(at) {
            return 0.0;
        }
        let past_ms = at.since(self.start);
        let rise_ms = self.peak.since(self.start);
        if past_ms < rise_ms {
            return past_ms as f64 / rise_ms as f64;
        }
        if past_ms <= self.hold_ms {
            return 1.0;
        }
        let fade_ms = (self.end.since(self.start) - self.hold_ms).max(1);
        (-3.0 * (past_ms - self.hold_ms) as f64 / fade_ms as f64).exp()
    }

    /// The addition at `at`, as a multiple of the usual: volume, or negative share for a slow burn.
    pub(super) fn extra(&self, at: Timestamp) -> f64 {
        (self.size - 1.0).max(0.0) * self.level(at)
    }

    /// The maximum of [`Course::extra`].
    pub(super) fn extra_at_top(&self) -> f64 {
        (self.size - 1.0).max(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_course_rises_to_its_peak_and_ends() {
        for kind in Kind::ALL {
            for lasts_ms in [10 * MINUTE_MS, kind.default_lasts_ms()] {
                let injection = Injection { kind, company: None, after_ms: 1000, size: kind.default_size(), lasts_ms };
                let course = Course::new(&injection, Timestamp(0));
                assert!(course.start <= course.peak && course.peak <= course.end, "{course:?}");
                assert_eq!(course.level(course.start.plus(-1)), 0.0);
                assert!((course.level(course.peak.plus(-1)) - 1.0).abs() < 0.01 || course.peak == course.start);
                assert_eq!(course.level(course.end), 0.0);
            }
        }
    }

    #[test]
    fn a_crisis_is_up_within_minutes_and_a_slow_burn_takes_a_day() {
        let course = |kind: Kind| {
            let size = kind.default_size();
            Course::new(
                &Injection { kind, company: None, after_ms: 0, size, lasts_ms: kind.default_lasts_ms() },
                Timestamp(0),
            )
        };
        assert!(course(Kind::Crisis).peak.0 <= 10 * MINUTE_MS);
        assert!(course(Kind::SlowBurn).peak.0 >= 24 * HOUR_MS);
    }
}
