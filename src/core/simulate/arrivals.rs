//! The arrival times of a source's roots.

use rand::Rng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, Exp1, Gamma};

use super::dice::Dice;
use super::event::Course;
use super::rhythm::{BLOCK_MS, Rhythm};
use orszem_records::time::Timestamp;

/// The upper limit of the rhythm at any hour of any day.
const RHYTHM_MOST: f64 = 2.0;
/// At night, the extra volume of an event is relative to at least this part of the mean: angry people stay awake.
const EVENT_LEAST: f64 = 0.5;

/// The times of roots. Everyday business follows the rhythm and a level that varies; an event adds roots while it
/// lasts.
pub(super) struct Arrivals {
    event: Option<Course>,
    rhythm: Rhythm,
    /// The latest drawn time, in fractional milliseconds.
    now_ms: f64,
    end: Timestamp,
    /// The block of `by_block`.
    block: i64,
    by_hour: f64,
    by_block: f64,
}

impl Arrivals {
    pub(super) fn new(event: Option<Course>, start: Timestamp, end: Timestamp) -> Arrivals {
        let rhythm = Rhythm::new();
        Arrivals { event, rhythm, now_ms: start.0 as f64, end, block: i64::MIN, by_hour: 1.0, by_block: 1.0 }
    }

    /// The next time, at a mean rate of `per_ms`; `None` after the end.
    pub(super) fn next(&mut self, rng: &mut ChaCha8Rng, per_ms: f64) -> Option<Timestamp> {
        if per_ms <= 0.0 {
            return None;
        }
        match self.event {
            None => self.everyday(rng, per_ms),
            Some(course) => self.event(rng, per_ms, course),
        }
    }

    /// An exponential waiting time, spent at the rate of each crossed block.
    fn everyday(&mut self, rng: &mut ChaCha8Rng, per_ms: f64) -> Option<Timestamp> {
        let mut due: f64 = Exp1.sample(rng);
        loop {
            let now = Timestamp(self.now_ms as i64);
            if now >= self.end {
                return None;
            }
            let rate = per_ms * self.level(rng, now);
            let block_end_ms = ((now.0.div_euclid(BLOCK_MS) + 1) * BLOCK_MS) as f64;
            let left = (block_end_ms - self.now_ms) * rate;
            if due < left {
                self.now_ms += due / rate;
                return Some(Timestamp(self.now_ms as i64)).filter(|at| *at < self.end);
            }
            due -= left;
            self.now_ms = block_end_ms;
        }
    }

    /// The rhythm times a varying level: a gamma variate for each block, and one for the hour that fades slowly.
    fn level(&mut self, rng: &mut ChaCha8Rng, now: Timestamp) -> f64 {
        let block = now.0.div_euclid(BLOCK_MS);
        if block != self.block {
            self.block = block;
            if block.rem_euclid(6) == 0 {
                self.by_hour = 0.6 * self.by_hour + 0.4 * gamma(rng, 4.0);
            }
            self.by_block = gamma(rng, 10.0);
        }
        self.rhythm.at(now) * self.by_hour * self.by_block
    }

    /// Thinning: draws candidates at the highest rate, and keeps them in proportion to the rate at their time.
    fn event(&mut self, rng: &mut ChaCha8Rng, per_ms: f64, course: Course) -> Option<Timestamp> {
        let most = RHYTHM_MOST * course.extra_at_top();
        if most <= 0.0 {
            return None;
        }
        loop {
            let wait: f64 = Exp1.sample(rng);
            self.now_ms += wait / (per_ms * most);
            let at = Timestamp(self.now_ms as i64);
            if at >= self.end {
                return None;
            }
            let now = self.rhythm.at(at).max(EVENT_LEAST) * course.extra(at);
            if Dice::new(rng.next_u64()).unit() * most < now {
                return Some(at);
            }
        }
    }
}

/// A gamma variate of mean one.
fn gamma(rng: &mut ChaCha8Rng, shape: f64) -> f64 {
    Gamma::new(shape, 1.0 / shape).map_or(1.0, |gamma| gamma.sample(rng))
}
