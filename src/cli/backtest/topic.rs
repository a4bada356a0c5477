//! Mentions of a Kafka topic, with its partitions merged by time.

use std::collections::{BTreeMap, VecDeque};

use orszem_core::input::{NoMention, Reader, native};
use orszem_core::range::Read;
use orszem_core::replay::time_of;
use orszem_core::stage::Partition;
use orszem_kafka::range::{RangeEvent, RangeFault, RangeReader};
use orszem_records::time::Timestamp;

use orszem_core::backtest::Bounds;
use orszem_core::backtest::mentions::Mentions;
use orszem_core::backtest::run::{RunFault, Source};

/// A partition that is ahead of the others pauses at this many buffered records …
const HELD_MOST: usize = 4_096;
/// … and resumes at this many.
const HELD_LEAST: usize = 512;

/// Mentions of a Kafka topic.
pub(super) struct TopicRange {
    range: RangeReader,
    /// The reader, if the records are not native.
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
    /// The mentions of `range`, read by `reader`, of at most `max_bytes` each.
    pub(super) fn new(range: RangeReader, reader: Reader, max_bytes: usize) -> TopicRange {
        TopicRange { range, reader: Some(reader).filter(|reader| !reader.is_native()), max_bytes }
    }

    /// A record in the native format, and its time; nothing for a skipped one.
    fn native(&self, read: Read) -> Result<Option<(Timestamp, Vec<u8>)>, String> {
        let Some(reader) = &self.reader else {
            return time_of(&read.value).map(|at| Some((at, read.value))).map_err(|refusal| refusal.to_string());
        };
        match native::of(reader, (&read.value, &read.headers), self.max_bytes) {
            Ok(native) => Ok(Some(native)),
            Err(NoMention::Skipped(_)) => Ok(None),
            Err(NoMention::Fault(fault)) => Err(format!("not a mention: {}", fault.reason())),
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
            self.deliver(&mut held, into)?;
        }
        self.deliver(&mut held, into)
    }
}

impl TopicRange {
    /// Passes on all mentions that are older than any that can still come. Files are merged in the same way.
    fn deliver(&self, held: &mut BTreeMap<Partition, Held>, into: &mut Mentions) -> Result<(), RunFault> {
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
