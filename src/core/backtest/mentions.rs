//! Mentions through score into lanes.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::input::NoHeaders;
use crate::score::core::{CompiledWatches, Core, Input, Read, Settings};
use orszem_records::tally::{InputPartition, Watermarks};
use orszem_records::time::{Slice, Timestamp};

use super::pipeline::Pipeline;

/// What became of the lines of the input.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tallied {
    /// Mentions that were counted or could have been: repeats of an id are not among them.
    pub mentions: u64,
    /// Of them those that some watch matched.
    pub matched: u64,
    /// Mentions whose id was seen before.
    pub repeats: u64,
    /// What could not be read, by reason.
    pub refused: BTreeMap<String, u64>,
}

/// Mentions through score into lanes, in steps of one slice of event time: within a slice `run` may page up to 10 s
/// earlier than what is said here.
pub struct Mentions {
    score: Core,
    lateness_ms: i64,
    idle_after_ms: i64,
    pipelines: Vec<Pipeline>,
    partitions: BTreeMap<InputPartition, i64>,
    /// The newest slice that had a mention.
    slice: Option<Slice>,
    /// The latest time seen, and the one before what the present slice brought.
    latest: Option<Timestamp>,
    before: Option<Timestamp>,
    counts: Tallied,
}

impl Mentions {
    /// All lanes are given the same tallies: of `rules`, which may know of more watches than a lane has.
    pub fn new(score: &crate::settings::types::Score, rules: CompiledWatches, pipelines: Vec<Pipeline>) -> Mentions {
        Mentions {
            score: Core::new(Settings::from(score), Arc::new(rules)),
            lateness_ms: score.lateness.millis(),
            idle_after_ms: score.idle_after.millis(),
            pipelines,
            partitions: BTreeMap::new(),
            slice: None,
            latest: None,
            before: None,
            counts: Tallied::default(),
        }
    }

    /// Says that there is such a partition: until it brings a mention, or is idle, nothing is concluded.
    pub fn assign(&mut self, partition: InputPartition) {
        self.partitions.entry(partition).or_insert_with(|| {
            self.score.assign(partition, 0);
            0
        });
    }

    /// A line that is no mention.
    pub fn refuse(&mut self, reason: &str) {
        match self.counts.refused.get_mut(reason) {
            Some(count) => *count += 1,
            None => drop(self.counts.refused.insert(reason.to_owned(), 1)),
        }
    }

    /// Takes in a mention of time `at`. The files of one partition are in order, as far as the allowed lateness goes.
    pub fn mention(&mut self, partition: InputPartition, at: Timestamp, value: &[u8]) {
        if self.slice.is_none_or(|slice| at.slice() > slice) {
            self.hand_over();
            self.slice = Some(at.slice());
        }
        self.assign(partition);
        let Some(offset) = self.partitions.get_mut(&partition) else { return };
        let input =
            Input { partition, offset: *offset, timestamp: Timestamp(0), value, headers: &NoHeaders, replayed: false };
        *offset += 1;
        match self.score.read(input) {
            Read::Scored(watches) => {
                self.counts.mentions += 1;
                self.counts.matched += u64::from(watches > 0);
            }
            Read::Repeat => self.counts.repeats += 1,
            Read::Replayed | Read::Skipped => {}
            Read::Rejected(reject) => return self.refuse(reject.reason()),
        }
        self.latest = self.latest.max(Some(at));
        self.pipelines.iter_mut().for_each(|pipeline| pipeline.seen(at));
    }

    /// The latest time that was seen.
    pub fn latest(&self) -> Option<Timestamp> {
        self.latest
    }

    fn hand_over(&mut self) {
        let Some(latest) = self.latest else { return };
        let watermarks = self.marks(&BTreeMap::new());
        self.tell(&watermarks, Some(latest));
        self.before = self.latest;
    }

    /// How far time has come, and what was heard. Files are no partitions: that one ends is no finding.
    fn marks(&mut self, walked_ms: &BTreeMap<InputPartition, i64>) -> Watermarks {
        let mut heard = self.score.take_heard();
        heard.retain(|name, _| name.starts_with("source "));
        Watermarks { heard, ..self.score.watermarks(walked_ms) }
    }

    /// Hands over tallies and time. A page goes when the signal's minute is complete: the allowed lateness after its
    /// end, if a mention says so then, or when the feed has been idle, whichever comes first.
    fn tell(&mut self, watermarks: &Watermarks, now: Option<Timestamp>) {
        let tallies = self.score.take().tallies;
        let (lateness, idle) = (self.lateness_ms, self.before.map(|before| before.plus(self.idle_after_ms)));
        let told_at = |until: Timestamp| {
            let complete = idle.map_or(until.plus(lateness), |idle| idle.max(until.plus(lateness)));
            now.map_or(complete, |now| complete.min(now)).max(until)
        };
        for pipeline in &mut self.pipelines {
            tallies.iter().for_each(|tally| pipeline.tally(tally));
            pipeline.watermarks(watermarks);
            pipeline.conclude(told_at);
        }
    }

    /// The end: the last minute becomes complete, as it does for a feed that is idle. Incidents stay open.
    pub fn finish(mut self) -> (Vec<Pipeline>, Tallied) {
        if let Some(latest) = self.latest {
            self.hand_over();
            let walked = self.lateness_ms + orszem_records::time::MINUTE_MS;
            let walked = self.partitions.keys().map(|partition| (*partition, walked)).collect();
            let watermarks = self.marks(&walked);
            self.before = Some(latest);
            self.tell(&watermarks, None);
        }
        (self.pipelines, self.counts)
    }
}
