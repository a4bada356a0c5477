//! The rhythm of a watch: how much of its usual level each hour of the week has, by the clock of its time zone.
//!
//! Learnt from half-hour blocks over weeks, and used once there are four weeks of past, and only while it predicts
//! better: both predictions of every block, with the rhythm and without, are held against what came (squares of
//! differences of roots, which weigh busy and quiet hours alike). The expectation without it is the average of the last
//! days; with it, that average is multiplied by the hour's share over the share that those days had themselves.

use std::collections::VecDeque;

use jiff::tz::TimeZone;

use orszem_records::time::Timestamp;

use super::baseline::{BLOCK, HALF_LIFE_BLOCKS, KEPT_BLOCKS, block_of};
use super::pack::{Packer, Unpacker};

/// Hours of a week.
const HOURS: usize = 168;
/// Blocks of a day and of a week.
const DAY: i64 = 24 * 60 / BLOCK;
const WEEK: i64 = 7 * DAY;
/// An hour's average moves by this part of a new block: a half-life of four weeks, of two blocks each …
const NEWS: f32 = 0.083;
/// … which weighs as this many blocks.
const WEIGHT: u8 = 12;
/// Half-life of what was lost by each prediction: two weeks.
const LOSS_HALF_LIFE: f32 = 14.0 * DAY as f32;
/// Each hour is taken to have been seen this many times at the average before anything is known.
const PRIOR: f32 = 2.0;
/// It is used when it loses less than this part of what the plain average does.
const BETTER: f32 = 0.9;
/// Predictions are compared from the second week on, and used after the fourth.
const COMPARED: i64 = WEEK;
const USED: i64 = 4 * WEEK;
/// A longer gap (four days) is an outage, and no rhythm.
const LONGEST_GAP: i64 = 4 * DAY;

/// What a watch's week is like.
#[derive(Clone, Debug, PartialEq)]
pub struct Rhythm {
    /// The first block, and the newest that was taken in.
    span: Option<(i64, i64)>,
    /// The average of a block and how many were seen (up to [`WEIGHT`]), by hour of the week.
    hours: Vec<(f32, u8)>,
    /// The shares in use, by hour; replaced at midnight (UTC), and the ones before, which hold for half an hour more.
    shares: [Vec<Share>; 2],
    /// The day of the newer shares.
    day: i64,
    /// Whether each is better than none.
    used: [bool; 2],
    /// The share that the average of the last days has, after each of the newest blocks.
    level: VecDeque<f32>,
    /// Decayed losses: of the plain average, and with the rhythm.
    losses: (f32, f32),
}

/// How much of the usual level an hour has: 1/32 of a step on the logarithm, from 1/50 to 50.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Share(u8);

impl Share {
    const ONE: Share = Share(128);

    fn of(share: f32) -> Share {
        Share((share.max(1e-6).ln() * 32.0 + 128.0).round().clamp(0.0, 255.0) as u8)
    }

    fn value(self) -> f32 {
        ((f32::from(self.0) - 128.0) / 32.0).exp()
    }
}

impl Default for Rhythm {
    fn default() -> Rhythm {
        Rhythm {
            span: None,
            hours: Vec::new(),
            shares: [Vec::new(), Vec::new()],
            day: i64::MIN,
            used: [false; 2],
            level: VecDeque::new(),
            losses: (0.0, 0.0),
        }
    }
}

/// The hour of the week that a block lies in, by the clock of the zone.
fn hour_of(block: i64, zone: &TimeZone) -> usize {
    let Ok(at) = jiff::Timestamp::from_millisecond(Timestamp::start_of_minute(block * BLOCK).0) else { return 0 };
    let local = zone.to_datetime(at);
    let day = local.date().weekday().to_monday_zero_offset();
    usize::try_from(i64::from(day) * 24 + i64::from(local.hour())).unwrap_or(0) % HOURS
}

impl Rhythm {
    /// Takes in a block of `count` mentions; blocks since the last one were empty. `expected` is what the plain average
    /// had led to expect of a block.
    pub fn absorb(&mut self, block: i64, count: u64, expected: Option<f64>, zone: &TimeZone) {
        let from = match self.span {
            None => block,
            Some((_, newest)) if block <= newest => return,
            Some((_, newest)) if block - newest > LONGEST_GAP => block,
            Some((_, newest)) => newest + 1,
        };
        if self.hours.is_empty() {
            self.hours = vec![(0.0, 0); HOURS];
        }
        for block in from..block {
            self.step(block, 0, expected, zone);
        }
        self.step(block, count, expected, zone);
    }

    fn step(&mut self, block: i64, count: u64, expected: Option<f64>, zone: &TimeZone) {
        let (first, _) = *self.span.get_or_insert((block, block));
        self.span = Some((first, block));
        let day = block.div_euclid(DAY);
        if day > self.day {
            self.renew(day, block - first);
        }
        let hour = hour_of(block, zone);
        let share = self.shares[1].get(hour).copied().unwrap_or(Share::ONE).value();
        let level = self.level.back().copied().unwrap_or(1.0);
        if let (Some(expected), true) = (expected, block - first >= COMPARED) {
            let lost = |expected: f64| ((count as f64 + 0.375).sqrt() - (expected + 0.375).sqrt()).powi(2) as f32;
            let kept = (-1.0 / LOSS_HALF_LIFE).exp2();
            let with = expected * f64::from(share / level.max(0.05));
            self.losses = (self.losses.0 * kept + lost(expected), self.losses.1 * kept + lost(with));
        }
        let kept = (-1.0 / HALF_LIFE_BLOCKS).exp2() as f32;
        self.level.push_back(level * kept + (1.0 - kept) * share);
        if self.level.len() > KEPT_BLOCKS as usize {
            self.level.pop_front();
        }
        let (mean, seen) = &mut self.hours[hour];
        *mean += (count as f32 - *mean) * NEWS.max(1.0 / (f32::from(*seen) + 1.0));
        *seen = (*seen + 1).min(WEIGHT);
    }

    /// New shares for a new day.
    fn renew(&mut self, day: i64, age: i64) {
        self.day = day;
        let weighed = self.hours.iter().map(|(mean, seen)| (mean * f32::from(*seen), f32::from(*seen)));
        let (sum, seen) = weighed.fold((0.0, 0.0), |(a, b), (sum, seen)| (a + sum, b + seen));
        let mean = if seen > 0.0 { sum / seen } else { 0.0 };
        let share = |(hour, seen): &(f32, u8)| {
            let seen = f32::from(*seen);
            Share::of((seen * hour + PRIOR * mean) / ((seen + PRIOR) * mean))
        };
        let newer = if mean > 0.0 { self.hours.iter().map(share).collect() } else { Vec::new() };
        let older = std::mem::replace(&mut self.shares[1], newer);
        self.shares[0] = older;
        self.used = [self.used[1], age >= USED && self.losses.1 < BETTER * self.losses.0];
    }

    /// What the plain average of `minutes` from `begin` on, which was taken before them, is to be multiplied with. 1
    /// while there is no rhythm.
    pub fn factor(&self, begin: i64, minutes: i64, zone: &TimeZone) -> f64 {
        let Some((_, newest)) = self.span else { return 1.0 };
        // The shares of a day hold from half an hour after midnight on: what is judged early must not see others.
        let now = begin + minutes - 1;
        let place = usize::from(block_of(now - BLOCK).div_euclid(DAY) >= self.day);
        if !self.used[place] || self.shares[place].is_empty() {
            return 1.0;
        }
        let back = newest - (block_of(begin) - 1);
        let level = match usize::try_from(back) {
            Ok(back) => self.level.len().checked_sub(back + 1).and_then(|place| self.level.get(place)),
            Err(_) => self.level.back(),
        };
        let Some(level) = level.or(self.level.front()) else { return 1.0 };
        let (from, to) = (block_of(begin), block_of(now));
        let sum: f64 = (from..=to)
            .map(|block| {
                let within = (now.min((block + 1) * BLOCK - 1) - begin.max(block * BLOCK) + 1) as f64;
                within * f64::from(self.shares[place][hour_of(block, zone)].value())
            })
            .sum();
        (sum / minutes as f64 / f64::from(level.max(0.05))).clamp(0.02, 20.0)
    }

    /// Whether the rhythm is used now.
    pub fn is_used(&self) -> bool {
        self.used[1]
    }

    /// Bytes on the heap.
    pub fn heap_bytes(&self) -> usize {
        let shares: usize = self.shares.iter().map(Vec::capacity).sum();
        self.hours.capacity() * 8 + shares + self.level.capacity() * 4
    }

    /// Writes the state.
    pub fn pack(&self, packer: &mut Packer) {
        let (first, newest) = self.span.unwrap_or((i64::MIN, i64::MIN));
        packer.signed(first);
        packer.signed(newest);
        packer.signed(self.day);
        packer.unsigned(u64::from(self.used[0]) | u64::from(self.used[1]) << 1);
        packer.float(self.losses.0);
        packer.float(self.losses.1);
        packer.unsigned(self.hours.len() as u64);
        for (mean, seen) in &self.hours {
            packer.float(*mean);
            packer.unsigned(u64::from(*seen));
        }
        for shares in &self.shares {
            packer.unsigned(shares.len() as u64);
            shares.iter().for_each(|share| packer.unsigned(u64::from(share.0)));
        }
        packer.unsigned(self.level.len() as u64);
        self.level.iter().for_each(|level| packer.float(*level));
    }

    /// Reads what [`Rhythm::pack`] wrote.
    pub fn unpack(unpacker: &mut Unpacker<'_>) -> Option<Rhythm> {
        let (first, newest) = (unpacker.signed()?, unpacker.signed()?);
        let span = (first != i64::MIN).then_some((first, newest));
        let day = unpacker.signed()?;
        let used = unpacker.unsigned()?;
        let losses = (unpacker.float()?, unpacker.float()?);
        let byte = |unpacker: &mut Unpacker<'_>| u8::try_from(unpacker.unsigned()?).ok();
        let whole = |length: u64| length == 0 || length == HOURS as u64;
        let length = Some(unpacker.unsigned()?).filter(|length| whole(*length))?;
        let hours = (0..length).map(|_| Some((unpacker.float()?, byte(unpacker)?))).collect::<Option<_>>()?;
        let mut list = || {
            let length = Some(unpacker.unsigned()?).filter(|length| whole(*length))?;
            (0..length).map(|_| Some(Share(byte(unpacker)?))).collect::<Option<Vec<Share>>>()
        };
        let shares = [list()?, list()?];
        let levels = Some(unpacker.unsigned()?).filter(|levels| *levels <= KEPT_BLOCKS as u64)?;
        let level = (0..levels).map(|_| unpacker.float()).collect::<Option<_>>()?;
        Some(Rhythm { span, hours, shares, day, used: [used & 1 == 1, used & 2 == 2], level, losses })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;
    use rand_distr::{Distribution, Poisson};

    /// A Monday, midnight UTC.
    const MONDAY: i64 = Timestamp(1_767_571_200_000).minute() / BLOCK;

    fn rate(block: i64) -> f64 {
        if (16..40).contains(&block.rem_euclid(DAY)) { 20.0 } else { 2.0 }
    }

    fn weeks(weeks: i64, rate: impl Fn(i64) -> f64) -> Rhythm {
        let mut random = ChaCha8Rng::seed_from_u64(1);
        let mut rhythm = Rhythm::default();
        for block in MONDAY..MONDAY + weeks * WEEK {
            let count = Poisson::new(rate(block - MONDAY)).unwrap().sample(&mut random) as u64;
            rhythm.absorb(block, count, Some(11.0), &TimeZone::UTC);
        }
        rhythm
    }

    #[test]
    fn a_day_with_a_night_in_it_is_used_after_four_weeks_and_not_before() {
        assert!(!weeks(3, rate).is_used());
        let rhythm = weeks(6, rate);
        assert!(rhythm.is_used());
        let factor = |hour: i64| {
            let begin = (MONDAY + 6 * WEEK - DAY + 2 * hour) * BLOCK;
            rhythm.factor(begin, 60, &TimeZone::UTC) * 11.0
        };
        assert!((factor(12) - 20.0).abs() < 3.0, "{}", factor(12));
        assert!(factor(3) < 4.5, "{}", factor(3));
    }

    #[test]
    fn a_stream_without_a_rhythm_is_left_alone() {
        let rhythm = weeks(8, |_| 11.0);
        assert!(!rhythm.is_used());
        assert_eq!(rhythm.factor((MONDAY + 8 * WEEK) * BLOCK, 60, &TimeZone::UTC), 1.0);
    }

    #[test]
    fn the_clock_is_that_of_the_zone_in_summer_and_winter() {
        let zone = TimeZone::get("Europe/Budapest").unwrap();
        let instant = |text: &str| Timestamp(text.parse::<jiff::Timestamp>().unwrap().as_millisecond());
        let block = |text: &str| block_of(instant(text).minute());
        // Mondays, nine o'clock in Budapest.
        assert_eq!(hour_of(block("2026-01-05T08:00:00Z"), &zone), 9);
        assert_eq!(hour_of(block("2026-07-06T07:00:00Z"), &zone), 9);
    }

    #[test]
    fn it_survives_packing() {
        for rhythm in [Rhythm::default(), weeks(5, rate)] {
            let mut packer = Packer::default();
            rhythm.pack(&mut packer);
            let bytes = packer.finish();
            assert!(bytes.len() < 1_600, "{}", bytes.len());
            assert_eq!(Rhythm::unpack(&mut Unpacker::new(&bytes)), Some(rhythm));
        }
    }
}
