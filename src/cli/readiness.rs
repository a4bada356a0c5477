//! `orszem readiness`: whether it would work tonight.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context;
use serde::Serialize;

use orszem_core::oncall::Roster;
use orszem_core::readiness::{Gap, GapKind, Known, Proofs, gaps};
use orszem_core::settings::Config;
use orszem_core::words::{Language, Words, Zone};
use orszem_records::team::Record;
use orszem_runtime::clock;
use orszem_runtime::endings::endings;
use orszem_text::sanitize::line as visible;

use super::config_file::{ConfigFile, read_for_trial};
use super::ways::records_within;
use super::words::count_of;

/// How long Kafka has to tell what people did.
const ANSWER: Duration = Duration::from_secs(10);
/// The most gaps of a kind that are listed.
const LISTED: usize = 20;

/// Shows what would not work tonight, each with who is to close it and how: nobody on call, ways that nobody answered,
/// people who have left, certificates, tokens and credentials that end within 30 days, accounts with one administrator
/// or without a proof of access, statements that ran out, watches without owner or playbook.
///
/// Asks Kafka what people answered. Where it does not answer, that is said, and nothing counts as proven. Certificates
/// and tokens are those that this machine can read.
///
/// Exit status: 0 nothing is missing, 1 something is, 2 a file cannot be read.
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    config: ConfigFile,
    /// A file with the names or accounts of all who work here, one a line: who is in the configuration and not in it
    /// has left
    #[arg(long, value_name = "FILE")]
    staff: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// Do not ask Kafka: nothing counts as proven
    #[arg(long)]
    offline: bool,
}

/// What `--json` prints.
#[derive(Serialize)]
struct Printed<'g> {
    /// Whether nothing is missing.
    ready: bool,
    /// Why what people answered is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    unknown: Option<String>,
    gaps: &'g [Gap],
}

impl Args {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        run(self)
    }
}

#[expect(clippy::print_stderr, reason = "beside what is printed, which may go to a file")]
fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let config = read_for_trial(&args.config.path)?;
    let staff = match &args.staff {
        None => None,
        Some(path) => match std::fs::read_to_string(path) {
            Ok(text) => Some(staff(&text)),
            Err(fault) => {
                eprintln!("{}: cannot be read: {fault}", path.display());
                return Ok(ExitCode::from(2));
            }
        },
    };
    let (records, unknown) = match args.offline {
        true => (Vec::new(), None),
        false => match records_within(&config.kafka, ANSWER) {
            Ok(records) => (records, None),
            Err(fault) => (Vec::new(), Some(fault)),
        },
    };
    let gaps = found(&config, &records, staff.as_ref());
    let mut out = std::io::stdout().lock();
    if args.json {
        let printed = Printed { ready: gaps.is_empty() && unknown.is_none(), unknown: unknown.clone(), gaps: &gaps };
        writeln!(out, "{}", serde_json::to_string_pretty(&printed).context("JSON")?)?;
    } else {
        if let Some(fault) = &unknown {
            eprintln!("what people answered is not known: {fault}");
        }
        write!(out, "{}", text(&gaps, &config))?;
    }
    Ok(if gaps.is_empty() && unknown.is_none() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The names of a list of the staff, in small letters.
fn staff(text: &str) -> BTreeSet<String> {
    let names = text.trim_start_matches('\u{feff}').lines().map(|line| line.trim().to_lowercase());
    names.filter(|name| !name.is_empty()).collect()
}

fn found(config: &Config, records: &[Record], staff: Option<&BTreeSet<String>>) -> Vec<Gap> {
    let mut roster = Roster::new(config);
    roster.record(records);
    let proofs = Proofs::of(records);
    let endings = endings(config);
    gaps(&Known { config, roster: &roster, proofs: &proofs, endings: &endings, staff, now: clock::now() })
}

/// The gaps by their kinds.
fn text(gaps: &[Gap], config: &Config) -> String {
    let words = Words::new(Language::English, Zone::named(Some(config.time_zone())));
    if gaps.is_empty() {
        return "Nothing is missing.\n".into();
    }
    let mut lines = vec![format!("{} would not work tonight:", count_of(gaps.len(), "thing", "things"))];
    for kind in GapKind::ALL {
        let of_kind: Vec<&Gap> = gaps.iter().filter(|gap| gap.kind == kind).collect();
        if of_kind.is_empty() {
            continue;
        }
        lines.push(format!("\n{}", words.say(kind.texts().title)));
        for gap in of_kind.iter().take(LISTED) {
            lines.push(format!(
                "  {} {}",
                visible(&gap.says(config, &words)),
                visible(&gap.owner_says(config, &words))
            ));
        }
        if of_kind.len() > LISTED {
            lines.push(format!("  and {} more", of_kind.len() - LISTED));
        }
        lines.push(format!("  Fix: {}", words.say(kind.texts().fix)));
    }
    lines.push(String::new());
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_gap_is_told_with_who_closes_it_and_how() {
        let config: Config = toml::from_str(
            "person = [{ name = \"anna\", title = \"Kovács Anna\" }]\n\
             account = [{ name = \"fb\", title = \"Face\\u001bbook\", address = \"https://fb.example\", owner = \"anna\", \
             credential = \"safe\", administrators = [\"anna\"] }]\n",
        )
        .unwrap();
        let told = text(&found(&config, &[], None), &config);
        assert!(told.starts_with("2 things would not work tonight:\n"), "{told}");
        assert!(
            told.contains("has fewer than two administrators who are here. To be closed by Kovács Anna."),
            "{told}"
        );
        assert!(told.contains("Fix: Give a second person access") && !told.contains('\u{1b}'), "{told}");
    }

    #[test]
    fn a_list_of_the_staff_has_a_name_a_line() {
        assert_eq!(staff("\u{feff}Anna\r\n\n  BÉLA \n"), ["anna", "béla"].map(str::to_owned).into());
    }
}
