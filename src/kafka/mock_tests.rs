//! The loop, the reader, the follower and the producers against the embedded broker.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use super::embedded::EmbeddedBroker;
use super::follower::{FollowEvent, follow};
use super::producer::{BulkWriter, RecordWriter, Written};
use super::session::hang;
use super::topics::Names;
use super::worker::{Settings, spawn};
use crate::range::{RangeEvent, RangeReader};
use orszem_core::range::RangeQuery;
use orszem_core::settings::Kafka;
use orszem_core::settings::span::Span;
use orszem_core::stage::{Offset, Output, Partition, Place, Record, Stage, StageError, Start, StateReader, Topic};
use orszem_records::time::Timestamp;
use orszem_runtime::clock;
use orszem_runtime::lifecycle::{Health, Shutdown};

/// What the toy stage did.
#[derive(Debug, PartialEq)]
enum Did {
    Assigned(Partition, Vec<Vec<u8>>),
    Ended(Vec<Partition>),
    Committed(usize),
    Revoked(Partition),
    Replayed(Offset),
}

/// Copies each record to the ledger, and tells what it does.
struct Copy {
    gathered: Vec<Output>,
    handed: usize,
    ended: Vec<Partition>,
    told: mpsc::Sender<Did>,
}

impl Copy {
    fn new(told: mpsc::Sender<Did>) -> Copy {
        Copy { gathered: Vec::new(), handed: 0, ended: Vec::new(), told }
    }
}

impl Stage for Copy {
    fn assigned(
        &mut self,
        partition: Partition,
        _committed: Option<Place>,
        reader: &mut dyn StateReader,
    ) -> Result<Start, StageError> {
        let mut state = Vec::new();
        reader.read(Topic::State, partition, &mut |_, value| state.push(value.unwrap_or_default().to_vec()))?;
        let _ = self.told.send(Did::Assigned(partition, state));
        Ok(Start { from: Some(0) })
    }

    fn revoked(&mut self, partition: Partition) {
        self.gathered.clear();
        let _ = self.told.send(Did::Revoked(partition));
    }

    fn record(&mut self, record: Record<'_>) {
        if record.replayed {
            let _ = self.told.send(Did::Replayed(record.offset));
            return;
        }
        let key = record.key.unwrap_or_default().to_vec();
        let value = record.value.unwrap_or_default().to_vec();
        self.gathered.push(Output { topic: Topic::Ledger, partition: None, key, value, headers: Vec::new() });
    }

    fn tick(&mut self, _: Timestamp, at_end: &[Partition]) {
        if at_end != self.ended {
            self.ended = at_end.to_vec();
            let _ = self.told.send(Did::Ended(at_end.to_vec()));
        }
    }

    fn flush(&mut self, _: Timestamp, out: &mut Vec<Output>) {
        self.handed = self.gathered.len();
        out.append(&mut self.gathered);
    }

    fn committed(&mut self, _: Timestamp) {
        let _ = self.told.send(Did::Committed(self.handed));
    }

    fn next_deadline(&self) -> Option<Timestamp> {
        None
    }
}

fn kafka(partitions: i32) -> (Kafka, EmbeddedBroker) {
    let mut kafka = Kafka { partitions, commit_interval: Span::from_millis(20), ..Kafka::default() };
    let broker = EmbeddedBroker::start_for(&mut kafka).unwrap();
    (kafka, broker)
}

fn write(kafka: &Kafka, topic: &str, count: u32) {
    let mut writer = BulkWriter::new(kafka, topic).unwrap();
    for number in 0..count {
        writer.write(Some(format!("watch {}", number % 7).as_bytes()), number.to_string().as_bytes()).unwrap();
    }
    let written = writer.finish(Duration::from_secs(30));
    assert_eq!(written, Written { delivered: u64::from(count), failed: 0, fault: None });
}

type Read = BTreeMap<Partition, Vec<(String, u32)>>;

/// Reads a topic to its present end.
fn read(kafka: &Kafka, topic: &str) -> Read {
    let found = Arc::new(Mutex::new(Read::new()));
    let (ended, end) = mpsc::channel();
    let shutdown = Shutdown::new();
    let into = Arc::clone(&found);
    let mut open = None;
    let each = move |followed: FollowEvent<'_>| match followed {
        FollowEvent::Begin { partitions } => open = Some((0..).take(partitions).collect::<Vec<Partition>>()),
        FollowEvent::Record { partition, key, value, .. } => {
            let key = String::from_utf8(key.unwrap().to_vec()).unwrap();
            let number = std::str::from_utf8(value.unwrap()).unwrap().parse().unwrap();
            into.lock().unwrap().entry(partition).or_default().push((key, number));
        }
        FollowEvent::AtEnd { partition } => {
            let open = open.as_mut().expect("the beginning comes first");
            open.retain(|other| *other != partition);
            if open.is_empty() {
                let _ = ended.send(());
            }
        }
    };
    let thread = follow("test", kafka.clone(), topic.to_owned(), each, shutdown.clone()).unwrap();
    end.recv_timeout(Duration::from_secs(30)).expect("the topic was read to its end");
    shutdown.trigger();
    thread.join().unwrap();
    Arc::into_inner(found).unwrap().into_inner().unwrap()
}

/// Runs the toy stage until `enough` of what it told.
fn run(kafka: &Kafka, enough: impl FnMut(&Did) -> bool) -> Health {
    run_as("copy", kafka, enough)
}

fn run_as(stage: &'static str, kafka: &Kafka, mut enough: impl FnMut(&Did) -> bool) -> Health {
    let (told, tell) = mpsc::channel();
    let (shutdown, health) = (Shutdown::new(), Health::new());
    let settings = Settings {
        stage,
        thread: 0,
        kafka: kafka.clone(),
        topic: kafka.mentions.clone(),
        team: None,
        instance: Some("a".into()),
    };
    let make = move || Copy::new(told);
    let thread = spawn(settings, make, shutdown.clone(), &health).unwrap();
    while !enough(&tell.recv_timeout(Duration::from_secs(60)).expect("the stage goes on")) {}
    shutdown.trigger();
    thread.join().unwrap();
    health
}

#[test]
fn every_record_goes_through_once_and_in_order() {
    let (kafka, _broker) = kafka(3);
    write(&kafka, &kafka.mentions, 5_000);
    write(&kafka, &Names::new(&kafka).state, 10);
    let (mut copied, mut states, mut ended) = (0, Vec::new(), false);
    let health = run(&kafka, |did| {
        match did {
            Did::Assigned(partition, state) => states.push((*partition, state.len())),
            Did::Committed(count) => copied += count,
            Did::Ended(partitions) => ended = partitions.len() == 3,
            Did::Revoked(_) | Did::Replayed(_) => {}
        }
        copied >= 5_000 && ended
    });
    assert!(health.stages()[0].joined && health.stages()[0].committed.is_some());
    assert_eq!(states.iter().map(|(_, records)| records).sum::<usize>(), 10, "state was read to its end: {states:?}");

    let ledger = read(&kafka, &Names::new(&kafka).ledger);
    let mut numbers: Vec<u32> = ledger.values().flatten().map(|(_, number)| *number).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (0..5_000).collect::<Vec<_>>());
    // One watch lies in one partition, whichever producer wrote it, and in order.
    let mentions = read(&kafka, &kafka.mentions);
    for (partition, records) in &ledger {
        for watch in 0..7 {
            let of = |records: &[(String, u32)]| -> Vec<u32> {
                let key = format!("watch {watch}");
                records.iter().filter(|(name, _)| *name == key).map(|(_, number)| *number).collect()
            };
            assert_eq!(of(records), mentions.get(partition).map(|records| of(records)).unwrap_or_default());
        }
    }
}

#[test]
fn an_abort_reads_again_what_was_not_committed_and_replays_the_rest() {
    let (kafka, broker) = kafka(1);
    write(&kafka, &kafka.mentions, 100);
    let (mut replayed, mut copied, mut aborted) = (Vec::new(), 0, false);
    run(&kafka, |did| {
        match did {
            // The end of the run comes with the last partition being revoked as well: it is after `enough`.
            Did::Revoked(_) => aborted = true,
            Did::Replayed(offset) => replayed.push(*offset),
            Did::Committed(count) => {
                copied += count;
                if copied == 100 && !aborted {
                    broker.fence_next();
                    write(&kafka, &kafka.mentions, 10);
                }
            }
            _ => {}
        }
        copied >= 110
    });
    assert!(aborted, "the transaction after the first hundred was fenced");
    assert_eq!(copied, 110);
    assert_eq!(replayed, (0..100).collect::<Vec<Offset>>(), "once, and only what was committed");
}

/// librdkafka #5456: the call does not keep its own time limit.
#[test]
fn a_transaction_call_that_never_returns_is_left_behind_and_nothing_is_lost() {
    for call in ["send_offsets_to_transaction", "commit_transaction"] {
        let stage = if call.starts_with("send") { "stuck" } else { "stuck-commit" };
        let (kafka, _broker) = kafka(1);
        write(&kafka, &kafka.mentions, 100);
        let (mut copied, mut assigned) = (0, 0);
        run_as(stage, &kafka, |did| {
            match did {
                Did::Assigned(..) => assigned += 1,
                Did::Committed(count) => {
                    copied += count;
                    if copied == 100 && assigned == 1 {
                        hang::next(stage, call);
                        write(&kafka, &kafka.mentions, 10);
                    }
                }
                _ => {}
            }
            copied >= 110
        });
        assert_eq!((copied, assigned), (110, 2), "{call}: new clients did the work of the stuck ones");
    }
}

/// The embedded broker stamps records with a time of 1970, and the demo ran in that year.
#[test]
fn a_broker_without_a_clock_corrects_none() {
    let (kafka, _broker) = kafka(1);
    write(&kafka, &kafka.mentions, 100);
    let mut copied = 0;
    run_as("clock", &kafka, |did| {
        if let Did::Committed(count) = did {
            copied += count;
        }
        copied >= 100
    });
    assert!((clock::now().0 - clock::machine().0).abs() < 1_000, "{:?}", clock::now());
}

#[test]
fn an_empty_topic_is_at_its_end() {
    let (kafka, _broker) = kafka(2);
    run(&kafka, |did| *did == Did::Ended(vec![0, 1]));
    assert_eq!(read(&kafka, &Names::new(&kafka).ledger), Read::new(), "nothing in, nothing out");
}

#[tokio::test]
async fn a_ledger_entry_is_awaited() {
    let (kafka, broker) = kafka(3);
    let (writer, ledger) = (RecordWriter::new(&kafka).unwrap(), Names::new(&kafka).ledger);
    writer.write(&ledger, "acme", b"1").await.unwrap();
    writer.write(&ledger, "acme", b"2").await.unwrap();
    let config = kafka.clone();
    let read = tokio::task::spawn_blocking(move || read(&config, &Names::new(&config).ledger)).await.unwrap();
    let entries: Vec<_> = read.into_values().flatten().collect();
    assert_eq!(entries, [("acme".to_owned(), 1), ("acme".to_owned(), 2)]);
    drop(broker);
}

#[test]
fn a_stage_that_waits_for_kafka_still_stops() {
    let kafka = Kafka { brokers: "127.0.0.1:1".into(), ..Kafka::default() };
    let (told, _tell) = mpsc::channel();
    let (shutdown, health) = (Shutdown::new(), Health::new());
    let settings = Settings {
        stage: "lonely",
        thread: 0,
        kafka: kafka.clone(),
        topic: kafka.mentions,
        team: None,
        instance: None,
    };
    let make = move || Copy::new(told);
    let thread = spawn(settings, make, shutdown.clone(), &health).unwrap();
    assert!(!shutdown.wait(Duration::from_millis(300)));
    assert!(!thread.is_finished(), "a broker that is away is waited for");
    assert!(!health.ready());
    shutdown.trigger();
    thread.join().unwrap();
}

/// A partition that waits loses nothing, and what is written later is not of this read.
#[test]
fn a_range_is_read_to_where_it_ended() {
    let broker = EmbeddedBroker::start(&[("mentions", 3)]).unwrap();
    let kafka = Kafka { brokers: broker.bootstrap_servers().to_owned(), ..Kafka::default() };
    let write = |records: std::ops::Range<u32>| {
        let mut writer = BulkWriter::new(&kafka, "mentions").unwrap();
        for number in records {
            writer.write(Some(number.to_string().as_bytes()), number.to_string().as_bytes()).unwrap();
        }
        assert_eq!(writer.finish(Duration::from_secs(30)).failed, 0);
    };
    write(0..500);
    let mut reader = RangeReader::open(&kafka, "mentions", RangeQuery::default()).unwrap();
    assert_eq!(reader.partitions().len(), 3);
    write(500..600);
    let (mut numbers, mut ends) = (Vec::new(), Vec::new());
    while let Some(event) = reader.next_event().unwrap() {
        match event {
            RangeEvent::Record(record) => {
                numbers.push(String::from_utf8(record.value).unwrap().parse::<u32>().unwrap());
                if numbers.len() == 10 {
                    reader.pause(record.partition, true).unwrap();
                    reader.pause(record.partition, false).unwrap();
                }
            }
            RangeEvent::End(partition) => ends.push(partition),
        }
    }
    numbers.sort_unstable();
    ends.sort_unstable();
    assert_eq!((numbers, ends), ((0..500).collect(), vec![0, 1, 2]));
    assert!(!reader.is_cut());
    let fault = RangeReader::open(&kafka, "nothing", RangeQuery::default()).err().map(|fault| fault.to_string());
    assert!(fault.is_some());

    // The newest alone, and an end by the clock.
    let read = |extent: RangeQuery| {
        let mut reader = RangeReader::open(&kafka, "mentions", extent).unwrap();
        let mut numbers = Vec::new();
        while let Some(event) = reader.next_event().unwrap() {
            if let RangeEvent::Record(record) = event {
                numbers.push((record.partition, String::from_utf8(record.value).unwrap().parse::<u32>().unwrap()));
            }
        }
        // Which partition is read first is chance; the order within each is not.
        numbers.sort_by_key(|(partition, _)| *partition);
        (numbers, reader.is_cut())
    };
    let (all, _) = read(RangeQuery::default());
    let (newest, is_cut) = read(RangeQuery { newest: Some(30), ..RangeQuery::default() });
    assert!(is_cut);
    for partition in 0..3 {
        let of = |list: &[(i32, u32)]| -> Vec<u32> {
            list.iter().filter(|(p, _)| *p == partition).map(|(_, number)| *number).collect()
        };
        let (all, newest) = (of(&all), of(&newest));
        assert_eq!(newest, all[all.len() - 10..]);
    }
    assert_eq!(read(RangeQuery { newest: Some(10_000), ..RangeQuery::default() }), (all, false));
    let soon = Some(clock::now().plus(60_000));
    assert_eq!(
        read(RangeQuery { newest: Some(30), since: soon, ..RangeQuery::default() }),
        (vec![], false),
        "none is as new"
    );
    let before = Some(clock::now().plus(-60_000));
    let (newest, is_cut) = read(RangeQuery { newest: Some(30), since: before, ..RangeQuery::default() });
    assert_eq!((newest.len(), is_cut), (30, true));
    assert_eq!(read(RangeQuery { until: Some(Timestamp(0)), ..RangeQuery::default() }), (vec![], true));
}

/// A stage that reads two topics has members for each in one group: what one topic holds goes to the members that asked
/// for it, once, though partitions of both have the same numbers.
#[test]
fn members_of_one_group_read_different_topics() {
    let mut kafka = Kafka { partitions: 2, commit_interval: Span::from_millis(20), ..Kafka::default() };
    let names = Names::new(&kafka);
    let topics: Vec<(&str, i32)> = names.all().into_iter().chain(["posts"]).map(|name| (name, 2)).collect();
    let broker = EmbeddedBroker::start(&topics).unwrap();
    kafka.brokers = broker.bootstrap_servers().to_owned();
    let fill = |topic: &str, numbers: std::ops::Range<u32>| {
        let mut writer = BulkWriter::new(&kafka, topic).unwrap();
        for number in numbers {
            writer.write(Some(number.to_string().as_bytes()), number.to_string().as_bytes()).unwrap();
        }
        assert_eq!(writer.finish(Duration::from_secs(30)).failed, 0);
    };
    fill("mentions", 0..500);
    fill("posts", 1_000..1_300);
    let (shutdown, health) = (Shutdown::new(), Health::new());
    let start = |topic: &str| {
        let (told, tell) = mpsc::channel();
        let (topic, instance) = (topic.to_owned(), Some("a".to_owned()));
        let settings = Settings { stage: "copy", thread: 0, kafka: kafka.clone(), topic, team: None, instance };
        (spawn(settings, move || Copy::new(told), shutdown.clone(), &health).unwrap(), tell)
    };
    let members = ["mentions", "posts"].map(start);
    assert_eq!(health.stages().len(), 2, "each has a name of its own");
    for ((_, tell), count) in members.iter().zip([500, 300]) {
        let mut committed = 0;
        while committed < count {
            if let Did::Committed(more) = tell.recv_timeout(Duration::from_secs(60)).expect("the stage goes on") {
                committed += more;
            }
        }
        assert_eq!(committed, count);
    }
    fill("posts", 1_300..1_400);
    let (_, tell) = &members[1];
    let mut committed = 0;
    while committed < 100 {
        if let Did::Committed(more) = tell.recv_timeout(Duration::from_secs(60)).expect("the stage goes on") {
            committed += more;
        }
    }
    shutdown.trigger();
    members.into_iter().for_each(|(thread, _)| thread.join().unwrap());
    let ledger = read(&kafka, &Names::new(&kafka).ledger);
    let mut numbers: Vec<u32> = ledger.values().flatten().map(|(_, number)| *number).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (0..500).chain(1_000..1_400).collect::<Vec<_>>());
}
