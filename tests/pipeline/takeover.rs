//! Two copies share the work; when one dies, the other goes on with what it had begun.

use crate::support::doubles::pagerduty::{self, Pagerduty};
use crate::support::doubles::slack::{self, Slack};
use crate::support::orszem::{Home, Running};
use crate::support::{http, kafka, ports, wait};

use super::stream;

/// The value of a metric at a copy; 0 while it has none.
fn metric(port: &ports::Port, line: &str) -> f64 {
    let answer = http::get(&format!("http://127.0.0.1:{}/metrics", port.number()));
    let metrics = answer.map(|answer| answer.body).unwrap_or_default();
    let value = metrics.lines().find_map(|metric| metric.strip_prefix(line));
    value.and_then(|value| value.trim().parse().ok()).unwrap_or(0.0)
}

#[test]
fn the_other_copy_escalates_what_the_dead_one_began() {
    let kafka = kafka::shared();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let (slack, pager) = runtime.block_on(async { (Slack::start().await, Pagerduty::start().await) });
    let config = |port: &ports::Port| {
        format!(
            r##"
[kafka]
brokers = "{brokers}"
mentions = "takeover"
prefix = "takeover"

[web]
listen = "127.0.0.1:{port}"
public_url = "http://127.0.0.1:{port}"
link_secret = "env:LINK_SECRET"

[[watch]]
name = "veltaro"
terms = ["veltaro", "@veltaro", "#veltaro"]
budget = 0.2
escalation = "both"

[[receiver]]
name = "chat"
kind = "slack"
token = "env:SLACK_TOKEN"
channel = "{channel}"
base_url = "{slack}"

[[receiver]]
name = "pager"
kind = "pagerduty"
routing_key = "env:ROUTING_KEY"
base_url = "{pager}"

[[escalation]]
name = "both"

[[escalation.step]]
receivers = ["chat"]
acknowledge_within = "20s"

[[escalation.step]]
receivers = ["pager"]
acknowledge_within = "30m"
"##,
            brokers = kafka.brokers(),
            port = port.number(),
            channel = slack::CHANNEL,
            slack = slack.url(),
            pager = pager.url(),
        )
    };
    let copy = |name: &str| -> (ports::Port, Home, Running) {
        let port = ports::Port::take();
        let home = Home::new(&config(&port))
            .with("LINK_SECRET", "a secret of the tests alone")
            .with("SLACK_TOKEN", slack::TOKEN)
            .with("ROUTING_KEY", pagerduty::ROUTING_KEY);
        let running = home.start(&["run", "--instance", name]);
        (port, home, running)
    };
    let mut copies = [copy("takeover-a"), copy("takeover-b")];
    let assigned = |port: &ports::Port| metric(port, "orszem_partitions_assigned{stage=\"respond\"}");
    wait::holds("both have partitions, and together all", stream::THROUGH, || {
        let counts = [&copies[0].0, &copies[1].0].map(assigned);
        counts.iter().all(|count| *count > 0.0) && counts.iter().sum::<f64>() > 3.5
    });

    // The stream ends in the middle of the crisis: nothing closes the incident.
    let crisis = ["simulate", "--seed", "5", "--days", "8", "--rate", "0.5", "--inject", "crisis@veltaro+7d23h"];
    let home = &copies[0].1;
    let file = home.path().join("stream.jsonl");
    let file = file.to_str().expect("a path");
    assert!(home.run(&[&crisis[..], &["-o", file]].concat(), b"").status.success());
    assert!(home.run(&["replay", file], b"").status.success());
    wait::holds("Slack is told", stream::THROUGH, || !slack.pages().is_empty());

    let told = "orszem_deliveries_total{action=\"trigger\",outcome=\"accepted\",receiver=\"chat\"}";
    wait::holds("the owner has counted it", wait::LONG, || copies.iter().any(|(port, ..)| metric(port, told) > 0.0));
    let owner = copies.iter().position(|(port, ..)| metric(port, told) > 0.0).expect("an owner");
    assert!(pager.incidents().is_empty(), "step 2 came before its time");
    copies[owner].2.kill();

    wait::holds("the other escalates", stream::THROUGH, || !pager.incidents().is_empty());
    let incidents = stream::incidents(kafka, "takeover");
    let paged: Vec<_> = incidents.values().filter(|incident| !incident.messages.is_empty()).collect();
    assert_eq!(paged.len(), 1, "{incidents:?}");
    let [first, second] = [0, 1].map(|step| {
        let message = paged[0].messages.iter().find(|message| message.attempt.step == step);
        message.expect("a message of the step").first_at
    });
    assert!(second.since(first) >= 20_000, "step 2 came {} ms after step 1", second.since(first));
    assert_eq!((slack.pages().len(), pager.incidents().len()), (1, 1));
    assert_eq!((slack.faults(), pager.faults()), (vec![], vec![]));

    // Anybody's link works at any copy: here the living one takes the acknowledgement.
    let port = &copies[1 - owner].0;
    let id = &paged[0].id.0;
    let page = slack.pages()[0].links().into_iter().find(|link| link.contains("/incidents/")).expect("the link");
    let query = page.split_once('?').expect("a signed link").1.to_owned();
    let fields: Vec<(&str, &str)> = query.split('&').filter_map(|pair| pair.split_once('=')).collect();
    let here = format!("http://127.0.0.1:{}/incidents/{id}", port.number());
    assert_eq!(http::get(&format!("{here}?{query}")).expect("an answer").status, 200);
    let state = || {
        let api = http::get(&format!("http://127.0.0.1:{}/api/v1/incidents/{id}", port.number()));
        api.expect("an answer").json()["state"].as_str().map(str::to_owned)
    };
    assert_eq!(state().as_deref(), Some("open"), "a GET changed something");
    let answer = http::post_form(&format!("{here}/acknowledge"), &fields).expect("an answer");
    assert!(answer.status == 303 || answer.status == 200, "{} {}", answer.status, answer.body);
    wait::holds("it is acknowledged", wait::LONG, || state().as_deref() == Some("acknowledged"));
    wait::holds("the pager knows", wait::LONG, || pager.incidents()[0].status == "acknowledged");
}
