//! `orszem watch`: queries, tried before they are saved.

use std::fs::File;
use std::io::{self, IsTerminal, Write};
use std::ops::Range;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::Subcommand;
use serde::Serialize;

use crate::cli::backtest::source::moment;
use crate::config;
use crate::input::{NoHeaders, NoMention, Reader};
use crate::kafka::range::{Brought, RangeReader};
use crate::mention::Mention;
use crate::replay::{Got, Input, LINE_MOST};
use crate::time::Timestamp;
use crate::watch::{self, About, Found, Matcher, NearMiss, Node};

/// Queries of watches.
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Clone, Debug, Subcommand)]
enum Command {
    /// Show what a query matches in files of mentions, or in a topic
    Try(Try),
}

/// Shows what a query matches, before it is saved: the matches with their words marked, how many an hour, and a sample of
/// what it nearly matched with the reason. With a second query also what changes between the two.
///
/// Exit status: 0 tried (also when nothing matches), 1 the query has a fault, 2 a file cannot be read.
#[derive(Clone, Debug, clap::Args)]
pub struct Try {
    /// The query, as in query = '…' of a [[watch]]; docs/query.md has the language
    query: String,
    /// Files of JSON lines: plain, gzip or zstd; - is standard input [default: -]
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Mentions of a Kafka topic, as far as it is written now; the configuration says where Kafka is
    #[arg(long, conflicts_with = "files")]
    topic: Option<String>,
    /// Nothing published before this
    #[arg(long, value_name = "TIME", value_parser = moment)]
    from: Option<Timestamp>,
    /// Nothing published from this on
    #[arg(long, value_name = "TIME", value_parser = moment)]
    to: Option<Timestamp>,
    /// Read the records as this [[input]] of the configuration says, named by its topic [default: native records]
    #[arg(long, value_name = "TOPIC")]
    input: Option<String>,
    /// The configuration that says where Kafka is and how inputs are read
    #[arg(long, default_value = "alerts.toml", value_name = "FILE")]
    config: PathBuf,
    /// A second query: what it matches more, and what less
    #[arg(long, value_name = "QUERY", visible_alias = "against")]
    with: Option<String>,
    /// A line of JSON for each mention: id, matched, spans (from and to in bytes of the text's UTF-8); with a second query
    /// also with_matched and with_spans
    #[arg(long)]
    json: bool,
    /// The most matches that are shown, and the most near misses and differences
    #[arg(long, default_value_t = 20, value_name = "N")]
    show: usize,
}

impl Args {
    /// Runs the command.
    ///
    /// # Errors
    /// When a file cannot be read or the output not be written.
    pub fn run(&self) -> anyhow::Result<ExitCode> {
        let Command::Try(args) = &self.command;
        let marks = if io::stdout().is_terminal() { Marks::COLOUR } else { Marks::PLAIN };
        let mut out = io::BufWriter::new(io::stdout().lock());
        let done = args.run(marks, &mut out, &mut io::stderr().lock());
        match done.and_then(|code| out.flush().map(|()| code).map_err(anyhow::Error::from)) {
            Err(fault) if is_closed_pipe(&fault) => Ok(ExitCode::SUCCESS),
            other => other.map(ExitCode::from),
        }
    }
}

fn is_closed_pipe(fault: &anyhow::Error) -> bool {
    fault.chain().filter_map(|cause| cause.downcast_ref::<io::Error>()).any(|io| io.kind() == io::ErrorKind::BrokenPipe)
}

/// What is put before and after a matched word.
#[derive(Clone, Copy)]
struct Marks(&'static str, &'static str);

impl Marks {
    const PLAIN: Marks = Marks("[", "]");
    const COLOUR: Marks = Marks("\x1b[1;33m", "\x1b[0m");
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

/// What is gathered while the mentions go by.
#[derive(Default)]
struct Tally {
    read: u64,
    refused: u64,
    first: Option<Timestamp>,
    last: Option<Timestamp>,
    matched: [u64; 2],
    only: [u64; 2],
    near: u64,
}

/// The most samples that are kept, whatever `--show` says.
const KEPT_MOST: usize = 100_000;

impl Try {
    fn run(&self, marks: Marks, out: &mut dyn Write, said: &mut dyn Write) -> anyhow::Result<u8> {
        let mut queries = Vec::new();
        for query in [Some(&self.query), self.with.as_ref()].into_iter().flatten() {
            match watch::examine(query) {
                Ok((node, warnings)) => {
                    for warning in warnings {
                        write!(said, "warning: {}", warning.with_caret(query))?;
                    }
                    queries.push(node);
                }
                Err(fault) => {
                    write!(said, "{}", fault.with_caret(query))?;
                    return Ok(1);
                }
            }
        }
        let matcher = Matcher::new(queries.iter().map(Some));
        let mut state = State {
            matcher,
            near: NearMiss::new(&queries[0]),
            found: Found::default(),
            tally: Tally::default(),
            samples: Samples::default(),
            reader: std::sync::Arc::new(match &self.input {
                Some(topic) => super::input::reader_of(&config::load(&self.config)?.config, Some(topic))?,
                None => Reader::default(),
            }),
            most: self.show.min(KEPT_MOST),
            second: queries.len() > 1,
        };
        match &self.topic {
            Some(topic) => self.read_topic(topic, &mut |record| self.one(record, &mut state, marks, out))?,
            None => self.read_files(&mut |line| self.one(line, &mut state, marks, out))?,
        }
        if state.tally.refused > 0 {
            writeln!(said, "{} lines are no mentions and were left out", state.tally.refused)?;
        }
        if !self.json {
            state.report(&queries, out)?;
        }
        Ok(0)
    }

    fn one(&self, record: Option<&[u8]>, state: &mut State, marks: Marks, out: &mut dyn Write) -> anyhow::Result<()> {
        let reader = std::sync::Arc::clone(&state.reader);
        let mention = match record.map(|record| reader.read(record, &NoHeaders, LINE_MOST)) {
            Some(Ok(mention)) => mention,
            Some(Err(NoMention::Skipped(_))) => return Ok(()),
            Some(Err(NoMention::Fault(_))) | None => {
                state.tally.refused += 1;
                return Ok(());
            }
        };
        let at = mention.published_at;
        if self.from.is_some_and(|from| at < from) || self.to.is_some_and(|to| at >= to) {
            return Ok(());
        }
        if self.json {
            return state.write_json(&mention, out);
        }
        state.take(&mention, marks);
        Ok(())
    }

    /// Gives `take` each line, or none for one that is too long.
    fn read_files(&self, take: &mut dyn FnMut(Option<&[u8]>) -> anyhow::Result<()>) -> anyhow::Result<()> {
        let stdin = [PathBuf::from("-")];
        for path in if self.files.is_empty() { &stdin[..] } else { &self.files } {
            let name = path.display().to_string();
            let opened = match path.as_os_str() == "-" {
                true => Input::new("standard input", io::stdin()),
                false => File::open(path).and_then(|file| Input::new(&*name, file)),
            };
            let mut input = opened.with_context(|| format!("cannot read {name}"))?;
            let mut line = Vec::new();
            loop {
                match input.read(&mut line).with_context(|| format!("cannot read {name}"))? {
                    Got::End => break,
                    Got::TooLong => take(None)?,
                    Got::Line => take(Some(&line))?,
                }
            }
        }
        Ok(())
    }

    fn read_topic(&self, topic: &str, take: &mut dyn FnMut(Option<&[u8]>) -> anyhow::Result<()>) -> anyhow::Result<()> {
        let loaded = config::load(&self.config)?;
        // A mention that was published at `from` reached Kafka no earlier than its clock may be ahead.
        let ahead = loaded.config.score.future_tolerance.millis();
        let since = self.from.map(|from| from.plus(-ahead));
        let mut reader =
            RangeReader::open(&loaded.config.kafka, topic, since).with_context(|| format!("cannot read {topic}"))?;
        while let Some(brought) = reader.bring().with_context(|| format!("cannot read {topic}"))? {
            if let Brought::Record(_, value) = brought {
                take(Some(&value))?;
            }
        }
        Ok(())
    }
}

#[derive(Default)]
struct Samples {
    matches: Vec<String>,
    near: Vec<String>,
    only: [Vec<String>; 2],
}

struct State {
    reader: std::sync::Arc<Reader>,
    matcher: Matcher,
    near: NearMiss,
    found: Found,
    tally: Tally,
    samples: Samples,
    most: usize,
    second: bool,
}

impl State {
    /// Looks at a mention; the spans of each query that matches.
    fn look(&mut self, mention: &Mention<'_>) -> [Option<Vec<Range<usize>>>; 2] {
        self.matcher.find(&mention.text, &About::from(mention), &mut self.found);
        let mut spans = [None, None];
        for (watch, places) in self.found.watches() {
            spans[watch] = Some(places.to_vec());
        }
        spans
    }

    fn write_json(&mut self, mention: &Mention<'_>, out: &mut dyn Write) -> anyhow::Result<()> {
        let [first, second] = self.look(mention).map(|spans| {
            let matched = spans.is_some();
            let spans: Vec<[usize; 2]> = spans.into_iter().flatten().map(|span| [span.start, span.end]).collect();
            (matched, spans)
        });
        let line = JsonLine {
            id: &mention.id,
            matched: first.0,
            spans: &first.1,
            with_matched: self.second.then_some(second.0),
            with_spans: self.second.then_some(&second.1),
        };
        serde_json::to_writer(&mut *out, &line)?;
        out.write_all(b"\n")?;
        Ok(())
    }

    fn take(&mut self, mention: &Mention<'_>, marks: Marks) {
        let spans = self.look(mention);
        let tally = &mut self.tally;
        tally.read += 1;
        tally.first = Some(tally.first.map_or(mention.published_at, |first| first.min(mention.published_at)));
        tally.last = tally.last.max(Some(mention.published_at));
        for (count, spans) in tally.matched.iter_mut().zip(&spans) {
            *count += u64::from(spans.is_some());
        }
        let keep = |kept: &mut Vec<String>, line: &dyn Fn() -> String| {
            if kept.len() < self.most {
                kept.push(line());
            }
        };
        if let Some(spans) = &spans[0] {
            keep(&mut self.samples.matches, &|| shown(mention, spans, marks));
        } else if let Some((why, places)) = self.near.look(&mention.text, &About::from(mention)) {
            tally.near += 1;
            keep(&mut self.samples.near, &|| format!("{}\n      {why}", shown(mention, &places, marks)));
        }
        if self.second {
            let only = match &spans {
                [Some(spans), None] => Some((0, spans)),
                [None, Some(spans)] => Some((1, spans)),
                _ => None,
            };
            if let Some((which, spans)) = only {
                tally.only[which] += 1;
                keep(&mut self.samples.only[which], &|| shown(mention, spans, marks));
            }
        }
    }

    fn report(&self, queries: &[Node], out: &mut dyn Write) -> io::Result<()> {
        let State { tally, samples, .. } = self;
        let hours = match (tally.first, tally.last) {
            (Some(first), Some(last)) => ((last.0 - first.0) as f64 / 3_600_000.0).max(1.0),
            _ => 1.0,
        };
        let rate = |matched: u64| {
            let share = 100.0 * matched as f64 / tally.read.max(1) as f64;
            format!(
                "{matched} of {} mentions ({share:.1} %), {:.2} an hour over {hours:.1} hours",
                tally.read,
                matched as f64 / hours
            )
        };
        writeln!(out, "{}", queries[0])?;
        writeln!(out, "matches {}", rate(tally.matched[0]))?;
        list(out, "", &samples.matches, tally.matched[0])?;
        if tally.near > 0 {
            writeln!(out, "\nnearly matched {}", tally.near)?;
            list(out, "", &samples.near, tally.near)?;
        }
        if let Some(second) = queries.get(1) {
            writeln!(out, "\n{second}")?;
            writeln!(out, "matches {}", rate(tally.matched[1]))?;
            for (which, sign, words) in [(0, "- ", "only the first matches"), (1, "+ ", "only the second matches")] {
                writeln!(out, "{words} {}", tally.only[which])?;
                list(out, sign, &samples.only[which], tally.only[which])?;
            }
        }
        Ok(())
    }
}

fn list(out: &mut dyn Write, sign: &str, lines: &[String], all: u64) -> io::Result<()> {
    for line in lines {
        writeln!(out, "  {sign}{line}")?;
    }
    match all - (lines.len() as u64).min(all) {
        0 => Ok(()),
        more => writeln!(out, "  … and {more} more (--show N)"),
    }
}

/// The most characters of a text that are shown before its first mark and in all.
const LEAD: usize = 60;
const SHOWN: usize = 240;

/// A mention in a line, its spans marked. Nothing in it can move the cursor.
fn shown(mention: &Mention<'_>, spans: &[Range<usize>], marks: Marks) -> String {
    let clean = |text: &str| -> String {
        text.chars()
            .filter(|c| !crate::watch::fold::is_invisible(*c))
            .map(|c| if c.is_control() || c.is_whitespace() { ' ' } else { c })
            .collect()
    };
    let text = &*mention.text;
    let start = spans.first().map_or(0, |span| span.start);
    let lead = text[..start].char_indices().rev().nth(LEAD).map_or(0, |(at, _)| at);
    let end = text[lead..].char_indices().nth(SHOWN).map_or(text.len(), |(at, _)| lead + at);
    let mut line = format!("{}  ", clean(&mention.id));
    line.push_str(if lead > 0 { "…" } else { "" });
    let mut at = lead;
    for span in spans.iter().filter(|span| span.end <= end) {
        line.push_str(&clean(&text[at..span.start]));
        line.push_str(marks.0);
        line.push_str(&clean(&text[span.clone()]));
        line.push_str(marks.1);
        at = span.end;
    }
    line.push_str(&clean(&text[at..end]));
    line.push_str(if end < text.len() { "…" } else { "" });
    line
}

#[cfg(test)]
#[path = "watch_tests.rs"]
mod tests;
