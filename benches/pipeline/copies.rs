//! What it costs to share the work: the same mentions scored by one copy of the program and by several, and how long
//! nothing goes on while a copy joins or leaves.

use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::topic_partition_list::TopicPartitionList;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::support::kafka::Kafka;
use crate::support::orszem::{Home, Running};
use crate::support::setup::Setup;
use crate::support::{stream, wait};
use crate::{Measured, cpu_of, mention};

/// Partitions of the mentions and of the tallies.
const PARTITIONS: i32 = 8;
const WATCHES: u64 = 1000;
/// Mentions that each number of copies scores; all of them match.
const MENTIONS: u64 = 2_000_000;
/// Mentions a second while a copy joins and leaves.
const STEADY: u64 = 20_000;

/// Copies of the score stage, with one thread each, so that eight copies have a partition each.
struct Copies {
    running: Vec<(Home, Running)>,
    setup: Setup,
    progress: Progress,
}

/// How many mentions the group has committed.
struct Progress {
    client: BaseConsumer,
    asked: TopicPartitionList,
}

impl Progress {
    fn new(kafka: &Kafka, prefix: &str, topic: &str) -> Progress {
        let client = kafka.client().set("group.id", format!("{prefix}-score")).create().unwrap();
        let mut asked = TopicPartitionList::new();
        (0..PARTITIONS).for_each(|partition| {
            asked.add_partition(topic, partition);
        });
        Progress { client, asked }
    }

    /// `None` while the coordinator of the group does not answer.
    fn committed(&self) -> Option<u64> {
        let found = self.client.committed_offsets(self.asked.clone(), Duration::from_secs(10)).ok()?;
        let offsets = found.elements().into_iter().filter_map(|each| each.offset().to_raw());
        Some(offsets.filter_map(|offset| u64::try_from(offset).ok()).sum())
    }
}

impl Copies {
    fn new(kafka: &Kafka, prefix: &str) -> Copies {
        let topic = format!("{prefix}-mentions");
        kafka.create_topic(&topic, PARTITIONS, &[("message.timestamp.type", "LogAppendTime"), ("retention.ms", "-1")]);
        let setup = Setup::new(prefix).brokers(&kafka.brokers()).reading(&topic);
        let setup = setup.kafka(&format!("partitions = {PARTITIONS}")).with("[score]\nthreads = 1\n");
        let names = (0..WATCHES).map(|n| format!("brand{n}"));
        let setup = names.fold(setup, |setup, name| setup.watch(&name, &[&name]));
        let progress = Progress::new(kafka, setup.prefix(), &topic);
        Copies { running: Vec::new(), setup, progress }
    }

    /// Starts one more, and waits until it has its share.
    fn add(&mut self) {
        let name = format!("copy-{}", self.running.len());
        let setup = self.setup.copy(&name);
        let home = setup.home();
        let mut running = home.start(&["run", "--stage", "score", "--instance", &name]);
        running.wait_ready(&setup.url());
        self.running.push((home, running));
    }

    /// CPU time of all together.
    fn cpu(&self) -> Duration {
        self.running.iter().map(|(_, running)| cpu_of(&running.id().to_string())).sum()
    }

    fn stop(&mut self) {
        for (_, mut running) in self.running.drain(..) {
            running.terminate(Duration::from_secs(20));
        }
    }
}

/// Mentions and negatives of each watch.
type Sums = BTreeMap<String, (u64, u64)>;

/// What the tallies of a run fold to, over all time.
fn sums(kafka: &Kafka, prefix: &str) -> Sums {
    let mut sums: Sums = BTreeMap::new();
    for ((watch, _), tally) in stream::tallies(kafka, prefix) {
        let sum = sums.entry(watch).or_default();
        sum.0 += tally.counts.mentions;
        sum.1 += tally.counts.negatives;
    }
    sums
}

pub(crate) fn copies(kafka: &Kafka) {
    println!("{MENTIONS} mentions, all match, {WATCHES} watches, {PARTITIONS} partitions, copies with one thread each");
    println!(
        "{:<12} {:>12} {:>10} {:>8} {:>18} {:>18}",
        "copies", "mentions/s", "CPU µs", "ratio", "tallies a mention", "bytes a tally"
    );
    let mut first: Option<(f64, Sums)> = None;
    for number in [1, 2, 4, 8] {
        let mut copies = Copies::new(kafka, &format!("copies{number}"));
        (0..number).for_each(|_| copies.add());
        // All have their share before the first mention comes.
        wait::pause(Duration::from_secs(5));
        let (began, cpu_began) = (Instant::now(), copies.cpu());
        let topic = copies.setup.mentions().to_owned();
        kafka.produce(&topic, (0..MENTIONS).map(|number| mention(number, WATCHES, 1)));
        wait::holds("all is scored", Duration::from_secs(600), || copies.progress.committed() >= Some(MENTIONS));
        let (took, cpu) = (began.elapsed(), copies.cpu() - cpu_began);
        let measured =
            Measured { rate: MENTIONS as f64 / took.as_secs_f64(), cpu_us: cpu.as_secs_f64() * 1e6 / MENTIONS as f64 };
        copies.stop();
        let tallies = format!("{}.tallies", copies.setup.prefix());
        // Markers of transactions and watermarks are among them.
        let records: i64 = kafka.end_offsets(&tallies).values().sum();
        let bytes = kafka.bytes(&tallies);
        if number == 1 {
            println!("a mention has {} bytes on the broker", kafka.bytes(&topic) / MENTIONS);
        }
        let sums = sums(kafka, copies.setup.prefix());
        let (one, known) = first.get_or_insert_with(|| (measured.cpu_us, sums.clone()));
        assert_eq!(sums.len(), known.len(), "{number} copies");
        assert!(sums == *known, "{number} copies count otherwise than one");
        println!(
            "{number:<12} {:>12.0} {:>10.2} {:>8.2} {:>18.3} {:>18.0}",
            measured.rate,
            measured.cpu_us,
            measured.cpu_us / *one,
            records as f64 / MENTIONS as f64,
            bytes as f64 / records as f64
        );
    }
    println!("the tallies of each fold to the same mentions and negatives of each watch");
    changes(kafka);
}

/// The longest time in which nothing was committed while `change` was made, and ten seconds after it.
fn without_progress(progress: &Progress, change: impl FnOnce() + Send) -> Duration {
    let is_done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            change();
            wait::pause(Duration::from_secs(10));
            is_done.store(true, Ordering::Relaxed);
        });
        let (mut longest, mut newest, mut since) = (Duration::ZERO, 0, Instant::now());
        while !is_done.load(Ordering::Relaxed) {
            match progress.committed() {
                Some(committed) if committed != newest => {
                    longest = longest.max(since.elapsed());
                    (newest, since) = (committed, Instant::now());
                }
                _ => longest = longest.max(since.elapsed()),
            }
            wait::pause(Duration::from_millis(5));
        }
        longest
    })
}

fn changes(kafka: &Kafka) {
    let mut copies = Copies::new(kafka, "changes");
    (0..2).for_each(|_| copies.add());
    let stop = Arc::new(AtomicBool::new(false));
    let writing = crate::latency::background(kafka, copies.setup.mentions(), STEADY, &stop);
    wait::pause(Duration::from_secs(10));
    println!("{STEADY} mentions a second, two copies, longest time without a commit:");
    let progress = Progress::new(kafka, copies.setup.prefix(), copies.setup.mentions());
    println!("  nothing changes   {:>6} ms", without_progress(&progress, || ()).as_millis());
    println!("  a third joins     {:>6} ms", without_progress(&progress, || copies.add()).as_millis());
    let (home, mut third) = copies.running.pop().unwrap();
    let leaves = || {
        third.terminate(Duration::from_secs(20));
    };
    println!("  it is stopped     {:>6} ms", without_progress(&progress, leaves).as_millis());
    drop(home);
    let (home, mut second) = copies.running.pop().unwrap();
    println!("  another is killed {:>6} ms", without_progress(&progress, || second.kill()).as_millis());
    drop(home);
    stop.store(true, Ordering::Relaxed);
    writing.join().unwrap();
    copies.stop();
}
