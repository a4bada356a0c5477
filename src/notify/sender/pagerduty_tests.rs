use std::sync::Arc;
use std::time::Duration;

use orszem_core::receivers::pagerduty as settings;
use orszem_records::incident::State;
use orszem_records::ledger::{Action, Delivery};

use crate::Receiver;
use crate::doubles::pagerduty::{ROUTING_KEY, Verdict};
use crate::doubles::{Answer, Pagerduty as Double};
use crate::fixture::{built, hostile_notice, largest_notice, notice, secret};

/// The wait after a 429 that names none.
const BUSY_MS: u64 = 120_000;

fn receiver(url: &str) -> Arc<dyn Receiver> {
    let (routing_key, _folder) = secret(ROUTING_KEY);
    let config = settings::Pagerduty {
        name: "pager".into(),
        routing_key,
        base_url: url.into(),
        language: None,
        time_zone: None,
    };
    built(orszem_core::settings::Receiver::Pagerduty(config), Duration::from_secs(5)).unwrap()
}

fn accepted() -> Delivery {
    Delivery::Accepted { reference: Some("orszem:acme.3".into()) }
}

#[tokio::test]
async fn an_incident_lives_under_one_key() {
    let double = Double::start().await;
    let pager = receiver(&double.url());
    for action in [Action::Trigger, Action::Update, Action::Acknowledge, Action::Resolve] {
        assert_eq!(pager.send(&notice(action)).await.result, accepted(), "{action:?}");
    }
    let verdicts: Vec<Verdict> = double.events().into_iter().map(|event| event.verdict).collect();
    assert_eq!(verdicts, [Verdict::Opened, Verdict::Updated, Verdict::Acknowledged, Verdict::Resolved]);
    let [incident] = &double.incidents()[..] else { panic!("one incident") };
    assert_eq!((incident.dedup_key.as_str(), incident.severity.as_str()), ("orszem:acme.3", "error"));
    assert_eq!(incident.summary, "Acme: 212 negative mentions in 10 min (usual: 14)");
    assert_eq!(incident.payload["timestamp"], "2014-08-01T16:30:00Z");
}

#[tokio::test]
async fn an_update_after_the_end_opens_no_new_incident() {
    let double = Double::start().await;
    let pager = receiver(&double.url());
    pager.send(&notice(Action::Trigger)).await;
    pager.send(&notice(Action::Resolve)).await;
    let mut late = notice(Action::Update);
    late.page.state = State::Resolved;
    pager.send(&late).await;
    assert_eq!(double.incidents().len(), 1);
}

#[tokio::test]
async fn answers_are_read() {
    let double = Double::start().await;
    let pager = receiver(&double.url());
    double.script(vec![
        Answer::Status(500, "oops".into()),
        Answer::TooMany(7),
        Answer::Status(429, String::new()),
        Answer::Status(400, format!("{{\"errors\":[\"bad key {ROUTING_KEY}\"]}}")),
        Answer::NotOk("what".into()),
        Answer::Status(302, String::new()),
    ]);
    let mut answers = Vec::new();
    for _ in 0..6 {
        answers.push(pager.send(&notice(Action::Trigger)).await.result);
    }
    assert_eq!(answers[0], Delivery::Retry { reason: "answered 500: oops".into(), after_ms: None });
    assert!(matches!(answers[1], Delivery::Retry { after_ms: Some(7000), .. }), "{answers:?}");
    assert!(matches!(answers[2], Delivery::Retry { after_ms: Some(BUSY_MS), .. }), "{answers:?}");
    assert!(answers[3..].iter().all(|answer| matches!(answer, Delivery::Failed { .. })), "{answers:?}");
    assert!(!format!("{answers:?}").contains(ROUTING_KEY));
    assert!(double.incidents().is_empty());
    assert_eq!(pager.send(&notice(Action::Trigger)).await.result, accepted());
}

#[tokio::test]
async fn hostile_and_endless_texts_arrive_as_text() {
    let double = Double::start().await;
    let pager = receiver(&double.url());
    for notice in [hostile_notice(Action::Trigger), largest_notice(Action::Update)] {
        assert_eq!(pager.send(&notice).await.result, accepted());
    }
    assert_eq!(double.faults(), Vec::<String>::new());
    let details = double.events()[0].body["payload"]["custom_details"].clone();
    let (_, quotes) = details.as_object().unwrap().iter().next_back().unwrap();
    let mentions = quotes.to_string();
    assert!(mentions.contains("<!channel>") && mentions.contains("árvíztűrő 😡"), "{mentions}");
}
