use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use orszem_core::finding::Finding;
use orszem_core::notification::{Capabilities, Notice};
use orszem_core::receivers::webhook as settings;
use orszem_core::receivers::{Answer, HttpReceiver, Kind, Prepared, Reading, Request, Secrets};
use orszem_core::settings::Secret;
use orszem_records::ledger::{Action, Delivery};
use reqwest::Url;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::Sender;
use crate::adapter::BuildError;
use crate::fixture::{LINK, Plain, Reply, built, notice, secret, serve};
use crate::{Outgoing, Receiver};

const WAIT: Duration = Duration::from_secs(5);

fn whsec(key: &[u8]) -> String {
    format!("whsec_{}", STANDARD.encode(key))
}

fn config(url: &str, secrets: Vec<Secret>, allow_private: bool) -> settings::Webhook {
    let (name, url) = ("hook".into(), url.into());
    settings::Webhook {
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

fn receiver(server: &Plain, keys: &[&[u8]]) -> Arc<dyn Receiver> {
    let kept: Vec<_> = keys.iter().map(|key| secret(&whsec(key))).collect();
    let secrets = kept.iter().map(|(secret, _)| secret.clone()).collect();
    made(config(&format!("{}hooks/topsecret1?key=topsecret2", server.url), secrets, true)).unwrap()
}

fn made(config: settings::Webhook) -> Result<Arc<dyn Receiver>, BuildError> {
    built(orszem_core::settings::Receiver::Webhook(config), WAIT)
}

/// A webhook whose host has come to lead elsewhere.
struct Elsewhere {
    hook: Box<dyn HttpReceiver>,
    url: Url,
}

impl HttpReceiver for Elsewhere {
    fn requests(&self, notice: &Notice) -> Vec<Request> {
        self.hook.requests(notice).into_iter().map(|request| Request { url: self.url.clone(), ..request }).collect()
    }

    fn read(&self, notice: &Notice, answer: &Answer) -> Reading {
        self.hook.read(notice, answer)
    }

    fn capabilities(&self) -> Capabilities {
        self.hook.capabilities()
    }

    fn secrets(&self) -> Vec<String> {
        self.hook.secrets()
    }

    fn allows_private(&self) -> bool {
        self.hook.allows_private()
    }

    fn probes(&self) -> Vec<Request> {
        self.hook.probes()
    }

    fn judge(&self, probe: &Request, answer: &Answer) -> Finding {
        self.hook.judge(probe, answer)
    }
}

/// HMAC-SHA256 by its definition, without the crate that the receiver uses for it.
fn hmac_by_hand(key: &[u8], text: &[u8]) -> Vec<u8> {
    let mut block = [0u8; 64];
    block[..key.len()].copy_from_slice(key);
    let inner: Vec<u8> = block.iter().map(|byte| byte ^ 0x36).chain(text.iter().copied()).collect();
    let outer: Vec<u8> = block.iter().map(|byte| byte ^ 0x5c).chain(Sha256::digest(&inner)).collect();
    Sha256::digest(&outer).to_vec()
}

#[tokio::test]
async fn a_request_is_signed_with_every_secret() {
    let server = serve(Reply::status(204)).await;
    let (old, new) = ([1u8; 24], [2u8; 64]);
    let told = receiver(&server, &[&old, &new]).send(&notice(Action::Trigger)).await.result;
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
        let told = receiver(&server, &[&[7; 32]]).send(&notice(Action::Trigger)).await.result;
        assert_eq!(matches!(told, Delivery::Retry { after_ms: Some(4000), .. }), retry(status), "{status} {told:?}");
        assert_eq!(matches!(told, Delivery::Failed { .. }), !retry(status), "{status} {told:?}");
        assert!(!format!("{told:?}").contains("topsecret"), "{told:?}");
        assert_eq!(server.requests().len(), 1, "no redirect is followed");
    }
}

#[tokio::test]
async fn private_networks_are_out_of_reach_unless_allowed() {
    let (good, _folder) = secret(&whsec(&[7; 32]));
    for private in ["http://127.0.0.1:1/", "http://[::1]:1/", "http://169.254.169.254/latest", "http://localhost:1/"] {
        assert!(made(config(private, vec![good.clone()], false)).is_err(), "{private}");
        assert!(made(config(private, vec![good.clone()], true)).is_ok(), "{private}");
    }
    // A name that leads to this machine is only found out when connecting: as with DNS rebinding.
    let server = serve(Reply::status(200)).await;
    let port = server.url.rsplit(':').next().unwrap();
    let secrets = Secrets(&orszem_runtime::secret::reveal);
    let prepared = config("https://hook.example/", vec![good], false).prepare(secrets).unwrap();
    let Prepared::Http(hook) = prepared else { panic!("a webhook is reached by HTTP") };
    let url = Url::parse(&format!("http://localhost:{port}")).unwrap();
    let hook = Sender::new("hook", Box::new(Elsewhere { hook, url }), WAIT, &Outgoing::default()).unwrap();
    match hook.send(&notice(Action::Trigger)).await.result {
        Delivery::Failed { reason } => assert!(reason.contains("private network"), "{reason}"),
        other => panic!("{other:?}"),
    }
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn a_probe_asks_without_a_message_and_tells_no_secret() {
    let server = serve(Reply::status(404)).await;
    let [finding] = &receiver(&server, &[&[7; 32]]).probe().await.findings[..] else { panic!("one finding") };
    assert_eq!(finding.state, orszem_runtime::probe::State::Warning);
    assert!(!format!("{finding:?}").contains("topsecret"), "{finding:?}");
    let [request] = &server.requests()[..] else { panic!("one request") };
    assert_eq!((request.method.as_str(), request.body.len()), ("OPTIONS", 0));
    assert!(!request.headers.contains_key("webhook-signature"), "a signed request may be taken for a message");
}
