//! `orszem input`: tries how orszem reads the records of a feed.

use std::fs::File;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::Subcommand;

use super::config_file::ConfigFile;
use super::words::count;
use orszem_core::input;
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
    #[command(about = "Print the map of a preset, as a start for your own map")]
    Map(Map),
}

/// Shows the mention that each record becomes, and where every field comes from. If a record does not become a mention,
/// shows why: it is skipped because it is not a mention, or it becomes a dead letter because it is invalid.
///
/// Exit status: 0 tried, 1 a record is a dead letter, 2 a file or the configuration cannot be read.
#[derive(Clone, Debug, clap::Args)]
pub struct Try {
    /// One JSON record on any number of lines, or JSON lines; plain, gzip or zstd; - is standard input
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

/// The records by outcome.
#[derive(Default)]
struct Counts {
    records: u64,
    mentions: u64,
    skipped: u64,
    letters: u64,
}

impl Try {
    fn run(&self, out: &mut dyn Write, said: &mut dyn Write) -> anyhow::Result<u8> {
        let (reader, most) = self.reader()?;
        let mut counts = Counts::default();
        let mut one = |record: Option<&[u8]>| -> anyhow::Result<()> {
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
        self.records(&mut one)?;
        if counts.records != 1 {
            let Counts { records, mentions, skipped, letters } = counts;
            let more = if records > self.show && !self.json {
                format!(" ({} shown: --show N)", self.show)
            } else {
                String::new()
            };
            let line = format!(
                "{}{more}: {}, {skipped} skipped, {}",
                count(records, "record", "records"),
                count(mentions, "mention", "mentions"),
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

    /// Gives `take` each record, or none for one that is too long.
    fn records(&self, take: &mut dyn FnMut(Option<&[u8]>) -> anyhow::Result<()>) -> anyhow::Result<()> {
        let name = self.file.display().to_string();
        let opened = match self.file.as_os_str() == "-" {
            true => Input::new("standard input", io::stdin()),
            false => File::open(&self.file).and_then(|file| Input::new(&*name, file)),
        };
        let mut input = opened.with_context(|| format!("cannot read {name}"))?;
        let (mut line, mut whole) = (Vec::new(), Vec::new());
        let mut next = |line: &mut Vec<u8>| input.read(line).with_context(|| format!("cannot read {name}"));
        // A first line that is not JSON by itself begins a record of several lines.
        let mut got = next(&mut line)?;
        if got == Got::Line && serde_json::from_slice::<serde::de::IgnoredAny>(&line).is_err_and(|fault| fault.is_eof())
        {
            while got != Got::End && whole.len() <= LINE_MOST {
                whole.extend_from_slice(&line);
                whole.push(b'\n');
                got = next(&mut line)?;
            }
            return take((whole.len() <= LINE_MOST).then_some(&whole));
        }
        loop {
            match got {
                Got::End => return Ok(()),
                Got::TooLong => take(None)?,
                Got::Line => take(Some(&line))?,
            }
            got = next(&mut line)?;
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
