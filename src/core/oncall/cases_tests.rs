//! The cases of `cases/`: what rotations, overrides and swaps say who is on call, instant by instant. `cases/README.md`
//! describes the form of a file.

use std::path::PathBuf;

use orszem_records::team::Record;
use orszem_records::time::Timestamp;
use serde::Deserialize;
use toml::{Table, Value};

use super::{Gap, Roster, Shift};
use crate::settings::Config;

/// People whom every case may name.
const STANDING: [&str; 4] = ["anna", "bela", "csilla", "denes"];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    number: u32,
    title: String,
    #[serde(default)]
    source: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    rotation: Option<String>,
    at: Option<String>,
    on_call: Option<Vec<String>>,
    next_change: Option<String>,
    from: Option<String>,
    to: Option<String>,
    shifts: Option<Vec<String>>,
    gaps: Option<Vec<String>>,
}

fn instant(text: &str) -> Timestamp {
    let instant: jiff::Timestamp = text.parse().unwrap_or_else(|fault| panic!("{text}: {fault}"));
    Timestamp(instant.as_millisecond())
}

fn written(at: Timestamp) -> String {
    jiff::Timestamp::from_millisecond(at.0).unwrap().to_string().replace(":00Z", "Z")
}

/// Instants in records are numbers; cases write them as texts.
fn with_numbers(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(with_numbers),
        Value::Table(table) => {
            for (key, value) in table.iter_mut() {
                match (key.as_str(), &*value) {
                    ("at" | "from" | "to", Value::String(text)) => *value = Value::Integer(instant(text).0),
                    _ => with_numbers(value),
                }
            }
        }
        _ => {}
    }
}

/// A record of a case; where it does not say so, Anna made it before everything on a page.
fn record((number, mut value): (usize, Value)) -> Record {
    with_numbers(&mut value);
    let table = value.as_table_mut().expect("a table");
    let defaults = [("by", "anna".into()), ("via", "page".into()), ("id", number.to_string().into())];
    for (key, default) in defaults.into_iter().chain([("at", Value::Integer(0))]) {
        table.entry(key).or_insert(default);
    }
    value.try_into().unwrap_or_else(|fault| panic!("record {number}: {fault}"))
}

fn shift(line: &str) -> Shift {
    let [from, to, person] = line.split(' ').collect::<Vec<_>>()[..] else { panic!("{line:?} is not FROM TO PERSON") };
    Shift { from: instant(from), to: instant(to), person: person.to_owned() }
}

fn gap(line: &str) -> Gap {
    let (from, to) = line.split_once(' ').unwrap_or_else(|| panic!("{line:?} is not FROM TO"));
    Gap { from: instant(from), to: instant(to) }
}

/// What differs from what a case expects.
fn differences(roster: &Roster, expected: &Expected) -> Vec<String> {
    let mut differences = Vec::new();
    let rotation = expected.rotation.as_deref().or_else(|| roster.rotations().next()).expect("a rotation");
    let mut differ = |what: &str, is: String, should: String| {
        if is != should {
            differences.push(format!("{what} of {rotation}:\n  is     {is}\n  should {should}"));
        }
    };
    if let Some(at) = &expected.at {
        let at_instant = instant(at);
        if let Some(on_call) = &expected.on_call {
            differ(&format!("on call at {at}"), roster.on_call(rotation, at_instant).join(" "), on_call.join(" "));
        }
        if let Some(next) = &expected.next_change {
            let found = roster.next_change(rotation, at_instant).map_or("never".into(), written);
            differ(&format!("next change after {at}"), found, next.clone());
        }
    }
    if let (Some(from), Some(to)) = (&expected.from, &expected.to) {
        let (from, to) = (instant(from), instant(to));
        let lines = |shifts: &[Shift]| -> String {
            let line = |it: &Shift| format!("\n    {} {} {}", written(it.from), written(it.to), it.person);
            shifts.iter().map(line).collect()
        };
        if let Some(shifts) = &expected.shifts {
            let mut expected: Vec<Shift> = shifts.iter().map(|line| shift(line)).collect();
            expected.sort();
            differ("shifts", lines(&roster.shifts(rotation, from, to)), lines(&expected));
        }
        let lines = |gaps: &[Gap]| -> String {
            gaps.iter().map(|gap| format!("\n    {} {}", written(gap.from), written(gap.to))).collect()
        };
        if let Some(gaps) = &expected.gaps {
            let expected: Vec<Gap> = gaps.iter().map(|line| gap(line)).collect();
            differ("gaps", lines(&roster.gaps(rotation, from, to)), lines(&expected));
        }
    }
    differences
}

#[expect(clippy::disallowed_methods, reason = "a test, which reads the cases")]
fn files() -> Vec<(PathBuf, String)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("oncall/cases");
    let entries = std::fs::read_dir(folder).expect("the folder of cases").map(|entry| entry.expect("a file").path());
    let mut files: Vec<PathBuf> = entries.filter(|path| path.extension().is_some_and(|it| it == "toml")).collect();
    files.sort();
    files.into_iter().map(|path| (path.clone(), std::fs::read_to_string(path).expect("a text"))).collect()
}

/// Runs a case; returns its number.
fn run(text: &str) -> Result<u32, String> {
    let mut table: Table = text.parse().map_err(|fault| format!("{fault}"))?;
    let case: Case = table.remove("case").ok_or("no [case]")?.try_into().map_err(|fault| format!("{fault}"))?;
    let mut list = |key: &str| match table.remove(key) {
        Some(Value::Array(items)) => items,
        _ => Vec::new(),
    };
    let (records, expected) = (list("record"), list("expect"));
    let mut config: Config = table.try_into().map_err(|fault| format!("{fault}"))?;
    for name in STANDING.iter().filter(|name| config.person(name).is_none()).collect::<Vec<_>>() {
        config.people.push(toml::from_str(&format!("name = {name:?}")).expect("a person"));
    }
    let mut roster = Roster::new(&config);
    let records: Vec<Record> = records.into_iter().enumerate().map(record).collect();
    roster.record(&records);
    let mut differences = Vec::new();
    for value in &expected {
        let expected: Expected = value.clone().try_into().map_err(|fault| format!("[[expect]]: {fault}"))?;
        differences.extend(self::differences(&roster, &expected));
    }
    match (expected.is_empty(), differences.is_empty()) {
        (true, _) => Err("no [[expect]]".into()),
        (_, true) => Ok(case.number),
        _ => Err(format!("{} [{}]\n{}", case.title, case.source, differences.join("\n"))),
    }
}

#[test]
fn every_case_says_who_is_on_call() {
    let files = files();
    let mut faults = Vec::new();
    let mut numbers = Vec::new();
    for (path, text) in &files {
        match run(text) {
            Ok(number) => numbers.push(number),
            Err(fault) => faults.push(format!("{}: {fault}", path.display())),
        }
    }
    assert!(faults.is_empty(), "{} of {} cases:\n{}", faults.len(), files.len(), faults.join("\n"));
    // The cases of `respond` that are about rotations alone; 100 to 102 are of calendars, the others of calls.
    for number in [77, 78, 79, 80, 81, 82, 86, 87, 88, 89, 90, 91, 92, 93, 94, 95, 96, 97, 99] {
        assert!(numbers.contains(&number), "case {number} has no file");
    }
}

#[test]
fn a_case_that_is_wrong_is_seen() {
    let wrong = r#"
[case]
number = 1
title = "Anna, not Béla"
[[rotation]]
name = "press"
time_zone = "UTC"
[[rotation.layer]]
shift = "daily"
stretch = [{ from = "2026-01-01 09:00", members = ["anna"] }]
[[expect]]
at = "2026-01-02T00:00Z"
on_call = ["bela"]
"#;
    let fault = run(wrong).expect_err("Béla is not on call");
    assert!(fault.contains("on call at 2026-01-02T00:00Z of press:\n  is     anna\n  should bela"), "{fault}");
    assert!(run(&wrong.replace("bela", "anna")).is_ok());
    assert!(run(&wrong.replace("[[expect]]", "[[expects]]")).is_err(), "a misspelt key is seen");
}
