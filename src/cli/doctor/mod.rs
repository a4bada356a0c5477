//! `orszem doctor`: connects to everything the configuration names, and reports for each whether it works.

mod calendars;
mod canary;
mod clock;
mod configuration;
mod people;
mod receivers;
mod report;
mod secrets;
mod sentiment;
mod web;

use anyhow::Context;
use std::io::{self, Write};
use std::process::ExitCode;
use std::time::Duration;

use super::config_file::ConfigFile;
use super::progress;
use orszem_core::settings::Config;
use orszem_kafka::probe;
use orszem_runtime::probe::Finding;
use report::{Kind, Report};

/// The time limit of a step in the checks of Kafka: longer than a broker needs right after its start, and still
/// acceptable for an engineer on call.
const KAFKA: Duration = Duration::from_secs(10);

/// Connects to everything the configuration names. Reports for each whether it works, or what is wrong and what to do.
///
/// Changes nothing and pages nobody. Exit status: 0 everything works (there may be warnings), 1 something is broken, 2
/// the configuration cannot be read.
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    config: ConfigFile,
    /// Print JSON instead of lines; docs/operations.md describes its format
    #[arg(long)]
    json: bool,
}

impl Args {
    /// Runs the command; the report goes to stdout.
    ///
    /// # Errors
    /// When the report cannot be written, or no thread can be started.
    pub fn run(self) -> anyhow::Result<ExitCode> {
        let loaded = match orszem_config::load(&self.config.path) {
            Ok(loaded) => loaded,
            Err(faults) => {
                // Without a configuration there is nothing to connect to.
                self.print(&Report::new(configuration::faults(&faults), &[]))?;
                return Ok(ExitCode::from(if faults.is_unreadable() { 2 } else { 1 }));
            }
        };
        let secrets = secrets::of(&loaded);
        let runtime = tokio::runtime::Runtime::new()?;
        let mut found = configuration::findings(&self.config.path, &loaded);
        let waiting = progress::waiting(format!("connecting to everything in {}", self.config.path.display()));
        found.extend(runtime.block_on(checks(&loaded.config)));
        waiting.finish_and_clear();
        // Do not wait for a call to Kafka that hangs.
        runtime.shutdown_background();
        let report = Report::new(found, &secrets);
        self.print(&report)?;
        Ok(ExitCode::from(u8::from(!report.is_ok())))
    }

    fn print(&self, report: &Report) -> anyhow::Result<()> {
        let text = if self.json { report.json() + "\n" } else { report.text() };
        match io::stdout().lock().write_all(text.as_bytes()) {
            // `orszem doctor | head` closes the pipe early, on purpose.
            Err(fault) if fault.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            written => written.context("cannot write the report"),
        }
    }
}

/// All checks except the configuration, in parallel: no check waits for another or stops another.
async fn checks(config: &Config) -> Vec<(Kind, Finding)> {
    let inputs = config.topics();
    let (kafka, (receivers, readings), people, calendars, canary, web, sentiment) = tokio::join!(
        probe::probe(&config.kafka, &inputs, KAFKA),
        receivers::check(config),
        people::check(config),
        calendars::check(config),
        canary::check(config),
        web::check(&config.web),
        sentiment::check(config),
    );
    let mut all = Vec::new();
    let mut add = |kind, findings: Vec<Finding>| all.extend(findings.into_iter().map(|finding| (kind, finding)));
    add(Kind::Kafka, kafka.brokers);
    add(Kind::Topic, kafka.topics);
    add(Kind::Permission, kafka.permissions);
    add(Kind::Receiver, receivers);
    add(Kind::Person, people);
    add(Kind::Calendar, calendars);
    add(Kind::Canary, vec![canary]);
    add(Kind::Web, web);
    add(Kind::Sentiment, sentiment);
    add(Kind::Clock, vec![clock::check(&readings)]);
    all
}
