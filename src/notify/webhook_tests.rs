use super::*;
use crate::fixture::{LINK, Plain, Reply, hostile_notice, largest_notice, notice, secret, serve};
use orszem_core::settings::secret::Secret;
use sha2::Digest;

const WAIT: Duration = Duration::from_secs(5);

fn whsec(key: &[u8]) -> String {
    format!("whsec_{}", STANDARD.encode(key))
}

fn config(url: &str, secrets: Vec<Secret>, allow_private: bool) -> types::Webhook {
    types::Webhook { name: "hook".into(), url: url.into(), secrets, allow_private }
}

fn receiver(server: &Plain, keys: &[&[u8]]) -> Webhook {
    let kept: Vec<_> = keys.iter().map(|key| secret(&whsec(key))).collect();
    let secrets = kept.iter().map(|(secret, _)| secret.clone()).collect();
    Webhook::new(&config(&format!("{}hooks/topsecret1?key=topsecret2", server.url), secrets, true), WAIT).unwrap()
}

/// HMAC-SHA256 by its definition, without the crate that the receiver uses for it.
fn hmac_by_hand(key: &[u8], text: &[u8]) -> Vec<u8> {
    let mut block = [0u8; 64];
    block[..key.len()].copy_from_slice(key);
    let inner: Vec<u8> = block.iter().map(|byte| byte ^ 0x36).chain(text.iter().copied()).collect();
    let outer: Vec<u8> = block.iter().map(|byte| byte ^ 0x5c).chain(Sha256::digest(&inner)).collect();
    Sha256::digest(&outer).to_vec()
}

#[test]
fn the_standards_own_example_is_signed_as_it_says() {
    // Published with the standard's reference libraries.
    let key = key("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
    let signed = signature(&key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, br#"{"test": 2432232314}"#);
    assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

#[tokio::test]
async fn a_request_is_signed_with_every_secret() {
    let server = serve(Reply::status(204)).await;
    let (old, new) = ([1u8; 24], [2u8; 64]);
    let told = receiver(&server, &[&old, &new]).send(&notice(Action::Trigger)).await;
    assert_eq!(told, Delivery::Accepted { reference: None });
    let [request] = &server.requests()[..] else { panic!("one request") };
    let header = |name: &str| request.headers[name].to_str().unwrap().to_owned();
    assert_eq!((header("webhook-id").as_str(), header("webhook-timestamp").as_str()), ("acme.3/desk/0", "1767225605"));
    let signed = [b"acme.3/desk/0.1767225605.", &request.body[..]].concat();
    let expected = [&old[..], &new[..]].map(|key| format!("v1,{}", STANDARD.encode(hmac_by_hand(key, &signed))));
    assert_eq!(header("webhook-signature"), expected.join(" "));
    let body: Value = serde_json::from_slice(&request.body).unwrap();
    assert_eq!(
        (body["type"].as_str(), body["timestamp"].as_str()),
        (Some("incident.triggered"), Some("2026-01-01T00:00:05Z"))
    );
    assert_eq!(body["data"]["dedup_key"], "orszem:acme.3");
    assert_eq!(body["data"]["link"], LINK);
    assert_eq!(body["data"]["opened_at"], "2014-08-01T16:30:00Z");
}

#[tokio::test]
async fn answers_are_read_and_secrets_kept() {
    let retry = |status| matches!(status, 408 | 429 | 500 | 502 | 503 | 504);
    for status in [400, 404, 408, 410, 429, 500, 502, 503, 504, 301, 307] {
        let body = "Cannot POST /hooks/topsecret1?key=topsecret2".to_owned();
        let headers = vec![("retry-after", "4".to_owned()), ("location", "/".to_owned())];
        let server = serve(Reply { status, headers, body }).await;
        let told = receiver(&server, &[&[7; 32]]).send(&notice(Action::Trigger)).await;
        assert_eq!(matches!(told, Delivery::Retry { after_ms: Some(4000), .. }), retry(status), "{status} {told:?}");
        assert_eq!(matches!(told, Delivery::Failed { .. }), !retry(status), "{status} {told:?}");
        assert!(!format!("{told:?}").contains("topsecret"), "{told:?}");
        assert_eq!(server.requests().len(), 1, "no redirect is followed");
    }
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

#[tokio::test]
async fn private_networks_are_out_of_reach_unless_allowed() {
    let (good, _folder) = secret(&whsec(&[7; 32]));
    for private in ["http://127.0.0.1:1/", "http://[::1]:1/", "http://169.254.169.254/latest", "http://localhost:1/"] {
        assert!(Webhook::new(&config(private, vec![good.clone()], false), WAIT).is_err(), "{private}");
        assert!(Webhook::new(&config(private, vec![good.clone()], true), WAIT).is_ok(), "{private}");
    }
    // A name that leads to this machine is only found out when connecting: as with DNS rebinding.
    let server = serve(Reply::status(200)).await;
    let port = server.url.rsplit(':').next().unwrap();
    let mut hook = Webhook::new(&config("https://hook.example/", vec![good], false), WAIT).unwrap();
    hook.url = Url::parse(&format!("http://localhost:{port}")).unwrap();
    match hook.send(&notice(Action::Trigger)).await {
        Delivery::Failed { reason } => assert!(reason.contains("private network"), "{reason}"),
        other => panic!("{other:?}"),
    }
    assert!(server.requests().is_empty());
}

#[test]
fn secrets_of_another_form_are_refused_without_being_repeated() {
    for wrong in ["topsecret".to_owned(), "whsec_topsecret!".into(), whsec(&[1; 23]), whsec(&[1; 65])] {
        let (secret, _folder) = secret(&wrong);
        let fault = Webhook::new(&config("https://hook.example/", vec![secret], false), WAIT).err().unwrap();
        assert!(!fault.to_string().contains("topsecret"), "{fault}");
    }
    assert!(Webhook::new(&config("https://hook.example/", vec![], false), WAIT).is_err());
}

#[tokio::test]
async fn a_probe_asks_without_a_message_and_tells_no_secret() {
    let server = serve(Reply::status(404)).await;
    let [finding] = &receiver(&server, &[&[7; 32]]).probe().await.findings[..] else { panic!("one finding") };
    assert_eq!(finding.state, orszem_runtime::probe::State::Warning);
    assert!(!format!("{finding:?}").contains("topsecret"), "{finding:?}");
    let [request] = &server.requests()[..] else { panic!("one request") };
    assert_eq!((request.method.as_str(), request.body.len()), ("OPTIONS", 0));
    assert!(!request.headers.contains_key(SIGNATURE), "a signed request may be taken for a message");
}
