//! People to be told, clocks and promises on the page and in the API.

use axum::http::StatusCode;
use orszem_runtime::clock;
use serde_json::Value;

use crate::fixture::{House, house, house_with_token_and};

const PLAYBOOK: &str = r#"
    [[playbook]]
    name = "scandal"
    move = [{ do = "Call the plant.", within = "15m" }]
    [[playbook.stakeholder]]
    title = "The board"
    who = "Anna calls <the chair>, +36 1 234 5678"
    within = "1h"
    [[playbook.clock]]
    title = "Where do we stand?"
    at = ["15m", "60m"]
"#;
/// The first time of the clock: a quarter of an hour after the incident began.
const FIRST: i64 = crate::fixture::BEGAN.0 + 15 * 60_000;

async fn page(house: &House) -> String {
    house.get(&format!("/incidents/acme.1?{}", house.link_query("slack-crisis", 60))).await.body
}

async fn send(house: &House, action: &str, fields: &str) -> StatusCode {
    let form = format!("{}&name=Anna&{fields}", house.link_query("slack-crisis", 60));
    house.form(&format!("/incidents/acme.1/{action}"), &form).await.status
}

#[tokio::test]
async fn who_is_to_be_told_is_ticked_in_a_list_of_its_own() {
    let house = house(PLAYBOOK);
    let shown = page(&house).await;
    for part in ["Who is to be told", "The board", "Anna calls &lt;the chair&gt;", "They know", "was due by"] {
        assert!(shown.contains(part), "{part:?} is missing in {shown}");
    }
    let tick = "kind=stakeholder&playbook=scandal&item=The+board";
    assert_eq!(send(&house, "tick", tick).await, StatusCode::SEE_OTHER);
    let shown = page(&house).await;
    assert!(shown.contains("<s>The board</s>") && shown.contains("told: The board"), "{shown}");
    assert_eq!(send(&house, "tick", "playbook=scandal&item=The+board").await, StatusCode::NOT_FOUND, "it is no move");
    let untick = "kind=stakeholder&playbook=scandal&undone=The+board";
    assert_eq!(send(&house, "tick", untick).await, StatusCode::SEE_OTHER);
    assert!(!page(&house).await.contains("<s>The board</s>"));
}

#[tokio::test]
async fn each_time_of_a_clock_is_ticked_on_its_own() {
    let house = house(PLAYBOOK);
    let shown = page(&house).await;
    assert_eq!(shown.matches("Where do we stand?</bdi>").count(), 2, "{shown}");
    let value = format!("clock {FIRST} Where do we stand?");
    assert!(shown.contains(&format!("value=\"{value}\"")) && shown.contains(" ago"), "{shown}");
    let form = format!("playbook=scandal&mark={}", value.replace(' ', "+"));
    assert_eq!(send(&house, "tick", &form).await, StatusCode::SEE_OTHER);
    assert_eq!(page(&house).await.matches("<s><bdi>Where do we stand?</bdi></s>").count(), 1);
    let other = format!("playbook=scandal&mark=clock+{}+Where+do+we+stand?", FIRST + 1);
    assert_eq!(send(&house, "tick", &other).await, StatusCode::NOT_FOUND, "the clock has no such time");
}

#[tokio::test]
async fn a_promise_stands_with_the_time_that_is_left_until_it_is_kept() {
    let house = house("");
    let now = clock::now();
    let soon = jiff::Timestamp::from_millisecond(now.0 + 90 * 60_000).unwrap();
    let budapest = soon.to_zoned(jiff::tz::TimeZone::get("Europe/Budapest").unwrap());
    let form = format!("text=Next+update+<b>&due={}&zone=Europe/Budapest", budapest.strftime("%H:%M"));
    assert_eq!(send(&house, "promise", &form).await, StatusCode::SEE_OTHER);
    let incident = house.app.view.get("acme.1").unwrap();
    let promised = incident.promises.iter().next().unwrap();
    let left = promised.due.since(now);
    assert!((89 * 60_000..=90 * 60_000).contains(&left), "by the clock of that zone: {left}");
    let shown = page(&house).await;
    assert!(
        shown.contains("Next update &lt;b&gt;") && shown.contains(", in 1 h 2") && shown.contains("promised by Anna"),
        "{shown}"
    );
    let kept = format!("playbook=&mark=promise+{}+Next+update+<b>", promised.due.0);
    assert_eq!(send(&house, "tick", &kept).await, StatusCode::SEE_OTHER);
    assert!(page(&house).await.contains("<s><bdi>Next update &lt;b&gt;</bdi></s>"));
    for wrong in ["text=&due=12:00", "text=x&due=soon", "text=x", "text=x&due=2014-01-01T00:00:00Z"] {
        assert_eq!(send(&house, "promise", wrong).await, StatusCode::BAD_REQUEST, "{wrong}");
    }
    for none in ["mark=move+1+Call", "mark=promise+soon+x", "mark=promise", "mark=promise+1+a&item=b"] {
        assert_eq!(send(&house, "tick", none).await, StatusCode::BAD_REQUEST, "{none}");
    }
    let made_up = format!("mark=promise+{}+Nobody+promised+this", promised.due.0);
    assert_eq!(send(&house, "tick", &made_up).await, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn programs_read_what_is_due_and_promise_and_tick_as_well() {
    let (house, _folder) = house_with_token_and(PLAYBOOK);
    let due = clock::now().plus(3_600_000);
    let promise = format!(r#"{{"by": "Ágnes", "text": "Next update", "due": "{due}"}}"#);
    let answer = house.json("/api/v1/incidents/acme.1/promise", "right-token", &promise).await;
    assert_eq!((answer.status, &answer.json()["changed"]), (StatusCode::OK, &Value::Bool(true)), "{}", answer.body);
    let again = house.json("/api/v1/incidents/acme.1/promise", "right-token", &promise).await;
    assert_eq!(again.json()["changed"], false);
    let list = again.json()["incident"]["due"].as_array().unwrap().clone();
    let kinds: Vec<&str> = list.iter().map(|one| one["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["move", "clock", "stakeholder", "clock", "promise"]);
    assert_eq!((&list[0]["late"], &list[4]["late"]), (&Value::Bool(true), &Value::Bool(false)));
    let tick = |one: &Value| {
        let (kind, playbook, item, due) = (&one["kind"], &one["playbook"], &one["item"], &one["due"]);
        format!(r#"{{"by": "Ágnes", "kind": {kind}, "playbook": {playbook}, "item": {item}, "due": {due}}}"#)
    };
    for one in &list {
        let done = house.json("/api/v1/incidents/acme.1/tick", "right-token", &tick(one)).await;
        assert_eq!(
            (done.status, &done.json()["changed"]),
            (StatusCode::OK, &Value::Bool(true)),
            "{one}: {}",
            done.body
        );
    }
    let (status, json) = {
        let read = house.get_with("/api/v1/incidents/acme.1", "right-token").await;
        (read.status, read.json())
    };
    assert_eq!(status, StatusCode::OK);
    assert!(json["due"].as_array().unwrap().iter().all(|one| one["done"]["by"] == "Ágnes"), "{json}");
}
