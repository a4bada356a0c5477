//! The times that a rule of repetition gives, as the clock shows them.
//!
//! `calcard` is asked for times without a zone: with one, it loses those that come twice or are jumped over.

use calcard::common::PartialDateTime;
use calcard::common::timezone::Tz;
use calcard::icalendar::{
    ICalendar, ICalendarComponent, ICalendarComponentType, ICalendarEntry, ICalendarFrequency, ICalendarProperty,
    ICalendarRecurrenceRule, ICalendarValue,
};
use jiff::Timestamp;
use jiff::tz::Offset;

use super::super::local_clock::{DAY, LocalClock};
use super::event::{self, Moment};

/// The most times of one rule, from its beginning on: 27 years of days.
const MOST: usize = 10_000;

/// For how many times a rule counts that was looked for and never comes about.
const NEVER: usize = 5_000;

/// What a rule gives.
#[derive(Debug, Default)]
pub(super) struct Given {
    /// The times, in seconds.
    pub(super) times: Vec<i64>,
    /// How many times were looked at for that.
    pub(super) effort: usize,
}

/// The times of a rule from its beginning on up to `end`; `None` where it cannot be followed that far. No shifts come
/// by the minute or the second: what does is not followed.
pub(super) fn given(rule: &ICalendarRecurrenceRule, start: &Moment, end: i64) -> Option<Given> {
    let mut rule = rule.clone();
    let until = match &rule.until {
        Some(until) => last(until, start)?.min(end),
        None => end,
    };
    if until < start.local {
        return Some(Given::default());
    }
    if matches!(rule.freq, ICalendarFrequency::Minutely | ICalendarFrequency::Secondly) {
        return None;
    }
    rule.until = Some(partial(until)?);
    let line = |name, value| ICalendarEntry { name, params: Vec::new(), values: vec![value] };
    let begins = ICalendarValue::PartialDateTime(Box::new(partial(start.local)?));
    let entries = vec![
        line(ICalendarProperty::Dtstart, begins),
        line(ICalendarProperty::Rrule, ICalendarValue::RecurrenceRule(Box::new(rule))),
    ];
    let component =
        ICalendarComponent { component_type: ICalendarComponentType::VEvent, entries, component_ids: Vec::new() };
    let expanded = ICalendar { components: vec![component] }.expand_dates(Tz::Floating, MOST + 1);
    let times: Vec<i64> = expanded.events.iter().map(|event| event.start.timestamp()).collect();
    let effort = if times.is_empty() { NEVER } else { times.len() };
    (expanded.errors.is_empty() && times.len() <= MOST).then_some(Given { times, effort })
}

/// The last time that a rule may give, by the clock of its beginning. An instant is what that clock shows then; a day
/// is meant with its hours.
fn last(until: &PartialDateTime, start: &Moment) -> Option<i64> {
    let (local, is_day) = event::local(until)?;
    Some(match until.tz_hour {
        Some(_) => {
            let instant = LocalClock::named(None).place(local - event::offset(until));
            start.clock.local(instant)
        }
        None if is_day => local + DAY - 1,
        None => local,
    })
}

fn partial(local: i64) -> Option<PartialDateTime> {
    let time = Offset::UTC.to_datetime(Timestamp::from_second(local).ok()?);
    let part = |number: i8| u8::try_from(number).ok();
    Some(PartialDateTime {
        year: Some(u16::try_from(time.year()).ok()?),
        month: Some(part(time.month())?),
        day: Some(part(time.day())?),
        hour: Some(part(time.hour())?),
        minute: Some(part(time.minute())?),
        second: Some(part(time.second())?),
        ..PartialDateTime::default()
    })
}
