//! The canary against real Kafka: it comes out at a receiver that answers, and only then is the switch outside called.

use rustix::process::Signal;
use std::time::Duration;

use orszem_records::canary::{self, Canary, Passed};

use crate::support::doubles::{Webhook, script::Answer};
use crate::support::setup::{Setup, WATCH};
use crate::support::switch::Switch;
use crate::support::{http, kafka, wait};

const CANARY: &str = "[canary]\nreceiver = \"quiet\"\nping = \"env:PING_URL\"\nevery = \"30s\"\nwithin = \"15s\"\n\
                      allow_private = true\n";
/// Longer than from one canary to the next, with the time that one takes.
const NEXT: Duration = Duration::from_secs(50);

/// A metric of the copy at this address; 0 where it is not there.
fn metric(setup: &Setup, line: &str) -> f64 {
    let metrics = http::get(&format!("{}/metrics", setup.url())).expect("an answer").body;
    let value = metrics.lines().find_map(|metric| metric.strip_prefix(line)?.strip_prefix(' ').map(str::to_owned));
    value.map_or(0.0, |value| value.parse().expect("a number"))
}

#[test]
fn the_switch_is_called_only_for_what_came_the_whole_way() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let (hook, switch) = (runtime.block_on(Webhook::start()), Switch::start());
    let decides = Setup::new("canary").kafka("partitions = 2").watch(WATCH, &[WATCH]).webhook("quiet", &hook);
    let decides = decides.receiver("tty", "console", "").step(&["tty"], "1h").with(CANARY);
    let finds = decides.copy("canary-finds");
    let homes = [&decides, &finds].map(|setup| setup.home().with("PING_URL", switch.url()));
    let mut finder = homes[1].start(&["run", "--instance", "finds", "--stage", "score", "--stage", "detect"]);
    let mut decider = homes[0].start(&["run", "--instance", "decides", "--stage", "respond"]);
    finder.wait_ready(&finds.url());
    decider.wait_ready(&decides.url());

    wait::holds("the switch is called", wait::LONG, || switch.calls() == 1);
    assert_eq!(hook.events().len(), 1, "{:?}", hook.faults());
    let body = hook.events()[0].body.to_string();
    assert!(body.contains("The way of messages works") && body.contains("\"type\":\"message\""), "{body}");
    for (setup, passed) in
        [(&decides, "sent"), (&finds, "score"), (&finds, "detect"), (&decides, "respond"), (&decides, "receiver")]
    {
        let line = format!("orszem_canaries_total{{passed=\"{passed}\"}}");
        wait::holds(passed, wait::LONG, || metric(setup, &line) == 1.0);
    }
    let came_through = || metric(&decides, "orszem_canaries_total{passed=\"switch\"}");
    wait::holds("the decider knows", wait::LONG, || came_through() == 1.0);
    assert_eq!(metric(&decides, "orszem_canary_duration_seconds_count"), 1.0);
    assert!(metric(&decides, "orszem_canary_timestamp_seconds") > 1_000_000_000.0);

    // It is in no list and no count.
    assert_eq!(metric(&finds, "orszem_mentions_total{outcome=\"scored\"}"), 0.0);
    let incidents = http::get(&format!("{}/api/v1/incidents", decides.url())).expect("an answer");
    assert!(!incidents.body.contains("canary"), "{}", incidents.body);
    let kafka = kafka::shared();
    assert_eq!(kafka.read("canary.dead-letters").len(), 0);
    let tallies = kafka.read("canary.tallies");
    assert!(
        tallies.iter().all(|tally| !tally.text().contains("source orszem-canary")),
        "it is no source that is missed"
    );
    let passed: Vec<Passed> = kafka
        .read("canary.ledger")
        .iter()
        .map(|record| Canary::from_json(record.text().as_bytes()).expect("nothing else is in the ledger").passed)
        .collect();
    assert_eq!(passed.len(), 2, "{passed:?}");

    // Somebody else writes one: it is known to nobody, and sends nothing.
    let token = canary::token([0xfe; 16]);
    let forged = format!(
        r#"{{"id":"orszem-canary-{token}","source":"orszem-canary","published_at":"2026-11-23T08:15:00Z","text":"{token}"}}"#
    );
    kafka.produce(decides.mentions(), [&forged]);
    let in_ledger = || kafka.read("canary.ledger").iter().any(|record| record.text().contains(&token));
    wait::holds("the forged one is in the ledger", wait::LONG, in_ledger);

    // The receiver is broken.
    hook.script(vec![Answer::Status(500, "broken".into()); 50]);
    let calls = switch.calls();
    let lost = |at: &str| metric(&decides, &format!("orszem_canaries_lost_total{{at=\"{at}\"}}"));
    wait::holds("a canary is lost at the receiver", NEXT, || lost("receiver") >= 1.0);
    assert_eq!(switch.calls(), calls, "the receiver took nothing");

    // The stages before the decider stand still.
    finder.signal(Signal::STOP);
    wait::holds("a canary is lost on its way", 2 * NEXT, || lost("stages") >= 1.0);
    assert_eq!(switch.calls(), calls, "it did not come back");
    finder.signal(Signal::CONT);

    // The decider stands still.
    decider.signal(Signal::STOP);
    wait::pause(NEXT);
    assert_eq!(switch.calls(), calls, "nobody sends one");
    decider.signal(Signal::CONT);

    // All is well again.
    hook.unscript();
    wait::holds("the switch is called again", 3 * NEXT, || switch.calls() > calls);
    let log = decider.log();
    assert!(log.contains("canary did not come through") && !log.contains("topsecret"), "{log}");
    wait::holds("each call is counted", wait::LONG, || came_through() as usize == switch.calls());
}
