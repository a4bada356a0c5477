//! A drill and a real crisis at once, and the decider killed in the middle: the real one is on time, and nothing is
//! mixed.

use std::collections::BTreeMap;

use serde_json::Value;

use orszem_records::incident::{Incident, State};
use orszem_records::ledger::{Action, Entry, Event};
use orszem_records::signal::{Kind, Phase, Signal};
use orszem_records::time::Timestamp;

use crate::support::doubles::Webhook;
use crate::support::kafka::Kafka;
use crate::support::orszem::{Home, Running};
use crate::support::setup::{Setup, WATCH};
use crate::support::{http, kafka, wait};

use super::stream;

/// After this time the second step is due, in ms.
const ACKNOWLEDGE_MS: i64 = 40_000;
/// How much later it may come: the next decider is there by then.
const LATE_MS: i64 = 15_000;

/// One of the copies.
struct Copy {
    setup: Setup,
    home: Home,
    running: Running,
}

impl Copy {
    fn metrics(&self) -> String {
        http::get(&format!("{}/metrics", self.setup.url())).map(|answer| answer.body).unwrap_or_default()
    }

    fn decides(&self) -> bool {
        let line = "orszem_partitions_assigned{stage=\"respond\"} ";
        let metrics = self.metrics();
        metrics.lines().find_map(|metric| metric.strip_prefix(line)).is_some_and(|value| value.trim() != "0")
    }
}

/// What is seen in the drill, a line each: it opens, grows after 10 s, and is over after 75 s.
fn course() -> String {
    let signal = |phase, at, observed| Signal { observed, ..Signal::plain(phase, Kind::Volume, Timestamp(at)) };
    let signals = [signal(Phase::Opened, 0, 50), signal(Phase::Updated, 10_000, 400), signal(Phase::Closed, 75_000, 0)];
    signals.map(|signal| serde_json::to_string(&signal).expect("JSON") + "\n").concat()
}

/// The messages of a kind, by incident; whether each is a drill is asserted beside it.
fn messages(hook: &Webhook, kind: &str) -> BTreeMap<String, Vec<Value>> {
    let mut messages: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for event in hook.events().into_iter().filter(|event| event.body["type"] == kind) {
        let data = event.body["data"].clone();
        let id = data["incident"].as_str().expect("an id").to_owned();
        let drill = id.contains(".drill-");
        assert_eq!(data["drill"], drill, "{id}");
        let headline = data["headline"].as_str().expect("a headline");
        assert_eq!(headline.starts_with("DRILL: "), drill, "{headline}");
        assert_eq!(data["others"], serde_json::json!([]), "a message tells of two incidents");
        messages.entry(id).or_default().push(data);
    }
    messages
}

/// The incidents of the ledger that somebody was called for: the drill, and the real one.
fn both(kafka: &Kafka) -> Option<(Incident, Incident)> {
    let incidents = stream::incidents(kafka, "drills");
    let called = |drill: bool| {
        let mut called =
            incidents.values().filter(|incident| incident.is_drill() == drill && !incident.messages.is_empty());
        let first = called.next().cloned();
        assert!(called.next().is_none(), "there are two, drill: {drill}");
        first
    };
    Some((called(true)?, called(false)?))
}

/// When the first call of a step was begun, by its number.
fn steps(incident: &Incident) -> BTreeMap<u32, Timestamp> {
    let calls = incident.messages.iter().filter(|message| message.attempt.action == Action::Trigger);
    let mut steps = BTreeMap::new();
    for call in calls {
        assert!(steps.insert(call.attempt.step, call.first_at).is_none(), "called twice: {call:?}");
    }
    steps
}

#[test]
fn a_drill_and_a_real_crisis_at_once_and_the_death_of_the_decider_between_them() {
    let kafka = kafka::shared();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let (first, second) = runtime.block_on(async { (Webhook::start().await, Webhook::start().await) });
    let shared = Setup::for_crisis("drills").webhook("first", &first).webhook("second", &second);
    let shared = shared.step(&["first"], &format!("{ACKNOWLEDGE_MS}ms")).step(&["second"], "2h");
    let mut copies = ["drills-a", "drills-b"].map(|name| {
        let setup = shared.copy(name);
        let home = setup.home();
        Copy { running: setup.launch(&home), setup, home }
    });
    for copy in &mut copies {
        let url = copy.setup.url();
        copy.running.wait_ready(&url);
    }
    wait::holds("one of them decides", stream::THROUGH, || copies.iter().filter(|copy| copy.decides()).count() == 1);

    let home = &copies[0].home;
    std::fs::write(home.path().join("course.jsonl"), course()).expect("a file");
    let said = home.succeed(&["drill", "course.jsonl", "--watch", WATCH, "--by", "Anna"]);
    let said = String::from_utf8(said.stdout).expect("text");
    let id = said.split(':').next().expect("an id").to_owned();
    wait::holds("the drill is told", stream::THROUGH, || messages(&first, "incident.triggered").len() == 1);
    copies[0].setup.deliver_crisis(kafka, |_, _| {});
    wait::holds("the real one is told beside it", stream::THROUGH, || {
        messages(&first, "incident.triggered").len() == 2
    });

    let victim = copies.iter().position(Copy::decides).expect("a decider");
    copies[victim].running.kill();
    let survivor = &copies[1 - victim];
    wait::holds("both have their second step", stream::THROUGH, || messages(&second, "incident.triggered").len() == 2);
    wait::holds("the ledger says so", stream::THROUGH, || {
        both(kafka).is_some_and(|(drill, real)| steps(&drill).len() == 2 && steps(&real).len() == 2)
    });

    // Who has the drill does not have the other.
    let (drill, real) = both(kafka).expect("both");
    assert_eq!(drill.id.0, format!("{WATCH}.drill-{id}"));
    let link = messages(&first, "incident.triggered")[&drill.id.0][0]["link"].as_str().expect("a link").to_owned();
    let query = link.split_once('?').expect("a signed link").1;
    let fields: Vec<(&str, &str)> = query.split('&').filter_map(|pair| pair.split_once('=')).collect();
    let address = format!("{}/incidents/{}/acknowledge", survivor.setup.url(), drill.id.0);
    let answer = http::post_form(&address, &fields).expect("an answer");
    assert!(answer.status == 303 || answer.status == 200, "{} {}", answer.status, answer.body);
    wait::holds("the drill is acknowledged, and over at its time", stream::THROUGH, || {
        both(kafka).is_some_and(|(drill, _)| drill.acknowledged.is_some() && drill.closed)
    });
    let (drill, real_now) = both(kafka).expect("both");
    assert_eq!(real_now.state(), State::Open, "the real one is touched");

    // The next decider went on where the dead one was: every signal is there once.
    let phases: Vec<Phase> = kafka
        .read("drills.ledger")
        .iter()
        .filter_map(|record| serde_json::from_str::<Entry>(&record.text()).ok())
        .filter(|entry| entry.incident == drill.id)
        .filter_map(|entry| if let Event::Signal(signal) = entry.event { Some(signal.phase) } else { None })
        .collect();
    assert_eq!(phases, [Phase::Opened, Phase::Updated, Phase::Closed]);
    // On time, and on the clock that the dead one began.
    let begun = steps(&real);
    let apart = begun[&1].since(begun[&0]);
    let on_time = ACKNOWLEDGE_MS..ACKNOWLEDGE_MS + LATE_MS;
    assert!(on_time.contains(&apart), "step 2 came {apart} ms after step 1");
    let late = steps(&drill)[&1].since(begun[&1]);
    println!("the real one's second step came {apart} ms after its first, the drill's {late} ms after that");
    assert_eq!((first.repeats(), second.repeats()), (0, 0));

    let open = |state: &str| format!("orszem_incidents_open{{state=\"{state}\",watch=\"{WATCH}\"}} ");
    let metrics = survivor.metrics();
    let count = |state: &str| metrics.lines().find_map(|line| line.strip_prefix(&open(state))).map(str::trim);
    assert_eq!((count("open"), count("acknowledged").unwrap_or("0")), (Some("1"), "0"), "{metrics}");

    let report = survivor.home.succeed(&["drill", "report", &id]).stdout;
    let report = String::from_utf8(report).expect("text");
    for part in ["First message arrived: after 0:", "Acknowledged: after ", "  first: called after 0:0", "  second: "] {
        assert!(report.contains(part), "{part} is not in\n{report}");
    }
    let list = String::from_utf8(survivor.home.succeed(&["drill", "list"]).stdout).expect("text");
    assert!(list.contains(&id) && list.contains("over"), "{list}");
}
