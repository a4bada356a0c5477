//! Two copies on three brokers, while processes are killed, stopped and cut off: every mention is counted once, every
//! incident opens once, and everybody who must be told is told.
//!
//! `ORSZEM_TEST_KILLS=200 bash tests/run --test pipeline cluster` does it for longer, and with
//! `ORSZEM_TEST_FAULT=Broker` in one way only.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rdkafka::config::ClientConfig;
use rdkafka::producer::{BaseProducer, BaseRecord, Producer};
use rustix::process::Signal;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use orszem_runtime::clock;

use crate::support::cluster::Cluster;
use crate::support::doubles::Webhook;
use crate::support::orszem::{Home, Running};
use crate::support::setup::Setup;
use crate::support::wait;

use super::stream;

/// How often something is killed, unless `ORSZEM_TEST_KILLS` says so.
const KILLS: u32 = 20;
const SEED: u64 = 22;
/// Mentions of each probe: enough for its watch to page.
const EACH: usize = 8;
/// Between two probes.
const GAP: Duration = Duration::from_millis(400);
/// A copy that was killed is away for longer than its session, so that the other takes over.
const TAKEN_OVER: Duration = Duration::from_secs(14);

/// What is done to the system, again and again.
#[derive(Clone, Copy, Debug)]
enum Fault {
    /// A copy is killed and starts again at once.
    Kill,
    /// A copy is killed, and the other takes over.
    Lose,
    /// A copy is halted until the other has taken over, and goes on then.
    Zombie,
    /// A broker is killed, and starts again.
    Broker,
    /// One copy reaches no broker for a while.
    CutOff,
    /// Both copies are restarted in order, one after the other, as in an upgrade.
    Rolling,
}

/// Each kind at least once in twenty, and most of them plain kills.
const FAULTS: [Fault; 20] = {
    use Fault::{Broker, CutOff, Kill, Lose, Rolling, Zombie};
    [
        Kill, Kill, Lose, Kill, Rolling, Kill, Zombie, Kill, Kill, Broker, Kill, Kill, Kill, CutOff, Kill, Lose, Kill,
        Kill, Broker, Kill,
    ]
};

fn watch(probe: usize) -> String {
    format!("p{probe}")
}

/// A mention that its watch counts as negative.
fn mention(probe: usize, number: usize, at: i64) -> String {
    format!(r#"{{"id":"{probe}-{number}","published_at":{at},"lang":"en","author":{{"id":"a{number}"}},"#)
        + &format!(r#""text":"zq{probe}probe is a terrible, disgusting and shameful fraud, number {number}"}}"#)
}

fn producer(brokers: &str) -> BaseProducer {
    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", brokers).set("enable.idempotence", "true").set("linger.ms", "5");
    config.create().expect("a producer")
}

struct Copy {
    setup: Setup,
    home: Home,
    running: Running,
}

impl Copy {
    fn start(setup: Setup) -> Copy {
        let home = setup.home();
        let running = launch(&setup, &home);
        Copy { setup, home, running }
    }

    fn restart(&mut self) {
        self.running = launch(&self.setup, &self.home);
    }

    fn wait_ready(&mut self) {
        self.running.wait_ready(&self.setup.url());
    }
}

/// Without a name, as most run it: another copy takes over what a dead one had.
fn launch(_: &Setup, home: &Home) -> Running {
    home.start(&["run"])
}

#[test]
fn deaths_on_three_brokers_lose_no_page_and_count_nothing_twice() {
    let kills = std::env::var("ORSZEM_TEST_KILLS").map_or(KILLS, |kills| kills.parse().expect("a number of kills"));
    let only = std::env::var("ORSZEM_TEST_FAULT").ok();
    let mut random = ChaCha8Rng::seed_from_u64(SEED);
    let mut cluster = Cluster::start();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let hook = runtime.block_on(Webhook::start());
    // More than the probes that fit into the run.
    let probes = 120 * usize::try_from(kills).expect("a number");
    let shared = (0..probes).fold(
        Setup::new("cluster").brokers(&cluster.brokers()).kafka("replication = 3\npartitions = 4"),
        |setup, probe| {
            let outright = "crisis = { negatives = 5, within = \"1h\" }";
            setup.watch_with(&watch(probe), &format!("terms = [\"zq{probe}probe\"]\n{outright}"))
        },
    );
    let shared = shared.webhook("hook", &hook).step(&["hook"], "2h");
    let relayed = shared.copy("cluster-b").brokers(&cluster.relayed());
    let mut copies = [Copy::start(shared.copy("cluster-a")), Copy::start(relayed)];
    copies.iter_mut().for_each(Copy::wait_ready);

    // Probes come evenly, also while something fails.
    let (stop, sent) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let feed = {
        let (producer, topic) = (producer(&cluster.brokers()), shared.mentions().to_owned());
        let (stop, sent) = (Arc::clone(&stop), Arc::clone(&sent));
        std::thread::spawn(move || {
            for probe in 0..probes {
                if stop.load(Ordering::Acquire) {
                    break;
                }
                let at = clock::machine().0;
                for number in 0..EACH {
                    let (key, value) = (format!("{probe}-{number}"), mention(probe, number, at));
                    let record = BaseRecord::to(&topic).key(&key).payload(&value);
                    producer.send(record).map_err(|(fault, _)| fault).expect("room for a record");
                }
                producer.flush(wait::LONG).expect("all are written");
                sent.store(probe + 1, Ordering::Release);
                wait::pause(GAP);
            }
        })
    };
    for number in 0..kills {
        let fault = match &only {
            Some(only) => *FAULTS.iter().find(|fault| format!("{fault:?}") == *only).expect("a kind of fault"),
            None => FAULTS[number as usize % FAULTS.len()],
        };
        wait::pause(Duration::from_millis(random.random_range(300..1_500)));
        let victim = random.random_range(0..copies.len());
        match fault {
            Fault::Kill | Fault::Lose => {
                copies[victim].running.kill();
                if matches!(fault, Fault::Lose) {
                    wait::pause(TAKEN_OVER);
                }
                copies[victim].restart();
            }
            Fault::Zombie => {
                copies[victim].running.signal(Signal::STOP);
                wait::pause(TAKEN_OVER);
                copies[victim].running.signal(Signal::CONT);
            }
            Fault::Broker => {
                let broker = random.random_range(0..cluster.nodes.len());
                cluster.nodes[broker].kill();
                wait::pause(Duration::from_secs(8));
                cluster.nodes[broker].restart();
            }
            Fault::Rolling => {
                for copy in &mut copies {
                    assert!(copy.running.terminate(Duration::from_secs(25)).success(), "{}", copy.running.log());
                    copy.restart();
                    copy.wait_ready();
                }
            }
            Fault::CutOff => {
                cluster.cut(true);
                wait::pause(TAKEN_OVER);
                cluster.cut(false);
            }
        }
        copies.iter_mut().for_each(Copy::wait_ready);
    }
    stop.store(true, Ordering::Release);
    feed.join().expect("the feed");
    let sent = sent.load(Ordering::Acquire);

    let kafka = &cluster.nodes[0];
    stream::wait_judged(kafka, "cluster", shared.mentions());
    let called = || {
        let triggered = hook.events().into_iter().filter(|event| event.body["type"] == "incident.triggered");
        triggered.map(|event| event.body["data"]["incident"].to_string()).collect::<Vec<_>>()
    };
    wait::holds("every probe is paged", stream::THROUGH, || called().len() >= sent);

    let mut counted: BTreeMap<String, u64> = BTreeMap::new();
    for ((watch, _), tally) in stream::tallies(kafka, "cluster") {
        *counted.entry(watch).or_default() += tally.counts.mentions;
    }
    let expected: BTreeMap<String, u64> = (0..sent).map(|probe| (watch(probe), EACH as u64)).collect();
    assert_eq!(counted, expected, "each mention is counted once");
    let mut opened: BTreeMap<String, usize> = BTreeMap::new();
    for incident in stream::incidents(kafka, "cluster").into_values().filter(|incident| incident.signal.pages()) {
        *opened.entry(incident.watch).or_default() += 1;
    }
    assert_eq!(opened, (0..sent).map(|probe| (watch(probe), 1)).collect(), "each incident opens once");
    let mut called = called();
    called.sort();
    called.dedup();
    assert_eq!(called.len(), sent, "each is called for");
    // What is under way to a receiver when a copy dies is sent again, by the same key: the double takes it once.
    println!("{sent} probes, {} messages came again by the same key, in {kills} kills", hook.repeats());
    for copy in &mut copies {
        assert!(copy.running.terminate(Duration::from_secs(25)).success(), "{}", copy.running.log());
    }
}
