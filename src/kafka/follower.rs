//! Follows all partitions of a topic from the beginning, without a group: for views that every copy keeps by itself.

use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::{BorrowedMessage, Message};
use rdkafka::{Offset as Place, TopicPartitionList};
use std::collections::BTreeMap;
use std::thread::JoinHandle;
use std::time::Duration;

use super::client::{self, CALL, ClientError, ClientEvents};
use orszem_core::settings::Kafka;
use orszem_core::stage::{Offset, Partition};
use orszem_records::time::Timestamp;
use orszem_runtime::lifecycle::Shutdown;

/// The wait before a new client is made after a fault that ended the old one.
const BACKOFF: Duration = Duration::from_secs(1);

/// What a follower brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FollowEvent<'a> {
    /// The topic has this many partitions: comes once, before everything else.
    Begin {
        /// How many.
        partitions: usize,
    },
    /// The next record of a partition. Each comes once, in order within its partition.
    Record {
        /// The partition.
        partition: Partition,
        /// Its position there.
        offset: Offset,
        /// When the topic took it in, by the broker's clock.
        appended: Option<Timestamp>,
        /// Its key.
        key: Option<&'a [u8]>,
        /// Its value; `None` is a tombstone.
        value: Option<&'a [u8]>,
    },
    /// A partition was read to its present end. Comes again each time the end is reached.
    AtEnd {
        /// The partition.
        partition: Partition,
    },
}

/// Starts a thread that follows `topic` until `shutdown` and calls `each` with committed records. A topic that is
/// not there yet, and a broker that is away, are waited for. `name` names the thread and its faults in the metrics.
pub fn follow(
    name: &'static str,
    kafka: Kafka,
    topic: String,
    mut each: impl FnMut(FollowEvent<'_>) + Send + 'static,
    shutdown: Shutdown,
) -> std::io::Result<JoinHandle<()>> {
    std::thread::Builder::new().name(format!("{name}-follow")).spawn(move || {
        let mut positions = BTreeMap::new();
        while !shutdown.is_triggered() {
            let mut follower =
                Follower { name, topic: &topic, positions: &mut positions, each: &mut each, shutdown: &shutdown };
            if let Err(fault) = follower.run(&kafka) {
                tracing::warn!(name, topic, %fault, "following the topic failed, starting again where it stopped");
                shutdown.wait(BACKOFF);
            }
        }
    })
}

struct Follower<'a, F> {
    name: &'static str,
    topic: &'a str,
    /// Where to go on in each partition, over the life of several clients. Empty before the topic was seen.
    positions: &'a mut BTreeMap<Partition, Offset>,
    each: &'a mut F,
    shutdown: &'a Shutdown,
}

impl<F: FnMut(FollowEvent<'_>)> Follower<'_, F> {
    fn run(&mut self, kafka: &Kafka) -> Result<(), ClientError> {
        let consumer: BaseConsumer<ClientEvents> =
            client::reader(kafka)?.create_with_context(ClientEvents::new(self.name))?;
        if self.positions.is_empty() && !self.discover(&consumer)? {
            return Ok(());
        }
        let mut places = TopicPartitionList::new();
        for (partition, offset) in self.positions.iter() {
            // 0 is where a partition begins at the earliest; where that is gone, the client takes the earliest.
            places.add_partition_offset(self.topic, *partition, Place::Offset(*offset))?;
        }
        consumer.assign(&places)?;
        while !self.shutdown.is_triggered() {
            match consumer.poll(Duration::from_millis(100)) {
                Some(Ok(message)) => {
                    consumer.context().alive();
                    self.handle(&message);
                }
                Some(Err(KafkaError::PartitionEOF(partition))) => {
                    consumer.context().alive();
                    (self.each)(FollowEvent::AtEnd { partition });
                }
                Some(Err(fault @ KafkaError::MessageConsumptionFatal(_))) => return Err(fault.into()),
                Some(Err(_)) | None => {}
            }
        }
        Ok(())
    }

    /// Waits for the topic to be there. Says whether it is: else the shutdown came.
    fn discover(&mut self, consumer: &BaseConsumer<ClientEvents>) -> Result<bool, ClientError> {
        loop {
            match consumer.fetch_metadata(Some(self.topic), CALL) {
                Ok(metadata) => {
                    let topic = metadata.topics().iter().find(|topic| topic.name() == self.topic);
                    let found = topic.filter(|topic| topic.error().is_none() && !topic.partitions().is_empty());
                    if let Some(topic) = found {
                        self.positions.extend(topic.partitions().iter().map(|partition| (partition.id(), 0)));
                        (self.each)(FollowEvent::Begin { partitions: self.positions.len() });
                        return Ok(true);
                    }
                }
                Err(fault) => {
                    let code = fault.rdkafka_error_code().unwrap_or(RDKafkaErrorCode::Fail);
                    consumer.context().fault(code, "looking for the topic");
                }
            }
            // Serves the events of the client.
            consumer.poll(Duration::ZERO);
            if self.shutdown.wait(Duration::from_millis(250)) {
                return Ok(false);
            }
        }
    }

    fn handle(&mut self, message: &BorrowedMessage<'_>) {
        let (partition, offset) = (message.partition(), message.offset());
        self.positions.insert(partition, offset + 1);
        let appended = message.timestamp().to_millis().map(Timestamp);
        let (key, value) = (message.key(), message.payload());
        (self.each)(FollowEvent::Record { partition, offset, appended, key, value });
    }
}
