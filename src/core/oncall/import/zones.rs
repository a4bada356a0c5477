//! The time zones that a calendar names.
//!
//! What a zone is called is believed, not what a `VTIMEZONE` says of its rules: these are often those of one year.
//! Names of Windows and of Outlook are known to `calcard`. A zone with a name of its own is taken for that of the
//! calendar where its offsets are the same.

use std::collections::BTreeSet;

use calcard::common::timezone::Tz;
use calcard::icalendar::timezone::TzResolver;
use calcard::icalendar::{ICalendar, ICalendarComponent, ICalendarComponentType, ICalendarProperty, ICalendarValue};
use orszem_records::time::Timestamp;

use super::super::local_clock::{DAY, LocalClock};

/// The clocks of a calendar.
pub(super) struct Zones<'c> {
    resolver: TzResolver<&'c str>,
    /// Of times without a zone, and of whole days.
    pub(super) own: LocalClock,
    /// Zones with names that say nothing, whose offsets are those of `own`.
    alike: BTreeSet<&'c str>,
}

impl<'c> Zones<'c> {
    /// `rotation` is the zone of a calendar that names none.
    pub(super) fn of(calendar: &'c ICalendar, rotation: &str, around: Timestamp) -> Zones<'c> {
        let resolver = calendar.build_tz_resolver();
        let named = calendar.components.iter().flat_map(|component| &component.entries).find_map(|entry| {
            let is_zone =
                matches!(&entry.name, ICalendarProperty::Other(name) if name.eq_ignore_ascii_case("X-WR-TIMEZONE"));
            text(entry.values.first()).filter(|_| is_zone)
        });
        let own = named
            .and_then(|name| clock(name, resolver.resolve(name)?))
            .unwrap_or_else(|| LocalClock::named(Some(rotation)));
        let year = (0..12).map(|month| around.plus(1000 * 30 * DAY * month));
        let offsets: BTreeSet<i64> = year.map(|at| own.offset(at)).collect();
        let zones = calendar.timezones().filter(|zone| offsets_of(calendar, zone) == offsets);
        let alike = zones.filter_map(|zone| {
            let id = zone.entries.iter().find(|entry| entry.name == ICalendarProperty::Tzid)?;
            text(id.values.first())
        });
        Zones { alike: alike.collect(), resolver, own }
    }

    /// The clock of a zone by its name in the calendar.
    pub(super) fn clock(&self, name: &str) -> Option<LocalClock> {
        let known = || self.resolver.resolve(name).and_then(|zone| clock(name, zone));
        by_city(name)
            .or_else(known)
            .or_else(|| by_path(name))
            .or_else(|| self.alike.contains(name).then(|| self.own.clone()))
    }
}

/// The clock of a zone that was found by a name. An offset that was read from the name does not count: what is called
/// `(UTC+01:00) Budapest` has another one in summer.
fn clock(name: &str, zone: Tz) -> Option<LocalClock> {
    let Tz::Tz(zone) = zone else { return None };
    let is_offset = zone.name().starts_with("Etc/GMT") && !name.contains("Etc/GMT");
    // One that is not in our database would be UTC without a word.
    let is_known = !is_offset && jiff::tz::TimeZone::get(zone.name()).is_ok();
    is_known.then(|| LocalClock::named(Some(zone.name())))
}

/// The clock of the first city of a name as Outlook shows it: `(UTC+01:00) Belgrade, Bratislava, Budapest`.
fn by_city(name: &str) -> Option<LocalClock> {
    let cities = name.strip_prefix('(')?.split_once(')')?.1;
    let zones: Vec<String> = jiff::tz::db().available().map(|zone| zone.as_str().to_owned()).collect();
    let city = |city: &str| {
        let end = format!("/{}", city.trim().replace(' ', "_"));
        zones.iter().find(|zone| zone.ends_with(&end)).map(|zone| LocalClock::named(Some(zone)))
    };
    cities.split(',').find_map(city)
}

/// The clock of a name with that of a registry before it: `/freeassociation.sourceforge.net/Europe/Budapest`.
fn by_path(name: &str) -> Option<LocalClock> {
    let path = name.strip_prefix('/')?;
    let ends = path.match_indices('/').map(|(at, _)| &path[at + 1..]);
    ends.filter(|end| end.contains('/'))
        .find(|end| jiff::tz::TimeZone::get(end).is_ok())
        .map(|zone| LocalClock::named(Some(zone)))
}

fn text(value: Option<&ICalendarValue>) -> Option<&str> {
    match value {
        Some(ICalendarValue::Text(text)) => Some(text),
        _ => None,
    }
}

/// The offsets of a zone of the calendar, in seconds.
fn offsets_of(calendar: &ICalendar, zone: &ICalendarComponent) -> BTreeSet<i64> {
    let parts = zone.component_ids.iter().filter_map(|id| calendar.components.get(usize::try_from(*id).ok()?));
    let parts = parts.filter(|part| {
        matches!(part.component_type, ICalendarComponentType::Standard | ICalendarComponentType::Daylight)
    });
    let entries = parts.flat_map(|part| &part.entries).filter(|entry| entry.name == ICalendarProperty::Tzoffsetto);
    let offset = |value: &ICalendarValue| match value {
        ICalendarValue::PartialDateTime(time) => {
            let seconds = 3_600 * i64::from(time.tz_hour?) + 60 * i64::from(time.tz_minute.unwrap_or(0));
            Some(if time.tz_minus { -seconds } else { seconds })
        }
        _ => None,
    };
    entries.filter_map(|entry| offset(entry.values.first()?)).collect()
}
