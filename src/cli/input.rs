//! `orszem input`: tries how orszem reads the records of a feed.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::Subcommand;

use super::config_file::ConfigFile;
use super::words::count;
use orszem_core::input;
use orszem_core::input::detect::{self, Detected};
use orszem_core::input::{NoMention, Origin, Reader, Skipped, native};
use orszem_core::replay::{Got, Input, LINE_MOST};
use orszem_core::settings::Score;
use orszem_core::settings::input::{Envelope, Format, Input as InputConfig};

/// Try inputs, and print the maps of presets.
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Clone, Debug, Subcommand)]
enum Command {
    #[command(about = "Show the mention that a record becomes, field by field, or why it does not become one")]
    Try(Try),
    #[command(about = "Say which format a file most likely has, and the configuration for it")]
    Detect(Detect),
    #[command(about = "Print the map of a preset, as a start for your own map")]
    Map(Map),
}

/// Shows the mention that each record becomes, and where every field comes from. If a record does not become a mention,
/// shows why: it is skipped because it is not a mention, or it becomes a dead letter because it is invalid.
///
/// Exit status: 0 tried, 1 a record is a dead letter, 2 a file or the configuration cannot be read.
#[derive(Clone, Debug, clap::Args)]
pub struct Try {
    /// JSON lines, JSON over several lines, a JSON list, server-sent events, or a table (CSV, TSV); plain, gzip or
    /// zstd; UTF-8, or what Excel writes; - is standard input
    #[arg(value_name = "FILE", default_value = "-")]
    file: PathBuf,
    /// The input of the configuration, named by its topic [default: the only input]
    #[arg(long, value_name = "TOPIC", conflicts_with = "format")]
    input: Option<String>,
    /// A preset, without a configuration: native, brandwatch, meltwater, x-v2, bluesky-jetstream, mastodon, feed
    #[arg(long, value_parser = format)]
    format: Option<Format>,
    /// With --format: the records are CloudEvents
    #[arg(long, requires = "format")]
    cloudevents: bool,
    /// A header of the record, for CloudEvents in binary mode: ce_id=7
    #[arg(long = "header", value_name = "NAME=VALUE", value_parser = header)]
    headers: Vec<(String, Vec<u8>)>,
    /// Print the mentions as native records, one per line; other records are reported on standard error
    #[arg(long)]
    json: bool,
    /// How many records to show; all are counted
    #[arg(long, default_value_t = 20, value_name = "N")]
    show: u64,
    #[command(flatten)]
    config: ConfigFile,
}

/// Says which format a file most likely has, and prints the configuration for it: a preset, or a map that is drawn up
/// by the names of the fields and by what is in them. Check it with `orszem input try`.
///
/// Exit status: 0 found, 1 nothing fits, 2 the file cannot be read.
#[derive(Clone, Debug, clap::Args)]
pub struct Detect {
    /// Records of the feed, or an export, as for `input try`; - is standard input
    #[arg(value_name = "FILE", default_value = "-")]
    file: PathBuf,
}

/// Prints the map of a preset, as you would write it under `[input.map]`.
#[derive(Clone, Debug, clap::Args)]
pub struct Map {
    /// The format: brandwatch, meltwater, x-v2, bluesky-jetstream, mastodon, feed
    #[arg(value_parser = format)]
    format: Format,
}

fn format(name: &str) -> Result<Format, String> {
    let names = || Format::ALL.map(Format::name).join(", ");
    Format::ALL
        .into_iter()
        .find(|format| format.name() == name)
        .ok_or_else(|| format!("unknown format; the known ones are {}", names()))
}

fn header(written: &str) -> Result<(String, Vec<u8>), String> {
    let (name, value) = written.split_once('=').ok_or("expected NAME=VALUE, such as ce_id=7")?;
    Ok((name.to_owned(), value.as_bytes().to_vec()))
}

impl Args {
    /// Runs the command.
    ///
    /// # Errors
    /// When a file cannot be read or the output not be written.
    pub fn run(&self) -> anyhow::Result<ExitCode> {
        let mut out = io::BufWriter::new(io::stdout().lock());
        let done = match &self.command {
            Command::Try(args) => args.run(&mut out, &mut io::stderr().lock()),
            Command::Detect(args) => args.run(&mut out),
            Command::Map(args) => args.run(&mut out).map(|()| 0),
        };
        super::ended(done.and_then(|code| out.flush().map(|()| code).map_err(anyhow::Error::from)))
    }
}

impl Map {
    fn run(&self, out: &mut dyn Write) -> anyhow::Result<()> {
        match input::preset_map(self.format) {
            Some(map) => Ok(write!(out, "[input.map]\n{map}")?),
            None => bail!("the format {} has no map; docs/input.md has an example", self.format.name()),
        }
    }
}

impl Detect {
    fn run(&self, out: &mut dyn Write) -> anyhow::Result<u8> {
        let (mut input, name) = open(&self.file)?;
        let (mut line, mut records) = (Vec::new(), Vec::new());
        while records.len() < detect::ENOUGH {
            match input.read(&mut line).with_context(|| format!("cannot read {name}"))? {
                Got::End => break,
                Got::TooLong => {}
                Got::Line => records.push(line.clone()),
            }
        }
        for note in input.take_notes() {
            writeln!(out, "{note}")?;
        }
        if records.is_empty() {
            writeln!(out, "there are no records in it")?;
            return Ok(1);
        }
        let mut found = detect::detect(&records);
        if found.as_ref().is_none_or(|found| found.format == Format::Map) {
            // A page of an API holds the records.
            let inner = Format::ALL.into_iter().filter(|format| *format != Format::Map).find_map(|format| {
                let config = InputConfig { topic: "try".into(), format, ..InputConfig::default() };
                Reader::new(&config).ok()?.inner(records.first()?)
            });
            if let Some(better) = inner.and_then(|inner| detect::detect(&inner)) {
                found = Some(better);
            }
        }
        let Some(Detected { format, fit, records, config, open }) = found else {
            writeln!(out, "no format fits, and no map can be drawn up: a record needs a text and a time")?;
            return Ok(1);
        };
        let what = match format {
            Format::Map => "no preset fits; a map by the names of the fields".to_owned(),
            format => format!("most likely {}", format.name()),
        };
        writeln!(out, "{what} ({fit} of {} fit)", count(records as u64, "record", "records"))?;
        for todo in open {
            writeln!(out, "to do: {todo}")?;
        }
        write!(out, "\n{}", config)?;
        Ok(0)
    }
}

/// Opens a file, or standard input. Also returns its name for messages.
fn open(path: &std::path::Path) -> anyhow::Result<(Input, String)> {
    let name = path.display().to_string();
    let opened = match path.as_os_str() == "-" {
        true => Input::new("standard input", io::stdin()),
        false => File::open(path).and_then(|file| Input::new(&*name, file)),
    };
    Ok((opened.with_context(|| format!("cannot read {name}"))?, name))
}

/// The records by outcome.
#[derive(Default)]
struct Counts {
    records: u64,
    mentions: u64,
    /// Mentions whose id came before.
    repeats: u64,
    skipped: u64,
    letters: u64,
}

impl Try {
    fn run(&self, out: &mut dyn Write, said: &mut dyn Write) -> anyhow::Result<u8> {
        let (reader, most) = self.reader()?;
        let (mut counts, mut ids) = (Counts::default(), HashSet::new());
        let mut one = |record: Option<&[u8]>, notes: Vec<String>| -> anyhow::Result<()> {
            for note in notes {
                let out: &mut dyn Write = if self.json { &mut *said } else { &mut *out };
                writeln!(out, "{}: {}", self.file.display(), clean(&note, 600))?;
            }
            let Some(record) = record else { return Ok(()) };
            // A record of no bytes stands for one that is too long.
            let record = Some(record).filter(|record| !record.is_empty());
            counts.records += 1;
            let number = counts.records;
            let read = match record {
                Some(record) => reader.explain(record, &self.headers, most),
                None => Err(orszem_records::mention::Reject::TooLarge { size: LINE_MOST + 1, limit: most }.into()),
            };
            let shown = number <= self.show;
            match read {
                Ok((mention, origins)) => {
                    counts.mentions += 1;
                    counts.repeats += u64::from(!ids.insert(mention.id.to_string()));
                    match self.json {
                        true => native::write(&mention, out)?,
                        false if shown => write_origins(number, &origins, out)?,
                        false => {}
                    }
                }
                Err(why) => {
                    let line = match &why {
                        NoMention::Skipped(Skipped(why)) => format!("record {number}: skipped: {why}"),
                        NoMention::Fault(fault) => {
                            format!(
                                "record {number}: dead letter ({}): {}",
                                fault.reason(),
                                clean(&fault.to_string(), 600)
                            )
                        }
                    };
                    match why {
                        NoMention::Skipped(_) => counts.skipped += 1,
                        NoMention::Fault(_) => counts.letters += 1,
                    }
                    match self.json {
                        true if shown => writeln!(said, "{line}")?,
                        false if shown => writeln!(out, "{line}")?,
                        _ => {}
                    }
                }
            }
            Ok(())
        };
        self.records(&reader, most, &mut one)?;
        if counts.records != 1 {
            let Counts { records, mentions, repeats, skipped, letters } = counts;
            let more = if records > self.show && !self.json {
                format!(" ({} shown: --show N)", self.show)
            } else {
                String::new()
            };
            let line = format!(
                "{}{more}: {}{}, {skipped} skipped, {}",
                count(records, "record", "records"),
                count(mentions, "mention", "mentions"),
                match repeats {
                    0 => String::new(),
                    repeats => format!(" ({repeats} with an id that came before, such as edits: not counted again)"),
                },
                count(letters, "dead letter", "dead letters")
            );
            match self.json {
                true => writeln!(said, "{line}")?,
                false => writeln!(out, "\n{line}")?,
            }
        }
        Ok(u8::from(counts.letters > 0))
    }

    /// How to read, and the largest record in bytes.
    fn reader(&self) -> anyhow::Result<(Reader, usize)> {
        if let Some(format) = self.format {
            if format == Format::Map {
                bail!("the format \"map\" needs the map of a configuration: name its input with --input TOPIC");
            }
            let envelope = if self.cloudevents { Envelope::Cloudevents } else { Envelope::None };
            let input = InputConfig { topic: "try".into(), format, envelope, ..InputConfig::default() };
            let reader = Reader::new(&input).map_err(anyhow::Error::msg)?;
            return Ok((reader, Score::default().max_mention_bytes));
        }
        let config = self.config.load()?.config;
        Ok((reader_of(&config, self.input.as_deref())?, config.score.max_mention_bytes))
    }

    /// Gives `take` each record, empty for one that is too long, and what is to be said of the file before it.
    fn records(
        &self,
        reader: &Reader,
        most: usize,
        take: &mut impl FnMut(Option<&[u8]>, Vec<String>) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let (mut input, name) = open(&self.file)?;
        let mut line = Vec::new();
        loop {
            let got = input.read(&mut line).with_context(|| format!("cannot read {name}"))?;
            let notes = input.take_notes();
            match got {
                Got::End => return take(None, notes),
                Got::TooLong => take(Some(&[]), notes)?,
                Got::Line => {
                    let fault = matches!(reader.read(&line, &self.headers, most), Err(NoMention::Fault(_)));
                    // A page of an API: its mentions are tried one by one.
                    match fault.then(|| reader.inner(&line)).flatten() {
                        Some(inner) => {
                            take(None, notes)?;
                            inner.iter().try_for_each(|record| take(Some(record), Vec::new()))?;
                        }
                        None => take(Some(&line), notes)?,
                    }
                }
            }
        }
    }
}

/// The reader of the named input, or of the only input.
///
/// # Errors
/// When there is no such input, or no name and several inputs.
pub fn reader_of(config: &orszem_core::settings::Config, topic: Option<&str>) -> anyhow::Result<Reader> {
    let inputs = config.inputs();
    let named = || inputs.iter().map(|input| input.topic.as_str()).collect::<Vec<_>>().join(", ");
    let input = match (topic, &*inputs) {
        (None, [only]) => only,
        (None, _) => bail!("there are several inputs; name one with --input: {}", named()),
        (Some(topic), _) => match inputs.iter().find(|input| input.topic == topic) {
            Some(input) => input,
            None => bail!("no [[input]] has topic = {topic:?}; the topics are: {}", named()),
        },
    };
    Reader::new(input).map_err(anyhow::Error::msg)
}

/// The reader of the named input, otherwise of the topic's input, otherwise of native records.
///
/// # Errors
/// When there is no input of that name.
pub fn reader_for(
    config: &orszem_core::settings::Config,
    topic: Option<&str>,
    input: Option<&str>,
) -> anyhow::Result<Reader> {
    match input.or(topic.filter(|topic| config.input(topic).is_some())) {
        Some(input) => reader_of(config, Some(input)),
        None => Ok(Reader::default()),
    }
}

/// The longest value that is shown, in characters.
const SHOWN: usize = 300;

fn write_origins(number: u64, origins: &[Origin], out: &mut dyn Write) -> anyhow::Result<()> {
    writeln!(out, "record {number}: a mention")?;
    for Origin { field, value, from } in origins {
        writeln!(out, "  {:<16} {}  ({})", field.written(), clean(value, SHOWN), clean(from, SHOWN))?;
    }
    Ok(())
}

/// Removes everything from a text that could move the cursor.
fn clean(text: &str, most: usize) -> String {
    let plain = |c: char| if c.is_control() || c.is_whitespace() { ' ' } else { c };
    let shown = text.chars().filter(|c| *c == '\n' || !orszem_text::fold::is_invisible(*c)).map(plain);
    let mut cut: String = shown.clone().take(most).collect();
    if shown.count() > most {
        cut.push('…');
    }
    cut
}

#[cfg(test)]
#[path = "input_tests.rs"]
mod tests;
