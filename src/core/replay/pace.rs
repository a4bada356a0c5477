//! The speed of event time relative to the clock. Pure: the shell passes in the elapsed time, and does the waiting.

use std::time::Duration;

use orszem_records::time::Timestamp;

/// Seconds of event time per second.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Speed(f64);

/// An invalid speed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is not a speed; write 1x, 600x or 0.5x: seconds of event time per second, above 0 and at most 1,000,000,000"
)]
pub struct SpeedFault(String);

impl Speed {
    /// As it was.
    pub const REAL: Speed = Speed(1.0);

    /// `factor` seconds per second; `None` unless above 0 and at most 1e9.
    pub fn new(factor: f64) -> Option<Speed> {
        (factor > 0.0 && factor <= 1e9).then_some(Speed(factor))
    }

    /// The real milliseconds that `event_ms` take.
    fn clock_ms(self, event_ms: i64) -> f64 {
        event_ms as f64 / self.0
    }
}

impl std::str::FromStr for Speed {
    type Err = SpeedFault;

    fn from_str(text: &str) -> Result<Speed, SpeedFault> {
        let number = text.trim().trim_end_matches(['x', 'X', '×']);
        number.parse().ok().and_then(Speed::new).ok_or_else(|| SpeedFault(text.to_owned()))
    }
}

/// The times of the written mentions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Times {
    /// The times of the file.
    #[default]
    AsIs,
    /// The first mention is now, and event time follows the clock: a gap of the file, divided by the speed, is the gap
    /// that is written. The default speed is then 1x, because mentions from the future are rejected.
    Now,
}

/// When each mention is due, and which time it gets.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    speed: Option<Speed>,
    times: Times,
    /// The time of the first mention, and the clock at that moment.
    origin: Option<(Timestamp, Timestamp)>,
}

impl Pace {
    /// Without `speed` as fast as possible; see [`Times::Now`] for the exception.
    pub fn new(speed: Option<Speed>, times: Times) -> Pace {
        let speed = if times == Times::Now { speed.or(Some(Speed::REAL)) } else { speed };
        Pace { speed, times, origin: None }
    }

    /// Sets the origin at the first mention: its time is `event`, the clock shows `now`. Later calls change nothing.
    pub fn begin(&mut self, event: Timestamp, now: Timestamp) {
        self.origin.get_or_insert((event, now));
    }

    /// How long to wait for a mention of `event`, if `passed` have passed since the origin. After a delay (a slow sink)
    /// there is no waiting until the replay has caught up. A mention older than the first is due immediately.
    pub fn wait(&self, event: Timestamp, passed: Duration) -> Duration {
        let (Some(speed), Some((first, _))) = (self.speed, self.origin) else { return Duration::ZERO };
        let due_ms = speed.clock_ms(event.since(first)).max(0.0);
        // Limit the value, so that the conversion cannot fail.
        Duration::from_secs_f64((due_ms / 1000.0).min(1e15)).saturating_sub(passed)
    }

    /// The new time of a mention of `event`, if it does not keep its own.
    pub fn moved(&self, event: Timestamp) -> Option<Timestamp> {
        let (Times::Now, Some(speed), Some((first, now))) = (self.times, self.speed, self.origin) else { return None };
        Some(now.plus(speed.clock_ms(event.since(first)).round() as i64))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const FIRST: Timestamp = Timestamp(1_406_910_600_000);
    const NOW: Timestamp = Timestamp(1_772_409_600_000);

    fn pace(speed: Option<f64>, times: Times) -> Pace {
        let mut pace = Pace::new(speed.map(|factor| Speed::new(factor).unwrap()), times);
        pace.begin(FIRST, NOW);
        pace
    }

    #[test]
    fn ten_minutes_take_a_second_at_600x() {
        let pace = pace(Some(600.0), Times::AsIs);
        let later = FIRST.plus(600_000);
        assert_eq!(pace.wait(later, Duration::ZERO), Duration::from_secs(1));
        assert_eq!(pace.wait(later, Duration::from_millis(400)), Duration::from_millis(600));
        assert_eq!(pace.wait(later, Duration::from_secs(5)), Duration::ZERO);
        assert_eq!(pace.wait(FIRST.plus(-1000), Duration::ZERO), Duration::ZERO);
        assert_eq!(pace.moved(later), None);
    }

    #[test]
    fn as_fast_as_it_goes_never_waits() {
        assert_eq!(pace(None, Times::AsIs).wait(FIRST.plus(i64::MAX), Duration::ZERO), Duration::ZERO);
    }

    #[test]
    fn moved_to_now_event_time_runs_with_the_clock() {
        let moved = pace(Some(600.0), Times::Now);
        assert_eq!(moved.moved(FIRST), Some(NOW));
        assert_eq!(moved.moved(FIRST.plus(600_000)), Some(NOW.plus(1000)));
        assert_eq!(moved.moved(FIRST.plus(-600_000)), Some(NOW.plus(-1000)));
        let live = pace(None, Times::Now);
        assert_eq!(live.moved(FIRST.plus(5000)), Some(NOW.plus(5000)));
        assert_eq!(live.wait(FIRST.plus(5000), Duration::ZERO), Duration::from_secs(5));
    }

    #[test]
    fn reads_speeds() {
        assert_eq!("600x".parse(), Ok(Speed(600.0)));
        assert_eq!("0.5".parse(), Ok(Speed(0.5)));
        for bad in ["", "x", "fast", "0x", "-1x", "NaN", "inf", "1e10"] {
            assert_eq!(bad.parse::<Speed>(), Err(SpeedFault(bad.to_owned())), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn a_mention_carries_the_time_at_which_it_is_sent(gap in 0_i64..10_000_000_000, factor in 0.001_f64..100_000.0) {
            let pace = pace(Some(factor), Times::Now);
            let sent_ms = pace.wait(FIRST.plus(gap), Duration::ZERO).as_secs_f64() * 1000.0;
            let carried_ms = pace.moved(FIRST.plus(gap)).unwrap().since(NOW) as f64;
            prop_assert!((sent_ms - carried_ms).abs() <= 0.51 + sent_ms * 1e-12, "{sent_ms} {carried_ms}");
        }

        #[test]
        fn waits_never_shrink_with_event_time(a in any::<i64>(), b in any::<i64>(), factor in 1e-3_f64..1e9) {
            let pace = pace(Some(factor), Times::AsIs);
            let (early, late) = (Timestamp(a.min(b)), Timestamp(a.max(b)));
            prop_assert!(pace.wait(early, Duration::ZERO) <= pace.wait(late, Duration::ZERO));
        }
    }
}
