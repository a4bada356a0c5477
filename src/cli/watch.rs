//! `orszem watch`: tries queries before they are saved.

use std::fs::File;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use clap::Subcommand;
use serde::Serialize;

use crate::cli::backtest::source::moment;
use crate::cli::config_file::ConfigFile;
use crate::cli::input::reader_for;
use crate::cli::{color, kafka, progress, words};
use orszem_core::input::{Headers, NoHeaders, NoMention};
use orszem_core::range::RangeQuery;
use orszem_core::replay::{Got, Input, LINE_MOST};
use orszem_core::settings::Config;
use orszem_kafka::range::{RangeEvent, RangeReader};
use orszem_records::mention::Mention;
use orszem_records::time::Timestamp;
use orszem_text::query::QueryFault;
use orszem_text::query::preview::{Change, Piece, Sample, Shown, Trial};
use orszem_text::sanitize;
use orszem_text::sentiment::Models;

/// Try the queries of watches.
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Clone, Debug, Subcommand)]
enum Command {
    #[command(about = "Show what a query matches in files of mentions, or in a topic")]
    Try(Try),
}

/// Shows what a query matches before you save it: the matches with their words marked, how many there are per hour, and
/// near misses: mentions that lack one part of the query, with the changed queries that would match them. With a second
/// query, also shows the difference between the two.
///
/// Exit status: 0 tried (even if nothing matches), 1 the query has a fault, or there was no mention to try it on, 2 a
/// file cannot be read.
#[derive(Clone, Debug, clap::Args)]
pub struct Try {
    /// The query, as in query = '…' of a [[watch]]; docs/query.md describes the syntax
    query: String,
    /// Files of JSON lines: plain, gzip or zstd; - is standard input [default: -]
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The current mentions of this Kafka topic; the configuration says where Kafka is
    #[arg(long, conflicts_with = "files")]
    topic: Option<String>,
    /// Ignore mentions published before this time
    #[arg(long, value_name = "TIME", value_parser = moment)]
    from: Option<Timestamp>,
    /// Ignore mentions published at or after this time
    #[arg(long, value_name = "TIME", value_parser = moment)]
    to: Option<Timestamp>,
    /// Read the records in the format of this [[input]], named by its topic [default: the input of --topic if there is
    /// one, otherwise native records]
    #[arg(long, value_name = "TOPIC")]
    input: Option<String>,
    #[command(flatten)]
    config: ConfigFile,
    /// A second query: shows which mentions it adds and drops
    #[arg(long, value_name = "QUERY", visible_alias = "against")]
    with: Option<String>,
    /// Print one line of JSON per mention: id, matched, spans (from and to in bytes of the text's UTF-8); with a second
    /// query also with_matched and with_spans
    #[arg(long)]
    json: bool,
    /// How many matches, near misses and differences to show
    #[arg(long, default_value_t = 20, value_name = "N")]
    show: usize,
}

impl Args {
    /// Runs the command.
    ///
    /// # Errors
    /// When a file cannot be read or the output cannot be written.
    pub fn run(&self) -> anyhow::Result<ExitCode> {
        let Command::Try(args) = &self.command;
        let marks = if color::on_stdout() { Marks::COLOR } else { Marks::PLAIN };
        let mut out = io::BufWriter::new(io::stdout().lock());
        // Standard error is not locked: the bar is drawn there, by a thread of its own.
        let done = args.run(marks, &mut out, &mut io::stderr());
        super::ended(done.and_then(|code| out.flush().map(|()| code).map_err(anyhow::Error::from)))
    }
}

/// The marks before and after a matched word.
#[derive(Clone, Copy)]
struct Marks(&'static str, &'static str);

impl Marks {
    const PLAIN: Marks = Marks("[", "]");
    const COLOR: Marks = Marks("\x1b[1;33m", "\x1b[0m");
}

#[derive(Serialize)]
struct JsonLine<'a> {
    id: &'a str,
    matched: bool,
    spans: &'a [[usize; 2]],
    #[serde(skip_serializing_if = "Option::is_none")]
    with_matched: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    with_spans: Option<&'a [[usize; 2]]>,
}

/// A record and its headers.
type Record<'r> = (&'r [u8], &'r dyn Headers);

/// Where a record came from.
#[derive(Clone, Copy)]
enum Place<'p> {
    /// A file, and the number of the line.
    Line(&'p str, u64),
    /// A partition of the topic.
    Partition(i32),
}

impl std::fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Place::Line(name, number) => write!(f, "{name}:{number}"),
            Place::Partition(number) => write!(f, "a record of partition {number}"),
        }
    }
}

/// The maximum number of changed queries that are shown.
const CHANGES: usize = 8;
/// The maximum number of samples, whatever `--show` says.
const KEPT_MOST: usize = 100_000;

impl Try {
    fn run(&self, marks: Marks, out: &mut dyn Write, said: &mut dyn Write) -> anyhow::Result<u8> {
        let queries = [Some(self.query.as_str()), self.with.as_deref()];
        let caret = |n: usize, fault: &QueryFault| fault.with_caret(queries[n].unwrap_or_default()).to_string();
        let sentiment = Arc::new(Models::shipped()?);
        let mut trial = match Trial::new(&self.query, self.with.as_deref(), self.show.min(KEPT_MOST), sentiment) {
            Ok((trial, warnings)) => {
                for (n, warning) in warnings.iter().enumerate().flat_map(|(n, all)| all.iter().map(move |one| (n, one)))
                {
                    write!(said, "warning: {}", caret(n, warning))?;
                }
                trial
            }
            Err(faults) => {
                for (n, fault) in faults.iter().enumerate().flat_map(|(n, all)| all.iter().map(move |fault| (n, fault)))
                {
                    write!(said, "{}", caret(n, fault))?;
                }
                return Ok(1);
            }
        };
        let config = match (&self.topic, &self.input) {
            (None, None) => Config::default(),
            _ => self.config.load()?.config,
        };
        let reader = reader_for(&config, self.topic.as_deref(), self.input.as_deref())?;
        let mut notes = Vec::new();
        let mut refused = (0_u64, String::new());
        let mut one = |place: Place<'_>, record: Option<Record<'_>>| -> anyhow::Result<()> {
            let no = match record.map(|(record, headers)| reader.read(record, headers, LINE_MOST)) {
                Some(Ok(mention)) => Ok(mention),
                Some(Err(NoMention::Skipped(_))) => return Ok(()),
                Some(Err(NoMention::Fault(fault))) => Err(fault.to_string()),
                None => Err(format!("longer than {LINE_MOST} bytes")),
            };
            let mention = match no {
                Ok(mention) => mention,
                Err(fault) => {
                    refused.0 += 1;
                    if refused.0 == 1 {
                        refused.1 = format!("{place}: {}", sanitize::line(&fault));
                    }
                    return Ok(());
                }
            };
            let at = mention.published_at;
            if self.from.is_some_and(|from| at < from) || self.to.is_some_and(|to| at >= to) {
                return Ok(());
            }
            match self.json {
                true => write_json(&mut trial, &mention, out)?,
                false => trial.take(&mention),
            }
            Ok(())
        };
        match &self.topic {
            Some(topic) => self.read_topic(&config, topic, &mut one)?,
            None => {
                let none = &NoHeaders as &dyn Headers;
                self.read_files(&mut notes, &mut |place, line| {
                    let inner =
                        line.filter(|line| matches!(reader.read(line, none, LINE_MOST), Err(NoMention::Fault(_))));
                    // A page of an API: its mentions are tried one by one.
                    match inner.and_then(|line| reader.inner(line)) {
                        Some(inner) => inner.iter().try_for_each(|record| one(place, Some((record, none)))),
                        None => one(place, line.map(|line| (line, none))),
                    }
                })?
            }
        }
        for note in notes {
            writeln!(said, "{}", sanitize::line(&note))?;
        }
        if let (count @ 1.., first) = refused {
            let records = words::count(count, "invalid record", "invalid records");
            writeln!(said, "skipped {records}; the first is {first}")?;
        }
        if trial.verdict().mentions == 0 && !self.json {
            writeln!(said, "there was no mention to try the query on")?;
            return Ok(1);
        }
        if !self.json {
            report(&trial, marks, out)?;
        }
        Ok(0)
    }

    /// Passes each line to `take`, or `None` for a line that is too long.
    fn read_files(
        &self,
        notes: &mut Vec<String>,
        take: &mut impl FnMut(Place<'_>, Option<&[u8]>) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let stdin = [PathBuf::from("-")];
        let bar = progress::of_files(self.files.iter().map(PathBuf::as_path));
        for path in if self.files.is_empty() { &stdin[..] } else { &self.files } {
            let name = path.display().to_string();
            let opened = match path.as_os_str() == "-" {
                true => Input::new("standard input", bar.wrap_read(io::stdin())),
                false => File::open(path).and_then(|file| Input::new(&*name, bar.wrap_read(file))),
            };
            let mut input = opened.with_context(|| format!("cannot read {name}"))?;
            let mut line = Vec::new();
            for number in 1_u64.. {
                let place = Place::Line(&name, number);
                match input.read(&mut line).with_context(|| format!("cannot read {name}"))? {
                    Got::End => break,
                    Got::TooLong => take(place, None)?,
                    Got::Line => take(place, Some(&line))?,
                }
            }
            for note in input.take_notes() {
                notes.push(format!("{name}: {note}"));
            }
        }
        bar.finish_and_clear();
        Ok(())
    }

    fn read_topic(
        &self,
        config: &Config,
        topic: &str,
        take: &mut impl FnMut(Place<'_>, Option<Record<'_>>) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        // The clock of a source may be ahead of Kafka's, so the record may have reached Kafka before `from`.
        let ahead = config.score.future_tolerance.millis();
        let extent = RangeQuery { since: self.from.map(|from| from.plus(-ahead)), ..RangeQuery::default() };
        kafka::reach(&config.kafka, Some(topic))?;
        let waiting = progress::waiting(format!("reading {topic}"));
        let mut reader =
            RangeReader::open(&config.kafka, topic, extent).with_context(|| format!("cannot read {topic}"))?;
        while let Some(event) = reader.next_event().with_context(|| format!("cannot read {topic}"))? {
            if let RangeEvent::Record(record) = event {
                take(Place::Partition(record.partition), Some((&record.value, &record.headers)))?;
            }
        }
        waiting.finish_and_clear();
        Ok(())
    }
}

fn write_json(trial: &mut Trial, mention: &Mention<'_>, out: &mut dyn Write) -> anyhow::Result<()> {
    let [first, second] = trial.look(mention).map(|spans| {
        let matched = spans.is_some();
        let spans: Vec<[usize; 2]> = spans.into_iter().flatten().map(|span| [span.start, span.end]).collect();
        (matched, spans)
    });
    let two = trial.queries().len() > 1;
    let line = JsonLine {
        id: &mention.id,
        matched: first.0,
        spans: &first.1,
        with_matched: two.then_some(second.0),
        with_spans: two.then_some(&second.1),
    };
    serde_json::to_writer(&mut *out, &line)?;
    out.write_all(b"\n")?;
    Ok(())
}

fn report(trial: &Trial, marks: Marks, out: &mut dyn Write) -> io::Result<()> {
    let verdict = trial.verdict();
    let rate = |query: usize| {
        let (matched, hours) = (verdict.matched[query], verdict.length());
        let share = 100.0 * matched as f64 / verdict.mentions.max(1) as f64;
        let mentions = words::count(verdict.mentions, "mention", "mentions");
        let mean = matched as f64 / hours;
        let busiest = match verdict.busiest(query) {
            Some((hour, most)) if most > 1 => format!("; at most {most} per hour, in the hour of {hour}"),
            _ => String::new(),
        };
        format!("{matched} of {mentions} ({share:.1} %), {mean:.2} per hour over {hours:.1} hours{busiest}")
    };
    writeln!(out, "{}", trial.queries()[0])?;
    writeln!(out, "matches {}", rate(0))?;
    list(out, "", &verdict.matches, marks)?;
    if verdict.near.count() > 0 {
        writeln!(
            out,
            "\n{} one part of the query only. These queries were tried on all of them:",
            words::count(verdict.near.count(), "mention lacks", "mentions lack")
        )?;
        let helpful = verdict.helpful();
        for Change { query, brings } in helpful.iter().take(CHANGES) {
            writeln!(out, "  {brings} more with: {query}")?;
        }
        if let more @ 1.. = helpful.len().saturating_sub(CHANGES) {
            writeln!(out, "  … and {more} other queries that bring fewer")?;
        }
        writeln!(out, "near misses: {}", verdict.near.count())?;
        list(out, "", &verdict.near, marks)?;
    }
    if let Some(second) = trial.queries().get(1) {
        writeln!(out, "\n{second}")?;
        writeln!(out, "matches {}", rate(1))?;
        for (which, sign, words) in
            [(0, "- ", "matched only by the first query"), (1, "+ ", "matched only by the second query")]
        {
            writeln!(out, "{words}: {}", verdict.only[which].count())?;
            list(out, sign, &verdict.only[which], marks)?;
        }
    }
    Ok(())
}

fn list(out: &mut dyn Write, sign: &str, sample: &Sample, marks: Marks) -> io::Result<()> {
    let shown = sample.shown();
    for Shown { id, pieces, why, .. } in &shown {
        write!(out, "  {sign}{id}  ")?;
        for Piece { text, marked } in pieces {
            let Marks(before, after) = if *marked { marks } else { Marks("", "") };
            write!(out, "{before}{text}{after}")?;
        }
        writeln!(out)?;
        if let Some(why) = why {
            writeln!(out, "      {why}")?;
        }
    }
    match sample.count() - (shown.len() as u64).min(sample.count()) {
        0 => Ok(()),
        more => writeln!(out, "  … and {more} more (--show N)"),
    }
}

#[cfg(test)]
#[path = "watch_tests.rs"]
mod tests;
