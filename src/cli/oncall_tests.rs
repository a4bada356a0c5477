//! What `orszem oncall` shows.

use super::*;
use clap::Parser;
use unicode_width::UnicodeWidthStr;

#[derive(Parser)]
struct Command {
    #[command(flatten)]
    args: Args,
}

fn args(words: &[&str]) -> Args {
    Command::parse_from(["oncall"].iter().chain(words)).args
}

const TEAM: &str = r#"
[[person]]
name = "anna"
title = "Kovács Anna"
[[person]]
name = "bela"
title = "Nagy-Szentgyörgyi Béla Bonifác"
[[rotation]]
name = "press"
title = "Press desk"
time_zone = "Europe/Budapest"
[[rotation.layer]]
shift = "daily"
stretch = [{ from = "2026-03-01 09:00", members = ["anna", "bela"] }]
[[rotation]]
name = "hours"
time_zone = "Europe/Budapest"
[[rotation.layer]]
shift = "weekly"
active = [{ weekdays = ["monday", "tuesday", "wednesday", "thursday", "friday"], from = "08:00", to = "18:00" }]
stretch = [{ from = "2026-03-02 08:00", members = ["anna"] }]
[[override]]
rotation = "press"
kind = "remove"
people = ["anna", "bela"]
from = "2026-03-31 12:00"
to = "2026-03-31 13:30"
[[escalation]]
name = "duty"
step = [{ rotations = ["hours"], acknowledge_within = "5m" }]
fallback = ["terminal"]
"#;

fn at(text: &str) -> Timestamp {
    Timestamp(text.parse::<jiff::Timestamp>().unwrap().as_millisecond())
}

fn shown(words: &[&str]) -> (String, usize) {
    let config = toml::from_str(TEAM).unwrap();
    args(words).describe(&config, Roster::new(&config), at("2026-03-28T12:00:00Z")).unwrap()
}

#[test]
fn a_table_says_who_has_it_who_is_next_and_where_nobody_is() {
    let (text, gaps) = shown(&["--at", "2026-03-31 09:00", "--for", "24h"]);
    assert!(text.lines().all(|line| line.width() <= 80), "{text}");
    let flat = text.replace(['│', '┆'], " ").split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        flat.contains("Press desk: 1 gap in the next 24 hours Tue 31 Mar 12:00 to Tue 31 Mar 13:30 (1 h 30 min)"),
        "{flat}"
    );
    assert!(flat.contains("hours: 1 gap in the next 24 hours Tue 31 Mar 18:00 to Wed 1 Apr 08:00 (14 h)"), "{flat}");
    assert_eq!(gaps, 2);
}

#[test]
fn a_gap_says_who_is_called_instead() {
    // A Saturday; the clock is turned in the night.
    let (text, gaps) = shown(&["--at", "15:30"]);
    let flat = text.replace(['│', '┆'], " ").split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(flat.contains("NOBODY:") && flat.contains("terminal"), "{flat}");
    // Four weeks of four nights and a weekend each, and this weekend; and the gap of the other rotation.
    assert!(gaps == 22 && flat.contains("hours: 21 gaps in the next 30 days"), "{flat}");
    assert!(flat.contains("Sat 28 Mar 15:30 to Mon 30 Mar 08:00 (1 d 15 h)"), "{flat}");
}

#[test]
fn shifts_of_one_rotation_are_listed() {
    let (text, _) = shown(&["--rotation", "press", "--for", "3d"]);
    assert!(text.lines().all(|line| line.width() <= 80), "{text}");
    let flat = text.replace(['│', '┆'], " ").split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(flat.contains("Sat 28 Mar 13:00 Sun 29 Mar 09:00 Nagy-Szentgyörgyi Béla Bonifác"), "{flat}");
    assert!(flat.contains("Sun 29 Mar 09:00 Mon 30 Mar 09:00 Kovács Anna"), "{flat}");
    assert!(!flat.contains("hours:"), "{flat}");
}

#[test]
fn times_are_read_as_they_are_meant() {
    let budapest = LocalClock::named(Some("Europe/Budapest"));
    let now = at("2026-03-28T23:30:00Z");
    let asked = |text: &str| moment(text).map(|asked| asked.instant(&budapest, now).to_string());
    // By the clock of the rotation it is the 29th already.
    assert_eq!(asked("15:30").unwrap(), "2026-03-29T13:30:00Z");
    assert_eq!(asked("2026-03-28 15:30").unwrap(), "2026-03-28T14:30:00Z");
    assert_eq!(asked("2026-03-28").unwrap(), "2026-03-27T23:00:00Z");
    assert_eq!(asked("2026-03-28T15:30:00Z").unwrap(), "2026-03-28T15:30:00Z");
    assert!(asked("now").is_err() && asked("24:00").is_err() && span("0s").is_err() && span("401d").is_err());
    assert_eq!(span("30d").unwrap().to_string(), "30d");
}

#[test]
fn a_rotation_that_is_not_there_is_named_with_those_that_are() {
    let config = toml::from_str(TEAM).unwrap();
    let fault = args(&["--rotation", "pres"])
        .describe(&config, Roster::new(&config), Timestamp(0))
        .expect_err("no such rotation");
    assert_eq!(fault.to_string(), "there is no rotation \"pres\" in alerts.toml; known here: press, hours");
    let (text, gaps) = args(&[]).describe(&Config::default(), Roster::default(), Timestamp(0)).unwrap();
    assert_eq!(
        (text.as_str(), gaps),
        ("alerts.toml has no rotations: add a [[rotation]], as docs/oncall.md says\n", 0)
    );
}
