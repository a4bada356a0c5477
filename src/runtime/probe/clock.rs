//! How far this machine's clock is from another's, as far as the `Date` of an HTTP answer can tell.

use orszem_records::time::Timestamp;

/// The time that another machine gave, between two readings of our own clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Who gave it.
    pub host: String,
    /// Our clock when it was asked.
    pub sent: Timestamp,
    /// Our clock when it had answered.
    pub received: Timestamp,
    /// What it said: the beginning of a second that it was in.
    pub date: Timestamp,
}

impl Reading {
    /// How far our clock is from the other at least, in milliseconds: positive when ours is ahead, 0 when what was read
    /// fits clocks that agree. `Date` has whole seconds, and the answer took its time to come.
    pub fn ahead_ms(&self) -> i64 {
        let earliest = self.sent.since(self.date.plus(999));
        let latest = self.received.since(self.date);
        match (earliest > 0, latest < 0) {
            (true, _) => earliest,
            (_, true) => latest,
            _ => 0,
        }
    }
}

/// The reading that agrees best with our clock: where one does, the others are wrong and not we.
pub fn best(readings: &[Reading]) -> Option<&Reading> {
    readings.iter().min_by_key(|reading| reading.ahead_ms().abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(sent: i64, received: i64, date: i64) -> Reading {
        Reading { host: "a".into(), sent: Timestamp(sent), received: Timestamp(received), date: Timestamp(date) }
    }

    #[test]
    fn whole_seconds_and_the_way_of_the_answer_count_for_nothing() {
        assert_eq!(reading(10_900, 11_100, 10_000).ahead_ms(), 0, "within the second");
        assert_eq!(reading(10_999, 11_300, 10_000).ahead_ms(), 0, "the last moment of it");
        assert_eq!(reading(9_900, 10_100, 10_000).ahead_ms(), 0, "the second began on the way");
    }

    #[test]
    fn what_is_left_is_the_least_difference() {
        assert_eq!(reading(14_000, 14_100, 10_000).ahead_ms(), 3_001);
        assert_eq!(reading(5_000, 5_100, 10_000).ahead_ms(), -4_900);
    }

    #[test]
    fn one_clock_that_agrees_is_believed() {
        let readings = [reading(14_000, 14_100, 10_000), reading(14_000, 14_100, 14_000)];
        assert_eq!(best(&readings).unwrap().ahead_ms(), 0);
        assert_eq!(best(&[]), None);
    }
}
