//! `orszem warm`: loads history, so that watches do not have to learn first.

use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context;
use comfy_table::{Table, presets::UTF8_FULL_CONDENSED};

use super::backtest::print;
use super::backtest::source::Source;
use super::words::{count, count_of};
use orszem_core::detect::pack;
use orszem_kafka::producer::BulkWriter;
use orszem_kafka::{Names, topics};
use orszem_records::tally::TallyRecord;
use orszem_records::time::Timestamp;
use orszem_runtime::lifecycle::Shutdown;
use orszem_runtime::startup::Startup;

/// How long Kafka may take to acknowledge the records.
const LAST_WAIT: Duration = Duration::from_secs(60);

/// Loads the past of the watches from history, and ends their learning.
///
/// The history can be mention files, counts, or a topic. It runs through score and detect as in `orszem backtest`. The
/// result is written to the topic of the tallies. The detect stage reads it from there immediately, also while it runs.
/// A watch whose own past is longer keeps it. Nothing in the history pages anybody.
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    source: Source,
    /// Show what would be loaded, and write nothing
    #[arg(long)]
    dry_run: bool,
}

impl Args {
    /// Runs the command; a table of what was loaded goes to standard output.
    ///
    /// # Errors
    /// When part of the history cannot be read, or Kafka does not accept the records.
    pub fn run(&self) -> anyhow::Result<ExitCode> {
        let config = self.source.config()?;
        if !self.dry_run {
            // Before the history is worked through, which can take minutes.
            super::kafka::reach(&config.kafka, None)?;
        }
        let mut outcome = self.source.run(&config, false, None, None)?.swap_remove(0);
        let learn_hours = config.detect.learn_for.millis() / 3_600_000;
        let mut table = Table::new();
        table.load_preset(UTF8_FULL_CONDENSED);
        table.set_header(["watch", "from", "to", "hours", "learning"]);
        let mut records = Vec::new();
        for core in &mut outcome.cores {
            core.touch_all();
            let pasts: Vec<_> = core.pasts().map(|(name, from, to)| (name.to_owned(), from, to)).collect();
            for (name, from, to) in pasts {
                let hours = to.since(from) / 3_600_000;
                let left = u64::try_from(learn_hours - hours).unwrap_or(0);
                let learning = match left {
                    0 => "ends now".to_owned(),
                    left => format!("{} left", count(left, "hour", "hours")),
                };
                table.add_row([name, short(from), short(to), hours.to_string(), learning]);
            }
            for (watch, snapshot) in core.snapshots() {
                let snapshot = pack::text(&snapshot.encode().context("a snapshot cannot be packed")?);
                records.push((watch.clone(), TallyRecord::Warm { watch, snapshot }.to_json()));
            }
        }
        anyhow::ensure!(!records.is_empty(), "no watch matches anything in this history, so there is nothing to load");
        if !self.dry_run {
            topics::ensure(&config.kafka, &config.topics(), &Shutdown::new(), &Startup::default())
                .context("the topics in Kafka are not usable")?;
            let waiting = super::progress::waiting(format!("writing to Kafka at {}", config.kafka.brokers));
            let mut writer = BulkWriter::new(&config.kafka, &Names::new(&config.kafka).tallies)?;
            for (watch, record) in &records {
                writer.write(Some(watch.as_bytes()), record)?;
            }
            let written = writer.finish(LAST_WAIT);
            waiting.finish_and_clear();
            let reason = || written.fault.as_ref().map_or_else(String::new, ToString::to_string);
            anyhow::ensure!(
                written.failed == 0,
                "Kafka did not accept {} of the records: {}",
                written.failed,
                reason()
            );
        }
        let done = if self.dry_run { "nothing was written" } else { "loaded" };
        print(&format!("{table}\n{}: {done}\n", count_of(records.len(), "watch", "watches")));
        Ok(ExitCode::SUCCESS)
    }
}

fn short(at: Timestamp) -> String {
    at.to_string().get(..16).unwrap_or_default().replace('T', " ")
}
