//! One event of a calendar: when it is, how it is repeated, and whom it names.

use calcard::common::PartialDateTime;
use calcard::icalendar::{
    ICalendarComponent, ICalendarDuration, ICalendarEntry, ICalendarParameterName, ICalendarParameterValue,
    ICalendarParticipationStatus, ICalendarPeriod, ICalendarProperty, ICalendarRecurrenceRule, ICalendarStatus,
    ICalendarUserTypes, ICalendarValue, Uri,
};
use jiff::civil::{Date, DateTime, Time};
use orszem_records::team::shifts::FaultKind;
use orszem_records::time::Timestamp;

use super::super::local_clock::{DAY, LocalClock, seconds};
use super::zones::Zones;

/// An event as it stands in the calendar.
#[derive(Clone, Debug)]
pub(super) struct Event<'c> {
    /// Empty where it has none.
    pub(super) uid: &'c str,
    pub(super) sequence: i64,
    pub(super) start: Moment,
    pub(super) length: Length,
    pub(super) rules: Vec<&'c ICalendarRecurrenceRule>,
    /// Times at which it is as well, with the length where they have one of their own.
    pub(super) added: Vec<(Moment, Option<Length>)>,
    pub(super) left_out: Vec<Moment>,
    /// Which occurrence of its series it takes the place of.
    pub(super) replaces: Option<Moment>,
    /// It takes the place of those after that one, too.
    pub(super) and_later: bool,
    pub(super) is_cancelled: bool,
    /// The mail addresses of those who take part, in small letters.
    pub(super) attendees: Vec<String>,
    pub(super) summary: &'c str,
}

/// A time as it stands in a calendar.
#[derive(Clone, Debug)]
pub(super) struct Moment {
    /// As the clock shows it, in seconds.
    pub(super) local: i64,
    /// It is a whole day.
    pub(super) is_day: bool,
    pub(super) clock: LocalClock,
}

/// How long an event is: first by the clock, then by the time that passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Length {
    by_clock: i64,
    passing: i64,
}

impl Moment {
    pub(super) fn at(&self) -> Timestamp {
        self.clock.place(self.local)
    }

    /// The same instant by another clock.
    pub(super) fn by(&self, clock: &LocalClock) -> i64 {
        if self.clock == *clock || self.is_day { self.local } else { clock.local(self.at()) }
    }
}

impl Length {
    pub(super) fn end(self, start: &Moment) -> Timestamp {
        start.clock.place(start.local.saturating_add(self.by_clock)).plus(self.passing.saturating_mul(1000))
    }

    /// From one time to another. By one clock it is what that shows, so that a shift until 06:00 ends at 06:00 in the
    /// night in which clocks are turned, too.
    fn between(start: &Moment, end: &Moment) -> Length {
        if start.clock == end.clock {
            Length { by_clock: end.local - start.local, passing: 0 }
        } else {
            Length { by_clock: 0, passing: end.at().since(start.at()).div_euclid(1000) }
        }
    }

    fn of(duration: &ICalendarDuration) -> Length {
        let days = i64::from(duration.days) + 7 * i64::from(duration.weeks);
        let (hours, minutes) = (i64::from(duration.hours), i64::from(duration.minutes));
        let sign = if duration.neg { -1 } else { 1 };
        let passing = sign * (3_600 * hours + 60 * minutes + i64::from(duration.seconds));
        Length { by_clock: sign * days * DAY, passing }
    }
}

impl<'c> Event<'c> {
    /// What a component says; else what is wrong with it, and what it is called.
    pub(super) fn of(component: &'c ICalendarComponent, zones: &Zones<'_>) -> Result<Event<'c>, (FaultKind, &'c str)> {
        let summary = component.entries.iter().find(|entry| entry.name == ICalendarProperty::Summary);
        let summary = summary.and_then(|entry| text(entry.values.first()?)).unwrap_or_default();
        Event::read(component, zones, summary).map_err(|fault| (fault, summary))
    }

    fn read(component: &'c ICalendarComponent, zones: &Zones<'_>, summary: &'c str) -> Result<Event<'c>, FaultKind> {
        let (mut start, mut end, mut duration) = (None, None, None);
        let midnight = Moment { local: 0, is_day: true, clock: zones.own.clone() };
        let mut event = Event {
            uid: "",
            sequence: 0,
            start: midnight,
            length: Length { by_clock: 0, passing: 0 },
            rules: Vec::new(),
            added: Vec::new(),
            left_out: Vec::new(),
            replaces: None,
            and_later: false,
            is_cancelled: false,
            attendees: Vec::new(),
            summary,
        };
        for entry in &component.entries {
            let first = entry.values.first();
            match (&entry.name, first) {
                (ICalendarProperty::Uid, Some(uid)) => event.uid = text(uid).unwrap_or_default(),
                (ICalendarProperty::Sequence, Some(ICalendarValue::Integer(number))) => event.sequence = *number,
                (ICalendarProperty::Dtstart, _) => start = moments(entry, zones)?.into_iter().next(),
                (ICalendarProperty::Dtend, _) => end = moments(entry, zones)?.into_iter().next(),
                (ICalendarProperty::Duration, Some(ICalendarValue::Duration(it))) => duration = Some(Length::of(it)),
                (ICalendarProperty::Rrule, Some(ICalendarValue::RecurrenceRule(rule))) => event.rules.push(rule),
                // One that was not read as a rule would leave a series with its first shift alone.
                (ICalendarProperty::Rrule, _) => return Err(FaultKind::UnreadRule),
                (ICalendarProperty::Exdate, _) => event.left_out.extend(moments(entry, zones)?),
                (ICalendarProperty::Rdate, _) => event.added.extend(added(entry, zones)?),
                (ICalendarProperty::RecurrenceId, _) => {
                    event.replaces = Some(moments(entry, zones)?.into_iter().next().ok_or(FaultKind::NoTime)?);
                    event.and_later = entry.params.iter().any(|it| it.name == ICalendarParameterName::Range);
                }
                (ICalendarProperty::Status, Some(status)) => {
                    event.is_cancelled = matches!(status, ICalendarValue::Status(ICalendarStatus::Cancelled));
                }
                (ICalendarProperty::Attendee, Some(who)) => event.attendees.extend(attendee(entry, who)),
                _ => {}
            }
        }
        event.start = start.or_else(|| event.replaces.clone()).ok_or(FaultKind::NoTime)?;
        let whole_day = Length { by_clock: if event.start.is_day { DAY } else { 0 }, passing: 0 };
        let until_end = end.map(|end| Length::between(&event.start, &end));
        event.length = until_end.or(duration).unwrap_or(whole_day);
        if !event.is_cancelled && event.length.end(&event.start) <= event.start.at() {
            return Err(FaultKind::NoLength);
        }
        Ok(event)
    }
}

fn text(value: &ICalendarValue) -> Option<&str> {
    match value {
        ICalendarValue::Text(text) => Some(text),
        _ => None,
    }
}

/// The mail address of somebody who takes part and has not declined.
fn attendee(entry: &ICalendarEntry, who: &ICalendarValue) -> Option<String> {
    let says_no = entry.params.iter().any(|it| match &it.value {
        ICalendarParameterValue::Partstat(status) => *status == ICalendarParticipationStatus::Declined,
        ICalendarParameterValue::Cutype(kind) => {
            matches!(kind, ICalendarUserTypes::Resource | ICalendarUserTypes::Room)
        }
        _ => false,
    });
    let (ICalendarValue::Uri(Uri::Location(address)) | ICalendarValue::Text(address)) = who else { return None };
    let address = address.trim().to_lowercase();
    Some(address.strip_prefix("mailto:").unwrap_or(&address).trim().to_owned()).filter(|_| !says_no)
}

/// The times that a line lists.
fn moments(entry: &ICalendarEntry, zones: &Zones<'_>) -> Result<Vec<Moment>, FaultKind> {
    let clock = clock(entry, zones)?;
    let times = entry.values.iter().map(|value| match value {
        ICalendarValue::PartialDateTime(time) => moment(time, &clock, zones),
        _ => Err(FaultKind::NoTime),
    });
    times.collect()
}

/// The times that a series has beside those of its rule.
fn added(entry: &ICalendarEntry, zones: &Zones<'_>) -> Result<Vec<(Moment, Option<Length>)>, FaultKind> {
    let clock = clock(entry, zones)?;
    let times = entry.values.iter().map(|value| match value {
        ICalendarValue::PartialDateTime(time) => Ok((moment(time, &clock, zones)?, None)),
        ICalendarValue::Period(ICalendarPeriod::Range { start, end }) => {
            let start = moment(start, &clock, zones)?;
            let length = Length::between(&start, &moment(end, &clock, zones)?);
            Ok((start, Some(length)))
        }
        ICalendarValue::Period(ICalendarPeriod::Duration { start, duration }) => {
            Ok((moment(start, &clock, zones)?, Some(Length::of(duration))))
        }
        _ => Err(FaultKind::NoTime),
    });
    times.collect()
}

fn clock(entry: &ICalendarEntry, zones: &Zones<'_>) -> Result<LocalClock, FaultKind> {
    entry.tz_id().map_or_else(|| Ok(zones.own.clone()), |name| zones.clock(name).ok_or(FaultKind::UnknownZone))
}

fn moment(time: &PartialDateTime, clock: &LocalClock, zones: &Zones<'_>) -> Result<Moment, FaultKind> {
    let (local, is_day) = local(time).ok_or(FaultKind::NoTime)?;
    let clock = match (is_day, time.tz_hour) {
        (true, _) => zones.own.clone(),
        (false, Some(_)) => LocalClock::named(None),
        (false, None) => clock.clone(),
    };
    Ok(Moment { local: local - offset(time), is_day, clock })
}

/// What the clock shows, in seconds, and whether it is a whole day.
pub(super) fn local(time: &PartialDateTime) -> Option<(i64, bool)> {
    let number = |part: Option<u8>| i8::try_from(part.unwrap_or(0)).ok();
    let date = Date::new(i16::try_from(time.year?).ok()?, number(time.month)?, number(time.day)?).ok()?;
    // A second that is put in at the end of a minute (60) is the last one.
    let second = number(time.second)?.min(59);
    let of_day = Time::new(number(time.hour)?, number(time.minute)?, second, 0).ok()?;
    Some((seconds(DateTime::from_parts(date, of_day)), time.hour.is_none()))
}

/// What its offset from UTC is, in seconds.
pub(super) fn offset(time: &PartialDateTime) -> i64 {
    let offset = 3_600 * i64::from(time.tz_hour.unwrap_or(0)) + 60 * i64::from(time.tz_minute.unwrap_or(0));
    if time.tz_minus { -offset } else { offset }
}
