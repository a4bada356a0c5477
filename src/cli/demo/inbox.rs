//! The receiver of the demonstration's notifications: a local server in place of Slack and PagerDuty. It keeps what it
//! gets, prints it if everything is shown, and simulates a person who acknowledges.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::{GOES_ON, terminal};

/// How long the simulated person takes to react: minutes of the story.
const REACTION_TIME: Duration = Duration::from_millis(800);
/// The maximum number of lines that are shown of a message at the end.
const LINES: usize = 24;

/// What the one who has the crisis writes.
const STATEMENT: &str = "We know of the trouble, and we are looking into it. We say more as soon as we know it.";

/// The inbox.
pub(super) struct Inbox {
    /// Where it listens.
    pub(super) address: SocketAddr,
    received: Arc<Received>,
}

#[derive(Default)]
struct Received {
    verbose: bool,
    messages: AtomicU64,
    /// The newest message in Slack that is about the crisis that goes on, or about any.
    newest: Mutex<Value>,
    /// The watch of the crisis in which somebody writes what is said; once is enough for a demonstration.
    crisis: String,
    is_written: AtomicBool,
}

impl Inbox {
    /// Starts the server, which runs until the runtime ends. `verbose`: prints all that it gets. `crisis`: the watch in
    /// whose crisis somebody writes what is said.
    pub(super) async fn start(verbose: bool, crisis: &str) -> std::io::Result<Inbox> {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let received = Arc::new(Received { verbose, crisis: crisis.to_owned(), ..Received::default() });
        let routes = Router::new()
            .route("/slack/{method}", post(slack))
            .route("/v2/enqueue", post(pagerduty))
            .route("/", get(newest_page))
            .with_state(Arc::clone(&received));
        tokio::spawn(async move { axum::serve(listener, routes).await });
        Ok(Inbox { address, received })
    }

    /// The newest message as a person reads it, cut where it is long.
    pub(super) fn newest(&self) -> Vec<String> {
        let mut lines: Vec<String> =
            texts(&self.received.newest()).iter().map(|line| plain(line)).filter(|line| !line.is_empty()).collect();
        if lines.len() > LINES {
            lines.truncate(LINES - 1);
            lines.push("…".to_owned());
        }
        lines
    }

    /// An address that leads to the page of the newest message: short, for a terminal.
    pub(super) fn short_link(&self) -> String {
        format!("http://{}/", self.address)
    }
}

impl Received {
    fn newest(&self) -> Value {
        self.newest.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Leads to the page of the newest message.
async fn newest_page(State(inbox): State<Arc<Received>>) -> Response {
    match link(&inbox.newest()) {
        Some(link) => Redirect::to(&link).into_response(),
        None => (StatusCode::NOT_FOUND, "No message has come yet.\n").into_response(),
    }
}

/// The first link to an incident in a message, as it is before Slack's escapes.
fn link(message: &Value) -> Option<String> {
    match message {
        Value::String(text) => {
            let at = text.find("/incidents/")?;
            let from = text[..at].rfind("http")?;
            let end = |c: char| c.is_whitespace() || matches!(c, '|' | '>' | '<' | '"');
            text[from..].split(end).next().map(|link| link.replace("&amp;", "&"))
        }
        Value::Array(items) => items.iter().find_map(link),
        Value::Object(fields) => fields.values().find_map(link),
        _ => None,
    }
}

/// A line of Slack's without its links and marks: `<https://…|See it>` is `See it`.
fn plain(line: &str) -> String {
    let mut plain = String::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once('<') {
        plain.push_str(before);
        let Some((link, after)) = after.split_once('>') else { break };
        plain.push_str(link.split_once('|').map_or("", |(_, text)| text));
        rest = after;
    }
    plain.push_str(rest);
    let is_address = |word: &&str| !word.starts_with("http://") && !word.starts_with("https://");
    let words: Vec<&str> = plain.split_whitespace().filter(is_address).collect();
    words.join(" ").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

async fn slack(
    State(inbox): State<Arc<Received>>,
    Path(method): Path<String>,
    axum::Json(message): axum::Json<Value>,
) -> axum::Json<Value> {
    let number = inbox.messages.fetch_add(1, Ordering::Relaxed);
    let what = if method == "chat.update" { "Slack (the same message, updated)" } else { "Slack" };
    if inbox.verbose {
        terminal::received(what, &texts(&message));
    }
    // What is shown at the end is what the whole team got.
    let to_the_team = message["channel"] == "C0CRISIS";
    let is_call = to_the_team && method == "chat.postMessage" && message.get("thread_ts").is_none();
    if is_call && link(&message).is_some() {
        *inbox.newest.lock().unwrap_or_else(PoisonError::into_inner) = message.clone();
    }
    if method == "chat.postMessage"
        && let Some(link) = link(&message)
    {
        let text = texts(&message).join(" ");
        match message["channel"].as_str() {
            Some("U0ANNA") if text.contains("please approve the statement") => {
                tokio::spawn(presses(link, "approve", "&revision=1".into()));
            }
            Some("U0BELA") if text.contains("the statement is approved") => {
                tokio::spawn(presses(link, "posted", "&revision=1&account=website".into()));
            }
            _ => {}
        }
    }
    let ts = message.get("ts").cloned().unwrap_or_else(|| json!(format!("{number}.000100")));
    axum::Json(json!({ "ok": true, "channel": message["channel"], "ts": ts }))
}

async fn pagerduty(
    State(inbox): State<Arc<Received>>,
    axum::Json(event): axum::Json<Value>,
) -> (StatusCode, axum::Json<Value>) {
    let action = event["event_action"].as_str().unwrap_or_default().to_owned();
    let mut lines = vec![
        format!("event_action: {action}"),
        format!("dedup_key: {}", event["dedup_key"].as_str().unwrap_or_default()),
    ];
    lines.extend(texts(&event["payload"]));
    if inbox.verbose {
        terminal::received("PagerDuty", &lines);
    }
    // Each call is answered: what got worse calls again. An answer to what somebody has changes nothing.
    if action == "trigger"
        && let Some(link) = link(&event)
        && !link.contains(&format!("/incidents/{}.", GOES_ON.0))
    {
        let is_crisis = link.contains(&format!("/incidents/{}.", inbox.crisis));
        let writes = is_crisis && !inbox.is_written.swap(true, Ordering::Relaxed);
        tokio::spawn(async move {
            presses(link.clone(), "acknowledge", String::new()).await;
            if writes {
                presses(link, "draft", format!("&language=en&text={}", STATEMENT.replace(' ', "+"))).await;
            }
        });
    }
    (
        StatusCode::ACCEPTED,
        axum::Json(json!({ "status": "success", "message": "Event processed", "dedup_key": event["dedup_key"] })),
    )
}

/// The reaction of a simulated person: opens the link and presses a button, with what its form carries.
async fn presses(link: String, button: &'static str, fields: String) {
    tokio::time::sleep(REACTION_TIME).await;
    let Some((page, query)) = link.split_once('?') else { return };
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build();
    let Ok(client) = client else { return };
    let sent = client
        .post(format!("{page}/{button}"))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(format!("{query}{fields}"))
        .send()
        .await;
    match sent {
        // The story tells it, as the incident has it.
        Ok(answer) if answer.status().is_redirection() || answer.status().is_success() => {}
        Ok(answer) => terminal::say(&format!("Somebody pressed {button:?} at {page}, and got {}.", answer.status())),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_link_of_a_message_is_found_and_its_text_is_plain() {
        let text =
            "*Orbiva*: <http://127.0.0.1:8080/incidents/orbiva.1?as=x&amp;until=7|Open it, I have it> &amp; more";
        let message = json!({ "blocks": [{ "text": "none" }, { "text": { "text": text } }] });
        assert_eq!(link(&message).as_deref(), Some("http://127.0.0.1:8080/incidents/orbiva.1?as=x&until=7"));
        assert_eq!(plain(text), "*Orbiva*: Open it, I have it & more");
        assert_eq!(plain("see http://127.0.0.1/incidents/a.1 now"), "see now");
        assert_eq!(link(&json!({ "text": "https://example.com/" })), None);
    }
}
