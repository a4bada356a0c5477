//! A page as the body of a request to Slack.

use serde_json::json;

use super::blocks::{blocks, fallback};
use crate::notification::Page;

/// `chat.postMessage`: a message, or a reply to the one at `thread` that the channel shows as well.
pub(super) fn post(page: &Page, channel: &str, thread: Option<&str>) -> String {
    let mut message = json!({
        "channel": channel,
        "text": fallback(page),
        "blocks": blocks(page),
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
    message.to_string()
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
