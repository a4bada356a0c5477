//! An incident that is open: what was counted since it began, and when it was last told of.

use serde::{Deserialize, Serialize};

use orszem_records::authors::Authors;
use orszem_records::class::Class;
use orszem_records::tally::{Repeated, Role, Sample, Tally, merge_samples};

use super::evaluate::{Finding, Limits};
use super::severity::Gravity;
use orszem_records::signal::Driver;
use orszem_records::signal::{Counts, Kind};

/// How many samples an open minute keeps, and each part of the lead-in: an incident has four from all of them.
pub const FEW_SAMPLES: usize = 2;
/// Minutes between two looks at an open incident.
pub const LOOK: i64 = 5;
/// Minutes between two updates, unless it got worse.
const UPDATE: i64 = 10;
/// Looks in a row at which it must be calm before it closes: one hour.
const CALM_LOOKS: u32 = 12;
/// It closes when it has not surprised for this many minutes (a day), calm or not: the level is a new one.
const LONGEST: i64 = 24 * 60;

/// For this long after an incident (a day) the next one must score this much higher than it did: a fifth more on all
/// scales.
const BAR_MINUTES: i64 = 24 * 60;
const BAR_STEP: f64 = 0.2;

/// Everything counted over a span.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Totals {
    counts: Counts,
    authors: Authors,
    samples: Vec<Sample>,
    /// The earliest of all samples, negative before others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    first: Option<Box<Sample>>,
    #[serde(default, skip_serializing_if = "Repeated::is_empty")]
    repeated: Repeated,
}

impl Totals {
    /// Adds a tally.
    pub fn add(&mut self, tally: &Tally) {
        self.add_counts(&Counts {
            mentions: tally.mentions,
            negatives: tally.negatives,
            positives: tally.positives,
            originals: tally.originals,
            reposts: tally.reposts,
            copies: tally.copies,
            of_one_text: 0,
            authors: 0,
            reach: tally.reach,
            grounds: tally.grounds,
        });
        self.authors.merge(&tally.authors);
        merge_samples(&mut self.samples, &tally.samples);
        self.earlier(&tally.samples);
        self.repeated.merge(&tally.repeated);
    }

    /// Adds another span.
    pub fn merge(&mut self, other: &Totals) {
        self.add_counts(&other.counts);
        self.authors.merge(&other.authors);
        merge_samples(&mut self.samples, &other.samples);
        self.earlier(&other.samples);
        if let Some(first) = &other.first {
            self.earlier(std::slice::from_ref(first));
        }
        self.repeated.merge(&other.repeated);
    }

    fn add_counts(&mut self, more: &Counts) {
        let counts = &mut self.counts;
        counts.mentions += more.mentions;
        counts.negatives += more.negatives;
        counts.positives += more.positives;
        counts.originals += more.originals;
        counts.reposts += more.reposts;
        counts.copies += more.copies;
        counts.reach = counts.reach.saturating_add(more.reach);
        counts.grounds.add(&more.grounds);
    }

    /// The counts, authors estimated.
    pub fn counts(&self) -> Counts {
        Counts { authors: self.authors.count(), of_one_text: self.repeated.most(), ..self.counts }
    }

    fn earlier(&mut self, samples: &[Sample]) {
        let rank = |sample: &Sample| (sample.class != Class::Negative, sample.published_at, sample.id.clone());
        let Some(earliest) = samples.iter().min_by_key(|sample| rank(sample)) else { return };
        if self.first.as_ref().is_none_or(|first| rank(earliest) < rank(first)) {
            self.first = Some(Box::new(earliest.clone()));
        }
    }

    /// The samples with their roles: the first, the farthest-reaching, the one that says most of `drivers`; then the
    /// others.
    pub fn examples(&self, drivers: &[Driver]) -> Vec<Sample> {
        let mut left: Vec<Sample> =
            self.first.iter().map(|first| (**first).clone()).chain(self.samples.clone()).collect();
        let mut known = std::collections::HashSet::new();
        left.retain(|sample| known.insert(sample.id.clone()));
        let mut examples = Vec::with_capacity(left.len());
        let mut take = |left: &mut Vec<Sample>, place: Option<usize>, role| {
            if let Some(place) = place {
                examples.push(Sample { role: Some(role), ..left.remove(place) });
            }
        };
        let first = self.first.as_ref().and_then(|first| left.iter().position(|sample| sample.id == first.id));
        take(&mut left, first, Role::First);
        // The earlier of equals: they are in the order of their rank.
        let widest = left.iter().map(|sample| sample.followers).max().filter(|widest| *widest > 0);
        let farthest = widest.and_then(|widest| left.iter().position(|sample| sample.followers == widest));
        take(&mut left, farthest, Role::Farthest);
        let said = |sample: &Sample| {
            let text = sample.text.to_lowercase();
            drivers.iter().filter(|driver| text.contains(&driver.text)).count()
        };
        let most = left.iter().map(said).max().filter(|most| *most > 0);
        let typical = most.and_then(|most| left.iter().position(|sample| said(sample) == most));
        take(&mut left, typical, Role::Typical);
        examples.append(&mut left);
        examples
    }

    /// Bytes on the heap.
    pub fn heap_bytes(&self) -> usize {
        1024 + self.samples.iter().chain(self.first.as_deref()).map(sample_bytes).sum::<usize>()
    }
}

/// Bytes of a sample in memory.
pub fn sample_bytes(sample: &Sample) -> usize {
    let texts = [&sample.id, &sample.source, &sample.author, &sample.text];
    let url = sample.url.as_ref().map_or(0, String::capacity);
    size_of::<Sample>() + url + texts.into_iter().map(String::capacity).sum::<usize>()
}

/// What was counted in the last quarter to half of an hour: where an incident's counts begin. Empty while one is open.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LeadIn {
    quarter: i64,
    now: Totals,
    before: Totals,
}

impl LeadIn {
    /// Adds a complete minute.
    pub fn add(&mut self, minute: i64, tally: &Tally) {
        self.turn_to(minute.div_euclid(15));
        self.now.add(tally);
        self.now.samples.truncate(FEW_SAMPLES);
    }

    fn turn_to(&mut self, quarter: i64) {
        if quarter > self.quarter {
            let now = std::mem::take(&mut self.now);
            self.before = if quarter == self.quarter + 1 { now } else { Totals::default() };
            self.quarter = quarter;
        }
    }

    /// What was counted up to `minute`.
    pub fn totals(mut self, minute: i64) -> Totals {
        self.turn_to(minute.div_euclid(15));
        self.before.merge(&self.now);
        self.before
    }

    /// Bytes on the heap.
    pub fn heap_bytes(&self) -> usize {
        self.now.heap_bytes() + self.before.heap_bytes()
    }
}

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
    outright: bool,
    /// The highest scores of mentions and negatives.
    peaks: [f64; 2],
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
    /// What a score must exceed at `minute`.
    pub fn at(bar: Option<ReopenThreshold>, minute: i64) -> [f64; 2] {
        bar.filter(|bar| minute < bar.until && !bar.slow_burn).map_or([f64::MIN; 2], |bar| bar.peaks)
    }

    /// Whether a slow burn at `minute` would be the one that was told.
    pub fn holds_slow_burns(bar: Option<ReopenThreshold>, minute: i64) -> bool {
        bar.is_some_and(|bar| bar.slow_burn && minute < bar.until)
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
            outright: finding.learning,
            peaks: [f64::MIN; 2],
        };
        episode.remember(finding);
        episode.severity = episode.weigh(finding, limits);
        episode.mentions_told = episode.totals.counts.mentions;
        episode
    }

    /// Severity from what only grows with the counts: what an opening may say before its minute is complete.
    pub fn least_severity(finding: &Finding, totals: &Totals, limits: &Limits) -> u8 {
        let Limits { budget, thresholds, .. } = *limits;
        let expected_per_week = finding.expected_per_week();
        thresholds.severity(&Gravity {
            expected_per_week,
            budget,
            reach: totals.counts.reach,
            lasted: 0,
            negative: false,
        })
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
            reach: self.totals.counts.reach,
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
    pub fn bar(&self, minute: i64) -> ReopenThreshold {
        let slow_burn = self.kind == Kind::SlowBurn;
        // The windows of a slow burn last two days.
        let minutes = if slow_burn { 2 * BAR_MINUTES } else { BAR_MINUTES };
        ReopenThreshold { until: minute + minutes, peaks: self.peaks.map(|peak| peak + BAR_STEP), slow_burn }
    }

    /// Takes in the finding of a complete minute with mentions: says whether it got worse.
    pub fn minute(&mut self, finding: &Finding, limits: &Limits) -> Verdict {
        self.remember(finding);
        let creeps = finding.creep.is_some_and(|creep| creep.fires(limits.slow_burns()));
        let surprises = finding.fires() || (creeps && self.kind == Kind::SlowBurn);
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
        if worse { self.tell(finding.minute) } else { Verdict::Same }
    }

    /// The regular look, with or without mentions.
    pub fn look(&mut self, finding: &Finding) -> Verdict {
        self.looked = finding.minute;
        self.calm_looks = if finding.calm { self.calm_looks + 1 } else { 0 };
        if self.calm_looks >= CALM_LOOKS || finding.minute - self.surprised >= LONGEST {
            return Verdict::Over;
        }
        let news = self.totals.counts.mentions != self.mentions_told;
        if news && finding.minute - self.told >= UPDATE { self.tell(finding.minute) } else { Verdict::Same }
    }

    fn tell(&mut self, minute: i64) -> Verdict {
        self.told = minute;
        self.mentions_told = self.totals.counts.mentions;
        Verdict::Tell
    }

    /// It was opened while the watch was learning.
    pub fn outright(&self) -> bool {
        self.outright
    }
}
