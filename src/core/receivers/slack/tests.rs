use orszem_records::ledger::{Action, Delivery};
use serde_json::Value;

use super::blocks::{blocks, fallback};
use super::*;
use crate::notification::fixture::{NOW, largest_notice, notice};
use crate::notification::{Notice, Occasion};
use crate::receivers::fixture::{answer, faults, http, secret};
use crate::receivers::{HttpReceiver, Reading, Receiver};

fn config() -> Slack {
    Slack {
        name: "desk".into(),
        token: None,
        channel: None,
        webhook: None,
        base_url: "https://slack.com/api/".into(),
        language: None,
        time_zone: None,
    }
}

fn bot() -> Box<dyn HttpReceiver> {
    let config = Slack { token: Some(secret("xoxb-1")), channel: Some("C1".into()), ..config() };
    http(&Receiver::Slack(config)).unwrap()
}

/// The method and the body of the one request.
fn asked(notice: &Notice) -> (String, Value) {
    let [request] = &bot().requests(notice)[..] else { panic!("one request") };
    assert!(request.headers.contains(&("authorization", "Bearer xoxb-1".into())));
    (request.url.path().to_owned(), serde_json::from_slice(&request.body).unwrap())
}

#[test]
fn h9_a_page_is_posted_once_then_edited_and_what_people_are_to_hear_is_a_reply() {
    let (method, first) = asked(&notice(Action::Trigger));
    assert_eq!((method.as_str(), &first["channel"]), ("/api/chat.postMessage", &Value::from("C1")));
    assert_eq!(bot().follow_up(&notice(Action::Trigger)), None);
    let later = |occasion, action| Notice { reference: Some("C2 170.1".into()), occasion, ..notice(action) };
    let occasions = [
        (Occasion::Figures, Action::Update, false),
        (Occasion::Worse, Action::Update, true),
        (Occasion::NobodyCame { since: NOW }, Action::Update, true),
        (Occasion::CalledAgain { since: NOW }, Action::Trigger, true),
        (Occasion::Acknowledged, Action::Acknowledge, true),
        (Occasion::Over, Action::Resolve, true),
    ];
    for (occasion, action, is_heard) in occasions {
        let notice = later(occasion, action);
        let (method, edit) = asked(&notice);
        assert_eq!(
            (method.as_str(), &edit["channel"], &edit["ts"]),
            ("/api/chat.update", &"C2".into(), &"170.1".into())
        );
        let Some(reply) = bot().follow_up(&notice) else {
            assert!(!is_heard, "{occasion:?}");
            continue;
        };
        assert!(is_heard && reply.url.path().ends_with("chat.postMessage"), "{occasion:?}");
        let reply: Value = serde_json::from_slice(&reply.body).unwrap();
        assert_eq!((&reply["thread_ts"], &reply["reply_broadcast"]), (&"170.1".into(), &true.into()));
        assert!(reply["blocks"].as_array().unwrap().len() <= 2, "short: {reply}");
    }
}

#[test]
fn h3_the_link_stands_before_the_figures() {
    let page = notice(Action::Trigger).page;
    let kinds: Vec<Value> = blocks(&page).iter().map(|block| block["type"].clone()).collect();
    assert_eq!(kinds, ["header", "section", "section", "context", "section", "section"]);
    assert!(blocks(&page)[2].to_string().contains("Open the incident"), "{:?}", blocks(&page)[2]);
}

#[test]
fn the_reference_is_that_of_the_page_and_not_of_a_reply() {
    let read = |body: &str| {
        let later = Notice { reference: Some("C2 170.1".into()), ..notice(Action::Trigger) };
        bot().read(&later, &answer(200, body))
    };
    let accepted = |reference: &str| Delivery::Accepted { reference: Some(reference.into()) }.into();
    assert_eq!(read(r#"{"ok":true,"channel":"C2","ts":"180.2"}"#), accepted("C2 180.2"));
    let reply = r#"{"ok":true,"channel":"C2","ts":"180.2","message":{"thread_ts":"170.1"}}"#;
    assert_eq!(read(reply), accepted("C2 170.1"));
    for error in ["message_not_found", "cant_update_message", "edit_window_closed", "thread_not_found"] {
        let gone = read(&format!(r#"{{"ok":false,"error":"{error}"}}"#));
        assert_eq!(gone, Reading::Gone(format!("Slack answered {error}")));
    }
}

#[test]
fn the_largest_message_stays_below_what_slack_takes() {
    let page = largest_notice(Action::Trigger).page;
    let blocks = blocks(&page);
    let length: usize = blocks.iter().map(|block| block.to_string().encode_utf16().count()).sum();
    assert!(length + fallback(&page).len() < 13_000, "{length} even with the JSON around the texts");
}

#[test]
fn half_a_configuration_is_refused() {
    const TOKEN: &str = "xoxb-topsecret";
    let token = secret(TOKEN);
    let webhook = secret("not an address with secret");
    let faulty = [
        config(),
        Slack { token: Some(token.clone()), ..config() },
        Slack { token: Some(token.clone()), channel: Some("C1".into()), webhook: Some(webhook.clone()), ..config() },
        Slack { webhook: Some(webhook), ..config() },
        Slack { token: Some(token), channel: Some("C1".into()), base_url: "ftp://slack.com".into(), ..config() },
    ];
    for config in faulty {
        let fault = http(&Receiver::Slack(config)).err().unwrap().to_string();
        assert!(!fault.contains("secret") && !fault.contains(TOKEN), "{fault}");
    }
}

#[test]
fn keys_that_do_not_go_together_are_named() {
    let keys = |keys: &str| faults(&format!("kind = \"slack\"\n{keys}")).into_iter().map(|(key, _)| key);
    let (token, hook) = ("token = \"env:A\"\n", "webhook = \"env:B\"\n");
    for (written, expected) in [
        (String::new(), vec![""]),
        (format!("{token}{hook}"), vec!["webhook"]),
        (token.to_owned(), vec!["token"]),
        (format!("{hook}channel = \"C1\""), vec!["channel"]),
        (format!("{token}channel = \"#press\""), vec!["channel"]),
        (format!("{token}channel = \"C1\"\nbase_url = \"http://slack.example\""), vec!["base_url"]),
        (format!("{token}channel = \"C1\"\nbase_url = \"http://localhost:1\""), vec![]),
    ] {
        assert_eq!(keys(&written).collect::<Vec<_>>(), expected, "{written}");
    }
}
