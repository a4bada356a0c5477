//! An incident that is open: its kind and severity, when it was last reported, and when it is over.

use serde::{Deserialize, Deserializer, Serialize};

use orszem_records::signal::Kind;
use orszem_records::statistic::{PerStatistic, STATISTICS, Statistic};
use orszem_records::tally::Tally;

use super::baseline::DAY_MINUTES;
use super::course::{Course, Height};
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
const LONGEST: i64 = DAY_MINUTES;

/// For this long after an incident (a day) the next one must score this much higher than it did: a fifth more on all
/// windows.
const REOPEN_MINUTES: i64 = DAY_MINUTES;
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
    /// The same by half hours, for its chart. Versions before 0.1.0 kept none.
    #[serde(default)]
    pub course: Course,
    /// The figures at its height, as far as they were told: what its chart is of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    height: Option<Height>,
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
    /// Something fired that nothing spoke against: it pages. An incident of versions before 0.1.0 did if its kind does.
    #[serde(default = "yes")]
    paged: bool,
    /// It was told as one that pages before its minute was complete.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    announced: bool,
    /// How many there were beyond what was expected, at most, and how many times what was expected.
    #[serde(default)]
    size: f64,
    #[serde(default)]
    times: f64,
    /// The highest scores.
    #[serde(deserialize_with = "statistics")]
    peaks: PerStatistic<f64>,
    /// The scores with which it opened, or at which it was paged: the most that the past remembers of its hours.
    #[serde(default = "nothing_told")]
    levels: PerStatistic<f64>,
}

fn is_zero(count: &u64) -> bool {
    *count == 0
}

fn yes() -> bool {
    true
}

fn nothing_told() -> PerStatistic<f64> {
    [0.0; STATISTICS]
}

/// Versions before 0.1.0 had two statistics: mentions and negatives.
fn statistics<'de, D: Deserializer<'de>>(deserializer: D) -> Result<PerStatistic<f64>, D::Error> {
    let written = Vec::<f64>::deserialize(deserializer)?;
    if let [mentions, negatives] = written[..] {
        let mut peaks = [f64::MIN; STATISTICS];
        peaks[Statistic::Mentions as usize] = mentions;
        peaks[Statistic::TimeOfDay as usize] = mentions;
        peaks[Statistic::Negatives as usize] = negatives;
        return Ok(peaks);
    }
    written.try_into().map_err(|written: Vec<f64>| serde::de::Error::invalid_length(written.len(), &"6 scores"))
}

/// What the next incident must exceed for a day: the last one's highest scores. What was told is not told again
/// because the longer windows still hold it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReopenThreshold {
    /// Until this minute.
    until: i64,
    #[serde(deserialize_with = "statistics")]
    peaks: PerStatistic<f64>,
    /// It was a slow burn: another must exceed it until its windows have passed, a day longer.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    slow_burn: bool,
}

impl ReopenThreshold {
    /// What the scores must exceed at `minute`, if anything.
    pub fn scores_at(&self, minute: i64) -> Option<PerStatistic<f64>> {
        if minute < self.until {
            return Some(self.peaks);
        }
        (self.slow_burn && minute < self.until + REOPEN_MINUTES).then(|| {
            let mut peaks = [f64::MIN; STATISTICS];
            peaks[Statistic::SlowBurn as usize] = self.peaks[Statistic::SlowBurn as usize];
            peaks
        })
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
        let kind = if finding.silence.is_some() { Kind::Silence } else { finding.kind() };
        let mut episode = Episode {
            opened: finding.minute,
            kind,
            severity: 4,
            totals,
            course: Course::default(),
            height: None,
            surprised: finding.minute,
            looked: finding.minute,
            calm_looks: 0,
            told: finding.minute,
            mentions_told: 0,
            height_told: 0,
            outright: finding.learning,
            paged: finding.pages(),
            announced: false,
            size: 0.0,
            times: 0.0,
            peaks: [f64::MIN; STATISTICS],
            levels: finding.levels(),
        };
        episode.remember(finding);
        episode.severity = episode.weigh(limits);
        episode.tell(finding);
        episode
    }

    /// Counts a tally of it.
    pub fn add(&mut self, tally: &Tally) {
        self.totals.add(tally);
        self.course.add(tally.slice.minute(), tally.counts.mentions, tally.counts.negatives);
    }

    /// A finding of it is told. Returns its height.
    pub fn told_height(&mut self, finding: &Finding) -> Height {
        *self.height.insert(Height::of(self.height, finding.peak(self.kind)))
    }

    /// It was told before its minute was complete, as severe as `severity`.
    pub fn was_announced(&mut self, severity: u8) {
        self.severity = self.severity.min(severity);
        self.announced = true;
    }

    /// The severity of an incident that begins with a finding, as far as its minute is known.
    pub fn first_severity(finding: &Finding, totals: &Totals, limits: &Limits) -> u8 {
        Episode::open(finding, totals.clone(), limits).severity
    }

    fn weigh(&self, limits: &Limits) -> u8 {
        // A slow burn is older than its incident: of its authors only the last ones are known.
        let authors = if self.kind == Kind::SlowBurn { f64::INFINITY } else { self.totals.authors() as f64 };
        limits.thresholds.severity(&Gravity {
            size: self.size.min(authors),
            times: self.times,
            reach: self.totals.reach(),
            lasted: self.surprised - self.opened,
        })
    }

    fn remember(&mut self, finding: &Finding) {
        for (peak, score) in self.peaks.iter_mut().zip(finding.scores) {
            *peak = score.map_or(*peak, |score| peak.max(score.value));
        }
        if self.kind != Kind::Silence {
            let figures = finding.figures(self.kind);
            self.size = self.size.max(finding.size(self.kind));
            self.times = self.times.max(figures.observed as f64 / figures.expected.max(1.0));
        }
    }

    /// What the next incident must exceed, when this one closes at `minute`.
    pub fn reopen_threshold(&self, minute: i64) -> ReopenThreshold {
        let slow_burn = self.kind == Kind::SlowBurn;
        ReopenThreshold { until: minute + REOPEN_MINUTES, peaks: self.peaks.map(|peak| peak + REOPEN_STEP), slow_burn }
    }

    /// Takes in the finding of a complete minute with mentions: says whether it got worse.
    pub fn minute(&mut self, finding: &Finding, limits: &Limits) -> Verdict {
        let mut worse = false;
        let kind = finding.kind();
        if finding.pages() && (!self.paged || (kind == Kind::Negativity && self.kind != Kind::Negativity)) {
            worse = true;
            self.kind = kind;
            self.size = 0.0;
            self.times = 0.0;
        }
        self.remember(finding);
        if !finding.fires() {
            return Verdict::Same;
        }
        self.surprised = finding.minute;
        if worse && !self.paged {
            self.paged = true;
            for (level, score) in self.levels.iter_mut().zip(finding.levels()) {
                *level = level.max(score);
            }
        }
        let severity = self.weigh(limits);
        if severity < self.severity {
            self.severity = severity;
            worse = true;
        }
        // People who act on the height must hear of a rise before the next regular update.
        let (height, told) = (u128::from(finding.figures(self.kind).observed), u128::from(self.height_told));
        let higher = told > 0 && 4 * height >= 5 * told;
        if worse || higher { self.tell(finding) } else { Verdict::Same }
    }

    /// The regular look, with or without mentions.
    pub fn look(&mut self, finding: &Finding) -> Verdict {
        self.looked = finding.minute;
        // A silence ends with a mention alone, a slow burn with the share of whole days.
        let held_open = match self.kind {
            Kind::Silence => true,
            Kind::SlowBurn => !finding.slow_burn_is_over(),
            _ => false,
        };
        self.calm_looks = if finding.calm && !held_open { self.calm_looks + 1 } else { 0 };
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

    /// It was told as one that pages.
    pub fn is_paged(&self) -> bool {
        self.paged || self.announced
    }

    /// It ends at `minute` because nothing was new for a day, and not because all is calm.
    pub fn became_usual(&self, minute: i64) -> bool {
        self.calm_looks < CALM_LOOKS && minute - self.surprised >= LONGEST && self.kind != Kind::Silence
    }

    /// The scores that the past remembers of its hours at most.
    pub fn told_levels(&self) -> PerStatistic<f64> {
        self.levels
    }

    /// Bytes on the heap.
    pub fn heap_bytes(&self) -> usize {
        self.totals.heap_bytes() + self.course.heap_bytes()
    }

    /// It was opened while the watch was learning.
    pub fn outright(&self) -> bool {
        self.outright
    }
}
