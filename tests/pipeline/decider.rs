//! Three copies on three brokers, of which one decides for all incidents: what it leaves to the next when it dies.
//!
//! `ORSZEM_TEST_FINISHED=100000 ORSZEM_TEST_OPEN=1000 bash tests/run --test pipeline death_of_the_decider` does it with
//! the ledger of years (it needs 25 GB of disk). The test prints how long the takeover took, and asserts no time.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use rdkafka::consumer::{BaseConsumer, CommitMode, Consumer};
use rdkafka::{Offset, TopicPartitionList};
use serde_json::{Value, json};

use orszem_records::incident::Incident;
use orszem_records::ledger::{Action, Event};
use orszem_records::time::Timestamp;
use orszem_runtime::clock;

use crate::support::cluster::Cluster;
use crate::support::doubles::Webhook;
use crate::support::kafka::Kafka;
use crate::support::orszem::{Home, Running};
use crate::support::setup::{Setup, WATCH};
use crate::support::{http, kafka, wait};

use super::stream;

/// How many finished incidents the ledger has, and how many are open, unless the environment says so.
const FINISHED: usize = 400;
const OPEN: usize = 40;
/// Reading the ledger of years takes its time.
const PATIENCE: Duration = Duration::from_secs(3_600);
/// The watches that they are of, evenly.
const WATCHES: usize = 16;
const PARTITIONS: usize = 4;
/// After this time the second step is due. A clock that began again with the takeover would make it come that much
/// after the kill.
const ACKNOWLEDGE: Duration = Duration::from_secs(60);
/// The decider is killed this long before the second step is due for the first time.
const BEFORE: i64 = 2_000;

fn number(name: &str, default: usize) -> usize {
    std::env::var(name).map_or(default, |number| number.parse().expect("a number"))
}

fn watch(number: usize) -> String {
    format!("w{}", number % WATCHES)
}

/// One of the copies.
struct Copy {
    setup: Setup,
    home: Home,
    running: Running,
}

impl Copy {
    /// Without a name, as most run it: another copy takes over what a dead one had.
    fn start(setup: Setup) -> Copy {
        let home = setup.home();
        let running = home.start(&["run"]);
        Copy { setup, home, running }
    }

    /// Whether it decides: it has the partitions of the ledger then, and none otherwise.
    fn decides(&self) -> bool {
        let answer = http::get(&format!("{}/metrics", self.setup.url()));
        let metrics = answer.map(|answer| answer.body).unwrap_or_default();
        let line = "orszem_partitions_assigned{stage=\"respond\"} ";
        metrics.lines().find_map(|metric| metric.strip_prefix(line)).is_some_and(|value| value.trim() != "0")
    }
}

fn decider(copies: &[Copy]) -> usize {
    wait::until("one copy decides", stream::THROUGH, || {
        let deciders: Vec<usize> = (0..copies.len()).filter(|copy| copies[*copy].decides()).collect();
        assert!(deciders.len() <= 1, "copies {deciders:?} decide");
        deciders.first().copied()
    })
}

/// The entries of an incident as another one of another watch.
fn renamed(entries: &[Value], number: usize) -> Vec<String> {
    let (watch, id) = (watch(number), format!("{}.{}", watch(number), 1_000 + number));
    let rename = |entry: &Value| {
        let mut entry = entry.clone();
        let message = entry["message"].as_str().and_then(|message| message.split_once('/'));
        if let Some((_, rest)) = message {
            entry["message"] = json!(format!("{id}/{rest}"));
        }
        (entry["watch"], entry["incident"]) = (json!(watch), json!(id));
        entry.to_string()
    };
    entries.iter().map(rename).collect()
}

/// What a finished incident looks like: everything that one was told, and then its end, told as well.
fn finished(entries: &[Value]) -> Vec<Value> {
    let last = |event: &str| entries.iter().rfind(|entry| entry["event"] == event).expect("an entry").clone();
    let (mut closed, mut resolve, mut answer) = (last("signal"), last("attempt"), last("outcome"));
    closed["phase"] = json!("closed");
    let message = resolve["message"].as_str().expect("a message").to_owned();
    let (head, revision) = message.rsplit_once('/').expect("its revision");
    let next = revision.parse::<u32>().expect("a number") + 1;
    let message = format!("{head}/{next}");
    for entry in [&mut resolve, &mut answer] {
        (entry["message"], entry["try_number"]) = (json!(message), json!(0));
    }
    (resolve["action"], resolve["revision"]) = (json!("resolve"), json!(next));
    entries.iter().cloned().chain([closed, resolve, answer]).collect()
}

/// Writes incidents to the ledger, those of a watch to one partition. Gives back how many bytes.
fn write(kafka: &Kafka, ledger: &str, entries: &[Value], numbers: std::ops::Range<usize>) -> usize {
    let mut bytes = 0;
    for partition in 0..PARTITIONS {
        let here = numbers.clone().filter(|number| number % WATCHES % PARTITIONS == partition);
        let values = here.flat_map(|number| renamed(entries, number)).inspect(|value| bytes += value.len());
        kafka.produce_to(ledger, i32::try_from(partition).expect("a partition"), values);
    }
    bytes
}

/// When each step was called for the first time, by step.
fn calls(incident: &Incident) -> BTreeMap<u32, Timestamp> {
    let triggers = incident.messages.iter().filter(|message| message.attempt.action == Action::Trigger);
    let mut first = BTreeMap::new();
    for message in triggers {
        let at = first.entry(message.attempt.step).or_insert(message.first_at);
        *at = (*at).min(message.first_at);
    }
    first
}

/// The incidents that a webhook was called for, and how often.
fn called(hook: &Webhook) -> BTreeMap<String, usize> {
    let mut called = BTreeMap::new();
    for event in hook.events().into_iter().filter(|event| event.body["type"] == "incident.triggered") {
        let id = event.body["data"]["incident"]["id"].as_str().or(event.body["data"]["incident"].as_str());
        *called.entry(id.expect("its id").to_owned()).or_default() += 1;
    }
    called
}

#[test]
fn the_next_step_follows_the_death_of_the_decider_on_the_old_clock_and_once() {
    let (finished_count, open) = (number("ORSZEM_TEST_FINISHED", FINISHED), number("ORSZEM_TEST_OPEN", OPEN));
    let cluster = Cluster::start();
    let kafka = &cluster.nodes[0];
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let (first, second) = runtime.block_on(async { (Webhook::start().await, Webhook::start().await) });
    let shared = Setup::for_crisis("decider").brokers(&cluster.brokers());
    let shared = shared.kafka(&format!("replication = 3\npartitions = {PARTITIONS}"));
    let shared = (0..WATCHES).fold(shared, |setup, number| setup.watch(&watch(number), &["nobody says this"]));
    let shared = shared.webhook("first", &first).webhook("second", &second);
    let shared = shared.step(&["first"], &format!("{}s", ACKNOWLEDGE.as_secs())).step(&["second"], "2h");
    let ledger = "decider.ledger";

    // One real incident, with its charts. Its entries are the pattern of all others.
    let mut alone = Copy::start(shared.copy("decider-0"));
    alone.running.wait_ready(&alone.setup.url());
    alone.setup.deliver_crisis(kafka, |_, _| {});
    wait::holds("the crisis is told", stream::THROUGH, || !called(&first).is_empty());
    assert!(alone.running.terminate(Duration::from_secs(25)).success(), "{}", alone.running.log());
    let entries: Vec<Value> =
        kafka.read(ledger).iter().map(|record| serde_json::from_str(&record.text()).expect("an entry")).collect();
    let of_crisis = |entry: &&Value| entry["watch"] == WATCH;
    let pattern: Vec<Value> = entries.iter().filter(of_crisis).cloned().collect();
    let id = &pattern[0]["incident"];
    let pattern: Vec<Value> = pattern.iter().filter(|entry| entry["incident"] == *id).cloned().collect();
    let whole = finished(&pattern);
    let home = kafka.read(ledger).iter().find(|record| record.text().contains(WATCH)).expect("its record").partition;
    kafka.produce_to(ledger, home, whole[pattern.len()..].iter().map(Value::to_string));
    let bytes = write(kafka, ledger, &whole, 0..finished_count);
    println!("{finished_count} finished incidents of {} entries, {} MB", whole.len(), bytes / 1_000_000);
    let ends = kafka.end_offsets(ledger);

    let mut copies = ["decider-a", "decider-b", "decider-c"].map(|name| Copy::start(shared.copy(name)));
    for copy in &mut copies {
        let url = format!("{}/-/ready", copy.setup.url());
        wait::holds("it has read the ledger", PATIENCE, || {
            assert!(copy.running.ended().is_none(), "{}", copy.running.log());
            http::get(&url).is_some_and(|answer| answer.status == 200)
        });
    }
    decider(&copies);
    let already = called(&first).len();
    let mut opened = pattern[0].clone();
    opened["at"] = json!(clock::machine().0);
    let numbers = finished_count..finished_count + open;
    write(kafka, ledger, &[opened], numbers.clone());
    wait::holds("all open incidents are told", PATIENCE, || called(&first).len() >= already + open);
    let ids: BTreeSet<String> = numbers.map(|number| format!("{}.{}", watch(number), 1_000 + number)).collect();
    wait::holds("the ledger says so", stream::THROUGH, || {
        let incidents = stream::incidents_after(kafka, "decider", &ends);
        ids.iter().all(|id| incidents.get(id).is_some_and(|incident| !calls(incident).is_empty()))
    });
    let incidents = stream::incidents_after(kafka, "decider", &ends);
    let begun = ids.iter().map(|id| calls(&incidents[id])[&0]).min().expect("an open incident");
    assert!(called(&second).keys().all(|id| !ids.contains(id)), "the second step came before its time");

    // What is committed lets the next one begin behind all that is finished.
    for (partition, note) in kafka.committed_notes("decider-respond", ledger) {
        let needed = note.strip_prefix("orszem/2 ").and_then(|rest| rest.split(' ').next()?.parse::<i64>().ok());
        let end = ends[&partition];
        assert!(needed.is_some_and(|needed| needed >= end), "partition {partition}: {note:?}, finished until {end}");
    }

    let due = begun.plus(i64::try_from(ACKNOWLEDGE.as_millis()).expect("a time"));
    let ahead = due.since(clock::machine()) - BEFORE;
    wait::pause(Duration::from_millis(u64::try_from(ahead).unwrap_or(0)));
    let victim = decider(&copies);
    let killed = clock::machine();
    copies[victim].running.kill();
    let of_ours = || called(&second).into_iter().filter(|(id, _)| ids.contains(id)).collect::<BTreeMap<_, _>>();
    wait::holds("the next step goes out", stream::THROUGH, || !of_ours().is_empty());
    println!(
        "killed {} ms before the step was due; the first call came {} ms after the kill",
        due.since(killed),
        clock::machine().since(killed)
    );
    wait::holds("for every incident", stream::THROUGH, || of_ours().len() == open);
    println!("the last came {} ms after the kill", clock::machine().since(killed));

    // Nobody is called twice, the second step keeps to the time that the first began, and one copy decides.
    wait::holds("the outcomes are written", stream::THROUGH, || {
        let incidents = stream::incidents_after(kafka, "decider", &ends);
        ids.iter().all(|id| incidents[id].messages.iter().all(|message| message.outcome.is_some()))
    });
    let survivors: Vec<Copy> = copies.into_iter().enumerate().filter(|(n, _)| *n != victim).map(|(_, c)| c).collect();
    decider(&survivors);
    for hook in [&first, &second] {
        let twice: Vec<_> = called(hook).into_iter().filter(|(_, times)| *times > 1).collect();
        assert_eq!(twice, [], "called twice");
        assert_eq!(hook.repeats(), 0);
    }
    let entries = kafka.read_after(ledger, &ends);
    let attempts = entries.iter().filter_map(|record| {
        let entry: orszem_records::ledger::Entry = serde_json::from_str(&record.text()).expect("an entry");
        let Event::Attempt(attempt) = entry.event else { return None };
        (attempt.action == Action::Trigger && ids.contains(&entry.incident.0))
            .then_some((entry.incident.0, attempt.step))
    });
    let attempts: Vec<_> = attempts.collect();
    assert_eq!(attempts.len(), attempts.iter().collect::<BTreeSet<_>>().len(), "an attempt was made twice");
    let incidents = stream::incidents_after(kafka, "decider", &ends);
    let mut waits = Vec::new();
    for id in &ids {
        let calls = calls(&incidents[id]);
        let [step, next] = [0, 1].map(|step| calls[&step]);
        let least = i64::try_from(ACKNOWLEDGE.as_millis()).expect("a time");
        assert!(next.since(step) >= least, "{id}: the second step came {} ms after the first", next.since(step));
        assert!(next.since(killed) < least, "{id}: the clock began again with the takeover");
        waits.push(next.since(killed.max(step.plus(least))));
    }
    waits.sort_unstable();
    println!(
        "decided after kill or due time: median {} ms, at worst {} ms",
        waits[waits.len() / 2],
        waits[waits.len() - 1]
    );
    for mut copy in survivors {
        assert!(copy.running.terminate(Duration::from_secs(25)).success(), "{}", copy.running.log());
        drop(copy.home);
    }
}

/// A member of the group as a copy of the version before: it reads the ledger itself.
fn former_copy(kafka: &Kafka, group: &str, ledger: &str) -> BaseConsumer {
    let mut config = kafka.client();
    config.set("group.id", group).set("partition.assignment.strategy", "range").set("enable.auto.commit", "false");
    let former: BaseConsumer = config.create().expect("a consumer");
    former.subscribe(&[ledger]).expect("a subscription");
    wait::holds("it has the ledger", wait::LONG, || {
        former.poll(Duration::from_millis(50));
        former.assignment().is_ok_and(|assigned| assigned.count() == PARTITIONS)
    });
    former
}

#[test]
fn while_a_copy_of_the_version_before_decides_nobody_else_does_and_what_it_committed_skips_nothing() {
    let kafka = kafka::shared();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let hook = runtime.block_on(Webhook::start());
    let (ledger, group) = ("upgraded.ledger", "upgraded-respond");
    // Nobody is called yet: the incident is left open, and untold.
    let silent = Setup::for_crisis("upgraded");
    let (_home, mut running) = silent.start();
    silent.deliver_crisis(kafka, |_, _| {});
    assert!(running.terminate(Duration::from_secs(25)).success(), "{}", running.log());

    let former = former_copy(kafka, group, ledger);
    let mut read = TopicPartitionList::new();
    for (partition, end) in kafka.end_offsets(ledger) {
        read.add_partition_offset(ledger, partition, Offset::Offset(end)).expect("an offset");
        let mut place = read.find_partition(ledger, partition).expect("its place");
        place.set_metadata(format!("orszem/1 {} 0000000000000000", end + 1_000));
    }
    former.commit(&read, CommitMode::Sync).expect("the commit of a former version");
    let setup = silent.clone().webhook("hook", &hook).step(&["hook"], "2h");
    let home = setup.home();
    let mut copy = Copy { running: setup.launch(&home), setup, home };
    let waits = "copies of an older version still decide";
    wait::holds("the new copy waits", wait::LONG, || {
        former.poll(Duration::from_millis(50));
        copy.running.log().contains(waits)
    });
    assert!(!copy.decides() && called(&hook).is_empty(), "two versions decide");
    drop(former);
    wait::holds("it decides, and has read everything", stream::THROUGH, || !called(&hook).is_empty());
    assert!(copy.decides());
    assert!(copy.running.terminate(Duration::from_secs(25)).success(), "{}", copy.running.log());
    drop(copy.home);
}

#[test]
fn what_the_group_forgot_is_read_again_and_a_partition_that_is_added_is_read() {
    let kafka = kafka::shared();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let (first, second) = runtime.block_on(async { (Webhook::start().await, Webhook::start().await) });
    let setup = Setup::for_crisis("forgotten").webhook("first", &first).webhook("second", &second);
    let setup = setup.step(&["first"], &format!("{}s", ACKNOWLEDGE.as_secs())).step(&["second"], "2h");
    let mut copy = Copy::start(setup.clone());
    let url = setup.url();
    copy.running.wait_ready(&url);
    setup.deliver_crisis(kafka, |_, _| {});
    wait::holds("the crisis is told", stream::THROUGH, || !called(&first).is_empty());
    assert!(copy.running.terminate(Duration::from_secs(25)).success(), "{}", copy.running.log());
    kafka.delete_group("forgotten-respond");

    copy.running = copy.home.start(&["run"]);
    copy.running.wait_ready(&url);
    kafka.add_partitions("forgotten.ledger", PARTITIONS + 1);
    let line = format!("orszem_partitions_assigned{{stage=\"respond\"}} {}\n", PARTITIONS + 1);
    wait::holds("the new partition is read", wait::LONG, || {
        http::get(&format!("{url}/metrics")).is_some_and(|answer| answer.body.contains(&line))
    });
    wait::holds("the next step goes out", stream::THROUGH, || !called(&second).is_empty());
    for hook in [&first, &second] {
        assert!(called(hook).values().all(|times| *times == 1), "{:?}", called(hook));
        assert_eq!(hook.repeats(), 0);
    }
    let incidents = stream::incidents(kafka, "forgotten");
    let calls = incidents.values().map(calls).find(|calls| calls.len() == 2).expect("an incident with two steps");
    let least = i64::try_from(ACKNOWLEDGE.as_millis()).expect("a time");
    assert!(calls[&1].since(calls[&0]) >= least, "{calls:?}");
    assert!(copy.running.terminate(Duration::from_secs(25)).success(), "{}", copy.running.log());
    assert!(copy.running.log().matches("this copy decides from now on").count() >= 1);
}

#[test]
fn a_team_of_two_partitions_is_refused_by_name() {
    let kafka = kafka::shared();
    let shape = [("cleanup.policy", "compact"), ("message.timestamp.type", "LogAppendTime")];
    kafka.create_topic("twins.team", 2, &shape);
    let home = Setup::new("twins").watch(WATCH, &[WATCH]).home();
    let ran = home.run(&["run"], b"");
    let told = String::from_utf8_lossy(&ran.stderr);
    assert!(!ran.status.success());
    assert!(told.contains("twins.team") && told.contains("partitions is 2, must be 1"), "{told}");
    assert!(told.contains("delete this topic"), "{told}");
}
