//! The input options of a backtest.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Instant;

use anyhow::Context;
use indicatif::ProgressBar;

use super::topic::TopicRange;
use std::sync::Arc;

use crate::cli::config_file::{DEFAULT, read_for_trial};
use crate::cli::input::reader_for;
use crate::cli::{kafka, progress};
use orszem_core::backtest;
use orszem_core::backtest::{Bounds, Job, Labels, Outcome, Series};
use orszem_core::range::RangeQuery;
use orszem_core::replay::{Input, Merge};
use orszem_core::settings::Config;
use orszem_core::settings::LogFormat;
use orszem_kafka::range::RangeReader;
use orszem_records::time::Timestamp;
use orszem_runtime::models;

/// The input of a backtest.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Source {
    /// Mentions: files of JSON lines (or as `orszem input try` reads them), plain, gzip or zstd
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Counts of a watch: rows `timestamp,value` at a regular step; can be repeated
    #[arg(long, value_name = "NAME=FILE.csv")]
    counts: Vec<NamedFile>,
    /// The current mentions of this Kafka topic; the configuration says where Kafka is
    #[arg(long, conflicts_with = "files")]
    topic: Option<String>,
    /// Read the records in the format of this [[input]], named by its topic [default: the input of --topic if there is
    /// one, otherwise native records]
    #[arg(long, value_name = "TOPIC")]
    input: Option<String>,
    /// Ignore everything before this time: 2015-02-21, 2015-02-21T09:00:00Z
    #[arg(long, value_name = "TIME", value_parser = moment)]
    from: Option<Timestamp>,
    /// Ignore everything at or after this time
    #[arg(long, value_name = "TIME", value_parser = moment)]
    to: Option<Timestamp>,
    /// The configuration file [default: alerts.toml; none if there are only counts]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

/// `NAME=FILE`.
#[derive(Clone, Debug, PartialEq, Eq)]
struct NamedFile {
    name: String,
    file: PathBuf,
}

impl FromStr for NamedFile {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<NamedFile, &'static str> {
        let (name, file) = text.split_once('=').ok_or("expected NAME=FILE.csv, such as acme=mentions.csv")?;
        if name.trim().is_empty() || name.chars().any(char::is_control) {
            return Err("expected a name before the `=`");
        }
        if file.is_empty() {
            return Err("expected a file after the `=`");
        }
        Ok(NamedFile { name: name.trim().into(), file: file.into() })
    }
}

pub(in crate::cli) fn moment(text: &str) -> Result<Timestamp, String> {
    backtest::counts::time(text).ok_or_else(|| "expected a time like 2015-02-21 or 2015-02-21T09:00:00Z".into())
}

impl Source {
    /// The configuration of `--config` or `alerts.toml`; the defaults if the input is counts only.
    pub(crate) fn config(&self) -> anyhow::Result<Config> {
        match &self.config {
            Some(path) => read_for_trial(path),
            None if self.files.is_empty() && self.topic.is_none() && !self.counts.is_empty() => Ok(Config::default()),
            None => read_for_trial(Path::new(DEFAULT)),
        }
    }

    /// Runs the past through the detectors, with a progress bar. `budgets`: one watch, and the budgets to try for it.
    pub(crate) fn run(
        &self,
        config: &Config,
        charts: bool,
        labels: Option<&Labels>,
        budgets: Option<(&str, &[f64])>,
    ) -> anyhow::Result<Vec<Outcome>> {
        anyhow::ensure!(
            !self.files.is_empty() || !self.counts.is_empty() || self.topic.is_some(),
            "nothing to read: give files of mentions, --topic TOPIC, or --counts NAME=FILE.csv"
        );
        let mut names: Vec<&str> = self.counts.iter().map(|counts| counts.name.as_str()).collect();
        names.sort_unstable();
        if let Some(twice) = names.windows(2).find(|pair| pair[0] == pair[1]) {
            anyhow::bail!("--counts names `{}` twice", twice[0]);
        }
        if let (Some(from), Some(to)) = (self.from, self.to) {
            anyhow::ensure!(from < to, "--from {from} is not before --to {to}");
        }
        let counts = self.counts.iter().map(|counts| &counts.file);
        let bar = progress::of_files(self.files.iter().chain(counts).map(PathBuf::as_path));
        let mut merge = match self.files.as_slice() {
            [] => None,
            files => {
                let opened = files.iter().map(|path| open(path, &bar)).collect::<anyhow::Result<_>>()?;
                Some(match reader_for(config, None, self.input.as_deref())? {
                    reader if reader.is_native() => Merge::new(opened)?,
                    reader => Merge::reading(opened, reader)?,
                })
            }
        };
        let mut topic = self.topic.as_deref().map(|topic| self.open_topic(config, topic)).transpose()?;
        let files = merge.as_mut().map(|merge| merge as &mut dyn backtest::run::Source);
        let job = Job {
            config,
            sentiment: Arc::new(models::load(&config.sentiment).map_err(anyhow::Error::msg)?),
            mentions: files.or(topic.as_mut().map(|topic| topic as &mut dyn backtest::run::Source)),
            counts: self.counts.iter().map(|counts| series(counts, &bar)).collect::<anyhow::Result<_>>()?,
            bounds: Bounds { from: self.from, to: self.to },
            charts,
            labels,
        };
        let outcomes = match budgets {
            None => job.run().map(|outcome| vec![outcome]),
            Some((watch, budgets)) => job.run_at(watch, budgets),
        };
        bar.finish_and_clear();
        for note in merge.iter_mut().flat_map(Merge::take_notes) {
            let _ = writeln!(std::io::stderr().lock(), "{note}");
        }
        Ok(outcomes?)
    }

    /// The clock of a source may be ahead of Kafka's, so the read begins earlier than `from`.
    fn open_topic(&self, config: &Config, topic: &str) -> anyhow::Result<TopicRange> {
        super::super::logs::start(LogFormat::Text, None);
        let reader = reader_for(config, Some(topic), self.input.as_deref())?;
        kafka::reach(&config.kafka, Some(topic))?;
        let since = self.from.map(|from| from.plus(-config.score.future_tolerance.millis()));
        let range = RangeReader::open(&config.kafka, topic, RangeQuery { since, ..RangeQuery::default() })
            .with_context(|| format!("cannot read {topic}"))?;
        Ok(TopicRange::new(range, reader, config.score.max_mention_bytes))
    }
}

fn open(path: &Path, bar: &ProgressBar) -> anyhow::Result<Input> {
    let name = path.display().to_string();
    let file = File::open(path).with_context(|| format!("cannot open {name}"))?;
    Input::new(name.clone(), bar.wrap_read(file)).with_context(|| format!("cannot read {name}"))
}

type Rows = Series<Box<dyn BufRead>>;

fn series(counts: &NamedFile, bar: &ProgressBar) -> anyhow::Result<(String, Rows)> {
    let name = counts.file.display().to_string();
    let file = File::open(&counts.file).with_context(|| format!("cannot open {name}"))?;
    let reader: Box<dyn BufRead> = Box::new(BufReader::with_capacity(1 << 16, bar.wrap_read(file)));
    Ok((counts.name.clone(), Series::new(name, reader)))
}

/// Measures the time of a command.
pub(crate) struct Watch {
    began: Instant,
    cpu_ns: Option<u64>,
}

impl Watch {
    /// Starts the measurement.
    #[expect(clippy::disallowed_methods, reason = "the duration is only printed at the end; no core sees it")]
    pub(crate) fn start() -> Watch {
        Watch { began: Instant::now(), cpu_ns: cpu_ns() }
    }

    /// Seconds since the start, and CPU time in µs per mention if the system reports it.
    pub(crate) fn stop(&self, mentions: u64) -> (Option<f64>, Option<f64>) {
        let cpu = cpu_ns().zip(self.cpu_ns).map(|(now, then)| now.saturating_sub(then) as f64 / 1e3);
        (Some(self.began.elapsed().as_secs_f64()), cpu.filter(|_| mentions > 0).map(|cpu| cpu / mentions as f64))
    }
}

/// CPU time of this thread, which does all the work. Linux reports it in nanoseconds.
fn cpu_ns() -> Option<u64> {
    std::fs::read_to_string("/proc/thread-self/schedstat").ok()?.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_need_a_name_and_a_file() {
        let named: NamedFile = "acme=a=b.csv".parse().unwrap();
        assert_eq!((named.name.as_str(), named.file.as_path()), ("acme", Path::new("a=b.csv")));
        for wrong in ["a.csv", "=a.csv", "acme=", "a\nb=c"] {
            assert!(wrong.parse::<NamedFile>().is_err(), "{wrong}");
        }
    }
}
