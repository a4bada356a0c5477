//! Slack: by bot token (`chat.postMessage`, then `chat.update` of the same message) or by incoming webhook.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use reqwest::Url;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use serde_json::{Value, json};

use orszem_core::settings::types;
use orszem_records::ledger::{Action, Delivery};
use orszem_runtime::probe::Finding;
use orszem_runtime::probe::reach::anywhere;

use super::blocks::{blocks, fallback};
use super::http::{Answer, Http, excerpt, secret_parts};
use super::probe;
use super::registry::{Fault, base_address, reveal, web_address};
use crate::{Probed, Receiver};
use orszem_core::notification::{Capabilities, Notice};

/// A Slack channel.
pub struct Slack {
    http: Http,
    timeout: Duration,
    way: Way,
}

enum Way {
    Bot { base: String, authorization: HeaderValue, channel: String },
    Webhook { url: String },
}

impl Slack {
    /// From the configuration: `token` with `channel`, or `webhook`.
    pub fn new(config: &types::Slack, timeout: Duration) -> Result<Slack, Fault> {
        let (way, secrets) = match (&config.token, &config.channel, &config.webhook) {
            (Some(token), Some(channel), None) => {
                let token = reveal("token", token)?;
                let mut authorization = HeaderValue::from_str(&format!("Bearer {token}"))
                    .map_err(|_| Fault::value("token", "a token has no spaces, line ends or letters beyond ASCII"))?;
                authorization.set_sensitive(true);
                if channel.trim().is_empty() || channel.contains(char::is_whitespace) {
                    return Err(Fault::value("channel", "a channel is named by its id, C…"));
                }
                let base = base_address("base_url", &config.base_url)?;
                (Way::Bot { base, authorization, channel: channel.clone() }, vec![token])
            }
            (None, None, Some(webhook)) => {
                let url = web_address("webhook", &reveal("webhook", webhook)?)?;
                let secrets = secret_parts(&url);
                (Way::Webhook { url: url.into() }, secrets)
            }
            _ => return Err(Fault::value("token", "either token and channel, or webhook alone")),
        };
        Ok(Slack { http: Http::new(timeout, secrets)?, timeout, way })
    }

    /// A bot is asked who it is. A webhook is sent what is no message: Slack refuses that with words that tell whether
    /// there is such a webhook.
    async fn look(&self) -> Probed {
        let (url, headers, body) = match &self.way {
            Way::Bot { base, authorization, .. } => {
                let headers = HeaderMap::from_iter([(AUTHORIZATION, authorization.clone())]);
                (format!("{base}/auth.test"), headers, "{}")
            }
            Way::Webhook { url } => (url.clone(), HeaderMap::new(), "orszem doctor: not a message"),
        };
        let Ok(address) = Url::parse(&url) else { unreachable!("it was an address when the receiver was made") };
        let request = self.http.post_json(&url, headers, body.into());
        let answer = match probe::answer(&self.http, &address, anywhere, request).await {
            Ok(answer) => answer,
            Err(finding) => return finding.into(),
        };
        let finding = match &self.way {
            Way::Bot { channel, .. } => identity(&answer, channel),
            Way::Webhook { .. } => standing(&answer),
        };
        Probed::answered(finding, &answer, &address)
    }

    async fn deliver(&self, notice: &Notice) -> Delivery {
        let Way::Bot { channel, .. } = &self.way else { return self.through_webhook(notice).await };
        let posted = notice.reference.as_deref().and_then(|reference| reference.split_once(' '));
        match (posted, notice.action) {
            (None, _) => self.post(notice, channel, None).await,
            // Told again because nobody acknowledged. An edit rings nowhere, so it is a reply to the page, shown in the
            // channel as well; the page stays the one that is kept up to date.
            (Some((channel, ts)), Action::Trigger) => self.post(notice, channel, Some(ts)).await,
            (Some((channel, ts)), _) => self.update(notice, channel, ts).await,
        }
    }

    async fn post(&self, notice: &Notice, channel: &str, thread: Option<&str>) -> Delivery {
        let mut message = json!({
            "channel": channel,
            "text": fallback(&notice.page),
            "blocks": blocks(&notice.page),
            "mrkdwn": false,
            "parse": "none",
            "link_names": false,
            "unfurl_links": false,
            "unfurl_media": false,
        });
        if let Some(ts) = thread {
            message["thread_ts"] = ts.into();
            message["reply_broadcast"] = true.into();
        }
        match self.call("chat.postMessage", &message).await {
            Ok(answer) => accepted(&answer, notice.reference.as_deref()),
            Err(Refusal::Gone(_)) if thread.is_some() => Box::pin(self.post(notice, channel, None)).await,
            Err(Refusal::Gone(error)) => Delivery::Failed { reason: error },
            Err(Refusal::Other(delivery)) => delivery,
        }
    }

    async fn update(&self, notice: &Notice, channel: &str, ts: &str) -> Delivery {
        let message = json!({
            "channel": channel,
            "ts": ts,
            "text": fallback(&notice.page),
            "blocks": blocks(&notice.page),
            "parse": "none",
            "link_names": false,
        });
        match self.call("chat.update", &message).await {
            Ok(answer) => accepted(&answer, notice.reference.as_deref()),
            // Deleted, too old, or another app's: say it anew rather than not at all.
            Err(Refusal::Gone(_)) => {
                let Way::Bot { channel, .. } = &self.way else { unreachable!("a webhook has no reference") };
                self.post(notice, channel, None).await
            }
            Err(Refusal::Other(delivery)) => delivery,
        }
    }

    /// Calls a method of the Web API. A 200 is no success yet: the answer says `ok`.
    async fn call(&self, method: &str, message: &Value) -> Result<Value, Refusal> {
        let Way::Bot { base, authorization, .. } = &self.way else { unreachable!("a webhook has no methods") };
        let headers = HeaderMap::from_iter([(AUTHORIZATION, authorization.clone())]);
        let url = format!("{base}/{method}");
        let answer =
            self.http.post_json(&url, headers, message.to_string().into_bytes()).await.map_err(Refusal::Other)?;
        read(&answer)
    }

    async fn through_webhook(&self, notice: &Notice) -> Delivery {
        let Way::Webhook { url } = &self.way else { unreachable!("a bot has no webhook") };
        let message = json!({
            "text": fallback(&notice.page),
            "blocks": blocks(&notice.page),
            "unfurl_links": false,
            "unfurl_media": false,
        });
        match self.http.post_json(url, HeaderMap::new(), message.to_string().into_bytes()).await {
            Ok(answer) if answer.status == 200 && answer.body.trim() == "ok" => Delivery::Accepted { reference: None },
            // A proxy's page, or something that Slack does not say today: perhaps the next try gets through.
            Ok(answer) if answer.is_success() => {
                Delivery::Retry { reason: format!("{}; Slack answers ok", answer.told()), after_ms: None }
            }
            Ok(answer) => answer.refusal(),
            Err(delivery) => delivery,
        }
    }
}

enum Refusal {
    /// The message that was to be changed or answered cannot be.
    Gone(String),
    Other(Delivery),
}

fn read(answer: &Answer) -> Result<Value, Refusal> {
    if !answer.is_success() {
        return Err(Refusal::Other(answer.refusal()));
    }
    let Ok(body) = serde_json::from_str::<Value>(&answer.body) else {
        let reason = format!("{}; Slack answers JSON", answer.told());
        return Err(Refusal::Other(Delivery::Retry { reason, after_ms: answer.retry_after_ms }));
    };
    if body["ok"] == true {
        return Ok(body);
    }
    let error = body["error"].as_str().unwrap_or("no reason given");
    let reason = format!("Slack answered {}", excerpt(error));
    Err(match error {
        "message_not_found" | "cant_update_message" | "edit_window_closed" | "thread_not_found" => {
            Refusal::Gone(reason)
        }
        "ratelimited"
        | "rate_limited"
        | "message_limit_exceeded"
        | "internal_error"
        | "fatal_error"
        | "service_unavailable"
        | "request_timeout"
        | "team_added_to_org" => Refusal::Other(Delivery::Retry { reason, after_ms: answer.retry_after_ms }),
        // Whatever else: a setting, a right or the message itself has to change first.
        _ => Refusal::Other(Delivery::Failed { reason }),
    })
}

/// What `auth.test` says.
fn identity(answer: &Answer, channel: &str) -> Finding {
    let body = match read(answer) {
        Ok(body) => body,
        Err(Refusal::Gone(reason) | Refusal::Other(Delivery::Failed { reason })) => {
            let fix = "put a bot token of the workspace (xoxb-…) where `token` says that it is";
            return Finding::broken("", reason, fix);
        }
        Err(Refusal::Other(_)) => {
            let fix = "see https://slack-status.com, and run this again";
            return Finding::warning("", format!("{}: Slack is not well now", answer.told()), fix);
        }
    };
    let named = |field: &str| excerpt(body[field].as_str().unwrap_or("?"));
    let who = format!("signed in as {} of {}", named("user"), named("team"));
    let scopes = answer.headers.get("x-oauth-scopes").and_then(|scopes| scopes.to_str().ok());
    if scopes.is_some_and(|scopes| !scopes.split(',').any(|scope| scope.trim() == "chat:write")) {
        let fix = "add the scope chat:write to the bot of the app, and install the app again";
        return Finding::broken("", format!("{who}, but the token may not write messages"), fix);
    }
    Finding::works("", format!("{who}; whether it may write to {channel} only a test page shows"))
}

/// What an incoming webhook says of what is no message.
fn standing(answer: &Answer) -> Finding {
    match answer.status {
        400 => Finding::works("", "the webhook is there, and rejects what is not a message"),
        403 | 404 | 410 => {
            let fix = "make a new incoming webhook in Slack, and put its address where `webhook` says that it is";
            Finding::broken("", format!("{}: the webhook no longer exists", answer.told()), fix)
        }
        _ => Finding::warning(
            "",
            format!("{}; Slack answers 400 to what is not a message", answer.told()),
            "check that the address is the one that Slack gave; only a test page shows whether it works",
        ),
    }
}

/// The reference is "channel ts" of the page. A reply to it leaves it as it was.
fn accepted(answer: &Value, before: Option<&str>) -> Delivery {
    let threaded = answer["message"]["thread_ts"].is_string();
    let now = match (answer["channel"].as_str(), answer["ts"].as_str()) {
        (Some(channel), Some(ts)) if !threaded => Some(format!("{channel} {ts}")),
        _ => None,
    };
    Delivery::Accepted { reference: now.or_else(|| before.map(str::to_owned)) }
}

impl Receiver for Slack {
    fn send<'a>(&'a self, notice: &'a Notice) -> Pin<Box<dyn Future<Output = Delivery> + Send + 'a>> {
        // One send may be two requests; the timeout is for both.
        Box::pin(super::within(self.timeout, self.deliver(notice)))
    }

    fn probe<'a>(&'a self) -> Pin<Box<dyn Future<Output = Probed> + Send + 'a>> {
        Box::pin(self.look())
    }

    /// A bot's message is edited in place and so shows an acknowledgement; a webhook's stays as it is.
    fn capabilities(&self) -> Capabilities {
        let edits = matches!(self.way, Way::Bot { .. });
        Capabilities { updates: edits, acknowledges: edits, keep_firing: None }
    }
}

#[cfg(test)]
#[path = "slack_tests.rs"]
mod tests;
