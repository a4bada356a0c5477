//! From a score to "so many expected per week": peaks over a threshold in the watch's own last two weeks.
//!
//! Of every hour with a mention the highest score is kept. The hours above the 95th percentile are gathered into
//! peaks at least an hour apart; how many there are a week and how far they go (a generalised Pareto tail, by
//! probability-weighted moments, drawn towards a plain exponential while there are few) says how often a score is
//! reached. Source: Siffer et al., "Anomaly detection in streams with extreme value theory" (2017); Hosking & Wallis
//! (1987) for the moments. Two weeks beat one and four on the development series.

use super::pack::{Packer, Unpacker};

/// Hours that are remembered: two weeks.
pub const MEMORY_HOURS: i64 = 14 * 24;
/// The tail is fitted anew every so many hours.
const REFIT_HOURS: i64 = 6;
/// A fit holds from this many minutes after its last hour on: longer than a minute may stand open and be tested.
const GAP_MINUTES: i64 = 10;
/// Hours without a mention that still count as watched.
const LONGEST_GAP: i64 = 12;
/// Scores are kept as multiples of this.
const STEP: f64 = 1e-3;

/// What an hour came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Hour {
    hour: i32,
    /// The highest score of mentions and of negatives; `i16::MIN` when there was none.
    scores: [i16; 2],
    /// The most negatives (weighed) within 40 minutes.
    negatives: u32,
}

/// The hours of the last two weeks that had a mention.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScoreHistory {
    hours: Vec<Hour>,
    now: Option<Hour>,
}

/// The channels that are scored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channel {
    /// All mentions.
    Volume = 0,
    /// Negative mentions.
    Negatives = 1,
}

impl ScoreHistory {
    /// Takes in what a complete minute came to.
    pub fn add(&mut self, minute: i64, scores: [Option<f64>; 2], negatives: u64) {
        let hour = minute.div_euclid(60) as i32;
        self.settle(minute);
        let now = self.now.get_or_insert(Hour { hour, scores: [i16::MIN; 2], negatives: 0 });
        for (highest, score) in now.scores.iter_mut().zip(scores) {
            *highest = score.map_or(*highest, |score| (*highest).max((score / STEP).round() as i16));
        }
        now.negatives = now.negatives.max(u32::try_from(negatives).unwrap_or(u32::MAX));
    }

    /// Closes the hour under way if `minute` lies after it.
    pub fn settle(&mut self, minute: i64) {
        let hour = minute.div_euclid(60) as i32;
        if let Some(now) = self.now.take_if(|now| now.hour < hour) {
            // No more room than the two weeks take.
            if self.hours.capacity() == self.hours.len() {
                self.hours.reserve_exact(64);
            }
            self.hours.push(now);
            let oldest = now.hour - (MEMORY_HOURS + 2 * REFIT_HOURS) as i32;
            let gone = self.hours.partition_point(|hour| hour.hour < oldest);
            self.hours.drain(..gone);
        }
    }

    /// The hour before which a fit for `minute` takes its past.
    pub fn fit_hour(minute: i64) -> i64 {
        (minute - GAP_MINUTES).div_euclid(60 * REFIT_HOURS) * REFIT_HOURS
    }

    /// The tail of a channel from the two weeks before `before`, of which `learnt` hours were watched.
    pub fn fit(&self, channel: Channel, before: i64, learnt: i64) -> Tail {
        let within = |hour: &&Hour| {
            let hour = i64::from(hour.hour);
            hour < before && hour >= before - MEMORY_HOURS
        };
        let known = self.hours.iter().filter(within);
        // Longer gaps than half a day are outages: hours in which nothing could have been seen.
        let mut last = (before - learnt.clamp(0, MEMORY_HOURS)) - 1;
        let mut watched = 0;
        for hour in known.clone().map(|hour| i64::from(hour.hour)).chain([before]) {
            watched += (hour - last).clamp(0, LONGEST_GAP);
            last = hour;
        }
        let scores: Vec<(i64, f64)> = known
            .map(|hour| (i64::from(hour.hour), hour.scores[channel as usize]))
            .filter(|(_, score)| *score > i16::MIN)
            .map(|(hour, score)| (hour, f64::from(score) * STEP))
            .collect();
        Tail::fit(&scores, watched)
    }

    /// The most negatives within 40 minutes in any hour but the last two before `minute`.
    pub fn most_negatives(&self, minute: i64) -> u64 {
        let last = minute.div_euclid(60) as i32 - 2;
        let known = self.hours.iter().filter(|hour| hour.hour <= last).map(|hour| u64::from(hour.negatives));
        known.max().unwrap_or(0)
    }

    /// Bytes on the heap.
    pub fn heap_bytes(&self) -> usize {
        self.hours.capacity() * size_of::<Hour>()
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
    }

    /// Reads what [`ScoreHistory::pack`] wrote.
    pub fn unpack(unpacker: &mut Unpacker<'_>) -> Option<ScoreHistory> {
        let open = unpacker.unsigned()? == 1;
        let closed = unpacker.unsigned()?;
        let mut hours = Vec::new();
        let mut before = 0_i64;
        for _ in 0..closed.checked_add(u64::from(open))? {
            before = before.checked_add(unpacker.signed()?)?;
            let mut scores = [0; 2];
            for score in &mut scores {
                *score = i16::try_from(unpacker.signed()?).ok()?;
            }
            let negatives = u32::try_from(unpacker.unsigned()?).ok()?;
            hours.push(Hour { hour: i32::try_from(before).ok()?, scores, negatives });
        }
        let now = if open { hours.pop() } else { None };
        Some(ScoreHistory { hours, now })
    }
}

/// How often scores are reached.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tail {
    threshold: f64,
    scale: f64,
    shape: f64,
    /// Peaks over the threshold a week.
    per_week: f64,
}

/// The share of hours that lie below the threshold.
const QUANTILE: f64 = 0.95;
/// A threshold is never lower: on all scales a sixth more than expected, which is nothing to speak of.
const LEAST_THRESHOLD: f64 = 0.15;
/// The mean excess that a past without peaks is given: what the hours just below the threshold suggest, but no more
/// than this. Chosen on the four development series of counts: a bound of 0.2 finds 10 of their 13 windows, this one
/// 12. Without the suggestion steady streams page far less than their budget allows (`benches/detection.rs`).
const PRIOR_SCALE: f64 = 0.06;
/// How many peaks that opinion weighs.
const PRIOR_PEAKS: f64 = 4.0;

/// A past shorter than the memory stretches the tail by this power of what it lacks. At 0.5 the first simulated weeks
/// paged by chance too often; at 0.75 the counts score as well.
const YOUNG: f64 = 0.75;

impl Tail {
    fn fit(scores: &[(i64, f64)], learnt: i64) -> Tail {
        let hours = learnt.max(24).unsigned_abs() as usize;
        let mut sorted: Vec<f64> = scores.iter().map(|(_, score)| *score).collect();
        sorted.sort_by(|a, b| b.total_cmp(a));
        // Hours without a mention lie below all others.
        let rank = (hours as f64 * (1.0 - QUANTILE)) as usize;
        let threshold = sorted.get(rank).copied().unwrap_or(0.0).max(LEAST_THRESHOLD);
        let mut excesses: Vec<f64> = Vec::new();
        let mut last = i64::MIN;
        for (hour, score) in scores.iter().filter(|(_, score)| *score > threshold) {
            let excess = score - threshold;
            match excesses.last_mut() {
                Some(peak) if *hour <= last + 1 => *peak = peak.max(excess),
                _ => excesses.push(excess),
            }
            last = *hour;
        }
        excesses.sort_by(f64::total_cmp);
        // An exponential law falls by half between the two quantiles.
        let below = sorted.get(2 * rank).map(|below| (threshold - below) / std::f64::consts::LN_2);
        let prior = below.map_or(PRIOR_SCALE, |scale| scale.clamp(STEP, PRIOR_SCALE));
        let (scale, shape) = pareto(&excesses, prior);
        // A short past has not shown all that it can do.
        let scale = scale * (MEMORY_HOURS as f64 / hours as f64).max(1.0).powf(YOUNG);
        let weeks = hours as f64 / 168.0;
        Tail { threshold, scale, shape, per_week: (excesses.len() as f64 + 0.5) / weeks }
    }

    /// How many times a week the watch's own past leads one to expect a score like this. Falls as the score rises.
    pub fn expected_per_week(&self, score: f64) -> f64 {
        let excess = score - self.threshold;
        if excess <= 0.0 {
            // Below the threshold nothing was fitted: go on at the same slope, to one an hour at most.
            return (self.per_week * (-excess / self.scale).exp()).min(168.0);
        }
        let survival = if self.shape.abs() < 1e-6 {
            (-excess / self.scale).exp()
        } else {
            (1.0 + self.shape * excess / self.scale).max(0.0).powf(-1.0 / self.shape)
        };
        // No past of two weeks can speak of less than once in many thousand years.
        (self.per_week * survival).max(1e-6)
    }
}

/// Scale and shape of a generalised Pareto law from sorted excesses, with a few invented peaks of an exponential law
/// to steady it. The shape is kept within [0, 0.5]: no score is impossible, and a mean exists.
fn pareto(excesses: &[f64], prior: f64) -> (f64, f64) {
    let peaks = excesses.len() as f64;
    let sum: f64 = excesses.iter().sum();
    let mean = (sum + PRIOR_PEAKS * prior) / (peaks + PRIOR_PEAKS);
    if excesses.len() < 5 {
        return (mean, 0.0);
    }
    // a1: the mean of x (1 − F(x)); half of half the mean for an exponential law.
    let weighted: f64 =
        excesses.iter().enumerate().map(|(rank, excess)| excess * (1.0 - (rank as f64 + 0.65) / peaks)).sum();
    let (a0, a1) = (sum / peaks, weighted / peaks);
    let raw = if a0 > 2.0 * a1 { 2.0 - a0 / (a0 - 2.0 * a1) } else { 0.0 };
    let shape = (raw * peaks / (peaks + 5.0 * PRIOR_PEAKS)).clamp(0.0, 0.5);
    (mean * (1.0 - shape), shape)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Exponential scores, one an hour, of mean `mean`; peaks far enough apart to be counted one by one.
    fn exponential(mean: f64, hours: i64) -> Vec<(i64, f64)> {
        (0..hours)
            .map(|hour| (hour, -mean * (((hour * 7919) % hours) as f64 + 0.5).ln() + mean * (hours as f64).ln()))
            .collect()
    }

    #[test]
    fn what_is_expected_per_week_is_what_came_per_week() {
        let scores = exponential(0.2, MEMORY_HOURS);
        let tail = Tail::fit(&scores, MEMORY_HOURS);
        for level in [0.7, 0.9] {
            let seen = scores.iter().filter(|(_, score)| *score > level).count() as f64 / 2.0;
            let said = tail.expected_per_week(level);
            assert!(said > seen / 2.0 && said < seen * 2.0 + 0.5, "{level}: said {said}, seen {seen}");
        }
    }

    #[test]
    fn the_expectation_falls_as_the_score_rises() {
        for scores in [vec![], exponential(0.1, 100), exponential(0.5, MEMORY_HOURS)] {
            let tail = Tail::fit(&scores, 200);
            let mut last = f64::INFINITY;
            for step in -100..400 {
                let now = tail.expected_per_week(f64::from(step) * 0.01);
                assert!(now <= last && now > 0.0, "{step}: {now} after {last}");
                last = now;
            }
            assert!(tail.expected_per_week(10.0) < 0.1);
        }
    }

    #[test]
    fn neighbouring_hours_are_one_peak() {
        let mut scores: Vec<(i64, f64)> = (0..MEMORY_HOURS).map(|hour| (hour, 0.0)).collect();
        (100..110).for_each(|hour| scores[hour].1 = 1.0);
        let tail = Tail::fit(&scores, MEMORY_HOURS);
        assert!((tail.per_week - 0.75).abs() < 1e-9, "{tail:?}");
    }

    #[test]
    fn a_fit_uses_no_hour_that_may_still_be_open() {
        for minute in 0..2000 {
            assert!(ScoreHistory::fit_hour(minute) * 60 <= minute - GAP_MINUTES);
        }
    }

    #[test]
    fn two_weeks_are_kept_and_survive_packing() {
        let mut past = ScoreHistory::default();
        (0..60 * 24 * 40).step_by(30).for_each(|minute| past.add(minute, [Some(0.5), None], 3));
        assert!(past.hours.len() <= (MEMORY_HOURS + 2 * REFIT_HOURS + 1) as usize);
        let mut packer = Packer::default();
        past.pack(&mut packer);
        let bytes = packer.finish();
        assert_eq!(ScoreHistory::unpack(&mut Unpacker::new(&bytes)), Some(past));
    }
}
