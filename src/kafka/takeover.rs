//! What must be known before partitions of another copy can be read on: on a thread beside the loop, which reads its
//! own partitions meanwhile.
//!
//! A copy that was killed may have left a transaction open. Its offsets are not known before that ends, which takes up
//! to 20 s (`transaction.timeout.ms`, and the coordinator looks every 10 s). So the dead copy's transaction is ended
//! for it: its transactional id is the client id of the member that is gone from the group.

use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::producer::{BaseProducer, Producer};
use rdkafka::{Offset as Position, TopicPartitionList};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::{Duration, Instant};

use super::bounded::{BoundedCaller, LeftBehind};
use super::client;
use super::place::{self, Kept};
use super::reader::{OPEN, decided};
use super::session::{Fault, GroupContext};
use super::writer::TransactionProducer;
use orszem_core::settings::Kafka;
use orszem_core::stage::Partition;

/// How long one question may take: between two of them it is seen whether the answer is still wanted.
pub(super) const ASK: Duration = Duration::from_secs(1);

/// The members of a group when it was last asked, by their client ids. Clones are the same list.
#[derive(Clone, Debug, Default)]
pub(super) struct Members(Arc<Mutex<BTreeSet<String>>>);

impl Members {
    /// Replaces the list by who is a member now. Says who has left.
    fn replace(&self, now: BTreeSet<String>) -> Vec<String> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let gone = known.difference(&now).cloned().collect();
        *known = now;
        gone
    }
}

/// What a takeover is of.
pub(super) struct Wanted {
    pub(super) kafka: Kafka,
    pub(super) stage: &'static str,
    pub(super) topic: String,
    /// Whether stages of ours write the topic: then what a dead copy wrote to it must be decided first.
    pub(super) is_ours: bool,
    pub(super) partitions: Vec<Partition>,
    /// The members so far, where the transactions of those that are gone are to be ended.
    pub(super) members: Option<Members>,
}

/// A takeover that goes on. Dropped, it is given up.
pub(super) struct Takeover {
    pub(super) partitions: Vec<Partition>,
    answer: mpsc::Receiver<Result<BTreeMap<Partition, Kept>, Fault>>,
    given_up: Arc<AtomicBool>,
}

impl Drop for Takeover {
    fn drop(&mut self) {
        self.given_up.store(true, Ordering::Release);
    }
}

impl Takeover {
    /// Begins one.
    pub(super) fn begin(
        wanted: Wanted,
        consumer: Arc<BaseConsumer<GroupContext>>,
        producer: Arc<TransactionProducer>,
    ) -> Result<Takeover, Fault> {
        let (tell, answer) = mpsc::channel();
        let given_up = Arc::new(AtomicBool::new(false));
        let (partitions, stop) = (wanted.partitions.clone(), Arc::clone(&given_up));
        let thread = std::thread::Builder::new().name(format!("{} takeover", wanted.stage)).spawn(move || {
            let clients = Clients { wanted, consumer, producer, given_up: stop };
            clients.end_transactions_of_the_gone();
            let places = clients.settled();
            // Of clients that the loop has dropped, this may be the last use: they close before it is told.
            drop(clients);
            let _ = tell.send(places);
        });
        thread.map_err(|fault| Fault::Session(format!("thread for a takeover: {fault}")))?;
        Ok(Takeover { partitions, answer, given_up })
    }

    /// How far the partitions were read, once that is known.
    pub(super) fn ready(&self) -> Option<Result<BTreeMap<Partition, Kept>, Fault>> {
        match self.answer.try_recv() {
            Ok(places) => Some(places),
            Err(mpsc::TryRecvError::Empty) => None,
            Err(mpsc::TryRecvError::Disconnected) => Some(Err(Fault::Session("takeover ended by itself".into()))),
        }
    }
}

struct Clients {
    wanted: Wanted,
    consumer: Arc<BaseConsumer<GroupContext>>,
    producer: Arc<TransactionProducer>,
    given_up: Arc<AtomicBool>,
}

impl Clients {
    fn is_given_up(&self) -> bool {
        self.given_up.load(Ordering::Acquire)
    }

    /// Ends what members that are gone have left open. Without it, the broker does so after a while.
    fn end_transactions_of_the_gone(&self) {
        let Some(known) = &self.wanted.members else { return };
        let group = client::group(&self.wanted.kafka, self.wanted.stage);
        let Ok(groups) = self.consumer.fetch_group_list(Some(&group), ASK) else { return };
        let members = groups.groups().iter().flat_map(|group| group.members());
        let members: BTreeSet<String> = members.map(|member| member.client_id().to_owned()).collect();
        if members.is_empty() {
            return;
        }
        for id in known.replace(members).iter().filter(|id| id.starts_with(&group)) {
            if self.is_given_up() {
                return;
            }
            match end_transaction(&self.wanted.kafka, id) {
                Ok(()) => tracing::info!(
                    stage = self.wanted.stage,
                    id,
                    "a copy has left: ended the transaction that it may have left open"
                ),
                Err(fault) => tracing::debug!(stage = self.wanted.stage, id, fault, "transaction not ended"),
            }
        }
    }

    /// How far the partitions were read, once all that was written for them is decided.
    fn settled(&self) -> Result<BTreeMap<Partition, Kept>, Fault> {
        let Wanted { topic, partitions, is_ours, .. } = &self.wanted;
        if partitions.is_empty() {
            return Ok(BTreeMap::new());
        }
        let places = committed(&self.consumer, (topic, partitions), OPEN, || self.is_given_up())?;
        if *is_ours {
            // What a copy that died told people must be known before we tell them anything.
            let wait = || {
                pause();
                self.is_given_up()
            };
            let clients = (self.producer.client(), self.consumer.client());
            for partition in partitions {
                decided(clients, (topic, *partition), wait).map_err(|fault| Fault::Session(fault.to_string()))?;
            }
        }
        Ok(places)
    }
}

/// How far the group has committed. The broker does not say while a transaction is about to change it; that is waited
/// for until `limit`, unless `stop` says otherwise.
#[expect(clippy::disallowed_methods, reason = "the deadline of a wait for Kafka; no record sees it")]
pub(super) fn committed(
    consumer: &BaseConsumer<GroupContext>,
    (topic, partitions): (&str, &[Partition]),
    limit: Duration,
    stop: impl Fn() -> bool,
) -> Result<BTreeMap<Partition, Kept>, Fault> {
    let fault = |fault: KafkaError| Fault::Session(format!("committed offsets: {fault}"));
    let mut asked = TopicPartitionList::with_capacity(partitions.len());
    for partition in partitions {
        asked.add_partition(topic, *partition);
    }
    let deadline = Instant::now() + limit;
    let answer = loop {
        match consumer.committed_offsets(asked.clone(), ASK) {
            Err(KafkaError::MetadataFetch(RDKafkaErrorCode::OperationTimedOut)) if Instant::now() < deadline => {}
            answer => break answer.map_err(fault)?,
        }
        if stop() {
            return Err(Fault::Session("stopped while asking for committed offsets".into()));
        }
    };
    let mut places = BTreeMap::new();
    for element in answer.elements() {
        element.error().map_err(fault)?;
        if let Position::Offset(offset) = element.offset() {
            places.insert(element.partition(), place::parse(offset, element.metadata()));
        }
    }
    Ok(places)
}

#[expect(clippy::disallowed_methods, reason = "this thread waits for nothing but Kafka")]
fn pause() {
    std::thread::sleep(Duration::from_millis(20));
}

/// Ends the transaction of another producer, which is gone: a producer that begins with its id fences it.
fn end_transaction(kafka: &Kafka, id: &str) -> Result<(), String> {
    let made = client::transactional(kafka, id).map_err(|fault| fault.to_string())?.create::<BaseProducer>();
    let producer = Arc::new(made.map_err(|fault| fault.to_string())?);
    let caller = BoundedCaller::new(format!("end of {id}"), producer, &LeftBehind::default());
    let mut caller = caller.map_err(|fault| fault.to_string())?;
    let ended = caller.call(2 * ASK, |producer: &BaseProducer| producer.init_transactions(ASK));
    ended.map_err(|_| "init_transactions did not return".to_owned())?.map_err(|fault| fault.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_was_a_member_and_has_left_is_gone() {
        let members = Members::default();
        let set = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<BTreeSet<_>>();
        assert!(members.replace(set(&["a", "b"])).is_empty(), "nobody was known");
        assert!(members.replace(set(&["a", "b", "c"])).is_empty());
        assert_eq!(members.replace(set(&["b"])), ["a", "c"]);
        assert!(members.replace(set(&["b", "a"])).is_empty(), "it has come back");
    }
}
