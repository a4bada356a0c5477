//! What the user of this client may do, found out without a trace: nothing is written, no group is joined.

use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::Message;
use rdkafka::producer::{BaseProducer, Producer};
use rdkafka::{Offset, TopicPartitionList};
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use super::super::client::{self, ClientError};
use super::cluster::{self, TRY};
use super::listener::Listener;
use orszem_core::settings::Kafka;
use orszem_runtime::probe::Finding;

/// The name of the check of transactions.
pub(super) const TRANSACTIONS: &str = "transactions";
/// How long one poll waits.
const POLL: Duration = Duration::from_millis(100);

/// The name of the check that a topic can be read.
pub(super) fn reading(topic: &str) -> String {
    format!("read {topic}")
}

/// The name of a stage's group.
pub(super) fn group_of(kafka: &Kafka, stage: &str) -> String {
    format!("{}-{stage}", kafka.prefix)
}

/// Fetches from the end of every partition of a topic, without a group.
#[expect(clippy::disallowed_methods, reason = "the deadline of a wait for Kafka; no record sees it")]
pub(super) fn read(kafka: &Kafka, topic: &str, partitions: i32, limit: Duration) -> Finding {
    let name = reading(topic);
    let client = match cluster::consumer(kafka) {
        Ok(client) => client,
        Err(fault) => return no_client(name, &fault),
    };
    let mut ends = TopicPartitionList::new();
    for partition in 0..partitions {
        // Refused for offsets that cannot be: the end is one.
        let _ = ends.add_partition_offset(topic, partition, Offset::End);
    }
    if let Err(fault) = client.assign(&ends) {
        return Finding::broken(name, fault.to_string(), "run this again when Kafka is well");
    }
    let deadline = Instant::now() + limit;
    let mut answered = BTreeSet::new();
    while answered.len() < ends.count() {
        match client.poll(POLL) {
            Some(Ok(message)) => {
                answered.insert(message.partition());
            }
            Some(Err(KafkaError::PartitionEOF(partition))) => {
                answered.insert(partition);
            }
            // Whether its group may be seen does not matter to a client that is in none.
            Some(Err(fault)) if fault.rdkafka_error_code() == Some(RDKafkaErrorCode::TopicAuthorizationFailed) => {
                return Finding::broken(name, "not permitted", format!("grant the user Read on the topic {topic}"));
            }
            Some(Err(_)) | None => {}
        }
        if Instant::now() > deadline {
            let detail = format!("{} of {partitions} partitions answered within {limit:?}", answered.len());
            return Finding::broken(name, detail, "see whether the brokers that lead the others are well");
        }
    }
    Finding::works(name, "may be read")
}

/// Asks for the offsets that a stage's group has committed, without joining it. `topic` is what the stage reads.
#[expect(clippy::disallowed_methods, reason = "the deadline of a wait for Kafka; no record sees it")]
pub(super) fn group(kafka: &Kafka, stage: &str, topic: (&str, i32), limit: Duration) -> Finding {
    let name = group_of(kafka, stage);
    let made = client::member(kafka, stage, None, "orszem-doctor").and_then(|mut config| {
        config.set("allow.auto.create.topics", "false");
        Ok(config.create_with_context::<_, BaseConsumer<Listener>>(Listener::default())?)
    });
    let client = match made {
        Ok(client) => client,
        Err(fault) => return no_client(name, &fault),
    };
    let mut asked = TopicPartitionList::new();
    asked.add_partition_range(topic.0, 0, topic.1 - 1);
    let right = format!("Read on the group {name}");
    let deadline = Instant::now() + limit;
    loop {
        let fault = match client.committed_offsets(asked.clone(), TRY) {
            Ok(answer) => {
                let read = answer.elements().iter().any(|element| matches!(element.offset(), Offset::Offset(_)));
                let past = if read { "has read before" } else { "has read nothing yet" };
                return Finding::works(name, format!("may be seen, and {past}"));
            }
            Err(fault) => fault,
        };
        // That the group is not permitted is told here, while the question itself only gets no answer.
        let told = std::iter::from_fn(|| client.poll(Duration::ZERO)).filter_map(Result::err);
        if let Some(denied) = std::iter::once(fault.clone()).chain(told).find_map(|fault| denied(&name, &fault, &right))
        {
            return denied;
        }
        if Instant::now() > deadline {
            let detail = format!("its offsets cannot be read: {fault}");
            return Finding::broken(name, detail, "see whether the topic __consumer_offsets has its leaders");
        }
    }
}

/// Prepares transactions under an id of our own, and begins none.
#[expect(clippy::disallowed_methods, reason = "the deadline of a wait for Kafka; no record sees it")]
pub(super) fn transactions(kafka: &Kafka, limit: Duration) -> Finding {
    let id = format!("{}-doctor", kafka.prefix);
    let made = client::transactional(kafka, &id)
        .and_then(|config| Ok(config.create_with_context::<_, BaseProducer<Listener>>(Listener::default())?));
    let producer = match made {
        Ok(producer) => producer,
        Err(fault) => return no_client(TRANSACTIONS.into(), &fault),
    };
    let deadline = Instant::now() + limit;
    loop {
        let fault = match producer.init_transactions(limit) {
            Ok(()) => return Finding::works(TRANSACTIONS, format!("may be prepared under the id {id}")),
            Err(fault) => fault,
        };
        let right = format!("Write and Describe on the transactional ids that begin with {}-", kafka.prefix);
        if let Some(denied) = denied(TRANSACTIONS, &fault, &right) {
            return denied;
        }
        let passes = matches!(&fault, KafkaError::Transaction(native) if native.is_retriable());
        if !passes || Instant::now() > deadline {
            let detail = format!("cannot be prepared: {fault}");
            return Finding::broken(TRANSACTIONS, detail, "see whether the topic __transaction_state has its leaders");
        }
        producer.poll(POLL);
    }
}

/// What cannot be known without leaving a trace.
pub(super) fn not_checked(kafka: &Kafka) -> Finding {
    let prefix = &kafka.prefix;
    Finding::skipped(
        "write and join",
        format!(
            "not checked, because only a record and a member would show it: Write on the topics {prefix}.*, \
             Read on the groups {prefix}-*"
        ),
    )
}

/// A right that the user of this client lacks.
fn denied(name: &str, fault: &KafkaError, right: &str) -> Option<Finding> {
    use RDKafkaErrorCode::{
        ClusterAuthorizationFailed, GroupAuthorizationFailed, TopicAuthorizationFailed,
        TransactionalIdAuthorizationFailed,
    };
    let code = fault.rdkafka_error_code()?;
    let is_denied = matches!(
        code,
        ClusterAuthorizationFailed
            | GroupAuthorizationFailed
            | TopicAuthorizationFailed
            | TransactionalIdAuthorizationFailed
    );
    is_denied.then(|| Finding::broken(name, format!("not permitted: {code}"), format!("grant the user {right}")))
}

fn no_client(name: String, fault: &ClientError) -> Finding {
    Finding::broken(name, fault.to_string(), "check [kafka.options]")
}
