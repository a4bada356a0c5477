//! A whole backtest: reads every input, with one pipeline for each configuration of the detectors.

use std::io::BufRead;
use std::sync::Arc;

use crate::detect::core::{Settings, WatchSettings};
use crate::replay::{Item, Merge, MergeFault};
use crate::score::core::CompiledWatches;
use crate::settings::Config;
use orszem_text::sentiment::Sentiment;

use super::bounds::Bounds;
use super::counts::{CountsFault, Series};
use super::labels::Labels;
use super::mentions::{Mentions, Tallied};
use super::pipeline::{Concluded, Pipeline};
use super::result::Outcome;

/// Why a backtest cannot be run.
#[derive(Debug, thiserror::Error)]
pub enum RunFault {
    /// A read error in a file of mentions.
    #[error(transparent)]
    Mentions(#[from] MergeFault),
    /// Counts cannot be read.
    #[error(transparent)]
    Counts(#[from] CountsFault),
    /// The terms of the watches are too many.
    #[error("cannot search for the terms of the watches: {0}")]
    CompiledWatches(String),
    /// There is no such watch.
    #[error("no watch is named `{0}`{1}")]
    UnknownWatch(String, String),
    /// A read error in a topic.
    #[error(transparent)]
    Topic(Box<dyn std::error::Error + Send + Sync>),
    /// There is no data.
    #[error("no data: {0}")]
    NoData(String),
}

/// A source of mentions that feeds them itself.
pub trait Source {
    /// Feeds every mention within the bounds.
    fn feed(&mut self, bounds: Bounds, into: &mut Mentions) -> Result<(), RunFault>;
}

impl Source for Merge {
    fn feed(&mut self, bounds: Bounds, into: &mut Mentions) -> Result<(), RunFault> {
        while let Some(item) = self.next_line()? {
            match item {
                Item::Mention { at, .. } if bounds.hold(at) => into.mention(0, at, self.line()),
                Item::Mention { .. } => {}
                Item::Refused(refusal) => into.refuse(&refusal.to_string()),
            }
        }
        Ok(())
    }
}

/// A backtest to run.
pub struct Job<'a> {
    /// Watches, budgets, learning time, lateness.
    pub config: &'a Config,
    /// The sentiment models.
    pub sentiment: Arc<dyn Sentiment>,
    /// The source of mentions, if there is one.
    pub mentions: Option<&'a mut dyn Source>,
    /// Counts by the name of their watch, which may be missing in the configuration.
    pub counts: Vec<(String, Series<Box<dyn BufRead>>)>,
    /// The part of the past to use.
    pub bounds: Bounds,
    /// Whether to record charts.
    pub charts: bool,
    /// The windows in which something really happened.
    pub labels: Option<&'a Labels>,
}

/// One watch with another budget.
#[derive(Clone, Debug, PartialEq)]
pub struct Variant {
    /// The watch.
    pub watch: String,
    /// False pages a week.
    pub budget: f64,
}

impl Job<'_> {
    /// Runs everything as configured.
    pub fn run(self) -> Result<Outcome, RunFault> {
        let mut outcomes = self.run_all(&[None])?;
        Ok(outcomes.swap_remove(0))
    }

    /// Runs one watch at several budgets, reading the input once.
    pub fn run_at(self, watch: &str, budgets: &[f64]) -> Result<Vec<Outcome>, RunFault> {
        let variant = |budget: &f64| Some(Variant { watch: watch.to_owned(), budget: *budget });
        self.run_all(&budgets.iter().map(variant).collect::<Vec<_>>())
    }

    fn run_all(mut self, variants: &[Option<Variant>]) -> Result<Vec<Outcome>, RunFault> {
        let counted: Vec<String> = self.counts.iter().map(|(name, _)| name.clone()).collect();
        let mut settings = Settings::from(self.config);
        // Counts replace the mentions of their watch.
        settings.watches.retain(|watch| !counted.contains(&watch.name));
        if self.mentions.is_none() {
            settings.watches.clear();
        }
        let shared = settings.watches.len() + counted.len();
        if let Some(variant) = variants.iter().flatten().next() {
            let mut names = settings.watches.iter().map(|watch| &watch.name).chain(&counted);
            if !names.any(|name| *name == variant.watch) {
                let nearest =
                    names_nearest(&variant.watch, settings.watches.iter().map(|watch| &watch.name).chain(&counted));
                return Err(RunFault::UnknownWatch(variant.watch.clone(), nearest));
            }
        }
        let pipeline = |watches: Vec<WatchSettings>| {
            let pipeline = Pipeline::new(Settings { watches, ..settings.clone() });
            if self.charts { pipeline.with_chart(shared) } else { pipeline }
        };
        let varied = |watches: &[WatchSettings], variant: &Option<Variant>| match variant {
            None => watches.to_vec(),
            Some(variant) => {
                let ours = watches.iter().filter(|watch| watch.name == variant.watch);
                ours.map(|watch| WatchSettings { budget: variant.budget, ..watch.clone() }).collect()
            }
        };
        let mut concluded: Vec<Vec<Concluded>> = variants.iter().map(|_| Vec::new()).collect();
        let mut tallied = Tallied::default();
        if let Some(source) = &mut self.mentions
            && !settings.watches.is_empty()
        {
            let pipelines = variants.iter().map(|variant| pipeline(varied(&settings.watches, variant))).collect();
            let rules = CompiledWatches::new(&self.config.watches, Arc::clone(&self.sentiment))
                .map_err(|fault| RunFault::CompiledWatches(fault.to_string()))?;
            let mut mentions = Mentions::new(&self.config.score, rules, pipelines);
            source.feed(self.bounds, &mut mentions)?;
            let (pipelines, read) = mentions.finish();
            for (all, pipeline) in concluded.iter_mut().zip(pipelines) {
                all.push(pipeline.finish());
            }
            if read.mentions == 0 {
                return Err(RunFault::NoData(no_mentions(&read, self.bounds)));
            }
            tallied = read;
        }
        for (name, series) in std::mem::take(&mut self.counts) {
            let budget = self.config.watch(&name).and_then(|watch| watch.budget);
            let watch = WatchSettings::new(&name, budget.unwrap_or(self.config.detect.budget));
            let mut pipelines: Vec<Pipeline> =
                variants.iter().map(|variant| pipeline(varied(std::slice::from_ref(&watch), variant))).collect();
            let mut series = series.within(self.bounds);
            let mut rows = 0_u64;
            while series.feed(&name, &mut pipelines)?.is_some() {
                rows += 1;
            }
            if rows == 0 {
                return Err(RunFault::NoData(format!("the counts of `{name}` have no row between --from and --to")));
            }
            series.finish(&mut pipelines);
            for (all, pipeline) in concluded.iter_mut().zip(pipelines) {
                all.push(pipeline.finish());
            }
        }
        let labels = self.labels;
        Ok(concluded.into_iter().map(|pipelines| Outcome::new(pipelines, tallied.clone(), labels)).collect())
    }
}

fn no_mentions(read: &Tallied, bounds: Bounds) -> String {
    let refused: u64 = read.refused.values().sum();
    match read.refused.iter().max_by_key(|(_, count)| **count) {
        Some((reason, _)) => format!("all {refused} lines were refused, most of them because: {reason}"),
        None if bounds != Bounds::default() => "there is no mention between --from and --to".into(),
        None => "the input has no mentions".into(),
    }
}

fn names_nearest<'a>(wrong: &str, names: impl Iterator<Item = &'a String>) -> String {
    let near = names.map(|name| (strsim::osa_distance(wrong, name), name)).min();
    near.filter(|(distance, _)| *distance <= 3).map_or(String::new(), |(_, name)| format!(" (is it `{name}`?)"))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    pub(crate) use crate::backtest::fixture::crisis;
    use orszem_records::time::Timestamp;

    pub(crate) fn outcome(rows: &str) -> Outcome {
        job(rows, &Config::default()).run().unwrap()
    }

    fn job<'a>(rows: &str, config: &'a Config) -> Job<'a> {
        let reader: Box<dyn BufRead> = Box::new(std::io::Cursor::new(rows.as_bytes().to_vec()));
        Job {
            config,
            sentiment: Arc::new(orszem_text::sentiment::Models::shipped().unwrap()),
            mentions: None,
            counts: vec![("acme".into(), Series::new("acme.csv", reader))],
            bounds: Bounds::default(),
            charts: true,
            labels: None,
        }
    }

    #[test]
    fn counts_alone_need_no_configuration() {
        let outcome = outcome(&crisis());
        let crisis = Timestamp((1_425_000_000 + 2400 * 300) * 1000);
        let [page] = outcome.watches[0].pages[..] else { panic!("{:?}", outcome.incidents) };
        assert!((0..600_000).contains(&page.since(crisis)), "{page}");
        assert_eq!(outcome.watches[0].budget, 0.5);
        let mut alarms = Vec::new();
        outcome.write_alarms(&mut alarms).unwrap();
        assert_eq!(String::from_utf8(alarms).unwrap(), format!("series,timestamp\nacme,{page}\n"));
    }

    #[test]
    fn bounds_and_wrong_names_are_said() {
        let config = Config::default();
        let late = Bounds { from: Some(Timestamp::LATEST), to: None };
        let fault = Job { bounds: late, ..job(&crisis(), &config) }.run().unwrap_err().to_string();
        assert_eq!(fault, "no data: the counts of `acme` have no row between --from and --to");
        let fault = job(&crisis(), &config).run_at("acne", &[0.5]).unwrap_err().to_string();
        assert_eq!(fault, "no watch is named `acne` (is it `acme`?)");
        let first = Timestamp((1_425_000_000 + 100 * 300) * 1000);
        let part = Bounds { from: Some(first), to: Some(first.plus(86_400_000)) };
        let outcome = Job { bounds: part, ..job(&crisis(), &config) }.run().unwrap();
        assert_eq!(outcome.watches[0].span, Some((first, first.plus(287 * 300_000))));
    }

    #[test]
    fn a_budget_that_is_lower_pages_no_more_often() {
        let config = Config::default();
        let outcomes = job(&crisis(), &config).run_at("acme", &[0.05, 5.0]).unwrap();
        let pages: Vec<usize> = outcomes.iter().map(|outcome| outcome.watches[0].pages.len()).collect();
        assert!(pages[0] <= pages[1] && pages[1] >= 1, "{pages:?}");
        assert_eq!(outcomes[0].watches[0].budget, 0.05);
    }
}
