//! Local times and instants. A local time that the clock jumps over has the offset from before the jump; one that comes
//! twice is the first of the two. That is what RFC 5545 asks for, and what jiff calls compatible.

use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, Offset, TimeZone};
use orszem_records::time::{Timestamp, zone};

use crate::settings::calendar::Clock;

/// Seconds of a day by the calendar.
pub(super) const DAY: i64 = 86_400;
/// More than a clock was ever turned back or forth at once, in seconds: islands that moved to the other side of the
/// date line.
pub(super) const LONGEST_JUMP: i64 = 26 * 3_600;

/// What is odd about a local time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// The clock jumps over it.
    Missing,
    /// It comes twice.
    Twice,
}

/// A local time as an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placed {
    /// The instant.
    pub at: Timestamp,
    /// What the one who wrote it should know.
    pub doubt: Option<Doubt>,
}

/// The clock of a time zone. Local times in it are seconds since 1970-01-01 00:00 as that clock shows them.
#[derive(Clone, Debug, PartialEq)]
pub struct LocalClock(TimeZone);

impl LocalClock {
    /// The clock of the zone with this IANA name; UTC where there is none.
    pub fn named(name: Option<&str>) -> LocalClock {
        LocalClock(zone::named(name))
    }

    /// The instant of a local time, and what is odd about it.
    pub fn placed(&self, local: DateTime) -> Placed {
        let ambiguous = self.0.to_ambiguous_timestamp(local);
        let doubt = match ambiguous.offset() {
            AmbiguousOffset::Unambiguous { .. } => None,
            AmbiguousOffset::Gap { .. } => Some(Doubt::Missing),
            AmbiguousOffset::Fold { .. } => Some(Doubt::Twice),
        };
        // Only the first and the last day of the calendar have times without an instant.
        let end = if local.year() < 0 { jiff::Timestamp::MIN } else { jiff::Timestamp::MAX };
        let at = ambiguous.compatible().unwrap_or(end);
        Placed { at: Timestamp(at.as_millisecond()), doubt }
    }

    /// The instant at which it shows a time of day, on the day that it shows at `at`.
    pub fn on_the_day_of(&self, at: Timestamp, time: Clock) -> Timestamp {
        self.place(self.local(at).div_euclid(DAY) * DAY + time.seconds())
    }

    /// The instant of a local time in seconds.
    pub(super) fn place(&self, local: i64) -> Timestamp {
        self.placed(date_time(local)).at
    }

    /// What the clock shows, in seconds.
    pub(super) fn local(&self, at: Timestamp) -> i64 {
        at.0.div_euclid(1000) + self.offset(at)
    }

    /// What it shows at an instant, less UTC, in seconds.
    pub(super) fn offset(&self, at: Timestamp) -> i64 {
        i64::from(self.0.to_offset(instant(at)).seconds())
    }

    /// Whether it is turned neither within `before` seconds before an instant nor within `after` seconds after it.
    pub(super) fn is_steady(&self, at: Timestamp, before: i64, after: i64) -> bool {
        let offset = self.offset(at);
        self.offset(at.plus(-1000 * before)) == offset && self.offset(at.plus(1000 * after)) == offset
    }

    /// The next instant after `at` at which it is turned.
    pub(super) fn next_turn(&self, at: Timestamp) -> Option<Timestamp> {
        let turned = self.0.following(instant(at)).next()?.timestamp().as_millisecond();
        Some(Timestamp(turned)).filter(|turned| *turned > at)
    }
}

/// The seconds of a local time.
pub(super) fn seconds(local: DateTime) -> i64 {
    Offset::UTC.to_timestamp(local).map_or(0, jiff::Timestamp::as_second)
}

/// The weekday of a day that is counted from 1970-01-01, a Thursday; Monday is 0.
pub(super) fn weekday(day: i64) -> usize {
    usize::try_from((day + 3).rem_euclid(7)).unwrap_or(0)
}

fn date_time(seconds: i64) -> DateTime {
    let (first, last) = (jiff::Timestamp::MIN.as_second(), jiff::Timestamp::MAX.as_second());
    let within = jiff::Timestamp::from_second(seconds.clamp(first, last));
    Offset::UTC.to_datetime(within.unwrap_or(jiff::Timestamp::UNIX_EPOCH))
}

/// To the second: no zone has parts of one.
fn instant(at: Timestamp) -> jiff::Timestamp {
    let (first, last) = (jiff::Timestamp::MIN.as_second(), jiff::Timestamp::MAX.as_second());
    jiff::Timestamp::from_second(at.0.div_euclid(1000).clamp(first, last)).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::datetime;

    fn placed(month: i8, day: i8, hour: i8, minute: i8) -> (String, Option<Doubt>) {
        let placed = LocalClock::named(Some("Europe/Budapest")).placed(datetime(2026, month, day, hour, minute, 0, 0));
        (placed.at.to_string(), placed.doubt)
    }

    #[test]
    fn a_time_that_is_missing_or_comes_twice_has_one_instant_and_says_so() {
        assert_eq!(placed(3, 29, 2, 15), ("2026-03-29T01:15:00Z".into(), Some(Doubt::Missing)));
        assert_eq!(placed(3, 29, 3, 15), ("2026-03-29T01:15:00Z".into(), None));
        assert_eq!(placed(10, 25, 2, 15), ("2026-10-25T00:15:00Z".into(), Some(Doubt::Twice)));
        assert_eq!(placed(10, 25, 3, 0), ("2026-10-25T02:00:00Z".into(), None));
    }

    #[test]
    fn nothing_is_outside_the_calendar() {
        let clock = LocalClock::named(Some("Pacific/Kiritimati"));
        for at in [i64::MIN / 4, -1, 0, i64::MAX / 4] {
            let local = clock.local(clock.place(at));
            assert_eq!(clock.place(local), clock.place(at), "{at}");
        }
        assert_eq!((clock.offset(Timestamp(i64::MAX)), clock.next_turn(Timestamp(i64::MAX))), (14 * 3_600, None));
        assert_eq!((weekday(0), weekday(-1), weekday(4)), (3, 2, 0));
    }
}
