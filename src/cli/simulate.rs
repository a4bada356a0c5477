//! `orszem simulate`: writes mentions of invented companies as JSON lines.

use std::fs::File;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use flate2::write::GzEncoder;
use indicatif::ProgressBar;

use super::progress;
use orszem_core::simulate::{InjectionSpec, Plan, Simulation, Truth, companies};
use orszem_records::time::Timestamp;

/// Writes mentions of invented companies, as JSON lines in time order. The same options produce the same bytes.
///
/// Without --inject and --quiet it uses the plan of the demonstration: each kind of event once, each for a different
/// company.
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    /// The random seed: the same seed gives the same result
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The number of days
    #[arg(long, default_value_t = 14, value_parser = clap::value_parser!(u32).range(1..=36_500))]
    days: u32,
    /// The start time, RFC 3339
    #[arg(long, default_value = "2026-03-02T00:00:00Z", value_parser = instant)]
    start: Timestamp,
    /// Multiplies the number of mentions
    #[arg(long, default_value_t = 1.0, value_name = "FACTOR")]
    rate: f64,
    /// The number of companies; after the first six, names are made of syllables
    #[arg(long, default_value_t = 6, value_name = "COUNT")]
    companies: usize,
    /// Mentions per hour that name none of the companies, before --rate
    #[arg(long, default_value_t = 300.0, value_name = "PER_HOUR")]
    chatter: f64,
    /// An event, instead of the plan of the demonstration; can be repeated.
    /// Kinds: crisis, slow-burn, joy, copies, silence, outage (of everything).
    /// Examples: crisis@veltaro+13d4h 'joy@kellemes+9d x5 for 2h' outage+10d
    #[arg(long, value_name = "KIND[@COMPANY]+OFFSET[xSIZE][forDURATION]", conflicts_with = "quiet")]
    inject: Vec<InjectionSpec>,
    /// Simulate no events
    #[arg(long)]
    quiet: bool,
    /// The file to write; compressed if its name ends in .gz or .zst [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Write the injected events to this file, as JSON
    #[arg(long, value_name = "FILE")]
    truth: Option<PathBuf>,
    /// Print only [[watch]] blocks for alerts.toml, no mentions
    #[arg(long, conflicts_with = "output")]
    watches: bool,
}

fn instant(text: &str) -> Result<Timestamp, jiff::Error> {
    Ok(Timestamp(text.parse::<jiff::Timestamp>()?.as_millisecond()))
}

impl Args {
    fn plan(&self) -> Plan {
        let mut plan = Plan::demo(self.seed, self.start, self.days);
        plan.companies = companies(self.companies);
        plan.chatter_per_hour = self.chatter;
        if self.quiet {
            plan.injections.clear();
        } else if !self.inject.is_empty() {
            plan.injections = self.inject.iter().map(|spec| spec.0.clone()).collect();
        }
        plan.scaled(self.rate)
    }
}

/// Runs the command. If the reader closes the pipe, the command ends without an error.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let simulation = Simulation::new(args.plan())?;
    if let Some(path) = &args.truth {
        let json = serde_json::to_vec_pretty(simulation.truth()).context("the truth cannot be written as JSON")?;
        std::fs::write(path, json).with_context(|| format!("cannot write {}", path.display()))?;
    }
    let written = if args.watches {
        print(simulation.truth().watches_toml().as_bytes())
    } else {
        write_mentions(simulation, args.output.as_deref())
    };
    match written {
        Err(fault) if fault.kind() == io::ErrorKind::BrokenPipe && args.output.is_none() => Ok(()),
        Err(fault) => {
            let place = args.output.as_ref().map_or("standard output".into(), |path| path.display().to_string());
            Err(fault).with_context(|| format!("cannot write {place}"))
        }
        Ok(()) => Ok(()),
    }
}

fn print(bytes: &[u8]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(bytes)?;
    out.flush()
}

fn write_mentions(simulation: Simulation, path: Option<&Path>) -> io::Result<()> {
    // On a terminal that shows the mentions themselves, a bar would only be in their way.
    let bar = match path.is_none() && io::stdout().is_terminal() {
        true => ProgressBar::hidden(),
        false => {
            let Truth { start, end, .. } = simulation.truth();
            progress::of_whole(u64::try_from(end.since(*start)).unwrap_or(0), "simulating")
        }
    };
    let Some(path) = path else { return write_lines(simulation, io::stdout().lock(), &bar).map(drop) };
    let file = File::create(path)?;
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("gz") => {
            write_lines(simulation, GzEncoder::new(file, flate2::Compression::default()), &bar)?.finish()?.sync_all()
        }
        Some("zst") => write_lines(simulation, zstd::Encoder::new(file, 0)?, &bar)?.finish()?.sync_all(),
        _ => write_lines(simulation, file, &bar)?.sync_all(),
    }
}

/// Writes each mention as a line; returns `out` flushed. The bar runs over simulated time.
fn write_lines<W: Write>(simulation: Simulation, out: W, bar: &ProgressBar) -> io::Result<W> {
    let mut out = BufWriter::with_capacity(1 << 16, out);
    let mut line = Vec::with_capacity(1024);
    let start = simulation.truth().start;
    for (number, (at, mention)) in simulation.enumerate() {
        if number.is_multiple_of(1024) {
            bar.set_position(u64::try_from(at.since(start)).unwrap_or(0));
        }
        line.clear();
        serde_json::to_writer(&mut line, &mention)?;
        line.push(b'\n');
        out.write_all(&line)?;
    }
    bar.finish_and_clear();
    out.into_inner().map_err(io::IntoInnerError::into_error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::fixture;
    use orszem_core::simulate::{Kind, Truth};
    use std::io::Read;

    fn args(line: &[&str]) -> Args {
        fixture::args(line).unwrap()
    }

    #[test]
    fn plain_gzip_and_zstd_hold_the_same_mentions_and_the_truth_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let mut texts = Vec::new();
        for name in ["a.jsonl", "a.jsonl.gz", "a.jsonl.zst"] {
            let (path, truth) = (folder.path().join(name), folder.path().join("truth.json"));
            let paths = [path.to_str().unwrap(), truth.to_str().unwrap()];
            run(&args(&["--days", "1", "--inject", "crisis@orbiva+12h x8", "-o", paths[0], "--truth", paths[1]]))
                .unwrap();
            let truth: Truth = serde_json::from_slice(&std::fs::read(&truth).unwrap()).unwrap();
            assert_eq!((truth.injections.len(), truth.injections[0].kind), (1, Kind::Crisis));
            let file = File::open(&path).unwrap();
            let mut text = String::new();
            match name.rsplit('.').next() {
                Some("gz") => flate2::read::GzDecoder::new(file).read_to_string(&mut text).unwrap(),
                Some("zst") => zstd::Decoder::new(file).unwrap().read_to_string(&mut text).unwrap(),
                _ => { file }.read_to_string(&mut text).unwrap(),
            };
            texts.push(text);
        }
        assert!(texts[0].lines().count() > 10_000);
        assert!(texts[0].ends_with("}\n"));
        assert!(texts.iter().all(|text| *text == texts[0]));
    }

    #[test]
    fn options_make_the_plan() {
        let plan = args(&["--rate", "2", "--companies", "9", "--seed", "5", "--days", "3", "--quiet"]).plan();
        assert_eq!((plan.seed, plan.companies.len(), plan.injections.len()), (5, 9, 0));
        assert_eq!(plan.companies[0].per_hour, 480.0);
        assert_eq!(plan.end.since(plan.start), 3 * 86_400_000);
        assert_eq!(args(&[]).plan().injections.len(), 6);
        assert!(fixture::args::<Args>(&["--inject", "crash@veltaro+1d"]).is_err());
        assert!(fixture::args::<Args>(&["--start", "monday"]).is_err());
    }

    #[test]
    fn an_impossible_plan_is_refused() {
        let fault = run(&args(&["--companies", "2", "--inject", "crisis@orbiva+1d"])).unwrap_err();
        assert!(fault.to_string().contains("no company orbiva"), "{fault}");
    }
}
