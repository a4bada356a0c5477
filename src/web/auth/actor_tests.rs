//! Who may act.

use axum::http::{StatusCode, header};

use orszem_records::ledger::Event;
use orszem_records::signal::Phase;

use crate::fixture::{entry, house, house_with_token, signal};

#[tokio::test]
async fn a_link_that_is_forged_or_expired_reads_and_says_why_it_does_not_act() {
    let house = house("");
    let expired = house.link_query("mail", -5);
    let forged = house.link_query("mail", 60).replace("as=mail", "as=boss");
    let cut = house.link_query("mail", 60).split_once("&sig").unwrap().0.to_owned();
    for (link, why) in [(&expired, "expired"), (&forged, "not valid"), (&cut, "not valid")] {
        let page = house.get(&format!("/incidents/acme.1?{link}")).await;
        assert!(page.status == StatusCode::OK && page.body.contains(why) && !page.body.contains("<form"), "{link}");
        for action in ["acknowledge", "resolve"] {
            let answer = house.form(&format!("/incidents/acme.1/{action}"), link).await;
            assert!(answer.status == StatusCode::FORBIDDEN && answer.body.contains(why), "{link}");
        }
    }
    assert_eq!(house.form("/incidents/acme.1/resolve", "").await.status, StatusCode::FORBIDDEN);
    let doubled = format!("{}&as=boss", house.link_query("mail", 60));
    assert_eq!(house.form("/incidents/acme.1/resolve", &doubled).await.status, StatusCode::FORBIDDEN);
    let page = house.get("/incidents/acme.1").await;
    assert!(page.body.contains("open it with the link") && !page.body.contains("<form"));
    assert_eq!(house.written(), 0);
}

#[tokio::test]
async fn a_link_to_one_incident_does_not_act_on_another() {
    let house = house("");
    house.app.view.apply(&entry("acme", 2, Event::Signal(Box::new(signal(Phase::Opened)))));
    let answer = house.form("/incidents/acme.2/acknowledge", &house.link_query("mail", 60)).await;
    assert_eq!((answer.status, house.written()), (StatusCode::FORBIDDEN, 0));
}

#[tokio::test]
async fn without_a_token_the_api_reads_only() {
    let house = house("");
    let answer = house.json("/api/v1/incidents/acme.1/acknowledge", "any", r#"{"by":"x"}"#).await;
    assert_eq!((answer.status, answer.json()["error"]["code"].as_str()), (StatusCode::FORBIDDEN, Some("read-only")));
    assert_eq!(house.written(), 0);
}

#[tokio::test]
async fn with_a_token_only_its_bearer_acts_by_api() {
    let (house, _folder) = house_with_token("token");
    let path = "/api/v1/incidents/acme.1/acknowledge";
    for token in ["wrong", "", "right-token2", "right-toke"] {
        let answer = house.json(path, token, r#"{"by":"x"}"#).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        assert_eq!(answer.headers[header::WWW_AUTHENTICATE], "Bearer");
        assert!(!answer.body.contains("right-token"));
    }
    for body in ["", "{}", "[]", r#"{"by":" "}"#, r#"{"by":"a\nb"}"#, &format!(r#"{{"by":"{}"}}"#, "x".repeat(101))] {
        assert_eq!(house.json(path, "right-token", body).await.status, StatusCode::BAD_REQUEST, "{body}");
    }
    let large = format!(r#"{{"by":"{}"}}"#, "x".repeat(9_000));
    assert_eq!(house.json(path, "right-token", &large).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(house.written(), 0);

    let answer = house.json(path, "right-token", r#"{"by":" Ágnes "}"#).await;
    assert_eq!((answer.status, answer.json()["changed"].as_bool()), (StatusCode::OK, Some(true)));
    assert_eq!(answer.json()["incident"]["acknowledged"]["by"], "Ágnes");
    let again = house.json(path, "right-token", r#"{"by":"Béla"}"#).await;
    assert_eq!((again.json()["changed"].as_bool(), house.written()), (Some(false), 1));
    assert_eq!(
        house.json("/api/v1/incidents/no.1/resolve", "right-token", r#"{"by":"x"}"#).await.status,
        StatusCode::NOT_FOUND
    );
    let over = house.json("/api/v1/incidents/acme.1/resolve", "right-token", r#"{"by":"Béla"}"#).await;
    assert_eq!((over.json()["incident"]["state"].as_str(), house.written()), (Some("resolved"), 2));
}
