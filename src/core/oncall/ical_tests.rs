//! What subscribers read. Which shifts those are, and what they are called, say the cases 102 of `tests/cases/oncall`.

use super::*;
use crate::settings::Config;

fn at(text: &str) -> Timestamp {
    Timestamp(text.parse::<jiff::Timestamp>().unwrap().as_millisecond())
}

/// Anna and Béla take turns at 09:00 of each day.
fn roster() -> Roster {
    let config: Config = toml::from_str(
        r#"
        person = [{ name = "anna" }, { name = "bela" }, { name = "csilla" }]
        [[rotation]]
        name = "press"
        time_zone = "Europe/Budapest"
        [[rotation.layer]]
        shift = "daily"
        stretch = [{ from = "2026-03-27 09:00", members = ["anna", "bela"] }]
        [[rotation]]
        name = "chief"
        time_zone = "Europe/Budapest"
        [[rotation.layer]]
        shift = "weekly"
        stretch = [{ from = "2026-03-02 09:00", members = ["csilla"] }]
        "#,
    )
    .unwrap();
    Roster::new(&config)
}

fn feed(roster: &Roster, person: Option<&str>, title: &str) -> String {
    let feed = Feed {
        title,
        host: "orszem.example",
        now: at("2026-03-27T10:00Z"),
        from: at("2026-03-27T12:00Z"),
        to: at("2026-03-28T12:00Z"),
    };
    calendar(roster, &["press", "chief"], person, &feed, |event| format!("{}, {}", event.rotation, event.person))
}

#[test]
fn a_calendar_is_written_as_the_standard_says() {
    let text = feed(&roster(), Some("bela"), "On call");
    let expected = "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//orszem//on call//EN\nCALSCALE:GREGORIAN\nMETHOD:PUBLISH\n\
        NAME:On call\nX-WR-CALNAME:On call\nREFRESH-INTERVAL;VALUE=DURATION:PT1H\nX-PUBLISHED-TTL:PT1H\nBEGIN:VEVENT\n\
        UID:press.1774684800.bela.1@orszem.example\nSEQUENCE:0\nDTSTAMP:20260327T100000Z\nDTSTART:20260328T080000Z\n\
        DTEND:20260329T070000Z\nSUMMARY:press\\, bela\nTRANSP:TRANSPARENT\nEND:VEVENT\nEND:VCALENDAR\n";
    assert_eq!(text, expected.replace('\n', "\r\n"));
    assert_eq!(feed(&roster(), None, "On call").matches("BEGIN:VEVENT").count(), 3);
}

#[test]
fn long_lines_are_folded_between_characters_and_signs_are_escaped() {
    let title =
        "Sajtóügyelet; éjjel, \\ hétvégén\r\nés ünnepnapokon: \u{7}árvíztűrő tükörfúrógép, árvíztűrő tükörfúrógép";
    let text = feed(&roster(), None, title);
    assert!(text.lines().all(|line| line.len() <= 75), "{text}");
    assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
    let unfolded = text.replace("\r\n ", "");
    let name = unfolded.split("\r\n").find_map(|line| line.strip_prefix("NAME:")).unwrap();
    assert_eq!(
        name,
        "Sajtóügyelet\\; éjjel\\, \\\\ hétvégén\\nés ünnepnapokon: árvíztűrő tükörfúrógép\\, árvíztűrő tükörfúrógép"
    );
}
