//! A backlog is no crisis, and hides none: decisions follow the time of the mentions, not of their delivery.

use std::collections::BTreeMap;
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
/// A partition without news for this long is set aside.
const IDLE: Duration = Duration::from_secs(2);

/// A program of its own, fed from a topic of its own.
struct Run {
    setup: Setup,
    home: Home,
    orszem: Running,
    pager: Pagerduty,
}

impl Run {
    fn start(name: &str, runtime: &tokio::runtime::Runtime) -> Run {
        let pager = runtime.block_on(Pagerduty::start());
        let setup = Setup::new(name)
            .learning("2d")
            .with(&format!("[score]\nidle_after = \"{}s\"\n", IDLE.as_secs()))
            .watch(WATCH, &[WATCH])
            .watch("zalkora", &["zalkora"])
            .pagerduty("pager", &pager)
            .step(&["pager"], "30m");
        let (home, orszem) = setup.start();
        Run { setup, home, orszem, pager }
    }

    /// Delivers lines as fast as they go, and waits until they are judged and every partition counts as idle.
    fn deliver(&self, lines: &[&str]) -> BTreeMap<String, Incident> {
        self.home.replay(&lines.concat());
        let (kafka, prefix, topic) = (kafka::shared(), self.setup.prefix(), self.setup.mentions());
        stream::wait_judged(kafka, prefix, topic);
        // What idleness lets pass comes with one more watermark.
        wait::pause(IDLE + Duration::from_secs(2));
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

/// Where each incident stands in the end.
fn ends(incidents: &BTreeMap<String, Incident>) -> BTreeMap<&str, String> {
    let end = |incident: &Incident| format!("{} {} {:?}", incident.closed, incident.severity, incident.signal);
    incidents.values().map(|incident| (incident.id.0.as_str(), end(incident))).collect()
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
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let (learnt, quiet) = (lines.partition_point(|line| day(line) < 3), lines.partition_point(|line| day(line) < 4));

    let mut backlog = Run::start("backlog", &runtime);
    let before = backlog.deliver(&lines[..learnt]);
    let after = backlog.deliver(&lines[learnt..quiet]);
    assert_eq!(ends(&after), ends(&before), "a quiet day that came at once is no incident");
    let incidents = backlog.deliver(&lines[quiet..]);

    let crisis = start.plus(106 * HOUR_MS)..start.plus(107 * HOUR_MS);
    let new: Vec<&Incident> = incidents.values().filter(|incident| !after.contains_key(&incident.id.0)).collect();
    let found = new.iter().find(|incident| incident.watch == WATCH && crisis.contains(&incident.signal.opened_at));
    let found = found.unwrap_or_else(|| panic!("the crisis is not among {new:?}"));
    assert!(found.signal.pages() && found.closed, "{found:?}");
    let paged = backlog.paged();
    assert!(paged.contains(&found.id.dedup_key()), "{paged:?}");

    // The same when all five days come at once.
    let mut at_once = Run::start("at-once", &runtime);
    let expected = at_once.deliver(&lines);
    assert_eq!(ends(&incidents), ends(&expected));
    assert_eq!(at_once.paged(), paged);
    for run in [&mut backlog, &mut at_once] {
        assert_eq!(run.pager.faults(), Vec::<String>::new());
        assert!(run.orszem.terminate(wait::LONG).success());
    }
}
