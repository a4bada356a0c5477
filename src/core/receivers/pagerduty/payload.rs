//! A notice as an event of PagerDuty.

use orszem_records::incident::State;
use orszem_records::ledger::Action;
use orszem_text::truncate::{Unit, cut};
use serde_json::{Map, Value, json};

use crate::notification::{Notice, Page, severity_word};

/// The most bytes of an event: a little less than PagerDuty's 512 KB, whichever way it counts the K.
pub(super) const EVENT: usize = 500_000;
/// The most characters of a summary. PagerDuty does not say which characters; UTF-16 is the careful reading.
const SUMMARY: usize = 1024;
/// The most characters of a dedup key.
pub(super) const KEY: usize = 255;

/// The event that tells of a notice, below [`EVENT`] bytes.
pub(super) fn event(notice: &Notice, routing_key: &str) -> Vec<u8> {
    let page = &notice.page;
    let mut event = json!({
        "routing_key": routing_key,
        "event_action": event_action(notice),
        "dedup_key": dedup_key(page),
    });
    if event["event_action"] == "trigger" {
        event["client"] = "orszem".into();
        event["client_url"] = page.link.clone().into();
        event["links"] = json!([{ "href": page.link, "text": page.words.say("open-link") }]);
        event["payload"] = json!({
            "summary": cut(&page.summary(), SUMMARY, Unit::Utf16),
            "source": page.watch,
            "severity": severity_word(page.severity),
            "timestamp": page.opened_at.to_string(),
            "component": page.title,
            "class": page.kind.name(),
            "custom_details": details(page),
        });
    }
    let whole = event.to_string();
    if whole.len() <= EVENT {
        return whole.into_bytes();
    }
    // Of all that is told, the details are the least needed to get somebody out of bed.
    event["payload"]["custom_details"] = Value::Null;
    event.to_string().into_bytes()
}

/// A trigger with a known key changes the open alert. After a resolve it would open a new incident, so an update that
/// comes too late resolves (again) instead.
fn event_action(notice: &Notice) -> &'static str {
    match notice.action {
        Action::Update if notice.page.state == State::Resolved => "resolve",
        Action::Trigger | Action::Update => "trigger",
        Action::Acknowledge => "acknowledge",
        Action::Resolve => "resolve",
    }
}

/// The name that all messages of an incident share.
pub(super) fn dedup_key(page: &Page) -> String {
    let key = page.incident.dedup_key();
    if key.chars().count() <= KEY {
        return key;
    }
    let hash = xxhash_rust::xxh3::xxh3_128(key.as_bytes());
    format!("{}#{hash:032x}", cut(&key, KEY - 33, Unit::Utf16))
}

/// PagerDuty sorts the details by their names: numbers before them keep what matters first.
fn details(page: &Page) -> Value {
    let words = &page.words;
    let mut details = Map::new();
    let mut add = |name: String, value: Value| {
        let number = details.len() + 1;
        details.insert(format!("{number:02} {name}"), value);
    };
    if !page.meaning.is_empty() {
        add(words.say("detail-why"), page.meaning.as_str().into());
    }
    if let Some(advice) = page.advice_shown() {
        add(words.say("to-do"), advice.into());
    }
    add(words.say("detail-standing"), page.severity_and_standing().into());
    for (name, value) in page.lines() {
        add(name, value.into());
    }
    if let Some(bundle) = page.bundle() {
        add(bundle, page.other_lines().into());
    }
    let said = page.quotes().into_iter().map(|quote| match quote.url {
        Some(url) => format!("“{}” — {} {url}", quote.text, quote.origin),
        None => format!("“{}” — {}", quote.text, quote.origin),
    });
    add(words.say("quotes"), said.collect::<Vec<String>>().into());
    Value::Object(details)
}
