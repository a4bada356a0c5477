//! A page as the body of a request to Slack.

use serde_json::{Value, json};

use super::blocks::{blocks, fallback, short_blocks};
use crate::notification::Page;

/// `chat.postMessage`: a message.
pub(super) fn post(page: &Page, channel: &str) -> String {
    posted(channel, fallback(page), blocks(page)).to_string()
}

/// `chat.postMessage`: a short reply to the message at `thread`, which the channel shows as well.
pub(super) fn reply(page: &Page, channel: &str, thread: &str) -> String {
    let mut message = posted(channel, fallback(page), short_blocks(page));
    message["thread_ts"] = thread.into();
    message["reply_broadcast"] = true.into();
    message.to_string()
}

fn posted(channel: &str, text: String, blocks: Vec<Value>) -> Value {
    json!({
        "channel": channel,
        "text": text,
        "blocks": blocks,
        "mrkdwn": false,
        "parse": "none",
        "link_names": false,
        "unfurl_links": false,
        "unfurl_media": false,
    })
}

/// `chat.update`: the new content of the message at `ts`.
pub(super) fn update(page: &Page, channel: &str, ts: &str) -> String {
    let message = json!({
        "channel": channel,
        "ts": ts,
        "text": fallback(page),
        "blocks": blocks(page),
        "parse": "none",
        "link_names": false,
    });
    message.to_string()
}

/// What an incoming webhook takes.
pub(super) fn to_webhook(page: &Page) -> String {
    let message = json!({
        "text": fallback(page),
        "blocks": blocks(page),
        "unfurl_links": false,
        "unfurl_media": false,
    });
    message.to_string()
}
