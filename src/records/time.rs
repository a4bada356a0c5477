//! Event time: instants in milliseconds, and the slices that tallies are counted in.

use serde::{Deserialize, Serialize};

pub mod rfc3339;
pub mod zone;

/// How long a slice of event time is, in milliseconds.
pub const SLICE_MS: i64 = 10_000;
/// A minute of event time, in milliseconds. Detection counts by the minute; minutes are numbered from 1970 on.
pub const MINUTE_MS: i64 = 60_000;

/// An instant in milliseconds since 1970-01-01T00:00:00Z. Written to topics as that number.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// The earliest time a mention may carry: 1990-01-01, before there was anything to mention online.
    pub const EARLIEST: Timestamp = Timestamp(631_152_000_000);
    /// The latest time a mention may carry: 2100-01-01.
    pub const LATEST: Timestamp = Timestamp(4_102_444_800_000);

    /// The slice that this instant lies in.
    pub const fn slice(self) -> Slice {
        Slice(self.0.div_euclid(SLICE_MS))
    }

    /// The number of the minute that this instant lies in.
    pub const fn minute(self) -> i64 {
        self.0.div_euclid(MINUTE_MS)
    }

    /// The first instant of the minute of this number.
    pub const fn start_of_minute(minute: i64) -> Timestamp {
        Timestamp(minute.saturating_mul(MINUTE_MS))
    }

    /// The first instant after the minute of this number.
    pub const fn end_of_minute(minute: i64) -> Timestamp {
        Timestamp::start_of_minute(minute.saturating_add(1))
    }

    /// The instant of a number since 1970, whose size says whether it is seconds, milliseconds, microseconds or
    /// nanoseconds. The limits are clear: in the larger unit a number would be after the year 5138, in its own it is
    /// after 1973. Only nanoseconds begin in 1992: below that are the ticks of .NET for our time, in another unit and
    /// from another year. `None` for those, and for what is no number.
    pub fn of_epoch(number: f64) -> Option<Timestamp> {
        let milliseconds = match number.abs() {
            seconds if seconds < 1e11 => number * 1e3,
            milliseconds if milliseconds < 1e14 => number,
            microseconds if microseconds < 1e17 => number / 1e3,
            nanoseconds if nanoseconds >= 7e17 => number / 1e6,
            _ => return None,
        };
        milliseconds.is_finite().then_some(Timestamp(milliseconds.round() as i64))
    }

    /// This instant moved by `ms` milliseconds; stays at the end of the range instead of wrapping.
    #[must_use]
    pub const fn plus(self, ms: i64) -> Timestamp {
        Timestamp(self.0.saturating_add(ms))
    }

    /// Milliseconds from `earlier` to this instant; negative when it is the other way round.
    pub const fn since(self, earlier: Timestamp) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// RFC 3339 in UTC, to the second: `2014-08-01T16:30:00Z`.
impl std::fmt::Display for Timestamp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match jiff::Timestamp::from_second(self.0.div_euclid(1000)) {
            Ok(at) => write!(f, "{at}"),
            Err(_) => write!(f, "{} ms", self.0),
        }
    }
}

/// The number of a slice: event time divided by [`SLICE_MS`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Slice(pub i64);

impl Slice {
    /// The instant at which the slice begins.
    pub const fn start(self) -> Timestamp {
        Timestamp(self.0.saturating_mul(SLICE_MS))
    }

    /// The first instant after the slice.
    pub const fn end(self) -> Timestamp {
        Timestamp(self.0.saturating_add(1).saturating_mul(SLICE_MS))
    }

    /// The number of the minute that the slice lies in.
    pub const fn minute(self) -> i64 {
        self.start().minute()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_lies_within_its_minute_before_1970_too() {
        for at in [Timestamp(-1), Timestamp(0), Timestamp(59_999), Timestamp(60_000), Timestamp::LATEST] {
            let minute = at.minute();
            assert!(Timestamp::start_of_minute(minute) <= at && at < Timestamp::end_of_minute(minute), "{at:?}");
            assert_eq!(at.slice().minute(), minute, "a minute is whole slices");
        }
        assert_eq!(Timestamp::end_of_minute(i64::MAX), Timestamp(i64::MAX), "the end of the range, not a wrap");
    }
}
