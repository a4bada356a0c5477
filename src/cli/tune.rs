//! `orszem tune`: which pages each budget of a watch would have sent.

use std::fmt::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use comfy_table::{Cell, CellAlignment, ContentArrangement, Table, presets::UTF8_FULL_CONDENSED};
use serde::Serialize;

use super::backtest::against::changes;
use super::backtest::source::Source;
use super::backtest::table::{figure, percent, short};
use super::backtest::{print, read_labels};
use orszem_core::backtest::compare::{Comparison, How};
use orszem_core::backtest::result::WatchSummary;
use orszem_core::backtest::{Labels, Outcome};

/// The default budgets.
const BUDGETS: [f64; 7] = [0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0];

/// Shows which pages each budget of a watch would have sent: pages per week, the pages that each step gains or loses,
/// and how many labelled windows they find.
///
/// The input is the same as for `orszem backtest`. It is read once for all budgets.
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    /// The watch
    watch: String,
    #[command(flatten)]
    source: Source,
    /// The time windows in which something really happened
    #[arg(long, value_name = "FILE")]
    labels: Option<PathBuf>,
    /// The budgets to try, in false pages a week
    #[arg(long, value_name = "N,N,...", value_delimiter = ',', value_parser = budget)]
    budgets: Vec<f64>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

fn budget(text: &str) -> Result<f64, String> {
    let number = text.trim().parse::<f64>().ok().filter(|number| *number > 0.0 && *number <= 100.0);
    number.ok_or_else(|| "expected a number above 0 and at most 100".into())
}

/// One point of the curve.
#[derive(Debug, Serialize)]
struct Step {
    #[serde(flatten)]
    summary: WatchSummary,
    /// Compared with the step before; the first step has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    against_step_before: Option<Comparison>,
}

impl Args {
    /// Runs the command; the curve goes to standard output.
    ///
    /// # Errors
    /// When part of the input cannot be read, or the watch is unknown.
    pub fn run(&self) -> anyhow::Result<ExitCode> {
        let labels = self.labels.as_deref().map(read_labels).transpose()?;
        let steps = self.steps(labels.as_ref())?;
        match self.json {
            true => print(&format!("{}\n", serde_json::to_string_pretty(&steps)?)),
            false => print(&describe(&steps)),
        }
        Ok(ExitCode::SUCCESS)
    }

    fn steps(&self, labels: Option<&Labels>) -> anyhow::Result<Vec<Step>> {
        let mut budgets = if self.budgets.is_empty() { BUDGETS.to_vec() } else { self.budgets.clone() };
        budgets.sort_by(f64::total_cmp);
        budgets.dedup();
        let config = self.source.config()?;
        let outcomes = self.source.run(&config, false, labels, Some((&self.watch, &budgets)))?;
        let before = std::iter::once(None).chain(outcomes.iter().map(Some));
        let step = |(before, outcome): (Option<&Outcome>, &Outcome)| {
            let summary = outcome.summary().watches.into_iter().find(|summary| summary.watch == self.watch)?;
            Some(Step { summary, against_step_before: before.map(|before| Comparison::of(before, outcome)) })
        };
        Ok(before.zip(&outcomes).filter_map(step).collect())
    }
}

fn describe(steps: &[Step]) -> String {
    let labelled = steps.iter().any(|step| step.summary.labels.is_some());
    let mut table = Table::new();
    table.load_preset(UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Dynamic);
    let mut header = vec!["budget", "pages", "a week", "incidents", "gained", "lost", "sooner", "later"];
    if labelled {
        header.extend(["found", "precision", "lead h", "false a week"]);
    }
    table.set_header(header);
    let right = |text: String| Cell::new(text).set_alignment(CellAlignment::Right);
    for step in steps {
        let summary = &step.summary;
        let changed =
            |how| step.against_step_before.as_ref().map_or(String::new(), |change| change.count(how).to_string());
        let mut row = vec![
            short(summary.budget),
            summary.pages.to_string(),
            figure(summary.pages_a_week),
            summary.incidents.to_string(),
            changed(How::Added),
            changed(How::Dropped),
            changed(How::Sooner),
            changed(How::Later),
        ];
        if let Some(labels) = &summary.labels {
            row.extend([
                format!("{}/{}", labels.verdict.found, labels.verdict.found + labels.verdict.missed),
                percent(labels.precision),
                figure(labels.median_lead_hours),
                figure(labels.false_pages_a_week),
            ]);
        }
        table.add_row(row.into_iter().map(right));
    }
    let mut text = format!("{table}\n");
    for pair in steps.windows(2) {
        let Some(comparison) = pair[1].against_step_before.as_ref().filter(|change| !change.changes.is_empty()) else {
            continue;
        };
        let (from, to) = (short(pair[0].summary.budget), short(pair[1].summary.budget));
        let _ = writeln!(text, "\nfrom {from} to {to} a week:\n{}", changes(comparison.changes.iter()));
    }
    text
}

#[cfg(test)]
#[path = "../core/backtest/fixture.rs"]
mod fixture;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::fixture::args;

    #[test]
    fn the_curve_of_counts() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("acme.csv");
        std::fs::write(&file, fixture::crisis()).unwrap();
        let counts = format!("acme={}", file.display());
        let tune = |more: &[&str]| args::<Args>(&[&["acme", "--counts", &counts], more].concat());
        let steps = tune(&["--budgets", "5,0.1"]).unwrap().steps(None).unwrap();
        assert_eq!(steps.iter().map(|step| step.summary.budget).collect::<Vec<_>>(), [0.1, 5.0]);
        assert!(steps[1].summary.pages >= steps[0].summary.pages.max(1));
        assert!(steps[0].against_step_before.is_none() && steps[1].against_step_before.is_some());
        assert!(describe(&steps).contains("gained"));
        assert!(tune(&["--budgets", "0"]).is_err());
        let wrong = args::<Args>(&["acne", "--counts", &counts]).unwrap().steps(None).unwrap_err();
        assert_eq!(wrong.to_string(), "no watch is named `acne` (is it `acme`?)");
    }
}
