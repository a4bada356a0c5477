use std::sync::atomic::Ordering;

use axum::http::StatusCode;
use orszem_records::ledger::{Event, PressResult};

use crate::fixture::{Answer, House, Sink, house_with, house_with_token_and};

const PLAYBOOK: &str = r#"
    [[playbook]]
    name = "scandal"
    move = [{ do = "Call the plant." }]
    [[playbook.button]]
    title = "Pause posts"
    url = "https://scheduler.example/hook"
    secrets = ["env:NONE"]
    by_hand = "Scheduler: Settings, Pause <all>."
    [[playbook.button]]
    title = "Freeze ads"
    url = "https://ads.example/hook"
    secrets = ["env:NONE"]
    confirm = "This stops all campaigns. Go on?"
"#;

fn house(sink: Sink) -> House {
    house_with(PLAYBOOK, sink)
}

async fn press(house: &House, who: &str, button: &str) -> Answer {
    let form = format!("{}&name={who}&playbook=scandal&button={button}", house.link_query("slack-crisis", 60));
    house.form("/incidents/acme.1/press", &form).await
}

async fn page(house: &House, after: &str) -> String {
    let link = house.link_query("slack-crisis", 60);
    house.get(&format!("/incidents/acme.1?{link}{after}")).await.body
}

fn written(house: &House) -> Vec<&'static str> {
    let name = |event: &Event| match event {
        Event::Pressed(_) => "pressed",
        Event::Answered(answer) => answer.result.name(),
        _ => "other",
    };
    house.ledger.written.lock().unwrap().iter().map(|entry| name(&entry.event)).collect()
}

/// Waits until `wanted` holds, for at most two seconds.
async fn until(wanted: impl Fn() -> bool) {
    for _ in 0..400 {
        if wanted() {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    panic!("it did not come to that");
}

#[tokio::test]
async fn a_press_is_written_before_its_request_is_sent_and_what_came_of_it_after() {
    let house = house(Sink::Follows);
    house.buttons.held.store(true, Ordering::Relaxed);
    let pressing = press(&house, "Anna", "Pause+posts");
    let looking = async {
        until(|| !house.buttons.requests.lock().unwrap().is_empty()).await;
        assert_eq!(written(&house), ["pressed"], "what came of it is not known yet");
        assert!(page(&house, "").await.contains("It is on its way; no answer yet."));
        house.buttons.held.store(false, Ordering::Relaxed);
    };
    let (answer, ()) = tokio::join!(pressing, looking);
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    until(|| written(&house) == ["pressed", "accepted"]).await;
    let request = house.buttons.requests.lock().unwrap()[0].clone();
    let said = (request.incident.as_str(), request.playbook.as_str(), request.button.as_str(), request.by.as_str());
    assert_eq!(said, ("acme.1", "scandal", "Pause posts", "Anna"));
    let page = page(&house, "&did=press").await;
    for part in
        ["“Pause posts” worked", "Anna pressed it,", "It worked: the other side took it", "Anna (by the link to"]
    {
        assert!(page.contains(part), "{part:?} is missing in {page}");
    }
}

#[tokio::test]
async fn a_double_click_and_two_people_at_once_send_one_request_and_all_see_who_was_first() {
    let house = house(Sink::Follows);
    house.buttons.held.store(true, Ordering::Relaxed);
    let others = async {
        until(|| !house.buttons.requests.lock().unwrap().is_empty()).await;
        for who in ["Anna", "B%C3%A9la"] {
            let late = press(&house, who, "Pause+posts").await;
            assert!(late.headers["location"].to_str().unwrap().ends_with("did=press&late=yes"), "{:?}", late.headers);
        }
        house.buttons.held.store(false, Ordering::Relaxed);
    };
    let (first, ()) = tokio::join!(press(&house, "Anna", "Pause+posts"), others);
    assert!(first.headers["location"].to_str().unwrap().ends_with("did=press"));
    assert_eq!(house.buttons.requests.lock().unwrap().len(), 1);
    assert!(page(&house, "&did=press&late=yes").await.contains("Anna pressed “Pause posts” already"));
    let another = press(&house, "Béla", "Freeze+ads").await;
    assert_eq!(another.status, StatusCode::SEE_OTHER);
    assert_eq!(house.buttons.requests.lock().unwrap().len(), 2, "another button is another one");
}

#[tokio::test]
async fn of_two_copies_that_write_at_once_only_the_first_in_the_ledger_sends() {
    let house = house(Sink::Follows);
    // Another copy wrote a moment before, which this one has not read yet when its person presses.
    let (one, other) = tokio::join!(press(&house, "Anna", "Pause+posts"), press(&house, "Zita", "Pause+posts"));
    assert!(one.status == StatusCode::SEE_OTHER && other.status == StatusCode::SEE_OTHER);
    until(|| written(&house).contains(&"accepted")).await;
    assert_eq!(house.buttons.requests.lock().unwrap().len(), 1);
    let incident = house.app.view.get("acme.1").unwrap();
    assert_eq!(incident.presses.iter().count(), 1);
}

#[tokio::test]
async fn nothing_is_sent_that_is_not_in_the_ledger() {
    let house = house(Sink::Refuses);
    let answer = press(&house, "Anna", "Pause+posts").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(house.buttons.requests.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_failure_says_why_and_what_to_do() {
    let house = house(Sink::Follows);
    let reason = "answered 503: <b>maintenance</b>".to_owned();
    *house.buttons.result.lock().unwrap() = Some(PressResult::Refused { reason });
    press(&house, "Anna", "Pause+posts").await;
    until(|| written(&house).contains(&"refused")).await;
    let shown = page(&house, "&did=press").await;
    for part in [
        "“Pause posts” did not work. What to do stands at the button.",
        "It did not work: answered 503: &lt;b&gt;maintenance&lt;/b&gt;",
        "Press again, or do it by hand.",
        "By hand: Scheduler: Settings, Pause &lt;all&gt;.",
    ] {
        assert!(shown.contains(part), "{part:?} is missing in {shown}");
    }
    *house.buttons.result.lock().unwrap() = Some(PressResult::Unknown { reason: "no answer within 10s".into() });
    press(&house, "Anna", "Freeze+ads").await;
    until(|| written(&house).contains(&"unknown")).await;
    let shown = page(&house, "").await;
    assert!(shown.contains("There was no answer: no answer within 10s. Nobody knows whether it worked."), "{shown}");
    assert!(shown.contains("Look there before you press again."), "{shown}");
}

#[tokio::test]
async fn a_button_that_asks_before_asks_and_who_may_only_read_has_no_button() {
    let house = house(Sink::Follows);
    let shown = page(&house, "").await;
    assert!(shown.contains("This stops all campaigns. Go on?") && shown.contains("Yes, do it"), "{shown}");
    let read = house.get("/incidents/acme.1").await.body;
    assert!(read.contains("Freeze ads") && !read.contains("/press\""), "{read}");
    let refused = house.form("/incidents/acme.1/press", "name=Eve&playbook=scandal&button=Freeze+ads").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert_eq!(house.written(), 0);
}

#[tokio::test]
async fn a_program_presses_and_reads_what_came_of_it() {
    let (house, _folder) = house_with_token_and(PLAYBOOK);
    let body = r#"{"by": "Ágnes", "playbook": "scandal", "button": "Freeze ads"}"#;
    let answer = house.json("/api/v1/incidents/acme.1/press", "right-token", body).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let json = answer.json();
    assert_eq!(json["changed"], true);
    let press = &json["incident"]["presses"][0];
    assert_eq!(
        (press["button"].as_str(), press["by"].as_str(), press["outcome"].as_str()),
        (Some("Freeze ads"), Some("Ágnes"), Some("accepted"))
    );
    let again = house.json("/api/v1/incidents/acme.1/press", "right-token", body).await;
    assert_eq!((again.status, &again.json()["changed"]), (StatusCode::OK, &serde_json::Value::Bool(false)));
    let history = &again.json()["incident"]["history"];
    let whats: Vec<&str> = history.as_array().unwrap().iter().map(|event| event["what"].as_str().unwrap()).collect();
    assert_eq!(whats, ["opened", "pressed", "answered"]);
    for (body, status, code) in [
        (r#"{"by": "a", "playbook": "scandal", "button": "Launch"}"#, StatusCode::NOT_FOUND, "no-item"),
        (r#"{"by": "a", "playbook": "other", "button": "Freeze ads"}"#, StatusCode::NOT_FOUND, "no-item"),
        (r#"{"by": "a", "button": "Freeze ads"}"#, StatusCode::BAD_REQUEST, "bad-body"),
    ] {
        let refused = house.json("/api/v1/incidents/acme.1/press", "right-token", body).await;
        assert_eq!((refused.status, refused.json()["error"]["code"].as_str()), (status, Some(code)), "{body}");
    }
    assert_eq!(house.buttons.requests.lock().unwrap().len(), 1);
}
