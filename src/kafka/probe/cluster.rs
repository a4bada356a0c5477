//! What the cluster says of itself.

use rdkafka::consumer::{BaseConsumer, Consumer};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use super::super::client::{self, ClientError};
use super::listener::{Complaint, Listener};
use orszem_core::settings::Kafka;
use orszem_runtime::probe::Finding;

/// How long one of several tries takes.
pub(super) const TRY: Duration = Duration::from_secs(2);

/// A broker, at the address that it gives.
pub(super) struct Broker {
    pub(super) id: i32,
    pub(super) host: String,
    pub(super) port: u16,
}

/// A topic, as the cluster knows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Known {
    pub(super) partitions: i32,
    /// The fewest replicas of a partition.
    pub(super) replicas: usize,
    /// Partitions that no broker leads.
    pub(super) leaderless: usize,
    /// Partitions with a replica that is not in sync.
    pub(super) behind: usize,
}

/// The cluster.
pub(super) struct Cluster {
    id: Option<String>,
    pub(super) brokers: Vec<Broker>,
    pub(super) topics: BTreeMap<String, Known>,
}

/// Why no cluster answers.
pub(super) enum Unreached {
    /// The client cannot be made.
    Client(ClientError),
    /// No broker answered; what the client complained of.
    Silent(Option<Complaint>),
}

impl Cluster {
    /// Asks for brokers and topics, with the configured TLS and login. Blocks, at most about `limit`.
    ///
    /// # Errors
    /// Why no broker answers.
    pub(super) fn ask(kafka: &Kafka, limit: Duration) -> Result<Cluster, Finding> {
        Cluster::connect(kafka, limit).map_err(|unreached| match unreached {
            Unreached::Client(fault) => Finding::broken(
                "client",
                fault.to_string(),
                "check [kafka.options]: librdkafka's CONFIGURATION.md has them",
            ),
            Unreached::Silent(Some(Complaint { reason, fix, .. })) => Finding::broken("cluster", reason, fix),
            Unreached::Silent(None) => Finding::broken(
                "cluster",
                format!("no broker answered within {limit:?}"),
                "check that security.protocol in [kafka.options] is what this port speaks, and that the brokers are well",
            ),
        })
    }

    /// Like [`Cluster::ask`], with the complaint as it is.
    #[expect(clippy::disallowed_methods, reason = "the deadline of a wait for Kafka; no record sees it")]
    pub(super) fn connect(kafka: &Kafka, limit: Duration) -> Result<Cluster, Unreached> {
        let client = consumer(kafka).map_err(Unreached::Client)?;
        let deadline = Instant::now() + limit;
        loop {
            // All, because asking for one by name can create it.
            if let Ok(metadata) = client.fetch_metadata(None, TRY) {
                return Ok(Cluster::of(&metadata, client.client().fetch_cluster_id(TRY)));
            }
            while client.poll(Duration::ZERO).is_some() {}
            if Instant::now() > deadline || client.context().is_final() {
                break;
            }
        }
        Err(Unreached::Silent(client.context().complaint()))
    }

    fn of(metadata: &rdkafka::metadata::Metadata, id: Option<String>) -> Cluster {
        let brokers = metadata.brokers().iter().map(|broker| Broker {
            id: broker.id(),
            host: broker.host().to_owned(),
            port: u16::try_from(broker.port()).unwrap_or(0),
        });
        let present = metadata.topics().iter().filter(|topic| topic.error().is_none());
        let topics = present.map(|topic| {
            let partitions = topic.partitions();
            let known = Known {
                partitions: i32::try_from(partitions.len()).unwrap_or(i32::MAX),
                replicas: partitions.iter().map(|each| each.replicas().len()).min().unwrap_or(0),
                leaderless: partitions.iter().filter(|each| each.leader() < 0).count(),
                behind: partitions.iter().filter(|each| each.isr().len() < each.replicas().len()).count(),
            };
            (topic.name().to_owned(), known)
        });
        let mut brokers: Vec<Broker> = brokers.collect();
        brokers.sort_by_key(|broker| broker.id);
        Cluster { id, brokers, topics: topics.collect() }
    }

    /// The number of partitions of every topic.
    pub(super) fn counts(&self) -> BTreeMap<String, i32> {
        self.topics.iter().map(|(name, known)| (name.clone(), known.partitions)).collect()
    }

    /// How many partitions a topic has; nothing where there is no such topic.
    pub(super) fn partitions(&self, topic: &str) -> Option<i32> {
        self.topics.get(topic).map(|known| known.partitions)
    }

    /// That it answers, and how large it is.
    pub(super) fn finding(&self) -> Finding {
        let count = match self.brokers.len() {
            1 => "1 broker".to_owned(),
            more => format!("{more} brokers"),
        };
        let id = self.id.as_deref().map(|id| format!(" of cluster {id}")).unwrap_or_default();
        Finding::works("cluster", format!("{count}{id}; Kafka does not tell clients its version"))
    }
}

/// A client that reads without being a member of a group, and makes no topic by asking for it.
pub(super) fn consumer(kafka: &Kafka) -> Result<BaseConsumer<Listener>, ClientError> {
    let mut config = client::reader(kafka)?;
    config.set("allow.auto.create.topics", "false");
    // A connection that the broker ends at once tells of another protocol; clients that stay keep it to themselves.
    config.set("log.connection.close", "true");
    Ok(config.create_with_context(Listener::default())?)
}
