//! The state of a watch as it is kept in Kafka: exact, and at most 16 KiB.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

use orszem_records::tally::{Tally, Watermarks};

use super::absence::Presence;
use super::baseline::Baseline;
use super::drivers::{Counted, Words};
use super::episode::{Episode, LeadIn, ReopenThreshold};
use super::feed::Feed;
use super::minute_counts::{MinuteCounts, MinuteTable};
use super::pack::{self, Packer, Unpacker};
use super::repeat_weights::Copies;
use super::rhythm::Rhythm;
use super::severity::Mistaken;
use super::slow_burn::{Course, Sum};
use super::tail_model::ScoreHistory;
use super::watch_state::WatchState;

/// The layout; a snapshot of another is not read, and the watch is folded anew from the tallies that are left.
pub const VERSION: u32 = 3;

/// The state of one watch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    /// The layout.
    version: u32,
    /// Rows, average, past, block under way: packed numbers.
    numbers: String,
    copies: Copies,
    presence: Presence,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    missed: Option<i64>,
    #[serde(default)]
    mistaken: Mistaken,
    lead: LeadIn,
    words: [Counted; 2],
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    open: BTreeMap<i64, Tally>,
    incidents: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    episode: Option<Episode>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    announced: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    bar: Option<ReopenThreshold>,
}

/// More than a snapshot ever takes when unpacked: what claims more is damaged.
const LARGEST: usize = 4 * 1024 * 1024;

impl Snapshot {
    /// The snapshot as the value of a record: JSON under zstd.
    pub fn encode(&self) -> std::io::Result<Vec<u8>> {
        zstd::bulk::compress(&serde_json::to_vec(self)?, 3)
    }

    /// Reads what [`Snapshot::encode`] wrote; `None` if it is damaged.
    pub fn decode(bytes: &[u8]) -> Option<Snapshot> {
        serde_json::from_slice(&zstd::bulk::decompress(bytes, LARGEST).ok()?).ok()
    }

    /// The state of `watch`.
    pub fn of(watch: &WatchState) -> Snapshot {
        let mut packer = Packer::default();
        packer.signed(watch.since.unwrap_or(i64::MIN));
        watch.rows.pack(&mut packer);
        watch.baseline.pack(&mut packer);
        watch.rhythm.pack(&mut packer);
        watch.past.pack(&mut packer);
        watch.course.pack(&mut packer);
        watch.words.pack(&mut packer);
        let (block, cell, sum) = &watch.block;
        packer.signed(*block);
        for count in [cell.mentions, cell.negatives, cell.positives, cell.weighed, cell.weighed_negatives] {
            packer.unsigned(count);
        }
        packer.unsigned(u64::from(sum.mentions));
        packer.unsigned(u64::from(sum.negatives));
        Snapshot {
            version: VERSION,
            numbers: packer.text(),
            copies: watch.copies.clone(),
            presence: watch.presence.clone(),
            missed: watch.missed,
            mistaken: watch.mistaken,
            lead: watch.lead.clone(),
            words: watch.words.counted(),
            open: watch.open.clone(),
            incidents: watch.incidents,
            episode: watch.episode.clone(),
            announced: watch.announced,
            bar: watch.bar,
        }
    }

    /// The watch that it is of; `None` if it is damaged or of another layout.
    pub fn restore(self) -> Option<WatchState> {
        if self.version != VERSION {
            return None;
        }
        let bytes = pack::bytes(&self.numbers)?;
        let mut unpacker = Unpacker::new(&bytes);
        let since = Some(unpacker.signed()?).filter(|since| *since != i64::MIN);
        let rows = MinuteTable::unpack(&mut unpacker)?;
        let baseline = Baseline::unpack(&mut unpacker)?;
        let rhythm = Rhythm::unpack(&mut unpacker)?;
        let past = ScoreHistory::unpack(&mut unpacker)?;
        let course = Course::unpack(&mut unpacker)?;
        let words = Words::unpack(&mut unpacker, self.words)?;
        let block = unpacker.signed()?;
        let mut counts = [0; 5];
        for count in &mut counts {
            *count = unpacker.unsigned()?;
        }
        let [mentions, negatives, positives, weighed, weighed_negatives] = counts;
        let mut narrow = || u32::try_from(unpacker.unsigned()?).ok();
        let sum = Sum { mentions: narrow()?, negatives: narrow()? };
        Some(WatchState {
            since,
            rows,
            block: (block, MinuteCounts { mentions, negatives, positives, weighed, weighed_negatives }, sum),
            baseline,
            rhythm,
            past,
            course,
            copies: self.copies,
            missed: self.missed,
            presence: self.presence,
            mistaken: self.mistaken,
            lead: self.lead,
            words,
            open: self.open,
            incidents: self.incidents,
            episode: self.episode,
            announced: self.announced,
            bar: self.bar,
            fits: None,
            ahead: None,
        })
    }
}

/// What a partition knows beside its watches.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Clock {
    /// How far event time has come in the input partitions.
    pub watermarks: Watermarks,
    /// The last complete minute.
    pub closed: Option<i64>,
    /// What is heard of the feed.
    #[serde(default)]
    pub feed: Feed,
}
