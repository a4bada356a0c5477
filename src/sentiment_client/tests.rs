//! The hook against a service over HTTP that checks what it is sent as strictly as the contract says it.

use super::*;
use axum::http::StatusCode;
use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Value, json};
use std::collections::BTreeSet;

use orszem_records::time::Slice;
use orszem_runtime::status::WatchStatus;

#[path = "../web/fixture/records.rs"]
#[allow(dead_code, reason = "shared with tests of other crates: not all of it is used here")]
mod fixture;
use fixture::{entry, signal};

/// Fails what is not in the contract.
fn checked(body: &Value) -> Vec<Value> {
    let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<BTreeSet<_>>();
    assert_eq!(keys(body), BTreeSet::from(["mentions".to_owned()]));
    let mentions = body["mentions"].as_array().unwrap().clone();
    assert!((1..=256).contains(&mentions.len()));
    for (n, mention) in mentions.iter().enumerate() {
        let allowed = ["id", "lang", "matched", "n", "text", "watch"].map(str::to_owned);
        assert!(keys(mention).is_subset(&BTreeSet::from(allowed)), "{mention}");
        assert_eq!(mention["n"], n);
        assert!(mention["id"].is_string() && mention["watch"].is_string() && mention["matched"].is_array());
        assert!(mention["text"].as_str().unwrap().chars().count() <= 2_000);
    }
    mentions
}

/// How a service answers.
type Answers = fn(Vec<Value>) -> (StatusCode, Value);

/// A service that answers by `answer`, and its address.
async fn double(answer: Answers) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/judge", listener.local_addr().unwrap());
    let judge = move |Json(body): Json<Value>| async move {
        let (status, body) = answer(checked(&body));
        if body == "late" {
            tokio::time::sleep(Duration::from_secs(20)).await;
        }
        (status, Json(body))
    };
    tokio::spawn(async move { axum::serve(listener, Router::new().route("/judge", post(judge))).await });
    url
}

fn question(id: &str, watch: &str) -> ReviewRequest {
    ReviewRequest {
        watch: watch.into(),
        slice: Slice(7),
        id: id.into(),
        lang: None,
        text: format!("{watch} is terrible"),
        matched: vec![watch.into()],
        class: Some(Class::Negative),
        repeat: false,
        lighter: 0,
    }
}

/// What the service says of two mentions, twice.
async fn asked(url: &str, timeout_ms: u64) -> [Vec<Option<Class>>; 2] {
    let service = Service::new(
        url,
        Duration::from_millis(timeout_ms),
        &Outgoing::default(),
        Arc::default(),
        StatusBoard::default(),
    );
    let service = service.unwrap();
    let questions = [question("1", "acme"), question("2", "acme")];
    tokio::task::spawn_blocking(move || [service.ask(&questions), service.ask(&questions)]).await.unwrap()
}

#[tokio::test]
async fn each_mention_has_the_class_that_the_service_gives_it() {
    let url = double(|_| {
        let judgements = json!([{ "n": 1, "class": "positive", "score": 0.9 }, { "n": 0, "class": "neutral" }]);
        (StatusCode::OK, json!({ "judgements": judgements, "model": "any" }))
    });
    let classes = vec![Some(Class::Neutral), Some(Class::Positive)];
    assert_eq!(asked(&url.await, 5_000).await, [classes.clone(), classes]);
    let some = double(|_| (StatusCode::OK, json!({ "judgements": [{ "n": 1, "class": "negative" }] })));
    let classes = vec![None, Some(Class::Negative)];
    assert_eq!(asked(&some.await, 5_000).await, [classes.clone(), classes]);
}

#[tokio::test]
async fn a_service_that_fails_leaves_the_built_in_judgement_and_is_left_alone_for_a_while() {
    let nothing = [vec![None, None], vec![None, None]];
    let failures: [Answers; 7] = [
        |_| (StatusCode::INTERNAL_SERVER_ERROR, json!({ "judgements": [{ "n": 0, "class": "neutral" }] })),
        |_| (StatusCode::FOUND, json!({})),
        |_| (StatusCode::OK, json!([])),
        |_| (StatusCode::OK, json!({ "judgements": [{ "n": 0, "class": "furious" }] })),
        |_| (StatusCode::OK, json!({ "judgements": [{ "n": 2, "class": "neutral" }] })),
        |_| (StatusCode::OK, json!({ "judgements": [{ "n": 0, "class": "neutral" }, { "n": 0, "class": "neutral" }] })),
        |_| (StatusCode::OK, json!("late")),
    ];
    let paused = metrics::paused_so_far;
    for failure in failures {
        let before = paused();
        assert_eq!(asked(&double(failure).await, 300).await, nothing);
        assert!(paused() >= before + 2, "the second time nobody is asked");
    }
    assert_eq!(asked("http://127.0.0.1:9/judge", 300).await, nothing);
}

#[tokio::test]
async fn the_watches_asked_about_are_those_of_open_incidents_that_page() {
    use orszem_records::ledger::Event;
    use orszem_records::signal::{Kind, Phase};
    let view = Arc::new(View::default());
    let board = StatusBoard::default();
    let service = {
        let (url, timeout) = ("http://127.0.0.1:9/", Duration::from_secs(1));
        Service::new(url, timeout, &Outgoing::default(), Arc::clone(&view), board.clone()).unwrap()
    };
    view.apply(&entry("acme", 1, Event::Signal(Box::new(signal(Phase::Opened)))));
    let mut praise = signal(Phase::Opened);
    praise.kind = Kind::Praise;
    view.apply(&entry("zeta", 1, Event::Signal(Box::new(praise))));
    let mut over = signal(Phase::Opened);
    view.apply(&entry("nova", 1, Event::Signal(Box::new(over.clone()))));
    over.phase = Phase::Closed;
    view.apply(&entry("nova", 1, Event::Signal(Box::new(over))));
    // Watches that this process sees rise: those that have learnt, and see more than they expect.
    let rising = WatchStatus { observed: 40, expected_high: 12.0, ..WatchStatus::default() };
    board.set("bolt", rising);
    board.set("calm", WatchStatus { expected_high: 60.0, ..rising });
    board.set("young", WatchStatus { learning_hours: 5, ..rising });
    let watches = service.look();
    assert!(watches.contains("acme") && watches.contains("bolt"), "{watches:?}");
    assert!(!watches.contains("calm") && !watches.contains("young"), "{watches:?}");
    assert!(!watches.contains("zeta") && !watches.contains("nova"), "{watches:?}");
}
