//! What an open incident brought so far, for its chart: the half hours, because its minutes are kept for half a day
//! only, and the figures at its height.

use serde::{Deserialize, Serialize};

use orszem_records::peak::Peak;
use orszem_records::signal::Kind;
use orszem_records::statistic::Statistic;
use orszem_records::time::Timestamp;

use super::baseline::{BLOCK, block_of};
use super::minute_counts::MinuteTable;

/// Half hours that are kept: four days, which is the longest chart.
const MOST: usize = 4 * 48;

/// The half hours of an incident, from the one that it opened in.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Course {
    /// The first one; `None` before the first mention.
    first: Option<i32>,
    /// Mentions and negatives of each.
    counts: Vec<(u32, u32)>,
}

impl Course {
    /// Begins with the half hour of `minute`, of which the minutes up to that are complete.
    pub fn begin(minute: i64, minutes: &MinuteTable) -> Course {
        let mut course = Course { first: i32::try_from(block_of(minute)).ok(), counts: Vec::new() };
        let so_far = minutes.sum(block_of(minute) * BLOCK, minute);
        course.add(minute, so_far.mentions, so_far.negatives);
        course
    }

    /// Counts what came in a minute. An incident that was open before its course was kept begins with the next half
    /// hour: of this one a part is not known.
    pub fn add(&mut self, minute: i64, mentions: u64, negatives: u64) {
        let Ok(block) = i32::try_from(block_of(minute)) else { return };
        let first = *self.first.get_or_insert(block + 1);
        let Ok(mut place) = usize::try_from(block - first) else { return };
        if place >= MOST {
            let gone = (place + 1 - MOST).min(self.counts.len());
            self.counts.drain(..gone);
            self.first = Some(block + 1 - MOST as i32);
            place = MOST - 1;
        }
        if self.counts.len() <= place {
            // Only as much room as they need.
            self.counts.reserve_exact(place + 1 - self.counts.len());
            self.counts.resize(place + 1, (0, 0));
        }
        let sum = &mut self.counts[place];
        let more = |sum: u32, count: u64| sum.saturating_add(u32::try_from(count).unwrap_or(u32::MAX));
        *sum = (more(sum.0, mentions), more(sum.1, negatives));
    }

    /// Mentions and negatives of a half hour; `None` of one before the first.
    pub fn of(&self, half_hour: i64) -> Option<(u64, u64)> {
        let place = usize::try_from(half_hour - i64::from(self.first?)).ok()?;
        let (mentions, negatives) = self.counts.get(place).copied().unwrap_or_default();
        Some((u64::from(mentions), u64::from(negatives)))
    }

    /// Bytes on the heap.
    pub fn heap_bytes(&self) -> usize {
        self.counts.capacity() * size_of::<(u32, u32)>()
    }
}

/// The figures at the height of an incident, as far as they were told.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Height {
    kind: Kind,
    /// What it is told by; `None` without a past.
    statistic: Option<Statistic>,
    window_s: u32,
    observed: u64,
    expected: f64,
    /// The end of its window.
    at: Timestamp,
}

impl Height {
    /// The height, where it is told now or was so before.
    pub fn of(before: Option<Height>, peak: Peak) -> Height {
        let now = Height::from(peak);
        match before {
            Some(before) if before.peak().or_later(peak) != peak => before,
            _ => now,
        }
    }

    /// As messages have it, but for what it was held against.
    pub fn peak(&self) -> Peak {
        let Height { kind, window_s, observed, expected, at, .. } = *self;
        Peak { kind, observed, expected, window_s, at, reason: None }
    }

    /// The statistic that it is told by; `None` without a past.
    pub fn statistic(&self) -> Option<Statistic> {
        self.statistic
    }
}

impl From<Peak> for Height {
    fn from(peak: Peak) -> Height {
        let Peak { kind, observed, expected, window_s, at, reason } = peak;
        Height { kind, statistic: reason.map(|reason| reason.statistic), window_s, observed, expected, at }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::weighed_counts::WeighedCounts;

    #[test]
    fn the_half_hour_it_opened_in_is_whole_and_four_days_are_kept() {
        let mut minutes = MinuteTable::new(0);
        minutes.advance(100);
        for minute in [80, 91, 100] {
            minutes.add(minute, &WeighedCounts { mentions: 10, negatives: 4, ..WeighedCounts::default() });
        }
        let mut course = Course::begin(100, &minutes);
        course.add(101, 5, 5);
        course.add(160, 1, 0);
        let of = |course: &Course, half_hours: &[i64]| half_hours.iter().map(|at| course.of(*at)).collect::<Vec<_>>();
        assert_eq!(of(&course, &[2, 3, 4, 5, 6]), [None, Some((25, 13)), Some((0, 0)), Some((1, 0)), Some((0, 0))]);
        course.add(30 * 196, 7, 7);
        assert_eq!(of(&course, &[4, 5, 6, 196]), [None, Some((1, 0)), Some((0, 0)), Some((7, 7))]);
        course.add(30 * 1_000, 9, 9);
        assert_eq!(of(&course, &[196, 999, 1_000]), [None, Some((0, 0)), Some((9, 9))]);
        assert!(course.heap_bytes() <= 2 * MOST * 8);
    }

    #[test]
    fn an_incident_of_the_last_release_is_known_from_the_next_half_hour_on() {
        let mut course = Course::default();
        course.add(100, 50, 50);
        course.add(130, 6, 2);
        assert_eq!((course.of(3), course.of(4)), (None, Some((6, 2))));
    }
}
