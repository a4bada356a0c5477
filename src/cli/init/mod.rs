//! `orszem init`: writes a first configuration that works without changes.

mod draft;

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde::Serialize;

use draft::{Draft, Problem};

/// Writes a first configuration with comments: one watch, which pages to the terminal. It works without changes. Asks
/// no questions, and never replaces a file.
///
/// Exit status: 0 written, 1 the name, a term or the brokers are invalid and nothing was written, 2 the file already
/// exists or cannot be written.
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    /// The name of what to watch: "Acme"
    #[arg(long)]
    name: String,
    /// Words, phrases, @handles, #tags and $cashtags to look for; one of them is enough. Separate them with commas, or
    /// repeat the option: "acme,@acme"
    #[arg(long, required = true, value_delimiter = ',', value_name = "TERMS")]
    terms: Vec<String>,
    /// The Kafka brokers, as host:port, separated by commas
    #[arg(long, default_value = "localhost:9092")]
    brokers: String,
    /// The file to write
    #[arg(short, long, default_value = DEFAULT, value_name = "FILE")]
    output: PathBuf,
    /// Print the result as one JSON object: file, watch, terms, and the commands to run next
    #[arg(long)]
    json: bool,
}

/// The file that other commands read by default.
const DEFAULT: &str = "alerts.toml";

#[derive(Serialize)]
struct Written<'a> {
    file: &'a str,
    watch: &'a str,
    terms: &'a [String],
    next: [String; 3],
}

impl Args {
    /// Runs the command; problems go to stderr, the rest to stdout.
    ///
    /// # Errors
    /// When the output cannot be written.
    pub fn run(&self) -> anyhow::Result<ExitCode> {
        super::ended(self.write(&mut io::stdout().lock(), &mut io::stderr().lock()).map_err(Into::into))
    }

    fn write(&self, out: &mut dyn Write, faults_out: &mut dyn Write) -> io::Result<u8> {
        let draft = Draft::new(&self.name, &self.terms, &self.brokers);
        let problems = draft.examine();
        for Problem { message, is_error } in &problems {
            let kind = if *is_error { "" } else { "warning: " };
            writeln!(faults_out, "orszem: {kind}{message}")?;
        }
        if problems.iter().any(|problem| problem.is_error) {
            writeln!(faults_out, "orszem: nothing was written")?;
            return Ok(1);
        }
        if let Err(fault) = create(&self.output, &draft.text()) {
            writeln!(faults_out, "orszem: {}", explain(&self.output, &fault))?;
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
        writeln!(out, "wrote {file}: watch \"{watch}\" with {terms}, paging to the terminal")?;
        let [check, doctor, run] = next;
        writeln!(out, "next: {check} (finds faults), {doctor} (tests the connections), {run} (starts)")?;
        Ok(0)
    }
}

/// Writes a new file, and removes it again if writing fails half-way.
fn create(path: &Path, text: &str) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    let written = file.write_all(text.as_bytes());
    if written.is_err() {
        let _ = std::fs::remove_file(path);
    }
    written
}

/// Why the file could not be written, and what to do.
fn explain(path: &Path, fault: &io::Error) -> String {
    let file = path.display();
    match fault.kind() {
        io::ErrorKind::AlreadyExists => {
            format!(
                "{file} already exists and was not changed: move it away, or choose another file with --output FILE"
            )
        }
        io::ErrorKind::NotFound => format!("cannot write {file}: its folder does not exist; create it first"),
        _ => format!("cannot write {file}: {fault}"),
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
#[path = "init_tests.rs"]
mod tests;
