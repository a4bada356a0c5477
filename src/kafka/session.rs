//! One life of a stage's two clients: the consumer that is a member of its group, and the transactional producer.

use rdkafka::client::ClientContext;
use rdkafka::config::RDKafkaLogLevel;
use rdkafka::consumer::{BaseConsumer, Consumer, ConsumerContext, RebalanceProtocol};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::{Header, OwnedHeaders};
use rdkafka::producer::{BaseProducer, BaseRecord, DeliveryResult, Producer, ProducerContext};
use rdkafka::statistics::Statistics;
use rdkafka::types::RDKafkaRespErr;
use rdkafka::{Offset as Place, TopicPartitionList};
use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::bounded::{BoundedCaller, NotReturned};
use super::client::{self, CALL, ClientError, ClientEvents, MESSAGE_BYTES};
use super::metrics;
use super::topics::Names;
use super::worker::Settings;
use orszem_core::stage::{Offset, Output, Partition, Topic};
use orszem_runtime::lifecycle::{Heartbeat, Shutdown};

/// The most of a dead letter that is kept: with its headers it fits a broker's default limit of 1 MiB a record, so
/// that no mention, however large, can make every transaction fail.
const DEAD_LETTER_BYTES: usize = 900_000;

/// How many times the committed offsets are asked for while a transaction may be about to change them.
const OPEN_TRIES: u32 = 5;

/// What a call of a transaction may take beyond its own limit before it counts as one that never returns.
const GRACE: Duration = Duration::from_secs(5);

/// How long the clients may take to leave the group and go.
const FAREWELL: Duration = Duration::from_secs(4);

/// What went wrong, by what it takes to go on.
#[derive(Debug)]
pub(super) enum Fault {
    /// The transaction cannot be committed: abort it, and read its records again.
    Abort(String),
    /// The clients are of no use any more: make new ones.
    Session(String),
}

impl Fault {
    /// The reason, whichever fault it is.
    pub(super) fn reason(&self) -> &str {
        match self {
            Fault::Abort(reason) | Fault::Session(reason) => reason,
        }
    }

    /// Sorts an error of a call that belongs to a transaction.
    fn of(doing: &str, fault: &KafkaError) -> Fault {
        match fault {
            KafkaError::Transaction(native) if native.is_fatal() => Fault::Session(format!("{doing}: {native}")),
            other => Fault::Abort(format!("{doing}: {other}")),
        }
    }
}

/// What the group decided. The loop carries it out and then tells the client, so that work in hand is committed
/// before a partition is handed on.
#[derive(Debug)]
pub(super) enum Change {
    /// These partitions are ours from now on.
    Assigned(Vec<Partition>),
    /// These are ours no longer.
    Revoked(Vec<Partition>),
}

/// What the consumer tells its loop through callbacks, all of which run inside `poll`.
pub(super) struct GroupContext {
    events: Arc<ClientEvents>,
    topic: String,
    changes: Mutex<VecDeque<Change>>,
    ends: Mutex<Vec<(Partition, Range<Offset>)>>,
    /// Nobody carries out changes any more: they are answered at once.
    closing: AtomicBool,
}

impl ClientContext for GroupContext {
    fn log(&self, level: RDKafkaLogLevel, facility: &str, message: &str) {
        self.events.log(level, facility, message);
    }

    fn error(&self, fault: KafkaError, reason: &str) {
        self.events.error(fault, reason);
    }

    fn stats(&self, statistics: Statistics) {
        if statistics.brokers.values().any(|broker| broker.state == "UP") {
            self.events.alive();
        }
        let Some(topic) = statistics.topics.get(&self.topic) else { return };
        let active = topic.partitions.values().filter(|partition| partition.fetch_state == "active");
        // Not `consumer_lag`: it counts from what this client has committed, and ours are committed by the producer.
        let known = active.filter(|partition| partition.ls_offset >= 0);
        let ends = known.map(|partition| (partition.partition, partition.lo_offset.max(0)..partition.ls_offset));
        *self.ends.lock().unwrap_or_else(PoisonError::into_inner) = ends.collect();
    }
}

impl ConsumerContext for GroupContext {
    fn rebalance(&self, consumer: &BaseConsumer<Self>, event: RDKafkaRespErr, list: &mut TopicPartitionList) {
        let ours = list.elements();
        let ours = ours.iter().filter(|element| element.topic() == self.topic);
        let partitions = ours.map(|element| element.partition()).collect();
        let change = match event {
            RDKafkaRespErr::RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS => Change::Assigned(partitions),
            _ => Change::Revoked(partitions),
        };
        if self.closing.load(Ordering::Acquire) {
            decline(consumer, &change);
        } else {
            self.changes.lock().unwrap_or_else(PoisonError::into_inner).push_back(change);
        }
    }
}

/// Answers a change for a loop that is gone: takes nothing, gives everything back.
fn decline(consumer: &BaseConsumer<GroupContext>, change: &Change) {
    let topic = &consumer.context().topic;
    let answered = match (change, consumer.rebalance_protocol()) {
        (Change::Assigned(_), RebalanceProtocol::Cooperative) => {
            consumer.incremental_assign(&TopicPartitionList::new())
        }
        (Change::Revoked(partitions), RebalanceProtocol::Cooperative) => {
            consumer.incremental_unassign(&list(topic, partitions))
        }
        _ => consumer.unassign(),
    };
    if let Err(fault) = answered {
        tracing::debug!(%fault, "rebalance while leaving the group");
    }
}

fn list(topic: &str, partitions: &[Partition]) -> TopicPartitionList {
    let mut list = TopicPartitionList::with_capacity(partitions.len());
    for partition in partitions {
        list.add_partition(topic, *partition);
    }
    list
}

/// What the producer tells: whether a record of the transaction was refused.
pub(super) struct TransactionContext {
    events: Arc<ClientEvents>,
    refused: Mutex<Option<RDKafkaErrorCode>>,
}

impl ClientContext for TransactionContext {
    fn log(&self, level: RDKafkaLogLevel, facility: &str, message: &str) {
        self.events.log(level, facility, message);
    }

    fn error(&self, fault: KafkaError, reason: &str) {
        self.events.error(fault, reason);
    }
}

impl ProducerContext for TransactionContext {
    type DeliveryOpaque = ();

    fn delivery(&self, result: &DeliveryResult<'_>, (): ()) {
        if let Err((fault, _)) = result {
            *self.refused.lock().unwrap_or_else(PoisonError::into_inner) = fault.rdkafka_error_code();
        }
    }
}

/// Where each partition is to be read from; `None` is the beginning.
pub(super) type Starts = Vec<(Partition, Option<Offset>)>;

/// The producer of a stage.
pub(super) type TransactionProducer = BaseProducer<TransactionContext>;

/// The clients of a stage.
pub(super) struct Session<'a> {
    pub(super) consumer: BaseConsumer<GroupContext>,
    pub(super) producer: Arc<TransactionProducer>,
    /// Makes the calls that begin, fill and end transactions.
    caller: RefCell<BoundedCaller<TransactionProducer, Result<(), KafkaError>>>,
    settings: &'a Settings,
    names: Names,
    events: Arc<ClientEvents>,
    pulse: &'a Heartbeat,
    shutdown: &'a Shutdown,
}

impl<'a> Session<'a> {
    /// Makes the clients, ends what a former life of this transactional id left open, and joins the group. Waits for
    /// Kafka as long as it takes; `Ok(None)` when the shutdown came first.
    pub(super) fn open(
        settings: &'a Settings,
        transactional_id: &str,
        events: &Arc<ClientEvents>,
        pulse: &'a Heartbeat,
        shutdown: &'a Shutdown,
    ) -> Result<Option<Session<'a>>, ClientError> {
        let kafka = &settings.kafka;
        let member = GroupContext {
            events: Arc::clone(events),
            topic: settings.topic.clone(),
            changes: Mutex::default(),
            ends: Mutex::default(),
            closing: AtomicBool::new(false),
        };
        let outlet = TransactionContext { events: Arc::clone(events), refused: Mutex::default() };
        let producer: TransactionProducer =
            client::transactional(kafka, transactional_id)?.create_with_context(outlet)?;
        let producer = Arc::new(producer);
        let caller = BoundedCaller::new(format!("{} transactions", settings.stage), Arc::clone(&producer));
        let mut caller = caller.map_err(|fault| ClientError::Client(fault.to_string()))?;
        loop {
            pulse.beat();
            pulse.away(events.away());
            let begun = caller.call(CALL + GRACE, |producer| producer.init_transactions(CALL));
            match begun.map_err(|NotReturned| ClientError::NotReturned("init_transactions"))? {
                Ok(()) => break,
                Err(KafkaError::Transaction(fault)) if fault.is_retriable() => {
                    tracing::debug!(stage = settings.stage, %fault, "transactions not available yet, retrying");
                }
                Err(fault) => return Err(fault.into()),
            }
            producer.poll(Duration::from_millis(1));
            // The wait also spaces the calls where they fail at once.
            if shutdown.wait(Duration::from_millis(100)) {
                return Ok(None);
            }
        }
        let config = client::member(kafka, settings.stage, settings.member().as_deref())?;
        let consumer: BaseConsumer<GroupContext> = config.create_with_context(member)?;
        consumer.subscribe(&[&settings.topic])?;
        events.alive();
        let (names, events) = (Names::new(kafka), Arc::clone(events));
        let caller = RefCell::new(caller);
        Ok(Some(Session { consumer, producer, caller, settings, names, events, pulse, shutdown }))
    }

    /// A call of a transaction, `doing` by its name, that keeps its `limit`. After one that does not return, only new
    /// clients help.
    fn bounded(
        &self,
        doing: &'static str,
        limit: Duration,
        call: impl FnOnce(&TransactionProducer) -> Result<(), KafkaError> + Send + 'static,
    ) -> Result<Result<(), KafkaError>, Fault> {
        #[cfg(test)]
        if hang::is_due(self.settings.stage, doing) {
            let _ = self.caller.borrow_mut().call(Duration::ZERO, |_| loop {
                std::thread::park();
            });
        }
        let answer = self.caller.borrow_mut().call(limit + GRACE, call);
        self.pulse.beat();
        answer.map_err(|NotReturned| {
            metrics::call_not_returned(self.settings.stage, doing);
            Fault::Session(format!("{doing} did not return"))
        })
    }

    /// Whether a call did not return, so that clients were left behind.
    pub(super) fn is_stuck(&self) -> bool {
        self.caller.borrow().is_stuck()
    }

    /// The next change the group decided and the loop has not carried out.
    pub(super) fn next_change(&self) -> Option<Change> {
        self.consumer.context().changes.lock().unwrap_or_else(PoisonError::into_inner).pop_front()
    }

    /// Whether no broker can be reached.
    pub(super) fn away(&self) -> bool {
        self.events.away()
    }

    /// The offsets of what can be read, by partition, where statistics came since the last call.
    pub(super) fn readable(&self) -> Vec<(Partition, Range<Offset>)> {
        std::mem::take(&mut *self.consumer.context().ends.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The offsets that the group has committed. A transaction that is about to change them is waited for: one that a
    /// dead copy left open ends within 20 s (`transaction.timeout.ms`, and the coordinator looks every 10 s).
    pub(super) fn committed(&self, partitions: &[Partition]) -> Result<BTreeMap<Partition, Offset>, Fault> {
        let fault = |fault: KafkaError| Fault::Session(format!("committed offsets: {fault}"));
        let mut tries = 0;
        let answer = loop {
            let answer = self.consumer.committed_offsets(list(&self.settings.topic, partitions), CALL);
            self.pulse.beat();
            match answer {
                Err(KafkaError::MetadataFetch(RDKafkaErrorCode::OperationTimedOut))
                    if tries < OPEN_TRIES && !self.shutdown.is_triggered() =>
                {
                    tries += 1;
                }
                answer => break answer.map_err(fault)?,
            }
        };
        let mut offsets = BTreeMap::new();
        for element in answer.elements() {
            element.error().map_err(fault)?;
            if let Place::Offset(offset) = element.offset() {
                offsets.insert(element.partition(), offset);
            }
        }
        Ok(offsets)
    }

    fn places(&self, starts: &Starts) -> Result<TopicPartitionList, Fault> {
        let mut places = TopicPartitionList::with_capacity(starts.len());
        for (partition, from) in starts {
            let place = from.map_or(Place::Beginning, Place::Offset);
            let added = places.add_partition_offset(&self.settings.topic, *partition, place);
            added.map_err(|fault| Fault::Session(format!("start offset: {fault}")))?;
        }
        Ok(places)
    }

    /// Tells the client to read the partitions that were assigned.
    pub(super) fn take(&self, starts: &Starts) -> Result<(), Fault> {
        let places = self.places(starts)?;
        let taken = match self.consumer.rebalance_protocol() {
            RebalanceProtocol::Cooperative => self.consumer.incremental_assign(&places),
            _ => self.consumer.assign(&places),
        };
        taken.map_err(|fault| Fault::Session(format!("assign: {fault}")))
    }

    /// Tells the client to stop reading the partitions that were revoked, and the group that they are free.
    pub(super) fn release(&self, partitions: &[Partition]) -> Result<(), Fault> {
        let released = match self.consumer.rebalance_protocol() {
            RebalanceProtocol::Cooperative => {
                self.consumer.incremental_unassign(&list(&self.settings.topic, partitions))
            }
            _ => self.consumer.unassign(),
        };
        released.map_err(|fault| Fault::Session(format!("unassign: {fault}")))
    }

    /// Reads partitions that we have from somewhere else.
    pub(super) fn seek(&self, starts: &Starts) -> Result<(), Fault> {
        let sought = self.consumer.seek_partitions(self.places(starts)?, CALL);
        let sought = sought.map_err(|fault| Fault::Session(format!("seek: {fault}")))?;
        for element in sought.elements() {
            element.error().map_err(|fault| Fault::Session(format!("seek: {fault}")))?;
        }
        Ok(())
    }

    /// Writes the outputs and the offsets in one transaction, and commits it.
    #[expect(clippy::disallowed_methods, reason = "deadlines of calls to Kafka; no record sees them")]
    pub(super) fn transact(&self, outputs: &[Output], offsets: &[(Partition, Offset)]) -> Result<(), Fault> {
        *self.producer.context().refused.lock().unwrap_or_else(PoisonError::into_inner) = None;
        self.producer.begin_transaction().map_err(|fault| match fault {
            // A former transaction could not be ended: the client's state is not ours to guess.
            KafkaError::Transaction(native) => Fault::Session(format!("begin: {native}")),
            other => Fault::Session(format!("begin: {other}")),
        })?;
        for output in outputs {
            self.send(output)?;
        }
        let mut places = TopicPartitionList::with_capacity(offsets.len());
        for (partition, offset) in offsets {
            let added = places.add_partition_offset(&self.settings.topic, *partition, Place::Offset(*offset));
            added.map_err(|fault| Fault::Abort(format!("offsets: {fault}")))?;
        }
        if !offsets.is_empty() {
            // Fresh for every transaction: it names our generation, and an older one is fenced.
            let group = self.consumer.group_metadata().ok_or_else(|| Fault::Session("no group".into()))?;
            let send = move |producer: &TransactionProducer| {
                producer.send_offsets_to_transaction(&places, &group, CALL)
            };
            let sent = self.bounded("send_offsets_to_transaction", CALL, send)?;
            sent.map_err(|fault| Fault::of("offsets", &fault))?;
        }
        // `commit_transaction` polls in pieces of 100 ms, so every commit would cost them: here it is 1 ms.
        let deadline = Instant::now() + 3 * CALL;
        while self.producer.in_flight_count() > 0 {
            if Instant::now() > deadline {
                return Err(Fault::Abort("records were not acknowledged in time".into()));
            }
            self.producer.poll(Duration::from_millis(1));
        }
        if let Some(code) = *self.producer.context().refused.lock().unwrap_or_else(PoisonError::into_inner) {
            return Err(Fault::Abort(format!("a record was refused: {code}")));
        }
        self.finish()
    }

    /// Commits. What becomes of a commit that times out is not known: it is asked again, and never aborted.
    fn finish(&self) -> Result<(), Fault> {
        let mut last = String::new();
        for _ in 0..3 {
            // Flushes first, with a limit of its own.
            let commit = |producer: &TransactionProducer| producer.commit_transaction(CALL);
            let fault = match self.bounded("commit_transaction", 2 * CALL, commit)? {
                Ok(()) => {
                    self.events.alive();
                    return Ok(());
                }
                Err(KafkaError::Transaction(fault)) => fault,
                Err(other) => return Err(Fault::Abort(format!("commit: {other}"))),
            };
            if fault.txn_requires_abort() {
                return Err(Fault::Abort(format!("commit: {fault}")));
            }
            last = fault.to_string();
            if !fault.is_retriable() || self.shutdown.is_triggered() {
                break;
            }
            self.producer.poll(Duration::from_millis(1));
        }
        Err(Fault::Session(format!("commit: {last}")))
    }

    #[expect(clippy::disallowed_methods, reason = "the deadline of a call to Kafka; no record sees it")]
    fn send(&self, output: &Output) -> Result<(), Fault> {
        let letter = output.topic == Topic::DeadLetters && output.value.len() > DEAD_LETTER_BYTES;
        let value = if letter { &output.value[..DEAD_LETTER_BYTES] } else { &output.value[..] };
        let mut record = BaseRecord::to(self.names.of(output.topic)).key(&output.key[..]).payload(value);
        record.partition = output.partition;
        if letter || !output.headers.is_empty() {
            let mut headers = OwnedHeaders::new_with_capacity(output.headers.len() + 1);
            for (key, value) in &output.headers {
                headers = headers.insert(Header { key, value: Some(&value[..]) });
            }
            if letter {
                let length = output.value.len().to_string();
                headers = headers.insert(Header { key: "cut-from-bytes", value: Some(&length) });
            }
            record = record.headers(headers);
        }
        let deadline = Instant::now() + 3 * CALL;
        loop {
            record = match self.producer.send(record) {
                Ok(()) => return Ok(()),
                Err((KafkaError::MessageProduction(RDKafkaErrorCode::QueueFull), back)) => back,
                Err((KafkaError::MessageProduction(RDKafkaErrorCode::MessageSizeTooLarge), _)) => {
                    // Trying again would fail for ever and stop everything else.
                    tracing::error!(topic = ?output.topic, bytes = output.value.len(), limit = MESSAGE_BYTES,
                        "record too large for Kafka, not written");
                    return Ok(());
                }
                Err((fault, _)) => return Err(Fault::of("produce", &fault)),
            };
            if Instant::now() > deadline {
                return Err(Fault::Abort("no room for more records".into()));
            }
            self.producer.poll(Duration::from_millis(1));
        }
    }

    /// Aborts the transaction that failed. Delivery reports are served in between, or it would wait for them.
    #[expect(clippy::disallowed_methods, reason = "the deadline of a call to Kafka; no record sees it")]
    pub(super) fn abort(&self) -> Result<(), Fault> {
        let deadline = Instant::now() + 2 * CALL;
        loop {
            let abort = |producer: &TransactionProducer| producer.abort_transaction(Duration::from_millis(200));
            match self.bounded("abort_transaction", CALL, abort)? {
                Ok(()) => return Ok(()),
                Err(KafkaError::Transaction(fault))
                    if fault.is_retriable() && Instant::now() < deadline && !self.shutdown.is_triggered() =>
                {
                    self.producer.poll(Duration::from_millis(5));
                }
                Err(fault) => return Err(Fault::Session(format!("abort: {fault}"))),
            }
        }
    }

    /// Leaves the group and drops the clients: on a thread of their own, because that can block.
    pub(super) fn close(self) {
        let Session { consumer, producer, caller, settings, .. } = self;
        consumer.context().closing.store(true, Ordering::Release);
        let open = std::mem::take(&mut *consumer.context().changes.lock().unwrap_or_else(PoisonError::into_inner));
        for change in &open {
            decline(&consumer, change);
        }
        let (gone, wait) = std::sync::mpsc::channel::<()>();
        let farewell = std::thread::Builder::new().name(format!("{}-farewell", settings.stage)).spawn(move || {
            drop(consumer);
            // Its thread has the producer too, unless it was left behind.
            drop(caller);
            drop(producer);
            drop(gone);
        });
        match farewell {
            Ok(_) => {
                use std::sync::mpsc::RecvTimeoutError::Timeout;
                if wait.recv_timeout(FAREWELL) == Err(Timeout) {
                    tracing::warn!(stage = settings.stage, "Kafka clients are slow to close, not waiting any longer");
                }
            }
            Err(fault) => {
                tracing::warn!(stage = settings.stage, %fault, "cannot start a thread to close the Kafka clients")
            }
        }
    }
}

/// Lets a call hang in a test, as librdkafka's do now and then and never when wanted.
#[cfg(test)]
pub(super) mod hang {
    use std::sync::{Mutex, PoisonError};

    static NEXT: Mutex<Option<(&str, &str)>> = Mutex::new(None);

    /// The next `call` of `stage` never returns.
    pub(crate) fn next(stage: &'static str, call: &'static str) {
        *NEXT.lock().unwrap_or_else(PoisonError::into_inner) = Some((stage, call));
    }

    pub(super) fn is_due(stage: &str, call: &str) -> bool {
        NEXT.lock().unwrap_or_else(PoisonError::into_inner).take_if(|next| *next == (stage, call)).is_some()
    }
}
