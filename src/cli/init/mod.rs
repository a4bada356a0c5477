//! `orszem init`: a first configuration that works as it is.

mod draft;

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde::Serialize;

use draft::{Draft, Wrong};

/// Writes a first configuration, with comments, that works as it is: one watch, told on the terminal. Asks nothing, and
/// never replaces a file.
///
/// Exit status: 0 written, 1 the name, a term or the brokers are refused and nothing is written, 2 the file exists or
/// cannot be written.
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    /// What to watch, as people call it: "Acme"
    #[arg(long)]
    name: String,
    /// What to look for: words, phrases, @handles, #tags and $cashtags, any of which is enough; separated by commas, or
    /// the option given more than once: "acme,@acme"
    #[arg(long, required = true, value_delimiter = ',', value_name = "TERMS")]
    terms: Vec<String>,
    /// The Kafka brokers, as host:port, separated by commas
    #[arg(long, default_value = "localhost:9092")]
    brokers: String,
    /// The file to write
    #[arg(short, long, default_value = DEFAULT, value_name = "FILE")]
    output: PathBuf,
    /// Say what was written as one JSON object: file, watch, terms, and the commands to run next
    #[arg(long)]
    json: bool,
}

/// The file that other commands read unless they are told another.
const DEFAULT: &str = "alerts.toml";

#[derive(Serialize)]
struct Written<'a> {
    file: &'a str,
    watch: &'a str,
    terms: &'a [String],
    next: [String; 3],
}

impl Args {
    /// Runs the command; what is wrong goes to stderr, the rest to stdout.
    ///
    /// # Errors
    /// When the output cannot be written.
    pub fn run(&self) -> anyhow::Result<ExitCode> {
        super::ended(self.write(&mut io::stdout().lock(), &mut io::stderr().lock()).map_err(Into::into))
    }

    fn write(&self, out: &mut dyn Write, faults_out: &mut dyn Write) -> io::Result<u8> {
        let draft = Draft::new(&self.name, &self.terms, &self.brokers);
        let wrong = draft.examine();
        for Wrong { message, is_error } in &wrong {
            let kind = if *is_error { "" } else { "warning: " };
            writeln!(faults_out, "orszem: {kind}{message}")?;
        }
        if wrong.iter().any(|wrong| wrong.is_error) {
            writeln!(faults_out, "orszem: nothing is written")?;
            return Ok(1);
        }
        if let Err(fault) = create(&self.output, &draft.text()) {
            writeln!(faults_out, "orszem: {}", told(&self.output, &fault))?;
            return Ok(2);
        }
        let (file, watch) = (self.output.display().to_string(), draft.watch());
        let next = next(&self.output);
        if self.json {
            let written = Written { file: &file, watch: &watch, terms: draft.terms(), next };
            writeln!(out, "{}", serde_json::to_string(&written)?)?;
            return Ok(0);
        }
        let terms = match draft.terms().len() {
            1 => "1 term".to_owned(),
            terms => format!("{terms} terms"),
        };
        writeln!(out, "{file} is written: watch \"{watch}\" with {terms}, which pages on the terminal")?;
        let [check, doctor, run] = next;
        writeln!(out, "next: {check} (finds mistakes), {doctor} (tries what it names), {run} (starts)")?;
        Ok(0)
    }
}

/// Writes a new file, and leaves none behind when that fails half-way.
fn create(path: &Path, text: &str) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    let written = file.write_all(text.as_bytes());
    if written.is_err() {
        let _ = std::fs::remove_file(path);
    }
    written
}

/// What kept the file from being written, and what to do.
fn told(path: &Path, fault: &io::Error) -> String {
    let file = path.display();
    match fault.kind() {
        io::ErrorKind::AlreadyExists => {
            format!("{file} exists and stays as it is: move it away, or write another file with --output FILE")
        }
        io::ErrorKind::NotFound => format!("{file} cannot be written: its folder does not exist; make it first"),
        _ => format!("{file} cannot be written: {fault}"),
    }
}

/// The commands to run next, as a shell reads them.
fn next(path: &Path) -> [String; 3] {
    if path.as_os_str() == DEFAULT {
        return ["orszem check", "orszem doctor", "orszem run"].map(str::to_owned);
    }
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-/".contains(c);
    let file = path.display().to_string();
    let file = match file.chars().all(plain) && !file.starts_with('-') {
        true => file,
        false if file.starts_with('-') => format!("'./{}'", file.replace('\'', r"'\''")),
        false => format!("'{}'", file.replace('\'', r"'\''")),
    };
    [format!("orszem check {file}"), format!("orszem doctor --config {file}"), format!("orszem run --config {file}")]
}

#[cfg(test)]
mod tests;
