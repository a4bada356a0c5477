//! `orszem route`: tries the routes before an incident does.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::Subcommand;

use super::backtest::source::moment;
use super::config_file::{ConfigFile, read_for_trial};
use super::words::count;
use super::wrap::wrapped;
use orszem_core::oncall::Roster;
use orszem_core::routing::facts::Facts;
use orszem_core::routing::known::Known;
use orszem_core::routing::tree::{Came, Leaf, MutedBy, Target, Tree};
use orszem_core::routing::window::Windows;
use orszem_core::settings::{Config, Escalation, Step};
use orszem_records::signal::{FEED, Kind};
use orszem_records::time::{Timestamp, zone};
use orszem_runtime::clock;

/// Try the routes.
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Clone, Debug, Subcommand)]
enum Command {
    #[command(about = "Show who would be told of an incident, when, and by which route")]
    Test(Test),
}

/// Shows who would be told of an incident that opens at a moment, when, by which route, and why the other routes would
/// not take it. Nothing is sent, and Kafka is not asked: silences, overrides and swaps that people made there, and open
/// incidents that keep others quiet, are left out.
///
/// Exit status: 0 shown, 1 the configuration has faults, or there is no such watch, 2 it cannot be read.
#[derive(Clone, Debug, clap::Args)]
pub struct Test {
    /// The watch that the incident is of; feed is the feed itself
    #[arg(long, value_name = "NAME")]
    watch: String,
    /// The severity, from 1 (the highest) to 4
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=4))]
    severity: u8,
    /// The kind: negativity, volume, praise, slow-burn, silence or no-data [default: negativity; of the feed no-data]
    #[arg(long, value_name = "KIND", value_parser = kind)]
    kind: Option<Kind>,
    /// When it opens [default: now]. Without an offset, times are UTC
    #[arg(long, value_name = "TIME", value_parser = moment)]
    at: Option<Timestamp>,
    /// A label, in place of the one that the watch has, or beside it; can be given several times
    #[arg(long = "label", value_name = "NAME=VALUE", value_parser = label)]
    labels: Vec<(String, String)>,
    /// A source of its mentions; can be given several times
    #[arg(long = "source", value_name = "NAME")]
    sources: Vec<String>,
    #[command(flatten)]
    config: ConfigFile,
}

fn kind(text: &str) -> Result<Kind, String> {
    let known = || Kind::ALL.map(Kind::name).join(", ");
    Kind::ALL.into_iter().find(|kind| kind.name() == text).ok_or_else(|| format!("expected one of {}", known()))
}

fn label(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("expected a name and a value, like story=merger".to_owned()),
    }
}

impl Args {
    /// Runs the command.
    ///
    /// # Errors
    /// When the configuration has faults or cannot be read, when there is no such watch, or when the output cannot be
    /// written.
    pub fn run(&self) -> anyhow::Result<ExitCode> {
        let Command::Test(test) = &self.command;
        let config = read_for_trial(&test.config.path)?;
        let shown = test.shown(&config, test.at.unwrap_or_else(clock::now))?;
        let written = io::stdout().lock().write_all(shown.as_bytes()).context("cannot write the report");
        super::ended(written.map(|()| 0))
    }
}

impl Test {
    /// What the command prints.
    fn shown(&self, config: &Config, at: Timestamp) -> anyhow::Result<String> {
        let facts = self.facts(config)?;
        let tree = Tree::new(config);
        let report = Report { config, roster: Roster::new(config), windows: Windows::new(config) };
        let mut lines = vec![report.incident(&facts, at)];
        let visits = tree.visits(&facts, at);
        for leaf in visits.iter().filter_map(|visit| match &visit.came {
            Came::Taken(leaf) => Some(leaf),
            _ => None,
        }) {
            lines.push(String::new());
            report.leaf(leaf, &facts, at, &mut lines);
        }
        let others: Vec<String> = visits.iter().filter_map(|visit| why_not(&visit.route, &visit.came)).collect();
        if !others.is_empty() {
            lines.push("\nThe other routes:".to_owned());
            lines.extend(others);
        }
        let mut text = lines.join("\n");
        text.push('\n');
        Ok(text)
    }

    fn facts(&self, config: &Config) -> anyhow::Result<Facts> {
        let known = Known::new(config);
        let of_watch = |facts: &&Facts| facts.watch == self.watch || facts.former.as_ref() == Some(&self.watch);
        let mut of_watch = known.iter().filter(of_watch);
        let Some(found) = of_watch.next() else {
            let names: BTreeSet<&str> = known.iter().map(|facts| facts.watch.as_str()).collect();
            let names: Vec<&str> = names.into_iter().collect();
            bail!("there is no watch {:?}; there are {}", self.watch, names.join(", "));
        };
        let is_feed = found.watch == FEED;
        let kind = self.kind.unwrap_or(if is_feed { Kind::NoData } else { Kind::Negativity });
        if is_feed != (kind == Kind::NoData) {
            bail!("incidents of the kind no-data are those of the watch {FEED:?}, and it has no others");
        }
        let mut facts = Facts { kind, severity: self.severity, ..found.clone() };
        facts.labels.extend(self.labels.iter().cloned());
        let own = |name: &str| facts.labels.get(name).cloned();
        if let Some(language) = own("language") {
            facts.languages = BTreeSet::from([language]);
        }
        match own("source") {
            Some(source) => facts.sources = BTreeSet::from([source]),
            None => facts.sources = self.sources.iter().cloned().collect(),
        }
        Ok(facts)
    }
}

/// Why a route does not take the incident; `None` where it does.
fn why_not(route: &str, came: &Came) -> Option<String> {
    let why = match came {
        Came::Taken(_) => return None,
        Came::Within => "it matches, and a route within it takes the incident".to_owned(),
        Came::Missed(miss) => miss.to_string(),
        Came::NotAsked(by) => format!("not asked, for {} takes the incident and does not continue", named(by)),
    };
    Some(format!("{}\n{}", wrapped(&named(route), "  ", "    "), wrapped(&why, "    ", "    ")))
}

/// A route as it is called here. One without a name has what it matches, which has signs of its own.
fn named(route: &str) -> String {
    if route == orszem_core::routing::tree::ROOT { "[route] itself".to_owned() } else { format!("route {route}") }
}

/// Puts what is known of a configuration into lines.
struct Report<'c> {
    config: &'c Config,
    roster: Roster,
    windows: Windows,
}

impl Report<'_> {
    fn incident(&self, facts: &Facts, at: Timestamp) -> String {
        let all = |what: &str, values: &BTreeSet<String>| match values.is_empty() {
            true => String::new(),
            false => format!(", {what} {}", values.iter().cloned().collect::<Vec<_>>().join(", ")),
        };
        let labels: String = facts.labels.iter().map(|(name, value)| format!(", {name} = {value:?}")).collect();
        let text = format!(
            "An incident of {}: desk {}, kind {}, severity {}{}{labels}; opened {} ({})",
            facts.watch,
            facts.desk.name(),
            facts.kind.name(),
            facts.severity,
            all("source", &facts.sources),
            self.moment(at),
            self.config.time_zone(),
        );
        wrapped(&text, "", "  ")
    }

    fn leaf(&self, leaf: &Leaf, facts: &Facts, at: Timestamp, lines: &mut Vec<String>) {
        lines.push(wrapped(&format!("Taken by {}.", named(&leaf.route)), "", "  "));
        let mut say = |text: &str| lines.push(wrapped(text, "  ", "    "));
        if self.config.route.is_some() {
            let key: Vec<String> = leaf.key.iter().map(|(name, value)| format!("{name} = {value:?}")).collect();
            say(&format!("One page with others of {}.", key.join(", ")));
        }
        let pages = facts.kind.pages();
        match &leaf.target {
            Target::Nobody => say("Nobody is told: it is on the pages and in the ledger."),
            _ if !pages => say(&format!("Nobody is told: the kind {} pages nobody.", facts.kind.name())),
            Target::Digest(daily) => {
                let when = daily.next(at).map_or("never".to_owned(), |next| self.moment(next));
                say(&format!("Told once a day to {}, next at {when}. Nobody is woken.", daily.receivers.join(", ")));
            }
            Target::Escalation(name) => {
                let told = at.plus(leaf.wait_ms);
                if leaf.wait_ms > 0 {
                    let wait =
                        humantime::format_duration(std::time::Duration::from_millis(leaf.wait_ms.unsigned_abs()));
                    say(&format!("The first page of a group waits {wait} for others."));
                }
                let told = match &leaf.muted {
                    None => Some(told),
                    Some(muted) => {
                        say(&self.muted(muted));
                        muted.until.map(|until| until.max(told))
                    }
                };
                match (self.config.escalation(name), told) {
                    (None, _) => say(&format!("There is no escalation {name:?}: nobody is told.")),
                    (Some(_), None) => {}
                    (Some(escalation), Some(told)) => self.escalation(escalation, told, lines),
                }
            }
        }
    }

    fn muted(&self, muted: &MutedBy) -> String {
        let mut why: Vec<String> = muted.mute.iter().map(|name| format!("it is {name:?}")).collect();
        if !muted.outside.is_empty() {
            why.push(format!("it is outside of {}", muted.outside.join(", ")));
        }
        let until = muted.until.map_or("and that does not end within weeks".to_owned(), |until| {
            format!("until {}; then, if it still goes on:", self.moment(until))
        });
        format!("Nobody is called, for {}, {until}", why.join(" and "))
    }

    /// The first round, as it goes while nobody acknowledges.
    fn escalation(&self, escalation: &Escalation, told: Timestamp, lines: &mut Vec<String>) {
        lines.push(format!("  Escalation {}, until somebody acknowledges:", escalation.name));
        let mut due = told;
        for (number, step) in (1..).zip(&escalation.steps) {
            // Outside of its hours a step waits; the next ones come at their own time.
            let window = step.hours.as_ref().and_then(|hours| self.windows.get(hours));
            let called = match window {
                Some(window) if !window.is_in(due) => window.next_change(due),
                _ => Some(due),
            };
            let mut who = self.who(step, called.unwrap_or(due));
            match (called, &step.hours) {
                (None, Some(hours)) => who.push(format!("not within weeks: the hours {hours:?} do not begin")),
                (Some(called), Some(hours)) if called != due => who.push(format!("waits for the hours {hours:?}")),
                _ => {}
            }
            let when = self.moment(called.unwrap_or(due));
            for (at, one) in who.iter().enumerate() {
                let lead = match at {
                    0 => format!("    {when}  step {number}: "),
                    _ => " ".repeat(6 + when.len() + format!("step {number}: ").len()),
                };
                lines.push(wrapped(one, &lead, &" ".repeat(lead.len() + 2)));
            }
            due = due.plus(step.acknowledge_within.millis().max(1_000));
        }
        let fallback = match escalation.fallback.is_empty() {
            true => String::new(),
            false => format!(", {} are told that nobody came", escalation.fallback.join(", ")),
        };
        let round = due.since(told);
        let end = told.plus(round.saturating_mul(i64::from(escalation.repeat) + 1));
        let more = match escalation.repeat {
            0 => String::new(),
            n => format!("{} of the same; then, ", count(n, "more round", "more rounds")),
        };
        lines.push(wrapped(&format!("{more}at {}{fallback}: it is exhausted.", self.moment(end)), "    ", "      "));
    }

    /// Who is called in a step, a line each.
    fn who(&self, step: &Step, at: Timestamp) -> Vec<String> {
        let mut who: Vec<String> = step.receivers.clone();
        who.extend(step.people.iter().map(|name| self.person(name, None)));
        for rotation in &step.rotations {
            let people = self.roster.on_call(rotation, at);
            if people.is_empty() {
                who.push(format!("nobody is on call in {rotation}"));
            }
            who.extend(people.iter().map(|name| self.person(name, Some(rotation))));
        }
        who
    }

    fn person(&self, name: &str, rotation: Option<&str>) -> String {
        let of = rotation.map_or(String::new(), |rotation| format!(" ({rotation})"));
        let Some(person) = self.config.people.iter().find(|person| person.name == name) else {
            return format!("{name}{of}: is not in the configuration");
        };
        let way = |(at, way): (u32, &orszem_core::settings::Way)| match person.next_way.0.saturating_mul(at) {
            std::time::Duration::ZERO => way.receiver.clone(),
            after => format!("{} after {}", way.receiver, humantime::format_duration(after)),
        };
        let ways: Vec<String> = (0..).zip(&person.ways).map(way).collect();
        match ways.is_empty() {
            true => format!("{name}{of}: has no way to be reached"),
            false => format!("{name}{of} by {}", ways.join(", ")),
        }
    }

    /// A moment by the clock of the configuration.
    fn moment(&self, at: Timestamp) -> String {
        let Ok(instant) = jiff::Timestamp::from_millisecond(at.0) else { return at.to_string() };
        let local = instant.to_zoned(zone::named(Some(self.config.time_zone())));
        local.strftime("%Y-%m-%d %H:%M:%S").to_string()
    }
}

#[cfg(test)]
#[path = "route_tests.rs"]
mod tests;
