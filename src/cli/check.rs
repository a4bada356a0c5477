//! `orszem check`: all faults of the configuration in one run.

use anyhow::Context;
use std::collections::BTreeMap;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use super::config_file::{ConfigFile, Missing};
use super::words::count_of as count;
use super::{gaps, kafka, progress, ways};
use orszem_config::against::{changes_of_hands, cut_off};
use orszem_config::rotation;
use orszem_config::{Fault, NamedSecret, Rotates, SecretCheck};
use orszem_core::oncall::Roster;
use orszem_core::range::RangeQuery;
use orszem_core::settings::rotation::Layer;
use orszem_core::settings::{Config, Digest, Kafka, Rotation, Route};
use orszem_kafka::range::{RangeEvent, RangeReader};
use orszem_kafka::topics::Names;
use orszem_records::incident::{Incident, State};
use orszem_records::ledger::Entry;
use orszem_records::team::Record;
use orszem_records::time::{MINUTE_MS, Timestamp};

/// How long Kafka may take to say by which ways people answered.
const ANSWER: Duration = Duration::from_secs(5);

/// The most shifts that change hands that are listed.
const LISTED: usize = 50;

/// Finds all faults of the configuration in one run, each with line, column and the fix.
///
/// Exit status: 0 valid (there may be warnings), 1 faults, 2 the file cannot be read.
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    config: ConfigFile,
    /// The configuration file, instead of --config
    #[arg(value_name = "FILE", conflicts_with = "path")]
    file: Option<PathBuf>,
    /// Print the JSON Schema for editors, and check nothing.
    #[arg(long)]
    print_schema: bool,
    /// Print the JSON Schema of a mention, and check nothing.
    #[arg(long)]
    print_mention_schema: bool,
    /// Report secrets and files that are missing on this machine as faults, as `orszem run` does.
    #[arg(long)]
    secrets: bool,
    /// Also say what it would change, were it to replace this configuration: watches that are gone or lose their
    /// escalation, with their open incidents where Kafka can be reached; and the shifts of the next 30 days that change
    /// hands.
    #[arg(long, value_name = "RUNNING")]
    against: Option<PathBuf>,
    /// Do not ask Kafka: neither what people changed (by which ways they answered, overrides and swaps), nor which
    /// incidents are open
    #[arg(long)]
    offline: bool,
}

impl Args {
    /// Runs the command; faults go to stderr, the rest to stdout.
    ///
    /// # Errors
    /// When the output cannot be written.
    pub fn run(self) -> anyhow::Result<ExitCode> {
        let excerpts = io::stderr().is_terminal();
        // Standard error is not locked: a spinner may turn there, on a thread of its own.
        let status = self.report(excerpts, &mut io::stdout().lock(), &mut io::stderr());
        super::ended(status.context("cannot write the report"))
    }

    fn report(&self, excerpts: bool, out: &mut dyn Write, faults_out: &mut dyn Write) -> io::Result<u8> {
        if self.print_schema {
            writeln!(out, "{:#}", orszem_config::schema().as_value())?;
            return Ok(0);
        }
        if self.print_mention_schema {
            writeln!(out, "{:#}", schemars::schema_for!(orszem_records::mention::Record).as_value())?;
            return Ok(0);
        }
        let file = self.file.as_deref().unwrap_or(&self.config.path);
        let text = match orszem_config::read(file) {
            Ok(text) => text,
            Err(faults) => {
                if let Some(missing) = Missing::look(file) {
                    writeln!(faults_out, "orszem: {missing}")?;
                    return Ok(2);
                }
                writeln!(faults_out, "{faults}")?;
                return Ok(if faults.is_unreadable() { 2 } else { 1 });
            }
        };
        let places = if self.secrets { SecretCheck::Required } else { SecretCheck::Optional };
        let (config, faults) = orszem_config::examine(&text, file, places);
        for fault in &faults {
            match excerpts || fault.within_text {
                true => write!(faults_out, "{}", fault.with_excerpt())?,
                false => writeln!(faults_out, "{fault}")?,
            }
        }
        let records = match &config {
            Some(config) if !self.offline => changed_by_people(file, config, self.against.is_some(), faults_out)?,
            _ => None,
        };
        if let (Some(running), Some(config)) = (&self.against, &config) {
            match orszem_config::load(running) {
                Ok(loaded) => {
                    against(file, (&loaded.config, config), self.offline, faults_out)?;
                    hands(file, (&loaded.config, config), &records, orszem_runtime::clock::now(), faults_out)?;
                }
                Err(faults) => {
                    writeln!(faults_out, "{faults}")?;
                    return Ok(if faults.is_unreadable() { 2 } else { 1 });
                }
            }
        }
        if let Some(config) = &config {
            empty_rotations(file, config, orszem_runtime::clock::now(), faults_out)?;
            if let Some(records) = &records {
                unanswered(file, config, records, faults_out)?;
            }
        }
        let summary = summary(file, config.as_ref(), &faults);
        match &config {
            Some(config) => {
                for line in turns(config).into_iter().chain(clocks(config)) {
                    writeln!(out, "{line}")?;
                }
                for line in rotating(&orszem_config::named_secrets(&text)) {
                    writeln!(out, "{line}")?;
                }
                writeln!(out, "{summary}")?;
            }
            None => writeln!(faults_out, "{summary}")?,
        }
        Ok(u8::from(config.is_none()))
    }
}

/// Says what `new` would cut off of `running`.
fn against(file: &Path, (running, new): (&Config, &Config), offline: bool, out: &mut dyn Write) -> io::Result<()> {
    let cut_off = cut_off(running, new);
    if cut_off.is_empty() {
        return Ok(());
    }
    let open = match offline {
        true => Err(anyhow::anyhow!("Kafka is not asked")),
        false => {
            let brokers = &running.kafka.brokers;
            let waiting = progress::waiting(format!("asking Kafka at {brokers} which incidents are open"));
            let open = open_incidents(&running.kafka);
            waiting.finish_and_clear();
            open
        }
    };
    for change in cut_off {
        write!(out, "{}: warning: {change}", file.display())?;
        match &open {
            Ok(open) => match open.get(&change.key) {
                Some(incidents) => writeln!(out, "; open now: {}", incidents.join(", "))?,
                None => writeln!(out, "; none is open now")?,
            },
            Err(fault) => writeln!(out, "; which are open is not known: {fault}")?,
        }
    }
    Ok(())
}

/// Says which shifts of the next 30 days would change hands.
fn hands(
    file: &Path,
    configs: (&Config, &Config),
    records: &Option<Vec<Record>>,
    now: Timestamp,
    out: &mut dyn Write,
) -> io::Result<()> {
    let records = records.as_deref().unwrap_or_default();
    let changes = changes_of_hands(configs, records, now, now.plus(30 * 24 * 60 * MINUTE_MS));
    for change in changes.iter().take(LISTED) {
        writeln!(out, "{}: warning: {change}", file.display())?;
    }
    match changes.len().saturating_sub(LISTED) {
        0 => Ok(()),
        more => writeln!(out, "{}: warning: and {} more", file.display(), count(more, "shift", "shifts")),
    }
}

/// Warns of rotations that have nobody for a while. What a calendar says is not known here.
fn empty_rotations(file: &Path, config: &Config, now: Timestamp, out: &mut dyn Write) -> io::Result<()> {
    let roster = Roster::new(config);
    for rotation in config.rotations.iter().filter(|rotation| rotation.calendar.is_none()) {
        if let Some(gap) = gaps::first(&roster, rotation, now) {
            writeln!(
                out,
                "{}: warning: rotation {:?}: {gap}; steps that call it go on at once then",
                file.display(),
                rotation.name
            )?;
        }
    }
    Ok(())
}

/// What people changed, as Kafka has it, where the configuration has people who are called or, with `hands`, rotations.
fn changed_by_people(
    file: &Path,
    config: &Config,
    hands: bool,
    out: &mut dyn Write,
) -> io::Result<Option<Vec<Record>>> {
    let by_people = config.people.iter().any(|person| !person.ways.is_empty());
    let by_rotations = hands && !config.rotations.is_empty();
    if !by_people && !by_rotations {
        return Ok(None);
    }
    let waiting = progress::waiting(format!("asking Kafka at {} what people changed", config.kafka.brokers));
    let records = ways::records_within(&config.kafka, ANSWER);
    waiting.finish_and_clear();
    if let Err(fault) = &records {
        let says = "by which ways people have answered, and their overrides and swaps, are not known";
        writeln!(out, "{}: warning: {says}: {fault}; with --offline Kafka is not asked", file.display())?;
    }
    Ok(records.ok())
}

/// Warns of people who have not answered by each of their ways. They are called all the same.
fn unanswered(file: &Path, config: &Config, records: &[Record], out: &mut dyn Write) -> io::Result<()> {
    for (person, open) in ways::unanswered(config, records).into_iter().filter(|(_, open)| !open.is_empty()) {
        let (file, name, open) = (file.display(), &person.name, open.join(", "));
        writeln!(
            out,
            "{file}: warning: {name} never answered a message by {open}: run `orszem person test {name}`, and let them \
             open the link in it"
        )?;
    }
    Ok(())
}

/// The incidents that are open, by watch.
fn open_incidents(kafka: &Kafka) -> anyhow::Result<BTreeMap<String, Vec<String>>> {
    kafka::reach(kafka, Some(&Names::new(kafka).ledger))?;
    let mut incidents: BTreeMap<String, Incident> = BTreeMap::new();
    let mut reader = RangeReader::open(kafka, &Names::new(kafka).ledger, RangeQuery::default())?;
    while let Some(event) = reader.next_event()? {
        let RangeEvent::Record(record) = event else { continue };
        // The stages that act on the ledger report invalid entries.
        let Ok(entry) = Entry::from_json(&record.value) else { continue };
        match incidents.get_mut(&entry.incident.0) {
            Some(incident) => incident.fold(&entry),
            None => incidents.extend(Incident::begin(&entry).map(|begun| (entry.incident.0.clone(), begun))),
        }
        if incidents.get(&entry.incident.0).is_some_and(|incident| incident.closed) {
            incidents.remove(&entry.incident.0);
        }
    }
    let mut open: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (id, incident) in incidents.into_iter().filter(|(_, incident)| incident.state() != State::Resolved) {
        open.entry(incident.watch).or_default().push(id);
    }
    Ok(open)
}

/// When the rotations change hands: a line each. The lowest layer stands first.
fn turns(config: &Config) -> Vec<String> {
    let line = |rotation: &Rotation| {
        let calendar = rotation.calendar.as_ref().map(|it| format!("a calendar, read every {}", it.every));
        let layers: Vec<String> = rotation.layers.iter().map(Layer::turns).chain(calendar).collect();
        format!("rotation {}: {} ({})", rotation.name, layers.join("; over that "), rotation.time_zone)
    };
    config.rotations.iter().map(line).collect()
}

/// Which secrets a reload reads again, and which need a restart: a line each, where there are any.
fn rotating(secrets: &[NamedSecret]) -> Vec<String> {
    let lines = [(Rotates::ByReload, "a reload reads again"), (Rotates::ByRestart, "only a restart reads again")];
    let of = |rotates| secrets.iter().filter(move |secret| secret.rotates == rotates);
    let some = lines.into_iter().filter(|(rotates, _)| of(*rotates).next().is_some());
    some.map(|(rotates, says)| format!("secrets: {says} {}", rotation::list(of(rotates)))).collect()
}

/// Which clock each of the hours and digests goes by: a line each.
fn clocks(config: &Config) -> Vec<String> {
    fn digests<'c>(route: &'c Route, found: &mut Vec<&'c Digest>) {
        found.extend(&route.digest);
        route.routes.iter().for_each(|route| digests(route, found));
    }
    let of_all = match &config.web.time_zone {
        Some(zone) => format!("{zone}, the time_zone of [web]"),
        None => format!("{}, the time_zone of [detect]", config.detect.time_zone),
    };
    let clock = |zone: &Option<String>| zone.clone().unwrap_or_else(|| of_all.clone());
    let hours = config.hours.iter().map(|hours| format!("hours: {:?} go by {}", hours.name, clock(&hours.time_zone)));
    let mut told = Vec::new();
    config.route.iter().for_each(|route| digests(route, &mut told));
    let digests = told.iter().map(|digest| format!("digest: at {} by {}", digest.at, clock(&digest.time_zone)));
    hours.chain(digests).collect()
}

/// `alerts.toml: 2 faults, 1 warning` or `alerts.toml is valid: 2 watches, 3 receivers`.
fn summary(file: &Path, config: Option<&Config>, faults: &[Fault]) -> String {
    let file = file.display();
    let errors = faults.iter().filter(|fault| fault.is_error()).count();
    let warnings = match faults.len() - errors {
        0 => String::new(),
        warnings => format!(", {}", count(warnings, "warning", "warnings")),
    };
    match config {
        None => format!("{file}: {}{warnings}", count(errors, "fault", "faults")),
        Some(config) => format!("{file} is valid: {}{warnings}", contents(config)),
    }
}

/// `2 watches, 3 receivers`; and people and rotations where there are some.
pub(super) fn contents(config: &Config) -> String {
    let watches = count(config.watches.len(), "watch", "watches");
    let receivers = count(config.receivers.len(), "receiver", "receivers");
    let team = [(config.people.len(), "person", "people"), (config.rotations.len(), "rotation", "rotations")];
    let team = team.into_iter().filter(|(number, ..)| *number > 0);
    let team: String = team.map(|(number, one, several)| format!(", {}", count(number, one, several))).collect();
    format!("{watches}, {receivers}{team}")
}

#[cfg(test)]
#[path = "check_tests.rs"]
mod tests;
