//! The half hours of the last seven days and a half: what the same hours of the days before were like.
//!
//! The slow average (`baseline.rs`) knows no time of day. Two answers to that, both from the same half hours, by UTC,
//! which are compared only with half hours a whole number of days away:
//!
//! - *Same hours*: for each window the fourth largest of what it held on each of the last seven days. The larger of
//!   this and the slow average is what the window is held against.
//! - *Season*: how many times the slow average the last days were at these hours, an hour before and after included.

use std::collections::VecDeque;

use super::baseline::{BLOCK, DAY_MINUTES, block_of};
use super::compact::Compact;
use super::expectation::SameHours;
use super::minute_counts::{WINDOWS, window_minutes};
use super::pack::{Packer, Unpacker};

/// Days that are looked back.
const DAYS: i64 = 7;
/// Half hours of a day.
const DAY: i64 = DAY_MINUTES / BLOCK;
/// Half hours that are kept: seven days, the longest window before, and what the season takes on either side.
const KEPT: usize = (DAYS * DAY + 24) as usize;
/// Of seven days the largest but three is what the same hours bring; of fewer days, one as far up …
const RANK: f64 = 4.0;
/// … and nothing is said of them before this many days are known.
const LEAST_DAYS: usize = 3;
/// The season is told from this many days on.
const LEAST_SEASON_DAYS: u32 = 2;
/// Half hours on either side of a window that tell of its season, too.
const SIDE: i64 = 1;
/// A day says of the season at most this many times what was expected of it, and ten mentions.
const SEASON_CLIP: f64 = 3.0;
const CLIP_MARGIN: f64 = 10.0;
/// Mentions by which counts and expectation are drawn together before the season is their ratio …
const SEASON_PRIOR: f64 = 20.0;
/// … which is never less than this: a feed that stood still for days would make the first mention a burst.
const LEAST_SEASON: f64 = 0.25;

/// A half hour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct HalfHour {
    /// Mentions, repeats discounted.
    mentions: Compact,
    /// Negatives, weighed by who repeats.
    negatives: Compact,
    /// One more than the mentions that the slow average led to expect before it began; 0 where it was not known.
    expected: Compact,
}

impl HalfHour {
    fn new(mentions: f64, negatives: f64, expected: Option<f64>) -> HalfHour {
        HalfHour {
            mentions: Compact::new(mentions),
            negatives: Compact::new(negatives),
            expected: expected.map_or(Compact::default(), |expected| Compact::new(expected + 1.0)),
        }
    }

    fn expected(&self) -> Option<f64> {
        (self.expected != Compact::default()).then(|| self.expected.value() - 1.0)
    }
}

/// The half hours that are kept, without a gap.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HalfHours {
    /// The half hour that comes after the last one; `None` before the first.
    next: Option<i64>,
    kept: VecDeque<HalfHour>,
}

/// What the days before say of the windows that end within one half hour.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DaysBefore {
    /// What the same hours brought, in mentions; `None` while too few days are known.
    pub mentions: [Option<f64>; WINDOWS],
    /// The same of negatives.
    pub negatives: [Option<f64>; WINDOWS],
    /// How many times the slow average the same hours bring; 1 while too few days are known.
    pub season: [f64; WINDOWS],
}

/// Half hours that hold a window of `minutes`.
fn half_hours(minutes: i64) -> i64 {
    (minutes / BLOCK).max(1)
}

impl HalfHours {
    /// Begins with the half hour `first`. What comes before it is not known.
    pub fn begin(&mut self, first: i64) {
        *self = HalfHours { next: Some(first), kept: VecDeque::new() };
    }

    /// Adds a half hour that ended; those since the last one were empty. `expected` says what was expected of a
    /// half hour before it began.
    pub fn absorb(&mut self, half_hour: i64, mentions: f64, negatives: f64, expected: impl Fn(i64) -> Option<f64>) {
        self.fill(half_hour, &expected);
        if self.next == Some(half_hour) {
            self.push(HalfHour::new(mentions, negatives, expected(half_hour)));
        }
    }

    /// All half hours before `half_hour` that were not taken in were empty.
    pub fn fill(&mut self, half_hour: i64, expected: impl Fn(i64) -> Option<f64>) {
        let Some(next) = self.next else { return };
        let from = next.max(half_hour - KEPT.cast_signed() as i64);
        if from > next {
            self.kept.clear();
            self.next = Some(from);
        }
        for empty in from..half_hour {
            self.push(HalfHour::new(0.0, 0.0, expected(empty)));
        }
    }

    fn push(&mut self, half_hour: HalfHour) {
        if self.kept.len() == KEPT {
            self.kept.pop_front();
        } else if self.kept.len() == self.kept.capacity() {
            // Only as much room as the days need.
            self.kept.reserve_exact((KEPT - self.kept.len()).min(DAY as usize));
        }
        self.kept.push_back(half_hour);
        self.next = self.next.map(|next| next + 1);
    }

    /// The half hours from `from` up to `to`, the latter not included; `None` where one is not known. Those after the
    /// last one that was taken in were empty.
    fn span(&self, from: i64, to: i64) -> Option<impl Iterator<Item = &HalfHour>> {
        let next = self.next?;
        let first = next - self.kept.len().cast_signed() as i64;
        if from < first {
            return None;
        }
        let place = |half_hour: i64| (half_hour.min(next) - first) as usize;
        Some(self.kept.range(place(from)..place(to)))
    }

    /// What the days before say of the windows that end within the half hour of `minute`.
    pub fn before(&self, minute: i64) -> DaysBefore {
        let now = block_of(minute);
        DaysBefore {
            mentions: std::array::from_fn(|j| self.usual(now, j, |half_hour| half_hour.mentions)),
            negatives: std::array::from_fn(|j| self.usual(now, j, |half_hour| half_hour.negatives)),
            season: std::array::from_fn(|j| self.season(now, half_hours(window_minutes(j)))),
        }
    }

    /// What they say of window `j`, where it ends within the half hour `now`.
    pub fn same_hours(&self, now: i64, j: usize) -> SameHours {
        SameHours {
            mentions: self.usual(now, j, |half_hour| half_hour.mentions),
            negatives: self.usual(now, j, |half_hour| half_hour.negatives),
            season: self.season(now, half_hours(window_minutes(j))),
        }
    }

    /// Mentions, repeats discounted, and negatives of a half hour; `None` where it is not known.
    pub fn counted(&self, half_hour: i64) -> Option<(f64, f64)> {
        let mut sums = (0.0, 0.0);
        for half_hour in self.span(half_hour, half_hour + 1)? {
            sums = (half_hour.mentions.value(), half_hour.negatives.value());
        }
        Some(sums)
    }

    fn usual(&self, now: i64, j: usize, count: fn(&HalfHour) -> Compact) -> Option<f64> {
        let length = half_hours(window_minutes(j));
        let share = window_minutes(j) as f64 / (BLOCK * length) as f64;
        let mut days: Vec<f64> = (1..=DAYS)
            .filter_map(|day| {
                let end = now - DAY * day + 1;
                let sum: f64 = self.span(end - length, end)?.map(|half_hour| count(half_hour).value()).sum();
                Some(sum * share)
            })
            .collect();
        if days.len() < LEAST_DAYS {
            return None;
        }
        days.sort_by(|a, b| b.total_cmp(a));
        let rank = (RANK * days.len() as f64 / DAYS as f64).max(1.0);
        days.get((rank + 0.5) as usize - 1).copied()
    }

    fn season(&self, now: i64, length: i64) -> f64 {
        let (mut counted, mut expected, mut days) = (0.0, 0.0, 0);
        for day in 1..=DAYS {
            let end = now - DAY * day + 1 + SIDE;
            let Some(span) = self.span(end - length - 2 * SIDE, end) else { continue };
            let (mut came, mut usual, mut known) = (0.0, 0.0, true);
            for half_hour in span {
                came += half_hour.mentions.value();
                usual += half_hour.expected().unwrap_or(0.0);
                known &= half_hour.expected().is_some();
            }
            if known {
                counted += came.min(SEASON_CLIP * usual + CLIP_MARGIN);
                expected += usual;
                days += 1;
            }
        }
        if days < LEAST_SEASON_DAYS {
            return 1.0;
        }
        ((counted + SEASON_PRIOR) / (expected + SEASON_PRIOR)).max(LEAST_SEASON)
    }

    /// Bytes on the heap.
    pub fn heap_bytes(&self) -> usize {
        self.kept.capacity() * size_of::<HalfHour>()
    }

    /// Writes the state.
    pub fn pack(&self, packer: &mut Packer) {
        packer.signed(self.next.unwrap_or(i64::MIN));
        packer.unsigned(self.kept.len() as u64);
        for half_hour in &self.kept {
            packer.unsigned(half_hour.mentions.bits());
            packer.unsigned(half_hour.negatives.bits());
            packer.unsigned(half_hour.expected.bits());
        }
    }

    /// Reads what [`HalfHours::pack`] wrote.
    pub fn unpack(unpacker: &mut Unpacker<'_>) -> Option<HalfHours> {
        let next = Some(unpacker.signed()?).filter(|next| *next != i64::MIN);
        let length = Some(unpacker.unsigned()?).filter(|length| *length <= KEPT as u64)?;
        let half_hour = |unpacker: &mut Unpacker<'_>| {
            Some(HalfHour {
                mentions: Compact::from_bits(unpacker.unsigned()?)?,
                negatives: Compact::from_bits(unpacker.unsigned()?)?,
                expected: Compact::from_bits(unpacker.unsigned()?)?,
            })
        };
        let kept = (0..length).map(|_| half_hour(unpacker)).collect::<Option<_>>()?;
        Some(HalfHours { next, kept })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Days of `a_day(day, half hour of the day)` mentions, of which `expected` were expected.
    fn days(days: i64, a_day: impl Fn(i64, i64) -> f64, expected: f64) -> HalfHours {
        let mut past = HalfHours::default();
        past.begin(0);
        for half_hour in 0..days * DAY {
            let mentions = a_day(half_hour / DAY, half_hour % DAY);
            if mentions > 0.0 {
                past.absorb(half_hour, mentions, mentions / 2.0, |_| Some(expected));
            }
        }
        past.fill(days * DAY, |_| Some(expected));
        past
    }

    /// Busy from noon for an hour.
    fn noon(_: i64, half_hour: i64) -> f64 {
        if (24..26).contains(&half_hour) { 40.0 } else { 4.0 }
    }

    fn near(said: Option<f64>, expected: f64) {
        let said = said.expect("enough days are known");
        assert!((said - expected).abs() < 1e-9, "{said} {expected}");
    }

    #[test]
    fn the_same_hours_are_those_of_the_days_before() {
        let past = days(8, noon, 5.0);
        let at = |half_hour: i64| past.before((8 * DAY + half_hour) * BLOCK + 29);
        // The window of 40 minutes has one whole half hour, that of 80 two.
        near(at(25).mentions[3], 40.0 * 40.0 / 30.0);
        near(at(25).mentions[4], 80.0 * 80.0 / 60.0);
        near(at(25).mentions[0], 40.0 / 6.0);
        near(at(25).negatives[0], 20.0 / 6.0);
        near(at(3).mentions[0], 4.0 / 6.0);
    }

    #[test]
    fn the_fourth_of_seven_days_is_moved_by_no_three_of_them() {
        let past = days(7, |day, half_hour| noon(day, half_hour) * if day < 3 { 100.0 } else { 1.0 }, 5.0);
        near(past.before((7 * DAY + 25) * BLOCK).mentions[2], 40.0 * 20.0 / 30.0);
    }

    #[test]
    fn nothing_is_said_before_three_days_are_known() {
        assert_eq!(days(2, noon, 5.0).before(2 * DAY * BLOCK + 25 * BLOCK).mentions[0], None);
        // Of three days the second largest.
        let past = days(3, |day, _| 10.0 * (day + 1) as f64, 5.0);
        near(past.before(3 * DAY * BLOCK).mentions[2], 20.0 * 20.0 / 30.0);
    }

    #[test]
    fn the_season_is_what_the_days_were_over_what_was_expected() {
        let past = days(7, noon, 5.0);
        // 11:00 to 13:30: two busy half hours of 40, clipped by nothing, and two of 4; 20 expected a day.
        let wide = past.before((7 * DAY + 25) * BLOCK).season[4];
        let expected = (7.0_f64 * (3.0 * 20.0 + 10.0_f64).min(88.0) + 20.0) / (7.0 * 20.0 + 20.0);
        assert!((wide - expected).abs() < 1e-9, "{wide} {expected}");
        assert!(past.before((7 * DAY + 3) * BLOCK).season[0] < 1.0);
        assert_eq!(days(1, noon, 5.0).before(DAY * BLOCK).season[0], 1.0);
        assert_eq!(days(7, |_, _| 0.0, 500.0).before(7 * DAY * BLOCK).season[0], LEAST_SEASON);
    }

    #[test]
    fn a_gap_of_years_is_one_step_and_memory_is_bounded() {
        let mut past = days(8, noon, 5.0);
        past.absorb(1_000_000 * DAY, 7.0, 1.0, |_| Some(5.0));
        assert_eq!(past.kept.len(), KEPT);
        assert_eq!(past.before(1_000_000 * DAY * BLOCK + BLOCK).mentions[0], Some(0.0));
        assert!(past.heap_bytes() <= 400 * size_of::<HalfHour>(), "{}", past.heap_bytes());
    }

    #[test]
    fn it_survives_packing() {
        for past in [HalfHours::default(), days(9, noon, 5.0)] {
            let mut packer = Packer::default();
            past.pack(&mut packer);
            let bytes = packer.finish();
            assert_eq!(HalfHours::unpack(&mut Unpacker::new(&bytes)), Some(past));
        }
    }
}
