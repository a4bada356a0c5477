//! Mentions of a Kafka topic, its partitions merged by time.

use std::collections::{BTreeMap, VecDeque};

use orszem_core::input::{NoMention, Reader, native};
use orszem_core::range::Read;
use orszem_core::replay::time_of;
use orszem_core::stage::Partition;
use orszem_kafka::range::{RangeEvent, RangeFault, RangeReader};
use orszem_records::time::Timestamp;

use orszem_core::backtest::mentions::Mentions;
use orszem_core::backtest::run::{Bounds, RunFault, Source};

/// Records that are held of a partition that is ahead of the others, before it waits …
const HELD_MOST: usize = 4_096;
/// … until so many are left.
const HELD_LEAST: usize = 512;

/// Mentions of a Kafka topic.
pub(super) struct TopicRange {
    range: RangeReader,
    /// How records are read that are not native ones.
    reader: Option<Reader>,
    max_bytes: usize,
}

#[derive(Default)]
struct Held {
    records: VecDeque<(Timestamp, Vec<u8>)>,
    waits: bool,
    ended: bool,
}

impl TopicRange {
    /// The mentions that `range` brings, as `reader` reads them: of at most so many bytes.
    pub(super) fn new(range: RangeReader, reader: Reader, max_bytes: usize) -> TopicRange {
        TopicRange { range, reader: Some(reader).filter(|reader| !reader.is_native()), max_bytes }
    }

    /// A record as a native one, and its time; nothing for what is skipped.
    fn native(&self, read: Read) -> Result<Option<(Timestamp, Vec<u8>)>, String> {
        let Some(reader) = &self.reader else {
            return time_of(&read.value).map(|at| Some((at, read.value))).map_err(|refusal| refusal.to_string());
        };
        match native::of(reader, (&read.value, &read.headers), self.max_bytes) {
            Ok(native) => Ok(Some(native)),
            Err(NoMention::Skipped(_)) => Ok(None),
            Err(NoMention::Fault(fault)) => Err(format!("no mention: {}", fault.reason())),
        }
    }
}

fn unread(fault: RangeFault) -> RunFault {
    RunFault::Topic(Box::new(fault))
}

impl Source for TopicRange {
    fn feed(&mut self, bounds: Bounds, into: &mut Mentions) -> Result<(), RunFault> {
        let mut held: BTreeMap<Partition, Held> = BTreeMap::new();
        for partition in self.range.partitions() {
            held.insert(partition, Held::default());
        }
        while let Some(event) = self.range.next_event().map_err(unread)? {
            match event {
                RangeEvent::End(partition) => held.entry(partition).or_default().ended = true,
                RangeEvent::Record(read) => match (read.partition, self.native(read)) {
                    (partition, Ok(Some((at, value)))) if bounds.hold(at) => {
                        let held = held.entry(partition).or_default();
                        held.records.push_back((at, value));
                        if held.records.len() >= HELD_MOST && !held.waits {
                            held.waits = true;
                            self.range.pause(partition, true).map_err(unread)?;
                        }
                    }
                    (_, Ok(_)) => {}
                    (_, Err(refusal)) => into.refuse(&refusal),
                },
            }
            self.hand_over(&mut held, into)?;
        }
        self.hand_over(&mut held, into)
    }
}

impl TopicRange {
    /// Hands over what is older than anything that may still come: the files' way of merging, for partitions.
    fn hand_over(&self, held: &mut BTreeMap<Partition, Held>, into: &mut Mentions) -> Result<(), RunFault> {
        loop {
            if held.values().any(|held| held.records.is_empty() && !held.ended) {
                return Ok(());
            }
            let next = held.iter().filter_map(|(partition, held)| Some((held.records.front()?.0, *partition))).min();
            let Some((at, partition)) = next else { return Ok(()) };
            let Some(held) = held.get_mut(&partition) else { return Ok(()) };
            if let Some((_, value)) = held.records.pop_front() {
                into.mention(0, at, &value);
            }
            if held.waits && held.records.len() <= HELD_LEAST {
                held.waits = false;
                self.range.pause(partition, false).map_err(unread)?;
            }
        }
    }
}
