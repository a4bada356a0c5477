//! The settings of every client that talks to Kafka, and the listener for their errors.

use rdkafka::ClientContext;
use rdkafka::config::{ClientConfig, RDKafkaLogLevel};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::metrics::{self, ClientFault};
use orszem_core::settings::kafka_options::reserved;
use orszem_core::settings::secret::Secret;
use orszem_core::settings::secret::SecretError;
use orszem_core::settings::{Kafka, OptionValue};

/// The longest that one call to Kafka may block. Longer waits are made of several, so that a shutdown is heard.
pub(super) const CALL: Duration = Duration::from_secs(5);

/// The largest record that we write, in bytes. The state of a watch and a signal with its chart stay far below.
pub(super) const MESSAGE_BYTES: usize = 4 << 20;

/// Why a client could not be made. Never holds a value of an option.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The secret that an option names cannot be had.
    #[error("kafka option {name}: {source}")]
    Secret {
        /// The option.
        name: String,
        /// Why.
        source: SecretError,
    },
    /// librdkafka does not take an option: its name or its value is wrong.
    #[error("kafka option {name} is unknown to librdkafka or its value is not allowed")]
    Option {
        /// The option.
        name: String,
    },
    /// A call that has a time limit did not keep it.
    #[error("{0} did not return")]
    NotReturned(&'static str),
    /// The options do not go together, or the machine lacks something.
    #[error("kafka client: {0}")]
    Client(String),
}

impl From<KafkaError> for ClientError {
    fn from(fault: KafkaError) -> ClientError {
        match fault {
            // Its text repeats the value, which may be a password.
            KafkaError::ClientConfig(_, _, name, _) => ClientError::Option { name },
            other => ClientError::Client(other.to_string()),
        }
    }
}

/// What went wrong, once and in words: of `MessageSizeTooLarge (Broker: Message size too large)` the last four.
pub(super) fn cause(fault: &KafkaError) -> String {
    fault.rdkafka_error_code().map_or_else(|| fault.to_string(), cause_of)
}

/// [`cause`] of a code.
pub(super) fn cause_of(code: RDKafkaErrorCode) -> String {
    if code == RDKafkaErrorCode::MessageTimedOut {
        return "no answer in time".to_owned();
    }
    let text = code.to_string();
    let words = text.split_once('(').and_then(|(_, words)| words.strip_suffix(')'));
    let words = words.map_or(&*text, |words| words.split_once(": ").map_or(words, |(_, words)| words));
    words.to_owned()
}

/// What all clients have in common: brokers, then `defaults`, over them the user's options, over them `fixed`.
fn config(kafka: &Kafka, defaults: &[(&str, &str)], fixed: &[(&str, &str)]) -> Result<ClientConfig, ClientError> {
    let mut config = ClientConfig::new();
    config.set("client.id", "orszem").set("log.connection.close", "false");
    // A broker that comes back is found within a second, not within ten.
    config.set("reconnect.backoff.max.ms", "1000");
    for (name, value) in defaults {
        config.set(*name, *value);
    }
    for (name, setting) in kafka.options.iter().filter(|(name, _)| reserved(name).is_none()) {
        config.set(name, value(name, setting)?);
    }
    for (name, value) in fixed {
        config.set(*name, *value);
    }
    config.set("bootstrap.servers", &kafka.brokers).set_log_level(RDKafkaLogLevel::Warning);
    Ok(config)
}

fn value(name: &str, setting: &OptionValue) -> Result<String, ClientError> {
    match setting {
        OptionValue::Flag(flag) => Ok(flag.to_string()),
        OptionValue::Number(number) => Ok(number.to_string()),
        OptionValue::Text(text) if text.starts_with("env:") || text.starts_with("file:") => Secret::parse(text)
            .and_then(|secret| orszem_runtime::secret::reveal(&secret))
            .map_err(|source| ClientError::Secret { name: name.to_owned(), source }),
        OptionValue::Text(text) => Ok(text.clone()),
    }
}

/// A consumer that reads committed records only and reports the end of each partition.
fn consumer(kafka: &Kafka, group: &str, defaults: &[(&str, &str)]) -> Result<ClientConfig, ClientError> {
    let mut all = vec![
        // After a full queue the fetcher waits this long; the default second halves the throughput.
        ("fetch.queue.backoff.ms", "2"),
        ("queued.min.messages", "200000"),
        // 32 MB: the queue grows with the number of partitions where it is not bounded (librdkafka #5140).
        ("queued.max.messages.kbytes", "32768"),
        ("fetch.wait.max.ms", "50"),
        ("fetch.error.backoff.ms", "100"),
    ];
    all.extend_from_slice(defaults);
    let fixed = [
        ("group.id", group),
        ("enable.partition.eof", "true"),
        ("isolation.level", "read_committed"),
        ("enable.auto.commit", "false"),
        ("enable.auto.offset.store", "false"),
        ("auto.offset.reset", "earliest"),
    ];
    config(kafka, &all, &fixed)
}

/// The group of a stage.
pub(super) fn group(kafka: &Kafka, stage: &str) -> String {
    format!("{}-{stage}", kafka.prefix)
}

/// The consumer of a stage: a member of its [`group`]. `id` is the transactional id of its producer, which others find
/// by it in the group.
pub(super) fn member(
    kafka: &Kafka,
    stage: &str,
    instance: Option<&str>,
    id: &str,
) -> Result<ClientConfig, ClientError> {
    // Groups of KIP-848 are assigned by the broker and refuse these three.
    let classic = !matches!(kafka.options.get("group.protocol"), Some(OptionValue::Text(text)) if text == "consumer");
    let mut defaults = vec![
        ("client.id", id),
        // A partition that was added is read within seconds; librdkafka's default is five minutes.
        ("topic.metadata.refresh.interval.ms", "10000"),
    ];
    if classic {
        defaults.extend([
            ("session.timeout.ms", "10000"),
            // A member hears of a rebalance with its next heartbeat.
            ("heartbeat.interval.ms", "1000"),
            // Eager on purpose. A cooperative rebalance has two rounds; between them, what moves is assigned to nobody.
            // Members with an instance name that die just then get back what they had in the first round, without a
            // second, and what was moving is read by nobody for ever.
            ("partition.assignment.strategy", "range"),
        ]);
    }
    let mut config = consumer(kafka, &group(kafka, stage), &defaults)?;
    // Not "earliest": a place that is not there any more is a fault that is looked into.
    config.set("auto.offset.reset", "error");
    // Lag and the state of the brokers come with the statistics.
    config.set("statistics.interval.ms", "5000");
    // With KIP-848 a broker lets nobody have the name of a copy that died before its session is over (45 s).
    if let Some(instance) = instance.filter(|_| classic) {
        config.set("group.instance.id", format!("{stage}-{instance}"));
    }
    Ok(config)
}

/// A consumer that is no member of a group: it reads what it is told to. It needs a group's name all the same.
pub(super) fn reader(kafka: &Kafka) -> Result<ClientConfig, ClientError> {
    consumer(kafka, &format!("{}-reader", kafka.prefix), &[("queued.max.messages.kbytes", "16384")])
}

/// A [`reader`] that a stage works from: a place that is not there any more is a fault that is looked into.
pub(super) fn source(kafka: &Kafka) -> Result<ClientConfig, ClientError> {
    // Lag, the state of the brokers and partitions that are added come with the statistics.
    let defaults = [("topic.metadata.refresh.interval.ms", "10000"), ("statistics.interval.ms", "5000")];
    let mut config = consumer(kafka, &format!("{}-reader", kafka.prefix), &defaults)?;
    config.set("auto.offset.reset", "error");
    Ok(config)
}

/// Settings that all producers share.
const PRODUCER: &[(&str, &str)] = &[
    ("compression.type", "lz4"),
    // After CONCURRENT_TRANSACTIONS the next transaction waits this long: 115 → 50 ms a transaction on three brokers.
    ("retry.backoff.ms", "5"),
    ("message.max.bytes", "4194304"),
];

/// What no producer may differ in: the key's hash is the one of Kafka's own clients, so that a watch has one partition
/// the one who writes it.
const PRODUCER_FIXED: &[(&str, &str)] =
    &[("acks", "all"), ("enable.idempotence", "true"), ("partitioner", "murmur2_random")];

/// The transactional producer of a stage.
pub(super) fn transactional(kafka: &Kafka, id: &str) -> Result<ClientConfig, ClientError> {
    let mut fixed = PRODUCER_FIXED.to_vec();
    fixed.push(("transactional.id", id));
    // It also answers how far a partition is written, transactions that are still open included.
    fixed.push(("isolation.level", "read_uncommitted"));
    let mut defaults = PRODUCER.to_vec();
    defaults.extend([("linger.ms", "1"), ("transaction.timeout.ms", "10000"), ("batch.size", "1000000")]);
    config(kafka, &defaults, &fixed)
}

/// A producer of single records that somebody waits for.
pub(super) fn prompt(kafka: &Kafka) -> Result<ClientConfig, ClientError> {
    let mut defaults = PRODUCER.to_vec();
    defaults.extend([("linger.ms", "0"), ("message.timeout.ms", "10000")]);
    config(kafka, &defaults, PRODUCER_FIXED)
}

/// A producer of many records.
pub(super) fn bulk(kafka: &Kafka) -> Result<ClientConfig, ClientError> {
    let mut defaults = PRODUCER.to_vec();
    defaults.extend([
        ("linger.ms", "20"),
        ("batch.size", "1000000"),
        // 128 MB at most wait in memory; `write` waits for room.
        ("queue.buffering.max.messages", "500000"),
        ("queue.buffering.max.kbytes", "131072"),
        ("message.timeout.ms", "120000"),
    ]);
    config(kafka, &defaults, PRODUCER_FIXED)
}

/// The client that looks at topics and makes them.
pub(super) fn admin(kafka: &Kafka) -> Result<ClientConfig, ClientError> {
    config(kafka, &[], &[])
}

/// Hears the faults of a client: counts them, and logs once when Kafka goes away and once when it is back.
#[derive(Debug)]
pub(super) struct ClientEvents {
    name: String,
    heard: Mutex<Heard>,
}

#[derive(Debug, Default)]
struct Heard {
    away: bool,
    told: BTreeSet<i32>,
    /// What the client said last; nothing while all is well.
    reason: Option<String>,
}

impl ClientEvents {
    /// The listener of the client `name`: a stage, or what else the client is for.
    pub(super) fn new(name: &str) -> ClientEvents {
        ClientEvents { name: name.to_owned(), heard: Mutex::default() }
    }

    /// Something came from Kafka: if it was away, it is back.
    pub(super) fn alive(&self) {
        let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        if std::mem::take(&mut heard.away) {
            tracing::info!(client = self.name, "Kafka is reachable again");
        }
        heard.told.clear();
        heard.reason = None;
    }

    /// Why no broker can be reached, as far as one said it.
    pub(super) fn reason(&self) -> Option<String> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner).reason.clone()
    }

    /// Whether no broker could be reached when last heard of.
    pub(super) fn away(&self) -> bool {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner).away
    }

    /// Takes note of a fault: each kind is logged once until something works again.
    pub(super) fn fault(&self, code: RDKafkaErrorCode, reason: &str) {
        let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        // That all are down says nothing that each of them did not say better.
        if code != RDKafkaErrorCode::AllBrokersDown {
            heard.reason = Some(reason.to_owned());
        }
        let fault = match code {
            RDKafkaErrorCode::AllBrokersDown if std::mem::replace(&mut heard.away, true) => ClientFault::StillDown,
            RDKafkaErrorCode::AllBrokersDown => ClientFault::AllBrokersDown,
            RDKafkaErrorCode::BrokerTransportFailure => ClientFault::BrokerDown(reason),
            code if heard.told.insert(code as i32) => ClientFault::Other(code, reason),
            code => ClientFault::Repeated(code, reason),
        };
        metrics::client_fault(&self.name, fault);
    }
}

impl ClientContext for ClientEvents {
    fn log(&self, _: RDKafkaLogLevel, facility: &str, message: &str) {
        // What matters comes as an error as well; the rest is repeated with every try to connect.
        tracing::debug!(client = self.name, facility, "{message}");
    }

    fn error(&self, fault: KafkaError, reason: &str) {
        match fault.rdkafka_error_code() {
            // rdkafka reports the end of a partition here as well as from `poll`.
            None | Some(RDKafkaErrorCode::PartitionEOF) => {}
            Some(code) => self.fault(code, reason),
        }
    }
}

impl rdkafka::consumer::ConsumerContext for ClientEvents {}

#[cfg(test)]
mod tests {
    use super::*;

    fn kafka(options: &[(&str, OptionValue)]) -> Kafka {
        Kafka {
            options: options.iter().map(|(name, setting)| ((*name).to_owned(), setting.clone())).collect(),
            ..Kafka::default()
        }
    }

    fn text(value: &str) -> OptionValue {
        OptionValue::Text(value.into())
    }

    #[test]
    fn options_pass_through_but_not_what_exactly_once_rests_on() {
        let kafka = kafka(&[
            ("isolation.level", text("read_uncommitted")),
            ("enable.auto.commit", OptionValue::Flag(true)),
            ("acks", OptionValue::Number(1)),
            ("session.timeout.ms", OptionValue::Number(45_000)),
            ("linger.ms", OptionValue::Number(7)),
        ]);
        let member = member(&kafka, "score", Some("a"), "orszem-score-a").unwrap();
        assert_eq!(member.get("isolation.level"), Some("read_committed"));
        assert_eq!(member.get("enable.auto.commit"), Some("false"));
        assert_eq!(member.get("session.timeout.ms"), Some("45000"));
        assert_eq!(member.get("group.id"), Some("orszem-score"));
        assert_eq!(member.get("group.instance.id"), Some("score-a"));
        let producer = transactional(&kafka, "orszem-score-a").unwrap();
        assert_eq!(producer.get("acks"), Some("all"));
        assert_eq!(producer.get("linger.ms"), Some("7"));
        assert_eq!(producer.get("partitioner"), Some("murmur2_random"));
    }

    #[test]
    fn groups_of_kip_848_get_nothing_they_refuse() {
        let kafka = kafka(&[("group.protocol", text("consumer"))]);
        let member = member(&kafka, "detect", Some("a"), "orszem-detect-a").unwrap();
        for refused in ["session.timeout.ms", "heartbeat.interval.ms", "partition.assignment.strategy"] {
            assert_eq!(member.get(refused), None, "{refused}");
        }
        assert_eq!(member.get("group.instance.id"), None, "its dead self would keep the name for 45 s");
        assert!(member.create::<rdkafka::consumer::BaseConsumer>().is_ok(), "librdkafka takes the combination");
    }

    #[test]
    fn secrets_are_fetched_and_never_shown() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "hunter2\n").unwrap();
        let place = format!("file:{}", file.path().display());
        let good = kafka(&[("sasl.password", text(&place))]);
        assert_eq!(prompt(&good).unwrap().get("sasl.password"), Some("hunter2"));

        let missing = kafka(&[("sasl.password", text("env:ORSZEM_NO_SUCH"))]);
        let fault = prompt(&missing).unwrap_err().to_string();
        assert!(fault.contains("sasl.password") && fault.contains("ORSZEM_NO_SUCH"), "{fault}");
    }

    #[test]
    fn a_wrong_value_is_not_repeated() {
        let kafka = kafka(&[("security.protocol", text("hunter2"))]);
        let made = prompt(&kafka).unwrap().create::<rdkafka::producer::BaseProducer>();
        let fault = ClientError::from(made.err().unwrap()).to_string();
        assert!(fault.contains("security.protocol") && !fault.contains("hunter2"), "{fault}");
    }

    #[test]
    fn a_cause_is_told_once() {
        let of = |code| cause(&KafkaError::MetadataFetch(code));
        assert_eq!(of(RDKafkaErrorCode::UnknownTopicOrPartition), "Unknown topic or partition");
        assert_eq!(of(RDKafkaErrorCode::BrokerTransportFailure), "Broker transport failure");
        assert_eq!(of(RDKafkaErrorCode::MessageTimedOut), "no answer in time");
    }

    #[test]
    fn kafka_is_away_until_something_comes() {
        let events = ClientEvents::new("test-away");
        assert!(!events.away());
        events.fault(RDKafkaErrorCode::BrokerTransportFailure, "one of several");
        assert!(!events.away());
        events.fault(RDKafkaErrorCode::AllBrokersDown, "1/1 brokers are down");
        assert!(events.away());
        events.alive();
        assert!(!events.away());
        assert_eq!(metrics::client_faults("test-away"), 2);
    }
}
