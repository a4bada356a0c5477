//! What a process that dies leaves to the next: everything.

use rand::{RngExt, SeedableRng};
use std::collections::BTreeMap;
use std::time::Duration;

use orszem_records::incident::Incident;
use orszem_records::signal::Kind;

use crate::support::doubles::Pagerduty;
use crate::support::orszem::Home;
use crate::support::setup::{Setup, WATCH};
use crate::support::{kafka, wait};

use super::stream;

/// How often the program is killed, at moments that this seed fixes.
const KILLS: (u32, u64) = (20, 7);
/// Two weeks in two minutes: the stream goes on while the program dies.
const SPEED: &str = "10000x";

fn setup(prefix: &str, pager: &Pagerduty) -> Setup {
    let setup = Setup::new(prefix).with("[detect]\nsnapshot_interval = \"2s\"\n");
    setup.pagerduty("pager", pager).step(&["pager"], "30m")
}

/// What must be the same whatever happened on the way: the end of every incident that has ended.
fn ended(incidents: &BTreeMap<String, Incident>) -> BTreeMap<&str, String> {
    let ended = incidents.values().filter(|incident| incident.closed);
    ended.map(|incident| (incident.id.0.as_str(), format!("{} {:?}", incident.severity, incident.signal))).collect()
}

#[test]
fn twenty_deaths_change_no_count_and_lose_no_page() {
    let kafka = kafka::shared();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let (calm, torn) = runtime.block_on(async { (Pagerduty::start().await, Pagerduty::start().await) });
    let simulated = ["simulate", "--seed", "3", "--days", "14", "--rate", "0.5"];
    let watches = Home::new("").succeed(&[&simulated[..], &["--watches"]].concat());
    let watches =
        String::from_utf8(watches.stdout).expect("text").replace("\nterms =", "\nescalation = \"all\"\nterms =");

    // When a partition is idle the clock decides, so what is told of the feed itself may differ; nobody is told of it
    // here.
    let of_watches = |prefix: &str| {
        let mut incidents = stream::incidents(kafka, prefix);
        incidents.retain(|_, incident| incident.signal.kind != Kind::NoData);
        incidents
    };
    let settled = |prefix: &str| {
        let incidents = of_watches(prefix);
        incidents.values().all(|incident| {
            let answered = incident.messages.iter().all(|message| message.outcome.is_some());
            answered && (!incident.messages.is_empty() || !incident.signal.pages())
        })
    };

    // Disturbed, while the stream is written.
    let disturbed = setup("torn", &torn).reading("crash").with(&watches);
    let home = disturbed.home();
    let stream = home.path().join("stream.jsonl");
    let stream = stream.to_str().expect("a path");
    home.succeed(&[&simulated[..], &["-o", stream]].concat());
    let mut random = rand_chacha::ChaCha8Rng::seed_from_u64(KILLS.1);
    let mut orszem = disturbed.start_in(&home);
    let mut replay = home.start(&["replay", stream, "--speed", SPEED]);
    let mut midway = 0;
    for _ in 0..KILLS.0 {
        orszem.wait_ready(&disturbed.url());
        wait::pause(Duration::from_millis(random.random_range(0..400)));
        orszem.kill();
        midway += u32::from(replay.ended().is_none());
        orszem = disturbed.launch(&home);
    }
    assert!(midway >= KILLS.0 / 2, "only {midway} deaths were in the middle of it");
    assert!(replay.wait(stream::THROUGH).success());
    stream::wait_judged(kafka, "torn", "crash");
    wait::holds("everybody is told", stream::THROUGH, || settled("torn"));
    assert!(orszem.terminate(Duration::from_secs(10)).success());

    // Undisturbed, all at once.
    let undisturbed = setup("calm", &calm).reading("crash").with(&watches);
    let home = undisturbed.home();
    let mut orszem = undisturbed.launch(&home);
    stream::wait_judged(kafka, "calm", "crash");
    wait::holds("everybody is told", stream::THROUGH, || settled("calm"));

    let (tallies, expected) = (stream::tallies(kafka, "torn"), stream::tallies(kafka, "calm"));
    assert_eq!(tallies.len(), expected.len());
    for (key, tally) in &expected {
        assert_eq!(tallies.get(key), Some(tally), "{key:?}");
    }
    let (incidents, expected) = (of_watches("torn"), of_watches("calm"));
    assert_eq!(incidents.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>());
    assert!(!ended(&expected).is_empty());
    for (id, end) in ended(&expected) {
        let found = ended(&incidents).remove(id);
        assert!(found.as_ref() == Some(&end), "{id}: {found:.600?}\nbut undisturbed {end:.600}");
    }
    // At least one page for each, and PagerDuty made one incident of all of them.
    let pages = |pager: &Pagerduty| {
        let mut keys: Vec<String> = pager.incidents().into_iter().map(|incident| incident.dedup_key).collect();
        keys.sort();
        keys
    };
    assert_eq!(pages(&torn), pages(&calm));
    assert_eq!(torn.faults(), Vec::<String>::new());
    assert!(orszem.terminate(Duration::from_secs(10)).success());
}

/// A group that moves partitions in two rounds (cooperative) leaves, when it dies between them, the moved ones with
/// nobody: the broker takes members with a name back without a third round.
#[test]
fn a_death_while_partitions_move_leaves_none_unread() {
    let kafka = kafka::shared();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let pager = runtime.block_on(Pagerduty::start());
    let shared = setup("between", &pager).watch(WATCH, &[WATCH]);
    let setups = ["between-a", "between-b"].map(|instance| shared.copy(instance));
    let homes = setups.each_ref().map(Setup::home);
    let start = |copy: usize| setups[copy].launch(&homes[copy]);
    let mut first = setups[0].start_in(&homes[0]);
    let mut second = start(1);
    first.wait_log("partitions revoked stage=\"score\"");
    first.kill();
    second.kill();
    let mut copies = [start(0), start(1)];
    for (copy, setup) in copies.iter_mut().zip(&setups) {
        copy.wait_ready(&setup.url());
    }
    let mentions: Vec<String> = (0..400)
        .map(|n| format!(r#"{{"id":"{n}","published_at":"2026-03-10T00:00:00Z","text":"veltaro {n}"}}"#))
        .collect();
    kafka.produce(shared.mentions(), mentions.iter().map(String::as_str));
    stream::wait_judged(kafka, "between", shared.mentions());
    assert_eq!(stream::tallies(kafka, "between").values().map(|tally| tally.counts.mentions).sum::<u64>(), 400);
    for copy in &mut copies {
        assert!(copy.terminate(Duration::from_secs(10)).success());
    }
}
