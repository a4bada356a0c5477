//! A calendar is somebody else's text: whatever stands in it, reading ends, and gives shifts of the span in order.

use proptest::prelude::*;

use super::*;
use crate::cases_fixture::cases;

/// Lines of which calendars are made, whole and broken.
const LINES: &[&str] = &[
    "BEGIN:VCALENDAR",
    "END:VCALENDAR",
    "BEGIN:VEVENT",
    "END:VEVENT",
    "BEGIN:VTIMEZONE",
    "END:VTIMEZONE",
    "BEGIN:STANDARD",
    "END:STANDARD",
    "TZOFFSETTO:+0100",
    "TZOFFSETTO:-9999",
    "TZID:Custom",
    "X-WR-TIMEZONE:Europe/Budapest",
    "UID:1",
    "UID:2",
    "SEQUENCE:99999999999999999999",
    "SEQUENCE:1",
    "STATUS:CANCELLED",
    "SUMMARY:Anna",
    "SUMMARY:",
    "ATTENDEE:mailto:anna@example.com",
    "ATTENDEE;PARTSTAT=DECLINED:mailto:",
    "DTSTART:20260329T023000",
    "DTSTART;TZID=Europe/Budapest:20260329T023000",
    "DTSTART;TZID=Pacific/Apia:20111230T120000",
    "DTSTART;VALUE=DATE:20260329",
    "DTSTART:00010101T000000Z",
    "DTSTART:99991231T235959Z",
    "DTSTART;TZID=Custom:20260301T090000",
    "DTEND:20260330T023000Z",
    "DTEND:99991231T235960Z",
    "DTEND;VALUE=DATE:20260401",
    "DURATION:PT8H",
    "DURATION:-P999999999W",
    "DURATION:P4294967295W4294967295DT4294967295H4294967295M4294967295S",
    "RECURRENCE-ID:20260330T023000",
    "RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Budapest:20260330T023000",
    "RECURRENCE-ID:99991231T235959",
    "EXDATE:20260331T023000,20260331T023000Z",
    "EXDATE;VALUE=DATE:20260331",
    "RDATE;VALUE=PERIOD:20260401T080000Z/PT2H,20260401T080000Z/00010101T000000Z",
    "RDATE:99991231T235959Z",
];

const RULES: &[&str] = &[
    "FREQ=SECONDLY",
    "FREQ=MINUTELY",
    "FREQ=HOURLY",
    "FREQ=DAILY",
    "FREQ=WEEKLY",
    "FREQ=MONTHLY",
    "FREQ=YEARLY",
    "INTERVAL=0",
    "INTERVAL=1",
    "INTERVAL=65535",
    "COUNT=0",
    "COUNT=3",
    "COUNT=4294967295",
    "UNTIL=20270101",
    "UNTIL=00010101T000000Z",
    "UNTIL=99991231T235959Z",
    "BYDAY=MO,TU",
    "BYDAY=-1SU",
    "BYDAY=53MO",
    "BYDAY=-32768MO",
    "BYMONTH=2",
    "BYMONTH=0",
    "BYMONTH=13",
    "BYMONTHDAY=30",
    "BYMONTHDAY=-31",
    "BYMONTHDAY=-128",
    "BYYEARDAY=366",
    "BYYEARDAY=-366",
    "BYYEARDAY=-32768",
    "BYWEEKNO=53",
    "BYWEEKNO=-53",
    "BYWEEKNO=-128",
    "BYHOUR=2",
    "BYHOUR=255",
    "BYMINUTE=30",
    "BYSECOND=60",
    "BYSETPOS=1",
    "BYSETPOS=-1",
    "BYSETPOS=-2147483648",
    "BYSETPOS=366",
    "WKST=SU",
    "RSCALE=HEBREW",
    "SKIP=BACKWARD",
];

fn config() -> Config {
    toml::from_str(
        r#"
        [[person]]
        name = "anna"
        way = [{ receiver = "mail", to = "anna@example.com" }]
        [[rotation]]
        name = "press"
        time_zone = "Europe/Budapest"
        layer = [{ shift = "daily", stretch = [{ from = "2026-01-01 09:00", members = ["anna"] }] }]
        "#,
    )
    .unwrap()
}

fn check(calendar: &[u8]) -> Result<(), TestCaseError> {
    let config = config();
    let (from, to) = (Timestamp(1_767_225_600_000), Timestamp(1_798_761_600_000));
    let Ok(read) = read(calendar, &Wanted { config: &config, rotation: "press", from, to }) else { return Ok(()) };
    prop_assert!(read.shifts.len() <= MOST_SHIFTS && read.faults.len() <= MOST_FAULTS);
    prop_assert!(read.shifts.is_sorted_by_key(|shift| (shift.from, shift.to)));
    for shift in &read.shifts {
        prop_assert!(shift.from < shift.to && shift.from < to && shift.to > from, "{shift:?}");
        prop_assert!(shift.people.iter().all(|name| name == "anna"));
    }
    Ok(())
}

fn line() -> impl Strategy<Value = String> {
    let rule = proptest::sample::subsequence(RULES, 1..5).prop_map(|parts| format!("RRULE:{}", parts.join(";")));
    prop_oneof![6 => proptest::sample::select(LINES).prop_map(str::to_owned), 1 => rule]
}

fn event() -> impl Strategy<Value = String> {
    let rule = proptest::sample::subsequence(RULES, 1..6).prop_map(|parts| format!("RRULE:{}", parts.join(";")));
    let lines = proptest::collection::vec(proptest::sample::select(&LINES[12..]), 2..8);
    (lines, proptest::option::of(rule)).prop_map(|(lines, rule)| {
        format!("BEGIN:VEVENT\r\n{}\r\n{}\r\nEND:VEVENT\r\n", lines.join("\r\n"), rule.unwrap_or_default())
    })
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        check(&bytes)?;
        check(&[b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n".as_slice(), &bytes, b"\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"].concat())?;
    }

    #[test]
    fn lines_are_read_in_any_order(lines in proptest::collection::vec(line(), 0..20)) {
        check(format!("BEGIN:VCALENDAR\r\n{}\r\n", lines.join("\r\n")).as_bytes())?;
    }

    #[test]
    fn events_are_read_whatever_they_say(events in proptest::collection::vec(event(), 1..4)) {
        check(format!("BEGIN:VCALENDAR\r\n{}END:VCALENDAR\r\n", events.concat()).as_bytes())?;
    }

    #[test]
    fn a_calendar_that_was_damaged_is_read_or_refused(
        events in proptest::collection::vec(event(), 1..4),
        damage in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        let mut calendar = format!("BEGIN:VCALENDAR\r\n{}END:VCALENDAR\r\n", events.concat()).into_bytes();
        for (place, byte) in damage {
            let place = place.index(calendar.len());
            calendar[place] = byte;
        }
        check(&calendar)?;
    }
}
