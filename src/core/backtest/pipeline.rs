//! One core of detect, and its results.

use std::collections::{BTreeMap, HashMap};

use crate::detect::core::{Core, Settings};
use orszem_records::ledger::{Entry, Event};
use orszem_records::tally::{Tally, Watermark, Watermarks};
use orszem_records::time::Timestamp;

use super::chart::Chart;
use super::foresight::{Foresight, Held};
use super::incident::{Incident, Recorder};

/// One core of detect over one input.
#[derive(Debug)]
pub struct Pipeline {
    core: Core,
    watches: Vec<Watched>,
    places: HashMap<String, usize>,
    chart: Option<Chart>,
    recorder: Recorder,
    foresight: Foresight,
    entries: Vec<Entry>,
    closed: Option<i64>,
    span: Option<(Timestamp, Timestamp)>,
}

/// The counts of a watch.
#[derive(Clone, Debug, PartialEq)]
pub struct Watched {
    /// Its name.
    pub name: String,
    /// Its budget: false pages per week.
    pub budget: f64,
    /// Mentions.
    pub mentions: u64,
    /// Of these, negative ones.
    pub negatives: u64,
}

/// All results of a pipeline.
#[derive(Debug)]
pub struct Concluded {
    /// The watches, in the order of the configuration.
    pub watches: Vec<Watched>,
    /// The incidents, by the time they opened.
    pub incidents: Vec<Incident>,
    /// The charts, by the index of the watch; empty if no charts are wanted.
    pub chart: Option<Chart>,
    /// The first and the last moment of the input, for any watch or none.
    pub span: Option<(Timestamp, Timestamp)>,
    /// The learned state of the watches.
    pub core: Core,
    /// Forecasts of incidents that are one hour old, and the actual mentions.
    pub forecasts: Vec<Held>,
}

/// The event time of one input partition.
pub fn mark(at: Timestamp) -> Watermarks {
    Watermarks::from(BTreeMap::from([(0, Watermark::awake(at))]))
}

impl Pipeline {
    /// A pipeline without a past.
    pub fn new(settings: Settings) -> Pipeline {
        let watched = |watch: &crate::detect::core::WatchSettings| Watched {
            name: watch.name.clone(),
            budget: watch.budget,
            mentions: 0,
            negatives: 0,
        };
        let watches: Vec<Watched> = settings.watches.iter().map(watched).collect();
        Pipeline {
            core: Core::new(settings),
            places: watches.iter().map(|watch| watch.name.clone()).zip(0..).collect(),
            watches,
            chart: None,
            recorder: Recorder::default(),
            foresight: Foresight::default(),
            entries: Vec::new(),
            closed: None,
            span: None,
        }
    }

    /// Also records charts; the whole report has `shared` watches.
    #[must_use]
    pub fn with_chart(mut self, shared: usize) -> Pipeline {
        self.chart = Some(Chart::new(self.watches.len(), shared));
        self
    }

    /// Records that the input has something at `at`.
    pub fn seen(&mut self, at: Timestamp) {
        let (first, last) = self.span.get_or_insert((at, at));
        *first = (*first).min(at);
        *last = (*last).max(at);
    }

    /// The last moment of the input so far.
    pub fn last(&self) -> Option<Timestamp> {
        self.span.map(|(_, last)| last)
    }

    /// Processes a tally.
    pub fn tally(&mut self, tally: &Tally) {
        self.core.tally(tally, &mut self.entries);
        self.foresight.tally(tally);
        let Some(&place) = self.places.get(&tally.watch) else { return };
        let watch = &mut self.watches[place];
        watch.mentions += tally.counts.mentions;
        watch.negatives += tally.counts.negatives;
        if let Some(chart) = &mut self.chart {
            chart.add(place, tally.slice.minute(), tally.counts.mentions, tally.counts.negatives);
        }
    }

    /// Processes the progress of event time.
    pub fn watermarks(&mut self, watermarks: &Watermarks) {
        self.core.watermarks(watermarks, &mut self.entries);
        let closed = self.core.clock().closed;
        if let (Some(chart), Some(closed), true) = (&mut self.chart, closed, closed != self.closed) {
            let core = &self.core;
            chart.complete(closed, |minute| core.before(minute));
        }
        self.closed = closed;
    }

    /// Folds the new ledger entries. `told_at` maps the time up to which a signal counts to the moment at which respond
    /// would have seen it.
    pub fn conclude(&mut self, told_at: impl Fn(Timestamp) -> Timestamp) {
        let now = self.last().unwrap_or_default();
        for entry in self.entries.drain(..) {
            if let Event::Signal(signal) = &entry.event {
                self.foresight.signal(&entry.incident, &entry.watch, signal, now);
            }
            self.recorder.entry(&entry, told_at(entry.at));
        }
    }

    /// Ends the input.
    pub fn finish(self) -> Concluded {
        let Pipeline { watches, recorder, chart, span, core, foresight, .. } = self;
        let forecasts = span.map_or_else(Vec::new, |(_, last)| foresight.finish(last));
        Concluded { watches, incidents: recorder.finish(), chart, span, core, forecasts }
    }
}
