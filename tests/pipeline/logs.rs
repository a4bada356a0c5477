//! What can become of the topic that mentions are read from, and that it is seen: nothing is dropped or counted twice
//! in silence.

use rdkafka::producer::{BaseProducer, BaseRecord, Producer};
use std::time::Duration;

use orszem_runtime::clock;

use crate::support::orszem::Running;
use crate::support::setup::{Setup, WATCH};
use crate::support::{http, kafka, wait};

use super::stream;

/// How long a program may take to stop.
const STOP: Duration = Duration::from_secs(20);

fn setup(name: &str) -> Setup {
    let setup = Setup::new(name).watch(WATCH, &[WATCH]);
    kafka::shared().create_topic(setup.mentions(), 1, &[("message.timestamp.type", "CreateTime")]);
    setup
}

/// Mentions of two minutes ago.
fn mentions(name: &str, count: u32) -> Vec<String> {
    let at = clock::now().plus(-120_000).0;
    (0..count).map(|n| format!(r#"{{"id":"{name}{n}","published_at":{at},"text":"veltaro {name} {n}"}}"#)).collect()
}

fn counted(setup: &Setup) -> u64 {
    stream::tallies(kafka::shared(), setup.prefix()).values().map(|tally| tally.counts.mentions).sum()
}

/// Waits until this number is counted and everything is read.
fn wait_counted(setup: &Setup, running: &mut Running, count: u64) {
    running.wait_until(|| counted(setup) >= count);
    stream::wait_judged(kafka::shared(), setup.prefix(), setup.mentions());
    assert_eq!(counted(setup), count);
}

/// The value of a metric, `name{labels}` as it is written.
fn metric(setup: &Setup, name: &str) -> Option<f64> {
    let answer = http::get(&format!("{}/metrics", setup.url()))?;
    answer.body.lines().find_map(|line| line.strip_prefix(name)?.trim().parse().ok())
}

#[test]
fn a_topic_made_again_while_the_program_runs_is_read_from_its_beginning() {
    let (kafka, setup) = (kafka::shared(), setup("made-again"));
    let home = setup.home();
    let mut running = setup.start_in(&home);
    kafka.produce(setup.mentions(), mentions("old", 50));
    wait_counted(&setup, &mut running, 50);
    // A restart: what was read before is known from what is committed alone.
    assert!(running.terminate(STOP).success());
    let mut running = setup.start_in(&home);
    kafka.delete_topic(setup.mentions());
    wait::pause(Duration::from_secs(2));
    kafka.create_topic(setup.mentions(), 1, &[]);
    kafka.produce(setup.mentions(), mentions("new", 70));
    wait_counted(&setup, &mut running, 120);
    assert!(running.log().contains("made again"), "{}", running.log());
    assert!(running.terminate(STOP).success());
}

#[test]
fn a_topic_made_again_while_the_program_is_away_is_read_from_its_beginning() {
    let (kafka, setup) = (kafka::shared(), setup("made-away"));
    let home = setup.home();
    let mut running = setup.start_in(&home);
    kafka.produce(setup.mentions(), mentions("old", 50));
    wait_counted(&setup, &mut running, 50);
    assert!(running.terminate(STOP).success());
    kafka.delete_topic(setup.mentions());
    kafka.create_topic(setup.mentions(), 1, &[]);
    kafka.produce(setup.mentions(), mentions("new", 70));
    let mut running = setup.start_in(&home);
    wait_counted(&setup, &mut running, 120);
    assert!(running.log().contains("made again"), "{}", running.log());
    assert_eq!(metric(&setup, "orszem_logs_made_again_total{stage=\"score\"}"), Some(1.0));
    assert!(running.terminate(STOP).success());
}

#[test]
fn offsets_of_the_group_that_are_gone_count_nothing_twice() {
    let (kafka, setup) = (kafka::shared(), setup("offsets-gone"));
    let home = setup.home();
    let mut running = setup.start_in(&home);
    kafka.produce(setup.mentions(), mentions("a", 15));
    wait_counted(&setup, &mut running, 15);
    assert!(running.terminate(STOP).success());
    kafka.delete_group("offsets-gone-score");
    let mut running = setup.start_in(&home);
    kafka.produce(setup.mentions(), mentions("b", 2));
    wait_counted(&setup, &mut running, 17);
    assert!(running.log().contains("the group's offset is gone"), "{}", running.log());
    assert!(running.terminate(STOP).success());
}

#[test]
fn what_is_deleted_before_it_is_read_is_told() {
    let (kafka, setup) = (kafka::shared(), setup("deleted"));
    let home = setup.home();
    let mut running = setup.start_in(&home);
    kafka.produce(setup.mentions(), mentions("a", 50));
    wait_counted(&setup, &mut running, 50);
    assert!(running.terminate(STOP).success());
    kafka.produce(setup.mentions(), mentions("b", 50));
    kafka.delete_records(setup.mentions(), 0, 80);
    let mut running = setup.start_in(&home);
    wait_counted(&setup, &mut running, 70);
    assert_eq!(metric(&setup, "orszem_records_lost_total{stage=\"score\"}"), Some(30.0));
    assert!(running.log().contains("deleted before they were read"), "{}", running.log());
    assert!(running.terminate(STOP).success());
}

#[test]
fn a_partition_that_is_added_is_read() {
    let (kafka, setup) = (kafka::shared(), setup("added"));
    let home = setup.home();
    let mut running = setup.start_in(&home);
    kafka.produce(setup.mentions(), mentions("a", 5));
    wait_counted(&setup, &mut running, 5);
    kafka.add_partitions(setup.mentions(), 3);
    kafka.produce_to(setup.mentions(), 2, mentions("b", 5));
    // It took five minutes: far longer than this wait.
    wait_counted(&setup, &mut running, 10);
    assert!(running.terminate(STOP).success());
}

#[test]
fn the_time_of_a_record_is_not_asked_of_its_producer() {
    let (kafka, setup) = (kafka::shared(), setup("record-time"));
    let home = setup.home();
    let mut running = setup.start_in(&home);
    // In seconds, which reads as 1970.
    kafka.produce_at(setup.mentions(), clock::now().0 / 1000, mentions("seconds", 20));
    wait_counted(&setup, &mut running, 20);
    kafka.produce_at(setup.mentions(), clock::now().plus(-3_600_000).0, mentions("slow", 20));
    wait_counted(&setup, &mut running, 40);
    let earliest = clock::now().plus(-1_800_000).slice();
    let tallies = stream::tallies(kafka, setup.prefix());
    assert!(tallies.keys().all(|(_, slice)| *slice > earliest), "{:?}", tallies.keys().collect::<Vec<_>>());
    assert!(running.terminate(STOP).success());
}

#[test]
fn records_behind_an_open_transaction_are_told() {
    let (kafka, setup) = (kafka::shared(), setup("held-up"));
    let home = setup.home();
    let mut running = setup.start_in(&home);
    let producer: BaseProducer =
        kafka.client().set("transactional.id", "somebody").set("transaction.timeout.ms", "600000").create().unwrap();
    producer.init_transactions(wait::LONG).unwrap();
    producer.begin_transaction().unwrap();
    for mention in mentions("open", 3) {
        producer.send(BaseRecord::<str, str>::to(setup.mentions()).payload(&mention).partition(0)).unwrap();
    }
    producer.flush(wait::LONG).unwrap();
    kafka.produce(setup.mentions(), mentions("behind", 4));
    let held_up = "orszem_open_transaction_records{partition=\"0\",stage=\"score\"}";
    running.wait_until(|| metric(&setup, held_up) == Some(7.0));
    assert_eq!(metric(&setup, "orszem_consumer_lag{partition=\"0\",stage=\"score\"}"), Some(7.0));
    assert!(running.log().contains("transaction that another producer left open"), "{}", running.log());
    producer.commit_transaction(wait::LONG).unwrap();
    wait_counted(&setup, &mut running, 7);
    running.wait_until(|| metric(&setup, held_up) == Some(0.0));
    assert!(running.terminate(STOP).success());
}
