//! The results of a backtest: figures by watch and in total, and the files for other programs.

use serde::Serialize;
use std::collections::BTreeMap;
use std::io::{self, Write};

use orszem_records::time::{Timestamp, rfc3339};

use super::chart::Chart;
use super::foresight::{Held, Skill, skills};
use super::incident::Incident;
use super::labels::{Labels, Verdict, WEEK_MS, Window};
use super::mentions::Tallied;
use super::pipeline::Concluded;

/// The results of a backtest.
#[derive(Debug)]
pub struct Outcome {
    /// The watches, first in the order of the configuration, then of the counts.
    pub watches: Vec<WatchResult>,
    /// All incidents, by the time they opened.
    pub incidents: Vec<Incident>,
    /// The charts; each watch knows its own.
    pub charts: Vec<Chart>,
    /// The detectors at the end, with the learned state of the watches.
    pub cores: Vec<crate::detect::core::Core>,
    /// Forecasts of incidents that are one hour old, and the actual mentions.
    pub forecasts: Vec<Held>,
    /// The outcome of the input lines.
    pub input: Tallied,
    /// Watches that have labels but are not in this backtest.
    pub unknown_labels: Vec<String>,
}

/// The results of one watch.
#[derive(Clone, Debug)]
pub struct WatchResult {
    /// Its name.
    pub name: String,
    /// Its budget: false pages per week.
    pub budget: f64,
    /// Mentions.
    pub mentions: u64,
    /// Of these, negative ones.
    pub negatives: u64,
    /// The first and the last moment of its input.
    pub span: Option<(Timestamp, Timestamp)>,
    /// Incidents, including those that do not page.
    pub incidents: usize,
    /// The moments of its pages, in order.
    pub pages: Vec<Timestamp>,
    /// Its labels.
    pub windows: Option<Vec<Window>>,
    /// How many of them the pages found.
    pub verdict: Option<Verdict>,
    /// Its chart: the index of the charts, and the index in them.
    pub chart: Option<(usize, usize)>,
}

impl WatchResult {
    /// Weeks of its input.
    pub fn weeks(&self) -> f64 {
        self.span.map_or(0.0, |(first, last)| last.since(first) as f64 / WEEK_MS)
    }
}

impl Outcome {
    /// Combines the results of pipelines, and judges them by the labels.
    pub fn new(pipelines: Vec<Concluded>, input: Tallied, labels: Option<&Labels>) -> Outcome {
        let mut outcome = Outcome {
            watches: Vec::new(),
            incidents: Vec::new(),
            charts: Vec::new(),
            cores: Vec::new(),
            forecasts: Vec::new(),
            input,
            unknown_labels: Vec::new(),
        };
        let mut pages: BTreeMap<String, (usize, Vec<Timestamp>)> = BTreeMap::new();
        for pipeline in pipelines {
            for incident in &pipeline.incidents {
                let (count, pages) = pages.entry(incident.watch.clone()).or_default();
                *count += 1;
                pages.extend(incident.paged_at);
            }
            for (place, watched) in pipeline.watches.into_iter().enumerate() {
                outcome.watches.push(WatchResult {
                    name: watched.name,
                    budget: watched.budget,
                    mentions: watched.mentions,
                    negatives: watched.negatives,
                    span: pipeline.span,
                    incidents: 0,
                    pages: Vec::new(),
                    windows: None,
                    verdict: None,
                    chart: pipeline.chart.is_some().then_some((outcome.charts.len(), place)),
                });
            }
            outcome.charts.extend(pipeline.chart);
            outcome.cores.push(pipeline.core);
            outcome.forecasts.extend(pipeline.forecasts);
            outcome.incidents.extend(pipeline.incidents);
        }
        outcome.incidents.sort_by(|a, b| (a.opened_at, &a.watch).cmp(&(b.opened_at, &b.watch)));
        for watch in &mut outcome.watches {
            if let Some((count, mut moments)) = pages.remove(&watch.name) {
                moments.sort_unstable();
                (watch.incidents, watch.pages) = (count, moments);
            }
            watch.windows = labels.and_then(|labels| labels.of(&watch.name)).map(<[Window]>::to_vec);
            if let (Some(windows), Some(span)) = (&watch.windows, watch.span) {
                watch.verdict = Some(Verdict::of(windows, &watch.pages, span));
            }
        }
        let known = |name: &&str| !outcome.watches.iter().any(|watch| watch.name == *name);
        outcome.unknown_labels =
            labels.iter().flat_map(|labels| labels.watches()).filter(known).map(str::to_owned).collect();
        outcome
    }

    /// The figures.
    pub fn summary(&self) -> Summary {
        let mut all = Verdict::default();
        let mut labelled = 0.0;
        let mut labelled_budget = 0.0;
        for watch in &self.watches {
            if let Some(verdict) = &watch.verdict {
                all.add(verdict);
                labelled += 1.0;
                labelled_budget += watch.budget;
            }
        }
        let weeks: f64 = self.watches.iter().map(WatchResult::weeks).sum();
        let pages = self.watches.iter().map(|watch| watch.pages.len()).sum();
        let mut kinds: BTreeMap<&'static str, usize> = BTreeMap::new();
        for incident in &self.incidents {
            *kinds.entry(incident.kind.name()).or_default() += 1;
        }
        let from = self.watches.iter().filter_map(|watch| watch.span).map(|span| span.0).min();
        let to = self.watches.iter().filter_map(|watch| watch.span).map(|span| span.1).max();
        Summary {
            from,
            to,
            mentions: self.input.mentions,
            matched: self.input.matched,
            repeats: self.input.repeats,
            refused: self.input.refused.clone(),
            counted: self.watches.iter().map(|watch| watch.mentions).sum(),
            watch_weeks: weeks,
            incidents: self.incidents.len(),
            kinds,
            pages,
            pages_a_week: per(pages, weeks),
            labels: (labelled > 0.0).then(|| Judged::of(&all, labelled_budget / labelled)),
            forecasts: skills(&self.forecasts),
            unknown_labels: self.unknown_labels.clone(),
            watches: self.watches.iter().map(WatchSummary::of).collect(),
            cpu_us_per_mention: None,
            seconds: None,
        }
    }

    /// `incidents.jsonl`: one incident per line, by the time it opened.
    pub fn write_incidents(&self, mut out: impl Write) -> io::Result<()> {
        for incident in &self.incidents {
            serde_json::to_writer(&mut out, incident)?;
            out.write_all(b"\n")?;
        }
        out.flush()
    }

    /// `alarms.csv`: the pages, by watch.
    pub fn write_alarms(&self, mut out: impl Write) -> io::Result<()> {
        writeln!(out, "series,timestamp")?;
        for watch in &self.watches {
            let name = csv_field(&watch.name);
            for page in &watch.pages {
                writeln!(out, "{name},{page}")?;
            }
        }
        out.flush()
    }
}

/// Quotes a name for CSV: a name of counts may contain special characters.
fn csv_field(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
}

fn per(pages: usize, weeks: f64) -> Option<f64> {
    (weeks > 0.0).then(|| pages as f64 / weeks)
}

/// `summary.json`.
#[derive(Clone, Debug, Serialize)]
pub struct Summary {
    /// The first moment of the input.
    #[serde(serialize_with = "rfc3339::option::serialize")]
    pub from: Option<Timestamp>,
    /// The last.
    #[serde(serialize_with = "rfc3339::option::serialize")]
    pub to: Option<Timestamp>,
    /// Mentions, without repeats of an id and without counts.
    pub mentions: u64,
    /// Of these, the mentions that matched a watch.
    pub matched: u64,
    /// Mentions whose id was seen before.
    pub repeats: u64,
    /// Invalid lines, by reason.
    pub refused: BTreeMap<String, u64>,
    /// Counted mentions of all watches, including counts.
    pub counted: u64,
    /// The length of the input in weeks, multiplied by the number of watches.
    pub watch_weeks: f64,
    /// Incidents.
    pub incidents: usize,
    /// Incidents by kind.
    pub kinds: BTreeMap<&'static str, usize>,
    /// Pages.
    pub pages: usize,
    /// Pages per week and watch.
    pub pages_a_week: Option<f64>,
    /// How many labels the pages found, over all watches with labels.
    pub labels: Option<Judged>,
    /// The accuracy of the forecasts, one hour after the start of an incident.
    pub forecasts: Vec<Skill>,
    /// Watches that have labels but are not in this backtest.
    pub unknown_labels: Vec<String>,
    /// By watch.
    pub watches: Vec<WatchSummary>,
    /// CPU time in µs per mention, including files and report; set by the shell.
    pub cpu_us_per_mention: Option<f64>,
    /// The duration in seconds; set by the shell.
    pub seconds: Option<f64>,
}

/// The figures of one watch.
#[derive(Clone, Debug, Serialize)]
pub struct WatchSummary {
    /// Its name.
    pub watch: String,
    /// Mentions.
    pub mentions: u64,
    /// Of these, negative ones.
    pub negatives: u64,
    /// Incidents.
    pub incidents: usize,
    /// Pages.
    pub pages: usize,
    /// Pages a week.
    pub pages_a_week: Option<f64>,
    /// Its budget: false pages per week.
    pub budget: f64,
    /// How many of its labels the pages found.
    pub labels: Option<Judged>,
}

impl WatchSummary {
    fn of(watch: &WatchResult) -> WatchSummary {
        WatchSummary {
            watch: watch.name.clone(),
            mentions: watch.mentions,
            negatives: watch.negatives,
            incidents: watch.incidents,
            pages: watch.pages.len(),
            pages_a_week: per(watch.pages.len(), watch.weeks()),
            budget: watch.budget,
            labels: watch.verdict.as_ref().map(|verdict| Judged::of(verdict, watch.budget)),
        }
    }
}

/// The verdict of labels, with derived figures.
#[derive(Clone, Debug, Serialize)]
pub struct Judged {
    /// The counts.
    #[serde(flatten)]
    pub verdict: Verdict,
    /// The share of pages within a window.
    pub precision: Option<f64>,
    /// The share of windows found.
    pub recall: Option<f64>,
    /// Median hours from the beginning of a window to its first page.
    pub median_lead_hours: Option<f64>,
    /// Pages outside all windows, per week and watch.
    pub false_pages_a_week: Option<f64>,
    /// The budget; the mean for several watches.
    pub budget: f64,
}

impl Judged {
    /// The derived figures of a verdict.
    pub fn of(verdict: &Verdict, budget: f64) -> Judged {
        Judged {
            precision: verdict.precision(),
            recall: verdict.recall(),
            median_lead_hours: verdict.median_lead_hours(),
            false_pages_a_week: verdict.false_pages_a_week(),
            budget,
            verdict: verdict.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_a_comma_stays_one_field() {
        assert_eq!(csv_field("AAPL"), "AAPL");
        assert_eq!(csv_field("a,\"b\""), "\"a,\"\"b\"\"\"");
    }
}
