//! The state of a watch as it is kept in Kafka: exact, and at most 24 KiB.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

use orszem_records::tally::{Tally, Watermarks};

use super::absence::Presence;
use super::baseline::Baseline;
use super::drivers::{Counted, TermHistory};
use super::episode::{Episode, ReopenThreshold};
use super::feed::Feed;
use super::half_hours::HalfHours;
use super::minute_counts::MinuteTable;
use super::old_snapshot;
use super::pack::{self, Packer, Unpacker};
use super::repeat_weights::RepeatWeights;
use super::rhythm::Rhythm;
use super::roster::Roster;
use super::severity::FalsePositiveRate;
use super::slow_share::SlowShare;
use super::tail_model::ScoreHistory;
use super::totals::LeadIn;
use super::watch::WatchState;
use super::watch::fold::Minutes;
use super::watch::incident::{Announced, Incidents};
use super::watch::judge::Judge;
use super::watch::past::{Block, Past};
use super::weighed_counts::WeighedCounts;

/// The layout. One of the layout before is read, too (`old_snapshot.rs`); of older ones the watch is folded again from
/// the tallies that are left.
pub const VERSION: u32 = 4;

/// The state of one watch. The names of its fields are those of the layout.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    /// The layout.
    version: u32,
    /// Complete minutes, averages, scores, past terms, the block under way: packed numbers.
    numbers: String,
    #[serde(rename = "copies")]
    repeat_weights: RepeatWeights,
    presence: Presence,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    missed: Option<i64>,
    #[serde(default, rename = "mistaken")]
    false_positives: FalsePositiveRate,
    #[serde(rename = "lead")]
    lead_in: LeadIn,
    #[serde(rename = "words")]
    terms: [Counted; 2],
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    open: BTreeMap<i64, Tally>,
    incidents: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    episode: Option<Episode>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    announced: Option<Announced>,
    #[serde(default, skip_serializing_if = "Option::is_none", rename = "bar")]
    reopen: Option<ReopenThreshold>,
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
        let WatchState { minutes, past, incidents, .. } = watch;
        let mut packer = Packer::default();
        packer.signed(minutes.since.unwrap_or(i64::MIN));
        minutes.complete.pack(&mut packer);
        past.baseline.pack(&mut packer);
        past.rhythm.pack(&mut packer);
        past.scores.pack(&mut packer);
        past.half_hours.pack(&mut packer);
        past.share.pack(&mut packer);
        past.terms.pack(&mut packer);
        packer.signed(past.block.number);
        past.block.counts.pack(&mut packer);
        Snapshot {
            version: VERSION,
            numbers: packer.text(),
            repeat_weights: minutes.repeat_weights.clone(),
            presence: past.presence.clone(),
            missed: incidents.missed,
            false_positives: past.false_positives,
            lead_in: incidents.lead_in.clone(),
            terms: past.terms.counted(),
            open: minutes.open.clone(),
            incidents: incidents.opened,
            episode: incidents.episode.clone(),
            announced: incidents.announced,
            reopen: incidents.reopen,
        }
    }

    /// How many incidents it has opened.
    pub fn incidents(&self) -> u64 {
        self.incidents
    }

    /// The watch that it is of; `None` if it is damaged or of another layout.
    pub fn restore(self) -> Option<WatchState> {
        let bytes = match self.version {
            VERSION => pack::bytes(&self.numbers)?,
            old_snapshot::VERSION => old_snapshot::numbers(&pack::bytes(&self.numbers)?)?,
            _ => return None,
        };
        let mut unpacker = Unpacker::new(&bytes);
        let since = Some(unpacker.signed()?).filter(|since| *since != i64::MIN);
        let complete = MinuteTable::unpack(&mut unpacker)?;
        let past = Past {
            baseline: Baseline::unpack(&mut unpacker)?,
            rhythm: Rhythm::unpack(&mut unpacker)?,
            scores: ScoreHistory::unpack(&mut unpacker)?,
            half_hours: HalfHours::unpack(&mut unpacker)?,
            share: SlowShare::unpack(&mut unpacker)?,
            terms: TermHistory::unpack(&mut unpacker, self.terms)?,
            block: Block { number: unpacker.signed()?, counts: WeighedCounts::unpack(&mut unpacker)? },
            presence: self.presence,
            false_positives: self.false_positives,
        };
        Some(WatchState {
            minutes: Minutes { since, complete, open: self.open, repeat_weights: self.repeat_weights },
            past,
            incidents: Incidents {
                opened: self.incidents,
                episode: self.episode,
                reopen: self.reopen,
                announced: self.announced,
                missed: self.missed,
                lead_in: self.lead_in,
            },
            judge: Judge::default(),
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
    /// Since when the watches are looked for.
    #[serde(default)]
    pub roster: Roster,
    /// Watches that are gone, and how many incidents they had opened.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub retired: BTreeMap<String, u64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A simulated watch as it was stored with this layout: after an incident, and in one of many copies.
    const STORED: &str = include_str!("snapshots.jsonl");
    /// The same with the layout before.
    const OLD: &str = include_str!("old_snapshots.jsonl");

    fn restored(line: &str) -> WatchState {
        serde_json::from_str::<Snapshot>(line).unwrap().restore().unwrap()
    }

    fn written(watch: &WatchState) -> String {
        serde_json::to_string(&Snapshot::of(watch)).unwrap()
    }

    #[test]
    fn a_state_that_was_stored_is_read_and_written_as_it_was() {
        for line in STORED.lines() {
            assert!(written(&restored(line)) == line, "{}", written(&restored(line)));
        }
    }

    #[test]
    fn a_state_of_the_layout_before_goes_on_and_is_written_in_this_one() {
        for line in OLD.lines() {
            let watch = restored(line);
            let again = written(&watch);
            assert!(again.starts_with(r#"{"version":4,"#));
            assert!(written(&restored(&again)) == again);
            let (first, last) = watch.span().unwrap();
            assert!(last - first > 10 * 24 * 60, "it has its past");
            assert!(watch.past.baseline.at(watch.past.block.number).is_some());
            let share = watch.past.share.at(watch.past.block.number - 1);
            assert!((0.1..0.3).contains(&share.negative) && share.mentions > 100.0, "{share:?}");
        }
    }
}
