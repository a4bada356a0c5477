//! A strict double of anyone who listens to signed webhooks: Standard Webhooks 1.0.
//!
//! It takes a message whose signature is right and whose time is now, and answers 401 to any other, 400 to what is no
//! event. An id that comes again is the same message: it counts once.

use axum::http::HeaderMap;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha2::Sha256;

use super::script::{Double, Judge, Reply, is_json};

/// The secret that signs: 32 bytes.
pub const SECRET: &str = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
/// How far the time of a message may be from now, in seconds.
const TOLERANCE: i64 = 300;
/// A body has fewer bytes than this.
const BODY: usize = 20_000;

/// The double. Its address is the `url` of the receiver.
pub type Webhook = Double<State>;

/// What it took and refused.
#[derive(Default)]
pub struct State {
    events: Vec<Event>,
    repeats: usize,
    refused: Vec<String>,
}

/// A message that was taken.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Its `webhook-id`.
    pub id: String,
    /// The whole body: `type`, `timestamp`, `data`.
    pub body: Value,
}

impl Webhook {
    /// The messages taken, each once, in order.
    pub fn events(&self) -> Vec<Event> {
        self.with(|state| state.events.clone())
    }

    /// How many messages came that were taken before, by their ids.
    pub fn repeats(&self) -> usize {
        self.with(|state| state.repeats)
    }
}

impl Judge for State {
    const PATH: &str = "/hook";

    fn judge(&mut self, _path: &str, headers: &HeaderMap, body: &[u8]) -> Reply {
        match verified(headers, body).and_then(|id| Ok((id, event(headers, body)?))) {
            Ok((id, body)) => {
                if self.events.iter().any(|event| event.id == id) {
                    self.repeats += 1;
                } else {
                    self.events.push(Event { id, body });
                }
                Reply { status: 204, body: String::new(), verdict: "ok".into() }
            }
            Err((status, why)) => {
                self.refused.push(why.clone());
                Reply { status, body: why.clone(), verdict: why }
            }
        }
    }

    fn faults(&self) -> Vec<String> {
        self.refused.clone()
    }
}

/// The id of a message, when id, time and signature are there once and right.
fn verified(headers: &HeaderMap, body: &[u8]) -> Result<String, (u16, String)> {
    let one = |name: &str| {
        let values: Vec<&str> = headers.get_all(name).iter().filter_map(|value| value.to_str().ok()).collect();
        match values[..] {
            [value] if !value.is_empty() => Ok(value.to_owned()),
            _ => Err((401, format!("{name} is not there once: {values:?}"))),
        }
    };
    let (id, time, signatures) = (one("webhook-id")?, one("webhook-timestamp")?, one("webhook-signature")?);
    let sent: i64 = time.parse().map_err(|_| (401, format!("the time is no number: {time}")))?;
    #[allow(clippy::disallowed_methods, reason = "a double has a clock of its own")]
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |since| since.as_secs());
    if sent.abs_diff(i64::try_from(now).unwrap_or(0)) > TOLERANCE.unsigned_abs() {
        return Err((401, format!("sent at {time}, which is not now")));
    }
    let key = STANDARD.decode(SECRET.trim_start_matches("whsec_")).expect("base64");
    let right = signatures.split(' ').filter_map(|signature| signature.strip_prefix("v1,")).any(|signature| {
        let mac = Hmac::<Sha256>::new_from_slice(&key).expect("a key");
        let mac = mac.chain_update(format!("{id}.{time}.")).chain_update(body);
        STANDARD.decode(signature).is_ok_and(|signature| mac.verify_slice(&signature).is_ok())
    });
    if right { Ok(id) } else { Err((401, format!("no signature fits: {signatures}"))) }
}

/// The event in a body.
fn event(headers: &HeaderMap, body: &[u8]) -> Result<Value, (u16, String)> {
    let bad = |why: String| (400, why);
    if !is_json(headers) {
        return Err(bad("the content is not said to be JSON".into()));
    }
    if body.len() >= BODY {
        return Err(bad(format!("{} bytes", body.len())));
    }
    let event: Value = serde_json::from_slice(body).map_err(|fault| bad(fault.to_string()))?;
    let time = event["timestamp"].as_str().is_some_and(|time| time.parse::<jiff::Timestamp>().is_ok());
    let kind = event["type"].as_str().is_some_and(|kind| !kind.is_empty());
    if time && kind && event["data"].is_object() { Ok(event) } else { Err(bad(format!("no event: {event}"))) }
}
