//! The rhythm of the day and of the week, in the local time of Budapest.

use jiff::tz::TimeZone;
use orszem_records::time::Timestamp;

/// The rhythm is constant within a block of ten minutes.
pub(super) const BLOCK_MS: i64 = 600_000;

/// Activity by hour of the day: quiet before dawn, a plateau during the day, the peak in the evening.
const HOURS: [f64; 24] = [
    0.35, 0.22, 0.15, 0.12, 0.14, 0.25, 0.50, 0.85, 1.10, 1.20, 1.25, 1.30, 1.35, 1.30, 1.25, 1.25, 1.30, 1.40, 1.55,
    1.70, 1.75, 1.60, 1.20, 0.70,
];
/// The sum of [`HOURS`], to scale them to a mean of one.
const HOURS_SUM: f64 = 23.78;
/// Activity by day of the week, Monday first; the mean is one.
const DAYS: [f64; 7] = [1.04, 1.06, 1.06, 1.05, 1.08, 0.90, 0.81];
/// The time zone rules of Budapest, written out so that updates of the time zone database change nothing.
const BUDAPEST: &str = "CET-1CEST,M3.5.0,M10.5.0/3";

/// The rhythm, with a cache of the last block.
pub(super) struct Rhythm {
    zone: TimeZone,
    block: i64,
    level: f64,
}

impl Rhythm {
    pub(super) fn new() -> Rhythm {
        let zone = TimeZone::posix(BUDAPEST).unwrap_or(TimeZone::UTC);
        Rhythm { zone, block: i64::MIN, level: 1.0 }
    }

    /// The activity at `at`, relative to a weekly mean of one.
    pub(super) fn at(&mut self, at: Timestamp) -> f64 {
        let block = at.0.div_euclid(BLOCK_MS);
        if block != self.block {
            self.block = block;
            self.level = self.compute(block * BLOCK_MS + BLOCK_MS / 2);
        }
        self.level
    }

    fn compute(&self, at_ms: i64) -> f64 {
        let utc_s = at_ms.div_euclid(1000);
        let offset_s =
            jiff::Timestamp::from_second(utc_s).map_or(0, |instant| i64::from(self.zone.to_offset(instant).seconds()));
        let local_s = utc_s + offset_s;
        // 1970-01-01 was a Thursday, the fourth day of a week that begins with Monday.
        let day = DAYS[usize::try_from((local_s.div_euclid(86_400) + 3).rem_euclid(7)).unwrap_or(0)];
        let second = local_s.rem_euclid(86_400);
        let hour = usize::try_from(second / 3600).unwrap_or(0);
        let part = (second % 3600) as f64 / 3600.0;
        let level = HOURS[hour] * (1.0 - part) + HOURS[(hour + 1) % 24] * part;
        day * level * 24.0 / HOURS_SUM
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp(text.parse::<jiff::Timestamp>().unwrap().as_millisecond())
    }

    #[test]
    fn the_mean_over_a_week_is_one() {
        let mut rhythm = Rhythm::new();
        let monday = at("2026-03-01T23:00:00Z");
        let blocks = 7 * 24 * 6;
        let sum: f64 = (0..blocks).map(|block| rhythm.at(monday.plus(block * BLOCK_MS))).sum();
        assert!((sum / blocks as f64 - 1.0).abs() < 0.01, "{}", sum / blocks as f64);
    }

    #[test]
    fn follows_summer_time() {
        let mut rhythm = Rhythm::new();
        // The same local hour of a Tuesday, before and after the clock change of 29 March.
        let before = rhythm.at(at("2026-03-24T19:00:00Z"));
        let after = rhythm.at(at("2026-03-31T18:00:00Z"));
        assert!((before - after).abs() < 1e-9);
        assert!(rhythm.at(at("2026-03-24T02:00:00Z")) < 0.3 * before);
    }
}
