//! Silences, overrides and who is on call, by program.

use axum::http::StatusCode;

use crate::fixture::{House, house_with_token_and};

const CONFIG: &str = r#"
    [[watch]]
    name = "acme"
    terms = ["acme"]
    [[watch]]
    name = "other"
    terms = ["other"]
    [[person]]
    name = "anna"
    [[person]]
    name = "bela"
    [[rotation]]
    name = "press"
    time_zone = "Europe/Budapest"
    [[rotation.layer]]
    shift = "daily"
    stretch = [{ from = "2026-01-01 00:00", members = ["anna"] }]
"#;

const TOKEN: &str = "right-token";

async fn post(house: &House, path: &str, body: &str) -> (StatusCode, serde_json::Value) {
    let answer = house.json(path, TOKEN, body).await;
    let json = if answer.body.is_empty() { serde_json::Value::Null } else { answer.json() };
    (answer.status, json)
}

#[tokio::test]
async fn a_program_makes_and_ends_a_silence() {
    let (house, _folder) = house_with_token_and(CONFIG);
    let path = "/api/v1/silences";
    let (status, made) =
        post(&house, path, r#"{"match":"watch = \"acme\"","reason":"known","for":"2h","by":"Anna"}"#).await;
    assert_eq!((status, &made["past_week"]["incidents"]), (StatusCode::CREATED, &0.into()), "{made}");
    let listed = house.get_with(path, TOKEN).await.json();
    assert_eq!(listed["silences"][0]["state"], "holds");
    assert_eq!(listed["silences"][0]["match"], "watch = \"acme\"");
    let end = format!("{path}/{}/end", made["id"].as_str().unwrap());
    assert_eq!(post(&house, &end, r#"{"by":"Béla"}"#).await.0, StatusCode::NO_CONTENT);
    let listed = house.get_with(path, TOKEN).await.json();
    assert_eq!((&listed["silences"][0]["state"], &listed["silences"][0]["ended_by"]), (&"over".into(), &"Béla".into()));
    assert_eq!(post(&house, &end, r#"{"by":"Béla"}"#).await.0, StatusCode::CONFLICT);
}

#[tokio::test]
async fn what_is_wrong_with_a_silence_is_said_and_what_mutes_all_asks_to_be_sure() {
    let (house, _folder) = house_with_token_and(CONFIG);
    let path = "/api/v1/silences";
    for (body, status, code) in [
        (r#"{"match":"","reason":"x","for":"1h","by":"A"}"#, StatusCode::CONFLICT, "sure"),
        (r#"{"match":"","reason":"x","for":"1h","by":"A","sure":true}"#, StatusCode::CREATED, ""),
        (r#"{"match":"watch = \"none\"","reason":"x","for":"1h","by":"A"}"#, StatusCode::BAD_REQUEST, "bad-body"),
        (r#"{"match":"","reason":" ","for":"1h","by":"A"}"#, StatusCode::BAD_REQUEST, "bad-body"),
        (r#"{"match":"","reason":"x","by":"A"}"#, StatusCode::BAD_REQUEST, "bad-body"),
        (r#"{"match":"","reason":"x","to":"tomorrow","by":"A"}"#, StatusCode::BAD_REQUEST, "bad-body"),
        (r#"{"match":"","reason":"x","for":"1h","by":""}"#, StatusCode::BAD_REQUEST, "bad-body"),
        (r#"{"match":"","reason":"x","for":"1h","by":"A","severity":1}"#, StatusCode::BAD_REQUEST, "bad-body"),
    ] {
        let (got, json) = post(&house, path, body).await;
        assert_eq!((got, json["error"]["code"].as_str().unwrap_or_default()), (status, code), "{body}: {json}");
    }
    let tried = house.get_with("/api/v1/silences/try?match=severity+%3D+%22%3E%3D+2%22", TOKEN).await.json();
    assert_eq!((&tried["verdict"], &tried["match"]), (&"sure".into(), &"severity = \">= 2\"".into()));
    assert_eq!(house.get_with("/api/v1/silences/try?match=x", TOKEN).await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_program_changes_who_is_on_call_and_hears_what_that_does() {
    let (house, _folder) = house_with_token_and(CONFIG);
    let body = |kind: &str, from: &str, to: &str| {
        format!(
            r#"{{"rotation":"press","kind":"{kind}","people":["bela"],"instead_of":["anna"],"from":"{from}","to":"{to}","by":"Anna"}}"#
        )
    };
    let path = "/api/v1/overrides";
    // The clock is turned back in this night: 02:15 comes twice.
    let (status, made) = post(&house, path, &body("replace", "2099-10-25 02:15", "2099-10-25 02:45")).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    assert_eq!(made["changes"][0]["after"][0], "bela");
    assert_eq!(made["changes"][0]["from"], "2099-10-25T00:15:00Z");
    assert!(made["notes"][0].as_str().unwrap().contains("twice"), "{made}");
    let at = "/api/v1/oncall?at=2099-10-25T00:20:00Z&days=1";
    let listed = house.get_with(at, TOKEN).await.json();
    assert_eq!(
        (&listed["rotations"][0]["on_call"][0], &listed["rotations"][0]["next"]["on_call"][0]),
        (&"bela".into(), &"anna".into())
    );
    let cancel = format!("{path}/{}/cancel", made["id"].as_str().unwrap());
    assert_eq!(post(&house, &cancel, r#"{"by":"Anna"}"#).await.0, StatusCode::NO_CONTENT);
    assert_eq!(post(&house, &cancel, r#"{"by":"Anna"}"#).await.0, StatusCode::CONFLICT);
    assert_eq!(house.get_with(at, TOKEN).await.json()["rotations"][0]["on_call"][0], "anna");
    let idle = body("replace", "2099-01-01 08:00", "2099-01-01 09:00").replace("\"anna\"]", "\"bela\"]");
    let (_, idle) = post(&house, path, &idle).await;
    assert!(idle["notes"][0].as_str().unwrap().contains("changes nothing"), "{idle}");
    for (kind, from) in [("swap", "2099-01-01 08:00"), ("add", "soon"), ("add", "2099-01-01 10:00")] {
        let (status, json) = post(&house, path, &body(kind, from, "2099-01-01 09:00")).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{json}");
    }
}

#[tokio::test]
async fn an_offer_is_taken_once() {
    let (house, _folder) = house_with_token_and(CONFIG);
    let offer = r#"{"rotation":"press","kind":"offer","people":["anna"],"from":"2099-01-01 08:00","to":"2099-01-01 09:00","by":"Anna"}"#;
    let (_, made) = post(&house, "/api/v1/overrides", offer).await;
    let take = format!("/api/v1/overrides/{}/take", made["id"].as_str().unwrap());
    assert_eq!(post(&house, &take, r#"{"person":"none","by":"x"}"#).await.0, StatusCode::BAD_REQUEST);
    assert_eq!(post(&house, &take, r#"{"person":"bela","by":"Béla"}"#).await.0, StatusCode::NO_CONTENT);
    assert_eq!(post(&house, &take, r#"{"person":"anna","by":"Anna"}"#).await.0, StatusCode::CONFLICT);
    assert_eq!(
        post(&house, "/api/v1/overrides/none/take", r#"{"person":"bela","by":"x"}"#).await.0,
        StatusCode::NOT_FOUND
    );
    let listed = house.get_with("/api/v1/overrides", TOKEN).await.json();
    assert_eq!(
        (&listed["overrides"][0]["kind"], &listed["overrides"][0]["taken_by"]),
        (&"offer".into(), &"bela".into())
    );
    let on_call = house.get_with("/api/v1/oncall?at=2099-01-01T07:30:00Z&days=0", TOKEN).await.json();
    assert_eq!(on_call["rotations"][0]["on_call"][0], "bela");
}
