//! The routes from the outside: what may be read, who may act, and what hostile text can do.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};

use orszem_records::class::Class;
use orszem_records::ledger::{Action, Delivery, Event};
use orszem_records::signal::Phase;

use super::testing::{House, Sink, acknowledged, attempt, entry, house, house_with, outcome, resolved, sample, signal};

/// With a token whose value is in a file of the test's own.
fn house_with_token(name: &str) -> (House, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(name);
    std::fs::write(&file, "right-token\n").unwrap();
    (house(&format!("[web]\napi_token = \"file:{}\"", file.display())), folder)
}

/// The page with everything on it that a receiver, an operator or a stranger can have written.
fn fill(house: &House) {
    let view = &house.app.view;
    let accepted = || Delivery::Accepted { reference: Some("C1/123.4".into()) };
    let failed = Delivery::Failed { reason: "550 mailbox <unknown>".into() };
    let busy = Delivery::Retry { reason: "429 Too Many Requests".into(), after_ms: Some(3_000) };
    for entry in [
        attempt(1, "slack-crisis", Action::Trigger, (0, 0), 2),
        outcome(1, "slack-crisis", Action::Trigger, 0, busy, 3),
        attempt(1, "slack-crisis", Action::Trigger, (0, 1), 6),
        outcome(1, "slack-crisis", Action::Trigger, 1, accepted(), 7),
        attempt(1, "mail-lead", Action::Trigger, (1, 0), 302),
        attempt(1, "pager", Action::Trigger, (1, 0), 302),
        outcome(1, "mail-lead", Action::Trigger, 0, failed, 303),
        outcome(1, "pager", Action::Trigger, 0, accepted(), 303),
        attempt(1, "slack-crisis", Action::Update, (0, 0), 600),
        entry("acme", 1, Event::EscalationSpent { escalation: "crisis".into() }),
    ] {
        view.apply(&entry);
    }
}

#[tokio::test]
async fn a_page_shows_what_was_seen_expected_sent_and_done() {
    let house =
        house("[[watch]]\nname = \"acme\"\ntitle = \"Acme Kft.\"\nterms = [\"acme\"]\nadvice = \"Post nothing yet.\"");
    fill(&house);
    let page = house.get("/incidents/acme.1").await;
    assert_eq!(page.status, StatusCode::OK);
    for part in [
        "Acme Kft.",
        "3,412",
        "61",
        "31",
        "104",
        "1 h 20 min",
        "1 Aug 2014, 16:30 UTC",
        "about once in 6 years",
        "Severity 2",
        "Post nothing yet.",
        "<svg",
        "7,310 mentions",
        "Is Acme down",
        "slack-crisis",
        "newer figures",
        "550 mailbox &lt;unknown&gt;",
        "Step 1 of the escalation: slack-crisis.",
        "Step 2 of the escalation: mail-lead, pager.",
        "nobody acknowledged",
        "learnt from 19 d 5 h",
        "Nobody has it yet",
    ] {
        assert!(page.body.contains(part), "{part:?} is missing in {}", page.body);
    }
    assert!(!page.body.contains("C1/123.4"), "what a service gave us to refer to is nobody's business");
}

#[tokio::test]
async fn every_answer_carries_the_headers_that_keep_it_shut() {
    let house = house("");
    for path in [
        "/",
        "/watches",
        "/api/v1/watches",
        "/incidents/acme.1",
        "/incidents/none.1",
        "/nowhere",
        "/api/v1/incidents",
        "/metrics",
        "/style.css",
    ] {
        let answer = house.get(path).await;
        let header =
            |name: &str| answer.headers.get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default();
        let policy = header("content-security-policy");
        for part in [
            "default-src 'none'",
            "style-src 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
        ] {
            assert!(policy.contains(part), "{path} lacks {part}");
        }
        assert!(!policy.contains("script") && !policy.contains("unsafe"));
        assert_eq!(header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(header("referrer-policy"), "no-referrer", "{path}");
        assert_eq!(header("cache-control") == "no-store", path != "/style.css", "{path}");
        assert!(!answer.body.contains("<script") && !answer.body.contains(" style="), "{path}");
    }
}

#[tokio::test]
async fn reading_changes_nothing_whatever_the_link() {
    let house = house("");
    let ticket = house.ticket("mail", 60);
    for method in [Method::GET, Method::HEAD, Method::OPTIONS] {
        for path in [
            "/incidents/acme.1",
            "/incidents/acme.1/acknowledge",
            "/incidents/acme.1/resolve",
            "/api/v1/incidents/acme.1/resolve",
        ] {
            let request = Request::builder().method(&method).uri(format!("{path}?{ticket}&did=acknowledge"));
            let answer = house.send(request.body(Body::empty()).unwrap()).await;
            let expected = if path.ends_with('1') && method != Method::OPTIONS {
                StatusCode::OK
            } else {
                StatusCode::METHOD_NOT_ALLOWED
            };
            assert_eq!(answer.status, expected, "{method} {path}");
            assert!(!answer.body.contains("Thank you: it is acknowledged"), "an address is no proof of a deed");
        }
    }
    assert_eq!(house.written(), 0);
}

#[tokio::test]
async fn a_button_acknowledges_once_in_the_name_of_the_links_bearer() {
    let house = house("");
    let ticket = house.ticket("slack crisis", 60);
    let page = house.get(&format!("/incidents/acme.1?{ticket}")).await;
    assert_eq!(page.body.matches("<form class=\"deed\"").count(), 2);
    assert!(page.body.contains("action=\"../incidents/acme.1/acknowledge\""));
    assert!(page.body.contains("You act as <strong>slack crisis</strong>"));

    let answer = house.form("/incidents/acme.1/acknowledge", &ticket).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let location = answer.headers[header::LOCATION].to_str().unwrap();
    assert_eq!(location, format!("../acme.1?{ticket}&did=acknowledge"));
    {
        let written = house.ledger.written.lock().unwrap();
        let Event::Acknowledged(by) = &written[0].event else { panic!("{:?}", written[0]) };
        assert_eq!((by.by.as_str(), by.via.as_str()), ("slack crisis", "link"));
        assert_eq!((written[0].watch.as_str(), written[0].incident.0.as_str()), ("acme", "acme.1"));
    }
    let page = house.get(&format!("/incidents/acme.1?{ticket}&did=acknowledge")).await;
    assert!(page.body.contains("Thank you: it is acknowledged") && page.body.contains("Acknowledged by"));
    assert_eq!(page.body.matches("<form class=\"deed\"").count(), 1, "resolving is all that is left");

    assert_eq!(house.form("/incidents/acme.1/acknowledge", &ticket).await.status, StatusCode::SEE_OTHER);
    assert_eq!(house.written(), 1);
}

#[tokio::test]
async fn a_button_resolves_and_a_late_acknowledgement_is_thanked() {
    let house = house("");
    let ticket = house.ticket("mail", 60);
    for _ in 0..2 {
        assert_eq!(house.form("/incidents/acme.1/resolve", &ticket).await.status, StatusCode::SEE_OTHER);
    }
    assert_eq!(house.form("/incidents/acme.1/acknowledge", &ticket).await.status, StatusCode::SEE_OTHER);
    assert_eq!(house.written(), 1);
    let page = house.get(&format!("/incidents/acme.1?{ticket}&did=acknowledge")).await;
    assert!(page.body.contains("It is over already") && !page.body.contains("<form class=\"deed\""));
}

#[tokio::test]
async fn what_a_mention_is_can_be_told_and_told_otherwise() {
    let house = house("");
    let ticket = house.ticket("mail lead", 60);
    let page = house.get(&format!("/incidents/acme.1?{ticket}")).await;
    assert_eq!(page.body.matches("<form class=\"feedback\"").count(), 3);
    assert!(page.body.contains("Not negative? It is") && page.body.contains("Not neutral? It is"));

    let tell = async |fields: &str| house.form("/incidents/acme.1/feedback", &format!("{ticket}{fields}")).await;
    for class in ["neutral", "neutral", "positive"] {
        let answer = tell(&format!("&mention=1&class={class}")).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        assert_eq!(answer.headers[header::LOCATION].to_str().unwrap(), format!("../acme.1?{ticket}&did=feedback"));
    }
    {
        let written = house.ledger.written.lock().unwrap();
        let Event::Feedback(feedback) = &written[0].event else { panic!("{:?}", written[0]) };
        assert_eq!((feedback.judged, feedback.told), (Class::Negative, Class::Neutral));
        assert!(feedback.mention == "1" && feedback.by.by == "mail lead" && feedback.text.starts_with("Is Acme down"));
        assert_eq!(written.len(), 2, "what was said last is not written again");
    }
    let page = house.get(&format!("/incidents/acme.1?{ticket}&did=feedback")).await;
    assert!(page.body.contains("for the next model to learn from") && page.body.contains("says: positive."));

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
    assert_eq!((&happened["what"], &happened["told"]), (&"feedback".into(), &"negative".into()));
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
async fn a_link_that_is_forged_or_expired_reads_and_says_why_it_does_not_act() {
    let house = house("");
    let expired = house.ticket("mail", -5);
    let forged = house.ticket("mail", 60).replace("as=mail", "as=boss");
    let cut = house.ticket("mail", 60).split_once("&sig").unwrap().0.to_owned();
    for (ticket, why) in [(&expired, "expired"), (&forged, "not genuine"), (&cut, "not genuine")] {
        let page = house.get(&format!("/incidents/acme.1?{ticket}")).await;
        assert!(page.status == StatusCode::OK && page.body.contains(why) && !page.body.contains("<form"), "{ticket}");
        for deed in ["acknowledge", "resolve"] {
            let answer = house.form(&format!("/incidents/acme.1/{deed}"), ticket).await;
            assert!(answer.status == StatusCode::FORBIDDEN && answer.body.contains(why), "{ticket}");
        }
    }
    assert_eq!(house.form("/incidents/acme.1/resolve", "").await.status, StatusCode::FORBIDDEN);
    let doubled = format!("{}&as=boss", house.ticket("mail", 60));
    assert_eq!(house.form("/incidents/acme.1/resolve", &doubled).await.status, StatusCode::FORBIDDEN);
    let page = house.get("/incidents/acme.1").await;
    assert!(page.body.contains("open it by the link") && !page.body.contains("<form"));
    assert_eq!(house.written(), 0);
}

#[tokio::test]
async fn a_link_to_one_incident_does_not_act_on_another() {
    let house = house("");
    house.app.view.apply(&entry("acme", 2, Event::Signal(Box::new(signal(Phase::Opened)))));
    let answer = house.form("/incidents/acme.2/acknowledge", &house.ticket("mail", 60)).await;
    assert_eq!((answer.status, house.written()), (StatusCode::FORBIDDEN, 0));
}

#[tokio::test]
async fn a_ledger_that_refuses_is_said_and_nothing_is_claimed() {
    let house = house_with("", Sink::Refuses);
    let answer = house.form("/incidents/acme.1/acknowledge", &house.ticket("mail", 60)).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(answer.body.contains("not written down") && !answer.body.contains("no broker"));
}

#[tokio::test]
async fn what_is_written_and_not_seen_yet_is_said_to_come() {
    let house = house_with("", Sink::Lags);
    let ticket = house.ticket("mail", 60);
    assert_eq!(house.form("/incidents/acme.1/acknowledge", &ticket).await.status, StatusCode::SEE_OTHER);
    assert_eq!(house.written(), 1);
    let page = house.get(&format!("/incidents/acme.1?{ticket}&did=acknowledge")).await;
    assert!(page.body.contains("will show here in a moment"));
}

#[tokio::test]
async fn hostile_text_is_text() {
    let house = house(
        "[[watch]]\nname = \"acme\"\ntitle = \"<b>Acme</b>\"\nterms = [\"acme\"]\nadvice = \"<script>alert(0)</script>\"",
    );
    let mut hostile = signal(Phase::Updated);
    hostile.severity = 1;
    let bad = "</blockquote><script>alert(1)</script>\u{202e}gnp.exe\u{0}\r\nSet-Cookie: a=b\" onmouseover=\"alert(2)";
    hostile.samples = [
        "javascript:alert(3)",
        "data:text/html,<script>",
        "https://ok.example/\"><script>alert(4)</script>",
        "https://user@evil.example/",
    ]
    .into_iter()
    .enumerate()
    .map(|(index, url)| {
        let mut sample = sample(&index.to_string(), bad, bad, 1, Class::Negative);
        sample.source = bad.into();
        sample.url = Some(url.into());
        sample
    })
    .collect();
    house.app.view.apply(&entry("acme", 1, Event::Signal(Box::new(hostile))));
    let who = orszem_records::ledger::ByWhom { by: bad.into(), via: bad.into() };
    house.app.view.apply(&entry("acme", 1, Event::Acknowledged(who)));
    for path in ["/", "/incidents/acme.1", "/incidents/%3Cscript%3E", "/%3Cscript%3E?as=%3Cscript%3E"] {
        let page = house.get(path).await.body;
        assert!(!page.contains("<script") && !page.contains("<b>"), "{path}: {page}");
        assert!(
            !page.contains("javascript:") && !page.contains("data:text") && !page.contains("evil.example"),
            "{path}"
        );
        assert!(!page.contains('\u{202e}') && !page.contains('\u{0}') && !page.contains("\" onmouseover"), "{path}");
    }
    let page = house.get("/incidents/acme.1").await.body;
    assert!(page.contains("&lt;/blockquote&gt;&lt;script&gt;"), "it is shown as what it is");
    let link =
        "href=\"https://ok.example/%22%3E%3Cscript%3Ealert(4)%3C/script%3E\" rel=\"noopener noreferrer nofollow\"";
    assert!(page.contains(link), "{page}");
    assert_eq!(page.matches("href=\"https://").count(), 1);
}

#[tokio::test]
async fn the_list_shows_open_incidents_first() {
    let house = house("");
    house.app.view.apply(&entry("bolt", 1, Event::Signal(Box::new(signal(Phase::Opened)))));
    house.app.view.apply(&entry("core", 1, Event::Signal(Box::new(signal(Phase::Opened)))));
    house.app.view.apply(&acknowledged("acme", 1));
    house.app.view.apply(&resolved("bolt", 1));
    let page = house.get("/").await.body;
    let place = |id: &str| page.find(&format!("href=\"./incidents/{id}\"")).unwrap();
    assert!(place("core.1") < place("acme.1") && place("acme.1") < place("bolt.1"));
    assert!(page.contains("One incident is waiting") && page.contains("slack-crisis"));
}

#[tokio::test]
async fn what_is_unknown_is_unknown_in_the_form_of_whoever_asks() {
    let house = house("");
    for path in ["/incidents/acme.9", "/nowhere", "/incidents/"] {
        let page = house.get(path).await;
        assert!(page.status == StatusCode::NOT_FOUND && page.body.starts_with("<!DOCTYPE html>"), "{path}");
    }
    for path in ["/api/v1/incidents/acme.9", "/api/v1/nothing", "/api/v2"] {
        let answer = house.get(path).await;
        assert_eq!(
            (answer.status, answer.json()["error"]["code"].as_str()),
            (StatusCode::NOT_FOUND, Some("not-found")),
            "{path}"
        );
    }
}

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
    let promised = "acknowledged budget_per_week chart closed_at counts drivers escalation_spent expected expected_per_week forecast history id \
                    interval kind learning learning_left_hours learnt_hours messages observed opened_at resolved samples severity severity_now \
                    state title updated_at url watch window_seconds";
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
    assert_eq!(one["chart"][24]["at"], "2014-08-01T16:30:00Z");
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

#[tokio::test]
async fn with_a_token_pages_open_by_token_or_by_their_link() {
    let (house, _folder) = house_with_token("token");
    let genuine = house.ticket("mail", 60);
    for path in ["/", "/incidents/acme.1", "/incidents/acme.2", "/api/v1/incidents", "/api/v1/incidents/acme.1"] {
        assert_eq!(house.get(path).await.status, StatusCode::UNAUTHORIZED, "{path}");
        assert_ne!(house.get_with(path, "right-token").await.status, StatusCode::UNAUTHORIZED, "{path}");
    }
    assert_eq!(house.get(&format!("/incidents/acme.2?{genuine}")).await.status, StatusCode::UNAUTHORIZED);
    let page = house.get(&format!("/incidents/acme.1?{genuine}")).await;
    assert!(page.status == StatusCode::OK && page.body.contains("<form") && !page.body.contains("All incidents"));
    let expired = house.get(&format!("/incidents/acme.1?{}", house.ticket("mail", -5))).await;
    assert!(expired.status == StatusCode::OK && !expired.body.contains("<form"));
    assert_eq!(house.form("/incidents/acme.1/acknowledge", &genuine).await.status, StatusCode::SEE_OTHER);
    for path in ["/metrics", "/-/healthy", "/style.css"] {
        assert_eq!(house.get(path).await.status, StatusCode::OK, "{path}");
    }
}

#[tokio::test]
async fn a_token_that_cannot_be_read_lets_nobody_in() {
    let house = house("[web]\napi_token = \"file:/nonexistent/orszem\"");
    for path in ["/", "/incidents/acme.1", "/api/v1/incidents"] {
        assert_eq!(house.get_with(path, "").await.status, StatusCode::SERVICE_UNAVAILABLE, "{path}");
    }
    assert_eq!(house.json("/api/v1/incidents/acme.1/resolve", "", "{}").await.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(house.form("/incidents/acme.1/resolve", &house.ticket("mail", 60)).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn health_and_readiness_are_two_questions() {
    let house = house("");
    assert_eq!(house.get("/-/healthy").await.body, "ok\n");
    let ready = house.get("/-/ready").await;
    assert_eq!((ready.status, ready.body.as_str()), (StatusCode::SERVICE_UNAVAILABLE, "score has no partition yet\n"));
    orszem_runtime::metrics::registry().counter("orszem_shown_total", "A counter for this test.").inc();
    assert!(house.get("/metrics").await.body.contains("orszem_shown_total 1"));
}

#[tokio::test]
async fn it_serves_over_a_socket_until_told_to_stop() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let serving = tokio::spawn(super::serve(listener, house("").app, async move {
        let _ = stopped.await;
    }));
    let answer = reqwest::get(format!("http://{address}/-/healthy")).await.unwrap();
    assert_eq!(answer.text().await.unwrap(), "ok\n");
    stop.send(()).unwrap();
    serving.await.unwrap().unwrap();
    assert!(reqwest::get(format!("http://{address}/-/healthy")).await.is_err());
}
