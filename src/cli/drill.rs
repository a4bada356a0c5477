//! `orszem drill`: plans crises that are not real, and says how people did.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::Subcommand;
use comfy_table::{ContentArrangement, Table, presets::UTF8_FULL_CONDENSED};

use super::config_file::{ConfigFile, read_for_trial};
use super::oncall::{Asked, moment};
use super::silence::by;
use super::{kafka, team};
use orszem_core::drill::{LATE_MS, Report, Scenario, begun, coming, recorded};
use orszem_core::oncall::LocalClock;
use orszem_core::range::RangeQuery;
use orszem_core::settings::Config;
use orszem_core::settings::Watch;
use orszem_kafka::Names;
use orszem_kafka::range::{RangeEvent, RangeReader};
use orszem_records::incident::Incident;
use orszem_records::ledger::{Entry, IncidentId};
use orszem_records::team::drill::{Course, DrillScheduled, DrillStarted};
use orszem_records::team::{Change, Of, Record};
use orszem_records::time::Timestamp;
use orszem_runtime::{clock, random};
use orszem_text::sanitize::line as visible;

/// The most days between the runs of a drill.
const MOST_DAYS: u64 = 400;
/// The longest name of a scenario that stands in a record, in characters.
const NAME: usize = 80;

/// Rehearses a crisis over the live path: everybody is called as they would be, every message is marked as a drill, and
/// nothing of it mutes, delays or counts against what is real. docs/drills.md says how.
///
/// SCENARIO is `scandal` (an accusation spreads: 45 minutes, severity 2, then 1), `outage` (a service is down: 25
/// minutes, severity 2), or a file with signals of the past, one JSON object per line.
///
/// Exit status: 0 it worked, 1 it did not, 2 the configuration or the file cannot be read.
#[derive(Clone, Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct Args {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    plan: Plan,
}

#[derive(Clone, Debug, Subcommand)]
enum Command {
    #[command(about = "Show the drills that are planned, and when each ran last")]
    List(List),
    #[command(about = "Take a drill back: it does not begin any more, and ends where it runs")]
    Cancel(Cancel),
    #[command(about = "Say how a drill went: how long each step took, for each person and way")]
    Report(OfDrill),
}

/// Plans a drill.
#[derive(Clone, Debug, clap::Args)]
struct Plan {
    /// What is rehearsed: scandal, outage, or a file of recorded signals
    #[arg(value_name = "SCENARIO", required = true)]
    scenario: Option<String>,
    /// When it begins: 15:30 (today), "2026-03-29 15:30" (by the clock of [web] time_zone), or 2026-03-29T13:30:00Z
    /// [default: now]
    #[arg(long, value_name = "WHEN", value_parser = moment)]
    at: Option<Asked>,
    /// Run it again after this many days, at the same time by the clock: 7d, 90d
    #[arg(long, value_name = "SPAN", value_parser = days)]
    every: Option<u32>,
    /// The watch that it is about [default: the only one that calls somebody]
    #[arg(long, value_name = "NAME")]
    watch: Option<String>,
    /// Tell those who would be called, quietly, an hour before it begins
    #[arg(long)]
    announce: bool,
    /// Who plans it
    #[arg(long, value_name = "NAME", default_value = "terminal")]
    by: String,
    #[command(flatten)]
    config: ConfigFile,
}

/// Shows the drills that are planned, and when each ran last.
#[derive(Clone, Debug, clap::Args)]
struct List {
    #[command(flatten)]
    config: ConfigFile,
}

/// Says how a drill went.
#[derive(Clone, Debug, clap::Args)]
struct OfDrill {
    /// Its id, as `orszem drill list` shows it; of one that repeats the newest run is meant, or ID-2 for the second
    id: String,
    #[command(flatten)]
    config: ConfigFile,
}

/// Takes a drill back.
#[derive(Clone, Debug, clap::Args)]
struct Cancel {
    /// Its id, as `orszem drill list` shows it
    id: String,
    /// Who takes it back
    #[arg(long, value_name = "NAME", default_value = "terminal")]
    by: String,
    #[command(flatten)]
    config: ConfigFile,
}

fn days(text: &str) -> Result<u32, String> {
    let wrong = || format!("expected whole days, like 7d or 90d, at most {MOST_DAYS}");
    let span = humantime::parse_duration(text).map_err(|_| wrong())?;
    let (days, rest) = (span.as_secs() / 86_400, span.as_secs() % 86_400);
    let fits = rest == 0 && (1..=MOST_DAYS).contains(&days);
    u32::try_from(days).ok().filter(|_| fits).ok_or_else(wrong)
}

impl Args {
    /// Runs the command.
    ///
    /// # Errors
    /// When the configuration or the file cannot be read, or Kafka cannot be asked.
    pub fn run(&self) -> anyhow::Result<ExitCode> {
        let file = match &self.command {
            Some(Command::List(List { config }) | Command::Report(OfDrill { config, .. })) => config,
            Some(Command::Cancel(Cancel { config, .. })) => config,
            None => &self.plan.config,
        };
        let (config, now) = (read_for_trial(&file.path)?, clock::now());
        // What is wrong with the plan is said before Kafka is asked.
        let planned = if self.command.is_none() { Some(self.plan.drill(&config, now)?) } else { None };
        kafka::reach(&config.kafka, None)?;
        let text = match (&self.command, planned) {
            (Some(Command::List(_)), _) => list(&Planned::read(&config)?, now),
            (Some(Command::Cancel(cancel)), _) => cancel.run(&config, now)?,
            (Some(Command::Report(of)), _) => report(&config, &of.id)?,
            (None, drill) => self.plan.write(&config, drill.context("no scenario")?, now)?,
        };
        let written = std::io::stdout().lock().write_all(text.as_bytes()).context("cannot write the result");
        super::ended(written.map(|()| 0))
    }
}

impl Plan {
    /// The drill that is asked for.
    fn drill(&self, config: &Config, now: Timestamp) -> anyhow::Result<DrillScheduled> {
        let watch = watch(config, self.watch.as_deref())?;
        let time_zone = config.web.time_zone.clone();
        let begins = self.at.map_or(now, |at| at.instant(&LocalClock::named(time_zone.as_deref()), now));
        if begins.plus(LATE_MS) <= now {
            bail!("--at: {begins} is past");
        }
        if self.announce && begins <= now {
            bail!("--announce: people are told before a drill begins; say when with --at");
        }
        let scenario = self.scenario.as_deref().unwrap_or_default();
        let (scenario, course) = course(scenario, watch, config)?;
        let (watch, announce) = (watch.key().to_owned(), self.announce);
        Ok(DrillScheduled { watch, scenario, begins, every_days: self.every, time_zone, announce, course })
    }

    fn write(&self, config: &Config, drill: DrillScheduled, now: Timestamp) -> anyhow::Result<String> {
        let id: String = random::bytes::<4>().iter().map(|byte| format!("{byte:02x}")).collect();
        let (begins, minutes) = (drill.begins, drill.lasts_ms() / 60_000);
        let said = format!(
            "{id}: {} of {} begins at {begins} and lasts for {minutes} minutes\n\
             `orszem drill report {id}` says how it went, `orszem drill cancel {id}` takes it back\n",
            visible(&drill.scenario),
            visible(&drill.watch)
        );
        let change = Change::DrillScheduled(Box::new(drill));
        team::write(&config.kafka, &Record { id, at: now, by: by(&self.by)?, change })?;
        Ok(said)
    }
}

/// The watch that is meant: the one of this name, or the only one that somebody is called for.
fn watch<'c>(config: &'c Config, name: Option<&str>) -> anyhow::Result<&'c Watch> {
    let routed = config.route.is_some();
    let calls = |watch: &&Watch| routed || watch.escalation.is_some();
    let names = || config.watches.iter().filter(calls).map(|watch| watch.name.as_str()).collect::<Vec<_>>().join(", ");
    match name {
        Some(name) => {
            let known = config.watches.iter().find(|watch| watch.name == name || watch.key() == name);
            let found = known.with_context(|| format!("--watch: there is no watch {name:?}; there are {}", names()))?;
            if !calls(&found) {
                bail!("--watch: {name:?} has no escalation: nobody would be called");
            }
            Ok(found)
        }
        None => {
            let mut calling = config.watches.iter().filter(calls);
            match (calling.next(), calling.next()) {
                (Some(only), None) => Ok(only),
                (None, _) => bail!("no watch has an escalation: nobody would be called"),
                (Some(_), Some(_)) => bail!("name the watch that it is about with --watch: {}", names()),
            }
        }
    }
}

/// The name of what is rehearsed, and its course.
fn course(scenario: &str, watch: &Watch, config: &Config) -> anyhow::Result<(String, Course)> {
    let words = config.words(None, None);
    let title = watch.title.as_deref().unwrap_or(&watch.name);
    if let Some(known) = Scenario::of(scenario) {
        let zone = watch.time_zone.as_deref().or(config.web.time_zone.as_deref());
        return Ok((scenario.to_owned(), known.course(title, watch.desk, zone, &words)));
    }
    let names: Vec<&str> = Scenario::ALL.iter().map(|scenario| scenario.name()).collect();
    let text = std::fs::read_to_string(scenario)
        .with_context(|| format!("{scenario:?} is neither a scenario ({}) nor a file", names.join(", ")))?;
    let course = recorded(&text).with_context(|| scenario.to_owned())?;
    let name = Path::new(scenario).file_name().map_or(scenario.into(), |name| name.to_string_lossy());
    Ok((visible(&name).chars().take(NAME).collect(), course))
}

/// A drill as the topic of the team tells of it.
struct Planned {
    id: String,
    drill: DrillScheduled,
    by: String,
    cancelled: bool,
    last: Option<DrillStarted>,
}

impl Planned {
    fn read(config: &Config) -> anyhow::Result<Vec<Planned>> {
        Ok(Planned::of(&team::records(&config.kafka).map_err(anyhow::Error::msg)?))
    }

    fn of(records: &[Record]) -> Vec<Planned> {
        let mut planned: Vec<Planned> = Vec::new();
        for record in records {
            if let Change::DrillScheduled(drill) = &record.change {
                planned.retain(|known| known.id != record.id);
                let (id, drill, by) = (record.id.clone(), (**drill).clone(), record.by.by.clone());
                planned.push(Planned { id, drill, by, cancelled: false, last: None });
            }
        }
        for record in records {
            let of = |of: &str| planned.iter().position(|known| known.id == of);
            match &record.change {
                Change::DrillCancelled(Of { of: id }) => {
                    if let Some(place) = of(id) {
                        planned[place].cancelled = true;
                    }
                }
                Change::DrillStarted(started) => {
                    if let Some(place) = of(&started.of) {
                        planned[place].last = Some(started.clone());
                    }
                }
                _ => {}
            }
        }
        planned
    }

    /// How it stands at a moment, in a few words.
    fn standing(&self, now: Timestamp) -> String {
        let last = self.last.as_ref();
        let due = begun(&self.drill, now).filter(|run| last.is_none_or(|last| last.run < run.number));
        match (self.cancelled, coming(&self.drill, now), due) {
            (true, ..) => "taken back".to_owned(),
            (false, _, Some(run)) if now.since(run.begins) < LATE_MS => "begins now".to_owned(),
            (false, Some(next), _) => format!("begins at {}", next.begins),
            (false, None, Some(_)) => "left out: no copy of orszem was at work".to_owned(),
            (false, None, None) if last.is_some_and(|last| last.begins.plus(self.drill.lasts_ms()) > now) => {
                "runs".to_owned()
            }
            (false, None, None) => "over".to_owned(),
        }
    }
}

fn list(planned: &[Planned], now: Timestamp) -> String {
    if planned.is_empty() {
        return "no drill is planned\n".to_owned();
    }
    let mut table = Table::new();
    table.load_preset(UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(["id", "watch", "scenario", "standing", "every", "last run", "by"]);
    for one in planned {
        let every = one.drill.every_days.map_or_else(|| "once".to_owned(), |days| format!("{days} days"));
        let last = one.last.as_ref().map_or_else(|| "–".to_owned(), |last| last.begins.to_string());
        let (watch, scenario) = (one.drill.watch.clone(), one.drill.scenario.clone());
        table.add_row(
            [one.id.clone(), watch, scenario, one.standing(now), every, last, one.by.clone()].map(|it| visible(&it)),
        );
    }
    format!("{table}\n")
}

impl Cancel {
    fn run(&self, config: &Config, now: Timestamp) -> anyhow::Result<String> {
        let planned = Planned::read(config)?;
        let Some(known) = planned.iter().find(|known| known.id == self.id) else {
            bail!("there is no drill {:?}: `orszem drill list` shows them", self.id);
        };
        if known.cancelled {
            bail!("it is taken back already");
        }
        let change = Change::DrillCancelled(Of { of: self.id.clone() });
        team::write(&config.kafka, &Record { id: self.id.clone(), at: now, by: by(&self.by)?, change })?;
        Ok("it is taken back: it does not begin any more, and ends where it runs\n".to_owned())
    }
}

/// The report of a drill, by the ledger.
fn report(config: &Config, id: &str) -> anyhow::Result<String> {
    let planned = Planned::read(config)?;
    let known = planned.iter().find(|known| known.id == id);
    let run = known.and_then(|known| known.last.as_ref()).map(|last| DrillScheduled::run_id(&last.of, last.run));
    let run = run.unwrap_or_else(|| id.to_owned());
    let mut reader = RangeReader::open(&config.kafka, &Names::new(&config.kafka).ledger, RangeQuery::default())?;
    let mut incident: Option<Incident> = None;
    while let Some(event) = reader.next_event()? {
        let RangeEvent::Record(read) = event else { continue };
        let Ok(entry) = Entry::from_record(&read.value, None) else { continue };
        if entry.incident != IncidentId::of_drill(&entry.watch, &run) {
            continue;
        }
        match &mut incident {
            Some(incident) => incident.apply(&entry),
            None => incident = Incident::begin(&entry),
        }
    }
    let Some(incident) = incident else {
        bail!("drill {id:?} has not run: `orszem drill list` shows when it begins");
    };
    let report = Report::of(&incident).context("it is no drill")?;
    Ok(format!("{}\n\n{}", incident.id, report.text(&config.words(None, None))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use orszem_records::ledger::ByWhom;

    fn config(watches: &str) -> Config {
        toml::from_str(watches).unwrap()
    }

    const TWO: &str = "[[watch]]\nname = \"a\"\nterms = [\"a\"]\nescalation = \"duty\"\n\
        [[watch]]\nname = \"b\"\nterms = [\"b\"]\n[[escalation]]\nname = \"duty\"\nstep = []\n";

    #[test]
    fn the_watch_is_the_only_one_that_calls_somebody_or_the_one_that_is_named() {
        let two = config(TWO);
        assert_eq!(watch(&two, None).unwrap().name, "a");
        let fault = |config: &Config, name| watch(config, name).unwrap_err().to_string();
        assert!(fault(&two, Some("c")).contains("there are a"), "{}", fault(&two, Some("c")));
        assert!(fault(&two, Some("b")).contains("nobody would be called"));
        let both = config(&TWO.replace("terms = [\"b\"]", "terms = [\"b\"]\nescalation = \"duty\""));
        assert!(fault(&both, None).contains("--watch: a, b"));
    }

    #[test]
    fn what_is_no_scenario_and_no_file_is_told_with_the_names() {
        let two = config(TWO);
        let fault = course("scandl", &two.watches[0], &two).unwrap_err().to_string();
        assert!(fault.contains("scandal, outage"), "{fault}");
        assert_eq!(course("outage", &two.watches[0], &two).unwrap().0, "outage");
    }

    #[test]
    fn days_are_whole() {
        assert_eq!((days("7d"), days("90d")), (Ok(7), Ok(90)));
        for wrong in ["36h", "0d", "soon", "900d"] {
            assert!(days(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_list_says_how_each_stands() {
        let drill = |begins, every_days| {
            let (watch, scenario) = ("acme".to_owned(), "outage\u{1b}[31m".to_owned());
            let (time_zone, announce, course) = (None, false, Course::default());
            let begins = Timestamp(begins);
            DrillScheduled { watch, scenario, begins, every_days, time_zone, announce, course }
        };
        let record =
            |id: &str, change| Record { id: id.into(), at: Timestamp(0), by: ByWhom::new("anna", "terminal"), change };
        let scheduled = |id: &str, begins, every| record(id, Change::DrillScheduled(Box::new(drill(begins, every))));
        let records = [
            scheduled("one", 1_000, None),
            scheduled("two", 1_000, Some(7)),
            scheduled("three", 1_000, None),
            scheduled("four", 10 * LATE_MS, None),
            record("one", Change::DrillCancelled(Of { of: "one".into() })),
            DrillStarted { of: "two".into(), run: 1, begins: Timestamp(1_000) }.record(Timestamp(1_000)),
        ];
        let planned = Planned::of(&records);
        let standing: Vec<String> = planned.iter().map(|one| one.standing(Timestamp(2 * LATE_MS))).collect();
        let expected = [
            "taken back",
            "begins at 1970-01-08T00:00:01Z",
            "left out: no copy of orszem was at work",
            "begins at 1970-01-01T10:00:00Z",
        ];
        assert_eq!(standing, expected);
        let text = list(&planned, Timestamp(0));
        assert!(text.contains("7 days") && !text.contains('\u{1b}'), "{text}");
    }
}
