//! Digests: when what need not wake anybody is told.

use jiff::civil::Time;
use orszem_records::time::{Timestamp, zone};

use crate::settings::calendar::Clock;
use crate::settings::{Config, Digest};

/// A daily message, ready to be asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Daily {
    /// The receivers that are told.
    pub receivers: Vec<String>,
    at: Clock,
    zone: jiff::tz::TimeZone,
}

impl Daily {
    /// The digest of a route.
    pub fn new(digest: &Digest, config: &Config) -> Daily {
        let zone = zone::named(digest.time_zone.as_deref().or(Some(config.time_zone())));
        Daily { receivers: digest.receivers.clone(), at: digest.at, zone }
    }

    /// The first instant after `after` at which it is told. A time that the clock jumps over comes as much later as the
    /// jump is long; one that comes twice is the first of the two. `None` at the end of the calendar.
    pub fn next(&self, after: Timestamp) -> Option<Timestamp> {
        let instant = jiff::Timestamp::from_millisecond(after.0).ok()?;
        let today = self.zone.to_datetime(instant).date();
        // A day may have been left out of the calendar, or begin before its digest of the day before.
        let days = (-1..=3).filter_map(|days| today.checked_add(jiff::Span::new().days(days)).ok());
        let told = days.filter_map(|day| {
            let since = jiff::Span::new().seconds(self.at.seconds());
            let wall = day.to_datetime(Time::midnight()).checked_add(since).ok()?;
            let at = self.zone.to_ambiguous_timestamp(wall).compatible().ok()?;
            Some(Timestamp(at.as_millisecond()))
        });
        told.filter(|at| *at > after).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_told_once_a_day_by_the_clock_on_the_wall() {
        let at = |text: &str| Timestamp(text.parse::<jiff::Timestamp>().unwrap().as_millisecond());
        let digest = |time: &str| {
            let zone = Some("Europe/Budapest".to_owned());
            let digest = Digest { at: Clock::parse(time).unwrap(), receivers: vec!["mail".into()], time_zone: zone };
            Daily::new(&digest, &Config::default())
        };
        let next = |time: &str, after: &str| digest(time).next(at(after)).unwrap().to_string();
        assert_eq!(next("08:00", "2026-03-28T06:59:59Z"), "2026-03-28T07:00:00Z");
        assert_eq!(next("08:00", "2026-03-28T07:00:00Z"), "2026-03-29T06:00:00Z", "the clocks went forward");
        assert_eq!(next("02:30", "2026-03-28T12:00:00Z"), "2026-03-29T01:30:00Z", "02:30 is not there");
        assert_eq!(next("02:30", "2026-10-24T12:00:00Z"), "2026-10-25T00:30:00Z", "the first of two");
        assert_eq!(next("02:30", "2026-10-25T00:30:00Z"), "2026-10-26T01:30:00Z", "and not the second");
        assert_eq!(next("24:00", "2026-11-30T22:59:59Z"), "2026-11-30T23:00:00Z");
    }
}
