//! A strict double of PagerDuty's Events API v2.
//!
//! ```ignore
//! let pagerduty = Pagerduty::start().await;
//! // base_url = pagerduty.url(), routing_key = pagerduty::ROUTING_KEY
//! pagerduty.script(vec![Answer::Status(500, "".into()), Answer::TooMany(1)]);
//! // … orszem runs …
//! assert_eq!(pagerduty.incidents().len(), 1);
//! assert!(pagerduty.faults().is_empty());
//! ```

use std::collections::BTreeMap;

use axum::http::HeaderMap;
use serde_json::{Value, json};

use super::script::{Double, Judge, Reply, is_json, units};

/// A routing key of the right form. Any other of 32 letters and digits is another service: the same dedup key there is
/// another incident.
pub const ROUTING_KEY: &str = "R0123456789abcdefghijklmnopqrstu";

/// The most bytes of an event: 512 KB.
const EVENT: usize = 512_000;

/// The double. Its address is the `base_url` of the receiver.
pub type Pagerduty = Double<State>;

/// The incidents, and the events that made them.
#[derive(Default)]
pub struct State {
    incidents: Vec<Incident>,
    events: Vec<Event>,
}

/// An event that was judged (not one that was answered by script).
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// `trigger`, `acknowledge`, `resolve`, or what stood there.
    pub action: String,
    /// The dedup key, or nothing.
    pub dedup_key: String,
    /// What became of it.
    pub verdict: Verdict,
    /// The whole event; `null` when it was no JSON.
    pub body: Value,
}

/// What becomes of an event.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// Opened an incident.
    Opened,
    /// Changed an open one.
    Updated,
    /// Acknowledged one.
    Acknowledged,
    /// Resolved one.
    Resolved,
    /// Taken with 202 and dropped: there is no open incident with this routing and dedup key.
    Dropped,
    /// Refused with 400, or 413: the errors.
    Refused(Vec<String>),
}

/// An incident at PagerDuty.
#[derive(Clone, Debug, PartialEq)]
pub struct Incident {
    /// The service.
    pub routing_key: String,
    /// The key.
    pub dedup_key: String,
    /// `triggered`, `acknowledged`, `resolved`.
    pub status: &'static str,
    /// The newest summary.
    pub summary: String,
    /// The newest severity.
    pub severity: String,
    /// The newest payload.
    pub payload: Value,
    /// Triggers after the first.
    pub updates: usize,
}

impl Pagerduty {
    /// The incidents, in the order they were opened.
    pub fn incidents(&self) -> Vec<Incident> {
        self.with(|state| state.incidents.clone())
    }

    /// A person resolves every incident there, which PagerDuty tells nobody.
    pub fn resolve_all(&self) {
        self.with(|state| state.incidents.iter_mut().for_each(|incident| incident.status = "resolved"));
    }

    /// The events that were judged, in order.
    pub fn events(&self) -> Vec<Event> {
        self.with(|state| state.events.clone())
    }
}

impl Judge for State {
    const PATH: &str = "";

    fn judge(&mut self, path: &str, headers: &HeaderMap, body: &[u8]) -> Reply {
        if path != "/v2/enqueue" {
            return Reply { status: 404, body: "Not Found".into(), verdict: format!("no such path {path}") };
        }
        let event: Value = serde_json::from_slice(body).unwrap_or(Value::Null);
        let action = event["event_action"].as_str().unwrap_or_default().to_owned();
        let errors = if body.len() > EVENT {
            vec![format!("Event is too large: {} bytes", body.len())]
        } else if !is_json(headers) {
            vec!["Content-Type must be application/json".to_owned()]
        } else if !event.is_object() {
            vec!["JSON is invalid".to_owned()]
        } else {
            faults(&event)
        };
        let dedup_key = match event["dedup_key"].as_str() {
            Some(key) => key.to_owned(),
            None => format!("made-up-{}", self.events.len()),
        };
        if !errors.is_empty() {
            let status = if body.len() > EVENT { 413 } else { 400 };
            let told = json!({ "status": "invalid event", "message": "Event object is invalid", "errors": errors });
            let verdict = format!("{errors:?}");
            self.events.push(Event { action, dedup_key, verdict: Verdict::Refused(errors), body: event });
            return Reply { status, body: told.to_string(), verdict };
        }
        let verdict = self.take(&action, &dedup_key, &event);
        let said = format!("{verdict:?}");
        self.events.push(Event { action, dedup_key: dedup_key.clone(), verdict, body: event });
        let told = json!({ "status": "success", "message": "Event processed", "dedup_key": dedup_key });
        Reply { status: 202, body: told.to_string(), verdict: said }
    }

    /// Refused events and dropped ones.
    fn faults(&self) -> Vec<String> {
        let bad = |event: &&Event| matches!(event.verdict, Verdict::Refused(_) | Verdict::Dropped);
        let told = |event: &Event| format!("{} {}: {:?}", event.action, event.dedup_key, event.verdict);
        self.events.iter().filter(bad).map(told).collect()
    }
}

impl State {
    fn take(&mut self, action: &str, dedup_key: &str, event: &Value) -> Verdict {
        let routing_key = event["routing_key"].as_str().unwrap_or_default();
        let same = |incident: &&mut Incident| {
            incident.routing_key == routing_key && incident.dedup_key == dedup_key && incident.status != "resolved"
        };
        let open = self.incidents.iter_mut().find(same);
        let payload = event["payload"].clone();
        let text = |name: &str| payload[name].as_str().unwrap_or_default().to_owned();
        match (action, open) {
            ("trigger", None) => {
                self.incidents.push(Incident {
                    routing_key: routing_key.to_owned(),
                    dedup_key: dedup_key.to_owned(),
                    status: "triggered",
                    summary: text("summary"),
                    severity: text("severity"),
                    payload,
                    updates: 0,
                });
                Verdict::Opened
            }
            ("trigger", Some(incident)) => {
                (incident.summary, incident.severity) = (text("summary"), text("severity"));
                incident.payload = payload;
                incident.updates += 1;
                Verdict::Updated
            }
            ("acknowledge", Some(incident)) => {
                incident.status = "acknowledged";
                Verdict::Acknowledged
            }
            ("resolve", Some(incident)) => {
                incident.status = "resolved";
                Verdict::Resolved
            }
            _ => Verdict::Dropped,
        }
    }
}

fn faults(event: &Value) -> Vec<String> {
    let mut errors = Vec::new();
    let known = ["routing_key", "event_action", "dedup_key", "client", "client_url", "links", "images", "payload"];
    unknown(event, &known, "event", &mut errors);
    match event["routing_key"].as_str() {
        None => errors.push("'routing_key' is missing or blank".to_owned()),
        Some(key) if key.len() != 32 || !key.bytes().all(|byte| byte.is_ascii_alphanumeric()) => {
            errors.push("Length of 'routing_key' is incorrect (should be 32 characters)".to_owned());
        }
        Some(_) => {}
    }
    if event.get("dedup_key").is_some_and(|key| !key.is_string()) {
        errors.push("'dedup_key' is not a string".to_owned());
    }
    if event["dedup_key"].as_str().is_some_and(|key| units(key) > 255) {
        errors.push("Length of 'dedup_key' is incorrect (should be at most 255 characters)".to_owned());
    }
    match event["event_action"].as_str() {
        Some("trigger") => trigger(event, &mut errors),
        Some("acknowledge" | "resolve") if event.get("dedup_key").is_none() => {
            errors.push("'dedup_key' is missing or blank".to_owned());
        }
        Some("acknowledge" | "resolve") => {}
        _ => errors.push("'event_action' must be one of trigger, acknowledge, resolve".to_owned()),
    }
    errors
}

fn trigger(event: &Value, errors: &mut Vec<String>) {
    let payload = &event["payload"];
    if !payload.is_object() {
        errors.push("'payload' is missing or blank".to_owned());
        return;
    }
    let known = ["summary", "source", "severity", "timestamp", "component", "group", "class", "custom_details"];
    unknown(payload, &known, "payload", errors);
    for name in ["summary", "source"] {
        if payload[name].as_str().is_none_or(|text| text.trim().is_empty()) {
            errors.push(format!("'payload.{name}' is missing or blank"));
        }
    }
    if payload["summary"].as_str().is_some_and(|text| units(text) > 1024) {
        errors.push("Length of 'payload.summary' is incorrect (should be at most 1024 characters)".to_owned());
    }
    if !["critical", "error", "warning", "info"].iter().any(|severity| payload["severity"] == *severity) {
        errors.push("'payload.severity' is invalid (must be one of: critical, error, warning, info)".to_owned());
    }
    let is_time = |text: &Value| text.as_str().is_some_and(|text| text.parse::<jiff::Timestamp>().is_ok());
    if payload.get("timestamp").is_some_and(|timestamp| !is_time(timestamp)) {
        errors.push("'payload.timestamp' is not ISO 8601".to_owned());
    }
    for name in ["component", "group", "class"] {
        if payload.get(name).is_some_and(|value| !value.is_string() && !value.is_null()) {
            errors.push(format!("'payload.{name}' is not a string"));
        }
    }
    if payload.get("custom_details").is_some_and(|value| !value.is_object() && !value.is_null()) {
        errors.push("'payload.custom_details' is not an object".to_owned());
    }
    for (list, required) in [("links", "href"), ("images", "src")] {
        let Some(entries) = event.get(list) else { continue };
        let address = |entry: &Value| entry[required].as_str().is_some_and(|url| url.starts_with("http"));
        if entries.as_array().is_none_or(|entries| !entries.iter().all(address)) {
            errors.push(format!("'{list}' must be a list of objects with '{required}'"));
        }
    }
    let shown = text_of(event);
    if let Some(control) = shown.chars().find(|letter| letter.is_control() && *letter != '\n') {
        errors.push(format!("control character {control:?} in a text"));
    }
}

fn unknown(object: &Value, known: &[&str], of: &str, errors: &mut Vec<String>) {
    let names: BTreeMap<&String, &Value> = object.as_object().into_iter().flatten().collect();
    let strange = names.keys().filter(|name| !known.contains(&name.as_str()));
    errors.extend(strange.map(|name| format!("unknown field '{name}' of the {of}")));
}

/// Every text in a value, one after the other.
fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(list) => list.iter().map(text_of).collect(),
        Value::Object(map) => map.values().map(text_of).collect(),
        _ => String::new(),
    }
}
