//! What subscribers read.

use orszem_records::ledger::ByWhom;
use orszem_records::team::{Change, Kind, Of, Override, Record};

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

fn record(id: &str, change: Change) -> Record {
    Record { id: id.into(), at: at("2026-03-27T00:00Z"), by: ByWhom::new("anna", "page"), change }
}

/// Béla in Anna's place.
fn stand_in(id: &str, from: &str, to: &str) -> Record {
    let kind = Kind::Replace { people: vec!["bela".into()], instead_of: vec!["anna".into()] };
    record(id, Change::Override(Override { rotation: "press".into(), from: at(from), to: at(to), kind, reason: None }))
}

fn listed(roster: &Roster, from: &str, to: &str) -> Vec<String> {
    let short = |at: Timestamp| at.to_string()[5..16].to_owned();
    let line = |it: Event| format!("{} {} {} {} {}", short(it.from), short(it.to), it.person, it.uid, it.sequence);
    events(roster, "press", at(from), at(to)).into_iter().map(line).collect()
}

#[test]
fn a_shift_that_is_shortened_keeps_its_name_and_counts_its_changes() {
    let mut roster = roster();
    let (from, to) = ("2026-03-27T12:00Z", "2026-03-28T12:00Z");
    assert_eq!(
        listed(&roster, from, to),
        [
            "03-27T08:00 03-28T08:00 anna press.1774598400.anna.1 0",
            "03-28T08:00 03-29T07:00 bela press.1774684800.bela.1 0",
        ]
    );
    roster.record(&[stand_in("7", "2026-03-27T14:00Z", "2026-03-27T16:00Z")]);
    let shortened = [
        "03-27T08:00 03-27T14:00 anna press.1774598400.anna.1 1",
        "03-27T14:00 03-27T16:00 bela press.override.7.bela.1 1",
        "03-27T16:00 03-28T08:00 anna press.1774598400.anna.2 1",
        "03-28T08:00 03-29T07:00 bela press.1774684800.bela.1 0",
    ];
    assert_eq!(listed(&roster, from, to), shortened);
    // Later, when a part of it is over, it is called the same.
    assert_eq!(listed(&roster, "2026-03-27T17:00Z", to), shortened[2..]);
    assert_eq!(listed(&roster, "2026-03-27T15:00Z", to), shortened[1..]);
    let mut cancelled = record("8", Change::OverrideCancelled(Of { of: "7".into() }));
    roster.record(&[cancelled.clone()]);
    assert_eq!(listed(&roster, from, to)[0], "03-27T08:00 03-28T08:00 anna press.1774598400.anna.1 2");
    assert_eq!(listed(&roster, from, to).len(), 2, "what is taken back disappears");
    cancelled.change = Change::OverrideCancelled(Of { of: "none".into() });
    roster.record(&[cancelled]);
    assert_eq!(listed(&roster, from, to).len(), 4);
}

#[test]
fn a_shift_without_an_end_is_one_and_keeps_its_name() {
    let roster = roster();
    let (one, later) = ("2026-03-27T12:00Z", "2026-06-01T00:00Z");
    for from in [one, later] {
        let events = events(&roster, "chief", at(from), at(from).plus(86_400_000));
        assert_eq!(events.len(), 1);
        assert_eq!((events[0].uid.as_str(), events[0].from), ("chief.1772438400.csilla.1", at("2026-03-02T08:00Z")));
    }
}

#[test]
fn parts_of_a_shift_without_an_end_are_called_the_same_on_every_day() {
    let config: Config = toml::from_str(
        r#"
        person = [{ name = "anna" }, { name = "bela" }]
        [[rotation]]
        name = "press"
        time_zone = "UTC"
        layer = [
            { shift = "weekly", stretch = [{ from = "2020-01-01 00:00", members = ["bela"] }] },
            { shift = "weekly", active = [{ from = "08:00", to = "18:00" }], stretch = [
                { from = "2020-01-01 00:00", members = ["anna"] },
            ] },
        ]
        "#,
    )
    .unwrap();
    let roster = Roster::new(&config);
    let whole = listed(&roster, "2026-03-27T12:00Z", "2026-03-30T00:00Z");
    assert_eq!(whole[1], "03-27T18:00 03-28T08:00 bela press.1774634400.bela.1 0");
    assert_eq!(listed(&roster, "2026-03-28T09:00Z", "2026-03-30T00:00Z"), whole[2..]);
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
