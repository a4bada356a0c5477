//! `orszem backtest`: which pages would have been sent in the past.

pub(super) mod against;
pub(super) mod source;
pub(super) mod table;
mod topic;

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;

use orszem_core::backtest::compare::Comparison;
use orszem_core::backtest::{Labels, Outcome};

use super::config_file::read_for_trial;
use source::{Source, Watch};

/// Runs the past through the detectors of `orszem run`, without Kafka, and shows which pages it would have sent.
///
/// Mentions come from files of JSON lines (plain, gzip or zstd), merged by time, for the watches of the configuration.
/// Counts come from files with `timestamp,value` rows; each file is a separate watch that needs no configuration.
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    source: Source,
    /// The time windows in which something really happened: {"WATCH": {"windows": [["FROM", "TO"], ...]}, ...}
    #[arg(long, value_name = "FILE")]
    labels: Option<PathBuf>,
    /// Another configuration: shows which pages it would add, drop, or send sooner or later, and writes against.json
    #[arg(long, value_name = "OTHER.toml")]
    against: Option<PathBuf>,
    /// The folder for incidents.jsonl, alarms.csv, summary.json and report.html
    #[arg(long, value_name = "DIR", default_value = "backtest")]
    out: PathBuf,
}

impl Args {
    /// Runs the command; the summary goes to standard output.
    ///
    /// # Errors
    /// When part of the input cannot be read, or the output cannot be written.
    pub fn run(&self) -> anyhow::Result<ExitCode> {
        let watch = Watch::start();
        let labels = self.labels.as_deref().map(read_labels).transpose()?;
        let config = self.source.config()?;
        let outcome = self.source.run(&config, true, labels.as_ref(), None)?.swap_remove(0);
        if let Some(labels) = &labels
            && outcome.unknown_labels.len() == labels.watches().count()
        {
            anyhow::bail!("none of the labelled watches is in this backtest: {}", outcome.unknown_labels.join(", "));
        }
        let mut summary = outcome.summary();
        write_lists(&self.out, &outcome)?;
        write_file(&self.out.join("report.html"), |out| Ok(outcome.write_report(&summary, out)?))?;
        (summary.seconds, summary.cpu_us_per_mention) = watch.stop(summary.mentions);
        write_file(&self.out.join("summary.json"), |out| Ok(serde_json::to_writer_pretty(out, &summary)?))?;
        print(&table::describe(&summary, &outcome.incidents, &self.out));
        if let Some(path) = &self.against {
            let other = self.source.run(&read_for_trial(path)?, false, labels.as_ref(), None)?.swap_remove(0);
            let comparison = Comparison::of(&outcome, &other);
            write_file(&self.out.join("against.json"), |out| Ok(serde_json::to_writer_pretty(out, &comparison)?))?;
            print(&format!("\nwith {} instead:\n{}", path.display(), against::describe(&comparison)));
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Prints a text. A closed terminal is not a failure: the files are written.
pub(super) fn print(text: &str) {
    let _ = io::stdout().lock().write_all(text.as_bytes());
}

/// Reads a file of labels.
pub(super) fn read_labels(path: &Path) -> anyhow::Result<Labels> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    Labels::parse(&text).with_context(|| format!("{}", path.display()))
}

fn write_lists(folder: &Path, outcome: &Outcome) -> anyhow::Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    write_file(&folder.join("incidents.jsonl"), |out| Ok(outcome.write_incidents(out)?))?;
    write_file(&folder.join("alarms.csv"), |out| Ok(outcome.write_alarms(out)?))
}

fn write_file(path: &Path, write: impl FnOnce(&mut BufWriter<File>) -> anyhow::Result<()>) -> anyhow::Result<()> {
    let written = || {
        let mut out = BufWriter::with_capacity(1 << 16, File::create(path)?);
        write(&mut out)?;
        out.flush()?;
        anyhow::Ok(())
    };
    written().with_context(|| format!("cannot write {}", path.display()))
}
