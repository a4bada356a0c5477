//! What the score stage costs against a real Kafka, in one run on one machine: draining, draining and parsing, and the
//! whole stage with its transactions.
//!
//! `cargo bench --bench pipeline [-- shares|throughput|memory|latency|copies]`; needs what `bash tests/run --setup`
//! sets up.

#![allow(
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::unwrap_used,
    missing_docs,
    reason = "a bench measures time and prints"
)]

#[path = "pipeline/copies.rs"]
mod copies;
#[path = "feed.rs"]
mod feed;
#[path = "pipeline/latency.rs"]
mod latency;
#[path = "pipeline/shares.rs"]
mod shares;
#[path = "../tests/support/mod.rs"]
mod support;

use feed::random;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::message::Message;
use std::sync::Arc;
use std::time::{Duration, Instant};

use orszem_core::settings::Config;
use orszem_kafka::{topics, worker};
use orszem_runtime::lifecycle::{Health, Shutdown};
use orszem_runtime::live_config::ConfigReader;
use orszem_runtime::startup::Startup;
use orszem_stages::score::metrics::scored;
use orszem_stages::watches::CurrentWatches;
use orszem_text::sentiment::Models;
use support::kafka::Kafka;
use support::setup::Setup;

/// Mentions in the topics of the first part.
const MENTIONS: u64 = 3_000_000;
/// Mentions of the run that memory is watched over.
const LONG: u64 = 10_000_000;
const PARTITIONS: i32 = 4;
/// Event time runs at this many mentions a second.
const PER_SECOND: u64 = 10_000;

fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    let runs = |name: &str| wanted.is_empty() || wanted.iter().any(|wanted| wanted == name);
    let kafka = Kafka::start();
    if runs("shares") {
        shares::shares(&kafka);
    }
    if runs("throughput") {
        throughput(&kafka);
    }
    if runs("memory") {
        memory(&kafka);
    }
    if runs("latency") {
        latency::latency(&kafka);
    }
    if runs("copies") {
        copies::copies(&kafka);
    }
}

/// A mention of about 450 bytes. `watches` names are in use; one in `every` mentions names one of them.
fn mention(number: u64, watches: u64, every: u64) -> String {
    let random = random(number);
    let name = if number.is_multiple_of(every) {
        format!("brand{}", random % watches)
    } else {
        format!("thing{}", random % 5000)
    };
    mention_of(&name, Mood::Any, number, 1_767_225_600_000 + number * 1000 / PER_SECOND)
}

/// How a mention speaks of the watched name.
#[derive(Clone, Copy)]
enum Mood {
    Angry,
    Neutral,
    /// One of four, by the mention's number.
    Any,
}

/// A mention of `name` at a time in ms since 1970.
fn mention_of(name: &str, mood: Mood, number: u64, at: u64) -> String {
    let random = random(number);
    let moods = [
        "was terrible again and I am angry about",
        "was fine, thanks, nothing to say about",
        "arrived on",
        "made my day, great work by",
    ];
    let mood = match mood {
        Mood::Angry => moods[0],
        Mood::Neutral => moods[2],
        Mood::Any => moods[(random % 4) as usize],
    };
    format!(
        r#"{{"id":"x:{number}","published_at":{at},"source":"x","lang":"en","text":"So the parcel that {name} promised for last week {mood} the people at the counter, who knew of no order {random} at all https://t.co/{random:x}","author":{{"id":"{author}","name":"Somebody {author}","followers":{followers},"verified":false,"location":"Budapest"}},"url":"https://x.example/status/{number}","engagement":{{"likes":{followers},"replies":3}}}}"#,
        author = random % 100_000,
        followers = random % 3_000,
    )
}

fn fill(kafka: &Kafka, topic: &str, mentions: u64, watches: u64, every: u64) {
    kafka.create_topic(topic, PARTITIONS, &[("message.timestamp.type", "LogAppendTime"), ("retention.ms", "-1")]);
    kafka.produce(topic, (0..mentions).map(|number| mention(number, watches, every)));
}

/// User and system time of this process so far. The broker is another process.
fn cpu() -> Duration {
    cpu_of("self")
}

/// User and system time of a process so far.
fn cpu_of(process: &str) -> Duration {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    let ticks: u64 = fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap();
    Duration::from_millis(ticks * 10)
}

struct Measured {
    rate: f64,
    cpu_us: f64,
}

/// Measures from the first record on: joining a group takes its time with every reader.
struct Stopwatch {
    began: Option<(Instant, Duration)>,
}

impl Stopwatch {
    fn begin(&mut self) {
        if self.began.is_none() {
            self.began = Some((Instant::now(), cpu()));
        }
    }

    fn end(self, mentions: u64) -> Measured {
        let (began, cpu_began) = self.began.unwrap();
        let (took, cpu_took) = (began.elapsed(), cpu() - cpu_began);
        Measured { rate: mentions as f64 / took.as_secs_f64(), cpu_us: cpu_took.as_secs_f64() * 1e6 / mentions as f64 }
    }
}

/// What reading and parsing cost alone.
fn drain_and_parse(kafka: &Kafka, topic: &str, mentions: u64) -> Measured {
    drain(kafka, topic, mentions, |value| {
        std::hint::black_box(orszem_records::mention::parse(value, 256 * 1024).unwrap());
    })
}

/// One consumer, tuned as that of the stage, from beginning to end.
fn drain(kafka: &Kafka, topic: &str, mentions: u64, mut each: impl FnMut(&[u8])) -> Measured {
    let mut stopwatch = Stopwatch { began: None };
    let mut config = kafka.client();
    config
        .set("group.id", format!("drain-{topic}"))
        .set("enable.auto.commit", "false")
        .set("auto.offset.reset", "earliest")
        .set("fetch.queue.backoff.ms", "2")
        .set("queued.min.messages", "1000000")
        .set("queued.max.messages.kbytes", "32768");
    let consumer: BaseConsumer = config.create().unwrap();
    consumer.subscribe(&[topic]).unwrap();
    let mut seen = 0;
    while seen < mentions {
        if let Some(Ok(message)) = consumer.poll(Duration::from_millis(100)) {
            stopwatch.begin();
            each(message.payload().unwrap_or_default());
            seen += 1;
        }
    }
    stopwatch.end(mentions)
}

/// A watch: its name and its terms.
type Named = (String, Vec<String>);

/// The watches of [`mention`].
fn brands(count: u64) -> Vec<Named> {
    (0..count).map(|n| format!("brand{n}")).map(|name| (name.clone(), vec![name])).collect()
}

fn config(kafka: &Kafka, topic: &str, prefix: &str, watches: &[Named]) -> Config {
    let setup =
        Setup::new(prefix).brokers(&kafka.brokers()).reading(topic).kafka(&format!("partitions = {PARTITIONS}"));
    let watch =
        |setup: Setup, (name, terms): &Named| setup.watch(name, &terms.iter().map(String::as_str).collect::<Vec<_>>());
    toml::from_str(&watches.iter().fold(setup, watch).config()).unwrap()
}

/// The whole stage, from when its threads have their partitions until the last mention is committed.
fn score(
    kafka: &Kafka,
    topic: &str,
    (prefix, watches): (&str, &[Named]),
    mentions: u64,
    mut meanwhile: impl FnMut(),
) -> Measured {
    let config = Arc::new(config(kafka, topic, prefix, watches));
    topics::ensure(&config.kafka, &config.topics(), &Shutdown::new(), &Startup::default()).unwrap();
    let (shutdown, health) = (Shutdown::new(), Health::new());
    let watches =
        CurrentWatches::new(ConfigReader::fixed(Config::clone(&config)), Arc::new(Models::shipped().unwrap())).unwrap();
    // Counted at each commit.
    let before = scored();
    let spawn = |thread| {
        let (kafka, topic) = (config.kafka.clone(), topic.to_owned());
        let settings = worker::Settings { stage: "score", thread, kafka, topic, team: None, instance: None };
        let worker = orszem_stages::score::Worker::new(watches.clone(), &config.kafka.mentions, PARTITIONS).unwrap();
        worker::spawn(settings, || worker, shutdown.clone(), &health).unwrap()
    };
    let threads: Vec<_> = (0..config.score.threads).map(spawn).collect();
    let mut stopwatch = Stopwatch { began: None };
    // Joining a group takes seconds of waiting: measured is what is scored once every thread has its share.
    let mut begun_at = before;
    while scored() < before + mentions {
        if stopwatch.began.is_none() && health.ready() {
            begun_at = scored();
            stopwatch.begin();
        }
        meanwhile();
        std::thread::sleep(Duration::from_millis(5));
    }
    let measured = stopwatch.end(before + mentions - begun_at);
    shutdown.trigger();
    threads.into_iter().for_each(|thread| thread.join().unwrap());
    measured
}

fn throughput(kafka: &Kafka) {
    println!("{MENTIONS} mentions of {} bytes, {PARTITIONS} partitions, lz4", mention(12_345, 1000, 1).len());
    println!("{:<44} {:>12} {:>10} {:>8}", "", "mentions/s", "CPU µs", "ratio");
    for (matching, every) in [("10 %", 10), ("100 %", 1)] {
        let topic = format!("mentions-{every}");
        fill(kafka, &topic, MENTIONS, 1000, every);
        drain(kafka, &topic, MENTIONS, |_| {});
        let drained = drain(kafka, &topic, MENTIONS, |_| {});
        let parsed = drain_and_parse(kafka, &topic, MENTIONS);
        let line = |what: String, measured: &Measured| {
            println!(
                "{what:<44} {:>12.0} {:>10.2} {:>8.2}",
                measured.rate,
                measured.cpu_us,
                measured.rate / parsed.rate
            );
        };
        line(format!("drain ({matching} matching)"), &drained);
        line("drain and parse".into(), &parsed);
        for watches in [10, 1000, 10_000] {
            let prefix = format!("b{every}w{watches}");
            let scored = score(kafka, &topic, (&prefix, &brands(watches)), MENTIONS, || {});
            line(format!("score, {watches} watches"), &scored);
        }
    }
}

fn memory(kafka: &Kafka) {
    let resident = || -> u64 {
        let status = std::fs::read_to_string("/proc/self/status").unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1024
    };
    fill(kafka, "mentions-long", LONG, 1000, 10);
    let mut readings = Vec::new();
    let began = Instant::now();
    score(kafka, "mentions-long", ("long", &brands(1000)), LONG, || readings.push((began.elapsed(), resident())));
    println!("resident memory over {LONG} mentions:");
    for tenth in 1..=10 {
        let (at, mib) = readings[(readings.len() - 1) * tenth / 10];
        println!("  {:>6.1} s {mib:>6} MiB", at.as_secs_f64());
    }
}
