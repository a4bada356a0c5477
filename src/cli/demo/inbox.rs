//! The receiver of the demonstration's notifications: a local server in place of Slack and PagerDuty. It prints what it
//! gets, and simulates a person who acknowledges.

use axum::Router;
use axum::extract::{Path, State};
use axum::routing::post;
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use super::terminal;

/// How long the simulated person takes to react.
const REACTION_TIME: Duration = Duration::from_millis(1500);

#[derive(Default)]
struct Inbox {
    messages: AtomicU64,
    /// Somebody has acknowledged: later updates need no reaction.
    answered: AtomicBool,
}

/// Starts the server, which runs until the runtime ends.
pub(super) async fn start() -> std::io::Result<SocketAddr> {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await?;
    let address = listener.local_addr()?;
    let routes = Router::new()
        .route("/slack/{method}", post(slack))
        .route("/v2/enqueue", post(pagerduty))
        .with_state(Arc::new(Inbox::default()));
    tokio::spawn(async move { axum::serve(listener, routes).await });
    Ok(address)
}

async fn slack(
    State(inbox): State<Arc<Inbox>>,
    Path(method): Path<String>,
    axum::Json(message): axum::Json<Value>,
) -> axum::Json<Value> {
    let number = inbox.messages.fetch_add(1, Ordering::Relaxed);
    let what = if method == "chat.update" { "Slack (the same message, updated)" } else { "Slack" };
    terminal::received(what, &texts(&message));
    let ts = message.get("ts").cloned().unwrap_or_else(|| json!(format!("{number}.000100")));
    axum::Json(json!({ "ok": true, "channel": message["channel"], "ts": ts }))
}

async fn pagerduty(
    State(inbox): State<Arc<Inbox>>,
    axum::Json(event): axum::Json<Value>,
) -> (axum::http::StatusCode, axum::Json<Value>) {
    let action = event["event_action"].as_str().unwrap_or_default().to_owned();
    let mut lines = vec![
        format!("event_action: {action}"),
        format!("dedup_key: {}", event["dedup_key"].as_str().unwrap_or_default()),
    ];
    lines.extend(texts(&event["payload"]));
    terminal::received("PagerDuty", &lines);
    let link = event["links"][0]["href"].as_str().or(event["client_url"].as_str());
    if action == "trigger"
        && let Some(link) = link
        && !inbox.answered.swap(true, Ordering::Relaxed)
    {
        tokio::spawn(acknowledge(link.to_owned()));
    }
    (
        axum::http::StatusCode::ACCEPTED,
        axum::Json(json!({ "status": "success", "message": "Event processed", "dedup_key": event["dedup_key"] })),
    )
}

/// The reaction of the simulated person: opens the link and presses the button.
async fn acknowledge(link: String) {
    tokio::time::sleep(REACTION_TIME).await;
    let Some((page, query)) = link.split_once('?') else { return };
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build();
    let Ok(client) = client else { return };
    let sent = client
        .post(format!("{page}/acknowledge"))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(query.to_owned())
        .send()
        .await;
    match sent {
        Ok(answer) if answer.status().is_redirection() || answer.status().is_success() => {
            terminal::say(&format!("Somebody opened {page} and pressed \"acknowledge\"."));
        }
        Ok(answer) => {
            terminal::say(&format!("Somebody pressed \"acknowledge\" at {page}, and got {}.", answer.status()))
        }
        Err(fault) => terminal::say(&format!("Somebody could not open the link: {}", fault.without_url())),
    }
}

/// All texts of a message in their order, as a person reads them.
fn texts(message: &Value) -> Vec<String> {
    fn gather(value: &Value, key: &str, into: &mut Vec<String>) {
        match value {
            Value::String(text)
                if matches!(key, "text" | "summary" | "url" | "href" | "severity" | "")
                    || key.starts_with(char::is_uppercase) =>
            {
                into.extend(text.lines().filter(|line| !line.trim().is_empty()).map(str::to_owned));
            }
            Value::String(_) => {}
            Value::Array(items) => items.iter().for_each(|item| gather(item, "", into)),
            Value::Object(fields) => fields.iter().for_each(|(key, field)| gather(field, key, into)),
            _ => {}
        }
    }
    let mut lines = Vec::new();
    // Slack shows the blocks; the plain text is a fallback.
    match message.get("blocks") {
        Some(blocks) => gather(blocks, "", &mut lines),
        None => gather(message, "", &mut lines),
    }
    lines.dedup();
    lines
}
