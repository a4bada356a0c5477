//! From a score to "expected this often in a week": peaks over a threshold in the watch's own last two weeks.
//!
//! Of every hour with a mention the highest score is kept. The highest two in a hundred of the watched hours are
//! gathered into peaks with a quiet hour between them. How often a score is reached is then the predictive law of an
//! exponential tail whose scale is not known: an inverse-gamma prior worth four peaks, whose scale comes from the
//! hours just below the threshold. A short past with two bursts in it cannot blow it up, as moments and a shape fitted
//! to them did. Peaks over threshold in streams: Siffer et al., "Anomaly detection in streams with extreme value
//! theory" (2017).
//!
//! What was told is known: in an hour of an incident a score counts only up to that at which it was paged.

use orszem_records::statistic::{PerStatistic, STATISTICS, Statistic};

use super::pack::{Packer, Unpacker};

/// Hours that are remembered: two weeks.
pub const MEMORY_HOURS: i64 = 14 * 24;
/// The tail is fitted again after this many hours.
const REFIT_HOURS: i64 = 6;
/// A fit holds from this many minutes after its last hour on: longer than a minute may stand open and be tested.
const GAP_MINUTES: i64 = 10;
/// Hours without a mention that still count as watched.
const LONGEST_GAP: i64 = 12;
/// Scores are kept as multiples of this.
const STEP: f64 = 1e-3;
/// No score: there was none.
const NONE: i16 = i16::MIN;

fn kept(score: f64) -> i16 {
    // No score is as low as `NONE`.
    ((score / STEP).round() as i16).max(NONE + 1)
}

/// What an hour came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Hour {
    hour: i32,
    /// The highest score of each statistic; [`NONE`] when there was none.
    scores: PerStatistic<i16>,
    /// The most negatives (weighed) within 40 minutes.
    negatives: u32,
}

/// An hour in which an incident was open, and the scores at which that was paged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Told {
    hour: i32,
    scores: PerStatistic<i16>,
}

/// The hours of the last two weeks that had a mention.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScoreHistory {
    hours: Vec<Hour>,
    now: Option<Hour>,
    told: Vec<Told>,
    /// The hour from which on shares were scored, where that was later than the past begins: a state of a version
    /// before 0.1.0 knew none.
    shares_from: Option<i32>,
}

impl ScoreHistory {
    /// Adds what a complete minute came to. `told`: an incident is open, and was paged at these scores.
    pub fn add(
        &mut self,
        minute: i64,
        scores: PerStatistic<Option<f64>>,
        negatives: u64,
        told: Option<PerStatistic<f64>>,
    ) {
        let hour = minute.div_euclid(60) as i32;
        self.settle(minute);
        let now = self.now.get_or_insert(Hour { hour, scores: [NONE; STATISTICS], negatives: 0 });
        for (highest, score) in now.scores.iter_mut().zip(scores) {
            *highest = score.map_or(*highest, |score| (*highest).max(kept(score)));
        }
        now.negatives = now.negatives.max(u32::try_from(negatives).unwrap_or(u32::MAX));
        if let Some(told) = told {
            let told = Told { hour, scores: told.map(kept) };
            match self.told.last_mut() {
                Some(last) if last.hour == hour => *last = told,
                _ => {
                    if self.told.capacity() == self.told.len() {
                        self.told.reserve_exact(8);
                    }
                    self.told.push(told);
                }
            }
        }
    }

    /// Closes the hour under way if `minute` lies after it.
    pub fn settle(&mut self, minute: i64) {
        let hour = minute.div_euclid(60) as i32;
        if let Some(now) = self.now.take_if(|now| now.hour < hour) {
            // No more room than the two weeks take.
            if self.hours.capacity() == self.hours.len() {
                self.hours.reserve_exact(16);
            }
            self.hours.push(now);
            let oldest = now.hour - (MEMORY_HOURS + 2 * REFIT_HOURS) as i32;
            let gone = self.hours.partition_point(|hour| hour.hour < oldest);
            self.hours.drain(..gone);
            let gone = self.told.partition_point(|told| told.hour < oldest);
            self.told.drain(..gone);
        }
    }

    /// The hour before which a fit for `minute` takes its past.
    pub fn fit_hour(minute: i64) -> i64 {
        (minute - GAP_MINUTES).div_euclid(60 * REFIT_HOURS) * REFIT_HOURS
    }

    /// The tail of a statistic from the two weeks before `before`, of which `learnt` hours were watched.
    pub fn fit(&self, statistic: Statistic, before: i64, learnt: i64) -> Tail {
        let within = |hour: &&Hour| {
            let hour = i64::from(hour.hour);
            hour < before && hour >= before - MEMORY_HOURS
        };
        let known = self.hours.iter().filter(within);
        let learnt = match self.shares_from.filter(|_| statistic.is_share()) {
            Some(from) => learnt.min(before - i64::from(from)),
            None => learnt,
        };
        // Longer gaps than half a day are outages: hours in which nothing could have been seen.
        let mut last = (before - learnt.clamp(0, MEMORY_HOURS)) - 1;
        let mut watched = 0;
        for hour in known.clone().map(|hour| i64::from(hour.hour)).chain([before]) {
            watched += (hour - last).clamp(0, LONGEST_GAP);
            last = last.max(hour);
        }
        let place = statistic as usize;
        let scores: Vec<HourScore> = known
            .filter(|hour| hour.scores[place] > NONE)
            .map(|hour| {
                let told = self.told.binary_search_by_key(&hour.hour, |told| told.hour).ok();
                let told = told.map(|at| f64::from(self.told[at].scores[place]) * STEP);
                HourScore { hour: i64::from(hour.hour), score: f64::from(hour.scores[place]) * STEP, told }
            })
            .collect();
        Tail::fit(&scores, watched, statistic)
    }

    /// Hours of past that shares were scored in, of `learnt` at the hour `now`.
    pub fn share_hours(&self, now: i64, learnt: i64) -> i64 {
        self.shares_from.map_or(learnt, |from| learnt.min(now - i64::from(from)))
    }

    /// The most negatives within 40 minutes in any hour but the last two before `minute`.
    pub fn most_negatives(&self, minute: i64) -> u64 {
        let last = minute.div_euclid(60) as i32 - 2;
        let known = self.hours.iter().filter(|hour| hour.hour <= last).map(|hour| u64::from(hour.negatives));
        known.max().unwrap_or(0)
    }

    /// Bytes on the heap.
    pub fn heap_bytes(&self) -> usize {
        self.hours.capacity() * size_of::<Hour>() + self.told.capacity() * size_of::<Told>()
    }

    /// Writes the state.
    pub fn pack(&self, packer: &mut Packer) {
        packer.unsigned(u64::from(self.now.is_some()));
        packer.unsigned(self.hours.len() as u64);
        let mut before = 0;
        for hour in self.hours.iter().chain(&self.now) {
            packer.signed(i64::from(hour.hour) - before);
            before = i64::from(hour.hour);
            hour.scores.iter().for_each(|score| packer.signed(i64::from(*score)));
            packer.unsigned(u64::from(hour.negatives));
        }
        packer.unsigned(self.told.len() as u64);
        before = 0;
        for told in &self.told {
            packer.signed(i64::from(told.hour) - before);
            before = i64::from(told.hour);
            told.scores.iter().for_each(|score| packer.signed(i64::from(*score)));
        }
        packer.signed(self.shares_from.map_or(i64::MIN, i64::from));
    }

    /// Reads what [`ScoreHistory::pack`] wrote.
    pub fn unpack(unpacker: &mut Unpacker<'_>) -> Option<ScoreHistory> {
        let open = unpacker.unsigned()? == 1;
        let closed = unpacker.unsigned()?;
        let scores = |unpacker: &mut Unpacker<'_>| {
            let mut scores = [0; STATISTICS];
            for score in &mut scores {
                *score = i16::try_from(unpacker.signed()?).ok()?;
            }
            Some(scores)
        };
        let mut hours = Vec::new();
        let mut before = 0_i64;
        for _ in 0..closed.checked_add(u64::from(open))? {
            before = before.checked_add(unpacker.signed()?)?;
            let scores = scores(unpacker)?;
            let negatives = u32::try_from(unpacker.unsigned()?).ok()?;
            hours.push(Hour { hour: i32::try_from(before).ok()?, scores, negatives });
        }
        let now = if open { hours.pop() } else { None };
        let mut told = Vec::new();
        before = 0;
        for _ in 0..unpacker.unsigned()? {
            before = before.checked_add(unpacker.signed()?)?;
            told.push(Told { hour: i32::try_from(before).ok()?, scores: scores(unpacker)? });
        }
        let shares_from = match unpacker.signed()? {
            i64::MIN => None,
            hour => Some(i32::try_from(hour).ok()?),
        };
        Some(ScoreHistory { hours, now, told, shares_from })
    }
}

/// The highest score of an hour, and that at which the incident of the hour was paged.
#[derive(Clone, Copy, Debug)]
struct HourScore {
    hour: i64,
    score: f64,
    told: Option<f64>,
}

/// How often scores are reached.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tail {
    threshold: f64,
    /// Peaks over the threshold.
    peaks: f64,
    /// Their excesses, and what the prior adds.
    sum: f64,
    weeks: f64,
}

/// The share of hours that lie below the threshold.
const ABOVE: f64 = 0.02;
/// How many peaks the prior weighs.
const PRIOR_PEAKS: f64 = 4.0;
/// The mean excess that a past without peaks is given: what the hours just below the threshold suggest, but no more
/// than this. Of logarithms of ratios …
const LONGEST_PRIOR_OF_COUNTS: f64 = 0.08;
/// … and of standard errors.
const LONGEST_PRIOR_OF_SHARES: f64 = 0.4;
/// A past counts as at least this many hours long.
const LEAST_HOURS: i64 = 24;

/// The shortest and longest mean excess that a past of so long without peaks is given.
fn priors(statistic: Statistic, hours: f64) -> (f64, f64) {
    if statistic.is_share() {
        // The hours of a few days are no few scores of a share but one that moves slowly: what lies just below the
        // threshold then says nothing of how far above it the next day may be.
        let unknown = (1.0 - hours / MEMORY_HOURS as f64).max(0.0);
        ((LONGEST_PRIOR_OF_SHARES * unknown).max(STEP), LONGEST_PRIOR_OF_SHARES)
    } else {
        (STEP, LONGEST_PRIOR_OF_COUNTS)
    }
}

impl Tail {
    fn fit(scores: &[HourScore], watched: i64, statistic: Statistic) -> Tail {
        let hours = watched.max(LEAST_HOURS) as f64;
        let (shortest, longest) = priors(statistic, hours);
        let mut sorted: Vec<f64> = scores.iter().map(|hour| hour.score).collect();
        sorted.sort_by(|a, b| b.total_cmp(a));
        // Hours without a mention lie below all others.
        let rank = (hours * ABOVE + 1e-9) as usize;
        let threshold = sorted.get(rank).copied().unwrap_or(0.0).max(0.0);
        let (mut peaks, mut sum, mut peak, mut last) = (0.0, 0.0, 0.0_f64, i64::MIN);
        for HourScore { hour, score, told } in scores.iter().filter(|hour| hour.score > threshold) {
            let most = told.map_or(f64::INFINITY, |told| (told - threshold).max(0.0));
            let excess = (score - threshold).min(most);
            if peaks > 0.0 && *hour <= last + 1 {
                peak = peak.max(excess);
            } else {
                sum += peak;
                peaks += 1.0;
                peak = excess;
            }
            last = *hour;
        }
        sum += peak;
        // An exponential law falls by half between the two quantiles.
        let below = sorted.get(2 * rank).map(|below| (threshold - below) / std::f64::consts::LN_2);
        let prior = below.map_or(longest, |scale| scale.clamp(shortest, longest));
        Tail { threshold, peaks, sum: PRIOR_PEAKS * prior + sum, weeks: hours / 168.0 }
    }

    /// How many times a week the watch's own past leads one to expect a score like this. Falls as the score rises.
    pub fn expected_per_week(&self, score: f64) -> f64 {
        let Tail { threshold, peaks, sum, weeks } = *self;
        let excess = score - threshold;
        let per_week = (peaks + 0.5) / weeks;
        if excess <= 0.0 {
            // Below the threshold nothing was fitted: go on at the same slope, to one an hour at most.
            return (per_week * (-excess * (PRIOR_PEAKS + peaks) / sum).exp()).min(168.0);
        }
        // No past of two weeks can speak of less than once in many thousand years.
        (per_week * (sum / (sum + excess)).powf(PRIOR_PEAKS + peaks)).max(1e-6)
    }
}

#[cfg(test)]
#[path = "tail_model_tests.rs"]
mod tests;
