//! Calendars as other programs write them, with the mistakes that were made about them before, such as what broke
//! Grafana OnCall once. `tests/cases/oncall` has the cases 100 and 101.

use super::*;

const PEOPLE: &str = r#"
[[person]]
name = "anna"
title = "Kovács Anna"
way = [{ receiver = "mail", to = "Anna.Kovacs@example.com" }]

[[person]]
name = "bela"
title = "Béla"

[[person]]
name = "csilla"
way = [{ receiver = "slack", to = "U0123ABCD" }]

[[rotation]]
name = "press"
time_zone = "Europe/Budapest"
layer = [{ shift = "daily", stretch = [{ from = "2026-01-01 09:00", members = ["anna"] }] }]
"#;

fn at(text: &str) -> Timestamp {
    Timestamp(text.parse::<jiff::Timestamp>().unwrap().as_millisecond())
}

fn read_with(people: &str, calendar: &str, from: &str, to: &str) -> Result<CalendarShifts, Unreadable> {
    let config: Config = toml::from_str(people).unwrap();
    let wanted = Wanted { config: &config, rotation: "press", from: at(from), to: at(to) };
    read(calendar.replace('\n', "\r\n").as_bytes(), &wanted)
}

fn read_all(events: &str) -> CalendarShifts {
    let calendar = format!("BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//test//EN\n{events}END:VCALENDAR\n");
    read_with(PEOPLE, &calendar, "2026-01-01T00:00Z", "2027-01-01T00:00Z").unwrap()
}

/// One event, and its own lines.
fn event(lines: &str) -> String {
    format!("BEGIN:VEVENT\nDTSTAMP:20260101T000000Z\n{lines}END:VEVENT\n")
}

/// Shifts in a few letters: `03-28T22:00/03-29T04:00 anna`.
fn shown(read: &CalendarShifts) -> Vec<String> {
    let instant = |at: Timestamp| at.to_string()[5..16].to_owned();
    let shift = |it: &RosterShift| format!("{}/{} {}", instant(it.from), instant(it.to), it.people.join("+"));
    read.shifts.iter().map(|it| shift(it).trim_end().to_owned()).collect()
}

fn faults(read: &CalendarShifts) -> Vec<(FaultKind, &str)> {
    read.faults.iter().map(|it| (it.fault, it.event.as_str())).collect()
}

/// The shifts of one event that all of it can be taken of.
fn shifts(lines: &str) -> Vec<String> {
    let read = read_all(&event(lines));
    assert_eq!(faults(&read), [], "{lines}");
    shown(&read)
}

#[test]
fn who_takes_part_counts_before_the_name_of_the_event() {
    let with = |lines: &str| {
        let read =
            read_all(&event(&format!("UID:1\nDTSTART:20260301T080000Z\nDURATION:PT1H\nSUMMARY:Csilla\n{lines}")));
        assert_eq!(faults(&read), []);
        shown(&read)[0][24..].to_owned()
    };
    assert_eq!(with("ATTENDEE;CN=Somebody;PARTSTAT=ACCEPTED:mailto:anna.kovacs@EXAMPLE.com\n"), "anna");
    assert_eq!(with("ATTENDEE;PARTSTAT=DECLINED:MAILTO:anna.kovacs@example.com\n"), "csilla");
    assert_eq!(with("ATTENDEE:mailto:somebody@example.com\n"), "csilla", "the name counts where nobody is known");
    assert_eq!(with("ATTENDEE:U0123ABCD\n"), "csilla", "only a mail address counts");
}

#[test]
fn local_times_have_their_instant_in_the_nights_in_which_clocks_are_turned() {
    let local = |start: &str, end: &str, more: &str| {
        let zone = "TZID=Europe/Budapest";
        shifts(&format!("UID:1\nDTSTART;{zone}:{start}\nDTEND;{zone}:{end}\nSUMMARY:Anna\n{more}"))
    };
    // Missing, and twice: as the first occurrence, and as a later one.
    assert_eq!(local("20260329T023000", "20260329T060000", ""), ["03-29T01:30/03-29T04:00 anna"]);
    assert_eq!(local("20261025T023000", "20261025T060000", ""), ["10-25T00:30/10-25T05:00 anna"]);
    let daily = "RRULE:FREQ=DAILY;COUNT=3\n";
    let spring = ["03-28T01:30/03-28T05:00 anna", "03-29T01:30/03-29T04:00 anna", "03-30T00:30/03-30T04:00 anna"];
    assert_eq!(local("20260328T023000", "20260328T060000", daily), spring);
    assert_eq!(local("20260329T023000", "20260329T060000", "RRULE:FREQ=DAILY;COUNT=2\n"), spring[1..]);
    let autumn = ["10-24T00:30/10-24T04:00 anna", "10-25T00:30/10-25T05:00 anna", "10-26T01:30/10-26T05:00 anna"];
    assert_eq!(local("20261024T023000", "20261024T060000", daily), autumn);
    assert_eq!(local("20261025T023000", "20261025T060000", "RRULE:FREQ=DAILY;COUNT=2\n"), autumn[1..]);
    // An end that is missing or comes twice.
    assert_eq!(local("20260328T180000", "20260329T023000", ""), ["03-28T17:00/03-29T01:30 anna"]);
    assert_eq!(local("20261024T180000", "20261025T023000", ""), ["10-24T16:00/10-25T00:30 anna"]);
    // A night ends when the clock shows its end; a length of hours passes.
    let nights = ["03-27T21:00/03-28T05:00 anna", "03-28T21:00/03-29T04:00 anna", "03-29T20:00/03-30T04:00 anna"];
    assert_eq!(local("20260327T220000", "20260328T060000", daily), nights);
    let length = "UID:1\nDTSTART;TZID=Europe/Budapest:20260328T220000\nDURATION:PT8H\nSUMMARY:Anna\n";
    assert_eq!(shifts(length), ["03-28T21:00/03-29T05:00 anna"]);
    let day = "UID:1\nDTSTART;TZID=Europe/Budapest:20260328T220000\nDURATION:P1D\nSUMMARY:Anna\n";
    assert_eq!(shifts(day), ["03-28T21:00/03-29T20:00 anna"]);
}

#[test]
fn series_end_and_have_holes() {
    let weekly = |more: &str| {
        let zone = "TZID=Europe/Budapest";
        let lines =
            format!("UID:1\nDTSTART;{zone}:20260323T090000\nDTEND;{zone}:20260323T100000\nSUMMARY:Anna\n{more}");
        shifts(&lines).into_iter().map(|it| it[..11].to_owned()).collect::<Vec<_>>()
    };
    let rule = "RRULE:FREQ=WEEKLY;BYDAY=MO";
    // With Z, without it, and as a day: each is the last one with it.
    for until in ["20260406T070000Z", "20260406T090000", "20260406"] {
        assert_eq!(
            weekly(&format!("{rule};UNTIL={until}\n")),
            ["03-23T08:00", "03-30T07:00", "04-06T07:00"],
            "{until}"
        );
    }
    for until in ["20260406T065959Z", "20260406T085959", "20260405"] {
        assert_eq!(weekly(&format!("{rule};UNTIL={until}\n")), ["03-23T08:00", "03-30T07:00"], "{until}");
    }
    let out = ["TZID=Europe/Budapest:20260330T090000", "TZID=UTC:20260330T070000", "VALUE=DATE:20260330"];
    for out in out.map(|out| format!("EXDATE;{out}")).iter().chain(&["EXDATE:20260330T070000Z".to_owned()]) {
        assert_eq!(weekly(&format!("{rule};COUNT=3\n{out}\n")), ["03-23T08:00", "04-06T07:00"], "{out}");
    }
    let more = "RDATE;TZID=Europe/Budapest:20260325T090000,20260326T090000\nRDATE;VALUE=PERIOD:20260327T080000Z/PT2H\n";
    assert_eq!(weekly(more), ["03-23T08:00", "03-25T08:00", "03-26T08:00", "03-27T08:00"]);
    assert_eq!(weekly("RRULE:FREQ=WEEKLY;UNTIL=20200101T000000Z\n"), ["03-23T08:00"], "over before it begins");
    // A series that began long ago goes on.
    let old = "UID:1\nDTSTART:20110101T080000Z\nDURATION:PT1H\nSUMMARY:Anna\nRRULE:FREQ=DAILY\n";
    assert_eq!(shifts(old).len(), 365);
    let read =
        read_all(&event("UID:1\nDTSTART:20260101T080000Z\nDURATION:PT1S\nSUMMARY:Anna\nRRULE:FREQ=MINUTELY;COUNT=3\n"));
    assert_eq!((shown(&read).len(), faults(&read)), (0, vec![(FaultKind::UnreadRule, "Anna")]));
    let read = read_all(&event("UID:1\nDTSTART:20260101T080000Z\nDURATION:PT1H\nSUMMARY:Anna\nRRULE:FREQ=SOMETIMES\n"));
    assert_eq!((shown(&read).len(), faults(&read)), (0, vec![(FaultKind::UnreadRule, "Anna")]));
}

#[test]
fn an_exception_may_hold_for_all_later_ones() {
    let zone = "TZID=Europe/Budapest";
    let series =
        format!("UID:1\nDTSTART;{zone}:20260301T090000\nDURATION:PT1H\nSUMMARY:Anna\nRRULE:FREQ=DAILY;COUNT=4\n");
    let later = format!(
        "UID:1\nRECURRENCE-ID;RANGE=THISANDFUTURE;{zone}:20260303T090000\nDTSTART;{zone}:20260303T110000\nDURATION:PT2H\nSUMMARY:Béla\n"
    );
    let read = read_all(&(event(&series) + &event(&later)));
    let expected = [
        "03-01T08:00/03-01T09:00 anna",
        "03-02T08:00/03-02T09:00 anna",
        "03-03T10:00/03-03T12:00 bela",
        "03-04T10:00/03-04T12:00 bela",
    ];
    assert_eq!(shown(&read), expected);
    // One of an occurrence that is not there, or of a series that is not there, stands for itself.
    let alone = format!(
        "UID:2\nRECURRENCE-ID;{zone}:20260303T090000\nDTSTART;{zone}:20260305T090000\nDURATION:PT1H\nSUMMARY:Anna\n"
    );
    assert_eq!(shown(&read_all(&event(&alone))), ["03-05T08:00/03-05T09:00 anna"]);
    // Moved from beyond the span into it.
    let far = format!("UID:3\nDTSTART;{zone}:20260301T090000\nDURATION:PT1H\nSUMMARY:Anna\nRRULE:FREQ=YEARLY\n");
    let moved = format!(
        "UID:3\nRECURRENCE-ID;{zone}:20280301T090000\nDTSTART;{zone}:20261201T090000\nDURATION:PT1H\nSUMMARY:Béla\n"
    );
    let expected = ["03-01T08:00/03-01T09:00 anna", "12-01T08:00/12-01T09:00 bela"];
    assert_eq!(shown(&read_all(&(event(&far) + &event(&moved)))), expected);
}

#[test]
fn the_same_uid_twice_is_a_revision_or_another_event() {
    let one = |start: &str, more: &str| event(&format!("UID:1\nDTSTART:{start}\nDURATION:PT1H\n{more}"));
    let (first, second) = ("20260301T080000Z", "20260302T080000Z");
    let read = read_all(&(one(first, "SEQUENCE:2\nSUMMARY:Anna\n") + &one(second, "SEQUENCE:1\nSUMMARY:Anna\n")));
    assert_eq!(shown(&read), ["03-01T08:00/03-01T09:00 anna"], "changed more often");
    let read = read_all(&(one(first, "SUMMARY:Anna\n") + &one(second, "SUMMARY:Béla\n")));
    assert_eq!(shown(&read), ["03-01T08:00/03-01T09:00 anna", "03-02T08:00/03-02T09:00 bela"], "two events");
    let read = read_all(&(one(first, "SUMMARY:Anna\n") + &one(first, "SUMMARY:Béla\n")));
    assert_eq!(shown(&read), ["03-01T08:00/03-01T09:00 bela"], "the last one of the same time");
}

#[test]
fn zones_are_known_by_the_names_that_programs_give_them() {
    let start =
        |zone: &str| event(&format!("UID:1\nDTSTART;TZID={zone}:20260701T090000\nDURATION:PT1H\nSUMMARY:Anna\n"));
    for zone in [
        "Europe/Budapest",
        "Central Europe Standard Time",
        "\"(UTC+01:00) Belgrade, Bratislava, Budapest, Ljubljana, Prague\"",
        "/freeassociation.sourceforge.net/Europe/Budapest",
        "/softwarestudio.org/Olson_20011030_5/Europe/Budapest",
    ] {
        assert_eq!(shown(&read_all(&start(zone))), ["07-01T07:00/07-01T08:00 anna"], "{zone}");
    }
    // A name of its own, with the rules of the rotation's zone, and with others.
    let part = |kind: &str, from: &str, to: &str| {
        format!("BEGIN:{kind}\nDTSTART:16010101T030000\nTZOFFSETFROM:{from}\nTZOFFSETTO:{to}\nEND:{kind}\n")
    };
    let zone = |winter: &str, summer: &str| {
        let parts = part("STANDARD", summer, winter) + &part("DAYLIGHT", winter, summer);
        format!("BEGIN:VTIMEZONE\nTZID:Customized Time Zone\n{parts}END:VTIMEZONE\n")
    };
    let own = start("Customized Time Zone");
    assert_eq!(shown(&read_all(&(zone("+0100", "+0200") + &own))), ["07-01T07:00/07-01T08:00 anna"]);
    for calendar in [zone("-0500", "-0400") + &own, start("Mars/Olympus")] {
        let read = read_all(&calendar);
        assert_eq!((shown(&read).len(), faults(&read)), (0, vec![(FaultKind::UnknownZone, "Anna")]));
    }
    // A time without a zone is of the calendar's, which may say another one than the rotation has.
    let floating = event("UID:1\nDTSTART:20260701T090000\nDURATION:PT1H\nSUMMARY:Anna\n");
    assert_eq!(shown(&read_all(&floating)), ["07-01T07:00/07-01T08:00 anna"]);
    let read = read_all(&("X-WR-TIMEZONE:Europe/London\n".to_owned() + &floating));
    assert_eq!(shown(&read), ["07-01T08:00/07-01T09:00 anna"]);
    let read = read_all(&("X-WR-TIMEZONE:Mars/Olympus\n".to_owned() + &floating));
    assert_eq!(shown(&read), ["07-01T07:00/07-01T08:00 anna"]);
}

#[test]
fn lines_are_folded_anywhere_and_ends_may_be_missing() {
    let folded = "UID:1\nDTSTART:2026\n 0301T08\n\t0000Z\nSUMMARY:Ko\n vács A\n nna\n";
    assert_eq!(shifts(&format!("{folded}DURATION:PT1H\n")), ["03-01T08:00/03-01T09:00 anna"]);
    // Within a letter: the two bytes of á.
    let config: Config = toml::from_str(PEOPLE).unwrap();
    let wanted =
        Wanted { config: &config, rotation: "press", from: at("2026-01-01T00:00Z"), to: at("2027-01-01T00:00Z") };
    let bytes = b"\xef\xbb\xbfBEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260301T080000Z\nDURATION:PT1H\nSUMMARY:B\xc3\r\n \xa9la\nEND:VEVENT\nEND:VCALENDAR";
    assert_eq!(shown(&read(bytes, &wanted).unwrap()), ["03-01T08:00/03-01T09:00 bela"]);
    for (lines, fault) in [
        ("UID:1\nDTSTART:20260301T080000Z\nSUMMARY:Anna\n", FaultKind::NoLength),
        ("UID:1\nDTSTART:20260301T080000Z\nDTEND:20260301T070000Z\nSUMMARY:Anna\n", FaultKind::NoLength),
        ("UID:1\nDTEND:20260301T080000Z\nSUMMARY:Anna\n", FaultKind::NoTime),
        ("UID:1\nDTSTART:20260231T080000Z\nDURATION:PT1H\nSUMMARY:Anna\n", FaultKind::NoTime),
        ("UID:1\nDTSTART:soon\nDURATION:PT1H\nSUMMARY:Anna\n", FaultKind::NoTime),
    ] {
        let read = read_all(&event(lines));
        assert_eq!((shown(&read).len(), faults(&read)), (0, vec![(fault, "Anna")]), "{lines}");
    }
}

#[test]
fn what_is_no_calendar_is_refused_as_a_whole() {
    let whole =
        |text: &str| read_with(PEOPLE, text, "2026-01-01T00:00Z", "2027-01-01T00:00Z").map(|it| it.shifts.len());
    for text in
        ["", "<!doctype html>\n<html><body>Sign in</body></html>\n", "BEGIN:VCARD\nVERSION:4.0\nFN:Anna\nEND:VCARD\n"]
    {
        assert_eq!(whole(text), Err(Unreadable::NoCalendar), "{text}");
    }
    assert_eq!(whole("BEGIN:VCALENDAR\nVERSION:2.0\nEND:VCALENDAR\n"), Ok(0));
    let some = event("UID:1\nDTSTART:20260301T080000Z\nDURATION:PT1H\nSUMMARY:Anna\n");
    let text = format!("BEGIN:VCALENDAR\n{some}{some}");
    assert_eq!(whole(&text), Err(Unreadable::CutOff));
    assert_eq!(whole(&text[..text.len() - 5]), Err(Unreadable::CutOff));
    assert_eq!(whole(&" ".repeat(MOST_BYTES + 1)), Err(Unreadable::TooLong));
    let often = "DTSTART:20260301T080000Z\nDURATION:PT1H\nRRULE:FREQ=HOURLY\nSUMMARY:Anna\n";
    let calendar = |events: String| whole(&format!("BEGIN:VCALENDAR\n{events}END:VCALENDAR\n"));
    assert_eq!(calendar(event(often)), Err(Unreadable::TooManyShifts));
    assert_eq!(calendar(event(often).repeat(MOST_RULES + 1)), Err(Unreadable::TooManyEvents));
    assert_eq!(
        calendar("BEGIN:VEVENT\nDTSTART:20300301T080000Z\nDURATION:PT1H\nEND:VEVENT\n".repeat(MOST_EVENTS + 1)),
        Err(Unreadable::TooManyEvents)
    );
    let never = "DTSTART:20260301T080000Z\nDURATION:PT1H\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30\nSUMMARY:Anna\n";
    assert_eq!(calendar(event(never)), Ok(1));
    assert_eq!(calendar(event(never).repeat(MOST_RULES)), Err(Unreadable::TooManyEvents), "soon");
    let later = "DTSTART:20300301T080000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY\nSUMMARY:Anna\n";
    assert_eq!(calendar(event(later).repeat(100)), Ok(0), "series that begin after the time that is read");
    let unknown = event("DTSTART:20260301T080000Z\nDURATION:PT1H\nSUMMARY:Nobody\n").repeat(30);
    let read = read_with(
        PEOPLE,
        &format!("BEGIN:VCALENDAR\n{unknown}END:VCALENDAR\n"),
        "2026-01-01T00:00Z",
        "2027-01-01T00:00Z",
    );
    let read = read.unwrap();
    assert_eq!((read.faults.len(), read.further_faults, read.shifts.len()), (MOST_FAULTS, 10, 1));
}
