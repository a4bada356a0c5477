//! The API has the shape that docs/api.md promises.

use axum::http::{StatusCode, header};

use crate::fixture::{acknowledged, fill, house};

#[tokio::test]
async fn the_api_has_the_shape_that_is_promised() {
    let house = house(
        "[web]\npublic_url = \"https://o.example\"\n[[watch]]\nname = \"acme\"\ntitle = \"Acme Kft.\"\nterms = [\"acme\"]",
    );
    fill(&house);
    house.app.view.apply(&acknowledged("acme", 1));
    let one = house.get("/api/v1/incidents/acme.1").await;
    assert_eq!(one.headers[header::CONTENT_TYPE], "application/json");
    let one = one.json();
    let fields: std::collections::BTreeSet<&str> = one.as_object().unwrap().keys().map(String::as_str).collect();
    let promised = "acknowledged budget_per_week calls_ended chart chart_of closed_at counts desk drivers due ended \
                    escalation_exhausted expected expected_per_week false_alarm forecast height history id interval kind learning \
                    learning_left_hours learnt_hours messages new_usual note observed opened_at presses reopened resolved samples severity \
                    severity_now state title updated_at url watch window_seconds";
    assert_eq!(fields, promised.split_whitespace().collect());
    assert_eq!(one["opened_at"], "2014-08-01T16:30:00Z");
    assert_eq!((one["state"].as_str(), one["kind"].as_str()), (Some("acknowledged"), Some("negativity")));
    assert_eq!(
        one["acknowledged"],
        serde_json::json!({"at": "2014-08-01T16:31:00Z", "by": "slack-crisis", "via": "link"})
    );
    assert_eq!((one["closed_at"].clone(), one["interval"]["high"].as_f64()), (serde_json::Value::Null, Some(104.0)));
    assert_eq!(
        (one["url"].as_str(), one["title"].as_str()),
        (Some("https://o.example/incidents/acme.1"), Some("Acme Kft."))
    );
    let message = &one["messages"][1];
    assert_eq!(
        (message["receiver"].as_str(), message["outcome"].as_str(), message["step"].as_u64()),
        (Some("mail-lead"), Some("failed"), Some(2))
    );
    assert_eq!(one["messages"][0]["tries"], 2);
    assert_eq!(one["samples"][0]["sentiment"], "negative");
    let span = serde_json::json!({"at": "2014-08-01T16:30:00Z", "seconds": 300, "seen": 10.0, "expected": 7.46,
        "low": 4.1, "high": 12.7, "mentions": 60, "negatives": 10});
    assert_eq!((&one["chart_of"], &one["chart"][24]), (&"negatives".into(), &span));
    let happened: Vec<&str> =
        one["history"].as_array().unwrap().iter().map(|it| it["what"].as_str().unwrap()).collect();
    assert_eq!((happened[0], happened[happened.len() - 1]), ("opened", "acknowledged"));

    let list = house.get("/api/v1/incidents?state=acknowledged&watch=acme&limit=5").await.json();
    assert_eq!(list["incidents"].as_array().unwrap().len(), 1);
    assert!(list["incidents"][0].get("chart").is_none());
    assert_eq!(house.get("/api/v1/incidents?state=open").await.json()["incidents"], serde_json::json!([]));
    for query in ["state=ajar", "limit=0", "limit=1001", "limit=many"] {
        let answer = house.get(&format!("/api/v1/incidents?{query}")).await;
        assert_eq!(
            (answer.status, answer.json()["error"]["code"].as_str()),
            (StatusCode::BAD_REQUEST, Some("bad-query")),
            "{query}"
        );
    }
}

#[tokio::test]
async fn drills_are_listed_apart_and_say_that_they_are_drills() {
    let house = house("[[watch]]\nname = \"acme\"\nterms = [\"acme\"]\n");
    fill(&house);
    house.app.view.apply(&crate::fixture::drill("acme"));
    let ids = async |query: &str| {
        let list = house.get(&format!("/api/v1/incidents{query}")).await.json();
        let ids = list["incidents"].as_array().unwrap().iter().map(|it| it["id"].as_str().unwrap().to_owned());
        ids.collect::<Vec<_>>()
    };
    assert!(!ids("").await.iter().any(|id| id.contains("drill")));
    assert_eq!(ids("?drill=true").await, ["acme.drill-7f3a"]);
    assert_eq!(house.get("/api/v1/incidents/acme.drill-7f3a").await.json()["drill"], "7f3a");
    assert!(house.get("/api/v1/incidents/acme.1").await.json().get("drill").is_none());
    assert_eq!(house.get("/api/v1/incidents?drill=perhaps").await.status, StatusCode::BAD_REQUEST);
}
