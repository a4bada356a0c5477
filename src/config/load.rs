//! From the file to the configuration, or to every fault in it.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;
use toml::de::DeTable;

use super::diagnostics::Report;
use super::fault::{Fault, Faults, Severity};
use super::rotation::NamedSecret;
use super::schema_check::Named;
use super::{cross_check, include, schema, schema_check, secret_check, secret_scan, syntax};
use orszem_core::settings::elsewhere::{Elsewhere, Kept};
use orszem_core::settings::{Config, OptionValue};

/// The largest configuration that is read, in bytes: some ten thousand watches.
const LARGEST: u64 = 8 << 20;

/// How much of what a configuration names must be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretCheck {
    /// A secret or file that is missing on this machine is a warning: the program runs elsewhere.
    Optional,
    /// A secret or file that is missing on this machine is an error.
    Required,
}

/// A configuration that can be run with.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The configuration.
    pub config: Config,
    /// What is likely not meant, in the order of the file.
    pub warnings: Vec<Fault>,
    /// The text it was read from.
    pub text: String,
}

impl Loaded {
    /// Every secret that the configuration names, in the order of the file.
    pub fn secrets(&self) -> Vec<NamedSecret> {
        named_secrets(&self.text)
    }
}

/// Every secret that a text names, in its order. The schema says what a secret is, so that none of a new kind of
/// receiver is forgotten.
pub fn named_secrets(text: &str) -> Vec<NamedSecret> {
    let mut report = Report::new("", text);
    let (document, _) = DeTable::parse_recoverable(text);
    let named = schema_check::check(document.get_ref(), &schema::schema().to_value(), &mut report, true);
    let secrets = named.into_iter().filter_map(|one| match one {
        Named::Secret { named, at, .. } => Some((at.start, named)),
        Named::File { .. } | Named::Model { .. } => None,
    });
    let by_place: BTreeMap<usize, NamedSecret> = secrets.collect();
    by_place.into_values().collect()
}

/// Reads the configuration to run with: every secret and file that it names must be there.
///
/// # Errors
/// All faults of the file at once, warnings among them; or the one that the file cannot be read.
pub fn load(path: &Path) -> Result<Loaded, Faults> {
    let text = read(path)?;
    match examine(&text, path, SecretCheck::Required) {
        (Some(config), warnings) => Ok(Loaded { config, warnings, text }),
        (None, faults) => Err(Faults(faults)),
    }
}

/// Every fault of a configuration, in the order of the file. `path` is only its name in the faults. Secrets and files
/// that are missing on this machine are warnings.
pub fn check(text: &str, path: &Path) -> Vec<Fault> {
    examine(text, path, SecretCheck::Optional).1
}

/// Reads a configuration as text: the file, and those that its `include` names.
///
/// # Errors
/// All faults of reading. Without a position: a file cannot be read. With one: a file is not UTF-8, or `include` is
/// wrong.
pub fn read(path: &Path) -> Result<String, Faults> {
    let main = read_file(path).map_err(|fault| Faults(vec![*fault]))?;
    include::whole(main, path, read_file).map_err(Faults)
}

/// Reads one file of a configuration.
fn read_file(path: &Path) -> Result<String, Box<Fault>> {
    let file = path.display().to_string();
    let mut bytes = Vec::new();
    std::fs::File::open(path)
        .and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes))
        .map_err(|fault| Box::new(Fault::of_file(&file, format!("cannot be read: {fault}"))))?;
    if bytes.len() as u64 > LARGEST {
        return Err(Box::new(Fault::of_file(&file, format!("cannot be read: it has more than {LARGEST} bytes"))));
    }
    String::from_utf8(bytes).map_err(|fault| {
        let good = fault.utf8_error().valid_up_to();
        let text = String::from_utf8_lossy(fault.as_bytes().get(..good).unwrap_or_default());
        let mut report = Report::new(&file, &text);
        report.error(good..good, "this is not UTF-8", "save the file as UTF-8".to_owned());
        report.finish().pop().map_or_else(|| Box::new(Fault::of_file(&file, "is not UTF-8".into())), Box::new)
    })
}

/// The faults of a configuration and, when none of them is an error, the configuration.
pub fn examine(text: &str, path: &Path, expected: SecretCheck) -> (Option<Config>, Vec<Fault>) {
    let file = path.display().to_string();
    let schema = schema::schema().to_value();
    let (secrets, masked) = written_out(text, &schema);
    let mut report = Report::new(&file, masked.as_deref().unwrap_or(text));
    let repaired = syntax::repaired(masked.as_deref().unwrap_or(text), &schema, &mut report);
    let (document, _) = DeTable::parse_recoverable(repaired.as_deref().or(masked.as_deref()).unwrap_or(text));
    let named = schema_check::check(document.get_ref(), &schema, &mut report, repaired.is_none());
    // With a part of the file missing nothing can be said of how the parts go together.
    if repaired.is_none() {
        cross_check::check(document.get_ref(), &mut report);
        let severity = if expected == SecretCheck::Required { Severity::Error } else { Severity::Warning };
        secret_check::check(&named, severity, &mut report);
    }
    secret_scan::report(&secrets, &mut report);
    if report.has_errors() {
        return (None, report.finish());
    }
    match toml::from_str(text) {
        Ok(config) => {
            let elsewhere = elsewhere(named, &config);
            (Some(Config { elsewhere, ..config }), report.finish())
        }
        Err(fault) => {
            // Not reached as long as the schema says what serde takes. The words of serde may hold a value.
            let at = fault.span().unwrap_or(0..0);
            report.error(at, "this cannot be read as part of the configuration", None);
            (None, report.finish())
        }
    }
}

/// What a configuration names and does not hold, in the order of the file; then the certificates that Kafka's options
/// name by their paths.
fn elsewhere(named: Vec<Named>, config: &Config) -> Vec<Elsewhere> {
    let mut found: Vec<(usize, Elsewhere)> = Vec::new();
    for one in named {
        let (at, setting, kept) = match one {
            Named::Secret { named, at, .. } => (at, named.setting, Kept::Secret(named.secret)),
            Named::File { setting, path, at } => (at, setting, Kept::File(path.into())),
            Named::Model { .. } => continue,
        };
        found.push((at.start, Elsewhere { setting, kept }));
    }
    found.sort_by_key(|(at, _)| *at);
    let paths = ["ssl.certificate.location", "ssl.ca.location"].into_iter().filter_map(|option| {
        let Some(OptionValue::Text(path)) = config.kafka.options.get(option) else { return None };
        let kept = Kept::File(path.into());
        (!is_place(path)).then(|| Elsewhere { setting: format!("[kafka.options] {option}"), kept })
    });
    found.into_iter().map(|(_, one)| one).chain(paths).collect()
}

/// Whether an option names where its value is.
fn is_place(value: &str) -> bool {
    value.starts_with("env:") || value.starts_with("file:")
}

/// The secrets that stand in a text and, where some do, the text without them: it is refused in any case, and what else
/// is wrong is told without repeating them.
fn written_out(text: &str, schema: &serde_json::Value) -> (Vec<secret_scan::Found>, Option<String>) {
    let repaired = syntax::repaired(text, schema, &mut Report::new("", text));
    let (document, _) = DeTable::parse_recoverable(repaired.as_deref().unwrap_or(text));
    let secrets = secret_scan::scan(document.get_ref(), text);
    let masked = secret_scan::masked(text, &secrets);
    (secrets, masked)
}

#[cfg(test)]
#[path = "load_tests.rs"]
mod tests;
