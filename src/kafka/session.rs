//! One life of a stage's two clients: the consumer that is a member of its group, and the transactional producer.

use rdkafka::client::ClientContext;
use rdkafka::config::RDKafkaLogLevel;
use rdkafka::consumer::{BaseConsumer, Consumer, ConsumerContext, RebalanceProtocol};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::{Header, OwnedHeaders};
use rdkafka::producer::{BaseRecord, Producer};
use rdkafka::statistics::Statistics;
use rdkafka::types::RDKafkaRespErr;
use rdkafka::{Offset as Position, TopicPartitionList};
use std::cell::RefCell;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::bounded::{LeftBehind, NotReturned};
use super::client::{self, CALL, ClientError, ClientEvents, MESSAGE_BYTES};
use super::metrics;
use super::place::{self, Kept};
use super::topics::Names;
use super::worker::Settings;
use super::writer::{self, GRACE, TransactionProducer, Writer};
use orszem_core::stage::{Offset, Output, Partition, Topic};
use orszem_runtime::lifecycle::{Heartbeat, Shutdown};

/// The most of a dead letter that is kept: with its headers it fits a broker's default limit of 1 MiB a record, so
/// that no mention, however large, can make every transaction fail.
const DEAD_LETTER_BYTES: usize = 900_000;

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

/// The offsets that a partition has.
#[derive(Clone, Copy, Debug)]
pub(super) struct Extent {
    /// Of the first record.
    pub(super) low: Offset,
    /// After the last that can be read: before the first transaction that is still open.
    pub(super) stable: Offset,
    /// After the last.
    pub(super) high: Offset,
}

/// What the consumer tells its loop through callbacks, all of which run inside `poll`.
pub(super) struct GroupContext {
    events: Arc<ClientEvents>,
    topic: String,
    changes: Mutex<VecDeque<Change>>,
    extents: Mutex<Vec<(Partition, Extent)>>,
    /// How many partitions the topic has, as the statistics last said; 0 before they did.
    partitions: AtomicI32,
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
        let there = topic.partitions.values().filter(|partition| partition.partition >= 0 && !partition.unknown);
        self.partitions.store(i32::try_from(there.count()).unwrap_or(i32::MAX), Ordering::Relaxed);
        let active = topic.partitions.values().filter(|partition| partition.fetch_state == "active");
        // Not `consumer_lag`: it counts from what this client has committed, and ours are committed by the producer.
        let known = active.filter(|partition| partition.ls_offset >= 0);
        let extents = known.map(|partition| {
            let (low, stable) = (partition.lo_offset.max(0), partition.ls_offset);
            (partition.partition, Extent { low, stable, high: partition.hi_offset.max(stable) })
        });
        *self.extents.lock().unwrap_or_else(PoisonError::into_inner) = extents.collect();
    }
}

impl GroupContext {
    fn new(events: &Arc<ClientEvents>, topic: &str) -> GroupContext {
        GroupContext {
            events: Arc::clone(events),
            topic: topic.to_owned(),
            changes: Mutex::default(),
            extents: Mutex::default(),
            partitions: AtomicI32::new(0),
            closing: AtomicBool::new(false),
        }
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

/// Where each partition is to be read from; `None` is the beginning.
pub(super) type Starts = Vec<(Partition, Option<Offset>)>;

/// The clients of a stage.
pub(super) struct Session<'a> {
    /// The member of the group.
    pub(super) consumer: Arc<BaseConsumer<GroupContext>>,
    /// What brings the records of the topic: the member of the group as well, unless the stage has one decider, who
    /// reads all partitions whatever the group gives to whom.
    pub(super) source: Arc<BaseConsumer<GroupContext>>,
    /// What can say how far partitions are written, transactions that are open included.
    pub(super) looker: Arc<TransactionProducer>,
    /// What writes; of a stage with one decider only that one has it.
    writer: RefCell<Option<Writer>>,
    settings: &'a Settings,
    names: Names,
    pub(super) events: Arc<ClientEvents>,
    pub(super) left_behind: LeftBehind,
    pulse: &'a Heartbeat,
    shutdown: &'a Shutdown,
}

impl<'a> Session<'a> {
    /// Makes the clients, ends what a former life of this transactional id left open, and joins the group. Waits for
    /// Kafka as long as it takes; `Ok(None)` when the shutdown came first. A stage with one decider writes nothing yet.
    pub(super) fn open(
        settings: &'a Settings,
        id: &str,
        (events, left_behind): (&Arc<ClientEvents>, &LeftBehind),
        pulse: &'a Heartbeat,
        shutdown: &'a Shutdown,
    ) -> Result<Option<Session<'a>>, ClientError> {
        let kafka = &settings.kafka;
        let decider = settings.decider();
        let looker = writer::producer(kafka, decider.as_deref().unwrap_or(id), events)?;
        let writer = if decider.is_some() {
            None
        } else {
            let wait = || {
                pulse.beat();
                pulse.away(events.away());
                // The wait also spaces the calls where they fail at once.
                shutdown.wait(Duration::from_millis(100))
            };
            match Writer::begin(Arc::clone(&looker), settings.stage, left_behind, wait)? {
                None => return Ok(None),
                writer => writer,
            }
        };
        let joined = settings.team.as_ref().unwrap_or(&settings.topic);
        let config = client::member(kafka, settings.stage, settings.member().as_deref(), id)?;
        let consumer: BaseConsumer<GroupContext> = config.create_with_context(GroupContext::new(events, joined))?;
        let consumer = Arc::new(consumer);
        consumer.subscribe(&[joined])?;
        let source = if decider.is_some() {
            let config = client::source(kafka)?;
            Arc::new(config.create_with_context(GroupContext::new(events, &settings.topic))?)
        } else {
            Arc::clone(&consumer)
        };
        events.alive();
        let (names, events, left_behind) = (Names::new(kafka), Arc::clone(events), left_behind.clone());
        let writer = RefCell::new(writer);
        Ok(Some(Session { consumer, source, looker, writer, settings, names, events, left_behind, pulse, shutdown }))
    }

    /// What writes from now on; `None`: nothing is written from now on.
    pub(super) fn write_with(&self, writer: Option<Writer>) {
        if let Some(former) = self.writer.replace(writer) {
            former.let_go();
        }
    }

    fn producer(&self) -> Result<Arc<TransactionProducer>, Fault> {
        let writer = self.writer.borrow();
        let producer = writer.as_ref().map(|writer| Arc::clone(&writer.producer));
        producer.ok_or_else(|| Fault::Session("nothing to write with".into()))
    }

    /// A call of a transaction, `doing` by its name, that keeps its `limit`. After one that does not return, only new
    /// clients help.
    fn bounded(
        &self,
        doing: &'static str,
        limit: Duration,
        call: impl FnOnce(&TransactionProducer) -> Result<(), KafkaError> + Send + 'static,
    ) -> Result<Result<(), KafkaError>, Fault> {
        let mut writer = self.writer.borrow_mut();
        let writer = writer.as_mut().ok_or_else(|| Fault::Session("nothing to write with".into()))?;
        #[cfg(test)]
        if hang::is_due(self.settings.stage, doing) {
            let _ = writer.caller.call(Duration::ZERO, |_| {
                loop {
                    std::thread::park();
                }
            });
        }
        let answer = writer.caller.call(limit + GRACE, call);
        self.pulse.beat();
        answer.map_err(|NotReturned| {
            metrics::call_not_returned(self.settings.stage, doing);
            Fault::Session(format!("{doing} did not return"))
        })
    }

    /// The next change the group decided and the loop has not carried out.
    pub(super) fn next_change(&self) -> Option<Change> {
        self.consumer.context().changes.lock().unwrap_or_else(PoisonError::into_inner).pop_front()
    }

    /// Whether no broker can be reached.
    pub(super) fn away(&self) -> bool {
        self.events.away()
    }

    /// What there is to read, by partition, where statistics came since the last call.
    pub(super) fn extents(&self) -> Vec<(Partition, Extent)> {
        std::mem::take(&mut *self.source.context().extents.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// How many partitions the topic has, as the statistics last said; 0 before they did.
    pub(super) fn partitions(&self) -> i32 {
        self.source.context().partitions.load(Ordering::Relaxed)
    }

    /// How many partitions the topic has now; `None` where it is not there, or Kafka does not say.
    pub(super) fn ask_partitions(&self, limit: Duration) -> Option<i32> {
        let metadata = self.source.fetch_metadata(Some(&self.settings.topic), limit).ok()?;
        let topic = metadata.topics().iter().find(|topic| topic.name() == self.settings.topic)?;
        let count = i32::try_from(topic.partitions().len()).unwrap_or(i32::MAX);
        (topic.error().is_none() && count > 0).then_some(count)
    }

    fn places(&self, starts: &Starts) -> Result<TopicPartitionList, Fault> {
        let mut places = TopicPartitionList::with_capacity(starts.len());
        for (partition, from) in starts {
            let place = from.map_or(Position::Beginning, Position::Offset);
            let added = places.add_partition_offset(&self.settings.topic, *partition, place);
            added.map_err(|fault| Fault::Session(format!("start offset: {fault}")))?;
        }
        Ok(places)
    }

    /// Whether a rebalance revokes all partitions and assigns all again.
    pub(super) fn is_eager(&self) -> bool {
        !matches!(self.consumer.rebalance_protocol(), RebalanceProtocol::Cooperative)
    }

    /// Tells the client to read partitions that were assigned, beside those that it `reads` already.
    pub(super) fn take(&self, starts: &Starts, reads: Starts) -> Result<(), Fault> {
        let taken = if self.settings.team.is_some() || self.is_eager() {
            let all = starts.iter().copied().chain(reads).collect();
            self.source.assign(&self.places(&all)?)
        } else {
            self.source.incremental_assign(&self.places(starts)?)
        };
        taken.map_err(|fault| Fault::Session(format!("assign: {fault}")))
    }

    /// Answers the group what it gave of the topic of the team. With `reads`, its one partition is read from its
    /// beginning.
    pub(super) fn take_team(&self, team: &str, reads: bool) -> Result<(), Fault> {
        let mut list = TopicPartitionList::new();
        if reads {
            let added = list.add_partition_offset(team, 0, Position::Beginning);
            added.map_err(|fault| Fault::Session(format!("start offset: {fault}")))?;
        }
        let taken = if self.is_eager() { self.consumer.assign(&list) } else { self.consumer.incremental_assign(&list) };
        taken.map_err(|fault| Fault::Session(format!("assign: {fault}")))
    }

    /// Tells the group that the partition of the team is free, which was `read` or only given.
    pub(super) fn release_team(&self, team: &str, read: bool) -> Result<(), Fault> {
        let released = if self.is_eager() {
            self.consumer.unassign()
        } else {
            self.consumer.incremental_unassign(&list(team, if read { &[0] } else { &[] }))
        };
        released.map_err(|fault| Fault::Session(format!("unassign: {fault}")))
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
        let sought = self.source.seek_partitions(self.places(starts)?, CALL);
        let sought = sought.map_err(|fault| Fault::Session(format!("seek: {fault}")))?;
        for element in sought.elements() {
            element.error().map_err(|fault| Fault::Session(format!("seek: {fault}")))?;
        }
        Ok(())
    }

    /// Writes the outputs and how far was read in one transaction, and commits it.
    #[expect(clippy::disallowed_methods, reason = "deadlines of calls to Kafka; no record sees them")]
    pub(super) fn transact(&self, outputs: &[Output], read: &[(Partition, Kept)]) -> Result<(), Fault> {
        let producer = self.producer()?;
        producer.context().begin();
        producer.begin_transaction().map_err(|fault| match fault {
            // A former transaction could not be ended: the client's state is not ours to guess.
            KafkaError::Transaction(native) => Fault::Session(format!("begin: {native}")),
            other => Fault::Session(format!("begin: {other}")),
        })?;
        for output in outputs {
            self.send(&producer, output)?;
        }
        let mut places = TopicPartitionList::with_capacity(read.len());
        for (partition, kept) in read {
            let position = Position::Offset(kept.place.offset);
            let added = places.add_partition_offset(&self.settings.topic, *partition, position);
            added.map_err(|fault| Fault::Abort(format!("offsets: {fault}")))?;
            if let Some(metadata) = place::write(kept)
                && let Some(mut element) = places.find_partition(&self.settings.topic, *partition)
            {
                element.set_metadata(metadata);
            }
        }
        if !read.is_empty() {
            // Fresh for every transaction: it names our generation, and an older one is fenced.
            let group = self.consumer.group_metadata().ok_or_else(|| Fault::Session("no group".into()))?;
            let send =
                move |producer: &TransactionProducer| producer.send_offsets_to_transaction(&places, &group, CALL);
            let sent = self.bounded("send_offsets_to_transaction", CALL, send)?;
            sent.map_err(|fault| Fault::of("offsets", &fault))?;
        }
        // `commit_transaction` polls in pieces of 100 ms, so every commit would cost them: here it is 1 ms.
        let deadline = Instant::now() + 3 * CALL;
        while producer.in_flight_count() > 0 {
            if Instant::now() > deadline {
                return Err(Fault::Abort("records were not acknowledged in time".into()));
            }
            producer.poll(Duration::from_millis(1));
        }
        if let Some(code) = producer.context().refused() {
            return Err(Fault::Abort(format!("a record was refused: {code}")));
        }
        self.finish(&producer)
    }

    /// Commits. What becomes of a commit that times out is not known: it is asked again, and never aborted.
    fn finish(&self, producer: &TransactionProducer) -> Result<(), Fault> {
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
            producer.poll(Duration::from_millis(1));
        }
        Err(Fault::Session(format!("commit: {last}")))
    }

    #[expect(clippy::disallowed_methods, reason = "the deadline of a call to Kafka; no record sees it")]
    fn send(&self, producer: &TransactionProducer, output: &Output) -> Result<(), Fault> {
        let letter = output.topic == Topic::DeadLetters && output.value.len() > DEAD_LETTER_BYTES;
        let value = if letter { &output.value[..DEAD_LETTER_BYTES] } else { &output.value[..] };
        let mut record = BaseRecord::to(self.names.of(output.topic)).key(&output.key[..]);
        if output.topic != Topic::Team || !value.is_empty() {
            record = record.payload(value);
        }
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
            record = match producer.send(record) {
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
            producer.poll(Duration::from_millis(1));
        }
    }

    /// Aborts the transaction that failed. Delivery reports are served in between, or it would wait for them.
    #[expect(clippy::disallowed_methods, reason = "the deadline of a call to Kafka; no record sees it")]
    pub(super) fn abort(&self) -> Result<(), Fault> {
        let producer = self.producer()?;
        let deadline = Instant::now() + 2 * CALL;
        loop {
            let abort = |producer: &TransactionProducer| producer.abort_transaction(Duration::from_millis(200));
            match self.bounded("abort_transaction", CALL, abort)? {
                Ok(()) => return Ok(()),
                Err(KafkaError::Transaction(fault))
                    if fault.is_retriable() && Instant::now() < deadline && !self.shutdown.is_triggered() =>
                {
                    producer.poll(Duration::from_millis(5));
                }
                Err(fault) => return Err(Fault::Session(format!("abort: {fault}"))),
            }
        }
    }

    /// Leaves the group and drops the clients: on a thread of their own, because that can block.
    pub(super) fn close(self) {
        let Session { consumer, source, looker, writer, settings, .. } = self;
        consumer.context().closing.store(true, Ordering::Release);
        let open = std::mem::take(&mut *consumer.context().changes.lock().unwrap_or_else(PoisonError::into_inner));
        for change in &open {
            decline(&consumer, change);
        }
        let (gone, wait) = std::sync::mpsc::channel::<()>();
        let farewell = std::thread::Builder::new().name(format!("{}-farewell", settings.stage)).spawn(move || {
            // Mostly the same client as the member.
            drop(source);
            // A takeover that was given up has it for a moment more; the group is left when nobody has it.
            while Arc::strong_count(&consumer) > 1 {
                std::thread::park_timeout(Duration::from_millis(10));
            }
            drop(consumer);
            // Its thread has the producer too, unless it was left behind.
            drop(writer);
            drop(looker);
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
