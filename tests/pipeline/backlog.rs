//! A backlog is no crisis, and hides none: decisions follow the time of the mentions, not of their delivery.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use orszem_records::incident::Incident;
use orszem_records::time::Timestamp;

use crate::support::doubles::Pagerduty;
use crate::support::orszem::{Home, Running};
use crate::support::setup::{Setup, WATCH};
use crate::support::{kafka, wait};

use super::stream;

const HOUR_MS: i64 = 3_600_000;
/// Three days to learn from, a quiet day, a day with a crisis.
const SIMULATED: [&str; 11] = [
    "simulate",
    "--seed",
    "11",
    "--days",
    "5",
    "--companies",
    "2",
    "--chatter",
    "20",
    "--inject",
    "crisis@veltaro+106h x8 for 3h",
];
/// When the simulation begins.
const START: &str = "2026-03-02T00:00:00Z";
/// So much later comes what the second thread reads: less than the idle time, and more than a thread takes to say again
/// that its partitions are idle.
const APART: Duration = Duration::from_secs(3);

/// No differences.
const NONE: [&str; 0] = [];

/// Partitions of the topic of mentions: one thread reads the first half, another the second.
const PARTITIONS: i32 = 4;

/// A mention, and where it is sent to: the same in each run, because repeats are known by partition.
struct Sent<'a> {
    line: &'a str,
    partition: i32,
}

/// A program of its own, fed from a topic of its own.
struct Run {
    setup: Setup,
    _home: Home,
    orszem: Running,
    pager: Pagerduty,
}

impl Run {
    fn start(name: &str, runtime: &tokio::runtime::Runtime) -> Run {
        let pager = runtime.block_on(Pagerduty::start());
        let setup = Setup::new(name)
            .kafka(&format!("partitions = {PARTITIONS}"))
            .learning("2d")
            .watch(WATCH, &[WATCH])
            .watch("zalkora", &["zalkora"])
            .pagerduty("pager", &pager)
            .step(&["pager"], "30m");
        let (_home, orszem) = setup.start();
        Run { setup, _home, orszem, pager }
    }

    /// Delivers mentions as fast as they go, to the second half of the partitions so much later, and waits until they
    /// are judged and every partition counts as idle.
    fn deliver(&self, mentions: &[Sent<'_>], apart: Duration) -> BTreeMap<String, Incident> {
        let (kafka, prefix, topic) = (kafka::shared(), self.setup.prefix(), self.setup.mentions());
        for partition in 0..PARTITIONS {
            if partition == PARTITIONS / 2 {
                wait::pause(apart);
            }
            let sent = mentions.iter().filter(|sent| sent.partition == partition);
            kafka.produce_to(topic, partition, sent.map(|sent| sent.line));
        }
        stream::wait_judged(kafka, prefix, topic);
        wait::holds("all partitions are idle", stream::THROUGH, || stream::is_idle(kafka, prefix));
        stream::wait_judged(kafka, prefix, topic);
        stream::incidents(kafka, prefix)
    }

    /// The dedup keys at the pager, once everything that pages has been told.
    fn paged(&self) -> Vec<String> {
        let told = || {
            let incidents = stream::incidents(kafka::shared(), self.setup.prefix());
            let paging = incidents.values().filter(|incident| incident.signal.pages());
            paging.clone().all(|incident| incident.told("pager"))
        };
        wait::holds("the pager is told", stream::THROUGH, told);
        let mut keys: Vec<String> = self.pager.incidents().into_iter().map(|incident| incident.dedup_key).collect();
        keys.sort();
        keys
    }
}

/// Where an incident stands in the end: what is told of it, by name.
fn end(incident: &Incident) -> BTreeMap<String, String> {
    let told = serde_json::to_value(&incident.signal).expect("JSON");
    let told = told.as_object().expect("an object").iter().map(|(name, value)| (name.clone(), value.to_string()));
    let course = [("closed", incident.closed.to_string()), ("highest severity", incident.severity.to_string())];
    told.chain(course.map(|(name, value)| (name.to_owned(), value))).collect()
}

/// What is not the same in the end, in a few words each.
fn differences(found: &BTreeMap<String, Incident>, expected: &BTreeMap<String, Incident>) -> Vec<String> {
    let ends = |incidents: &BTreeMap<String, Incident>| -> BTreeMap<(String, String), String> {
        let of = |(id, incident): (&String, &Incident)| {
            let id = id.clone();
            end(incident).into_iter().map(move |(name, value)| ((id.clone(), name), value))
        };
        incidents.iter().flat_map(of).collect()
    };
    let (found, expected) = (ends(found), ends(expected));
    let short = |value: Option<&String>| value.map_or("nothing".into(), |value| value.chars().take(100).collect());
    let names: BTreeSet<_> = found.keys().chain(expected.keys()).collect();
    let differ = names.into_iter().filter(|name| found.get(*name) != expected.get(*name));
    let words = |name: &(String, String)| -> String {
        let [found, expected]: [String; 2] = [&found, &expected].map(|ends| short(ends.get(name)));
        format!("{} {}: {found} and not {expected}", name.0, name.1)
    };
    differ.map(words).collect()
}

#[test]
fn a_days_backlog_in_a_minute_pages_for_its_crisis_only() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let start = Timestamp(START.parse::<jiff::Timestamp>().expect("a time").as_millisecond());
    let simulated = Home::new("").succeed(&SIMULATED);
    let text = String::from_utf8(simulated.stdout).expect("text");
    let day = |line: &str| {
        let mention: serde_json::Value = serde_json::from_str(line).expect("a mention");
        let published = mention["published_at"].as_str().expect("a time").parse::<jiff::Timestamp>();
        Timestamp(published.expect("a time").as_millisecond()).since(start) / (24 * HOUR_MS)
    };
    let mentions: Vec<Sent<'_>> =
        text.lines().zip((0..PARTITIONS).cycle()).map(|(line, partition)| Sent { line, partition }).collect();
    let [learnt, quiet] = [3, 4].map(|days| mentions.partition_point(|sent| day(sent.line) < days));

    let mut backlog = Run::start("backlog", &runtime);
    let before = backlog.deliver(&mentions[..learnt], Duration::ZERO);
    let after = backlog.deliver(&mentions[learnt..quiet], Duration::ZERO);
    assert_eq!(differences(&after, &before), NONE, "a quiet day that came at once is no incident");
    let incidents = backlog.deliver(&mentions[quiet..], Duration::ZERO);

    let crisis = start.plus(106 * HOUR_MS)..start.plus(107 * HOUR_MS);
    let new: Vec<&Incident> = incidents.values().filter(|incident| !after.contains_key(&incident.id.0)).collect();
    let found = new.iter().find(|incident| incident.watch == WATCH && crisis.contains(&incident.signal.opened_at));
    let found = found.unwrap_or_else(|| panic!("the crisis is not among {new:?}"));
    assert!(found.signal.pages() && found.closed, "{found:?}");
    let paged = backlog.paged();
    assert!(paged.contains(&found.id.dedup_key()), "{paged:?}");

    // The same when all five days come at once, and one thread has read its part before the other has anything.
    let mut at_once = Run::start("at-once", &runtime);
    let expected = at_once.deliver(&mentions, APART);
    assert_eq!(differences(&incidents, &expected), NONE);
    assert_eq!(at_once.paged(), paged);
    for run in [&mut backlog, &mut at_once] {
        assert_eq!(run.pager.faults(), Vec::<String>::new());
        assert!(run.orszem.terminate(wait::LONG).success());
    }
}
