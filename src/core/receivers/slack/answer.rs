//! What Slack answers, and what it means.

use orszem_records::ledger::Delivery;
use serde_json::Value;

use super::opening;
use crate::finding::Finding;
use crate::receivers::{Answer, Reading, excerpt};

/// What a method of the Web API answers to a message; `before` is the reference of the page so far.
pub(super) fn of_bot(answer: &Answer, before: Option<&str>) -> Reading {
    match body(answer) {
        Ok(body) => accepted(&body, before).into(),
        Err(reading) => reading,
    }
}

/// What an incoming webhook answers to a message. Slack takes it with 200 and `ok`, and refuses with another status. A
/// success is never sent again, even if it says something else: the message may be in a channel of people already.
pub(super) fn of_webhook(answer: &Answer) -> Reading {
    if !answer.is_success() {
        return answer.refusal().into();
    }
    let said = answer.body.trim();
    if said == "ok" || (answer.cut_off.is_some() && "ok".starts_with(said)) {
        return Delivery::Accepted { reference: None }.into();
    }
    let told = format!("{}; Slack answers ok", answer.told());
    match says_success(&opening::of(said)) {
        true => Reading::Noted { reference: None, note: told },
        false => {
            let reason = format!("{told}, so the message is not sent again, but nobody knows whether it arrived");
            Delivery::Failed { reason }.into()
        }
    }
}

/// The success of a server that takes Slack's messages and answers in its own words: Rocket.Chat and Zulip do.
fn says_success(body: &Value) -> bool {
    body["ok"] == true || body["success"] == true || body["result"] == "success"
}

/// The body of a success. A status of 200 alone is no success: the body must say `ok`.
fn body(answer: &Answer) -> Result<Value, Reading> {
    if !answer.is_success() {
        return Err(answer.refusal().into());
    }
    let body = match serde_json::from_str::<Value>(&answer.body) {
        Ok(body) => body,
        // Slack says first whether it took the message, and where that is.
        Err(_) if answer.cut_off.is_some() => match opening::of(&answer.body) {
            body if body["ok"].is_boolean() => body,
            _ => {
                let reason =
                    format!("{}, so the message is not sent again, but nobody knows whether it arrived", answer.told());
                return Err(Delivery::Failed { reason }.into());
            }
        },
        // All that Slack says is JSON: this came from something in between, and Slack knows nothing of the message.
        Err(_) => {
            let reason = format!("{}; Slack answers JSON", answer.told());
            return Err(Delivery::Retry { reason, after_ms: answer.retry_after_ms }.into());
        }
    };
    if body["ok"] == true {
        return Ok(body);
    }
    let error = body["error"].as_str().unwrap_or("no reason given");
    let reason = format!("Slack answered {}", excerpt(error));
    Err(match error {
        // Deleted, too old, or another app's.
        "message_not_found" | "cant_update_message" | "edit_window_closed" | "thread_not_found" => {
            Reading::Gone(reason)
        }
        "ratelimited"
        | "rate_limited"
        | "message_limit_exceeded"
        | "internal_error"
        | "fatal_error"
        | "service_unavailable"
        | "request_timeout"
        | "team_added_to_org" => Delivery::Retry { reason, after_ms: answer.retry_after_ms }.into(),
        // Whatever else: a setting, a right or the message itself has to change first.
        _ => Delivery::Failed { reason }.into(),
    })
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

/// What `auth.test` says.
pub(super) fn identity(answer: &Answer, channel: &str) -> Finding {
    let body = match body(answer) {
        Ok(body) => body,
        Err(Reading::Gone(reason) | Reading::Outcome(Delivery::Failed { reason })) => {
            let fix = "put a bot token of the workspace (xoxb-…) where `token` says that it is";
            return Finding::broken("", reason, fix);
        }
        Err(Reading::Outcome(_) | Reading::Noted { .. }) => {
            let fix = "see https://slack-status.com, and run this again";
            return Finding::warning("", format!("{}: Slack is not well now", answer.told()), fix);
        }
    };
    let named = |field: &str| excerpt(body[field].as_str().unwrap_or("?"));
    let who = format!("signed in as {} of {}", named("user"), named("team"));
    let scopes = answer.header("x-oauth-scopes");
    if scopes.is_some_and(|scopes| !scopes.split(',').any(|scope| scope.trim() == "chat:write")) {
        let fix = "add the scope chat:write to the bot of the app, and install the app again";
        return Finding::broken("", format!("{who}, but the token may not write messages"), fix);
    }
    Finding::works("", format!("{who}; whether it may write to {channel} only a test page shows"))
}

/// What an incoming webhook says of what is no message.
pub(super) fn standing(answer: &Answer) -> Finding {
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
