//! The topics: their names, and what creates and describes them. What they must be like is in `topic_rules`.

use rdkafka::admin::{AdminClient, AdminOptions, NewTopic, ResourceSpecifier};
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::metadata::{Metadata, MetadataTopic};
use std::cell::Cell;
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::Thread;
use std::time::Duration;

use super::client::{self, CALL, ClientError, ClientEvents};
pub use super::topic_rules::Difference;
use super::topic_rules::{Plan, differences, input_warnings, plans, several_teams, too_few_replicas, uneven};
use orszem_core::settings::Kafka;
use orszem_core::stage::Topic;
use orszem_runtime::clock;
use orszem_runtime::lifecycle::Shutdown;
use orszem_runtime::reminder::Reminder;
use orszem_runtime::startup::Startup;

/// How long a wait between two tries to reach Kafka is.
const RETRY: Duration = Duration::from_secs(1);
/// The faults that are heard after each try: a few of each of several brokers.
const FAULTS: u32 = 64;
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
    /// `<prefix>.team`: who owns its one partition in the group of respond decides for all.
    pub team: String,
    /// `<prefix>.own`: what our accounts published.
    pub own: String,
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
            team: ours("team"),
            own: ours("own"),
            dead_letters: ours("dead-letters"),
        }
    }

    /// The name of a topic that stages write to.
    pub fn of(&self, topic: Topic) -> &str {
        match topic {
            Topic::Tallies => &self.tallies,
            Topic::State => &self.state,
            Topic::Ledger => &self.ledger,
            Topic::Team => &self.team,
            Topic::Own => &self.own,
            Topic::DeadLetters => &self.dead_letters,
        }
    }

    /// Whether it is a topic that stages write to.
    pub fn is_ours(&self, topic: &str) -> bool {
        let [_, ours @ ..] = self.all();
        ours.contains(&topic)
    }

    /// All of them, in the order of the flow.
    pub fn all(&self) -> [&str; 7] {
        let Names { mentions, tallies, state, ledger, team, own, dead_letters } = self;
        [mentions, tallies, state, ledger, team, own, dead_letters]
    }

    /// How many partitions a topic is made with: as many as configured, one of the team and of what is our own.
    pub(super) fn partitions(&self, topic: &str, kafka: &Kafka) -> i32 {
        if topic == self.team || topic == self.own { 1 } else { kafka.partitions }
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

/// Makes the topics that are missing, and refuses existing ones whose settings would lose data. Blocks; a broker that
/// is away is waited for until `shutdown`, and `startup` says which. Several copies may do it at once. `inputs` are the
/// topics that mentions are read from: made where they are missing, and otherwise left as they are.
pub fn ensure(kafka: &Kafka, inputs: &[String], shutdown: &Shutdown, startup: &Startup) -> Result<(), TopicsError> {
    let topics = Topics::new(kafka, shutdown, startup)?;
    let metadata = topics.metadata()?;
    let existing = counts(&metadata);
    let plans = plans(&topics.names, inputs, kafka, &existing);
    topics.refuse(&plans, &existing, &metadata)?;
    topics.warn(&plans, &existing)?;
    topics.create(plans.iter().filter(|plan| !existing.contains_key(plan.name)))?;
    topics.appear(&plans)
}

/// How many partitions a topic that is there has. Blocks; a broker that is away is waited for until `shutdown`, and
/// `startup` says which.
pub fn partitions(kafka: &Kafka, topic: &str, shutdown: &Shutdown, startup: &Startup) -> Result<i32, TopicsError> {
    let topics = Topics::new(kafka, shutdown, startup)?;
    loop {
        if let Some(partitions) = counts(&topics.metadata()?).get(topic) {
            return Ok(*partitions);
        }
        topics.pause(&format!("topic {topic} is not there yet"))?;
    }
}

/// Describes topics and makes them.
pub(super) struct Topics<'a> {
    admin: AdminClient<ClientEvents>,
    /// Asks what there is. A consumer, because it can be polled, and tells then why a broker cannot be reached:
    /// refused, a certificate, a password. An admin client keeps that to itself.
    look: BaseConsumer<ClientEvents>,
    kafka: &'a Kafka,
    names: Names,
    shutdown: &'a Shutdown,
    startup: &'a Startup,
    reminder: Cell<Reminder>,
}

impl<'a> Topics<'a> {
    pub(super) fn new(
        kafka: &'a Kafka,
        shutdown: &'a Shutdown,
        startup: &'a Startup,
    ) -> Result<Topics<'a>, TopicsError> {
        let events = || ClientEvents::new("admin");
        let admin = client::admin(kafka)?.create_with_context(events()).map_err(ClientError::from)?;
        let look = client::reader(kafka)?.create_with_context(events()).map_err(ClientError::from)?;
        Ok(Topics { admin, look, kafka, names: Names::new(kafka), shutdown, startup, reminder: Cell::default() })
    }

    /// Waits a moment before the next try. Says why: in the log at first and then every minute, and where others ask.
    fn pause(&self, why: &str) -> Result<(), TopicsError> {
        let brokers = &self.kafka.brokers;
        self.startup.topics_wait(format!("kafka at {brokers}: {why}; trying again"));
        let mut reminder = self.reminder.get();
        if reminder.is_due(clock::now()) {
            tracing::warn!(brokers, why, "cannot start yet, waiting for Kafka");
        }
        self.reminder.set(reminder);
        if self.shutdown.wait(RETRY) { Err(TopicsError::Stopped) } else { Ok(()) }
    }

    /// All topics of the cluster. All, because asking for one by name can create it.
    fn metadata(&self) -> Result<Metadata, TopicsError> {
        loop {
            match self.look.fetch_metadata(None, CALL) {
                Ok(metadata) => {
                    self.look.context().alive();
                    return Ok(metadata);
                }
                Err(fault) => {
                    // Nothing is consumed here: what comes are faults, one a call, and their ears hear them.
                    for _ in 0..FAULTS {
                        drop(self.look.poll(Duration::ZERO));
                    }
                    let reason = self.look.context().reason().unwrap_or_else(|| fault.to_string());
                    self.pause(&format!("no broker answers ({reason})"))?;
                }
            }
        }
    }

    fn refuse(
        &self,
        plans: &[Plan<'_>],
        existing: &BTreeMap<String, i32>,
        metadata: &Metadata,
    ) -> Result<(), TopicsError> {
        let mut found = Vec::new();
        for plan in plans.iter().filter(|plan| plan.ours && existing.contains_key(plan.name)) {
            found.extend(differences(plan, &self.settings(plan)?));
            found.extend(replicas(metadata, plan.name).and_then(|replicas| too_few_replicas(plan, replicas)));
        }
        found.extend(uneven(&self.names, existing));
        found.extend(several_teams(&self.names, existing));
        if found.is_empty() { Ok(()) } else { Err(TopicsError::Refused(found)) }
    }

    /// Warns of inputs whose settings cost mentions, as far as we may read them: the topics are not ours.
    fn warn(&self, plans: &[Plan<'_>], existing: &BTreeMap<String, i32>) -> Result<(), TopicsError> {
        for plan in plans.iter().filter(|plan| !plan.ours && existing.contains_key(plan.name)) {
            match self.settings(plan) {
                Ok(settings) => {
                    for warning in input_warnings(&settings) {
                        tracing::warn!(topic = plan.name, "input topic: {warning}");
                    }
                }
                Err(TopicsError::Denied { reason, .. }) => {
                    tracing::debug!(topic = plan.name, reason, "settings of the input topic cannot be read");
                }
                Err(fault) => return Err(fault),
            }
        }
        Ok(())
    }

    /// The settings of a topic that is there, by their names.
    pub(super) fn settings(&self, plan: &Plan<'_>) -> Result<BTreeMap<String, String>, TopicsError> {
        let denied = |reason: String| TopicsError::Denied {
            topic: plan.name.to_owned(),
            doing: "its settings cannot be read (the permission DescribeConfigs is needed)",
            reason,
        };
        let options = AdminOptions::new().request_timeout(Some(CALL));
        loop {
            let asked = [ResourceSpecifier::Topic(plan.name)];
            let answer = block_on(self.admin.describe_configs(&asked, &options));
            match answer.map(|mut answers| answers.pop()) {
                Ok(Some(Ok(resource))) => {
                    let entries = resource.entries.into_iter();
                    return Ok(entries.map(|entry| (entry.name, entry.value.unwrap_or_default())).collect());
                }
                Ok(Some(Err(code))) if !passing(code) => return Err(denied(code.to_string())),
                Err(KafkaError::AdminOp(code)) if !passing(code) => return Err(denied(code.to_string())),
                Err(KafkaError::AdminOpCreation(reason)) => return Err(denied(reason)),
                Ok(Some(Err(code))) | Err(KafkaError::AdminOp(code)) => {
                    self.pause(&format!("the settings of topic {} cannot be read yet ({code})", plan.name))?
                }
                _ => self.pause(&format!("the settings of topic {} cannot be read yet", plan.name))?,
            }
        }
    }

    fn create<'p>(&self, missing: impl Iterator<Item = &'p Plan<'p>>) -> Result<(), TopicsError> {
        for plan in missing {
            let settings = plan.settings();
            self.create_one(plan, &plan.new_topic(&settings))?;
        }
        Ok(())
    }

    /// Whether Kafka would make a topic that is missing: it checks the request and makes nothing.
    pub(super) fn would_create(&self, plan: &Plan<'_>) -> Result<(), KafkaError> {
        let settings = plan.settings();
        let topic = plan.new_topic(&settings);
        let options = AdminOptions::new().request_timeout(Some(CALL)).validate_only(true);
        match block_on(self.admin.create_topics([&topic], &options))?.pop() {
            Some(Err((_, code))) => Err(KafkaError::AdminOp(code)),
            Some(Ok(_)) | None => Ok(()),
        }
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
                Ok(Some(Err((_, code)))) | Err(KafkaError::AdminOp(code)) if passing(code) => {
                    continue_after(self, plan.name, Some(code))?
                }
                // The other brokers may be starting.
                Ok(Some(Err((_, code @ RDKafkaErrorCode::InvalidReplicationFactor)))) if tries < PATIENCE => {
                    tries += 1;
                    continue_after(self, plan.name, Some(code))?
                }
                Ok(Some(Err((_, code)))) | Err(KafkaError::AdminOp(code)) => Some(code.to_string()),
                Ok(None) => continue_after(self, plan.name, None)?,
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
            let existing = counts(&self.metadata()?);
            if plans.iter().all(|plan| existing.contains_key(plan.name)) {
                return Ok(());
            }
            if self.shutdown.wait(Duration::from_millis(100)) {
                return Err(TopicsError::Stopped);
            }
        }
    }
}

/// The topics that there are, with their number of partitions.
fn counts(metadata: &Metadata) -> BTreeMap<String, i32> {
    let present = metadata.topics().iter().filter(|topic| topic.error().is_none());
    let count =
        |topic: &MetadataTopic| (topic.name().to_owned(), i32::try_from(topic.partitions().len()).unwrap_or(i32::MAX));
    present.map(count).collect()
}

/// How many replicas the partition of a topic with the fewest has.
fn replicas(metadata: &Metadata, topic: &str) -> Option<i32> {
    let topic = metadata.topics().iter().find(|found| found.name() == topic)?;
    let replicas = topic.partitions().iter().map(|partition| partition.replicas().len()).min()?;
    Some(i32::try_from(replicas).unwrap_or(i32::MAX))
}

fn continue_after(
    topics: &Topics<'_>,
    topic: &str,
    code: Option<RDKafkaErrorCode>,
) -> Result<Option<String>, TopicsError> {
    let reason = code.map(|code| format!(" ({code})")).unwrap_or_default();
    topics.pause(&format!("topic {topic} cannot be created yet{reason}")).map(|()| None)
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
