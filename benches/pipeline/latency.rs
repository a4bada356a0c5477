//! How long after the mention that tips the scales the page goes out: the program as it is run in earnest, with other
//! mentions in the background.

use rdkafka::producer::{BaseProducer, BaseRecord, Producer};
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use orszem_kafka::producer::BulkWriter;

use crate::support::kafka::Kafka;
use crate::support::setup::Setup;
use crate::support::{http, wait};
use crate::{Mood, mention_of};

/// Watches that break out, one after the other.
const PROBES: u64 = 200;
/// Mentions of a break-out, all sent at once.
const BURST: u64 = 60;
/// Mentions a second in the background; one in ten names a watch.
const BACKGROUND: u64 = 10_000;
/// The background watches.
const OTHERS: u64 = 1000;
/// The past of each probe: one mention in this many minutes for this many days.
const PAST: (u64, u64) = (20, 4);
const TOPIC: &str = "mentions-live";

fn now_ms() -> u64 {
    u64::try_from(std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_millis()).unwrap()
}

fn name(probe: u64) -> String {
    format!("probe{probe:03}")
}

/// When the first request about each watch came in.
type Heard = Arc<Mutex<HashMap<String, Instant>>>;

/// A webhook receiver that notes the time.
async fn listen(heard: Heard) -> std::net::SocketAddr {
    let hook = move |body: axum::Json<serde_json::Value>| async move {
        let at = Instant::now();
        if let Some(watch) = body.0["data"]["watch"].as_str() {
            heard.lock().unwrap().entry(watch.to_owned()).or_insert(at);
        }
    };
    let router = axum::Router::new().route("/hook", axum::routing::post(hook));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    address
}

/// Watches that page the hook, and those of the background, which do not.
fn setup(kafka: &Kafka, hook: std::net::SocketAddr) -> Setup {
    let others: String =
        (0..OTHERS).map(|n| format!("[[watch]]\nname = \"brand{n}\"\nterms = [\"brand{n}\"]\n")).collect();
    let setup = Setup::new("live").brokers(&kafka.brokers()).reading(TOPIC).with(&others);
    let setup = setup.webhook_at("hook", &format!("http://{hook}/hook")).step(&["hook"], "1h");
    (0..PROBES).map(name).fold(setup, |setup, probe| setup.watch(&probe, &[&probe]))
}

/// Mentions at a steady rate a second until told to stop. They come from everywhere at once, so none waits for another.
pub(crate) fn background(
    kafka: &Kafka,
    topic: &str,
    rate: u64,
    stop: &Arc<AtomicBool>,
) -> std::thread::JoinHandle<u64> {
    let settings = orszem_core::settings::Kafka { brokers: kafka.brokers(), ..Default::default() };
    let (stop, topic) = (Arc::clone(stop), topic.to_owned());
    std::thread::spawn(move || {
        let mut writer = BulkWriter::new(&settings, &topic).unwrap();
        let began = Instant::now();
        let mut written = 0;
        while !stop.load(Ordering::Relaxed) {
            let due = u64::try_from(began.elapsed().as_millis()).unwrap() * rate / 1000;
            while written < due {
                let word = if written % 10 == 0 { "brand" } else { "thing" };
                let of = format!("{word}{}", crate::random(written) % OTHERS);
                writer.write(None, mention_of(&of, Mood::Any, written, now_ms()).as_bytes()).unwrap();
                written += 1;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        writer.finish(Duration::from_secs(10));
        written
    })
}

pub(crate) fn latency(kafka: &Kafka) {
    kafka.create_topic(
        TOPIC,
        crate::PARTITIONS,
        &[("message.timestamp.type", "LogAppendTime"), ("retention.ms", "-1")],
    );
    let heard = Heard::default();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let hook = runtime.block_on(listen(Arc::clone(&heard)));
    let setup = setup(kafka, hook);
    let home = setup.home();
    let mut orszem = home.start(&["run"]);
    orszem.wait_ready(&setup.url());

    // A quiet past for the probes, in order of time.
    let (minutes, days) = PAST;
    let (end, rounds) = (now_ms() - 60_000, days * 24 * 60 / minutes);
    let past = (0..rounds).flat_map(|round| {
        let at = end - (rounds - round) * minutes * 60_000;
        (0..PROBES).map(move |probe| {
            mention_of(&name(probe), Mood::Any, 1_000_000_000 + round * PROBES + probe, at + probe * 1000)
        })
    });
    kafka.produce(TOPIC, past);
    let stop = Arc::new(AtomicBool::new(false));
    let writing = background(kafka, TOPIC, BACKGROUND, &stop);
    let metrics = format!("{}/metrics", setup.url());
    wait::holds("the past is learnt", Duration::from_secs(300), || {
        let metrics = http::get(&metrics).map(|answer| answer.body).unwrap_or_default();
        let knows = |line: &&str| line.starts_with("orszem_watch_learning{watch=\"probe") && line.ends_with(" 0");
        metrics.lines().filter(knows).count() as u64 == PROBES
    });
    wait::pause(Duration::from_secs(5));

    let producer: BaseProducer = kafka.client().set("linger.ms", "0").create().unwrap();
    let mut sent = HashMap::new();
    for probe in 0..PROBES {
        let at = now_ms();
        // Before the first is sent: what the producer takes is in the figure.
        sent.insert(name(probe), Instant::now());
        for n in 0..BURST {
            // Two in three are negative. What may turn out to be joy waits until its minute is complete.
            let mood = if n % 3 == 0 { Mood::Neutral } else { Mood::Angry };
            let mention = mention_of(&name(probe), mood, 2_000_000_000 + probe * BURST + n, at);
            producer.send(BaseRecord::<(), str>::to(TOPIC).payload(&mention)).unwrap();
        }
        producer.flush(Duration::from_secs(10)).unwrap();
        // Never in step with the commits.
        wait::pause(Duration::from_millis(150 + crate::random(probe) % 200));
    }
    let told = |heard: &Heard| sent.keys().filter(|watch| heard.lock().unwrap().contains_key(*watch)).count();
    wait::until_or(Duration::from_secs(60), || (told(&heard) == sent.len()).then_some(()));
    stop.store(true, Ordering::Relaxed);
    let written = writing.join().unwrap();

    let heard = heard.lock().unwrap();
    let mut took: Vec<Duration> =
        sent.iter().filter_map(|(watch, sent)| Some(heard.get(watch)?.saturating_duration_since(*sent))).collect();
    took.sort();
    let at = |share: f64| took[((took.len() - 1) as f64 * share).ceil() as usize].as_secs_f64() * 1000.0;
    println!(
        "{BURST} mentions sent at once -> request at the receiver, {} of {PROBES} break-outs paged,\n\
         {BACKGROUND} mentions/s in the background ({written} in all):\n  p50 {:.0} ms   p99 {:.0} ms   max {:.0} ms",
        took.len(),
        at(0.5),
        at(0.99),
        at(1.0)
    );
    orszem.terminate(Duration::from_secs(10));
}
