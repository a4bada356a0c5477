//! Hours that go by what the clock on the wall shows: quiet hours and working hours of people. An hour that comes twice
//! is quiet twice, one that is missing not at all. Rotations are different: there each local time has one instant.

use orszem_records::time::Timestamp;

use super::local_clock::{DAY, LocalClock, weekday};
use crate::settings::Person;
use crate::settings::calendar::Hours;

/// The clock on the wall of a person: that of their time zone, else of a zone for all (`[web] time_zone`), else UTC.
pub fn clock(person: &Person, for_all: Option<&str>) -> LocalClock {
    LocalClock::named(person.time_zone.as_deref().or(for_all))
}

/// Until when a person is not to be called for a severity; `None` where they may be called at this moment.
pub fn quiet_until(person: &Person, clock: &LocalClock, severity: u8, at: Timestamp) -> Option<Timestamp> {
    let those = person.quiet_hours.iter().filter(|quiet| severity > 1 && quiet.severities.contains(&severity));
    let hours: Vec<Hours> = those.map(|quiet| quiet.hours()).collect();
    // Hours without an end would be a person who is never called: `check` refuses them, and they count for nothing.
    shows(&hours, clock, at).then(|| next_change(&hours, clock, at))?
}

/// Whether a person works at a moment; always where they give no working hours.
pub fn is_working(person: &Person, clock: &LocalClock, at: Timestamp) -> bool {
    person.working_hours.is_empty() || shows(&person.working_hours, clock, at)
}

/// Whether the clock on the wall shows a time within some hours.
pub fn shows(hours: &[Hours], clock: &LocalClock, at: Timestamp) -> bool {
    let local = clock.local(at);
    edges(hours, local, 0).any(|(from, to)| from <= local && local < to)
}

/// The first moment after `at` at which [`shows`] is otherwise; `None` where it never changes.
pub fn next_change(hours: &[Hours], clock: &LocalClock, at: Timestamp) -> Option<Timestamp> {
    let before = shows(hours, clock, at);
    let mut now = at;
    // A week has at most fourteen ends of each hours; with those that touch one another, and turns of the clock.
    for _ in 0..16 * (hours.len() + 1) {
        let offset = clock.offset(now);
        let ends = edges(hours, clock.local(now), 8).flat_map(|(from, to)| [from, to]);
        let next = ends.map(|local| Timestamp(1000 * (local - offset))).filter(|end| *end > now).min()?;
        now = clock.next_turn(now).map_or(next, |turn| turn.min(next));
        if shows(hours, clock, now) != before {
            return Some(now);
        }
    }
    None
}

/// From when to when hours are that begin from two days before a local time to some days after it.
fn edges(hours: &[Hours], local: i64, days_after: i64) -> impl Iterator<Item = (i64, i64)> {
    let today = local.div_euclid(DAY);
    (today - 2..=today + days_after).flat_map(move |day| {
        let of_day = hours.iter().filter(move |hours| hours.begin_on(weekday(day)));
        of_day.map(Hours::seconds).map(move |(from, to)| (day * DAY + from, day * DAY + to))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::calendar::Clock;

    fn at(text: &str) -> Timestamp {
        Timestamp(text.parse::<jiff::Timestamp>().unwrap().as_millisecond())
    }

    fn hours(from: u16, to: u16) -> Vec<Hours> {
        vec![Hours { weekdays: Vec::new(), from: Clock(from), to: Clock(to) }]
    }

    /// When hours begin and end from a moment on.
    fn changes(hours: &[Hours], from: &str, number: usize) -> Vec<String> {
        let budapest = LocalClock::named(Some("Europe/Budapest"));
        let next = |now: &Timestamp| next_change(hours, &budapest, *now);
        let all = std::iter::successors(next(&at(from)), next);
        all.take(number).map(|at| at.to_string().replace(":00Z", "Z")).collect()
    }

    #[test]
    fn hours_by_the_wall_come_twice_or_not_at_all_when_the_clock_is_turned() {
        // Cases 36 and 37 of the cases for respond.
        assert_eq!(
            changes(&hours(120, 150), "2026-10-24T12:00Z", 4),
            ["2026-10-25T00:00Z", "2026-10-25T00:30Z", "2026-10-25T01:00Z", "2026-10-25T01:30Z"]
        );
        assert_eq!(changes(&hours(120, 150), "2026-03-28T12:00Z", 1), ["2026-03-30T00:00Z"]);
        assert_eq!(changes(&hours(120, 180), "2026-10-24T12:00Z", 2), ["2026-10-25T00:00Z", "2026-10-25T02:00Z"]);
        assert_eq!(changes(&hours(0, 1440), "2026-10-24T12:00Z", 1), [""; 0], "all day is for ever");
        assert_eq!(changes(&[], "2026-10-24T12:00Z", 1), [""; 0]);
    }

    #[test]
    fn quiet_hours_are_of_a_severity_and_end() {
        // Case 38.
        let person = r#"
            name = "anna"
            time_zone = "Europe/Budapest"
            quiet_hours = [{ severities = [3, 4], from = "22:00", to = "07:00" }]
            working_hours = [{ weekdays = ["monday"], from = "08:00", to = "17:00" }]
        "#;
        let person: Person = toml::from_str(person).unwrap();
        let clock = clock(&person, None);
        let quiet = |severity, text| quiet_until(&person, &clock, severity, at(text)).map(|at| at.to_string());
        assert_eq!(quiet(3, "2026-10-24T20:00Z"), Some("2026-10-25T06:00:00Z".into()));
        assert_eq!(quiet(3, "2026-03-28T21:00Z"), Some("2026-03-29T05:00:00Z".into()));
        assert_eq!((quiet(2, "2026-10-24T20:00Z"), quiet(4, "2026-10-24T19:59Z")), (None, None));
        assert!(
            is_working(&person, &clock, at("2026-06-01T06:00Z"))
                && !is_working(&person, &clock, at("2026-06-02T06:00Z"))
        );
    }
}
