//! PagerDuty, Events API v2: <https://developer.pagerduty.com/docs/events-api-v2-overview>.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use reqwest::Url;
use reqwest::header::HeaderMap;
use serde_json::{Map, Value, json};

use orszem_core::settings::types;
use orszem_records::ledger::{Action, Delivery};
use orszem_runtime::probe::reach::anywhere;

use super::http::{Answer, Http};
use super::probe;
use super::registry::{Fault, base_address, reveal, web_address};
use crate::{Probed, Receiver};
use orszem_core::notification::{Capabilities, Notice};
use orszem_core::notification::{Page, severity_word};
use orszem_records::incident::State;
use orszem_text::truncate::{Unit, cut};

/// The most bytes of an event: a little less than PagerDuty's 512 KB, whichever way it counts the K.
const EVENT: usize = 500_000;
/// The most characters of a summary. PagerDuty does not say which characters; UTF-16 is the careful reading.
const SUMMARY: usize = 1024;
/// The most characters of a dedup key.
const KEY: usize = 255;
/// The wait after a 429 that names none: PagerDuty asks for "a few minutes"; a page cannot spare more than two.
const BUSY_MS: u64 = 120_000;

/// A PagerDuty service.
pub struct Pagerduty {
    http: Http,
    url: Url,
    routing_key: String,
}

impl Pagerduty {
    /// From the configuration. The routing key must have 32 characters.
    pub fn new(config: &types::Pagerduty, timeout: Duration) -> Result<Pagerduty, Fault> {
        let routing_key = reveal("routing_key", &config.routing_key)?;
        if routing_key.len() != 32 || !routing_key.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(Fault::value("routing_key", "an integration key has 32 letters and digits"));
        }
        let url = web_address("base_url", &format!("{}/v2/enqueue", base_address("base_url", &config.base_url)?))?;
        Ok(Pagerduty { http: Http::new(timeout, vec![routing_key.clone()])?, url, routing_key })
    }

    /// PagerDuty answers about a key only when it gets an event, so a wrong key cannot be found here.
    async fn look(&self) -> Probed {
        let unknown = "the key has the right form, and whether it is the right one only a test page shows";
        probe::options(&self.http, &self.url, anywhere, unknown).await
    }

    fn event(&self, notice: &Notice) -> Vec<u8> {
        let page = &notice.page;
        let mut event = json!({
            "routing_key": self.routing_key,
            "event_action": event_action(notice),
            "dedup_key": dedup_key(page),
        });
        if event["event_action"] == "trigger" {
            event["client"] = "orszem".into();
            event["client_url"] = page.link.clone().into();
            event["links"] = json!([{ "href": page.link, "text": "The incident in orszem" }]);
            event["payload"] = json!({
                "summary": cut(&page.headline, SUMMARY, Unit::Utf16),
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

fn dedup_key(page: &Page) -> String {
    let key = page.incident.dedup_key();
    if key.chars().count() <= KEY {
        return key;
    }
    let hash = xxhash_rust::xxh3::xxh3_128(key.as_bytes());
    format!("{}#{hash:032x}", cut(&key, KEY - 33, Unit::Utf16))
}

fn details(page: &Page) -> Value {
    let mut details = Map::new();
    details.insert("Standing".into(), page.standing().into());
    for (name, value) in page.lines() {
        details.insert(name.to_owned(), value.into());
    }
    if let Some(advice) = page.advice_shown() {
        details.insert("What to do first".into(), advice.into());
    }
    let quotes = page.quotes();
    let said = quotes.into_iter().map(|quote| match quote.url {
        Some(url) => format!("“{}” — {} {url}", quote.text, quote.origin),
        None => format!("“{}” — {}", quote.text, quote.origin),
    });
    details.insert("Mentions".into(), said.collect::<Vec<String>>().into());
    Value::Object(details)
}

/// 202 is taken; 429, 5xx and the like may pass; everything else, 200 from some other server included, may not.
fn read(answer: &Answer, page: &Page) -> Delivery {
    match answer.status {
        202 => Delivery::Accepted { reference: Some(dedup_key(page)) },
        200..=299 => Delivery::Failed { reason: format!("{}; PagerDuty answers 202", answer.told()) },
        429 => Delivery::Retry { reason: answer.told(), after_ms: answer.retry_after_ms.or(Some(BUSY_MS)) },
        _ => answer.refusal(),
    }
}

impl Receiver for Pagerduty {
    fn send<'a>(&'a self, notice: &'a Notice) -> Pin<Box<dyn Future<Output = Delivery> + Send + 'a>> {
        Box::pin(async move {
            match self.http.post_json(self.url.as_str(), HeaderMap::new(), self.event(notice)).await {
                Ok(answer) => read(&answer, &notice.page),
                Err(delivery) => delivery,
            }
        })
    }

    fn probe<'a>(&'a self) -> Pin<Box<dyn Future<Output = Probed> + Send + 'a>> {
        Box::pin(self.look())
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities { updates: true, acknowledges: true, keep_firing: None }
    }
}

#[cfg(test)]
#[path = "pagerduty_tests.rs"]
mod tests;
