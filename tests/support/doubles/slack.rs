//! A strict double of Slack: `auth.test`, `chat.postMessage` and `chat.update` of the Web API, and one incoming
//! webhook.
//!
//! ```ignore
//! let slack = Slack::start().await;
//! // a bot: base_url = slack.url(), token = slack::TOKEN, channel = slack::CHANNEL
//! // or an incoming webhook: webhook = slack.webhook_url()
//! slack.script(vec![Answer::NotOk("internal_error".into()), Answer::TooMany(1)]);
//! // … orszem runs …
//! assert_eq!(slack.pages().len(), 1);
//! assert!(slack.faults().is_empty());
//! assert!(slack.messages().iter().all(|message| message.pings().is_empty()));
//! ```

use axum::http::HeaderMap;
use serde_json::{Value, json};

use super::script::{Double, Judge, Reply, is_json};
use super::slack_blocks::{self, Refused};

/// The bot token that is right.
pub const TOKEN: &str = "xoxb-0123456789-double-double";
/// The channel that exists.
pub const CHANNEL: &str = "C0123456789";
/// The path of the incoming webhook. It is a secret, as at Slack.
pub const WEBHOOK_PATH: &str = "/services/T0123456/B0123456/doubledoubledouble";

/// The double. Its address is the `base_url` of the receiver.
pub type Slack = Double<State>;

/// The channel, and what was refused.
#[derive(Default)]
pub struct State {
    messages: Vec<Message>,
    refused: Vec<String>,
    sent: u64,
}

/// A message in the channel.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// Its name at Slack.
    pub ts: String,
    /// The message it replies to.
    pub thread_ts: Option<String>,
    /// A reply that is shown in the channel too.
    pub broadcast: bool,
    /// Came through the incoming webhook.
    pub webhook: bool,
    /// The newest fallback text, as sent (escaped).
    pub text: String,
    /// The newest blocks, as sent.
    pub blocks: Value,
    /// The texts it had before, oldest first: how often it was changed.
    pub earlier: Vec<String>,
}

impl Message {
    /// Everything that a person reads: fallback and blocks, unescaped, one text a line.
    pub fn visible(&self) -> String {
        let mut texts = vec![self.text.clone()];
        texts.extend(slack_blocks::texts(&self.blocks).into_iter().map(|text| text.text));
        texts.join("\n").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    }

    /// What in it would ring or name somebody: `<!channel>`, `<@U…>`, `<#C…>`. Looked for in plain texts as well.
    pub fn pings(&self) -> Vec<String> {
        self.marked().into_iter().filter(|mark| mark.starts_with(['!', '@', '#'])).collect()
    }

    /// The addresses it links to.
    pub fn links(&self) -> Vec<String> {
        let marked = self.marked().into_iter().filter(|mark| !mark.starts_with(['!', '@', '#']));
        let address = |mark: String| mark.split('|').next().unwrap_or_default().replace("&amp;", "&");
        marked.map(address).collect()
    }

    fn marked(&self) -> Vec<String> {
        let mut marked = slack_blocks::marks(&self.text);
        for text in slack_blocks::texts(&self.blocks) {
            marked.extend(slack_blocks::marks(&text.text));
        }
        marked
    }
}

impl Slack {
    /// The incoming webhook's address.
    pub fn webhook_url(&self) -> String {
        self.url_of(WEBHOOK_PATH)
    }

    /// The messages in the channel, in order.
    pub fn messages(&self) -> Vec<Message> {
        self.with(|state| state.messages.clone())
    }

    /// The messages that are no replies: one for each incident in a good run.
    pub fn pages(&self) -> Vec<Message> {
        self.messages().into_iter().filter(|message| message.thread_ts.is_none()).collect()
    }

    /// Somebody deletes every message.
    pub fn delete_all(&self) {
        self.with(|state| state.messages.clear());
    }
}

impl Judge for State {
    const PATH: &str = "/api";

    fn judge(&mut self, path: &str, headers: &HeaderMap, body: &[u8]) -> Reply {
        let message: Value = serde_json::from_slice(body).unwrap_or(Value::Null);
        match path {
            "/api/auth.test" => self.api(headers, &message, identity),
            "/api/chat.postMessage" => {
                self.api(headers, &message, |state, message| state.in_channel(message, State::post))
            }
            "/api/chat.update" => {
                self.api(headers, &message, |state, message| state.in_channel(message, State::update))
            }
            WEBHOOK_PATH => self.webhook(headers, &message),
            other if other.starts_with("/services/") => {
                self.refused.push(format!("no_service: {other}"));
                Reply { status: 404, body: format!("no_service {other}"), verdict: "no_service".into() }
            }
            other => {
                self.refused.push(format!("unknown_method: {other}"));
                not_ok("unknown_method", "")
            }
        }
    }

    /// Not a message that is not there: a test may have deleted it.
    fn faults(&self) -> Vec<String> {
        self.refused.clone()
    }
}

impl State {
    fn api(
        &mut self,
        headers: &HeaderMap,
        message: &Value,
        method: fn(&mut State, &Value) -> Result<Value, Refused>,
    ) -> Reply {
        let authorized = headers.get("authorization").and_then(|value| value.to_str().ok());
        let done = match authorized.and_then(|value| value.strip_prefix("Bearer ")) {
            None => Err(("not_authed", String::new())),
            Some(token) if token != TOKEN => Err(("invalid_auth", String::new())),
            Some(_) if !is_json(headers) => Err(("invalid_post_type", String::new())),
            Some(_) if !message.is_object() => Err(("invalid_json", String::new())),
            Some(_) => method(self, message),
        };
        match done {
            Ok(answer) => Reply { status: 200, body: answer.to_string(), verdict: "ok".into() },
            Err((error, why)) => {
                if error != "message_not_found" {
                    self.refused.push(format!("{error}: {why}"));
                }
                not_ok(error, &why)
            }
        }
    }

    fn in_channel(
        &mut self,
        message: &Value,
        method: fn(&mut State, &Value) -> Result<Value, Refused>,
    ) -> Result<Value, Refused> {
        if message["channel"] != CHANNEL {
            return Err(("channel_not_found", message["channel"].to_string()));
        }
        method(self, message)
    }

    fn post(&mut self, message: &Value) -> Result<Value, Refused> {
        known(
            message,
            &[
                "channel",
                "text",
                "blocks",
                "mrkdwn",
                "parse",
                "link_names",
                "unfurl_links",
                "unfurl_media",
                "thread_ts",
                "reply_broadcast",
                "metadata",
                "username",
                "icon_emoji",
                "icon_url",
                "markdown_text",
                "attachments",
            ],
        )?;
        content(message)?;
        if message["unfurl_links"] != false || message["unfurl_media"] != false {
            return Err(("invalid_arguments", "links would be unfurled".into()));
        }
        let thread_ts = message["thread_ts"].as_str().map(str::to_owned);
        if thread_ts.as_ref().is_some_and(|ts| !self.messages.iter().any(|message| message.ts == *ts)) {
            return Err(("message_not_found", "thread_ts".into()));
        }
        let ts = self.keep(message, thread_ts.clone(), false);
        let mut echo = json!({ "type": "message", "text": message["text"], "ts": ts });
        if let Some(thread_ts) = thread_ts {
            echo["thread_ts"] = thread_ts.into();
        }
        Ok(json!({ "ok": true, "channel": CHANNEL, "ts": ts, "message": echo }))
    }

    fn update(&mut self, message: &Value) -> Result<Value, Refused> {
        known(
            message,
            &[
                "channel",
                "ts",
                "text",
                "blocks",
                "parse",
                "link_names",
                "metadata",
                "reply_broadcast",
                "attachments",
                "as_user",
                "file_ids",
                "markdown_text",
            ],
        )?;
        content(message)?;
        let ts = message["ts"].as_str().unwrap_or_default();
        let answered = self.messages.iter().any(|reply| reply.thread_ts.as_deref() == Some(ts));
        let Some(found) = self.messages.iter_mut().find(|message| message.ts == ts) else {
            return Err(("message_not_found", ts.to_owned()));
        };
        if found.webhook {
            return Err(("cant_update_message", ts.to_owned()));
        }
        found.earlier.push(std::mem::take(&mut found.text));
        found.text = message["text"].as_str().unwrap_or_default().to_owned();
        found.blocks = message["blocks"].clone();
        let mut echo = json!({ "type": "message", "text": found.text });
        if answered {
            // Slack names a message that has replies as the head of its own thread.
            echo["thread_ts"] = ts.into();
        }
        Ok(json!({ "ok": true, "channel": CHANNEL, "ts": ts, "text": found.text, "message": echo }))
    }

    fn webhook(&mut self, headers: &HeaderMap, message: &Value) -> Reply {
        let fault = if !is_json(headers) || !message.is_object() {
            Some("invalid_payload".to_owned())
        } else {
            let names = [
                "text",
                "blocks",
                "attachments",
                "thread_ts",
                "mrkdwn",
                "unfurl_links",
                "unfurl_media",
                "parse",
                "link_names",
            ];
            known(message, &names).and_then(|()| content(message)).err().map(|(error, why)| format!("{error} {why}"))
        };
        if let Some(fault) = fault {
            self.refused.push(fault.clone());
            return Reply { status: 400, body: fault.split(' ').next().unwrap_or_default().into(), verdict: fault };
        }
        self.keep(message, None, true);
        Reply { status: 200, body: "ok".into(), verdict: "ok".into() }
    }

    fn keep(&mut self, message: &Value, thread_ts: Option<String>, webhook: bool) -> String {
        self.sent += 1;
        let ts = format!("1700000000.{:06}", self.sent);
        self.messages.push(Message {
            ts: ts.clone(),
            thread_ts,
            broadcast: message["reply_broadcast"] == true,
            webhook,
            text: message["text"].as_str().unwrap_or_default().to_owned(),
            blocks: message["blocks"].clone(),
            earlier: Vec::new(),
        });
        ts
    }
}

/// Who the token is of. Takes no argument but the token itself, which has no business in a body of JSON.
fn identity(_: &mut State, message: &Value) -> Result<Value, Refused> {
    known(message, &[])?;
    Ok(json!({
        "ok": true,
        "url": "https://double.slack.com/",
        "team": "Double",
        "user": "orszem",
        "team_id": "T0123456",
        "user_id": "U0123456",
        "bot_id": "B0123456",
        "is_enterprise_install": false,
    }))
}

/// Slack lets unknown arguments pass with a warning that nobody reads; here they are a fault.
fn known(message: &Value, names: &[&str]) -> Result<(), Refused> {
    let mut given = message.as_object().into_iter().flat_map(|map| map.keys());
    match given.find(|name| !names.contains(&name.as_str())) {
        Some(name) => Err(("invalid_arguments", format!("unknown argument {name}"))),
        None => Ok(()),
    }
}

fn content(message: &Value) -> Result<(), Refused> {
    if message["link_names"] == true {
        return Err(("invalid_arguments", "names in the text would ring".into()));
    }
    slack_blocks::check(message)
}

fn not_ok(error: &str, why: &str) -> Reply {
    let mut answer = json!({ "ok": false, "error": error });
    if !why.is_empty() {
        answer["response_metadata"] = json!({ "messages": [why] });
    }
    Reply { status: 200, body: answer.to_string(), verdict: format!("{error} {why}").trim().to_owned() }
}
