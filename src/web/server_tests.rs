//! All routes from the outside: what every answer carries, and what they are for.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use tower::ServiceExt as _;

use crate::actions::ActionName;
use crate::fixture::{Answer, House, house, house_with_token, house_with_token_and};

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
        assert!(policy.contains("script-src 'self'") && !policy.contains("unsafe"));
        assert_eq!(header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(header("referrer-policy"), "no-referrer", "{path}");
        assert_eq!(header("cache-control") == "no-store", path != "/style.css", "{path}");
        assert!(!answer.body.contains("<script>") && !answer.body.contains(" style="), "{path}");
    }
}

#[tokio::test]
async fn reading_changes_nothing_whatever_the_link() {
    let house = house("");
    let link = house.link_query("mail", 60);
    for method in [Method::GET, Method::HEAD, Method::OPTIONS] {
        for path in [
            "/incidents/acme.1",
            "/incidents/acme.1/acknowledge",
            "/incidents/acme.1/resolve",
            "/api/v1/incidents/acme.1/resolve",
        ] {
            let request = Request::builder().method(&method).uri(format!("{path}?{link}&did=acknowledge"));
            let answer = house.send(request.body(Body::empty()).unwrap()).await;
            let expected = if path.ends_with('1') && method != Method::OPTIONS {
                StatusCode::OK
            } else {
                StatusCode::METHOD_NOT_ALLOWED
            };
            assert_eq!(answer.status, expected, "{method} {path}");
            assert!(!answer.body.contains("You have it: nobody"), "an address is no proof of an action");
        }
    }
    assert_eq!(house.written(), 0);
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
async fn health_and_readiness_are_two_questions() {
    let house = house("");
    assert_eq!(house.get("/-/healthy").await.body, "ok\n");
    let ready = house.get("/-/ready").await;
    assert_eq!((ready.status, ready.body.as_str()), (StatusCode::SERVICE_UNAVAILABLE, "score has no partition yet\n"));
    orszem_runtime::metrics::registry().counter("orszem_shown_total", "A counter for this test.").inc();
    assert!(house.get("/metrics").await.body.contains("orszem_shown_total 1"));
}

#[tokio::test]
async fn before_the_incidents_are_read_pages_say_so_and_health_answers() {
    let mut house = house("");
    house.app.startup = orszem_runtime::startup::Startup::begin("kafka:9092");
    let link = house.link_query("mail", 60);
    for path in addresses(Needs::Reader).into_iter().filter(|path| path != "/metrics") {
        let answer = house.get(&path).await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{path}");
        assert_eq!(answer.headers[header::RETRY_AFTER], "5", "{path}");
        assert!(answer.body.contains("just been started") && !answer.body.contains("acme"), "{path}");
    }
    let answer = house.form("/incidents/acme.1/acknowledge", &link).await;
    assert_eq!((answer.status, house.written()), (StatusCode::SERVICE_UNAVAILABLE, 0));
    for path in ["/-/healthy", "/metrics", "/style.css", "/docs", "/docs/operations"] {
        assert_eq!(house.get(path).await.status, StatusCode::OK, "{path}");
    }
    house.app.startup.incidents_are_read();
    house.app.startup.team_is_read();
    assert_eq!(house.get("/incidents/acme.1").await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_listener_of_machines_has_health_and_metrics_and_nothing_else() {
    let (house, _folder) = house_with_token("token");
    let get = async |path: &str| {
        let request = Request::get(path).body(Body::empty()).unwrap();
        crate::health_router(house.app.clone()).oneshot(request).await.unwrap().status()
    };
    assert_eq!(get("/-/healthy").await, StatusCode::OK);
    assert_eq!(get("/-/ready").await, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(get("/metrics").await, StatusCode::OK, "its address is the operator's choice, so no token is needed");
    let elsewhere = ROUTES.iter().filter(|(route, ..)| *route != "/metrics" && !route.starts_with("/-/"));
    for (_, path, _) in elsewhere {
        assert_eq!(get(path).await, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn idle_connections_shut_nobody_out() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let serving = tokio::spawn(crate::serve(listener, None, crate::router(house("").app), std::future::pending()));
    let mut idle = Vec::new();
    for _ in 0..600 {
        idle.push(tokio::net::TcpStream::connect(address).await.unwrap());
    }
    for path in ["/-/healthy", "/metrics", "/incidents/acme.1"] {
        let answer = reqwest::get(format!("http://{address}{path}")).await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
    }
    serving.abort();
}

#[tokio::test]
async fn it_serves_over_a_socket_until_told_to_stop() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let serving = tokio::spawn(crate::serve(listener, None, crate::router(house("").app), async move {
        let _ = stopped.await;
    }));
    let answer = reqwest::get(format!("http://{address}/-/healthy")).await.unwrap();
    assert_eq!(answer.text().await.unwrap(), "ok\n");
    stop.send(()).unwrap();
    serving.await.unwrap().unwrap();
    assert!(reqwest::get(format!("http://{address}/-/healthy")).await.is_err());
}

/// Who gets an answer of a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Needs {
    Nobody,
    /// [`crate::auth::reader::Reader`].
    Reader,
    /// [`crate::auth::actor::Actor`].
    Actor,
    /// Somebody who is signed in, and a form of ours.
    Session,
    /// A signed link of its own.
    Link,
    /// The API's token, whatever is open without one.
    Token,
}

/// Every route as `router` has it, an address of it, and who it is for.
const ROUTES: [(&str, &str, Needs); 58] = [
    ("/", "/", Needs::Reader),
    ("/watches", "/watches", Needs::Reader),
    ("/watches/try", "/watches/try?query=acme", Needs::Reader),
    ("/incidents.csv", "/incidents.csv", Needs::Reader),
    ("/acknowledge", "/acknowledge", Needs::Session),
    ("/sign-in", "/sign-in", Needs::Nobody),
    ("/sign-in/oidc", "/sign-in/oidc", Needs::Nobody),
    ("/sign-in/oidc/back", "/sign-in/oidc/back", Needs::Nobody),
    ("/sign-out", "/sign-out", Needs::Session),
    ("/sign-out-everywhere", "/sign-out-everywhere", Needs::Session),
    ("/oncall", "/oncall", Needs::Reader),
    ("/oncall/overrides", "/oncall/overrides", Needs::Session),
    ("/oncall/overrides/{id}/take", "/oncall/overrides/1/take", Needs::Session),
    ("/oncall/overrides/{id}/cancel", "/oncall/overrides/1/cancel", Needs::Session),
    ("/oncall/calendars", "/oncall/calendars", Needs::Session),
    ("/calendars/{kind}/{name}", "/calendars/person/anna.ics", Needs::Link),
    ("/silences", "/silences", Needs::Reader),
    ("/silences/{id}/end", "/silences/1/end", Needs::Session),
    ("/card", "/card", Needs::Reader),
    ("/readiness", "/readiness", Needs::Reader),
    ("/accounts", "/accounts", Needs::Reader),
    ("/accounts/{account}/look-up", "/accounts/a/look-up", Needs::Session),
    ("/drill", "/drill", Needs::Reader),
    ("/drill/{step}", "/drill/read", Needs::Session),
    ("/access/{account}/{person}", "/access/fb/anna", Needs::Link),
    ("/ways", "/ways", Needs::Reader),
    ("/ways/{person}/{receiver}", "/ways/anna/mail", Needs::Link),
    ("/ways/{person}/{receiver}/test", "/ways/anna/mail/test", Needs::Session),
    ("/settings", "/settings", Needs::Nobody),
    ("/docs", "/docs", Needs::Nobody),
    ("/docs/{name}", "/docs/operations", Needs::Nobody),
    ("/style.css", "/style.css", Needs::Nobody),
    ("/page.js", "/page.js", Needs::Nobody),
    ("/incidents/{id}", "/incidents/acme.1", Needs::Reader),
    ("/incidents/{id}/report", "/incidents/acme.1/report", Needs::Reader),
    ("/incidents/{id}/report.md", "/incidents/acme.1/report.md", Needs::Reader),
    ("/incidents/{id}/evidence.json", "/incidents/acme.1/evidence.json", Needs::Reader),
    ("/incidents/{id}/{action}", "/incidents/acme.1/", Needs::Actor),
    ("/metrics", "/metrics", Needs::Reader),
    ("/-/healthy", "/-/healthy", Needs::Nobody),
    ("/-/ready", "/-/ready", Needs::Nobody),
    ("/api/v1/watches", "/api/v1/watches", Needs::Reader),
    ("/api/v1/watches/try", "/api/v1/watches/try?query=acme", Needs::Reader),
    ("/api/v1/incidents", "/api/v1/incidents", Needs::Reader),
    ("/api/v1/incidents/{id}", "/api/v1/incidents/acme.1", Needs::Reader),
    ("/api/v1/incidents/{id}/evidence", "/api/v1/incidents/acme.1/evidence", Needs::Reader),
    ("/api/v1/incidents/{id}/report", "/api/v1/incidents/acme.1/report", Needs::Reader),
    ("/api/v1/accounts", "/api/v1/accounts", Needs::Reader),
    ("/api/v1/accounts/{account}/look-up", "/api/v1/accounts/a/look-up", Needs::Token),
    ("/api/v1/oncall", "/api/v1/oncall", Needs::Reader),
    ("/api/v1/overrides", "/api/v1/overrides", Needs::Reader),
    ("/api/v1/overrides/{id}/take", "/api/v1/overrides/1/take", Needs::Token),
    ("/api/v1/overrides/{id}/cancel", "/api/v1/overrides/1/cancel", Needs::Token),
    ("/api/v1/silences", "/api/v1/silences", Needs::Reader),
    ("/api/v1/silences/try", "/api/v1/silences/try?match=", Needs::Reader),
    ("/api/v1/silences/{id}/end", "/api/v1/silences/1/end", Needs::Token),
    ("/api/v1/sign-outs", "/api/v1/sign-outs", Needs::Token),
    ("/api/v1/incidents/{id}/{action}", "/api/v1/incidents/acme.1/", Needs::Actor),
];

/// The addresses that need `needs`, each action of an incident by itself.
fn addresses(needs: Needs) -> Vec<String> {
    let routes = ROUTES.iter().filter(|route| route.2 == needs);
    let each = |(_, address, _): &(&str, &str, Needs)| match needs {
        Needs::Actor => ActionName::ALL.iter().map(|action| format!("{address}{}", action.as_str())).collect(),
        Needs::Nobody | Needs::Reader | Needs::Session | Needs::Token | Needs::Link => vec![(*address).to_owned()],
    };
    routes.flat_map(each).collect()
}

/// What an action takes, as JSON where the API is asked and as a form elsewhere, without a link.
async fn post(house: &House, path: &str, token: Option<&str>) -> Answer {
    // The same for every request of a test, and to come.
    let day = 24 * 3_600_000;
    let due = orszem_records::time::Timestamp((orszem_runtime::clock::now().0 / day + 2) * day);
    let fields = [
        ("by", "x"),
        ("mention", "1"),
        ("class", "neutral"),
        ("to", "y"),
        ("text", "z"),
        ("playbook", "p"),
        ("item", "i"),
        ("button", "b"),
        ("due", &due.to_string()),
        ("language", "en"),
        ("revision", "1"),
        ("account", "a"),
    ];
    let (kind, body) = match path.starts_with("/api/") {
        true => ("application/json", serde_json::to_string(&std::collections::BTreeMap::from(fields)).unwrap()),
        false => {
            let fields = fields.map(|(name, value)| format!("{name}={value}"));
            ("application/x-www-form-urlencoded", fields.join("&"))
        }
    };
    let request = Request::post(path).header(header::CONTENT_TYPE, kind);
    let request = match token {
        Some(token) => request.header(header::AUTHORIZATION, format!("Bearer {token}")),
        None => request,
    };
    house.send(request.body(Body::from(body)).unwrap()).await
}

/// A refusal has the form that the client reads, and shows nothing.
fn assert_refused(answer: &Answer, status: StatusCode, code: &str, path: &str) {
    assert_eq!(answer.status, status, "{path}");
    match path.starts_with("/api/") {
        true => assert_eq!(answer.json()["error"]["code"], code, "{path}"),
        false => assert!(answer.body.starts_with("<!DOCTYPE html>"), "{path}"),
    }
    let asks = answer.headers.get(header::WWW_AUTHENTICATE).map(|value| value.to_str().unwrap());
    assert_eq!(asks, (status == StatusCode::UNAUTHORIZED).then_some("Bearer"), "{path}");
    for shown in ["acme", "Acme", "right-token", "nonexistent"] {
        assert!(!answer.body.contains(shown), "{path} shows {shown}");
    }
}

#[test]
fn every_route_is_in_the_table() {
    let pages = include_str!("server.rs").split("pub fn health_router").next().unwrap();
    let written: Vec<&str> = pages.split(".route(\"").skip(1).collect();
    let routes: Vec<&str> = written.iter().map(|rest| rest.split('"').next().unwrap()).collect();
    assert_eq!(routes, ROUTES.map(|route| route.0));
}

#[tokio::test]
async fn with_a_token_every_route_that_reads_refuses_whoever_has_none() {
    let (house, _folder) = house_with_token("token");
    for path in addresses(Needs::Reader) {
        assert_refused(&house.get(&path).await, StatusCode::UNAUTHORIZED, "unauthorized", &path);
        assert_refused(&house.get_with(&path, "wrong").await, StatusCode::UNAUTHORIZED, "unauthorized", &path);
        assert_eq!(house.get_with(&path, "right-token").await.status, StatusCode::OK, "{path}");
        let by_link = format!("{path}{}{}", if path.contains('?') { "&" } else { "?" }, house.link_query("mail", 60));
        let is_own = path == "/incidents/acme.1" || path.starts_with("/incidents/acme.1/");
        let expected = if is_own { StatusCode::OK } else { StatusCode::UNAUTHORIZED };
        assert_eq!(house.get(&by_link).await.status, expected, "a link opens its own pages alone: {path}");
    }
    for path in addresses(Needs::Nobody) {
        assert_ne!(house.get(&path).await.status, StatusCode::UNAUTHORIZED, "{path}");
    }
}

/// What is written where every action is tried by a page and then by the API: acknowledge, hand over, give back, note,
/// tick, draft, press (and what came of it), promise, resolve, undo and feedback by the page; of the API's the note
/// again, and what became possible again by then.
const DONE: usize = 20;

#[tokio::test]
async fn every_route_that_acts_refuses_whoever_has_neither_token_nor_link() {
    let config = "[[playbook]]\nname = \"p\"\nmove = [{ do = \"i\" }]\n\
                  button = [{ title = \"b\", url = \"https://b.example\", secrets = [\"env:B\"] }]\n\
                  [[account]]\nname = \"a\"\naddress = \"https://a.example\"\nowner = \"x\"\ncredential = \"safe\"\n";
    let (with_token, _folder) = house_with_token_and(config);
    let (without, unreadable) = (house(""), house("[web]\napi_token = \"file:/nonexistent/orszem\""));
    for path in addresses(Needs::Actor) {
        let api = path.starts_with("/api/");
        for token in [None, Some("wrong"), Some("")] {
            let (status, code) = match api {
                true => (StatusCode::UNAUTHORIZED, "unauthorized"),
                false => (StatusCode::FORBIDDEN, "forbidden"),
            };
            assert_refused(&post(&with_token, &path, token).await, status, code, &path);
            let (status, code) = match api {
                true => (StatusCode::FORBIDDEN, "read-only"),
                false => (StatusCode::FORBIDDEN, "forbidden"),
            };
            assert_refused(&post(&without, &path, token).await, status, code, &path);
            let (status, code) = match api {
                true => (StatusCode::SERVICE_UNAVAILABLE, "no-token"),
                false => (StatusCode::FORBIDDEN, "forbidden"),
            };
            assert_refused(&post(&unreadable, &path, token).await, status, code, &path);
        }
        // A link in the address is not one in the form, and opens nothing of the API.
        let by_link = format!("{path}?{}", with_token.link_query("mail", 60));
        assert!(post(&with_token, &by_link, None).await.status.is_client_error(), "{path}");
    }
    assert_eq!([&with_token, &without, &unreadable].map(House::written), [0, 0, 0]);
    // What one person wrote another one approves, and only that is posted; a person who is known looks something up:
    // `posting_tests` has them.
    let is_for_two = |path: &String| ["/approve", "/posted", "/look-up"].iter().any(|action| path.ends_with(action));
    for path in addresses(Needs::Actor).into_iter().filter(|path| !is_for_two(path)) {
        let status = post(&with_token, &path, Some("right-token")).await.status;
        assert!(status == StatusCode::OK || status == StatusCode::SEE_OTHER, "{path}: {status}");
    }
    assert_eq!(with_token.written(), DONE, "each action is done once, by the page or by the API");
}

#[tokio::test]
async fn what_is_no_action_is_not_there_whatever_the_method() {
    let house = house("");
    for root in ["/incidents/acme.1", "/api/v1/incidents/acme.1"] {
        for method in [Method::GET, Method::HEAD, Method::POST, Method::PUT] {
            for (action, status) in [("snooze", StatusCode::NOT_FOUND), ("acknowledge/now", StatusCode::NOT_FOUND)] {
                let request = Request::builder().method(&method).uri(format!("{root}/{action}"));
                let answer = house.send(request.body(Body::empty()).unwrap()).await;
                assert_eq!(answer.status, status, "{method} {root}/{action}");
                assert!(!answer.headers.contains_key(header::ALLOW), "{method} {root}/{action}");
            }
        }
        let request = Request::put(format!("{root}/acknowledge")).body(Body::empty()).unwrap();
        let answer = house.send(request).await;
        assert_eq!(
            (answer.status, &answer.headers[header::ALLOW]),
            (StatusCode::METHOD_NOT_ALLOWED, &"POST".parse().unwrap())
        );
    }
}
