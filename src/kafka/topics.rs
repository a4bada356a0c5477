//! The topics: their names, how they are made, and which settings of existing ones would lose data.

use rdkafka::admin::{AdminClient, AdminOptions, NewTopic, ResourceSpecifier, TopicReplication};
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::Thread;
use std::time::Duration;

use super::client::{self, CALL, ClientError, Ears};
use super::life::Shutdown;
use super::stage::Topic;
use crate::config::types::Kafka;

/// A day in milliseconds.
const DAY_MS: i64 = 86_400_000;
/// The largest record of our topics in bytes: a broker's default, 1 MiB, is less than a large state may take.
const MAX_MESSAGE_BYTES: &str = "4194304";
/// How long a wait between two tries to reach Kafka is.
const RETRY: Duration = Duration::from_secs(1);
/// How often a request is tried that too few brokers answer: they may be starting.
const PATIENCE: u32 = 60;

/// The names of the topics.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Names {
    /// Mentions, as configured.
    pub mentions: String,
    /// `<prefix>.tallies`
    pub tallies: String,
    /// `<prefix>.state`
    pub state: String,
    /// `<prefix>.ledger`
    pub ledger: String,
    /// `<prefix>.dead-letters`
    pub dead_letters: String,
}

impl Names {
    /// The names that a configuration gives.
    pub fn new(kafka: &Kafka) -> Names {
        let ours = |name: &str| format!("{}.{name}", kafka.prefix);
        Names {
            mentions: kafka.mentions.clone(),
            tallies: ours("tallies"),
            state: ours("state"),
            ledger: ours("ledger"),
            dead_letters: ours("dead-letters"),
        }
    }

    /// The name of a topic that stages write to.
    pub fn of(&self, topic: Topic) -> &str {
        match topic {
            Topic::Tallies => &self.tallies,
            Topic::State => &self.state,
            Topic::Ledger => &self.ledger,
            Topic::DeadLetters => &self.dead_letters,
        }
    }

    /// Whether it is a topic that stages write to.
    pub fn is_ours(&self, topic: &str) -> bool {
        [&self.tallies, &self.state, &self.ledger, &self.dead_letters].into_iter().any(|ours| ours == topic)
    }

    /// All of them, in the order of the flow.
    pub fn all(&self) -> [&str; 5] {
        [&self.mentions, &self.tallies, &self.state, &self.ledger, &self.dead_letters]
    }
}

/// Why the topics are not as they must be.
#[derive(Debug, thiserror::Error)]
pub enum TopicsError {
    /// Existing topics would lose data: all differences.
    #[error("existing topics would lose data:{}", list(.0))]
    Refused(Vec<Difference>),
    /// Kafka does not let us make or describe a topic.
    #[error("topic {topic}: {doing}: {reason}")]
    Denied {
        /// The topic.
        topic: String,
        /// What was tried.
        doing: &'static str,
        /// What Kafka said.
        reason: String,
    },
    /// The client cannot be made.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// The shutdown came while Kafka was waited for.
    #[error("stopped while waiting for kafka")]
    Stopped,
}

fn list(differences: &[Difference]) -> String {
    differences.iter().map(|difference| format!("\n  {difference}")).collect()
}

/// A setting of an existing topic that would lose data.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("topic {topic}: {setting} is {is}, must be {must}")]
pub struct Difference {
    /// The topic.
    pub topic: String,
    /// The setting, as Kafka names it; `partitions` for their number.
    pub setting: &'static str,
    /// What it is.
    pub is: String,
    /// What it must be.
    pub must: String,
}

/// How long a topic keeps its records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Keeps {
    /// The newest record of each key, for ever.
    Newest,
    /// Every record, for so many days.
    Days(i64),
}

struct Plan<'a> {
    name: &'a str,
    keeps: Keeps,
    /// Ours: its settings are checked.
    ours: bool,
    partitions: i32,
}

/// Makes the topics that are missing, and refuses existing ones whose settings would lose data. Blocks; a broker that
/// is away is waited for until `shutdown`. Several copies may do it at once. `inputs` are the topics that mentions are
/// read from: made where they are missing, and otherwise left as they are.
pub fn ensure(kafka: &Kafka, inputs: &[String], shutdown: &Shutdown) -> Result<(), TopicsError> {
    let topics = Topics::new(kafka, shutdown)?;
    let existing = topics.existing()?;
    let plans = plans(&topics.names, inputs, kafka, &existing);
    topics.refuse(&plans, &existing)?;
    topics.create(plans.iter().filter(|plan| !existing.contains_key(plan.name)))?;
    topics.appear(&plans)
}

/// How many partitions a topic that is there has. Blocks; a broker that is away is waited for until `shutdown`.
pub fn partitions(kafka: &Kafka, topic: &str, shutdown: &Shutdown) -> Result<i32, TopicsError> {
    let topics = Topics::new(kafka, shutdown)?;
    loop {
        if let Some(partitions) = topics.existing()?.get(topic) {
            return Ok(*partitions);
        }
        topics.pause()?;
    }
}

fn plans<'a>(names: &'a Names, inputs: &'a [String], kafka: &Kafka, existing: &BTreeMap<String, i32>) -> Vec<Plan<'a>> {
    let has = |name: &str| existing.get(name).copied();
    // A watch's state lies in the partition with the number of that of its tallies.
    let tallies = has(&names.tallies).or(has(&names.state)).unwrap_or(kafka.partitions);
    let plan = |name: &'a str, keeps, ours, partitions| Plan { name, keeps, ours, partitions };
    let inputs = inputs.iter().map(|input| plan(input, Keeps::Days(14), false, kafka.partitions));
    let ours = [
        plan(&names.tallies, Keeps::Days(35), true, tallies),
        plan(&names.state, Keeps::Newest, true, tallies),
        plan(&names.ledger, Keeps::Days(400), true, kafka.partitions),
        plan(&names.dead_letters, Keeps::Days(14), true, kafka.partitions),
    ];
    inputs.chain(ours).collect()
}

struct Topics<'a> {
    admin: AdminClient<Ears>,
    /// Asks what there is. A consumer, because it can be polled, and tells then why a broker cannot be reached: refused, a
    /// certificate, a password. An admin client keeps that to itself.
    look: BaseConsumer<Ears>,
    kafka: &'a Kafka,
    names: Names,
    shutdown: &'a Shutdown,
}

impl<'a> Topics<'a> {
    fn new(kafka: &'a Kafka, shutdown: &'a Shutdown) -> Result<Topics<'a>, TopicsError> {
        let ears = || Ears::new("admin");
        let admin = client::admin(kafka)?.create_with_context(ears()).map_err(ClientError::from)?;
        let look = client::reader(kafka)?.create_with_context(ears()).map_err(ClientError::from)?;
        Ok(Topics { admin, look, kafka, names: Names::new(kafka), shutdown })
    }

    fn pause(&self) -> Result<(), TopicsError> {
        if self.shutdown.wait(RETRY) { Err(TopicsError::Stopped) } else { Ok(()) }
    }

    /// All topics of the cluster with their number of partitions. All, because asking for one by name can create it.
    fn existing(&self) -> Result<BTreeMap<String, i32>, TopicsError> {
        let mut tries = 0;
        loop {
            match self.look.fetch_metadata(None, CALL) {
                Ok(metadata) => {
                    self.look.context().alive();
                    let present = metadata.topics().iter().filter(|topic| topic.error().is_none());
                    let count = |topic: &rdkafka::metadata::MetadataTopic| {
                        (topic.name().to_owned(), i32::try_from(topic.partitions().len()).unwrap_or(i32::MAX))
                    };
                    return Ok(present.map(count).collect());
                }
                Err(fault) => {
                    // Nothing is consumed here: what comes are faults, and their ears have heard them.
                    while self.look.poll(Duration::ZERO).is_some() {}
                    if tries == 0 {
                        tracing::warn!(brokers = self.kafka.brokers, %fault, "kafka cannot be reached: waiting for it");
                    }
                    tries += 1;
                    self.pause()?;
                }
            }
        }
    }

    fn refuse(&self, plans: &[Plan<'_>], existing: &BTreeMap<String, i32>) -> Result<(), TopicsError> {
        let present: Vec<&Plan<'_>> =
            plans.iter().filter(|plan| plan.ours && existing.contains_key(plan.name)).collect();
        let mut found = Vec::new();
        for (plan, settings) in present.iter().zip(self.settings(&present)?) {
            found.extend(differences(plan.name, plan.keeps, &settings));
        }
        let count = |name: &str| existing.get(name).copied();
        if let (Some(tallies), Some(state)) = (count(&self.names.tallies), count(&self.names.state))
            && tallies != state
        {
            found.push(Difference {
                topic: self.names.state.clone(),
                setting: "partitions",
                is: state.to_string(),
                must: format!("{tallies}, as many as {} has", self.names.tallies),
            });
        }
        if found.is_empty() { Ok(()) } else { Err(TopicsError::Refused(found)) }
    }

    /// The settings of topics, in their order.
    fn settings(&self, plans: &[&Plan<'_>]) -> Result<Vec<BTreeMap<String, String>>, TopicsError> {
        let mut all = Vec::new();
        for plan in plans {
            let denied = |reason: String| TopicsError::Denied {
                topic: plan.name.to_owned(),
                doing: "its settings cannot be read (the permission DescribeConfigs is needed)",
                reason,
            };
            let options = AdminOptions::new().request_timeout(Some(CALL));
            let answer = loop {
                let asked = [ResourceSpecifier::Topic(plan.name)];
                let answer = block_on(self.admin.describe_configs(&asked, &options));
                match answer.map(|mut answers| answers.pop()) {
                    Ok(Some(Ok(resource))) => break resource,
                    Ok(Some(Err(code))) if !passing(code) => return Err(denied(code.to_string())),
                    Err(KafkaError::AdminOp(code)) if !passing(code) => return Err(denied(code.to_string())),
                    Err(KafkaError::AdminOpCreation(reason)) => return Err(denied(reason)),
                    _ => self.pause()?,
                }
            };
            let entries = answer.entries.into_iter();
            all.push(entries.map(|entry| (entry.name, entry.value.unwrap_or_default())).collect());
        }
        Ok(all)
    }

    fn create<'p>(&self, missing: impl Iterator<Item = &'p Plan<'p>>) -> Result<(), TopicsError> {
        for plan in missing {
            let retention = match plan.keeps {
                Keeps::Newest => "-1".to_owned(),
                Keeps::Days(days) => (days * DAY_MS).to_string(),
            };
            let policy = if plan.keeps == Keeps::Newest { "compact" } else { "delete" };
            // Retention goes by the record's time: a replayed mention of 2014 would be deleted at once.
            let topic = NewTopic::new(plan.name, plan.partitions, TopicReplication::Fixed(self.kafka.replication))
                .set("cleanup.policy", policy)
                .set("retention.ms", &retention)
                .set("retention.bytes", "-1")
                .set("message.timestamp.type", "LogAppendTime")
                .set("max.message.bytes", MAX_MESSAGE_BYTES);
            self.create_one(plan, &topic)?;
        }
        Ok(())
    }

    fn create_one(&self, plan: &Plan<'_>, topic: &NewTopic<'_>) -> Result<(), TopicsError> {
        let options = AdminOptions::new().request_timeout(Some(CALL)).operation_timeout(Some(CALL));
        let mut tries = 0;
        loop {
            let answer = block_on(self.admin.create_topics([topic], &options));
            let reason = match answer.map(|mut answers| answers.pop()) {
                Ok(Some(Ok(_))) => {
                    tracing::info!(topic = plan.name, partitions = plan.partitions, "topic created");
                    return Ok(());
                }
                // Another copy was faster.
                Ok(Some(Err((_, RDKafkaErrorCode::TopicAlreadyExists)))) => return Ok(()),
                Ok(Some(Err((_, code)))) | Err(KafkaError::AdminOp(code)) if passing(code) => continue_after(self)?,
                // The other brokers may be starting.
                Ok(Some(Err((_, RDKafkaErrorCode::InvalidReplicationFactor)))) if tries < PATIENCE => {
                    tries += 1;
                    continue_after(self)?
                }
                Ok(Some(Err((_, code)))) | Err(KafkaError::AdminOp(code)) => Some(code.to_string()),
                Ok(None) => continue_after(self)?,
                Err(fault) => Some(fault.to_string()),
            };
            if let Some(reason) = reason {
                let topic = plan.name.to_owned();
                return Err(TopicsError::Denied { topic, doing: "it cannot be created", reason });
            }
        }
    }

    /// Waits until the brokers know all topics.
    fn appear(&self, plans: &[Plan<'_>]) -> Result<(), TopicsError> {
        loop {
            let existing = self.existing()?;
            if plans.iter().all(|plan| existing.contains_key(plan.name)) {
                return Ok(());
            }
            if self.shutdown.wait(Duration::from_millis(100)) {
                return Err(TopicsError::Stopped);
            }
        }
    }
}

fn continue_after(topics: &Topics<'_>) -> Result<Option<String>, TopicsError> {
    topics.pause().map(|()| None)
}

/// Whether a fault passes by itself: a broker that is away, a cluster that elects.
fn passing(code: RDKafkaErrorCode) -> bool {
    use RDKafkaErrorCode::{
        AllBrokersDown, BrokerNotAvailable, BrokerTransportFailure, CoordinatorLoadInProgress, LeaderNotAvailable,
        NetworkException, NotController, OperationTimedOut, RequestTimedOut, TimedOutQueue, UnknownTopicOrPartition,
    };
    matches!(
        code,
        AllBrokersDown
            | BrokerNotAvailable
            | BrokerTransportFailure
            | CoordinatorLoadInProgress
            | LeaderNotAvailable
            | NetworkException
            | NotController
            | OperationTimedOut
            | RequestTimedOut
            | TimedOutQueue
            | UnknownTopicOrPartition
    )
}

/// What of an existing topic's settings would lose data.
fn differences(topic: &str, keeps: Keeps, settings: &BTreeMap<String, String>) -> Vec<Difference> {
    let mut found = Vec::new();
    let mut expect = |setting: &'static str, good: &dyn Fn(&str) -> bool, must: String| {
        let is = settings.get(setting).map_or("not set", String::as_str);
        if !good(is) {
            found.push(Difference { topic: topic.to_owned(), setting, is: is.to_owned(), must });
        }
    };
    match keeps {
        Keeps::Newest => expect("cleanup.policy", &|is| is == "compact", "compact".into()),
        Keeps::Days(days) => {
            expect("cleanup.policy", &|is| is == "delete", "delete".into());
            let least = days * DAY_MS;
            let enough = |is: &str| is.parse::<i64>().is_ok_and(|ms| ms == -1 || ms >= least);
            expect("retention.ms", &enough, format!("at least {least} ({days} days), or -1"));
            expect("retention.bytes", &|is| is == "-1", "-1 (no limit by size)".into());
        }
    }
    let must = "LogAppendTime (retention goes by it, and event time may lie years back)";
    expect("message.timestamp.type", &|is| is == "LogAppendTime", must.into());
    found
}

/// Runs a future of the admin client, which has a thread of its own, to its end: without a runtime, so that it may be
/// called from anywhere that may block.
fn block_on<F: Future>(future: F) -> F::Output {
    struct Unpark(Thread);
    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
    let mut context = Context::from_waker(&waker);
    let mut future = pin!(future);
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(output) => return output,
            Poll::Pending => std::thread::park(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn what_we_create_is_what_we_accept() {
        let kept = (400 * DAY_MS).to_string();
        let good = settings(&[
            ("cleanup.policy", "delete"),
            ("retention.ms", &kept),
            ("retention.bytes", "-1"),
            ("message.timestamp.type", "LogAppendTime"),
        ]);
        assert_eq!(differences("orszem.ledger", Keeps::Days(400), &good), []);
        let forever = settings(&[
            ("cleanup.policy", "delete"),
            ("retention.ms", "-1"),
            ("retention.bytes", "-1"),
            ("message.timestamp.type", "LogAppendTime"),
        ]);
        assert_eq!(differences("orszem.ledger", Keeps::Days(400), &forever), []);
    }

    #[test]
    fn all_differences_come_at_once_and_are_named() {
        let bad = settings(&[
            ("cleanup.policy", "compact,delete"),
            ("retention.ms", "604800000"),
            ("retention.bytes", "1000000"),
            ("message.timestamp.type", "CreateTime"),
        ]);
        let found = differences("orszem.ledger", Keeps::Days(400), &bad);
        let named: Vec<&str> = found.iter().map(|difference| difference.setting).collect();
        assert_eq!(named, ["cleanup.policy", "retention.ms", "retention.bytes", "message.timestamp.type"]);
        let text = TopicsError::Refused(found).to_string();
        assert!(text.contains("retention.ms is 604800000, must be at least 34560000000 (400 days), or -1"), "{text}");
    }

    #[test]
    fn a_state_that_is_deleted_by_time_is_refused() {
        let swept = settings(&[("cleanup.policy", "compact,delete"), ("message.timestamp.type", "LogAppendTime")]);
        assert_eq!(differences("orszem.state", Keeps::Newest, &swept).len(), 1);
        let good = settings(&[
            ("cleanup.policy", "compact"),
            // Means nothing to a compacted topic.
            ("retention.ms", "604800000"),
            ("message.timestamp.type", "LogAppendTime"),
        ]);
        assert_eq!(differences("orszem.state", Keeps::Newest, &good), []);
    }

    #[test]
    fn state_gets_the_partitions_of_the_tallies() {
        let kafka = Kafka { partitions: 4, ..Kafka::default() };
        let names = Names::new(&kafka);
        let count = |existing: &[(&str, i32)]| {
            let existing = existing.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect();
            let inputs = ["mentions".to_owned()];
            plans(&names, &inputs, &kafka, &existing).iter().map(|plan| plan.partitions).collect::<Vec<_>>()
        };
        assert_eq!(count(&[]), [4, 4, 4, 4, 4]);
        assert_eq!(count(&[("orszem.tallies", 12)]), [4, 12, 12, 4, 4]);
        assert_eq!(count(&[("orszem.state", 6)]), [4, 6, 6, 4, 4]);
    }
}
