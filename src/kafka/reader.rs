//! Reads a partition of a topic of ours from its beginning to its end, for the state that a stage takes over.

use rdkafka::client::{Client, ClientContext};
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::KafkaError;
use rdkafka::message::Message;
use rdkafka::producer::Producer;
use rdkafka::{Offset as Position, TopicPartitionList};
use std::collections::BTreeMap;
use std::ops::Range;
use std::time::{Duration, Instant};

use super::client::{self, CALL, ClientEvents};
use super::place::{Found, find, mark_of};
use super::session::Fault;
use super::topics::Names;
use super::writer::TransactionProducer;
use orszem_core::settings::Kafka;
use orszem_core::stage::{Mark, Offset, Partition, Place, StageError, StateReader, Topic};
use orszem_runtime::lifecycle::{Heartbeat, Shutdown};

/// How long a partition may bring neither a record nor its end before the read is given up (and tried again).
const SILENCE: Duration = Duration::from_secs(30);
/// How long transactions of others may stay open before we go on without them: the coordinator ends one after
/// `transaction.timeout.ms` (10 s), and looks every 10 s. One that stays longer is a fault of the broker's.
pub(super) const OPEN: Duration = Duration::from_secs(30);

/// Takes the key and the value of a record.
type Each<'a> = &'a mut dyn FnMut(&[u8], Option<&[u8]>);

/// Reads partitions with a consumer of its own, which is made when first needed.
pub struct PartitionReader<'a> {
    kafka: &'a Kafka,
    stage: &'static str,
    names: Names,
    /// Sees how far a partition is written, open transactions included.
    producer: &'a TransactionProducer,
    shutdown: &'a Shutdown,
    pulse: &'a Heartbeat,
    consumer: Option<BaseConsumer<ClientEvents>>,
}

impl<'a> PartitionReader<'a> {
    pub(super) fn new(
        kafka: &'a Kafka,
        stage: &'static str,
        producer: &'a TransactionProducer,
        shutdown: &'a Shutdown,
        pulse: &'a Heartbeat,
    ) -> PartitionReader<'a> {
        PartitionReader { kafka, stage, names: Names::new(kafka), producer, shutdown, pulse, consumer: None }
    }

    fn consumer(&mut self) -> Result<&BaseConsumer<ClientEvents>, StageError> {
        if self.consumer.is_none() {
            let config = client::reader(self.kafka).map_err(|fault| StageError(fault.to_string()))?;
            let made = config.create_with_context(ClientEvents::new(self.stage));
            self.consumer = Some(made.map_err(|fault| StageError(client::ClientError::from(fault).to_string()))?);
        }
        self.consumer.as_ref().ok_or_else(|| StageError("no consumer".into()))
    }

    /// The offsets that partitions have, open transactions included.
    pub(super) fn offsets(
        &mut self,
        topic: &str,
        partitions: &[Partition],
    ) -> Result<BTreeMap<Partition, Range<Offset>>, Fault> {
        let mut offsets = BTreeMap::new();
        for partition in partitions {
            let ends = ends(self.producer.client(), (topic, *partition));
            self.pulse.beat();
            offsets.insert(*partition, ends.map_err(|fault| Fault::Session(fault.to_string()))?);
        }
        Ok(offsets)
    }

    /// Compares places with the logs, which have these `offsets` now. A record that Kafka does not bring in time counts
    /// as the same: what is wrong with the log shows when it is read.
    pub(super) fn find(
        &mut self,
        topic: &str,
        places: &BTreeMap<Partition, Place>,
        offsets: &BTreeMap<Partition, Range<Offset>>,
    ) -> Result<BTreeMap<Partition, Found>, Fault> {
        let marks = places.iter().filter_map(|(partition, place)| Some((*partition, place.mark?)));
        let there = |(partition, mark): &(Partition, Mark)| {
            offsets.get(partition).is_some_and(|offsets| offsets.contains(&mark.offset))
        };
        let asked = marks.filter(there).collect();
        let marks = self.marks_at(topic, asked).map_err(|fault| Fault::Session(fault.to_string()))?;
        let found = places.iter().filter_map(|(partition, place)| {
            let offsets = offsets.get(partition)?.clone();
            Some((*partition, find(*place, &offsets, marks.get(partition).copied())))
        });
        Ok(found.collect())
    }

    /// The marks of the records at the offsets of these marks, or of the first ones after them.
    #[expect(clippy::disallowed_methods, reason = "the deadline of a wait for Kafka; no record sees it")]
    fn marks_at(
        &mut self,
        topic: &str,
        asked: BTreeMap<Partition, Mark>,
    ) -> Result<BTreeMap<Partition, Mark>, StageError> {
        let mut marks = BTreeMap::new();
        if asked.is_empty() {
            return Ok(marks);
        }
        let (pulse, shutdown) = (self.pulse, self.shutdown);
        let consumer = self.consumer()?;
        let fault = |fault: KafkaError| StageError(format!("marks in {topic}: {fault}"));
        let mut positions = TopicPartitionList::with_capacity(asked.len());
        for (partition, mark) in &asked {
            positions.add_partition_offset(topic, *partition, Position::Offset(mark.offset)).map_err(fault)?;
        }
        consumer.assign(&positions).map_err(fault)?;
        let mut open: Vec<Partition> = asked.into_keys().collect();
        let deadline = Instant::now() + CALL;
        while !open.is_empty() && Instant::now() < deadline && !shutdown.is_triggered() {
            match consumer.poll(Duration::from_millis(50)) {
                Some(Ok(message)) if open.contains(&message.partition()) => {
                    marks.insert(message.partition(), mark_of_message(&message));
                    open.retain(|partition| *partition != message.partition());
                }
                Some(Err(KafkaError::PartitionEOF(at))) => open.retain(|partition| *partition != at),
                _ => {}
            }
            pulse.beat();
        }
        if consumer.unassign().is_err() {
            self.consumer = None;
        }
        Ok(marks)
    }
}

/// The offsets that a partition has. Those of an open transaction count where the client reads uncommitted records.
fn ends<C: ClientContext>(
    client: &Client<C>,
    (topic, partition): (&str, Partition),
) -> Result<Range<Offset>, StageError> {
    match client.fetch_watermarks(topic, partition, CALL) {
        Ok((low, high)) => Ok(low..high),
        Err(fault) => Err(StageError(format!("ends of {topic}/{partition}: {fault}"))),
    }
}

/// Waits until everything that was written to a partition before now is decided: committed or aborted. The first client
/// reads uncommitted records as well, the second only committed ones. `wait` is called between two looks, and says
/// whether to give up.
#[expect(clippy::disallowed_methods, reason = "the deadline of a wait for Kafka; no record sees it")]
pub(super) fn decided<A: ClientContext, C: ClientContext>(
    (all, committed): (&Client<A>, &Client<C>),
    (topic, partition): (&str, Partition),
    wait: impl Fn() -> bool,
) -> Result<(), StageError> {
    let written = ends(all, (topic, partition))?.end;
    let deadline = Instant::now() + OPEN;
    while ends(committed, (topic, partition))?.end < written {
        if Instant::now() > deadline {
            tracing::warn!(topic, partition, "transaction still open after the time limit, reading on without it");
            break;
        }
        if wait() {
            return Err(StageError("stopped while waiting for open transactions".into()));
        }
    }
    Ok(())
}

/// The mark of a message.
pub(super) fn mark_of_message(message: &impl Message) -> Mark {
    let timestamp_ms = message.timestamp().to_millis().unwrap_or(0);
    mark_of(message.offset(), timestamp_ms, message.payload().unwrap_or_default())
}

impl PartitionReader<'_> {
    #[expect(clippy::disallowed_methods, reason = "the deadline of a wait for Kafka; no record sees it")]
    fn read_from(
        &mut self,
        (topic, partition): (Topic, Partition),
        from: Position,
        each: Each<'_>,
    ) -> Result<(), StageError> {
        let name = self.names.of(topic).to_owned();
        let (pulse, shutdown, producer) = (self.pulse, self.shutdown, self.producer);
        let consumer = self.consumer()?;
        let wait = || {
            pulse.beat();
            shutdown.wait(Duration::from_millis(20))
        };
        decided((producer.client(), consumer.client()), (&name, partition), wait)?;
        let fault = |fault: &dyn std::fmt::Display| StageError(format!("reading {name}/{partition}: {fault}"));
        let mut place = TopicPartitionList::new();
        place.add_partition_offset(&name, partition, from).map_err(|error| fault(&error))?;
        consumer.assign(&place).map_err(|error| fault(&error))?;
        let mut heard = Instant::now();
        let mut count = 0_u32;
        let outcome = loop {
            match consumer.poll(Duration::from_millis(100)) {
                // The end is what the broker says, not a count: the markers of transactions take offsets too.
                Some(Err(KafkaError::PartitionEOF(at))) if at == partition => break Ok(()),
                Some(Err(KafkaError::MessageConsumptionFatal(code))) => break Err(fault(&code)),
                Some(Ok(message)) => {
                    each(message.key().unwrap_or_default(), message.payload());
                    count += 1;
                    if !count.is_multiple_of(1024) {
                        continue;
                    }
                    heard = Instant::now();
                }
                // Faults that come again and again are a silence too.
                None | Some(Err(_)) if heard.elapsed() > SILENCE => break Err(fault(&"kafka is silent")),
                None | Some(Err(_)) => {}
            }
            pulse.beat();
            if shutdown.is_triggered() {
                break Err(fault(&"shutting down"));
            }
        };
        let unassigned = consumer.unassign().map_err(|error| fault(&error));
        if outcome.is_err() || unassigned.is_err() {
            // A client in doubt is not used again.
            self.consumer = None;
        }
        outcome
    }
}

impl StateReader for PartitionReader<'_> {
    fn read(
        &mut self,
        topic: Topic,
        partition: Partition,
        each: &mut dyn FnMut(&[u8], Option<&[u8]>),
    ) -> Result<(), StageError> {
        self.read_from((topic, partition), Position::Beginning, each)
    }

    fn read_last(
        &mut self,
        topic: Topic,
        partition: Partition,
        last: i64,
        each: &mut dyn FnMut(&[u8], Option<&[u8]>),
    ) -> Result<bool, StageError> {
        let there = ends(self.producer.client(), (self.names.of(topic), partition))?;
        let from = there.start.max(there.end - last);
        self.read_from((topic, partition), Position::Offset(from), each)?;
        Ok(from == there.start)
    }
}
