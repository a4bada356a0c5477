//! Reads what a topic holds now, partition by partition: for a backtest, for a query that is tried.

use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::KafkaError;
use rdkafka::message::{Headers as _, Message};
use rdkafka::{Offset as Place, TopicPartitionList};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::client::{self, CALL, ClientError, ClientEvents};
use orszem_core::range::{RangeQuery, Read};
use orszem_core::settings::Kafka;
use orszem_core::stage::{Offset, Partition};
use orszem_records::time::Timestamp;
use orszem_runtime::clock;

/// How long a poll waits.
const POLL: Duration = Duration::from_millis(100);
/// This many polls in a row (30 s) may bring nothing before the read is given up.
const SILENCE: u32 = 300;

/// Why a topic cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum RangeFault {
    /// A Kafka client could not be made.
    #[error("kafka: {0}")]
    Client(#[from] ClientError),
    /// A request failed.
    #[error("Kafka did not do what it was asked: {0}")]
    Kafka(String),
    /// There is no such topic.
    #[error("there is no topic `{0}`")]
    NoTopic(String),
    /// Kafka brings nothing more.
    #[error("Kafka is silent: nothing came for 30 s")]
    Silent,
}

impl From<KafkaError> for RangeFault {
    fn from(fault: KafkaError) -> RangeFault {
        RangeFault::Kafka(client::cause(&fault))
    }
}

/// What a read brings.
#[derive(Debug, PartialEq, Eq)]
pub enum RangeEvent {
    /// A record.
    Record(Read),
    /// The partition was read to where it ended when the read began.
    End(Partition),
}

/// A topic, from a time on to where it ends now.
pub struct RangeReader {
    consumer: BaseConsumer<ClientEvents>,
    topic: String,
    /// The partitions that are not read to their end, with that end.
    open: BTreeMap<Partition, Offset>,
    ended: Vec<Partition>,
    /// Older records are left out: where the partitions are not read from where the time begins.
    since: Option<Timestamp>,
    until: Option<Timestamp>,
    /// Partitions that are not read from where the time begins, until it is known whether that leaves anything out.
    trimmed: BTreeSet<Partition>,
    is_cut: bool,
}

impl RangeReader {
    /// Begins with the first record of each partition that is in the extent.
    ///
    /// # Errors
    /// When Kafka does not answer, or there is no such topic.
    pub fn open(kafka: &Kafka, topic: &str, extent: RangeQuery) -> Result<RangeReader, RangeFault> {
        let RangeQuery { since, newest, until } = extent;
        let consumer: BaseConsumer<ClientEvents> =
            client::reader(kafka)?.create_with_context(ClientEvents::new("backtest"))?;
        let metadata = consumer.fetch_metadata(Some(topic), CALL)?;
        let found = metadata.topics().iter().find(|found| found.name() == topic && found.error().is_none());
        let partitions: Vec<Partition> =
            found.into_iter().flat_map(|found| found.partitions()).map(|partition| partition.id()).collect();
        if partitions.is_empty() {
            return Err(RangeFault::NoTopic(topic.to_owned()));
        }
        let mut places = TopicPartitionList::new();
        for partition in &partitions {
            places.add_partition_offset(
                topic,
                *partition,
                since.map_or(Place::Beginning, |at| Place::Offset(at.0.max(0))),
            )?;
        }
        if since.is_some() {
            places = consumer.offsets_for_times(places, CALL)?;
        }
        // Each partition has its share: where they are filled unevenly, somewhat less is read.
        let share = newest.map(|newest| Offset::try_from(newest.div_ceil(partitions.len())).unwrap_or(Offset::MAX));
        let mut reader = RangeReader {
            consumer,
            topic: topic.to_owned(),
            open: BTreeMap::new(),
            ended: Vec::new(),
            since: since.filter(|_| newest.is_some()),
            until,
            trimmed: BTreeSet::new(),
            is_cut: false,
        };
        let mut from = TopicPartitionList::new();
        for partition in partitions {
            let (first, end) = reader.consumer.fetch_watermarks(topic, partition, CALL)?;
            let place = places.find_partition(topic, partition).map(|place| place.offset());
            let first = match place {
                Some(Place::Offset(offset)) => offset.max(first),
                // Nothing is as new as that; or so says an embedded broker, which knows no times.
                Some(Place::End) if share.is_none() => end,
                _ => first,
            };
            let newest = share.map_or(first, |share| end.saturating_sub(share));
            if newest > first {
                reader.trimmed.insert(partition);
            }
            let first = newest.max(first);
            if first >= end {
                reader.ended.push(partition);
            } else {
                reader.open.insert(partition, end);
                from.add_partition_offset(topic, partition, Place::Offset(first))?;
            }
        }
        reader.consumer.assign(&from)?;
        Ok(reader)
    }

    /// The partitions, those that hold nothing among them.
    pub fn partitions(&self) -> Vec<Partition> {
        self.open.keys().chain(&self.ended).copied().collect()
    }

    /// Whether records since the beginning of the extent were left out, so far.
    pub fn is_cut(&self) -> bool {
        self.is_cut
    }

    /// The next record or end of any partition that is not paused; `None` when all have ended, or it is time to end.
    ///
    /// # Errors
    /// When Kafka brings nothing for 30 s, or says that it never will.
    pub fn next_event(&mut self) -> Result<Option<RangeEvent>, RangeFault> {
        let mut silent = 0;
        loop {
            if let Some(partition) = self.ended.pop() {
                self.open.remove(&partition);
                return Ok(Some(RangeEvent::End(partition)));
            }
            if self.open.is_empty() {
                return Ok(None);
            }
            if self.until.is_some_and(|until| clock::now() >= until) {
                self.is_cut = true;
                return Ok(None);
            }
            match self.consumer.poll(POLL) {
                Some(Ok(message)) => {
                    let (partition, offset) = (message.partition(), message.offset());
                    let Some(end) = self.open.get(&partition).copied() else { continue };
                    if offset + 1 >= end {
                        self.ended.push(partition);
                    }
                    let old =
                        self.since.is_some_and(|since| message.timestamp().to_millis().is_some_and(|at| at < since.0));
                    if self.trimmed.remove(&partition) {
                        self.is_cut |= !old;
                    }
                    if offset < end && !old {
                        return Ok(Some(RangeEvent::Record(Read {
                            partition,
                            value: message.payload().unwrap_or_default().to_vec(),
                            headers: message.headers().map(headers).unwrap_or_default(),
                        })));
                    }
                }
                // The markers of transactions take offsets too: the end may come before the last one.
                Some(Err(KafkaError::PartitionEOF(partition))) if self.open.contains_key(&partition) => {
                    self.ended.push(partition);
                }
                Some(Err(fault @ KafkaError::MessageConsumptionFatal(_))) => return Err(fault.into()),
                Some(Err(_)) | None if silent >= SILENCE => return Err(RangeFault::Silent),
                Some(Err(_)) | None => silent += 1,
            }
        }
    }

    /// Lets a partition wait, or go on.
    pub fn pause(&self, partition: Partition, wait: bool) -> Result<(), RangeFault> {
        let mut list = TopicPartitionList::new();
        list.add_partition(&self.topic, partition);
        if wait {
            self.consumer.pause(&list)?
        } else {
            self.consumer.resume(&list)?
        }
        Ok(())
    }
}

fn headers(headers: &rdkafka::message::BorrowedHeaders) -> Vec<(String, Vec<u8>)> {
    let all = headers.iter();
    all.map(|header| (header.key.to_owned(), header.value.unwrap_or_default().to_vec())).collect()
}
