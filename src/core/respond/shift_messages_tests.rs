//! Case 103 and what else is so of messages about shifts.

use std::collections::BTreeMap;

use orszem_records::ledger::ByWhom;
use orszem_records::team::{Change, Kind, Override, Record};

use super::*;
use crate::notification::Capabilities;
use crate::settings::Config;

/// Anna and Béla by turns, from nine to nine.
const TURNS: &str = r#"
    [[person]]
    name = "anna"
    way = [{ receiver = "duty" }, { receiver = "mail", to = "anna@example.com" }]
    [[person]]
    name = "bela"
    time_zone = "Europe/Budapest"
    way = [{ receiver = "mail", to = "bela@example.com" }]
    [[rotation]]
    name = "press"
    time_zone = "Europe/Budapest"
    [[rotation.layer]]
    shift = "daily"
    handover = "09:00"
    stretch = [{ from = "2026-03-23T09:00", members = ["anna", "bela"] }]
"#;

fn settings(text: &str) -> Settings {
    let config: Config = toml::from_str(text).unwrap();
    let quiet = Capabilities { updates: true, acknowledges: true, keep_firing: None, calls_itself: false };
    let able = |way: &str| Capabilities { calls_itself: way.ends_with("duty"), ..quiet };
    let ways = config.people.iter().flat_map(|person| person.way_names().collect::<Vec<_>>());
    let capabilities: BTreeMap<String, Capabilities> = ways.map(|way| (way.clone(), able(&way))).collect();
    Settings::new(&config, capabilities)
}

fn at(text: &str) -> Timestamp {
    Timestamp(text.parse::<jiff::Timestamp>().unwrap().as_millisecond())
}

/// What is told from one moment to another, by looks at the moments that were asked for.
fn told(messages: &mut ShiftMessages, settings: &Settings, (from, to): (&str, &str)) -> Vec<String> {
    let (mut now, to) = (at(from), at(to));
    let mut told = Vec::new();
    for look in 0.. {
        assert!(look < 1_000, "it looks too often");
        messages.look(settings, now);
        for ShiftMessage { told: ShiftTold { rotation, whose, begins, when }, ends, ways } in messages.take() {
            let ends = ends.map(|ends| ends.to_string()).unwrap_or_default();
            let line = format!("{now} {} {rotation} {when:?} {begins} {ends} {whose}", ways.join(" "));
            told.push(line.replace(":00Z", "Z"));
        }
        let next = messages.next(settings).unwrap();
        assert!(next > now, "a look at {now} asks for one at {next}");
        if next >= to {
            break;
        }
        now = next;
    }
    told
}

#[test]
fn case_103_each_hears_an_hour_before_and_when_it_begins() {
    let (mut messages, settings) = (ShiftMessages::default(), settings(TURNS));
    // On 29 March the clock is turned: nine is 07:00Z.
    assert_eq!(
        told(&mut messages, &settings, ("2026-03-28T09:00:00Z", "2026-03-30T07:30:00Z")),
        [
            "2026-03-29T06:00Z anna/mail press Soon 2026-03-29T07:00Z 2026-03-30T07:00Z anna",
            "2026-03-29T07:00Z anna/mail press Now 2026-03-29T07:00Z 2026-03-30T07:00Z anna",
            "2026-03-30T06:00Z bela/mail press Soon 2026-03-30T07:00Z 2026-03-31T07:00Z bela",
            "2026-03-30T07:00Z bela/mail press Now 2026-03-30T07:00Z 2026-03-31T07:00Z bela",
        ],
        "no way that calls by itself"
    );
}

#[test]
fn a_hand_over_from_a_person_to_themselves_is_told_to_nobody() {
    let alone = settings(&TURNS.replace(r#"["anna", "bela"]"#, r#"["anna"]"#));
    let mut messages = ShiftMessages::default();
    assert_eq!(told(&mut messages, &alone, ("2026-03-28T09:00:00Z", "2026-04-02T09:00:00Z")), [""; 0]);
}

#[test]
fn a_shift_is_told_as_it_really_is() {
    let mut settings = settings(TURNS);
    let kind = Kind::Replace { people: vec!["bela".into()], instead_of: Vec::new() };
    let (from, to) = (at("2026-03-29T07:00:00Z"), at("2026-03-29T12:00:00Z"));
    let change = Change::Override(Override { rotation: "press".into(), from, to, kind, reason: None });
    let by = ByWhom::new("anna", "page");
    settings.roster.record([&Record { id: "1".into(), at: at("2026-03-29T06:30:00Z"), by, change }]);
    let mut messages = ShiftMessages::default();
    assert_eq!(
        told(&mut messages, &settings, ("2026-03-29T06:30:00Z", "2026-03-29T12:30:00Z")),
        [
            "2026-03-29T11:00Z anna/mail press Soon 2026-03-29T12:00Z 2026-03-30T07:00Z anna",
            "2026-03-29T12:00Z anna/mail press Now 2026-03-29T12:00Z 2026-03-30T07:00Z anna",
        ],
        "Béla was on call before, and is so until noon"
    );
}

#[test]
fn what_a_copy_told_no_other_tells_again_and_what_none_told_the_next_does() {
    let settings = settings(TURNS);
    let mut first = ShiftMessages::default();
    first.look(&settings, at("2026-03-29T06:00:00Z"));
    let written: Vec<ShiftTold> = first.take().into_iter().map(|message| message.told).collect();
    assert_eq!(written.len(), 1);

    let mut second = ShiftMessages::default();
    written.iter().for_each(|told| second.told(told));
    second.look(&settings, at("2026-03-29T06:10:00Z"));
    assert_eq!(second.take(), []);
    // Nobody was at work when the shift began.
    assert_eq!(
        told(&mut second, &settings, ("2026-03-29T07:40:00Z", "2026-03-29T08:00:00Z")),
        ["2026-03-29T07:40Z anna/mail press Now 2026-03-29T07:00Z 2026-03-30T07:00Z anna"]
    );
    let mut late = ShiftMessages::default();
    assert_eq!(told(&mut late, &settings, ("2026-03-29T08:00:00Z", "2026-03-29T09:00:00Z")), [""; 0], "too late");

    second.removed("press/anna/now");
    second.changed();
    second.look(&settings, at("2026-03-29T07:45:00Z"));
    assert_eq!(second.take().len(), 1, "it is not known any more");
}

#[test]
fn quiet_hours_are_kept() {
    let nights = TURNS.replace(
        r#"time_zone = "Europe/Budapest"
    way"#,
        r#"time_zone = "Europe/Budapest"
    quiet_hours = [{ severities = [3, 4], from = "22:00", to = "07:00" }]
    way"#,
    );
    let nights = settings(&nights.replace(r#"handover = "09:00""#, r#"handover = "03:00""#));
    let mut messages = ShiftMessages::default();
    let all = told(&mut messages, &nights, ("2026-06-01T12:00:00Z", "2026-06-03T12:00:00Z"));
    let of_bela: Vec<&String> = all.iter().filter(|line| line.ends_with("bela")).collect();
    assert_eq!(of_bela.len(), 1, "{all:?}");
    assert!(of_bela[0].contains("T05:00Z bela/mail press Now"), "at seven, when his quiet hours are over: {all:?}");
}

#[test]
fn what_is_put_off_for_more_than_half_a_day_is_told_after_it() {
    let quiet = r#"quiet_hours = [{ severities = [4], from = "19:00", to = "08:00" }]"#;
    let person = "name = \"bela\"\n    time_zone = \"Europe/Budapest\"";
    let nights = TURNS.replace(person, &format!("{person}\n    {quiet}"));
    let nights = settings(&nights.replace(r#"handover = "09:00""#, r#"handover = "19:30""#));
    let mut messages = ShiftMessages::default();
    let all = told(&mut messages, &nights, ("2026-06-01T12:00:00Z", "2026-06-03T12:00:00Z"));
    let of_bela: Vec<&String> = all.iter().filter(|line| line.ends_with("bela")).collect();
    assert_eq!(of_bela.len(), 2, "{all:?}");
    assert!(of_bela[0].contains("T16:30Z bela/mail press Soon"), "before it is quiet: {all:?}");
    assert!(of_bela[1].contains("T06:00Z bela/mail press Now"), "twelve and a half hours after: {all:?}");
}

#[test]
fn a_rotation_may_tell_nobody() {
    let silent = settings(&TURNS.replace("name = \"press\"", "name = \"press\"\n    shift_messages = false"));
    let mut messages = ShiftMessages::default();
    messages.look(&silent, at("2026-03-29T06:00:00Z"));
    assert_eq!((messages.take(), messages.next(&silent)), (Vec::new(), None));
}
