//! The Kafka shell of the detectors: one [`Core`] for each partition of the tallies.
//!
//! State: every `snapshot_interval` a checkpoint of a partition is written in one transaction, to the partition of the
//! same number of the state topic: the watches that changed since the last one, and under `@checkpoint` (no watch has
//! an `@` in its name) the offset in the tallies up to which they are folded. The copy that takes a partition over
//! reads the checkpoint, and folds what was consumed after it once more, without concluding anything.

pub mod metrics;

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

use orszem_core::settings::Config;
use orszem_core::stage::{Offset, Output, Partition, Place, Record, Stage, StageError, Start, StateReader, Topic};
use orszem_records::canary::{self, Canary, Passed};
use orszem_records::ledger::{Entry, Event};
use orszem_records::tally::TallyRecord;
use orszem_records::time::{MINUTE_MS, Timestamp};
use orszem_runtime::live_config::ConfigReader;
use orszem_runtime::status::{StatusBoard, WatchStatus};

use orszem_core::detect::core::{Core, Settings};
use orszem_core::detect::pack;
use orszem_core::detect::snapshot::{Clock, Snapshot};
use orszem_records::signal::Phase;

/// The key of a checkpoint.
const CHECKPOINT: &[u8] = b"@checkpoint";
/// Its key in versions before 0.1.0.
const OLD_CHECKPOINT: &[u8] = b"@cut";
/// This many entries are committed before the interval is over.
const FULL: usize = 500;
/// The gauges of the watches are worked out at most this often, in ms of the clock.
const GAUGES_MS: i64 = 5_000;

/// The record that makes the snapshots of a partition one checkpoint.
#[derive(Debug, Serialize, Deserialize)]
struct Checkpoint {
    /// The offset in the tallies that comes next.
    next: Offset,
    clock: Clock,
}

/// A partition that this process has.
#[derive(Debug)]
struct Held {
    core: Core,
    /// Found and not yet handed over.
    entries: Vec<Entry>,
    /// The offset that comes next.
    next: Offset,
    /// What was consumed before the takeover is still being folded.
    replaying: bool,
    /// Where the last checkpoint was made.
    checkpoint: Option<Offset>,
    /// When the next one is due, by the clock.
    checkpoint_due: Option<Timestamp>,
    /// Watches that are gone: their snapshots are deleted with the next checkpoint.
    gone: Vec<String>,
    /// The last minute that the gauges show.
    shown: Option<i64>,
    /// Tokens of canaries that came and are not handed over yet.
    canaries: Vec<String>,
}

/// The detect stage.
pub struct Worker {
    news: ConfigReader,
    /// The configuration that is followed.
    config: Arc<Config>,
    held: BTreeMap<Partition, Held>,
    gauges_due: Timestamp,
    board: StatusBoard,
    /// Incidents handed over and not yet committed: watch and kind.
    opened: Vec<(String, &'static str)>,
    /// Canaries handed over and not yet committed.
    passed: usize,
}

impl Worker {
    /// A stage that takes its watches from the configuration in force, and looks for a new one at every tick.
    pub fn new(mut news: ConfigReader) -> Worker {
        let config = news.take();
        let (held, gauges_due) = (BTreeMap::new(), Timestamp::default());
        Worker { news, config, held, gauges_due, board: StatusBoard::default(), opened: Vec::new(), passed: 0 }
    }

    /// Shows on `board` what its watches see.
    #[must_use]
    pub fn showing_on(mut self, board: StatusBoard) -> Worker {
        self.board = board;
        self
    }

    fn reload(&mut self) {
        let Some(config) = self.news.changed() else { return };
        for (partition, held) in &mut self.held {
            let gone = held.core.configure(settings(&config, *partition));
            held.gone.extend(gone);
        }
        for watch in &self.config.watches {
            if config.watches.iter().all(|other| other.key() != watch.key()) {
                metrics::forget_watch(watch.key());
                self.board.remove(watch.key());
            }
        }
        self.config = config;
    }

    fn show_gauges(&mut self, now: Timestamp) {
        if now < self.gauges_due {
            return;
        }
        self.gauges_due = now.plus(GAUGES_MS);
        for held in self.held.values_mut() {
            let closed = held.core.clock().closed;
            if held.replaying || held.shown == closed {
                continue;
            }
            held.shown = closed;
            for (watch, outlook) in held.core.outlooks() {
                let status = WatchStatus {
                    observed: outlook.observed,
                    negatives: outlook.negatives,
                    expected: outlook.expected,
                    expected_low: outlook.interval.0,
                    expected_high: outlook.interval.1,
                    expected_negatives: outlook.expected_negatives,
                    learning_hours: u64::from(outlook.learning_left),
                };
                metrics::watch_status(watch, &status);
                self.board.set(watch, status);
            }
        }
    }

    /// Reads the checkpoint of a partition: the core as it was, and where to go on.
    fn take_over(&self, partition: Partition, reader: &mut dyn StateReader) -> Result<Held, StageError> {
        let mut checkpoint: Option<Checkpoint> = None;
        let mut snapshots: BTreeMap<String, Option<Snapshot>> = BTreeMap::new();
        reader.read(Topic::State, partition, &mut |key, value| match (key, value) {
            (CHECKPOINT | OLD_CHECKPOINT, value) => {
                checkpoint = value.and_then(|value| serde_json::from_slice(value).ok())
            }
            (key, Some(value)) if !value.is_empty() => {
                snapshots.insert(String::from_utf8_lossy(key).into_owned(), Snapshot::decode(value));
            }
            (key, _) => {
                snapshots.remove(String::from_utf8_lossy(key).as_ref());
            }
        })?;
        let mut held = Held {
            core: Core::new(settings(&self.config, partition)),
            entries: Vec::new(),
            next: 0,
            replaying: false,
            checkpoint: None,
            checkpoint_due: None,
            gone: Vec::new(),
            shown: None,
            canaries: Vec::new(),
        };
        let Some(checkpoint) = checkpoint else { return Ok(held) };
        let (mut readable, mut retired) = (BTreeMap::new(), Vec::new());
        for (name, snapshot) in snapshots {
            if self.config.watches.iter().all(|watch| watch.key() != name) {
                // Should it come back, its incidents are counted on: an id is never used again.
                retired.extend(snapshot.map(|snapshot| (name.clone(), snapshot.incidents())));
                held.gone.push(name);
            } else if let Some(snapshot) = snapshot {
                readable.insert(name, snapshot);
            } else {
                tracing::warn!(partition, watch = name, "snapshot not readable, reading all tallies again");
                return Ok(held);
            }
        }
        let unreadable = held.core.restore(checkpoint.clock, readable);
        if !unreadable.is_empty() {
            tracing::warn!(partition, watches = ?unreadable, "snapshots from another version, reading all tallies again");
            held.core = Core::new(settings(&self.config, partition));
            return Ok(held);
        }
        retired.into_iter().for_each(|(name, incidents)| held.core.retire(&name, incidents));
        held.next = checkpoint.next;
        held.checkpoint = Some(checkpoint.next);
        Ok(held)
    }
}

/// The settings of a partition's core. The first tells of the feed.
fn settings(config: &Config, partition: Partition) -> Settings {
    Settings { feed: partition == 0, ..Settings::from(config) }
}

impl Held {
    /// Writes a checkpoint if one is due.
    fn checkpoint(&mut self, partition: Partition, now: Timestamp, interval: i64, out: &mut Vec<Output>) {
        let due = *self.checkpoint_due.get_or_insert(now.plus(interval));
        let news = self.checkpoint != Some(self.next) || !self.gone.is_empty();
        if now < due || self.replaying || !news {
            return;
        }
        let snapshots: std::io::Result<Vec<_>> = self
            .core
            .snapshots()
            .into_iter()
            .map(|(name, snapshot)| Ok((name.into_bytes(), snapshot.encode()?)))
            .collect();
        let snapshots = match snapshots {
            Ok(snapshots) => snapshots,
            Err(fault) => {
                // Memory is at its end. The older checkpoint is as right; all watches are written with the next.
                tracing::error!(partition, %fault, "snapshot not written");
                self.core.touch_all();
                return;
            }
        };
        // A value without a byte says that the watch is gone.
        let gone = self.gone.drain(..).map(|name| (name.into_bytes(), Vec::new()));
        let checkpoint = serde_json::to_vec(&Checkpoint { next: self.next, clock: self.core.clock().clone() })
            .unwrap_or_else(|fault| unreachable!("a checkpoint is always JSON: {fault}"));
        let checkpoint = (CHECKPOINT.to_vec(), checkpoint);
        out.extend(gone.chain(snapshots).chain([checkpoint]).map(|(key, value)| Output {
            topic: Topic::State,
            partition: Some(partition),
            key,
            value,
            headers: Vec::new(),
        }));
        self.checkpoint = Some(self.next);
        self.checkpoint_due = Some(now.plus(interval));
    }
}

impl Stage for Worker {
    /// Where there is no checkpoint, everything that the tallies still hold is folded: `from` is then 0, and the loop
    /// begins at the oldest record there is.
    fn assigned(
        &mut self,
        partition: Partition,
        committed: Option<Place>,
        reader: &mut dyn StateReader,
    ) -> Result<Start, StageError> {
        self.reload();
        let committed = committed.map(|place| place.offset);
        let mut held = self.take_over(partition, reader)?;
        held.replaying = committed.is_some_and(|committed| held.next < committed);
        let from = held.next;
        tracing::info!(partition, from, committed, "reading tallies");
        self.held.insert(partition, held);
        Ok(Start { from: Some(from) })
    }

    fn revoked(&mut self, partition: Partition) {
        if let Some(held) = self.held.remove(&partition) {
            held.core.outlooks().for_each(|(watch, _)| self.board.remove(watch));
        }
        self.board.release(partition);
        self.opened.clear();
        self.passed = 0;
    }

    fn record(&mut self, record: Record<'_>) {
        let Some(held) = self.held.get_mut(&record.partition) else { return };
        held.next = record.offset + 1;
        held.replaying = record.replayed;
        let read = TallyRecord::from_json(record.value.unwrap_or_default());
        let before = held.entries.len();
        match read {
            Ok(TallyRecord::Tally(tally)) => held.core.tally(&tally, &mut held.entries),
            Ok(TallyRecord::Watermark(watermarks)) => held.core.watermarks(&watermarks, &mut held.entries),
            Ok(TallyRecord::Warm { watch, snapshot }) => {
                let decoded = pack::bytes(&snapshot).and_then(|bytes| Snapshot::decode(&bytes));
                match decoded.and_then(|snapshot| held.core.warm(&watch, snapshot)) {
                    Some((hours, true)) => tracing::info!(watch, hours, "history loaded"),
                    Some((hours, false)) => {
                        tracing::info!(watch, hours, "loaded history skipped: the watch already has a longer one")
                    }
                    None => tracing::warn!(
                        watch,
                        "loaded history skipped: it is from another version or for an unknown watch"
                    ),
                }
            }
            Ok(TallyRecord::Canary { token }) if !record.replayed && canary::is_token(&token) => {
                held.canaries.push(token);
            }
            Ok(TallyRecord::Canary { .. }) => {}
            Err(fault) => {
                tracing::warn!(partition = record.partition, offset = record.offset, %fault, "record is not a tally, skipped");
            }
        }
        let late = held.core.take_late();
        if record.replayed {
            held.entries.truncate(before);
        } else {
            metrics::late_tallies(late);
        }
    }

    fn tick(&mut self, now: Timestamp, at_end: &[Partition]) {
        self.reload();
        for partition in at_end {
            if let Some(held) = self.held.get_mut(partition) {
                held.replaying = false;
            }
        }
        self.show_gauges(now);
    }

    fn flush(&mut self, now: Timestamp, out: &mut Vec<Output>) {
        let interval = self.config.detect.snapshot_interval.millis();
        for (partition, held) in &mut self.held {
            for entry in held.entries.drain(..) {
                if let Event::Signal(signal) = &entry.event
                    && signal.phase == Phase::Opened
                {
                    self.opened.push((entry.watch.clone(), signal.kind.name()));
                }
                let value = entry.to_json();
                let key = entry.watch.into_bytes();
                out.push(Output { topic: Topic::Ledger, partition: None, key, value, headers: Vec::new() });
            }
            for token in held.canaries.drain(..) {
                self.passed += 1;
                let key = canary::key(&token).into_bytes();
                let value = Canary { canary: token, passed: Passed::Detect, at: now }.to_json();
                out.push(Output { topic: Topic::Ledger, partition: None, key, value, headers: Vec::new() });
            }
            held.checkpoint(*partition, now, interval, out);
            if let Some(closed) = held.core.clock().closed {
                self.board.judged_up_to(*partition, Timestamp(closed.saturating_add(1).saturating_mul(MINUTE_MS)));
            }
        }
    }

    fn committed(&mut self, _: Timestamp) {
        (0..std::mem::take(&mut self.passed)).for_each(|_| crate::canary::passed("detect"));
        for (watch, kind) in self.opened.drain(..) {
            metrics::incident_opened(&watch, kind);
        }
    }

    fn next_deadline(&self) -> Option<Timestamp> {
        let due = |held: &Held| held.checkpoint_due.filter(|_| held.checkpoint != Some(held.next) && !held.replaying);
        self.held.values().filter_map(due).min()
    }

    fn is_full(&self) -> bool {
        self.held.values().map(|held| held.entries.len()).sum::<usize>() >= FULL
    }
}

#[cfg(test)]
#[path = "detect_tests.rs"]
mod tests;
