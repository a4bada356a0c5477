//! Reads a partition of a topic of ours from its beginning to its end, for the state that a stage takes over.

use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::KafkaError;
use rdkafka::message::Message;
use rdkafka::producer::{BaseProducer, Producer};
use rdkafka::{Offset as Place, TopicPartitionList};
use std::time::{Duration, Instant};

use super::client::{self, CALL, ClientEvents};
use super::session::{Fault, TransactionContext};
use super::topics::Names;
use orszem_core::settings::Kafka;
use orszem_core::stage::{Offset, Partition, StageError, StateReader, Topic};
use orszem_runtime::lifecycle::{Heartbeat, Shutdown};

/// How long a partition may bring neither a record nor its end before the read is given up (and tried again).
const SILENCE: Duration = Duration::from_secs(30);
/// How long transactions of others may stay open before we go on without them: the coordinator ends one after
/// `transaction.timeout.ms` (10 s), and looks every 10 s. One that stays longer is a fault of the broker's.
const OPEN: Duration = Duration::from_secs(30);

/// Reads partitions with a consumer of its own, which is made when first needed.
pub struct PartitionReader<'a> {
    kafka: &'a Kafka,
    stage: &'static str,
    names: Names,
    /// Sees how far a partition is written, open transactions included.
    producer: &'a BaseProducer<TransactionContext>,
    shutdown: &'a Shutdown,
    pulse: &'a Heartbeat,
    consumer: Option<BaseConsumer<ClientEvents>>,
}

impl<'a> PartitionReader<'a> {
    pub(super) fn new(
        kafka: &'a Kafka,
        stage: &'static str,
        producer: &'a BaseProducer<TransactionContext>,
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

    /// Waits until everything that was written to the partitions before now is decided: committed or aborted. A copy
    /// that died may have left a transaction whose offsets are committed and whose records cannot be read yet; what
    /// it told people must be known before we tell them anything.
    pub(super) fn settle(&mut self, topic: &str, partitions: &[Partition]) -> Result<(), Fault> {
        let settled = partitions.iter().try_for_each(|partition| self.decided(topic, *partition));
        settled.map_err(|fault| Fault::Session(fault.to_string()))
    }

    #[expect(clippy::disallowed_methods, reason = "the deadline of a wait for Kafka; no record sees it")]
    fn decided(&mut self, topic: &str, partition: Partition) -> Result<(), StageError> {
        let written = self.producer.client().fetch_watermarks(topic, partition, CALL);
        let (_, written) = written.map_err(|fault| StageError(format!("end of {topic}/{partition}: {fault}")))?;
        let deadline = Instant::now() + OPEN;
        while self.stable(topic, partition)? < written {
            self.pulse.beat();
            if Instant::now() > deadline {
                tracing::warn!(topic, partition, "transaction still open after the time limit, reading on without it");
                break;
            }
            if self.shutdown.wait(Duration::from_millis(20)) {
                return Err(StageError("shutting down".into()));
            }
        }
        Ok(())
    }

    /// The offset up to which every record is committed or aborted.
    fn stable(&mut self, topic: &str, partition: Partition) -> Result<Offset, StageError> {
        let marks = self.consumer()?.client().fetch_watermarks(topic, partition, CALL);
        Ok(marks.map_err(|fault| StageError(format!("stable end of {topic}/{partition}: {fault}")))?.1)
    }
}

impl StateReader for PartitionReader<'_> {
    #[expect(clippy::disallowed_methods, reason = "the deadline of a wait for Kafka; no record sees it")]
    fn read(
        &mut self,
        topic: Topic,
        partition: Partition,
        each: &mut dyn FnMut(&[u8], Option<&[u8]>),
    ) -> Result<(), StageError> {
        let name = self.names.of(topic).to_owned();
        self.decided(&name, partition)?;
        let (pulse, shutdown) = (self.pulse, self.shutdown);
        let consumer = self.consumer()?;
        let fault = |fault: &dyn std::fmt::Display| StageError(format!("reading {name}/{partition}: {fault}"));
        let mut place = TopicPartitionList::new();
        place.add_partition_offset(&name, partition, Place::Beginning).map_err(|error| fault(&error))?;
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
