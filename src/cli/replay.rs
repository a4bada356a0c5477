//! `orszem replay`: writes mentions from files to the topic.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::Context;
use indicatif::ProgressBar;

use super::config_file::ConfigFile;
use super::progress;
use orszem_core::replay::{Clock, Delivered, Input, Merge, Report, Settings, Sink, Speed, Times, drive};
use orszem_core::settings::{Kafka, LogFormat};
use orszem_kafka::producer::{BulkWriter, WriteError};
use orszem_records::time::Timestamp;
use std::time::Instant;

/// Writes mentions from files to the topic of mentions.
///
/// Files are JSON lines: plain, gzip or zstd, recognised by their first bytes. Several files are merged by time; each
/// must be in order. Lines are written unchanged; lines without id or time are refused and counted.
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    /// Files of JSON lines; - is standard input [default: -]
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Speed of event time relative to the clock, such as 600x [default: as fast as possible; with --times now 1x]
    #[arg(long)]
    speed: Option<Speed>,
    /// Keep the times of the file, or move them so that the first mention is now and event time follows the clock. At
    /// 600x a gap of an hour becomes six seconds
    #[arg(long, value_enum, default_value_t)]
    times: TimesArg,
    /// Also write invalid lines, unchanged, so that they become dead letters
    #[arg(long)]
    raw: bool,
    /// Write to standard output instead of the topic
    #[arg(long)]
    stdout: bool,
    #[command(flatten)]
    config: ConfigFile,
    /// Brokers to use instead of those in the configuration. If there is a configuration, its options (TLS, SASL) still
    /// apply
    #[arg(long)]
    brokers: Option<String>,
    /// Topic to use instead of the one in the configuration
    #[arg(long)]
    topic: Option<String>,
}

/// [`Times`] on the command line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
enum TimesArg {
    /// The times of the file.
    #[default]
    AsIs,
    /// The first mention is now, and event time follows the clock: a gap of the file, divided by the speed, is the gap
    /// that is written. The default speed is then 1x, because mentions from the future are rejected.
    Now,
}

impl From<TimesArg> for Times {
    fn from(times: TimesArg) -> Times {
        match times {
            TimesArg::AsIs => Times::AsIs,
            TimesArg::Now => Times::Now,
        }
    }
}

impl Args {
    /// Replays until the end, or until SIGINT or SIGTERM.
    pub fn run(&self) -> anyhow::Result<ExitCode> {
        let stopped = Arc::new(AtomicBool::new(false));
        let bar = || progress::of_files(self.files.iter().map(PathBuf::as_path));
        let (bar, mut sink): (ProgressBar, Box<dyn Sink>) = if self.stdout {
            (bar(), Box::new(Stdout::new()))
        } else {
            // librdkafka repeats every second that no broker answers; what becomes of the records is told at the end.
            super::logs::start(LogFormat::Text, None);
            let kafka = self.kafka()?;
            // Before signals are caught, so that Ctrl-C ends this wait.
            super::kafka::reach(&kafka, Some(&kafka.mentions))?;
            let writer = BulkWriter::new(&kafka, &kafka.mentions)?.until(Arc::clone(&stopped));
            let bar = bar();
            (bar.clone(), Box::new(ToTopic { writer: Some(writer), brokers: kafka.brokers, bar }))
        };
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        runtime.spawn(stop_on_signals(Arc::clone(&stopped)));
        run(self, &bar, &mut *sink, &|| stopped.load(Ordering::Relaxed))?;
        Ok(ExitCode::SUCCESS)
    }

    /// Where Kafka is: by the configuration, which is not needed when both brokers and topic are given.
    fn kafka(&self) -> anyhow::Result<Kafka> {
        let mut kafka = match self.config.load() {
            Ok(loaded) => loaded.config.kafka,
            Err(_) if self.brokers.is_some() && self.topic.is_some() => Kafka::default(),
            Err(fault) => return Err(fault),
        };
        kafka.brokers = self.brokers.clone().unwrap_or(kafka.brokers);
        kafka.mentions = self.topic.clone().unwrap_or(kafka.mentions);
        Ok(kafka)
    }
}

async fn stop_on_signals(stopped: Arc<AtomicBool>) {
    let Ok(mut terminate) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) else { return };
    // The second one ends it without waiting for Kafka.
    while !stopped.load(Ordering::Relaxed) {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = tokio::signal::ctrl_c() => {}
        }
        stopped.store(true, Ordering::Relaxed);
    }
    tokio::select! {
        _ = terminate.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
    std::process::exit(1);
}

/// How long the end of a replay waits for Kafka to take what is under way.
const LAST_WAIT: Duration = Duration::from_secs(60);

/// Writes to the topic of mentions.
struct ToTopic {
    writer: Option<BulkWriter>,
    brokers: String,
    /// Says at the end what is waited for.
    bar: ProgressBar,
}

impl Sink for ToTopic {
    fn send(&mut self, key: Option<&[u8]>, value: &[u8]) -> anyhow::Result<()> {
        let writer = self.writer.as_mut().context("the replay is over")?;
        match writer.write(key, value) {
            // The replay notices the same, and ends with its report.
            Err(WriteError::Stopped) => Ok(()),
            written => Ok(written?),
        }
    }

    fn finish(&mut self) -> anyhow::Result<Delivered> {
        self.bar.set_message(format!("; waiting for Kafka at {} to take the rest", self.brokers));
        let written = self.writer.take().context("the replay is over")?.finish(LAST_WAIT);
        let mut delivered = Delivered { written: written.delivered, ..Delivered::default() };
        if written.failed > 0 {
            let reason = match written.fault {
                Some(WriteError::Unavailable(cause)) => {
                    format!("Kafka at {} did not take them ({cause}): is it running?", self.brokers)
                }
                Some(fault) => fault.to_string(),
                None => format!("Kafka at {} did not take them", self.brokers),
            };
            delivered.refused.insert(reason, written.failed);
        }
        Ok(delivered)
    }
}

/// Runs the command: reads the files and writes to `sink` until the end, or until `stop` says so; then prints the
/// report to standard error. An error when nothing was written though something was read.
pub fn run(args: &Args, bar: &ProgressBar, sink: &mut dyn Sink, stop: &dyn Fn() -> bool) -> anyhow::Result<Report> {
    let lines = Merge::new(open(&args.files, bar)?)?;
    let settings = Settings { speed: args.speed, times: args.times.into(), raw: args.raw };
    let mut observe = |report: &Report| {
        let show = report.read.is_multiple_of(1024) || settings.speed.is_some();
        if let Some((_, latest)) = report.range.filter(|_| show) {
            bar.set_message(format!("; {} lines, at {latest}", report.read));
        }
    };
    let report = drive(lines, sink, &mut SystemClock::start(), settings, stop, &mut observe);
    bar.finish_and_clear();
    let report = report?;
    let mut text = String::new();
    describe(&report, &mut text);
    // A closed terminal is not a failure: the mentions are written.
    let _ = io::stderr().lock().write_all(text.as_bytes());
    anyhow::ensure!(
        report.written > 0 || report.read == 0 || report.stopped,
        "nothing was written: see the reasons above"
    );
    Ok(report)
}

/// A sink that writes lines to standard output.
#[derive(Debug)]
pub struct Stdout {
    out: io::BufWriter<io::Stdout>,
    written: u64,
}

impl Stdout {
    /// A sink with an empty buffer.
    pub fn new() -> Stdout {
        Stdout { out: io::BufWriter::with_capacity(1 << 16, io::stdout()), written: 0 }
    }
}

impl Default for Stdout {
    fn default() -> Stdout {
        Stdout::new()
    }
}

impl Sink for Stdout {
    fn send(&mut self, _key: Option<&[u8]>, value: &[u8]) -> anyhow::Result<()> {
        self.out.write_all(value)?;
        self.out.write_all(b"\n")?;
        self.written += 1;
        Ok(())
    }

    fn finish(&mut self) -> anyhow::Result<Delivered> {
        self.out.flush()?;
        Ok(Delivered { written: self.written, ..Delivered::default() })
    }
}

fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

fn open(files: &[PathBuf], bar: &ProgressBar) -> anyhow::Result<Vec<Input>> {
    let stdin = PathBuf::from("-");
    let files = if files.is_empty() { std::slice::from_ref(&stdin) } else { files };
    anyhow::ensure!(
        files.iter().filter(|path| is_stdin(path)).count() <= 1,
        "standard input (-) is given more than once; it can be read only once"
    );
    files
        .iter()
        .map(|path| {
            if is_stdin(path) {
                return Input::new("standard input", bar.wrap_read(io::stdin())).context("cannot read standard input");
            }
            let name = path.display().to_string();
            let file = File::open(path).with_context(|| format!("cannot open {name}"))?;
            Input::new(name.clone(), bar.wrap_read(file)).with_context(|| format!("cannot read {name}"))
        })
        .collect()
}

/// The report for people.
fn describe(report: &Report, text: &mut String) {
    use std::fmt::Write;
    let took = humantime::format_duration(Duration::from_millis(u64::try_from(report.took.as_millis()).unwrap_or(0)));
    let stopped = if report.stopped { "stopped early: " } else { "" };
    let _ = writeln!(text, "{stopped}{} written in {took} ({:.0}/s)", report.written, report.rate());
    if let Some((first, last)) = report.range {
        let _ = writeln!(text, "times in the files: {first} to {last}");
    }
    for note in &report.notes {
        let _ = writeln!(text, "{note}");
    }
    for (reason, count) in &report.refused {
        let _ = writeln!(text, "{count} refused: {reason}");
    }
    if report.disordered > 0 {
        let _ = writeln!(
            text,
            "{} were out of order: older than the mention before them in the same file",
            report.disordered
        );
    }
}

/// The clock of this machine.
#[derive(Debug)]
struct SystemClock(Instant);

impl SystemClock {
    /// Starts the clock.
    #[expect(clippy::disallowed_methods, reason = "this is the shell; the core has no clock")]
    fn start() -> SystemClock {
        SystemClock(Instant::now())
    }
}

impl Clock for SystemClock {
    fn now(&mut self) -> Timestamp {
        orszem_runtime::clock::now()
    }

    fn passed(&mut self) -> Duration {
        self.0.elapsed()
    }

    #[expect(clippy::disallowed_methods, reason = "this is the shell, on a thread that does nothing else")]
    fn sleep(&mut self, span: Duration) {
        std::thread::sleep(span);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::fixture;

    fn args(line: &[&str]) -> Args {
        fixture::args(line).unwrap()
    }

    #[derive(Default)]
    struct Memory(Vec<String>);

    impl Sink for Memory {
        fn send(&mut self, key: Option<&[u8]>, _value: &[u8]) -> anyhow::Result<()> {
            self.0.push(String::from_utf8_lossy(key.unwrap_or(b"-")).into_owned());
            Ok(())
        }
        fn finish(&mut self) -> anyhow::Result<Delivered> {
            Ok(Delivered { written: self.0.len() as u64, ..Delivered::default() })
        }
    }

    fn replayed(args: &Args, sink: &mut Memory) -> anyhow::Result<Report> {
        run(args, &ProgressBar::hidden(), sink, &|| false)
    }

    #[test]
    fn files_are_merged_into_the_sink() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, bytes: Vec<u8>| {
            let path = folder.path().join(name);
            std::fs::write(&path, bytes).unwrap();
            path.to_str().unwrap().to_owned()
        };
        let line = |id: &str, second: i64| format!("{{\"id\":\"{id}\",\"published_at\":{}}}\n", 1_406_910_600 + second);
        let plain = write("one", [line("a", 0), line("c", 2), "broken\n".into()].concat().into_bytes());
        let packed = write("two", zstd::encode_all([line("b", 1), line("d", 3)].concat().as_bytes(), 1).unwrap());
        let mut sink = Memory::default();
        let report = replayed(&args(&[&plain, &packed]), &mut sink).unwrap();
        assert_eq!(sink.0, ["a", "b", "c", "d"]);
        let mut text = String::new();
        describe(&report, &mut text);
        assert!(text.starts_with("4 written in "), "{text}");
        assert!(text.contains("1 refused: not a JSON object"), "{text}");
        let nothing = write("three", b"broken\n".to_vec());
        assert!(replayed(&args(&[&nothing]), &mut Memory::default()).is_err());
        assert!(replayed(&args(&["/does/not/exist"]), &mut Memory::default()).is_err());
    }

    #[test]
    fn options_are_read() {
        let args = args(&["--speed", "600x", "--times", "now", "--raw", "a", "-"]);
        assert_eq!((args.speed, args.times, args.raw), (Speed::new(600.0), TimesArg::Now, true));
        assert_eq!(args.files.len(), 2);
        assert!(fixture::args::<Args>(&["--speed", "0x"]).is_err());
    }
}
