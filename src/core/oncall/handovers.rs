//! When a turn goes to the next one, by the local clock.
//!
//! Hand-overs come at local times in equal steps, numbered from 1970 on. Which of them count towards a turn repeats
//! each week. So the turn of any moment is found by arithmetic, without going through those before it.

use orszem_records::time::Timestamp;

use super::local_clock::{DAY, LONGEST_JUMP, LocalClock, weekday};
use crate::settings::rotation::{DaysCounted, HoursBy, Layer, ShiftUnit};

/// The hand-overs of a layer that goes by the clock.
#[derive(Clone, Debug)]
pub(super) struct Handovers {
    /// The local time of number 0, in seconds since 1970.
    first: i64,
    /// From one to the next, in seconds by the local clock.
    step: i64,
    /// How many of the first `n` of a week count; as long as the week, and one more.
    counted: Vec<i64>,
    /// How many that count make a turn.
    every: i64,
}

impl Handovers {
    /// Those of a layer; `None` where it goes by length.
    pub(super) fn of(layer: &Layer) -> Option<Handovers> {
        let handover = layer.handover().seconds();
        let every = i64::from(layer.every.max(1));
        let (first, step, every) = match (layer.shift, layer.by) {
            (ShiftUnit::Hours, Some(HoursBy::Length)) => return None,
            (ShiftUnit::Hours, _) => (handover.rem_euclid(3_600 * every), 3_600 * every, 1),
            (ShiftUnit::Daily, _) => (handover, DAY, every),
            (ShiftUnit::Weekly, _) => {
                // 1970 began on a Thursday, the fourth day.
                let days = (layer.weekday().index() + 4) % 7;
                (i64::try_from(days).unwrap_or(0) * DAY + handover, 7 * DAY, every)
            }
        };
        let only_active = layer.count == Some(DaysCounted::Active) && layer.shift != ShiftUnit::Weekly;
        let counts = |number: i64| {
            let weekday = weekday((first + number * step).div_euclid(DAY));
            !only_active || layer.active.is_empty() || layer.active.iter().any(|hours| hours.begin_on(weekday))
        };
        let mut counted = vec![0];
        for number in 0..(7 * DAY / step).max(1) {
            counted.extend(counted.last().map(|before| before + i64::from(counts(number))));
        }
        Some(Handovers { first, step, counted, every })
    }

    /// How many count up to number `n` and with it, less a fixed number.
    fn count(&self, n: i64) -> i64 {
        let (week, of_week) = ((n + 1).div_euclid(self.week()), (n + 1).rem_euclid(self.week()));
        week * self.in_week() + self.counted[usize::try_from(of_week).unwrap_or(0)]
    }

    /// The number of the first one up to which `count` of them count.
    fn number(&self, count: i64) -> i64 {
        let (week, rest) = ((count - 1).div_euclid(self.in_week()), (count - 1).rem_euclid(self.in_week()) + 1);
        let of_week = self.counted.partition_point(|before| *before < rest);
        week * self.week() + i64::try_from(of_week).unwrap_or(1) - 1
    }

    fn week(&self) -> i64 {
        i64::try_from(self.counted.len() - 1).unwrap_or(1)
    }

    fn in_week(&self) -> i64 {
        self.counted.last().copied().unwrap_or(1).max(1)
    }

    fn local(&self, n: i64) -> i64 {
        self.first + n * self.step
    }

    /// Where a stretch that begins at a local time begins to count.
    pub(super) fn origin(&self, from: i64) -> i64 {
        self.count((from - self.first).div_euclid(self.step))
    }

    /// The number of the turn at a moment, from 0.
    pub(super) fn turn(&self, clock: &LocalClock, origin: i64, at: Timestamp) -> i64 {
        (self.count(self.last(clock, at)) - origin).div_euclid(self.every).max(0)
    }

    /// When a turn begins; that of number 0 begins with the stretch.
    pub(super) fn begin(&self, clock: &LocalClock, origin: i64, turn: i64) -> Timestamp {
        let number = self.number(origin + turn * self.every);
        let at = clock.place(self.local(number));
        if clock.local(at) == self.local(number) {
            return at;
        }
        // The clock jumps over it. A later one that is not jumped over may come before: then the turn is over already.
        let jumped = LONGEST_JUMP / self.step + 1;
        (1..=jumped).map(|more| clock.place(self.local(number + more))).fold(at, Timestamp::min)
    }

    /// The latest hand-over that was made at a moment. Of those that the clock jumps over it is the last.
    fn last(&self, clock: &LocalClock, at: Timestamp) -> i64 {
        let mut number = (clock.local(at) - self.first).div_euclid(self.step);
        // Where the clock was turned back a little before, what it shows may come for the second time.
        if clock.offset(at.plus(-1000 * LONGEST_JUMP)) != clock.offset(at) {
            number += LONGEST_JUMP / self.step + 1;
        }
        while clock.place(self.local(number)) > at {
            number -= 1;
        }
        number
    }
}
