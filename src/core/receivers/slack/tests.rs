use orszem_records::ledger::{Action, Delivery};
use serde_json::Value;

use super::blocks::{blocks, fallback};
use super::*;
use crate::notification::Notice;
use crate::notification::fixture::{largest_notice, notice};
use crate::receivers::fixture::{answer, faults, http, secret};
use crate::receivers::{HttpReceiver, Reading, Receiver};

fn config() -> Slack {
    Slack { name: "desk".into(), token: None, channel: None, webhook: None, base_url: "https://slack.com/api/".into() }
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
fn a_page_is_posted_once_then_edited_and_answered_to_when_it_is_told_again() {
    let (method, first) = asked(&notice(Action::Trigger));
    assert_eq!((method.as_str(), &first["channel"]), ("/api/chat.postMessage", &Value::from("C1")));
    let later = |action| asked(&Notice { reference: Some("C2 170.1".into()), ..notice(action) });
    for action in [Action::Update, Action::Acknowledge, Action::Resolve] {
        let (method, edit) = later(action);
        assert_eq!(
            (method.as_str(), &edit["channel"], &edit["ts"]),
            ("/api/chat.update", &"C2".into(), &"170.1".into())
        );
    }
    let (method, again) = later(Action::Trigger);
    assert_eq!((method.as_str(), &again["thread_ts"]), ("/api/chat.postMessage", &Value::from("170.1")));
    assert_eq!(again["reply_broadcast"], true);
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
