//! `orszem oncall`: who has it, who is next, and where nobody is.

use std::fmt::Write;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context;
use comfy_table::{ContentArrangement, Table, presets::UTF8_FULL_CONDENSED};
use jiff::civil::DateTime;

use super::calendars;
use super::config_file::{ConfigFile, read_for_trial};
use super::words::count_of as count;
use super::{kafka, team};
use orszem_core::oncall::{LocalClock, Roster};
use orszem_core::settings::calendar::{Clock, Day, Moment};
use orszem_core::settings::{Config, Rotation, Span};
use orszem_core::words::{Language, Words, Zone};
use orszem_records::team::Record;
use orszem_records::time::Timestamp;
use orszem_text::sanitize::line as visible;

/// Columns of the terminal that the tables fit in.
const WIDTH: u16 = 80;
/// The most shifts and gaps that are listed of a rotation.
const LISTED: usize = 100;

/// Shows who is on call, who is next, and where the next 30 days have a gap, in the time zone of each rotation. With
/// --rotation also its shifts.
///
/// Reads the calendars that rotations have elsewhere, and asks Kafka for the overrides and swaps that people made.
/// Where one does not answer, that is said, and what is known without it is shown.
///
/// Exit status: 0 somebody is on call all the time, 1 there is a gap, or no such rotation, 2 the file cannot be read.
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    config: ConfigFile,
    /// The moment to ask for: 15:30 (today), "2026-03-29 15:30" (by the clock of each rotation), or
    /// 2026-03-29T13:30:00Z [default: now]
    #[arg(long, value_name = "TIME", value_parser = moment)]
    at: Option<Asked>,
    /// How far ahead to look for gaps and shifts; at most 400 days
    #[arg(long = "for", value_name = "SPAN", default_value = "30d", value_parser = span)]
    ahead: Span,
    /// Only this rotation, with its shifts
    #[arg(long, value_name = "NAME")]
    rotation: Option<String>,
    /// Do not ask Kafka: show the configuration alone
    #[arg(long)]
    offline: bool,
}

/// A moment as it was asked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Asked {
    /// An instant.
    Instant(Timestamp),
    /// What the clock of a rotation shows.
    Local(DateTime),
    /// What it shows today.
    Today(Clock),
}

/// Reads a moment.
///
/// # Errors
/// What was expected.
pub(super) fn moment(text: &str) -> Result<Asked, String> {
    let moment = Moment::parse(text).map(|moment| match moment {
        Moment::Local(local) => Asked::Local(local),
        Moment::Instant(at) => Asked::Instant(at),
    });
    let day = || Day::parse(text).map(|day| Asked::Local(day.0.at(0, 0, 0, 0)));
    let today = || Clock::parse(text).filter(|clock| *clock < Clock::MIDNIGHT).map(Asked::Today);
    let found = moment.or_else(day).or_else(today);
    found.ok_or_else(|| "expected a time like 15:30, \"2026-03-29 15:30\" or 2026-03-29T13:30:00Z".into())
}

fn span(text: &str) -> Result<Span, String> {
    let span = humantime::parse_duration(text).map_err(|_| "expected a length of time like 36h or 30d".to_owned())?;
    let days = span.as_secs() / 86_400;
    if span.is_zero() || days > 400 {
        return Err("expected a length of time of at most 400 days".into());
    }
    Ok(Span(span))
}

impl Asked {
    /// The instant, by a clock and on the day of `now`.
    pub(super) fn instant(self, clock: &LocalClock, now: Timestamp) -> Timestamp {
        match self {
            Asked::Instant(at) => at,
            Asked::Local(local) => clock.placed(local).at,
            Asked::Today(time) => clock.on_the_day_of(now, time),
        }
    }
}

impl Args {
    /// Runs the command; the tables go to standard output.
    ///
    /// # Errors
    /// When the configuration cannot be read, or has no such rotation.
    pub fn run(&self) -> anyhow::Result<ExitCode> {
        let config = read_for_trial(&self.config.path)?;
        let now = orszem_runtime::clock::now();
        let (mut roster, mut notes) = with_calendars(&config, now)?;
        if !self.offline && !config.rotations.is_empty() {
            roster.record(&changes(&config));
        }
        let (text, gaps) = self.describe(&config, roster, now)?;
        notes.push_str(&text);
        let mut out = std::io::stdout().lock();
        let written = std::io::Write::write_all(&mut out, notes.as_bytes()).context("cannot write the table");
        super::ended(written.map(|()| u8::from(gaps > 0)))
    }

    /// The tables, and how many gaps there are.
    fn describe(&self, config: &Config, roster: Roster, now: Timestamp) -> anyhow::Result<(String, usize)> {
        if config.rotations.is_empty() {
            let file = self.config.path.display();
            return Ok((format!("{file} has no rotations: add a [[rotation]], as docs/oncall.md says\n"), 0));
        }
        let known = |name: &str| config.rotation(name).is_some();
        if let Some(name) = self.rotation.as_deref().filter(|name| !known(name)) {
            let names: Vec<&str> = config.rotations.iter().map(|rotation| rotation.name.as_str()).collect();
            anyhow::bail!(
                "there is no rotation {name:?} in {}; known here: {}",
                file(&self.config.path),
                names.join(", ")
            );
        }
        let asked = |rotation: &&Rotation| self.rotation.as_ref().is_none_or(|name| *name == rotation.name);
        let views: Vec<View<'_>> = config.rotations.iter().filter(asked).map(|it| self.view(config, it, now)).collect();
        let mut text = format!("{}\n", standings(&roster, &views));
        let mut gaps = 0;
        if self.rotation.is_some() {
            views.iter().for_each(|view| text.push_str(&shifts(&roster, view)));
        }
        for view in &views {
            gaps += list_gaps(&roster, view, self.ahead, &mut text);
        }
        Ok((text, gaps))
    }

    fn view<'c>(&self, config: &'c Config, rotation: &'c Rotation, now: Timestamp) -> View<'c> {
        let clock = LocalClock::named(Some(&rotation.time_zone));
        let at = self.at.map_or(now, |asked| asked.instant(&clock, now));
        let words = Words::new(Language::English, Zone::named(Some(&rotation.time_zone)));
        View { config, rotation, words, at, to: at.plus(self.ahead.millis()) }
    }
}

/// What people changed. Where Kafka does not answer, nothing; and that is said.
#[expect(clippy::print_stderr, reason = "beside the table, which may go to a file")]
fn changes(config: &Config) -> Vec<Record> {
    let read = kafka::reach(&config.kafka, None).map_err(|fault| format!("{fault:#}"));
    match read.and_then(|()| team::records(&config.kafka)) {
        Ok(records) => records,
        Err(fault) => {
            eprintln!("without the overrides and swaps that people made: {fault}");
            Vec::new()
        }
    }
}

/// The rotations with what their calendars say, and lines about those that cannot be read.
fn with_calendars(config: &Config, now: Timestamp) -> anyhow::Result<(Roster, String)> {
    let (mut roster, mut notes) = (Roster::new(config), String::new());
    if config.rotations.iter().all(|rotation| rotation.calendar.is_none()) {
        return Ok((roster, notes));
    }
    for (rotation, read) in tokio::runtime::Runtime::new()?.block_on(calendars::read(config, now)) {
        match read {
            Ok(read) => roster.record([&calendars::record(&rotation, read, now)]),
            Err(reason) => {
                let reason = visible(&reason);
                notes.push_str(&format!("the calendar of {rotation} is not read, and shown as empty: {reason}\n"));
            }
        }
    }
    Ok((roster, notes))
}

fn file(path: &Path) -> String {
    path.display().to_string()
}

/// One rotation, as it is asked for.
struct View<'c> {
    config: &'c Config,
    rotation: &'c Rotation,
    words: Words,
    at: Timestamp,
    to: Timestamp,
}

impl View<'_> {
    fn title(&self) -> String {
        visible(self.rotation.title.as_deref().unwrap_or(&self.rotation.name))
    }

    /// The names of people for people.
    fn people(&self, names: &[String]) -> String {
        let title = |name: &String| {
            let title = self.config.person(name).and_then(|person| person.title.as_deref());
            visible(title.unwrap_or(name))
        };
        names.iter().map(title).collect::<Vec<_>>().join(", ")
    }

    /// A moment by the clock of the rotation: `Mon 23 Mar 09:00`.
    fn moment(&self, at: Timestamp) -> String {
        let day = self.words.day(at);
        // The year says nothing in a list that begins today.
        let day = day.rsplit_once(' ').map_or(day.as_str(), |(day, _)| day);
        format!("{day} {}", self.words.clock(at))
    }

    /// Who is called in a gap: what stands behind this rotation in the escalations that name it.
    fn instead(&self) -> String {
        let names = |escalation: &&orszem_core::settings::Escalation| {
            escalation.steps.iter().any(|step| step.rotations.contains(&self.rotation.name))
        };
        let of = self.config.escalations.iter().filter(names).map(|escalation| match escalation.fallback.join(", ") {
            none if none.is_empty() => format!("the next step of {}", escalation.name),
            fallback => format!("the next step of {}, else {fallback}", escalation.name),
        });
        let of: Vec<String> = of.collect();
        if of.is_empty() { "no escalation names it".into() } else { of.join("; ") }
    }
}

/// Who has each rotation, until when, and who is next.
fn standings(roster: &Roster, views: &[View<'_>]) -> String {
    let mut table = table();
    table.set_header(["rotation", "on call", "until", "next"]);
    for view in views {
        let standing = roster.standing(&view.rotation.name, view.at);
        let on_call = match standing.on_call.is_empty() {
            true => format!("NOBODY: {}", view.instead()),
            false => view.people(&standing.on_call),
        };
        let until =
            standing.until.map_or("no end".into(), |at| format!("{} {}", view.moment(at), view.words.abbreviation(at)));
        let next = match standing.next {
            Some((at, next)) if Some(at) == standing.until => view.people(&next),
            Some((at, next)) => format!("nobody, then {} on {}", view.people(&next), view.moment(at)),
            None if standing.until.is_some() => "nobody".into(),
            None => "–".into(),
        };
        table.add_row([view.title(), on_call, until, next]);
    }
    table.to_string()
}

/// The shifts of a rotation.
fn shifts(roster: &Roster, view: &View<'_>) -> String {
    let shifts = roster.shifts(&view.rotation.name, view.at, view.to);
    let mut table = table();
    table.set_header(["from", "to", "on call"]);
    for shift in shifts.iter().take(LISTED) {
        let person = view.people(std::slice::from_ref(&shift.person));
        table.add_row([view.moment(shift.from), view.moment(shift.to), person]);
    }
    let more = shifts.len().saturating_sub(LISTED);
    match more {
        0 => format!("{table}\n"),
        more => format!("{table}\nand {} more\n", count(more, "shift", "shifts")),
    }
}

/// Writes the gaps of a rotation; returns how many there are.
fn list_gaps(roster: &Roster, view: &View<'_>, ahead: Span, text: &mut String) -> usize {
    let gaps = roster.gaps(&view.rotation.name, view.at, view.to);
    let (title, ahead) = (view.title(), view.words.span(ahead.millis() / 1000));
    let _ = match gaps.len() {
        0 => writeln!(text, "{title}: no gap in the next {ahead}"),
        number => writeln!(text, "{title}: {} in the next {ahead}", count(number, "gap", "gaps")),
    };
    for gap in gaps.iter().take(LISTED) {
        let length = view.words.length(gap.to.since(gap.from) / 1000);
        let _ = writeln!(text, "  {} to {} ({length})", view.moment(gap.from), view.moment(gap.to));
    }
    if gaps.len() > LISTED {
        let _ = writeln!(text, "  and {} more", gaps.len() - LISTED);
    }
    gaps.len()
}

fn table() -> Table {
    let mut table = Table::new();
    table.load_preset(UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Dynamic).set_width(WIDTH);
    table
}

#[cfg(test)]
#[path = "oncall_tests.rs"]
mod tests;
