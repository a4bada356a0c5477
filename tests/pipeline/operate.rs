//! What an operator does to it, and what a feed does: bad records, a broker that goes away, a changed configuration.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::support::kafka::{self, Kafka};
use crate::support::setup::{Setup, WATCH};
use crate::support::{http, wait};

use super::stream;

fn mention(number: u32, text: &str) -> String {
    let at = 1_790_553_600 + u64::from(number);
    serde_json::json!({ "id": format!("m{number}"), "published_at": at, "text": text, "lang": "en" }).to_string()
}

#[test]
fn bad_records_a_broker_away_and_a_changed_file_stop_nothing() {
    let mut kafka = Kafka::start();
    let setup = Setup::with_default_names().brokers(&kafka.brokers()).kafka("partitions = 2");
    let acme = setup.clone().watch("acme", &["acme"]);
    let home = acme.home();
    let mut orszem = home.start(&["run"]);
    orszem.wait_ready(&setup.url());
    let start = orszem.log().lines().find(|line| line.contains("orszem starts")).map(str::to_owned).unwrap_or_default();
    assert!(start.contains("commit=") && start.contains("librdkafka="), "{start}");

    // Every kind of record that is no mention, among those that are.
    let deep = format!(
        "{{\"id\":\"d\",\"published_at\":1790553600,\"text\":\"t\",\"x\":{}{}}}",
        "[".repeat(10_000),
        "]".repeat(10_000)
    );
    let mut bad: Vec<(&str, Vec<u8>)> = vec![
        ("not-json", b"no json".to_vec()),
        ("not-utf8", b"{\"id\":\"\xff\"}".to_vec()),
        ("no-id", b"{\"published_at\":1790553600,\"text\":\"t\"}".to_vec()),
        ("no-text", b"{\"id\":\"1\",\"published_at\":1790553600}".to_vec()),
        ("no-time", b"{\"id\":\"1\",\"published_at\":\"soon\",\"text\":\"t\"}".to_vec()),
        ("field", b"[1,2,3]".to_vec()),
        ("too-deep", deep.into_bytes()),
    ];
    bad.push(("too-large", mention(1, &"a".repeat(900_000)).into_bytes()));
    let hostile = "acme <!channel> <script>alert(1)</script>\r\nBcc: x@example.com \u{202e}acme\u{200b}";
    kafka.produce("mentions", (0..500).map(|number| mention(number, hostile)));
    kafka.produce("mentions", bad.iter().map(|(_, record)| record.clone()));
    // Delivered again: counted once.
    kafka.produce_to("mentions", 0, [mention(10_000, "acme again"), mention(10_000, "acme again")]);
    let sum = |kafka: &Kafka| stream::tallies(kafka, "orszem").values().map(|tally| tally.counts.mentions).sum::<u64>();
    wait::holds("all are counted", stream::THROUGH, || sum(&kafka) == 501);
    wait::holds("all dead letters are there", stream::THROUGH, || kafka.read("orszem.dead-letters").len() == bad.len());
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    for letter in kafka.read("orszem.dead-letters") {
        let headers: BTreeMap<String, String> =
            letter.headers.iter().map(|(name, value)| (name.clone(), text(value))).collect();
        let (reason, record) = bad.iter().find(|(reason, _)| headers["reason"] == *reason).expect("a known reason");
        let kept = letter.value.unwrap_or_default();
        assert!(record.starts_with(&kept) && !kept.is_empty(), "{reason}");
        assert_eq!(headers["topic"], "mentions");
        assert!(headers["offset"].parse::<u64>().is_ok() && headers["partition"].parse::<u64>().is_ok());
    }

    // A broker that goes away is waited for.
    kafka.stop();
    wait::pause(Duration::from_secs(3));
    kafka.restart();
    kafka.produce("mentions", (20_000..20_500).map(|number| mention(number, "acme is back")));
    wait::holds("what came after is counted", stream::THROUGH, || sum(&kafka) == 1_001);
    assert!(orszem.ended().is_none(), "{}", orszem.log());

    // A changed file is taken as a whole or not at all.
    home.configure(&setup.clone().watch("Acme!", &[]).config());
    orszem.hang_up();
    orszem.wait_log("new configuration rejected, keeping the current one");
    home.configure(&acme.watch("zeta", &["zeta"]).config());
    orszem.hang_up();
    orszem.wait_log("configuration reloaded");
    wait::pause(Duration::from_secs(1));
    kafka.produce("mentions", (30_000..30_010).map(|number| mention(number, "zeta")));
    wait::holds("the new watch counts", stream::THROUGH, || sum(&kafka) == 1_011);
    let metrics = http::get(&format!("{}/metrics", setup.url())).expect("an answer").body;
    assert!(metrics.contains("orszem_config_reloads_total{outcome=\"failure\"} 1"), "{metrics}");
    assert!(!orszem.log().contains("<script>"), "a mention's text was logged");
    assert!(orszem.terminate(Duration::from_secs(10)).success());
}

#[test]
fn a_topic_that_would_lose_data_is_refused_by_name() {
    let kafka = kafka::shared();
    kafka.create_topic(
        "lossy.ledger",
        4,
        &[("cleanup.policy", "compact"), ("message.timestamp.type", "LogAppendTime")],
    );
    let home = Setup::new("lossy").watch("acme", &["acme"]).home();
    let refused = home.run(&["run"], b"");
    assert!(!refused.status.success());
    let told = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(told.contains("lossy.ledger") && told.contains("cleanup.policy") && told.contains("compact"), "{told}");
}

#[test]
fn history_is_taken_over_while_it_runs() {
    let setup = Setup::new("warm").watch(WATCH, &[WATCH]);
    let home = setup.home();
    let mut orszem = home.start(&["run"]);
    orszem.wait_ready(&setup.url());
    let file = home.path().join("history.jsonl");
    let file = file.to_str().expect("a path");
    home.succeed(&["simulate", "--seed", "5", "--days", "4", "--rate", "0.2", "-o", file]);
    let dry = home.run(&["warm", "--config", "alerts.toml", "--dry-run", file], b"");
    assert!(String::from_utf8_lossy(&dry.stdout).contains("nothing was written"), "{dry:?}");
    let warmed = home.succeed(&["warm", "--config", "alerts.toml", file]);
    let told = String::from_utf8_lossy(&warmed.stdout).into_owned();
    assert!(told.contains(WATCH) && told.contains("ends now"), "{warmed:?}");
    orszem.wait_log("history loaded watch=\"veltaro\"");
    assert!(orszem.terminate(Duration::from_secs(10)).success());
}

#[test]
fn a_range_of_a_topic_is_backtested_as_a_file_is() {
    let kafka = kafka::shared();
    kafka.create_topic("past-mentions", 3, &[]);
    let setup = Setup::with_default_names().reading("past-mentions");
    let home = setup.watch(WATCH, &[WATCH]).watch("brontel", &["brontel"]).home();
    let path = |name: &str| home.path().join(name).to_str().expect("a path").to_owned();
    let (file, of_file, of_topic) = (path("past.jsonl"), path("of-file"), path("of-topic"));
    home.succeed(&["simulate", "--seed", "5", "--days", "9", "--rate", "0.3", "-o", &file]);
    home.succeed(&["replay", &file]);
    // The simulated days begin on 2 March.
    let range = ["--config", "alerts.toml", "--from", "2026-03-03T00:00:00Z", "--to", "2026-03-10T20:00:00Z"];
    home.succeed(&[&["backtest", file.as_str(), "--out", of_file.as_str()], &range[..]].concat());
    home.succeed(&[&["backtest", "--topic", "past-mentions", "--out", of_topic.as_str()], &range[..]].concat());
    let read = |folder: &str, name: &str| std::fs::read_to_string(home.path().join(folder).join(name)).expect(name);
    let incidents = read("of-file", "incidents.jsonl");
    assert!(!incidents.is_empty(), "nothing was found, which tells nothing");
    assert_eq!(read("of-topic", "incidents.jsonl"), incidents);
    assert_eq!(read("of-topic", "alarms.csv"), read("of-file", "alarms.csv"));
}
