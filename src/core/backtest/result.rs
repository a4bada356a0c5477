//! What a backtest came to: figures by watch and in all, and the files that other programs read.

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

/// What a backtest came to.
#[derive(Debug)]
pub struct Outcome {
    /// The watches, in the order of the configuration, then of the counts.
    pub watches: Vec<WatchResult>,
    /// All incidents, by the time they opened.
    pub incidents: Vec<Incident>,
    /// The charts; each watch knows its own.
    pub charts: Vec<Chart>,
    /// The detectors at the end: what the watches have learnt.
    pub cores: Vec<crate::detect::core::Core>,
    /// Forecasts of incidents one hour old, and what came.
    pub forecasts: Vec<Held>,
    /// What was read of the mentions.
    pub input: Tallied,
    /// Watches that have labels, but nothing was run for.
    pub unknown_labels: Vec<String>,
}

/// What was found of one watch.
#[derive(Clone, Debug)]
pub struct WatchResult {
    /// Its name.
    pub name: String,
    /// False pages a week that it may cost.
    pub budget: f64,
    /// Mentions.
    pub mentions: u64,
    /// Of them negative.
    pub negatives: u64,
    /// The first and the last moment of its input.
    pub span: Option<(Timestamp, Timestamp)>,
    /// Incidents, those that page nobody included.
    pub incidents: usize,
    /// The moments of its pages, in order.
    pub pages: Vec<Timestamp>,
    /// Its labels.
    pub windows: Option<Vec<Window>>,
    /// What the pages found of them.
    pub verdict: Option<Verdict>,
    /// Its chart: which, and the place in it.
    pub chart: Option<(usize, usize)>,
}

impl WatchResult {
    /// Weeks of its input.
    pub fn weeks(&self) -> f64 {
        self.span.map_or(0.0, |(first, last)| last.since(first) as f64 / WEEK_MS)
    }
}

impl Outcome {
    /// Puts together what lanes concluded, and judges it by the labels.
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

    /// `incidents.jsonl`: one incident a line, by the time it opened.
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

/// A name of counts may hold what has a meaning in CSV.
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
    /// Mentions read, repeats of an id not among them; none of counts.
    pub mentions: u64,
    /// Of them those that some watch matched.
    pub matched: u64,
    /// Mentions whose id was seen before.
    pub repeats: u64,
    /// What could not be read, by reason.
    pub refused: BTreeMap<String, u64>,
    /// Mentions counted, over all watches; counts included.
    pub counted: u64,
    /// The length of the input times the watches, in weeks.
    pub watch_weeks: f64,
    /// Incidents.
    pub incidents: usize,
    /// Of them by kind.
    pub kinds: BTreeMap<&'static str, usize>,
    /// Pages.
    pub pages: usize,
    /// Pages in a week of a watch.
    pub pages_a_week: Option<f64>,
    /// What the pages found of the labels, over all watches that have some.
    pub labels: Option<Judged>,
    /// How good the forecasts of incidents one hour old were.
    pub forecasts: Vec<Skill>,
    /// Watches that have labels, but nothing was run for.
    pub unknown_labels: Vec<String>,
    /// By watch.
    pub watches: Vec<WatchSummary>,
    /// CPU time in µs for each mention read, files and report included; told by the shell.
    pub cpu_us_per_mention: Option<f64>,
    /// Seconds that it took; told by the shell.
    pub seconds: Option<f64>,
}

/// The figures of one watch.
#[derive(Clone, Debug, Serialize)]
pub struct WatchSummary {
    /// Its name.
    pub watch: String,
    /// Mentions.
    pub mentions: u64,
    /// Of them negative.
    pub negatives: u64,
    /// Incidents.
    pub incidents: usize,
    /// Pages.
    pub pages: usize,
    /// Pages a week.
    pub pages_a_week: Option<f64>,
    /// False pages a week that it may cost.
    pub budget: f64,
    /// What the pages found of its labels.
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

/// What pages found of labels, with what follows from it.
#[derive(Clone, Debug, Serialize)]
pub struct Judged {
    /// The counts.
    #[serde(flatten)]
    pub verdict: Verdict,
    /// Pages within a window, of all pages.
    pub precision: Option<f64>,
    /// Windows found, of all windows.
    pub recall: Option<f64>,
    /// Median hours from the beginning of a window to its first page.
    pub median_lead_hours: Option<f64>,
    /// Pages outside all windows, in a week of a watch.
    pub false_pages_a_week: Option<f64>,
    /// What was asked for; the mean where there are several watches.
    pub budget: f64,
}

impl Judged {
    /// What follows from a verdict.
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
