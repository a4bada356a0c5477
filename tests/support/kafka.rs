//! A real Kafka: one node in KRaft mode, broker and controller in one.

use rdkafka::admin::{AdminClient, AdminOptions, NewPartitions, NewTopic, TopicReplication};
use rdkafka::client::DefaultClientContext;
use rdkafka::config::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::KafkaError;
use rdkafka::message::{Header, Headers, Message, OwnedHeaders};
use rdkafka::producer::{BaseProducer, BaseRecord, Producer};
use rdkafka::types::RDKafkaErrorCode;
use rdkafka::{Offset, TopicPartitionList};
use rustix::process::Signal;
use std::collections::BTreeMap;
use std::future::Future;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::process::Stdio;
use std::sync::{Arc, LazyLock};
use std::time::Duration;
use tempfile::TempDir;

use super::children::{self, Child};
use super::ports::Port;
use super::{certificates, place, scratch, wait};

/// How long one request to the broker may take.
const REQUEST: Duration = Duration::from_secs(10);

/// A broker with a scratch folder and ports of its own, which it keeps when it is stopped and started again.
#[derive(Debug)]
pub struct Kafka {
    // Before the folder, so that the broker is gone when its folder is removed.
    child: Option<Child>,
    port: Port,
    _controller: Port,
    secured: Option<Port>,
    folder: TempDir,
}

/// The user that may log in at [`Kafka::secured`].
pub const USER: &str = "orszem";
/// That user's password.
pub const PASSWORD: &str = "out-of-the-sight-of-all-logs";

/// A record as it lies in a topic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// Its partition.
    pub partition: i32,
    /// Its place there.
    pub offset: i64,
    /// Its time in milliseconds since the epoch; 0 without one.
    pub timestamp: i64,
    /// Its key, empty without one.
    pub key: Vec<u8>,
    /// Its value; `None` is a tombstone.
    pub value: Option<Vec<u8>>,
    /// Its headers.
    pub headers: Vec<(String, Vec<u8>)>,
}

impl Stored {
    /// Its value as text, empty for a tombstone.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(self.value.as_deref().unwrap_or_default()).into_owned()
    }
}

/// The broker that the tests of this binary share, for all that do not stop it: topics of one's own keep them apart.
pub fn shared() -> &'static Kafka {
    static SHARED: LazyLock<Kafka> = LazyLock::new(Kafka::start);
    &SHARED
}

impl Kafka {
    /// Starts one and waits until it answers.
    pub fn start() -> Kafka {
        Kafka::start_with(&[])
    }

    /// Starts one with further settings, which win over those of every test node.
    pub fn start_with(settings: &[(&str, &str)]) -> Kafka {
        Kafka::start_at(settings, None)
    }

    /// Starts one that is reached by TLS and password as well: at [`Kafka::secured`], as [`USER`].
    pub fn start_secured() -> Kafka {
        Kafka::start_at(&[], Some(Port::take()))
    }

    /// As [`Kafka::start_secured`], and [`USER`] may do nothing at all. Who comes without a password may do everything.
    pub fn start_guarded() -> Kafka {
        let authorizer = "org.apache.kafka.metadata.authorizer.StandardAuthorizer";
        Kafka::start_at(&[("authorizer.class.name", authorizer), ("super.users", "User:ANONYMOUS")], Some(Port::take()))
    }

    fn start_at(settings: &[(&str, &str)], secured: Option<Port>) -> Kafka {
        let mut kafka = Kafka::prepare_at(settings, (Port::take(), Port::take()), secured);
        kafka.restart();
        kafka
    }

    /// A broker with these ports that is not started: with settings that let it find others, one of several.
    pub fn prepare(settings: &[(&str, &str)], port: Port, controller: Port) -> Kafka {
        Kafka::prepare_at(settings, (port, controller), None)
    }

    fn prepare_at(settings: &[(&str, &str)], (port, controller): (Port, Port), secured: Option<Port>) -> Kafka {
        let folder = scratch::folder("kafka");
        let mut properties = properties(&port, &controller, &folder.path().join("log"), settings);
        if let Some(secured) = &secured {
            // Of a setting that is there twice, the last counts.
            properties += &security(folder.path(), &port, &controller, secured);
        }
        std::fs::write(folder.path().join("node.properties"), properties).unwrap();
        let kafka = Kafka { child: None, port, _controller: controller, secured, folder };
        kafka.format();
        kafka
    }

    /// `host:port` for clients.
    pub fn brokers(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// `host:port` for clients that speak SASL_SSL with the mechanism PLAIN.
    ///
    /// # Panics
    /// When it was not started by [`Kafka::start_secured`].
    pub fn secured(&self) -> String {
        format!("127.0.0.1:{}", self.secured.as_ref().unwrap())
    }

    /// The certificate of the authority that signed the one of [`Kafka::secured`].
    pub fn ca_file(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    /// How a group is known to clients that ask in the old way, as (state, protocol): a group of KIP-848 is none to
    /// them.
    pub fn classic_group(&self, name: &str) -> (String, String) {
        let client: BaseConsumer = self.client().create().unwrap();
        let found = client.fetch_group_list(Some(name), REQUEST).unwrap();
        found
            .groups()
            .iter()
            .map(|group| (group.state().to_owned(), group.protocol().to_owned()))
            .next()
            .unwrap_or_default()
    }

    /// Stops the broker in good order.
    pub fn stop(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.signal(Signal::TERM);
            child.wait(wait::LONG);
        }
    }

    /// Kills the broker, as a power cut would.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill();
        }
    }

    /// Halts the broker where it stands: connections stay open, nothing answers.
    pub fn freeze(&mut self) {
        self.child.as_mut().unwrap().signal(Signal::STOP);
    }

    /// Lets it go on after [`Kafka::freeze`].
    pub fn thaw(&mut self) {
        self.child.as_mut().unwrap().signal(Signal::CONT);
    }

    /// Starts the broker after [`Kafka::stop`] or [`Kafka::kill`], with what it had stored, and waits until it answers.
    pub fn restart(&mut self) {
        self.launch();
        self.wait_ready();
    }

    /// Starts the broker and does not wait for it.
    pub fn launch(&mut self) {
        assert!(self.child.is_none(), "the broker is running");
        let mut command = self.java();
        command.args(["-Xmx512m", "-Dlog4j2.level=WARN", "kafka.Kafka", "node.properties"]);
        self.child = Some(Child::start("kafka", command, &self.folder.path().join("kafka.log")));
    }

    /// Waits until it answers.
    pub fn wait_ready(&mut self) {
        let mut child = self.child.take().unwrap();
        // A client for each try: one that met a closed port waits longer and longer before it tries again.
        child.wait_ready(|| {
            let client: BaseConsumer = self.client().create().unwrap();
            let metadata = client.fetch_metadata(None, Duration::from_secs(1)).ok()?;
            (!metadata.brokers().is_empty()).then_some(())
        });
        self.child = Some(child);
    }

    fn format(&self) {
        let mut command = self.java();
        command.args(["kafka.tools.StorageTool", "format", "-t", "b3JzemVtLXRlc3QtcmlnIQ", "-c", "node.properties"]);
        let output = command.stdin(Stdio::null()).output().unwrap();
        assert!(
            output.status.success(),
            "kafka.tools.StorageTool failed: {}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
    }

    fn java(&self) -> std::process::Command {
        let mut command = children::command(place("JAVA"));
        command.current_dir(self.folder.path()).arg("-cp").arg(place("KAFKA_LIBS").join("*"));
        command
    }

    /// What every client of this broker is made with.
    pub fn client(&self) -> ClientConfig {
        let mut config = ClientConfig::new();
        config.set("bootstrap.servers", self.brokers());
        config
    }

    /// Makes a topic.
    pub fn create_topic(&self, name: &str, partitions: i32, settings: &[(&str, &str)]) {
        let admin: AdminClient<DefaultClientContext> = self.client().create().unwrap();
        let mut topic = NewTopic::new(name, partitions, TopicReplication::Fixed(1));
        for (key, value) in settings {
            topic = topic.set(key, value);
        }
        let options = AdminOptions::new().operation_timeout(Some(REQUEST));
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        for made in runtime.block_on(admin.create_topics([&topic], &options)).unwrap() {
            made.unwrap();
        }
        // Made is not yet known: the metadata of the broker follows the controller's.
        let client: BaseConsumer = self.client().create().unwrap();
        wait::holds("the new topic has its leaders", wait::LONG, || {
            client.fetch_metadata(Some(name), REQUEST).is_ok_and(|metadata| {
                let made = metadata.topics()[0].partitions();
                i32::try_from(made.len()) == Ok(partitions) && made.iter().all(|each| each.leader() >= 0)
            })
        });
    }

    /// Deletes a topic, and waits until nobody knows it any more.
    pub fn delete_topic(&self, name: &str) {
        let deleted = self.ask(|admin, options| {
            let (name, admin, options) = (name.to_owned(), admin, options);
            Box::pin(async move { admin.delete_topics(&[&name], &options).await.map(|deleted| format!("{deleted:?}")) })
        });
        assert!(deleted.contains("Ok("), "{deleted}");
        wait::holds("the topic is gone", wait::LONG, || !self.topics().iter().any(|topic| topic == name));
    }

    /// Adds partitions to a topic until it has this number.
    pub fn add_partitions(&self, name: &str, partitions: usize) {
        let added = self.ask(|admin, options| {
            let name = name.to_owned();
            Box::pin(async move {
                let wanted = NewPartitions::new(&name, partitions);
                admin.create_partitions([&wanted], &options).await.map(|added| format!("{added:?}"))
            })
        });
        assert!(added.contains("Ok("), "{added}");
        wait::holds("the partitions are there", wait::LONG, || {
            usize::try_from(self.partitions(name)) == Ok(partitions)
        });
    }

    /// Deletes the records of a partition before an offset, as retention does.
    pub fn delete_records(&self, topic: &str, partition: i32, before: i64) {
        let mut places = TopicPartitionList::new();
        places.add_partition_offset(topic, partition, Offset::Offset(before)).unwrap();
        self.ask(|admin, options| {
            Box::pin(async move { admin.delete_records(&places, &options).await.map(|deleted| format!("{deleted:?}")) })
        });
    }

    /// Deletes what a group has committed, as a broker does when the group was away for too long.
    pub fn delete_group(&self, group: &str) {
        // A member that has just left may still be counted.
        wait::holds("the group is deleted", wait::LONG, || {
            let deleted = self.ask(|admin, options| {
                let group = group.to_owned();
                Box::pin(
                    async move { admin.delete_groups(&[&group], &options).await.map(|deleted| format!("{deleted:?}")) },
                )
            });
            deleted.contains("Ok(")
        });
    }

    fn ask(
        &self,
        request: impl FnOnce(
            Arc<AdminClient<DefaultClientContext>>,
            AdminOptions,
        ) -> Pin<Box<dyn Future<Output = Result<String, KafkaError>>>>,
    ) -> String {
        let admin = Arc::new(self.client().create().unwrap());
        let options = AdminOptions::new().operation_timeout(Some(REQUEST)).request_timeout(Some(REQUEST));
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(request(admin, options)).unwrap()
    }

    /// The names of all topics but Kafka's own, in order.
    pub fn topics(&self) -> Vec<String> {
        let client: BaseConsumer = self.client().create().unwrap();
        let metadata = client.fetch_metadata(None, REQUEST).unwrap();
        let names = metadata.topics().iter().map(|topic| topic.name().to_owned());
        let mut names: Vec<String> = names.filter(|name| !name.starts_with("__")).collect();
        names.sort();
        names
    }

    /// Writes values without keys, one partition after the other, and waits until the broker has them all.
    pub fn produce<V: AsRef<[u8]>>(&self, topic: &str, values: impl IntoIterator<Item = V>) {
        let partitions = self.partitions(topic);
        let spread = (0..partitions).cycle();
        self.send(topic, spread.zip(values).map(|(partition, value)| (Some(partition), None, value, None)));
    }

    /// As [`Kafka::produce`], in one transaction: who reads sees all of them or none.
    pub fn produce_whole(&self, topic: &str, values: impl IntoIterator<Item = String>) {
        let id = format!("{topic}-whole");
        let producer: BaseProducer = self.client().set("transactional.id", id).set("linger.ms", "5").create().unwrap();
        producer.init_transactions(wait::LONG).unwrap();
        producer.begin_transaction().unwrap();
        for (partition, value) in (0..self.partitions(topic)).cycle().zip(values) {
            let record = BaseRecord::<str, str>::to(topic).payload(&value).partition(partition);
            producer.send(record).map_err(|(fault, _)| fault).unwrap();
            producer.poll(Duration::ZERO);
        }
        producer.commit_transaction(wait::LONG).unwrap();
    }

    /// As [`Kafka::produce`], each value with headers.
    pub fn produce_headed(&self, topic: &str, records: impl IntoIterator<Item = (Vec<(String, String)>, String)>) {
        let partitions = self.partitions(topic);
        let spread = (0..partitions).cycle();
        self.send(
            topic,
            spread.zip(records).map(|(partition, (headers, value))| {
                let headers = headers
                    .iter()
                    .fold(OwnedHeaders::new(), |all, (key, value)| all.insert(Header { key, value: Some(value) }));
                (Some(partition), None, value, Some(headers))
            }),
        );
    }

    /// Writes values without keys to one partition, and waits until the broker has them all.
    pub fn produce_to<V: AsRef<[u8]>>(&self, topic: &str, partition: i32, values: impl IntoIterator<Item = V>) {
        self.send(topic, values.into_iter().map(|value| (Some(partition), None, value, None)));
    }

    /// Writes values without keys to one partition, with a time of the producer's, ms since 1970.
    pub fn produce_at<V: AsRef<[u8]>>(&self, topic: &str, time: i64, values: impl IntoIterator<Item = V>) {
        let producer: BaseProducer = self.client().set("linger.ms", "5").create().unwrap();
        for value in values {
            let record = BaseRecord::<str, [u8]>::to(topic).payload(value.as_ref()).partition(0).timestamp(time);
            producer.send(record).map_err(|(fault, _)| fault).unwrap();
        }
        producer.flush(wait::LONG).unwrap();
    }

    /// Writes records as they were read elsewhere: partition, key and value of each stay.
    pub fn restore(&self, topic: &str, records: &[Stored]) {
        let producer: BaseProducer = self.client().set("linger.ms", "5").create().unwrap();
        for Stored { partition, key, value, .. } in records {
            let mut record = BaseRecord::<[u8], [u8]>::to(topic).key(key).partition(*partition);
            if let Some(value) = value {
                record = record.payload(value);
            }
            producer.send(record).map_err(|(fault, _)| fault).unwrap();
            producer.poll(Duration::ZERO);
        }
        producer.flush(wait::LONG).unwrap();
    }

    /// Writes keys and values, to the partition the key's hash says, and waits until the broker has them all.
    pub fn produce_keyed<V: AsRef<[u8]>>(&self, topic: &str, records: impl IntoIterator<Item = (String, V)>) {
        self.send(topic, records.into_iter().map(|(key, value)| (None, Some(key), value, None)));
    }

    fn send<V: AsRef<[u8]>>(
        &self,
        topic: &str,
        records: impl IntoIterator<Item = (Option<i32>, Option<String>, V, Option<OwnedHeaders>)>,
    ) {
        let producer: BaseProducer =
            self.client().set("enable.idempotence", "true").set("linger.ms", "5").create().unwrap();
        for (partition, key, value, headers) in records {
            let mut record = BaseRecord::<str, [u8]>::to(topic).payload(value.as_ref());
            if let Some(headers) = headers {
                record = record.headers(headers);
            }
            if let Some(partition) = partition {
                record = record.partition(partition);
            }
            if let Some(key) = &key {
                record = record.key(key);
            }
            while let Err((fault, again)) = producer.send(record) {
                assert_eq!(fault, KafkaError::MessageProduction(RDKafkaErrorCode::QueueFull), "record refused");
                producer.poll(Duration::from_millis(10));
                record = again;
            }
            producer.poll(Duration::ZERO);
        }
        producer.flush(wait::LONG).unwrap();
        assert_eq!(producer.in_flight_count(), 0, "records are not with the broker");
    }

    /// The number of partitions of a topic.
    pub fn partitions(&self, topic: &str) -> i32 {
        let client: BaseConsumer = self.client().create().unwrap();
        let metadata = client.fetch_metadata(Some(topic), REQUEST).unwrap();
        i32::try_from(metadata.topics()[0].partitions().len()).unwrap()
    }

    /// All committed records of a topic as it is now: partition after partition, each in its order.
    pub fn read(&self, topic: &str) -> Vec<Stored> {
        self.read_after(topic, &BTreeMap::new())
    }

    /// As [`Kafka::read`], of each partition from this offset on.
    pub fn read_after(&self, topic: &str, starts: &BTreeMap<i32, i64>) -> Vec<Stored> {
        let consumer: BaseConsumer = self
            .client()
            .set("group.id", "orszem-test-reader")
            .set("isolation.level", "read_committed")
            .set("enable.auto.commit", "false")
            .set("enable.partition.eof", "true")
            .set("fetch.queue.backoff.ms", "2")
            .create()
            .unwrap();
        let mut open = TopicPartitionList::new();
        for partition in 0..self.partitions(topic) {
            let start = starts.get(&partition).map_or(Offset::Beginning, |start| Offset::Offset(*start));
            open.add_partition_offset(topic, partition, start).unwrap();
        }
        consumer.assign(&open).unwrap();
        let mut left: std::collections::BTreeSet<i32> = (0..self.partitions(topic)).collect();
        let mut records = Vec::new();
        while !left.is_empty() {
            match consumer.poll(wait::LONG) {
                Some(Ok(message)) => records.push(stored(&message)),
                Some(Err(KafkaError::PartitionEOF(partition))) => {
                    left.remove(&partition);
                }
                Some(Err(fault)) => panic!("reading {topic}: {fault}"),
                None => panic!("reading {topic}: nothing came for {:?}", wait::LONG),
            }
        }
        records.sort_by_key(|record| (record.partition, record.offset));
        records
    }

    /// The offset after the last record of each partition, markers and open transactions included.
    pub fn end_offsets(&self, topic: &str) -> BTreeMap<i32, i64> {
        self.ends(topic, "read_uncommitted")
    }

    /// The end of each partition. What the client answers depends on how it reads: with `read_committed` it is where
    /// the first open transaction begins.
    fn ends(&self, topic: &str, isolation: &str) -> BTreeMap<i32, i64> {
        let client: BaseConsumer = self.client().set("isolation.level", isolation).create().unwrap();
        let end = |partition| client.fetch_watermarks(topic, partition, REQUEST).unwrap().1;
        (0..self.partitions(topic)).map(|partition| (partition, end(partition))).collect()
    }

    /// The ends of a topic, unless a transaction is open in it: a reader does not come past its first record, however
    /// much others have committed behind it.
    pub fn closed_ends(&self, topic: &str) -> Option<BTreeMap<i32, i64>> {
        let readable = self.ends(topic, "read_committed");
        (readable == self.end_offsets(topic)).then_some(readable)
    }

    /// How many bytes the broker keeps of a topic, packed as it was sent.
    pub fn bytes(&self, topic: &str) -> u64 {
        let folders = (0..self.partitions(topic)).map(|n| self.folder.path().join("log").join(format!("{topic}-{n}")));
        let files = folders.flat_map(|folder| std::fs::read_dir(folder).unwrap()).map(|file| file.unwrap());
        let logs = files.filter(|file| file.path().extension().is_some_and(|end| end == "log"));
        logs.map(|file| file.metadata().unwrap().len()).sum()
    }

    /// What a consumer group has committed of a topic; partitions without a commit are left out.
    pub fn committed(&self, group: &str, topic: &str) -> BTreeMap<i32, i64> {
        let found = self.committed_places(group, topic);
        let elements = found.elements();
        let committed = elements.iter().filter_map(|each| Some((each.partition(), each.offset().to_raw()?)));
        committed.filter(|(_, offset)| *offset >= 0).collect()
    }

    /// What a group has written beside each offset that it committed, by partition.
    pub fn committed_notes(&self, group: &str, topic: &str) -> BTreeMap<i32, String> {
        let found = self.committed_places(group, topic);
        found.elements().iter().map(|each| (each.partition(), each.metadata().to_owned())).collect()
    }

    fn committed_places(&self, group: &str, topic: &str) -> TopicPartitionList {
        let client: BaseConsumer = self.client().set("group.id", group).create().unwrap();
        let mut asked = TopicPartitionList::new();
        for partition in 0..self.partitions(topic) {
            asked.add_partition(topic, partition);
        }
        // The coordinator of a group whose member just died may let one request wait.
        let ask = || client.committed_offsets(asked.clone(), REQUEST).ok();
        wait::until("the offsets of a group", wait::LONG, ask)
    }

    /// Whether a consumer group has committed everything that a topic holds. A transaction's own marker after the last
    /// record counts as read.
    pub fn is_read(&self, group: &str, topic: &str) -> bool {
        let committed = self.committed(group, topic);
        let Some(ends) = self.closed_ends(topic) else { return false };
        ends.iter().all(|(partition, end)| {
            let position = committed.get(partition).copied().unwrap_or(0);
            position >= *end || !self.has_records_from(topic, *partition, position)
        })
    }

    fn has_records_from(&self, topic: &str, partition: i32, offset: i64) -> bool {
        let consumer: BaseConsumer = self
            .client()
            .set("group.id", "orszem-test-reader")
            .set("isolation.level", "read_committed")
            .set("enable.partition.eof", "true")
            .set("auto.offset.reset", "earliest")
            .create()
            .unwrap();
        let mut open = TopicPartitionList::new();
        open.add_partition_offset(topic, partition, Offset::Offset(offset)).unwrap();
        consumer.assign(&open).unwrap();
        match consumer.poll(wait::LONG) {
            Some(Ok(_)) => true,
            Some(Err(KafkaError::PartitionEOF(_))) => false,
            other => panic!("reading {topic}: {:?}", other.map(|result| result.map(|message| message.offset()))),
        }
    }
}

fn stored(message: &rdkafka::message::BorrowedMessage<'_>) -> Stored {
    let headers = message.headers().map(|headers| {
        headers.iter().map(|header| (header.key.to_owned(), header.value.unwrap_or_default().to_vec())).collect()
    });
    Stored {
        partition: message.partition(),
        offset: message.offset(),
        timestamp: message.timestamp().to_millis().unwrap_or(0),
        key: message.key().unwrap_or_default().to_vec(),
        value: message.payload().map(<[u8]>::to_vec),
        headers: headers.unwrap_or_default(),
    }
}

/// The listener with TLS and password, and the certificate for it.
fn security(folder: &Path, port: &Port, controller: &Port, secured: &Port) -> String {
    certificates::make(folder);
    let pem = ["key.pem", "cert.pem"].map(|part| std::fs::read_to_string(folder.join(part)).unwrap()).concat();
    let keystore = folder.join("keystore.pem");
    std::fs::write(&keystore, pem).unwrap();
    let module = "org.apache.kafka.common.security.plain.PlainLoginModule";
    format!(
        "listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller},SECURED://127.0.0.1:{secured}\n\
         advertised.listeners=PLAINTEXT://127.0.0.1:{port},SECURED://127.0.0.1:{secured}\n\
         listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SECURED:SASL_SSL\n\
         listener.name.secured.ssl.keystore.type=PEM\n\
         listener.name.secured.ssl.keystore.location={keystore}\n\
         listener.name.secured.sasl.enabled.mechanisms=PLAIN\n\
         listener.name.secured.plain.sasl.jaas.config={module} required user_{USER}=\"{PASSWORD}\";\n",
        keystore = keystore.display(),
    )
}

fn properties(port: &Port, controller: &Port, log: &Path, further: &[(&str, &str)]) -> String {
    let mut settings = BTreeMap::from([
        ("process.roles", "broker,controller".to_owned()),
        ("node.id", "1".into()),
        ("controller.quorum.voters", format!("1@127.0.0.1:{controller}")),
        ("controller.listener.names", "CONTROLLER".into()),
        ("listeners", format!("PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}")),
        ("advertised.listeners", format!("PLAINTEXT://127.0.0.1:{port}")),
        ("inter.broker.listener.name", "PLAINTEXT".into()),
        ("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT".into()),
        ("log.dirs", log.display().to_string()),
        ("auto.create.topics.enable", "false".into()),
        // Else every first member of a group waits three seconds for others.
        ("group.initial.rebalance.delay.ms", "0".into()),
        ("offsets.topic.replication.factor", "1".into()),
        ("transaction.state.log.replication.factor", "1".into()),
        ("transaction.state.log.min.isr", "1".into()),
        // The defaults of 50 partitions each are most of the time a fresh node takes for its first group.
        ("offsets.topic.num.partitions", "8".into()),
        ("transaction.state.log.num.partitions", "8".into()),
        // The default of 128 MB would be a quarter of the heap.
        ("log.cleaner.dedupe.buffer.size", "16777216".into()),
    ]);
    settings.extend(further.iter().map(|(key, value)| (*key, (*value).to_owned())));
    settings.iter().map(|(key, value)| format!("{key}={value}\n")).collect()
}
