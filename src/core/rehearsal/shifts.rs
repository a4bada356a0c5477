//! A case of who is on call when: rotations, what people changed, and what calendars said.

use serde::Deserialize;
use toml::{Spanned, Table, Value};

use orszem_records::ledger::ByWhom;
use orszem_records::team::shifts::{CalendarFault, CalendarShifts};
use orszem_records::team::{Change, Record};
use orszem_records::time::Timestamp;

use super::about::About;
use super::difference::Difference;
use super::merge::merged;
use super::moment;
use super::standing::{Standing, config, line};
use crate::oncall::import::{Unreadable, Wanted, read};
use crate::oncall::{Roster, ical};
use crate::settings::Config;

/// A case as its file says it.
#[derive(Deserialize)]
struct Written {
    case: Case,
    /// What people changed.
    #[serde(default)]
    record: Vec<Value>,
    /// What calendars said when they were read.
    #[serde(default)]
    feed: Vec<Feed>,
    #[serde(default)]
    expect: Vec<Spanned<Expected>>,
    /// A piece of `alerts.toml`.
    #[serde(flatten)]
    config: Table,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    #[serde(default)]
    number: u32,
    title: String,
    #[serde(default)]
    source: Option<String>,
}

/// The calendar of a rotation, as it was read.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Feed {
    /// The first rotation by name, unless given.
    rotation: Option<String>,
    at: String,
    text: String,
}

/// What must be so.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    /// The first rotation by name, unless given.
    rotation: Option<String>,
    /// What was known then: what people changed and what was read until this moment; all unless given.
    known_at: Option<String>,
    at: Option<String>,
    on_call: Option<Vec<String>>,
    next_change: Option<String>,
    from: Option<String>,
    to: Option<String>,
    shifts: Option<Vec<String>>,
    gaps: Option<Vec<String>>,
    /// Lines of the calendar that others read.
    calendar: Option<Vec<String>>,
    /// What of the calendar that was read could not be taken.
    faults: Option<Vec<String>>,
    /// Why the newest reading of it gave nothing.
    unread: Option<String>,
}

/// What a calendar gave when it was read.
type Reading = (Timestamp, String, Result<CalendarShifts, Unreadable>);

/// Who is on call when.
#[derive(Debug)]
pub(super) struct Shifts {
    config: Config,
    records: Vec<Record>,
    readings: Vec<Reading>,
    expected: Vec<(usize, Expected)>,
}

impl Shifts {
    pub(super) fn parse(text: &str, standing: Standing) -> Result<(About, Shifts), String> {
        let written: Written = toml::from_str(text).map_err(|fault| fault.to_string())?;
        let config = config(merged(&standing.config, &written.config))?;
        let mut records = Vec::new();
        for (number, value) in written.record.into_iter().enumerate() {
            records.push(record(number, value).map_err(|fault| format!("record {}: {fault}", number + 1))?);
        }
        let mut readings = Vec::new();
        for feed in written.feed {
            let rotation = feed.rotation.or_else(|| first(&config)).ok_or("there is no rotation")?;
            let at = instant(&feed.at)?;
            let read = read(feed.text.replace('\n', "\r\n").as_bytes(), &Wanted::at(at, &config, &rotation));
            if let Ok(shifts) = &read {
                let (by, change) = (ByWhom::new("orszem", "calendar"), Change::CalendarShifts(shifts.clone()));
                records.push(Record { id: rotation.clone(), at, by, change });
            }
            readings.push((at, rotation, read));
        }
        let expected = written.expect.into_iter().map(|one| (line(text, &one.span()), one.into_inner()));
        let expected: Vec<(usize, Expected)> = expected.collect();
        if expected.is_empty() {
            return Err("no [[expect]]".to_owned());
        }
        let Case { number, title, source } = written.case;
        let about = About { number: Some(number).filter(|number| *number > 0), title, source };
        Ok((about, Shifts { config, records, readings, expected }))
    }

    pub(super) fn run(&self) -> Result<Vec<Difference>, String> {
        let mut differences = Vec::new();
        for (line, expected) in &self.expected {
            let found = self.look(expected, *line).map_err(|fault| format!("line {line}: {fault}"))?;
            differences.extend(found);
        }
        Ok(differences)
    }

    /// What differs from one `[[expect]]`.
    fn look(&self, expected: &Expected, line: usize) -> Result<Vec<Difference>, String> {
        let known_at = expected.known_at.as_deref().map(instant).transpose()?.unwrap_or(Timestamp(i64::MAX));
        let mut roster = Roster::new(&self.config);
        roster.record(self.records.iter().filter(|record| record.at <= known_at));
        let rotation = expected.rotation.clone().or_else(|| first(&self.config)).ok_or("there is no rotation")?;
        if self.config.rotations.iter().all(|known| known.name != rotation) {
            return Err(format!("there is no rotation {rotation:?}"));
        }
        let mut found = Found { line, rotation: &rotation, differences: Vec::new() };
        let at = expected.at.as_deref().map(instant).transpose()?;
        if let (Some(at), Some(should)) = (at, &expected.on_call) {
            found.one(
                &format!("on call at {}", written(at)),
                &roster.on_call(&rotation, at).join(" "),
                &should.join(" "),
            );
        }
        if let (Some(at), Some(should)) = (at, &expected.next_change) {
            let next = roster.next_change(&rotation, at).map_or("never".to_owned(), written);
            found.one(&format!("next change after {}", written(at)), &next, should);
        }
        if at.is_none() && (expected.on_call.is_some() || expected.next_change.is_some()) {
            return Err("on_call and next_change need at".to_owned());
        }
        let span = match (expected.from.as_deref(), expected.to.as_deref()) {
            (Some(from), Some(to)) => Some((instant(from)?, instant(to)?)),
            _ => None,
        };
        if span.is_none() && (expected.shifts.is_some() || expected.gaps.is_some() || expected.calendar.is_some()) {
            return Err("shifts, gaps and calendar need from and to".to_owned());
        }
        if let (Some((from, to)), Some(should)) = (span, &expected.shifts) {
            let shifts = roster.shifts(&rotation, from, to).into_iter();
            found.list("shift", shifts.map(|it| of(it.from, it.to, &it.person)), should);
        }
        if let (Some((from, to)), Some(should)) = (span, &expected.gaps) {
            found.list("gap", roster.gaps(&rotation, from, to).into_iter().map(|it| of(it.from, it.to, "")), should);
        }
        if let (Some((from, to)), Some(should)) = (span, &expected.calendar) {
            let events = ical::events(&roster, &rotation, from, to).into_iter();
            let event = |it: ical::Event| of(it.from, it.to, &format!("{} {} {}", it.person, it.uid, it.sequence));
            found.list("event", events.map(event), should);
        }
        if let Some(should) = &expected.faults {
            let faults = roster.calendar(&rotation).map(|read| read.faults.clone()).unwrap_or_default().into_iter();
            found.list("fault", faults.map(|it| fault(&it)), should);
        }
        if let Some(should) = &expected.unread {
            let mut of_it = self.readings.iter().filter(|(at, of, _)| *of == rotation && *at <= known_at);
            let newest = of_it.next_back().ok_or("it has no [[feed]]")?;
            let is = newest.2.as_ref().map_or_else(ToString::to_string, |_| String::new());
            found.one("why nothing was read", &is, should);
        }
        Ok(found.differences)
    }
}

/// What differs of one `[[expect]]`.
struct Found<'f> {
    line: usize,
    rotation: &'f str,
    differences: Vec<Difference>,
}

impl Found<'_> {
    fn one(&mut self, what: &str, is: &str, should: &str) {
        if is != should {
            let quoted = |text: &str| format!("{text:?}");
            let (what, line) = (format!("{}: {what}", self.rotation), self.line);
            self.differences.push(Difference::Other { what, is: quoted(is), should: quoted(should), line });
        }
    }

    /// Compares lines, which may stand in any order.
    fn list(&mut self, what: &str, are: impl Iterator<Item = String>, should: &[String]) {
        let mut missing: Vec<&String> = should.iter().collect();
        let (line, rotation) = (self.line, self.rotation);
        let shown = |one: &str| format!("{rotation}: {what} {one}");
        for is in are {
            match missing.iter().position(|wanted| **wanted == is) {
                Some(at) => drop(missing.remove(at)),
                None => self.differences.push(Difference::Unexpected { what: shown(&is), line: Some(line) }),
            }
        }
        self.differences.extend(missing.into_iter().map(|one| Difference::Missing { what: shown(one), line }));
    }
}

/// The name of the first rotation by name.
fn first(config: &Config) -> Option<String> {
    config.rotations.iter().map(|rotation| &rotation.name).min().cloned()
}

fn instant(text: &str) -> Result<Timestamp, String> {
    let is_instant = text.contains('T');
    is_instant.then(|| moment::parse(text, Timestamp(0))).flatten().ok_or_else(|| format!("{text:?} is no instant"))
}

/// As cases write instants: `2026-03-29T07:00Z`.
fn written(at: Timestamp) -> String {
    at.to_string().replace(":00Z", "Z")
}

/// A line of a list.
fn of(from: Timestamp, to: Timestamp, rest: &str) -> String {
    format!("{} {} {rest}", written(from), written(to)).trim_end().to_owned()
}

/// A line of what could not be taken: what is wrong, since when where that is known, and what the event is called.
fn fault(fault: &CalendarFault) -> String {
    let at = fault.at.map(|at| format!("{} ", written(at))).unwrap_or_default();
    format!("{} {at}{}", fault.fault.name(), fault.event)
}

/// A record of a case; where it does not say so, Anna made it before everything on a page.
fn record(number: usize, mut value: Value) -> Result<Record, String> {
    with_numbers(&mut value)?;
    let table = value.as_table_mut().ok_or("no table")?;
    let defaults = [("by", "anna".into()), ("via", "page".into()), ("id", number.to_string().into())];
    for (key, default) in defaults.into_iter().chain([("at", Value::Integer(0))]) {
        table.entry(key).or_insert(default);
    }
    value.try_into().map_err(|fault| format!("{fault}"))
}

/// Instants in records are numbers; cases write them as texts.
fn with_numbers(value: &mut Value) -> Result<(), String> {
    match value {
        Value::Array(items) => items.iter_mut().try_for_each(with_numbers)?,
        Value::Table(table) => {
            for (key, value) in table.iter_mut() {
                match (key.as_str(), &*value) {
                    ("at" | "from" | "to", Value::String(text)) => *value = Value::Integer(instant(text)?.0),
                    _ => with_numbers(value)?,
                }
            }
        }
        _ => {}
    }
    Ok(())
}
