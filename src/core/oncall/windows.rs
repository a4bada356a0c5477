//! The hours in which a layer has somebody. Their ends are local times, each with one instant: a night that begins on
//! the day before the clocks change is an hour shorter or longer.

use orszem_records::time::Timestamp;

use super::local_clock::{DAY, LONGEST_JUMP, LocalClock, weekday};
use crate::settings::calendar::Hours;

/// The active hours of a layer; a layer without them is always active.
#[derive(Clone, Debug, Default)]
pub(super) struct Windows(Vec<Window>);

#[derive(Clone, Debug)]
struct Window {
    /// Whether it begins on a day of the week, from Monday.
    days: [bool; 7],
    /// From the midnight in which its day begins, in seconds; the end is at most two days later.
    from: i64,
    to: i64,
}

impl Windows {
    pub(super) fn of(hours: &[Hours]) -> Windows {
        let window = |hours: &Hours| {
            let (from, to) = hours.seconds();
            Window { days: std::array::from_fn(|day| hours.begin_on(day)), from, to }
        };
        Windows(hours.iter().map(window).collect())
    }

    /// Whether somebody is asked for at a moment.
    pub(super) fn is_active(&self, clock: &LocalClock, at: Timestamp) -> bool {
        self.0.is_empty() || self.begun(clock, at).is_some()
    }

    /// Since when it has been active at a moment without a break, not looked for before `earliest`; `None` where it is
    /// not active.
    pub(super) fn since(&self, clock: &LocalClock, at: Timestamp, earliest: Timestamp) -> Option<Timestamp> {
        let mut since = if self.0.is_empty() { earliest } else { self.begun(clock, at)? };
        while since > earliest {
            match self.begun(clock, since.plus(-1)) {
                Some(before) => since = before,
                None => return Some(since),
            }
        }
        Some(earliest)
    }

    /// When the hours began that a moment lies in: the earliest, of several.
    fn begun(&self, clock: &LocalClock, at: Timestamp) -> Option<Timestamp> {
        let local = clock.local(at);
        // Where the clock goes on as it does, local times can be compared as they are.
        let within = |(from, to): &(i64, i64)| *from <= local && local < *to;
        if clock.is_steady(at, 3 * DAY, 3 * DAY) {
            let from = self.around(local, 0).filter(within).map(|(from, _)| from).min();
            return from.map(|from| clock.place(from));
        }
        let placed = self.around(local, 1).map(|(from, to)| (clock.place(from), clock.place(to)));
        placed.filter(|(from, to)| *from <= at && at < *to).map(|(from, _)| from).min()
    }

    /// The first moment after `at` at which hours begin or end.
    pub(super) fn next(&self, clock: &LocalClock, at: Timestamp) -> Option<Timestamp> {
        /// All hours begin once in this many days, and end at most two days later.
        const DAYS: i64 = 8;
        let local = clock.local(at);
        let ends = self.around(local, DAYS).flat_map(|(from, to)| [from, to]);
        // A time that the clock jumped over a little before may have its instant only now.
        if clock.is_steady(at, LONGEST_JUMP, (DAYS + 3) * DAY) {
            return ends.filter(|end| *end > local).min().map(|end| clock.place(end));
        }
        ends.map(|local| clock.place(local)).filter(|end| *end > at).min()
    }

    /// The hours that begin from two days before a local time to some days after it.
    fn around(&self, local: i64, days_after: i64) -> impl Iterator<Item = (i64, i64)> {
        let today = local.div_euclid(DAY);
        (today - 2..=today + days_after).flat_map(move |day| {
            let of_day = self.0.iter().filter(move |window| window.days[weekday(day)]);
            of_day.map(move |window| (day * DAY + window.from, day * DAY + window.to))
        })
    }
}
