//! A mention in Kafka becomes a page at every kind of receiver, and the page ends.

use std::collections::BTreeSet;

use orszem::time::Timestamp;

use crate::support::alertmanager::Alertmanager;
use crate::support::doubles::pagerduty::{self, Pagerduty};
use crate::support::doubles::slack::{self, Slack};
use crate::support::orszem::Home;
use crate::support::smtp::{self, Smtp};
use crate::support::{data, kafka, ports, wait};

use super::stream;

const HOUR_MS: i64 = 3_600_000;

fn at(text: &str) -> Timestamp {
    Timestamp(text.parse::<jiff::Timestamp>().expect("a time").as_millisecond())
}

#[test]
fn the_outages_of_facebook_reach_every_receiver_once() {
    let kafka = kafka::shared();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let (slack, pager) = runtime.block_on(async { (Slack::start().await, Pagerduty::start().await) });
    let (mail, alertmanager) = (Smtp::start(), Alertmanager::start());
    let web = ports::Port::take();
    let config = format!(
        r#"
[kafka]
brokers = "{brokers}"
mentions = "stocks"
prefix = "page"

[web]
listen = "127.0.0.1:{port}"
public_url = "http://127.0.0.1:{port}"
link_secret = "env:LINK_SECRET"

[[watch]]
name = "facebook"
title = "Facebook"
terms = ["$FB"]
escalation = "all"
advice = "Call the communications lead."

[[watch]]
name = "microsoft"
terms = ["$MSFT"]

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

[[receiver]]
name = "mail"
kind = "email"
host = "{mail_host}"
port = {mail_port}
ca_file = "{ca}"
user = "{user}"
password = "env:MAIL_PASSWORD"
from = "Orszem <orszem@example.com>"
to = ["desk@example.com"]

[[receiver]]
name = "alerts"
kind = "alertmanager"
urls = ["{alertmanager}"]

[[escalation]]
name = "all"

[[escalation.step]]
receivers = ["chat", "pager", "mail", "alerts"]
acknowledge_within = "10m"
"#,
        brokers = kafka.brokers(),
        port = web.number(),
        channel = slack::CHANNEL,
        slack = slack.url(),
        pager = pager.url(),
        mail_host = mail.host(),
        mail_port = mail.port(),
        ca = mail.ca_file().display(),
        user = smtp::USER,
        alertmanager = alertmanager.url(),
    );
    let home = Home::new(&config)
        .with("LINK_SECRET", "a secret of the tests alone")
        .with("SLACK_TOKEN", slack::TOKEN)
        .with("ROUTING_KEY", pagerduty::ROUTING_KEY)
        .with("MAIL_PASSWORD", smtp::PASSWORD);
    let mut orszem = home.start(&["run", "--instance", "page"]);
    orszem.wait_ready(&format!("http://127.0.0.1:{}", web.number()));
    let stocks = data("mentions/stocks.jsonl.gz");
    let replayed = home.run(&["replay", stocks.to_str().expect("a path")], b"");
    assert!(replayed.status.success(), "{}", String::from_utf8_lossy(&replayed.stderr));
    stream::wait_judged(kafka, "page", "stocks");

    // Everybody is told of everything, and of the end of what has ended.
    let told = || {
        stream::incidents(kafka, "page").into_values().filter(|incident| incident.watch == "facebook").all(|incident| {
            let messages = incident.messages.len();
            let answered = incident.messages.iter().all(|message| message.outcome.is_some());
            answered && (messages >= 8 || (messages >= 4 && !incident.closed) || !incident.signal.kind.pages())
        })
    };
    wait::holds("every receiver is told", stream::THROUGH, told);
    let incidents = stream::incidents(kafka, "page");
    let facebook: Vec<_> = incidents.values().filter(|incident| incident.watch == "facebook").collect();
    for outage in ["2014-08-01T16:30:00Z", "2014-09-03T19:30:00Z"].map(at) {
        let within = |incident: &&&orszem::respond::incident::Incident| {
            (outage..outage.plus(HOUR_MS)).contains(&incident.signal.opened_at)
        };
        assert!(
            facebook.iter().find(within).is_some_and(|incident| incident.signal.kind.pages()),
            "nothing at {outage}"
        );
    }

    let paged: BTreeSet<String> = facebook
        .iter()
        .filter(|incident| !incident.messages.is_empty())
        .map(|incident| incident.id.dedup_key())
        .collect();
    let open = facebook.iter().filter(|incident| !incident.messages.is_empty() && !incident.closed).count();
    assert_eq!((slack.faults(), pager.faults()), (vec![], vec![]));
    // One message an incident, in its last form; one incident at the pager, resolved; one alert, gone again.
    assert_eq!(slack.pages().len(), paged.len());
    assert!(slack.pages().iter().filter(|page| !page.earlier.is_empty()).count() >= paged.len() - open);
    let at_pager = pager.incidents();
    assert_eq!(at_pager.iter().map(|incident| incident.dedup_key.clone()).collect::<BTreeSet<_>>(), paged);
    assert_eq!(at_pager.len(), paged.len(), "an incident was opened twice");
    assert_eq!(at_pager.iter().filter(|incident| incident.status != "resolved").count(), open);
    wait::holds("the alerts are resolved", wait::LONG, || alertmanager.alerts().len() == open);
    let mails = mail.wait_mails(2 * paged.len() - open);
    let threads = mails.iter().filter(|mail| !mail.contains("\nIn-Reply-To:")).count();
    assert_eq!(threads, paged.len(), "one thread an incident");
    assert!(mails.iter().all(|mail| mail.contains("\nAuto-Submitted: auto-generated")));
    // Watches without an escalation are counted and tell nobody.
    assert!(
        incidents
            .values()
            .filter(|incident| incident.watch == "microsoft")
            .all(|incident| incident.messages.is_empty())
    );
    assert!(stream::tallies(kafka, "page").keys().any(|(watch, _)| watch == "microsoft"));
    assert!(orszem.terminate(std::time::Duration::from_secs(10)).success());
}
