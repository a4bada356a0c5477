//! One core of detect, and what is kept of its conclusions.

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

/// What was counted for a watch.
#[derive(Clone, Debug, PartialEq)]
pub struct Watched {
    /// Its name.
    pub name: String,
    /// False pages a week that it may cost.
    pub budget: f64,
    /// Mentions.
    pub mentions: u64,
    /// Of them negative.
    pub negatives: u64,
}

/// Everything a lane came to.
#[derive(Debug)]
pub struct Concluded {
    /// The watches, as they were set.
    pub watches: Vec<Watched>,
    /// The incidents, by the time they opened.
    pub incidents: Vec<Incident>,
    /// The charts, by the place of the watch; none where none were asked for.
    pub chart: Option<Chart>,
    /// The first and the last moment of the input, whether or not it concerned a watch.
    pub span: Option<(Timestamp, Timestamp)>,
    /// What the watches have learnt.
    pub core: Core,
    /// Forecasts of incidents one hour old, and what came.
    pub forecasts: Vec<Held>,
}

/// Event time of one input partition.
pub fn mark(at: Timestamp) -> Watermarks {
    Watermarks::from(BTreeMap::from([(0, Watermark { at: Some(at), idle: false })]))
}

impl Pipeline {
    /// A lane without a past.
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

    /// Also keeps what a chart needs; `shared` says how many watches there are in the whole report.
    #[must_use]
    pub fn with_chart(mut self, shared: usize) -> Pipeline {
        self.chart = Some(Chart::new(self.watches.len(), shared));
        self
    }

    /// The input has something at `at`.
    pub fn seen(&mut self, at: Timestamp) {
        let (first, last) = self.span.get_or_insert((at, at));
        *first = (*first).min(at);
        *last = (*last).max(at);
    }

    /// The last moment of the input so far.
    pub fn last(&self) -> Option<Timestamp> {
        self.span.map(|(_, last)| last)
    }

    /// Takes in a tally.
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

    /// Takes in how far event time has come.
    pub fn watermarks(&mut self, watermarks: &Watermarks) {
        self.core.watermarks(watermarks, &mut self.entries);
        let closed = self.core.clock().closed;
        if let (Some(chart), Some(closed), true) = (&mut self.chart, closed, closed != self.closed) {
            let core = &self.core;
            chart.complete(closed, |minute| core.expected_before(minute));
        }
        self.closed = closed;
    }

    /// Folds what was concluded since the last call; `told_at` says for the time that a signal counts up to when
    /// respond would have seen it.
    pub fn conclude(&mut self, told_at: impl Fn(Timestamp) -> Timestamp) {
        let now = self.last().unwrap_or_default();
        for entry in self.entries.drain(..) {
            if let Event::Signal(signal) = &entry.event {
                self.foresight.signal(&entry.incident, &entry.watch, signal, now);
            }
            self.recorder.entry(&entry, told_at(entry.at));
        }
    }

    /// The end of the input.
    pub fn finish(self) -> Concluded {
        let Pipeline { watches, recorder, chart, span, core, foresight, .. } = self;
        let forecasts = span.map_or_else(Vec::new, |(_, last)| foresight.finish(last));
        Concluded { watches, incidents: recorder.finish(), chart, span, core, forecasts }
    }
}
