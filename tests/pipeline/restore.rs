//! A backup of our topics, restored onto another cluster: what was learned and who was told goes on there.

use std::time::Duration;

use crate::support::doubles::{Pagerduty, Slack};
use crate::support::kafka::{self, Kafka};
use crate::support::setup::Setup;
use crate::support::{http, wait};

const STOP: Duration = Duration::from_secs(20);

#[test]
fn another_cluster_goes_on_from_the_state_and_the_ledger() {
    let kafka = kafka::shared();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let (slack, pager) = runtime.block_on(async { (Slack::start().await, Pagerduty::start().await) });
    let setup = Setup::for_crisis("restored")
        .detect("snapshot_interval = \"1s\"")
        .slack("chat", &slack)
        .pagerduty("pager", &pager)
        .step(&["chat"], "1m")
        .step(&["pager"], "1h")
        .with("[respond]\nupdate_interval = \"1d\"\n");
    let (_home, mut first) = setup.start();
    setup.deliver_crisis(kafka, |_, _| {});
    let link = setup.link(&slack);
    // What is learned is saved now and then.
    wait::holds("the state is saved", wait::LONG, || !kafka.read("restored.state").is_empty());
    wait::pause(Duration::from_secs(3));
    assert!(first.terminate(STOP).success());
    assert!(pager.incidents().is_empty(), "the second step is not due");

    // As docs/operations.md says: the state and the ledger, partition by partition, and not the tallies.
    let other = Kafka::start();
    let moved = setup.clone().brokers(&other.brokers());
    for (topic, policy) in [("restored.state", "compact"), ("restored.ledger", "delete")] {
        let records = kafka.read(topic);
        assert!(!records.is_empty(), "{topic}");
        let settings = [
            ("cleanup.policy", policy),
            ("retention.ms", "-1"),
            ("message.timestamp.type", "LogAppendTime"),
            ("max.message.bytes", "4194304"),
        ];
        other.create_topic(topic, kafka.partitions(topic), &settings);
        other.restore(topic, &records);
    }
    let home = moved.home();
    let mut second = moved.start_in(&home);
    let id = link.split_once('?').and_then(|(page, _)| page.rsplit('/').next()).expect("an id").to_owned();
    let incident = || http::get(&format!("{}/api/v1/incidents/{id}", moved.url())).expect("an answer").json();
    wait::holds("the incident is open there", wait::LONG, || incident()["state"] == "open");
    wait::holds("its escalation goes on", wait::LONG, || pager.incidents().len() == 1);
    assert_eq!(slack.pages().len(), 1, "who was told is not told again");
    // The quiet days were learned over there: the watch is not new.
    second.wait_log("reading tallies");
    let learning = format!("orszem_watch_learning_hours{{watch=\"{}\"}}", crate::support::setup::WATCH);
    let metrics = || http::get(&format!("{}/metrics", moved.url())).expect("an answer").body;
    other.produce(moved.mentions(), kafka.read(setup.mentions()).iter().rev().take(50).map(kafka::Stored::text));
    wait::holds("new mentions are judged", wait::LONG, || metrics().contains(&learning));
    assert!(metrics().contains(&format!("{learning} 0\n")), "{}", metrics());
    assert!(second.terminate(STOP).success());
}
