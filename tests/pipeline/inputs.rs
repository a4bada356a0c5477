//! Several topics, each read in its own way, by two copies of which one dies: one incident of all of them, and what
//! cannot be read is kept.

use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

use crate::support::crisis::{self, QUIET, START};
use crate::support::doubles::Pagerduty;
use crate::support::kafka::{self, Kafka};
use crate::support::orszem::Running;
use crate::support::setup::{Setup, WATCH};
use crate::support::{http, wait};

use super::stream;

/// How many mentions the crisis has.
const CRISIS: u64 = 600;

const INPUTS: &str = r#"
[[input]]
topic = "inputs-posts"

[[input]]
topic = "inputs-toots"
format = "mastodon"

[[input]]
topic = "inputs-reports"
format = "map"
envelope = "cloudevents"
[input.map]
text = ["/report/body", "/report/title"]
"#;

/// A mention on its way: number, time in seconds, text.
type Mention = (u64, u64, String);

fn time(at: u64) -> String {
    jiff::Timestamp::from_second(i64::try_from(at).expect("a time")).expect("a time").to_string()
}

/// A mention on its way, as the topic with this number has it.
fn produce(kafka: &Kafka, topic: usize, mentions: &[Mention]) {
    match topic {
        0 => kafka.produce(
            "inputs-posts",
            mentions.iter().map(|(number, at, text)| {
                json!({ "id": format!("p{number}"), "published_at": at, "text": text, "lang": "en", "source": "posts" }).to_string()
            }),
        ),
        1 => kafka.produce(
            "inputs-toots",
            mentions.iter().map(|(number, at, text)| {
                let uri = format!("https://toot.example/{number}");
                let html = format!("<p>{}</p>", text.replace("veltaro", "<a href=\"#\">#<span>veltaro</span></a>"));
                json!({ "id": number.to_string(), "uri": uri, "url": uri, "created_at": time(*at), "content": html, "spoiler_text": "",
                    "visibility": "public", "language": "en", "account": { "acct": "dora", "url": "https://toot.example/@dora" } })
                .to_string()
            }),
        ),
        _ => kafka.produce_headed(
            "inputs-reports",
            mentions.iter().map(|(number, at, text)| {
                let headers = [
                    ("ce_specversion", "1.0".to_owned()),
                    ("ce_type", "report".into()),
                    ("ce_source", "/desk".into()),
                    ("ce_id", format!("r{number}")),
                    ("ce_time", time(*at)),
                    ("content-type", "application/json".into()),
                ];
                let headers = headers.map(|(name, value)| (name.to_owned(), value)).to_vec();
                (headers, json!({ "report": { "title": text } }).to_string())
            }),
        ),
    }
}

/// Gives every third of the mentions to each topic.
fn deliver(kafka: &Kafka, mentions: impl Iterator<Item = Mention>) {
    let mut parts: [Vec<Mention>; 3] = Default::default();
    mentions.for_each(|mention| parts[mention.0 as usize % 3].push(mention));
    for (topic, part) in parts.iter().enumerate() {
        produce(kafka, topic, part);
    }
}

fn crisis(part: std::ops::Range<u64>) -> impl Iterator<Item = Mention> {
    part.map(|number| (10_000 + number, START + QUIET + number * 2, crisis::awful(number)))
}

#[test]
fn three_feeds_make_one_incident_though_a_copy_dies() {
    let kafka = kafka::shared();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let pager = runtime.block_on(Pagerduty::start());
    let shared = Setup::new("inputs")
        .kafka("partitions = 2")
        .inputs(INPUTS)
        .learning("2d")
        .watch_with(WATCH, "query = \"veltaro AND NOT veltaro NEAR/2 cheese\"")
        .pagerduty("pager", &pager)
        .step(&["pager"], "1h");
    let setups = ["inputs-a", "inputs-b"].map(|instance| shared.copy(instance));
    let homes = setups.each_ref().map(Setup::home);
    let start = |copy: usize| -> Running { setups[copy].start_in(&homes[copy]) };
    let mut copies = [start(0), start(1)];

    // What is none, in each of the three ways.
    let broken: [(&str, &str, &str); 4] = [
        ("inputs-posts", "no json", "not-json"),
        ("inputs-toots", r#"{"event":"update","payload":"7"}"#, "field"),
        ("inputs-toots", r#"{"uri":"u","created_at":"yesterday","content":"<p>veltaro</p>","account":{}}"#, "no-time"),
        ("inputs-reports", r#"{"report":{"title":"veltaro without an envelope"}}"#, "envelope"),
    ];
    for (topic, record, _) in broken {
        kafka.produce(topic, [record]);
    }
    kafka.produce("inputs-toots", [r#"{"event":"delete","payload":"11"}"#]);
    deliver(kafka, crisis::quiet());
    deliver(kafka, crisis(0..CRISIS / 2));
    wait::pause(std::time::Duration::from_millis(700));
    copies[0].kill();
    deliver(kafka, crisis(CRISIS / 2..CRISIS));
    copies[0] = start(0);

    let all = QUIET / 600 + CRISIS;
    let count = || stream::tallies(kafka, "inputs").values().map(|tally| tally.counts.mentions).sum::<u64>();
    wait::holds("all are counted", stream::THROUGH, || count() >= all);
    wait::holds("it is told", stream::THROUGH, || !pager.incidents().is_empty());
    for topic in ["inputs-posts", "inputs-toots", "inputs-reports"] {
        stream::wait_judged(kafka, "inputs", topic);
    }
    assert_eq!(count(), all, "each once");
    let incidents: Vec<_> = stream::incidents(kafka, "inputs").into_values().collect();
    let of_watch: Vec<_> = incidents.iter().filter(|incident| incident.watch == WATCH).collect();
    assert_eq!(of_watch.len(), 1, "{of_watch:?}");
    assert!(of_watch[0].signal.counts.mentions > CRISIS / 2, "{:?}", of_watch[0].signal.counts);
    assert_eq!(pager.incidents().len(), 1);
    assert_eq!(pager.faults(), Vec::<String>::new());

    // What could not be read is kept, with where it came from.
    let letters = kafka.read("inputs.dead-letters");
    let found: BTreeSet<(String, String, String)> = letters
        .iter()
        .map(|letter| {
            let headers: BTreeMap<&str, String> = letter
                .headers
                .iter()
                .map(|(name, value)| (name.as_str(), String::from_utf8_lossy(value).into_owned()))
                .collect();
            (headers["topic"].clone(), letter.text(), headers["reason"].clone())
        })
        .collect();
    let expected: BTreeSet<(String, String, String)> =
        broken.iter().map(|(topic, record, reason)| ((*topic).into(), (*record).into(), (*reason).into())).collect();
    assert_eq!((found, letters.len()), (expected, broken.len()));

    // A query is tried on each as it is read; and on the whole of one from the command line.
    let each = [("inputs-posts", 1), ("inputs-toots", 2), ("inputs-reports", 1)];
    for (topic, refused) in each {
        let url = format!("{}/api/v1/watches/try?query=terrible&topic={topic}&hours=1", setups[1].url());
        let tried: Value = http::get(&url).expect("an answer").json();
        let expected = (CRISIS / 3, all / 3, refused, true);
        let number = |value: &Value| value.as_u64().expect("a number");
        let came = (
            number(&tried["queries"][0]["matched"]),
            number(&tried["mentions"]),
            number(&tried["refused"]),
            tried["complete"] == true,
        );
        assert_eq!(came, expected, "{topic}: {tried}");
        let out = homes[1].path().join(topic);
        homes[1].succeed(&["backtest", "--topic", topic, "--out", out.to_str().expect("a path")]);
        let summary = std::fs::read(out.join("summary.json")).expect("a summary");
        let summary: Value = serde_json::from_slice(&summary).expect("JSON");
        assert_eq!((number(&summary["mentions"]), number(&summary["matched"])), (all / 3, all / 3), "{summary}");
        let ran = homes[1].succeed(&["watch", "try", "terrible", "--topic", topic, "--json"]);
        let lines = String::from_utf8_lossy(&ran.stdout).into_owned();
        assert_eq!(lines.lines().count() as u64, all / 3, "{topic}");
        assert_eq!(lines.matches("\"matched\":true").count() as u64, CRISIS / 3, "{topic}");
    }
    let page = http::get(&format!("{}/watches/try?query=terrible&topic=inputs-toots", setups[1].url()));
    let page = page.expect("an answer").body;
    assert!(page.contains("<mark>terrible</mark>") && page.contains("#veltaro"), "{page}");
    for copy in &mut copies {
        assert!(copy.terminate(wait::LONG).success());
    }
}
