//! Queries tried by page and by API: what is shown, what is refused, and what hostile text can do.

use axum::http::StatusCode;
use serde_json::json;
use std::sync::atomic::Ordering;

use crate::fixture::{House, house};

const TWO_TOPICS: &str = "[[input]]\ntopic = \"posts\"\n[[input]]\ntopic = \"news\"\nformat = \"map\"\n[input.map]\nid = \"/n\"\ntext = \"/t\"\npublished_at = \"/at\"\n";

fn fill(house: &House, texts: &[&str]) {
    let record = |(n, text): (usize, &&str)| {
        let at = format!("2026-11-23T08:{:02}:00Z", n % 60);
        json!({ "id": format!("m{n}"), "published_at": at, "text": text, "lang": "hu" }).to_string().into_bytes()
    };
    *house.topic.records.lock().unwrap() = texts.iter().enumerate().map(record).collect();
}

#[tokio::test]
async fn a_page_marks_what_matches_and_says_why_the_rest_does_not() {
    let house = house("");
    fill(&house, &["A Telekomnál áll a net", "telekommunikáció", "Deutsche Telekom hírek", "semmi"]);
    let empty = house.get("/watches/try").await;
    assert_eq!(empty.status, StatusCode::OK);
    assert!(empty.body.contains("<textarea") && empty.body.contains("method=\"get\""), "{}", empty.body);
    assert!(house.topic.asked.lock().unwrap().is_empty(), "nothing was asked, nothing is read");

    let page = house.get("/watches/try?query=telekom+AND+NOT+(deutsche+NEAR/3+telekom)&with=&hours=6").await;
    assert_eq!(page.status, StatusCode::OK);
    for part in [
        "1 of 4 mentions",
        "A <mark>Telekomnál</mark> áll a net",
        "telekom is only part of another word: telekommunikáció",
        "excluded by NOT: deutsche NEAR/3 telekom matches",
        "23 Nov 2026, 08:00 UTC",
        "<svg",
        "telekom AND NOT (deutsche NEAR/3 telekom)</textarea>",
        "selected>6 h",
    ] {
        assert!(page.body.contains(part), "{part:?} is missing in {}", page.body);
    }
    assert!(!page.body.contains("Only the first"));
    let asked = house.topic.asked.lock().unwrap()[0].clone();
    let since = asked.1.since.unwrap();
    assert_eq!((asked.0.as_str(), asked.1.newest), ("mentions", Some(50_000)));
    assert_eq!(asked.1.until.unwrap().since(since), 6 * 3_600_000 + 5_000);
}

#[tokio::test]
async fn two_queries_show_what_changes_between_them() {
    let house = house("");
    fill(&house, &["Telekom", "Deutsche Telekom", "telekommunikáció"]);
    let page = house.get("/watches/try?query=telekom&with=tele*+AND+NOT+deutsche").await.body;
    let only_first = page.split("Only the first query matches").nth(1).unwrap();
    assert!(only_first.contains("Deutsche <mark>Telekom</mark>"), "{page}");
    let only_second = page.split("Only the second query matches").nth(1).unwrap();
    assert!(only_second.contains("<mark>telekommunikáció</mark>"), "{page}");
    let answer = house.get("/api/v1/watches/try?query=telekom&with=tele*+AND+NOT+deutsche").await.json();
    assert_eq!(answer["queries"][1]["matched"], 2);
    assert_eq!(answer["only_first"]["sample"][0]["pieces"][1], json!({ "text": "Telekom", "marked": true }));
    assert_eq!(answer["only_second"]["count"], 1);
    assert_eq!(answer["by_hour"], json!([{ "at": "2026-11-23T08:00:00Z", "matched": [2, 2] }]));
    assert_eq!(
        (&answer["complete"], &answer["mentions"], &answer["topic"]),
        (&json!(true), &json!(3), &json!("mentions"))
    );
    let one = house.get("/api/v1/watches/try?query=telekom").await.json();
    assert!(one.get("only_first").is_none());
}

#[tokio::test]
async fn a_fault_is_shown_with_its_caret_and_the_fix() {
    let house = house("");
    for (path, status) in [
        ("?query=telekom+AND+(posta", StatusCode::BAD_REQUEST),
        ("?query=a&with=telekom+AND+(posta", StatusCode::BAD_REQUEST),
        ("?query=a&hours=0", StatusCode::BAD_REQUEST),
        ("?query=a&hours=169", StatusCode::BAD_REQUEST),
        ("?query=a&topic=secret", StatusCode::BAD_REQUEST),
    ] {
        for root in ["/watches/try", "/api/v1/watches/try"] {
            assert_eq!(house.get(&format!("{root}{path}")).await.status, status, "{root}{path}");
        }
    }
    assert!(house.topic.asked.lock().unwrap().is_empty());
    let page = house.get("/watches/try?query=telekom+AND+(posta").await.body;
    assert!(page.contains("this bracket is never closed\n  telekom AND (posta\n              ^\n"), "{page}");
    assert!(page.contains("telekom AND (posta</textarea>"), "what was written is still there");
    let several = "?query=lung:x+OR+a1*b&with=++%22posta";
    let page = house.get(&format!("/watches/try{several}")).await.body;
    let answer = house.get(&format!("/api/v1/watches/try{several}")).await.json();
    let told = answer["error"]["message"].as_str().unwrap();
    for (part, caret) in [("lung:x OR a1*b", "^^^^"), ("lung:x OR a1*b", "            ^"), ("\"posta", "^")] {
        assert!(told.contains(&format!("\n  {part}\n  {caret}\n")), "{part}: {told}");
        assert!(page.contains(&format!("\n  {caret}\n")), "{part}: {page}");
    }
    let warned = house.get("/watches/try?query=NOT+posta").await;
    assert!(
        warned.status == StatusCode::OK && warned.body.contains("this query matches everything"),
        "{}",
        warned.body
    );
    let long = format!("/watches/try?query={}", "a".repeat(30_000));
    assert_eq!(house.get(&long).await.status, StatusCode::BAD_REQUEST);
    let refused = house.get("/api/v1/watches/try").await;
    assert_eq!((refused.status, &refused.json()["error"]["code"]), (StatusCode::BAD_REQUEST, &json!("bad-query")));
}

#[tokio::test]
async fn each_topic_is_read_as_its_input_says() {
    let house = house(TWO_TOPICS);
    *house.topic.records.lock().unwrap() =
        vec![br#"{"n":"1","t":"posta","at":1790000000}"#.to_vec(), b"no record".to_vec()];
    let page = house.get("/watches/try?query=posta&topic=news").await.body;
    assert!(
        page.contains("1 of 1 mention,")
            && page.contains("Left out, because they are not mentions: 1, the first because"),
        "{page}"
    );
    assert!(page.contains("<option value=\"posts\">") && page.contains("<option value=\"news\" selected>"), "{page}");
    let first = house.get("/api/v1/watches/try?query=posta").await.json();
    assert_eq!((&first["topic"], &first["mentions"], &first["refused"]), (&json!("posts"), &json!(0), &json!(2)));
    assert!(first["refused_because"].as_str().is_some_and(|because| !because.is_empty()), "{first}");
}

#[tokio::test]
async fn hostile_text_and_hostile_queries_act_nowhere() {
    let house = house("");
    let hostile = "telekom <script>alert(1)</script> \u{202e}kó\u{1b}[31m <img src=x onerror=alert(2)> \"'&";
    fill(&house, &[hostile, "telekom<b>x"]);
    *house.topic.records.lock().unwrap() = vec![
        json!({ "id": "<script>id</script>", "published_at": 1_790_000_000, "text": hostile }).to_string().into_bytes(),
        json!({ "id": "2", "published_at": "9999-12-31T23:59:59Z", "text": "telekommunik<i>\u{e1}ci\u{f3}" })
            .to_string()
            .into_bytes(),
    ];
    let query = "telekom OR \"<script>alert(3)</script>\"";
    let encoded: String = query.bytes().map(|byte| format!("%{byte:02X}")).collect();
    for path in [format!("?query={encoded}"), format!("?query=a&with=({encoded}"), format!("?query=a&topic={encoded}")]
    {
        let page = house.get(&format!("/watches/try{path}")).await;
        for act in ["<script", "<img", "<b>", "<i>", "\u{202e}", "\u{1b}", "style="] {
            assert!(!page.body.contains(act), "{act:?} in {}", page.body);
        }
        let policy = page.headers["content-security-policy"].to_str().unwrap();
        assert!(policy.contains("default-src 'none'") && policy.contains("form-action 'self'"));
    }
}

#[tokio::test]
async fn one_query_is_tried_at_a_time_and_a_topic_that_is_away_is_said_without_its_secrets() {
    let house = house("");
    fill(&house, &["telekom"]);
    house.topic.held.store(true, Ordering::Relaxed);
    let app = house.app.clone();
    let first = tokio::spawn(async move {
        use tower::ServiceExt as _;
        let request = axum::http::Request::get("/watches/try?query=telekom").body(axum::body::Body::empty()).unwrap();
        crate::router(app).oneshot(request).await.unwrap().status()
    });
    while house.topic.asked.lock().unwrap().is_empty() {
        tokio::task::yield_now().await;
    }
    let busy = house.get("/api/v1/watches/try?query=telekom").await;
    assert_eq!((busy.status, &busy.json()["error"]["code"]), (StatusCode::SERVICE_UNAVAILABLE, &json!("busy")));
    house.topic.held.store(false, Ordering::Relaxed);
    assert_eq!(first.await.unwrap(), StatusCode::OK);
    house.topic.away.store(true, Ordering::Relaxed);
    for root in ["/watches/try", "/api/v1/watches/try"] {
        let away = house.get(&format!("{root}?query=telekom")).await;
        assert_eq!(away.status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(away.body.contains("could not be read") && !away.body.contains("secret"), "{}", away.body);
    }
    house.topic.away.store(false, Ordering::Relaxed);
    assert_eq!(house.get("/watches/try?query=telekom").await.status, StatusCode::OK, "the turn was given back");
}

#[tokio::test]
async fn more_than_a_page_reads_is_said() {
    let house = house("");
    let texts = vec!["telekom"; 50_001];
    fill(&house, &texts);
    let page = house.get("/watches/try?query=telekom").await.body;
    assert!(page.contains("Only the newest were read") && page.contains("A sample: 20 of"), "{page}");
}

#[tokio::test]
async fn only_who_may_read_can_try() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("token");
    std::fs::write(&file, "right-token\n").unwrap();
    let house = house(&format!("[web]\napi_token = \"file:{}\"", file.display()));
    fill(&house, &["telekom"]);
    for root in ["/watches/try", "/api/v1/watches/try"] {
        let path = format!("{root}?query=telekom");
        assert_eq!(house.get(&path).await.status, StatusCode::UNAUTHORIZED);
        assert_eq!(house.get_with(&path, "wrong").await.status, StatusCode::UNAUTHORIZED);
        assert_eq!(house.get_with(&path, "right-token").await.status, StatusCode::OK);
    }
    assert_eq!(house.topic.asked.lock().unwrap().len(), 2);
}
