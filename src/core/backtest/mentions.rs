//! Passes mentions through score into pipelines.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::input::NoHeaders;
use crate::score::core::{CompiledWatches, Core, Input, Read, Settings};
use orszem_records::tally::{InputPartition, Watermarks};
use orszem_records::time::{Slice, Timestamp};

use super::far_times::{FarTimes, Verdict, Waiting};
use super::pipeline::Pipeline;

/// Why a mention is set aside whose time is far from that of all others.
const FAR: &str = "dated far from all others, so set aside";

/// The outcome of the input lines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tallied {
    /// Valid mentions, without repeats of an id.
    pub mentions: u64,
    /// Of these, the mentions that matched a watch.
    pub matched: u64,
    /// Mentions whose id was seen before.
    pub repeats: u64,
    /// Invalid lines, by reason.
    pub refused: BTreeMap<String, u64>,
}

/// Passes mentions through score into pipelines, in steps of one slice of event time. Within a slice, `run` may page up
/// to 10 s earlier.
pub struct Mentions {
    score: Core,
    lateness_ms: i64,
    idle_after_ms: i64,
    pipelines: Vec<Pipeline>,
    partitions: BTreeMap<InputPartition, i64>,
    /// The newest slice that had a mention.
    slice: Option<Slice>,
    /// The latest time, and the latest time before the current slice.
    latest: Option<Timestamp>,
    before: Option<Timestamp>,
    counts: Tallied,
    far_times: FarTimes,
    /// What is passed on now.
    ready: Vec<Waiting>,
}

impl Mentions {
    /// All pipelines get the same tallies: those of `rules`, which may have more watches than a pipeline.
    pub fn new(score: &crate::settings::Score, rules: CompiledWatches, pipelines: Vec<Pipeline>) -> Mentions {
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
            far_times: FarTimes::default(),
            ready: Vec::new(),
        }
    }

    /// Registers a partition: until it has a mention or is idle, event time does not advance.
    pub fn assign(&mut self, partition: InputPartition) {
        self.partitions.entry(partition).or_insert_with(|| {
            self.score.assign(partition, 0);
            0
        });
    }

    /// Counts an invalid line.
    pub fn refuse(&mut self, reason: &str) {
        match self.counts.refused.get_mut(reason) {
            Some(count) => *count += 1,
            None => drop(self.counts.refused.insert(reason.to_owned(), 1)),
        }
    }

    /// Takes in a mention of time `at`. The files of a partition are in order, within the allowed lateness. One that is
    /// dated far from all others is set aside and counted as refused.
    pub fn mention(&mut self, partition: InputPartition, at: Timestamp, value: &[u8]) {
        let mut ready = std::mem::take(&mut self.ready);
        let verdict = self.far_times.offer((partition, at, value), &mut ready);
        self.pass_on(ready);
        if verdict == Verdict::Now {
            self.process(partition, at, value);
        }
    }

    fn pass_on(&mut self, mut ready: Vec<Waiting>) {
        for Waiting { partition, at, value } in ready.drain(..) {
            self.process(partition, at, &value);
        }
        self.ready = ready;
    }

    fn process(&mut self, partition: InputPartition, at: Timestamp, value: &[u8]) {
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
            Read::Canary(_) => return,
            Read::Rejected(reject) => return self.refuse(reject.reason()),
        }
        self.latest = self.latest.max(Some(at));
        self.pipelines.iter_mut().for_each(|pipeline| pipeline.seen(at));
    }

    /// The latest time so far.
    pub fn latest(&self) -> Option<Timestamp> {
        self.latest
    }

    fn hand_over(&mut self) {
        let Some(latest) = self.latest else { return };
        let watermarks = self.marks(&BTreeMap::new());
        self.tell(&watermarks, Some(latest));
        self.before = self.latest;
    }

    /// The progress of event time, and the source activity. The end of a file is not a silent partition.
    fn marks(&mut self, walked_ms: &BTreeMap<InputPartition, i64>) -> Watermarks {
        let mut heard = self.score.take_heard();
        heard.retain(|name, _| name.starts_with("source "));
        Watermarks { heard, ..self.score.watermarks(walked_ms) }
    }

    /// Passes on tallies and event time. A page is sent when the signal's minute is complete: the allowed lateness
    /// after its end if there is a mention then, or when the feed has been idle, whichever comes first.
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

    /// Ends the input: the last minute becomes complete, as for an idle feed. Incidents stay open.
    pub fn finish(mut self) -> (Vec<Pipeline>, Tallied) {
        let mut ready = std::mem::take(&mut self.ready);
        self.far_times.finish(&mut ready);
        self.pass_on(ready);
        match self.far_times.take_aside() {
            0 => {}
            aside => drop(self.counts.refused.insert(FAR.to_owned(), aside)),
        }
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
