//! Producers outside of the stages: single records that somebody waits for, and mentions in bulk.

use rdkafka::client::ClientContext;
use rdkafka::config::RDKafkaLogLevel;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::Message;
use rdkafka::producer::{BaseProducer, BaseRecord, DeliveryResult, Producer, ProducerContext, ThreadedProducer};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

use super::client::{self, ClientError, ClientEvents};
use orszem_core::settings::Kafka;

/// Why a record was not written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WriteError {
    /// No broker took it in time (10 s for a single record), or all that wait for one already fill the queue.
    #[error("Kafka did not take the record: {0}")]
    Unavailable(String),
    /// It was not handed over, because there is no more time to wait for Kafka.
    #[error("stopped while Kafka took no more records")]
    Stopped,
    /// It is larger than what a broker takes.
    #[error("the record is too large")]
    TooLarge,
    /// The broker refused it for good.
    #[error("Kafka refused the record: {0}")]
    Refused(String),
}

impl From<KafkaError> for WriteError {
    fn from(fault: KafkaError) -> WriteError {
        use RDKafkaErrorCode::{
            InvalidMessage, InvalidRecord, MessageSizeTooLarge, TopicAuthorizationFailed, UnknownTopic,
        };
        match fault.rdkafka_error_code() {
            Some(MessageSizeTooLarge) => WriteError::TooLarge,
            Some(code @ (InvalidMessage | InvalidRecord | TopicAuthorizationFailed | UnknownTopic)) => {
                WriteError::Refused(client::cause_of(code))
            }
            Some(code) => WriteError::Unavailable(client::cause_of(code)),
            None => WriteError::Unavailable(fault.to_string()),
        }
    }
}

type Answer = oneshot::Sender<Result<i64, WriteError>>;

/// Hands each delivery to who waits for it.
struct DeliveryContext(ClientEvents);

impl ClientContext for DeliveryContext {
    fn log(&self, level: RDKafkaLogLevel, facility: &str, message: &str) {
        self.0.log(level, facility, message);
    }

    fn error(&self, fault: KafkaError, reason: &str) {
        self.0.error(fault, reason);
    }
}

impl ProducerContext for DeliveryContext {
    type DeliveryOpaque = Box<Answer>;

    fn delivery(&self, result: &DeliveryResult<'_>, answer: Box<Answer>) {
        let result = match result {
            Ok(message) => {
                self.0.alive();
                Ok(message.offset())
            }
            Err((fault, _)) => Err(fault.clone().into()),
        };
        // Who asked may have gone: the entry is written all the same.
        let _ = answer.send(result);
    }
}

/// Writes single records, for people's actions: idempotent, acknowledged by all replicas.
pub struct RecordWriter {
    producer: ThreadedProducer<DeliveryContext>,
}

impl RecordWriter {
    /// A writer for any topic. Needs no broker yet.
    pub fn new(kafka: &Kafka) -> Result<RecordWriter, ClientError> {
        let producer = client::prompt(kafka)?.create_with_context(DeliveryContext(ClientEvents::new("web")))?;
        Ok(RecordWriter { producer })
    }

    /// Writes a record, and waits until Kafka has it: at most 10 s. Gives its offset. An error other than
    /// [`WriteError::Unavailable`] means that it is not written; that one leaves it open.
    pub async fn write(&self, topic: &str, key: &str, value: &[u8]) -> Result<i64, WriteError> {
        let (answer, delivered) = oneshot::channel();
        let record = BaseRecord::with_opaque_to(topic, Box::new(answer)).key(key.as_bytes()).payload(value);
        self.producer.send(record).map_err(|(fault, _)| WriteError::from(fault))?;
        delivered.await.unwrap_or_else(|_| Err(WriteError::Unavailable("the client was closed".into())))
    }
}

/// What became of the records of a [`BulkWriter`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Records that Kafka has.
    pub delivered: u64,
    /// Records that it has not.
    pub failed: u64,
    /// Why the last of them failed.
    pub fault: Option<WriteError>,
}

/// Counts deliveries.
struct Tally {
    events: ClientEvents,
    written: Mutex<Written>,
}

impl ClientContext for Tally {
    fn log(&self, level: RDKafkaLogLevel, facility: &str, message: &str) {
        self.events.log(level, facility, message);
    }

    fn error(&self, fault: KafkaError, reason: &str) {
        self.events.error(fault, reason);
    }
}

impl ProducerContext for Tally {
    type DeliveryOpaque = ();

    fn delivery(&self, result: &DeliveryResult<'_>, (): ()) {
        // Only the thread that polls comes here, and the one that asks.
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        match result {
            Ok(_) => written.delivered += 1,
            Err((fault, _)) => {
                written.failed += 1;
                written.fault = Some(fault.clone().into());
            }
        }
    }
}

/// Writes many records as fast as Kafka takes them; at most 128 MB wait in memory. Blocks: not for async tasks.
pub struct BulkWriter {
    producer: BaseProducer<Tally>,
    topic: String,
    since_poll: u32,
    /// Set when there is no more time to wait for Kafka.
    stopped: Arc<AtomicBool>,
}

/// Delivery reports are fetched once in this many records.
const REPORTS: u32 = 1024;
/// How long the end waits for what is under way once it is stopped.
const STOPPED_WAIT: Duration = Duration::from_secs(3);

impl BulkWriter {
    /// A writer for `topic`. Needs no broker yet.
    pub fn new(kafka: &Kafka, topic: &str) -> Result<BulkWriter, ClientError> {
        let tally = Tally { events: ClientEvents::new("replay"), written: Mutex::default() };
        let producer = client::bulk(kafka)?.create_with_context(tally)?;
        Ok(BulkWriter { producer, topic: topic.to_owned(), since_poll: 0, stopped: Arc::default() })
    }

    /// Waits no longer for a Kafka that is away once `stopped` is set: [`BulkWriter::write`] fails at once, and
    /// [`BulkWriter::finish`] waits three seconds.
    #[must_use]
    pub fn until(mut self, stopped: Arc<AtomicBool>) -> BulkWriter {
        self.stopped = stopped;
        self
    }

    fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }

    /// Hands a record over; waits while the queue is full, which a broker that is away makes last up to two minutes.
    /// Partitions: by the key's hash; without a key any, batch by batch. Errors are of this record alone; what
    /// becomes of those that are handed over is counted.
    pub fn write(&mut self, key: Option<&[u8]>, value: &[u8]) -> Result<(), WriteError> {
        let mut record = BaseRecord::<[u8], [u8]>::to(&self.topic).payload(value);
        record.key = key;
        loop {
            record = match self.producer.send(record) {
                Ok(()) => break,
                Err((KafkaError::MessageProduction(RDKafkaErrorCode::QueueFull), back)) => back,
                Err((fault, _)) => return Err(fault.into()),
            };
            if self.is_stopped() {
                return Err(WriteError::Stopped);
            }
            self.producer.poll(Duration::from_millis(5));
        }
        self.since_poll += 1;
        if self.since_poll == REPORTS {
            self.since_poll = 0;
            self.producer.poll(Duration::ZERO);
        }
        Ok(())
    }

    /// What became of the records so far; those that neither arrived nor failed are under way.
    pub fn so_far(&self) -> Written {
        self.producer.poll(Duration::ZERO);
        self.producer.context().written.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Waits for what is under way, at most `time`.
    #[expect(clippy::disallowed_methods, reason = "the deadline of a wait for Kafka; no record sees it")]
    pub fn flush(&self, time: Duration) {
        let mut deadline = Instant::now() + time;
        let mut is_last = false;
        while self.producer.in_flight_count() > 0 && Instant::now() < deadline {
            if self.is_stopped() && !is_last {
                is_last = true;
                deadline = deadline.min(Instant::now() + STOPPED_WAIT);
            }
            self.producer.poll(Duration::from_millis(5));
        }
    }

    /// Waits for what is under way, at most `time`; what is then still under way counts as failed.
    pub fn finish(self, time: Duration) -> Written {
        self.flush(time);
        let mut written = self.so_far();
        let open = u64::try_from(self.producer.in_flight_count()).unwrap_or(0);
        if open > 0 {
            written.failed += open;
            written.fault = Some(WriteError::Unavailable("not acknowledged in time".into()));
        }
        written
    }
}
