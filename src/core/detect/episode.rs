//! An incident that is open: its kind and severity, when it was last reported, and when it is over.

use serde::{Deserialize, Serialize};

use orszem_records::signal::Kind;

use super::evaluate::Finding;
use super::limits::Limits;
use super::severity::Gravity;
use super::totals::Totals;

/// Minutes between two looks at an open incident.
pub const LOOK: i64 = 5;
/// Minutes between two updates, unless it got worse or rose by a quarter.
const UPDATE: i64 = 10;
/// Looks in a row at which it must be calm before it closes: one hour.
const CALM_LOOKS: u32 = 12;
/// It closes when it has not surprised for this many minutes (a day), calm or not: the level is a new one.
const LONGEST: i64 = 24 * 60;

/// For this long after an incident (a day) the next one must score this much higher than it did: a fifth more on all
/// scales.
const REOPEN_MINUTES: i64 = 24 * 60;
const REOPEN_STEP: f64 = 0.2;

/// An open incident.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Episode {
    /// The minute that first surprised.
    pub opened: i64,
    /// The kind told last.
    pub kind: Kind,
    /// The highest severity so far.
    pub severity: u8,
    /// What was counted, from the lead-in on.
    pub totals: Totals,
    /// The last minute that surprised.
    surprised: i64,
    /// The minute of the last look.
    pub looked: i64,
    calm_looks: u32,
    told: i64,
    mentions_told: u64,
    /// The largest count told. 0 in snapshots of versions before 0.1.0.
    #[serde(default, skip_serializing_if = "is_zero")]
    height_told: u64,
    outright: bool,
    /// The highest scores of mentions and negatives.
    peaks: [f64; 2],
}

fn is_zero(count: &u64) -> bool {
    *count == 0
}

/// What the next incident must exceed for a day: the last one's highest scores. What was told is not told again
/// because the longer windows still hold it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReopenThreshold {
    /// Until this minute.
    until: i64,
    peaks: [f64; 2],
    /// It was a slow burn, and another is none until its windows have passed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    slow_burn: bool,
}

impl ReopenThreshold {
    /// What the scores must exceed at `minute`, if anything.
    pub fn scores_at(&self, minute: i64) -> Option<[f64; 2]> {
        (minute < self.until && !self.slow_burn).then_some(self.peaks)
    }

    /// Whether a slow burn at `minute` would be the one that was told.
    pub fn holds_slow_burns(&self, minute: i64) -> bool {
        self.slow_burn && minute < self.until
    }
}

/// What a look at an incident concludes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing to tell.
    Same,
    /// New figures, or worse.
    Tell,
    /// Back to what was expected.
    Over,
}

impl Episode {
    /// An incident that begins with a finding. `totals` holds the lead-in and the finding's own minute.
    pub fn open(finding: &Finding, totals: Totals, limits: &Limits) -> Episode {
        let kind = match finding.silence {
            Some(_) => Kind::Silence,
            None if finding.fires() => finding.kind(),
            None => Kind::SlowBurn,
        };
        let mut episode = Episode {
            opened: finding.minute,
            kind,
            severity: 4,
            totals,
            surprised: finding.minute,
            looked: finding.minute,
            calm_looks: 0,
            told: finding.minute,
            mentions_told: 0,
            height_told: 0,
            outright: finding.learning,
            peaks: [f64::MIN; 2],
        };
        episode.remember(finding);
        episode.severity = episode.weigh(finding, limits);
        episode.tell(finding);
        episode
    }

    /// Severity from what only grows with the counts: what an opening may say before its minute is complete.
    pub fn least_severity(finding: &Finding, totals: &Totals, limits: &Limits) -> u8 {
        let Limits { budget, thresholds, .. } = *limits;
        let expected_per_week = finding.expected_per_week();
        thresholds.severity(&Gravity { expected_per_week, budget, reach: totals.reach(), lasted: 0, negative: false })
    }

    fn weigh(&self, finding: &Finding, limits: &Limits) -> u8 {
        let Limits { budget, thresholds, .. } = *limits;
        let negative = match self.kind {
            Kind::Negativity => finding.clearly_negative(),
            kind => kind == Kind::SlowBurn,
        };
        thresholds.severity(&Gravity {
            expected_per_week: finding.figures(self.kind).expected_per_week,
            budget,
            reach: self.totals.reach(),
            lasted: self.surprised - self.opened,
            negative,
        })
    }

    fn remember(&mut self, finding: &Finding) {
        for (peak, score) in self.peaks.iter_mut().zip(finding.scores) {
            *peak = score.map_or(*peak, |score| peak.max(score.value));
        }
    }

    /// What the next incident must exceed, when this one closes at `minute`.
    pub fn reopen_threshold(&self, minute: i64) -> ReopenThreshold {
        let slow_burn = self.kind == Kind::SlowBurn;
        // The windows of a slow burn last two days.
        let minutes = if slow_burn { 2 * REOPEN_MINUTES } else { REOPEN_MINUTES };
        ReopenThreshold { until: minute + minutes, peaks: self.peaks.map(|peak| peak + REOPEN_STEP), slow_burn }
    }

    /// Takes in the finding of a complete minute with mentions: says whether it got worse.
    pub fn minute(&mut self, finding: &Finding, limits: &Limits) -> Verdict {
        self.remember(finding);
        let surprises = finding.fires() || (self.kind == Kind::SlowBurn && finding.is_slow_burn(limits));
        if !surprises {
            return Verdict::Same;
        }
        self.surprised = finding.minute;
        let mut worse = false;
        if self.kind != Kind::Negativity && finding.clearly_negative() && finding.kind() == Kind::Negativity {
            self.kind = Kind::Negativity;
            worse = true;
        }
        let severity = self.weigh(finding, limits);
        if severity < self.severity {
            self.severity = severity;
            worse = true;
        }
        // Stages that act on the height must hear of a rise before the next regular update.
        let (height, told) = (u128::from(finding.figures(self.kind).observed), u128::from(self.height_told));
        let higher = told > 0 && 4 * height >= 5 * told;
        if worse || higher { self.tell(finding) } else { Verdict::Same }
    }

    /// The regular look, with or without mentions.
    pub fn look(&mut self, finding: &Finding) -> Verdict {
        self.looked = finding.minute;
        self.calm_looks = if finding.calm { self.calm_looks + 1 } else { 0 };
        if self.calm_looks >= CALM_LOOKS || finding.minute - self.surprised >= LONGEST {
            return Verdict::Over;
        }
        let news = self.totals.mentions() != self.mentions_told;
        if news && finding.minute - self.told >= UPDATE { self.tell(finding) } else { Verdict::Same }
    }

    fn tell(&mut self, finding: &Finding) -> Verdict {
        self.told = finding.minute;
        self.height_told = self.height_told.max(finding.figures(self.kind).observed);
        self.mentions_told = self.totals.mentions();
        Verdict::Tell
    }

    /// It was opened while the watch was learning.
    pub fn outright(&self) -> bool {
        self.outright
    }
}
