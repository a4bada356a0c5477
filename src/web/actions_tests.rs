//! What people do to an incident, by page and by API: what is written, how often, and what is said.

use axum::http::{StatusCode, header};

use orszem_records::class::Class;
use orszem_records::height::Height;
use orszem_records::ledger::Event;
use orszem_records::signal::Phase;

use crate::fixture::{Sink, house, house_with, house_with_token, signal};

#[tokio::test]
async fn a_button_acknowledges_once_in_the_name_of_the_links_bearer() {
    let house = house("");
    let link = house.link_query("slack crisis", 60);
    let page = house.get(&format!("/incidents/acme.1?{link}")).await;
    assert_eq!(page.body.matches("<form class=\"action\"").count(), 2);
    assert!(page.body.contains("action=\"../incidents/acme.1/acknowledge\""));
    assert!(page.body.contains("You act as <strong>slack crisis</strong>"));

    let answer = house.form("/incidents/acme.1/acknowledge", &link).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let location = answer.headers[header::LOCATION].to_str().unwrap();
    assert_eq!(location, format!("../acme.1?{link}&did=acknowledge"));
    {
        let written = house.ledger.written.lock().unwrap();
        let Event::Acknowledged(by) = &written[0].event else { panic!("{:?}", written[0]) };
        assert_eq!((by.by.as_str(), by.via.as_str()), ("slack crisis", "link"));
        assert_eq!((written[0].watch.as_str(), written[0].incident.0.as_str()), ("acme", "acme.1"));
    }
    let page = house.get(&format!("/incidents/acme.1?{link}&did=acknowledge")).await;
    assert!(page.body.contains("The incident is acknowledged") && page.body.contains("Acknowledged by"));
    assert_eq!(page.body.matches("<form class=\"action\"").count(), 1, "resolving is all that is left");

    assert_eq!(house.form("/incidents/acme.1/acknowledge", &link).await.status, StatusCode::SEE_OTHER);
    assert_eq!(house.written(), 1);
}

#[tokio::test]
async fn a_button_resolves_and_a_late_acknowledgement_is_thanked() {
    let house = house("");
    let link = house.link_query("mail", 60);
    for _ in 0..2 {
        assert_eq!(house.form("/incidents/acme.1/resolve", &link).await.status, StatusCode::SEE_OTHER);
    }
    assert_eq!(house.form("/incidents/acme.1/acknowledge", &link).await.status, StatusCode::SEE_OTHER);
    assert_eq!(house.written(), 1);
    let page = house.get(&format!("/incidents/acme.1?{link}&did=acknowledge")).await;
    assert!(page.body.contains("The incident is already over") && !page.body.contains("<form class=\"action\""));
}

#[tokio::test]
async fn what_a_mention_is_can_be_told_and_told_otherwise() {
    let house = house("");
    let link = house.link_query("mail lead", 60);
    let page = house.get(&format!("/incidents/acme.1?{link}")).await;
    assert_eq!(page.body.matches("<form class=\"feedback\"").count(), 3);
    assert!(page.body.contains("Not negative? It is") && page.body.contains("Not neutral? It is"));

    let tell = async |fields: &str| house.form("/incidents/acme.1/feedback", &format!("{link}{fields}")).await;
    for class in ["neutral", "neutral", "positive"] {
        let answer = tell(&format!("&mention=1&class={class}")).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        assert_eq!(answer.headers[header::LOCATION].to_str().unwrap(), format!("../acme.1?{link}&did=feedback"));
    }
    {
        let written = house.ledger.written.lock().unwrap();
        let Event::Feedback(feedback) = &written[0].event else { panic!("{:?}", written[0]) };
        assert_eq!((feedback.judged, feedback.corrected), (Class::Negative, Class::Neutral));
        assert!(feedback.mention == "1" && feedback.by.by == "mail lead" && feedback.text.starts_with("Is Acme down"));
        assert_eq!(written.len(), 2, "what was said last is not written again");
    }
    let page = house.get(&format!("/incidents/acme.1?{link}&did=feedback")).await;
    assert!(page.body.contains("saved for training the next model") && page.body.contains("says: positive."));

    assert_eq!(tell("&mention=nobody&class=neutral").await.status, StatusCode::NOT_FOUND);
    assert_eq!(
        tell("&mention=1&class=rude").await.status,
        StatusCode::FORBIDDEN,
        "a form that cannot be read has no link"
    );
    assert_eq!(tell("&mention=1").await.status, StatusCode::BAD_REQUEST);
    let unsigned = house.form("/incidents/acme.1/feedback", "mention=1&class=neutral").await;
    assert_eq!(unsigned.status, StatusCode::FORBIDDEN);
    assert_eq!(house.written(), 2);
}

#[tokio::test]
async fn what_a_mention_is_can_be_told_by_api() {
    let (house, _folder) = house_with_token("feedback");
    let tell = async |token: &str, body: &str| house.json("/api/v1/incidents/acme.1/feedback", token, body).await;
    let body = r#"{"by": "Ágnes", "mention": "2", "class": "negative"}"#;
    let answer = tell("right-token", body).await;
    assert_eq!((answer.status, &answer.json()["changed"]), (StatusCode::OK, &serde_json::json!(true)));
    let happened = answer.json()["incident"]["history"].as_array().unwrap().last().unwrap().clone();
    assert_eq!((&happened["what"], &happened["corrected"]), (&"feedback".into(), &"negative".into()));
    assert_eq!(tell("right-token", body).await.json()["changed"], false);
    for (token, body, status) in [
        ("other", body, StatusCode::UNAUTHORIZED),
        ("right-token", r#"{"by": "x", "mention": "2", "class": "bad"}"#, StatusCode::BAD_REQUEST),
        ("right-token", r#"{"by": "", "mention": "2", "class": "neutral"}"#, StatusCode::BAD_REQUEST),
        ("right-token", r#"{"by": "x", "mention": "9", "class": "neutral"}"#, StatusCode::NOT_FOUND),
    ] {
        assert_eq!(tell(token, body).await.status, status, "{body}");
    }
    assert_eq!(house.written(), 1);
}

#[tokio::test]
async fn a_ledger_that_refuses_is_said_and_nothing_is_claimed() {
    let house = house_with("", Sink::Refuses);
    let answer = house.form("/incidents/acme.1/acknowledge", &house.link_query("mail", 60)).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(answer.body.contains("was not saved") && !answer.body.contains("no broker"));
}

#[tokio::test]
async fn what_is_written_and_not_seen_yet_is_said_to_come() {
    let house = house_with("", Sink::Lags);
    let link = house.link_query("mail", 60);
    assert_eq!(house.form("/incidents/acme.1/acknowledge", &link).await.status, StatusCode::SEE_OTHER);
    assert_eq!(house.written(), 1);
    let page = house.get(&format!("/incidents/acme.1?{link}&did=acknowledge")).await;
    assert!(page.body.contains("will show here in a moment"));
}

#[tokio::test]
async fn it_is_over_closes_what_the_page_showed_and_never_more_than_there_was() {
    let shown = Height::of(&signal(Phase::Opened)).count;
    let all = "&seen=999999999+4800+negatives+1000";
    for (seen, count) in [("&seen=900+4800+negatives+1000", 900), (all, shown), ("&seen=many", shown), ("", shown)] {
        let house = house("");
        let link = house.link_query("mail", 60);
        house.form("/incidents/acme.1/resolve", &format!("{link}{seen}")).await;
        let written = house.ledger.written.lock().unwrap();
        let Event::Resolved(closing) = &written[0].event else { panic!("{:?}", written[0]) };
        assert_eq!(closing.height.map(|height| height.count), Some(count), "{seen}");
    }
}
