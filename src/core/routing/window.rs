//! Time windows: when the clock on the wall shows one of the hours that a name stands for.

use std::collections::BTreeMap;

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{AmbiguousOffset, TimeZone};
use orszem_records::time::{Timestamp, zone};

use crate::settings::calendar::Hours;
use crate::settings::{Config, NamedHours};

/// The windows of the configuration, by their names.
#[derive(Clone, Debug, Default)]
pub struct Windows {
    windows: BTreeMap<String, Window>,
}

impl Windows {
    /// The windows of the configuration.
    pub fn new(config: &Config) -> Windows {
        let named = |hours: &NamedHours| (hours.name.clone(), Window::new(hours, config.time_zone()));
        Windows { windows: config.hours.iter().map(named).collect() }
    }

    /// The window of this name.
    pub fn get(&self, name: &str) -> Option<&Window> {
        self.windows.get(name)
    }
}

/// Some hours of the week, in a time zone. Half open: at its end a span is over.
#[derive(Clone, Debug)]
pub struct Window {
    zone: TimeZone,
    spans: Vec<Hours>,
}

/// How many days are looked at in one go: more than a week, so that most windows change within.
const STRETCH_DAYS: i32 = 8;
/// How many stretches are looked at: where a week's only hour does not exist, the next is a week later.
const STRETCHES: i32 = 5;
const DAY_MS: i64 = 24 * 3_600_000;

impl Window {
    /// The window; `zone` is that of the configuration, where it names none itself.
    pub fn new(hours: &NamedHours, zone: &str) -> Window {
        let zone = zone::named(hours.time_zone.as_deref().or(Some(zone)));
        Window { zone, spans: hours.all_spans() }
    }

    /// Whether the moment is within it.
    pub fn is_in(&self, at: Timestamp) -> bool {
        instant(at).is_some_and(|at| self.shows(self.zone.to_datetime(at)))
    }

    /// The first instant after `after` at which it begins or ends; `None` where it never does within five weeks.
    pub fn next_change(&self, after: Timestamp) -> Option<Timestamp> {
        let now = self.is_in(after);
        (0..STRETCHES).find_map(|stretch| {
            let from = after.plus(i64::from(stretch * STRETCH_DAYS) * DAY_MS);
            let until = from.plus(i64::from(STRETCH_DAYS) * DAY_MS);
            let mut moments = self.moments(from, until)?;
            moments.sort_unstable();
            moments.into_iter().find(|at| *at > after && self.is_in(*at) != now)
        })
    }

    fn shows(&self, wall: DateTime) -> bool {
        const DAY_S: i64 = 24 * 3600;
        let second = i64::from(wall.hour()) * 3600 + i64::from(wall.minute()) * 60 + i64::from(wall.second());
        let day = usize::try_from(wall.weekday().to_monday_zero_offset()).unwrap_or(0);
        let before = (day + 6) % 7;
        self.spans.iter().any(|span| {
            let (from, to) = span.seconds();
            let begun = |day: usize, second: i64| span.begin_on(day) && from <= second && second < to;
            begun(day, second) || begun(before, second + DAY_S)
        })
    }

    /// Every instant after `from` and up to `until` at which it may begin or end: where the wall clock reaches the
    /// border of a span, and where it jumps.
    fn moments(&self, from: Timestamp, until: Timestamp) -> Option<Vec<Timestamp>> {
        let (from, until) = (instant(from)?, instant(until)?);
        let mut moments = Vec::new();
        for jump in self.zone.following(from).take_while(|jump| jump.timestamp() <= until) {
            moments.push(jump.timestamp());
        }
        // The clock may be a day ahead or behind, and jump by one.
        let first = self.zone.to_datetime(from).date().checked_sub(jiff::Span::new().days(2)).ok()?;
        let last = self.zone.to_datetime(until).date().checked_add(jiff::Span::new().days(2)).ok()?;
        for day in first.series(jiff::Span::new().days(1)).take_while(|day| *day <= last) {
            for span in &self.spans {
                let (from, to) = span.seconds();
                self.reached(day, from, &mut moments);
                self.reached(day, to, &mut moments);
            }
        }
        let within = moments.into_iter().filter(|at| *at > from && *at <= until);
        Some(within.map(|at| Timestamp(at.as_millisecond())).collect())
    }

    /// The instants at which the wall clock reaches a time, in seconds from a midnight: two where it comes twice, none
    /// where it jumps over it.
    fn reached(&self, day: Date, seconds: i64, moments: &mut Vec<jiff::Timestamp>) {
        let since = jiff::Span::new().seconds(seconds);
        let Ok(wall) = day.to_datetime(Time::midnight()).checked_add(since) else { return };
        let at = |offset: jiff::tz::Offset| offset.to_timestamp(wall).ok();
        match self.zone.to_ambiguous_timestamp(wall).offset() {
            AmbiguousOffset::Unambiguous { offset } => moments.extend(at(offset)),
            AmbiguousOffset::Fold { before, after } => moments.extend(at(before).into_iter().chain(at(after))),
            AmbiguousOffset::Gap { .. } => {}
        }
    }
}

fn instant(at: Timestamp) -> Option<jiff::Timestamp> {
    jiff::Timestamp::from_millisecond(at.0).ok()
}

/// When the next of some windows changes what they say together: the first instant after `after` at which `is_so` is no
/// longer what it is then. `None` where that does not come within their next few hundred changes.
pub(super) fn next_turn(windows: &[&Window], after: Timestamp, is_so: impl Fn(Timestamp) -> bool) -> Option<Timestamp> {
    /// More than the changes of a few windows in five weeks.
    const MOST: usize = 500;
    let now = is_so(after);
    let mut at = after;
    for _ in 0..MOST {
        at = windows.iter().filter_map(|window| window.next_change(at)).min()?;
        if is_so(at) != now {
            return Some(at);
        }
    }
    None
}

#[cfg(test)]
#[path = "window_tests.rs"]
mod tests;
