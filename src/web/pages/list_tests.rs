use axum::http::{StatusCode, header};

use orszem_records::ledger::{ByWhom, Event};
use orszem_records::signal::{Phase, Signal};

use crate::fixture::{House, acknowledged, entry, house, house_with_token, resolved, signal};

fn with_three() -> House {
    let house = house("[[watch]]\nname = \"core\"\nterms = [\"core\"]\n");
    let mild = Signal { severity: 4, ..signal(Phase::Opened) };
    house.app.view.apply(&entry("bolt", 1, Event::Signal(Box::new(signal(Phase::Opened)))));
    house.app.view.apply(&entry("core", 1, Event::Signal(Box::new(mild))));
    house.app.view.apply(&acknowledged("acme", 1));
    house.app.view.apply(&resolved("bolt", 1));
    house
}

/// The cookies that an answer sets, as a browser sends them back.
fn cookies(headers: &axum::http::HeaderMap) -> String {
    let set = headers.get_all(header::SET_COOKIE).iter().map(|cookie| cookie.to_str().unwrap());
    set.map(|cookie| cookie.split(';').next().unwrap()).collect::<Vec<_>>().join("; ")
}

/// The value of the hidden field `form` of a page.
fn form_sign(page: &str) -> &str {
    let field = page.split("name=\"form\" value=\"").nth(1).expect("a form");
    field.split('"').next().expect("a value")
}

#[tokio::test]
async fn the_list_shows_open_incidents_first_and_does_not_reload_by_itself() {
    let page = with_three().get("/").await.body;
    let place = |id: &str| page.find(&format!("href=\"./incidents/{id}\"")).unwrap();
    assert!(place("core.1") < place("acme.1") && place("acme.1") < place("bolt.1"));
    assert!(page.contains("1 open incident") && page.contains("slack-crisis has it since"));
    assert!(page.contains("<svg class=\"course\"") && !page.contains("http-equiv"));
}

#[tokio::test]
async fn h5_the_list_says_from_when_to_when_at_what_height_and_that_nobody_had_it() {
    let house = house("");
    house.app.view.apply(&entry("acme", 1, Event::EscalationExhausted { escalation: "crisis".into() }));
    let closed = Signal { observed: 4, expected: 8.6, window_s: 600, ..signal(Phase::Closed) };
    house.app.view.apply(&entry("acme", 1, Event::Signal(Box::new(closed))));
    let page = house.get("/").await.body;
    for part in [
        "Nobody had it",
        "3,412 negative mentions in 1 h 20 min at the worst (usual: 61)",
        "1 Aug 2014, 16:30 UTC</time> – <time",
        "(1 h 30 min)",
    ] {
        assert!(page.contains(part), "{part:?} is missing in {page}");
    }
}

#[tokio::test]
async fn a_filter_leaves_out_what_it_says() {
    let house = with_three();
    for (query, shown) in [
        ("state=open", vec!["core.1"]),
        ("severity=3", vec!["acme.1", "bolt.1"]),
        ("watch=core&severity=4", vec!["core.1"]),
        ("desk=care", vec![]),
        ("days=7", vec![]),
        ("state=nonsense&severity=9", vec!["acme.1", "bolt.1", "core.1"]),
    ] {
        let page = house.get(&format!("/?{query}")).await.body;
        for id in ["acme.1", "bolt.1", "core.1"] {
            let is_shown = page.contains(&format!("href=\"./incidents/{id}\""));
            assert_eq!(is_shown, shown.contains(&id), "{id} with {query}");
        }
        assert!(page.contains(&format!("incidents.csv?{}", query.split('&').next().unwrap())), "{query}: {page}");
    }
}

#[tokio::test]
async fn h2_the_list_opens_in_a_browser_after_signing_in_with_the_token() {
    let (house, _folder) = house_with_token("list");
    let page = house.get("/").await;
    assert_eq!(page.status, StatusCode::UNAUTHORIZED);
    assert!(page.body.contains("type=\"password\""), "{}", page.body);
    let wrong = house.form("/sign-in", "token=other-token").await;
    assert_eq!((wrong.status, cookies(&wrong.headers)), (StatusCode::FORBIDDEN, String::new()));
    let right = house.form("/sign-in", "token=right-token").await;
    assert_eq!((right.status, &right.headers[header::LOCATION]), (StatusCode::SEE_OTHER, &"./".parse().unwrap()));
    let session = cookies(&right.headers);
    let list = house.get_with_cookies("/", &session).await;
    assert!(list.status == StatusCode::OK && list.body.contains("1 open incident"), "{}", list.body);
    assert!(cookies(&list.headers).is_empty(), "it is renewed by the hour");
    assert_eq!(house.get_with_cookies("/api/v1/incidents", &session).await.status, StatusCode::UNAUTHORIZED);
    let out = house.form_with_cookies("/sign-out", &format!("form={}", form_sign(&list.body)), &session).await;
    assert!(out.headers[header::SET_COOKIE].to_str().unwrap().contains("Max-Age=0"));
}

#[tokio::test]
async fn all_shown_are_acknowledged_at_once_by_a_page_of_ours_with_a_name() {
    let (house, _folder) = house_with_token("all");
    house.app.view.apply(&entry("bolt", 1, Event::Signal(Box::new(signal(Phase::Opened)))));
    let session = cookies(&house.form("/sign-in", "token=right-token").await.headers);
    let list = house.get_with_cookies("/", &session).await.body;
    assert!(list.contains("I have all 2 open incidents shown"), "{list}");
    let fields = "incident=acme.1&incident=bolt.1&incident=gone.7";
    let sign = form_sign(&list).to_owned();
    for (form, cookies) in [
        (format!("{fields}&name=Anna"), session.as_str()),
        (format!("{fields}&name=Anna&form=forged"), session.as_str()),
        (format!("{fields}&name=Anna&form={sign}"), ""),
    ] {
        assert_eq!(house.form_with_cookies("/acknowledge", &form, cookies).await.status, StatusCode::FORBIDDEN);
    }
    let nameless = house.form_with_cookies("/acknowledge", &format!("{fields}&name=&form={sign}"), &session).await;
    assert_eq!((nameless.status, house.written()), (StatusCode::BAD_REQUEST, 0));
    let answer = house.form_with_cookies("/acknowledge", &format!("{fields}&name=Anna&form={sign}"), &session).await;
    assert_eq!((answer.status, house.written()), (StatusCode::SEE_OTHER, 2));
    let by = ByWhom::new("Anna", "list");
    assert!(house.ledger.written.lock().unwrap().iter().all(|entry| entry.event == Event::Acknowledged(by.clone())));
}

#[tokio::test]
async fn a_link_that_only_reads_reads_and_does_nothing_else() {
    let (house, _folder) = house_with_token("read");
    let session = cookies(&house.form("/sign-in", "token=right-token").await.headers);
    let list = house.get_with_cookies("/", &session).await.body;
    let read = list.split("?read=").nth(1).and_then(|rest| rest.split('"').next()).expect("a link");
    let page = house.get(&format!("/?read={read}")).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains(&format!("incidents/acme.1?read={read}")), "it leads on: {}", page.body);
    assert!(!page.body.contains("method=\"post\""), "{}", page.body);
    let incident = house.get(&format!("/incidents/acme.1?read={read}")).await;
    assert!(incident.status == StatusCode::OK && !incident.body.contains("method=\"post\""), "{}", incident.body);
    assert_eq!(house.get(&format!("/api/v1/incidents?read={read}")).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(house.get(&format!("/?read=1{read}")).await.status, StatusCode::UNAUTHORIZED);
    let acted = house.form(&format!("/incidents/acme.1/acknowledge?read={read}"), "name=Anna").await;
    assert_eq!((acted.status, house.written()), (StatusCode::FORBIDDEN, 0));
}

#[tokio::test]
async fn drills_stand_apart_are_not_counted_and_are_not_acknowledged_with_the_others() {
    let house = with_three();
    house.app.view.apply(&crate::fixture::drill("core"));
    let page = house.get("/").await.body;
    let place = |part: &str| page.find(part).unwrap_or_else(|| panic!("{part} is missing in {page}"));
    assert!(page.contains("1 open incident"), "{page}");
    assert!(place("href=\"./incidents/bolt.1\"") < place("<h2>Drills"), "{page}");
    assert!(place("<h2>Drills") < place("href=\"./incidents/core.drill-7f3a\""));
    assert!(page.contains("<span class=\"badge drill\">DRILL</span>"));
    assert!(!page.contains("value=\"core.drill-7f3a\""));
    let table = house.get("/incidents.csv").await.body;
    let row = table.lines().find(|line| line.starts_with("core.drill-7f3a,")).expect("a row");
    assert!(row.ends_with(",yes") && table.lines().filter(|line| line.ends_with(",no")).count() == 3, "{table}");
}
