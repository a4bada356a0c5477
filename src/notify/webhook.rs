//! A signed webhook after Standard Webhooks 1.0:
//! <https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use reqwest::Url;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::{Value, json};
use sha2::Sha256;

use orszem_core::settings::types;
use orszem_records::ledger::{Action, Delivery};
use orszem_runtime::probe::reach::anywhere;

use super::http::{Answer, Http, secret_parts};
use super::probe;
use super::registry::{Fault, reveal, web_address};
use crate::{Probed, Receiver};
use orszem_core::network::{host_is_public, is_public};
use orszem_core::notification::{Capabilities, Notice};

/// The most bytes of a body: the standard asks for less than 20 KB.
const BODY: usize = 20_000;

const ID: HeaderName = HeaderName::from_static("webhook-id");
const TIMESTAMP: HeaderName = HeaderName::from_static("webhook-timestamp");
const SIGNATURE: HeaderName = HeaderName::from_static("webhook-signature");

/// An HTTP endpoint.
pub struct Webhook {
    http: Http,
    url: Url,
    keys: Vec<Vec<u8>>,
    allow_private: bool,
}

impl Webhook {
    /// From the configuration: an address that is public unless `allow_private`, and at least one secret.
    pub fn new(config: &types::Webhook, timeout: Duration) -> Result<Webhook, Fault> {
        let url = web_address("url", &config.url)?;
        if !config.allow_private && !host_is_public(&url) {
            return Err(Fault::value("url", "the host is in a private network; `allow_private = true` permits that"));
        }
        if config.secrets.is_empty() {
            return Err(Fault::value("secrets", "at least one signing secret is needed"));
        }
        let mut withheld = secret_parts(&url);
        let mut keys = Vec::new();
        for secret in &config.secrets {
            let secret = reveal("secrets", secret)?;
            keys.push(key(&secret)?);
            withheld.push(secret);
        }
        let client = if config.allow_private { Http::new } else { Http::public_only };
        Ok(Webhook { http: client(timeout, withheld)?, url, keys, allow_private: config.allow_private })
    }

    /// Asks unsigned and without a body what the address takes: nobody can mistake that for a message.
    async fn look(&self) -> Probed {
        let allowed = if self.allow_private { anywhere } else { is_public };
        let unknown = "whether it takes the signature only a test page shows";
        probe::options(&self.http, &self.url, allowed, unknown).await
    }

    /// The three headers of the standard for one try.
    fn headers(&self, notice: &Notice, body: &[u8]) -> HeaderMap {
        let id = message_id(&notice.message);
        let timestamp = notice.sent_at.0.div_euclid(1000);
        let signatures: Vec<String> = self.keys.iter().map(|key| signature(key, &id, timestamp, body)).collect();
        let mut headers = HeaderMap::new();
        for (name, value) in [(ID, id), (TIMESTAMP, timestamp.to_string()), (SIGNATURE, signatures.join(" "))] {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.insert(name, value);
            }
        }
        headers
    }
}

/// The bytes of `whsec_` and base64.
fn key(secret: &str) -> Result<Vec<u8>, Fault> {
    let wrong = || Fault::value("secrets", "a signing secret is whsec_ and the base64 of 24 to 64 bytes");
    let key = STANDARD.decode(secret.strip_prefix("whsec_").ok_or_else(wrong)?).map_err(|_| wrong())?;
    if (24..=64).contains(&key.len()) { Ok(key) } else { Err(wrong()) }
}

/// A message's name as a header can carry it. Receivers may be named with any letters; others than visible ASCII are
/// percent-encoded, so that the header and the signed text agree.
fn message_id(message: &str) -> String {
    let mut id = String::with_capacity(message.len());
    for byte in message.bytes() {
        match byte {
            b'!'..=b'$' | b'&'..=b'~' => id.push(char::from(byte)),
            other => id.push_str(&format!("%{other:02X}")),
        }
    }
    id
}

/// `v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body`.
fn signature(key: &[u8], id: &str, timestamp: i64, body: &[u8]) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { unreachable!("HMAC takes keys of any length") };
    mac.update(format!("{id}.{timestamp}.").as_bytes());
    mac.update(body);
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

/// What happened, as the event's type.
const fn event(action: Action) -> &'static str {
    match action {
        Action::Trigger => "incident.triggered",
        Action::Update => "incident.updated",
        Action::Acknowledge => "incident.acknowledged",
        Action::Resolve => "incident.resolved",
    }
}

/// The body, below [`BODY`] bytes: where it would be more, mentions go first, then advice, then the facts.
fn body(notice: &Notice) -> Vec<u8> {
    let page = &notice.page;
    let samples: Vec<Value> = page
        .quotes()
        .into_iter()
        .zip(&page.samples)
        .map(|(quote, sample)| {
            json!({
                "text": quote.text,
                "origin": quote.origin,
                "url": quote.url,
                "published_at": sample.published_at.to_string(),
                "followers": sample.followers,
                "class": sample.class,
            })
        })
        .collect();
    let mut whole = json!({
        "type": event(notice.action),
        "timestamp": notice.sent_at.to_string(),
        "data": {
            "incident": page.incident,
            "dedup_key": page.incident.dedup_key(),
            "revision": notice.revision,
            "watch": page.watch,
            "title": page.title,
            "kind": page.kind,
            "severity": page.severity,
            "state": page.state,
            "by": page.by,
            "headline": page.headline,
            "facts": page.facts,
            "driven_by": page.driven_by,
            "advice": page.advice_shown(),
            "counts": page.counts,
            "opened_at": page.opened_at.to_string(),
            "closed_at": page.closed_at.map(|at| at.to_string()),
            "link": page.link,
            "samples": samples,
        }
    });
    loop {
        let text = whole.to_string();
        if text.len() < BODY {
            return text.into_bytes();
        }
        let data = &mut whole["data"];
        let dropped = data["samples"].as_array_mut().and_then(Vec::pop);
        if dropped.is_none() {
            match ["advice", "driven_by", "facts", "by", "title", "headline"]
                .iter()
                .find(|name| !data[**name].is_null())
            {
                Some(name) => data[*name] = Value::Null,
                None => return text.into_bytes(),
            }
        }
    }
}

/// 2xx is success; 410 says that the endpoint is gone for good; the rest as usual.
fn read(answer: &Answer) -> Delivery {
    match answer.status {
        200..=299 => Delivery::Accepted { reference: None },
        410 => Delivery::Failed { reason: "answered 410: the endpoint is gone for good".into() },
        _ => answer.refusal(),
    }
}

impl Receiver for Webhook {
    fn send<'a>(&'a self, notice: &'a Notice) -> Pin<Box<dyn Future<Output = Delivery> + Send + 'a>> {
        Box::pin(async move {
            let body = body(notice);
            match self.http.post_json(self.url.as_str(), self.headers(notice, &body), body).await {
                Ok(answer) => read(&answer),
                Err(delivery) => delivery,
            }
        })
    }

    fn probe<'a>(&'a self) -> Pin<Box<dyn Future<Output = Probed> + Send + 'a>> {
        Box::pin(self.look())
    }

    /// Whoever listens gets everything and decides what it replaces.
    fn capabilities(&self) -> Capabilities {
        Capabilities { updates: true, acknowledges: true, keep_firing: None }
    }
}

#[cfg(test)]
#[path = "webhook_tests.rs"]
mod tests;
