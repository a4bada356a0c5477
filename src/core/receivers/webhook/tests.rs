use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use orszem_records::ledger::{Action, Delivery};
use serde_json::Value;

use super::payload::{BODY, body};
use super::signature::{key, message_id, signature};
use super::*;
use crate::notification::fixture::{hostile_notice, largest_notice, notice};
use crate::receivers::fixture::{answer, faults, http, secret};
use crate::receivers::{Reading, Receiver};
use crate::settings::Secret;

fn whsec(key: &[u8]) -> String {
    format!("whsec_{}", STANDARD.encode(key))
}

fn plain(url: &str, secrets: Vec<Secret>, allow_private: bool) -> Webhook {
    let (name, url) = ("hook".into(), url.into());
    Webhook {
        name,
        url,
        secrets,
        allow_private,
        user: None,
        password: None,
        token: None,
        ca_file: None,
        language: None,
        time_zone: None,
    }
}

fn config(url: &str, secrets: Vec<Secret>, allow_private: bool) -> Receiver {
    Receiver::Webhook(plain(url, secrets, allow_private))
}

#[test]
fn the_standards_own_example_is_signed_as_it_says() {
    // Published with the standard's reference libraries.
    let key = key("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
    let signed = signature(&key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, br#"{"test": 2432232314}"#);
    assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

#[test]
fn a_body_stays_below_its_limit_and_is_json() {
    for notice in [hostile_notice(Action::Trigger), largest_notice(Action::Update)] {
        let body = body(&notice);
        assert!(body.len() < BODY, "{}", body.len());
        let body: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(body["data"]["incident"], "acme.3");
        assert!(!body.to_string().contains(['\u{202e}', '\u{200b}']));
    }
    let hostile: Value = serde_json::from_slice(&body(&hostile_notice(Action::Trigger))).unwrap();
    assert!(hostile["data"]["samples"][0]["text"].as_str().unwrap().starts_with("<!channel> <@U024BE7LH>"));
    let mut endless = notice(Action::Trigger);
    endless.page.facts = vec![endless.page.facts[0].clone(); 10_000];
    endless.page.title = "😡".repeat(100_000);
    let body = body(&endless);
    assert!(body.len() < BODY && String::from_utf8(body).unwrap().contains("orszem:acme.3"));
}

#[test]
fn an_id_goes_into_a_header_whatever_the_receiver_is_called() {
    assert_eq!(message_id("acme.3/ügyelet\r\nX: y/0"), "acme.3/%C3%BCgyelet%0D%0AX:%20y/0");
    assert_eq!(message_id("a%41"), "a%2541");
}

#[test]
fn secrets_of_another_form_are_refused_without_being_repeated() {
    for wrong in ["topsecret".to_owned(), "whsec_topsecret!".into(), whsec(&[1; 23]), whsec(&[1; 65])] {
        let fault = http(&config("https://hook.example/", vec![secret(&wrong)], false)).err().unwrap();
        assert!(!fault.to_string().contains("topsecret"), "{fault}");
        assert!(crate::receivers::misshapen("whsec", &wrong).is_some());
    }
    assert!(http(&config("https://hook.example/", vec![], false)).is_err());
}

#[test]
fn private_networks_are_out_of_reach_unless_allowed() {
    let good = vec![secret(&whsec(&[7; 32]))];
    for private in ["http://127.0.0.1:1/", "http://[::1]:1/", "http://169.254.169.254/latest", "http://localhost:1/"] {
        assert!(http(&config(private, good.clone(), false)).is_err(), "{private}");
        assert!(http(&config(private, good.clone(), true)).is_ok_and(|hook| hook.allows_private()), "{private}");
    }
    assert!(!http(&config("https://hook.example/", good, false)).unwrap().allows_private());
}

#[test]
fn what_a_key_lacks_is_named() {
    let keys = |url: &str, more: &str| faults(&format!("kind = \"webhook\"\nurl = \"{url}\"\n{more}"));
    for url in ["http://localhost:1/x", "https://10.1.2.3/", "http://[::1]/"] {
        assert_eq!(keys(url, "").iter().map(|(key, _)| *key).collect::<Vec<_>>(), ["url"], "{url}");
        assert_eq!(keys(url, "allow_private = true"), [], "{url}");
    }
    assert_eq!(keys("http://hooks.example.com", "")[0].1, "pages are sent in the clear to \"url\"");
    assert_eq!(keys("https://hooks.example.com", ""), []);
}

#[test]
fn an_endpoint_that_is_gone_is_not_asked_again() {
    let hook = http(&config("https://hook.example/", vec![secret(&whsec(&[7; 32]))], false)).unwrap();
    let read = |status| hook.read(&notice(Action::Trigger), &answer(status, ""));
    assert_eq!(read(204), Delivery::Accepted { reference: None }.into());
    assert!(matches!(read(410), Reading::Outcome(Delivery::Failed { .. })));
    assert!(matches!(read(503), Reading::Outcome(Delivery::Retry { .. })));
}

#[test]
fn a_login_goes_beside_the_signature_and_is_told_to_nobody() {
    let key = vec![secret(&whsec(&[7; 32]))];
    let config = Webhook { token: Some(secret("topsecret")), ..plain("https://hook.example/", key, false) };
    let hook = http(&Receiver::Webhook(config)).unwrap();
    for request in hook.requests(&notice(Action::Trigger)).into_iter().chain(hook.probes()) {
        assert!(request.headers.contains(&("authorization", "Bearer topsecret".to_owned())), "{request:?}");
    }
    assert!(hook.secrets().contains(&"topsecret".to_owned()));
    let clear = faults("kind = \"webhook\"\nurl = \"http://hooks.example.com\"\ntoken = \"env:T\"");
    assert_eq!(clear, [("url", "the token is sent in the clear to \"url\"".to_owned())]);
}

#[test]
fn what_would_be_refused_when_sending_is_said_before() {
    let prefixes = "0.1.2.3 10.0.0.1 100.64.0.1 127.0.0.1 169.254.1.1 172.16.0.1 192.0.0.1 192.0.2.1 192.88.99.1 \
                    192.168.0.1 198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1 240.0.0.1 [::1] [fc00::1] [fe80::1] \
                    [64:ff9b::10.0.0.1] [2002:a00:1::] [2001:db8::1] localhost";
    for host in prefixes.split_whitespace() {
        let url = format!("https://{host}/hook");
        let found = faults(&format!("kind = \"webhook\"\nurl = \"{url}\""));
        assert_eq!(found.len(), 1, "{host}");
        assert!(http(&config(&url, vec![secret(&whsec(&[7; 32]))], false)).is_err(), "{host}");
    }
    let named = faults("kind = \"webhook\"\nurl = \"http://hook:8080/\"");
    assert!(matches!(&named[..], [("url", message)] if message.contains("private network")), "{named:?}");
    assert_eq!(faults("kind = \"webhook\"\nurl = \"http://hook:8080/\"\nallow_private = true"), []);
}

#[test]
fn a_drill_is_told_from_what_is_real_by_its_own_field() {
    let mut notice = notice(Action::Trigger);
    let drill = |notice: &crate::notification::Notice| {
        serde_json::from_slice::<Value>(&body(notice)).unwrap()["data"]["drill"].clone()
    };
    assert_eq!(drill(&notice), false);
    notice.page.drill = true;
    assert_eq!(drill(&notice), true);
}
