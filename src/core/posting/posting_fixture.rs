//! A company of four people, and an incident of theirs.

use orszem_records::incident::Incident;
use orszem_records::ledger::{ByWhom, Entry, Event, IncidentId};
use orszem_records::signal::{Kind, Phase, Signal};
use orszem_records::statement::Draft;
use orszem_records::time::Timestamp;

use crate::settings::Config;

/// The configuration: `press` is Csilla on Monday 30 March 2026 and Anna on the day after.
pub(crate) fn config() -> Config {
    let text = r#"
        web = { public_url = "https://orszem.example", time_zone = "Europe/Budapest" }
        watch = [{ name = "acme", title = "Acme", terms = ["acme"], desk = "crisis" }]
        receiver = [{ kind = "console", name = "sms" }, { kind = "console", name = "mail" }]
        [[person]]
        name = "anna"
        title = "Kovács Anna"
        way = [{ receiver = "sms" }, { receiver = "mail" }]
        [[person]]
        name = "bela"
        way = [{ receiver = "sms" }, { receiver = "mail" }]
        [[person]]
        name = "csilla"
        way = [{ receiver = "sms" }]
        [[person]]
        name = "denes"
        way = [{ receiver = "mail" }]
        [[rotation]]
        name = "press"
        time_zone = "Europe/Budapest"
        [[rotation.layer]]
        shift = "daily"
        handover = "09:00"
        stretch = [{ from = "2026-03-30 09:00", members = ["csilla", "anna"] }]
        [posting]
        on_duty = ["press"]
        deputies = ["denes"]
        languages = ["en", "hu"]
        approver = [{ match = { severity = "<= 2" }, who = ["bela"] }, { who = ["denes"] }]
        [[mandate]]
        who = ["press"]
        match = { severity = ">= 3" }
        may = "Answers to customers."
        [[mandate]]
        who = ["csilla"]
        match = { severity = "1" }
        may = "A holding statement that nobody could approve."
        [[playbook]]
        name = "scandal"
        without_approval_after = "30m"
        move = [{ do = "Pause all posts." }]
        [[account]]
        name = "facebook"
        address = "https://facebook.example/acme"
        authors = ["Acme.Official"]
        owner = "press"
        administrators = ["anna", "bela"]
        credential = "op://Comms/Facebook"
        [[statement]]
        name = "outage"
        must_not_say = ["our fault"]
        [[statement.text]]
        language = "hu"
        says = "{name}: {since} óta vizsgáljuk, mi történt."
        approved_by = "bela"
        until = "2026-03-29"
        [[statement.text]]
        language = "en"
        says = "{name}: we have been looking into it since {since}."
        approved_by = "bela"
        until = "2026-12-31"
    "#;
    toml::from_str(text).unwrap_or_else(|fault| panic!("{fault}"))
}

/// The moment of a text such as `2026-03-30T08:00:00Z`.
pub(crate) fn at(text: &str) -> Timestamp {
    Timestamp(text.parse::<jiff::Timestamp>().unwrap().as_millisecond())
}

/// An incident of `acme` that opened at 10:00 in Budapest on Monday, 30 March 2026.
pub(crate) fn incident(severity: u8) -> Incident {
    let opened = at("2026-03-30T08:00:00Z");
    let signal = Signal { severity, ..Signal::plain(Phase::Opened, Kind::Negativity, opened) };
    Incident::begin(&entry(opened, Event::Signal(Box::new(signal)))).unwrap()
}

/// An entry about it.
pub(crate) fn entry(at: Timestamp, event: Event) -> Entry {
    Entry { watch: "acme".into(), incident: IncidentId::new("acme", 1), at, event }
}

/// Somebody of the company.
pub(crate) fn by(person: &str) -> ByWhom {
    ByWhom { person: Some(person.into()), ..ByWhom::new(person, "page") }
}

/// A draft by somebody of the company.
pub(crate) fn draft(person: &str, text: &str) -> Event {
    Event::Drafted(Draft { by: by(person), text: text.into(), language: "en".into(), statement: None })
}
