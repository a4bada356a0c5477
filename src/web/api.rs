//! The JSON API under `/api/v1`, described in docs/api.md.

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};

use orszem_records::class::Class;
use orszem_records::incident;
use orszem_records::ledger::ByWhom;

use super::AppState;
use super::actions::{self, ActionError, Done, PersonAction};
use super::guard::{self, Token};
use super::types::{Acted, Detail, Listing, Summary};
use super::view::Filter;
use super::{query_preview, watches};
use orszem_records::incident::Incident;
use std::sync::Arc;

/// How many incidents a list holds unless told otherwise.
const LIMIT: usize = 100;
/// How many it holds at most.
const MOST: usize = 1_000;
/// The longest name a client can act under, in characters.
const NAME: usize = 100;

/// A refusal: its status, a stable code, and words.
#[derive(Debug)]
pub(super) struct Refusal(StatusCode, &'static str, String);

#[derive(Serialize)]
struct Fault<'a> {
    error: Error<'a>,
}

#[derive(Serialize)]
struct Error<'a> {
    code: &'a str,
    message: &'a str,
}

impl Refusal {
    /// A refusal with these words.
    pub(super) fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Refusal {
        Refusal(status, code, message.into())
    }

    fn unknown() -> Refusal {
        Refusal::new(StatusCode::NOT_FOUND, "not-found", "there is no such incident, or it is too long over to be kept")
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let Refusal(status, code, message) = self;
        let mut answer = (status, Json(Fault { error: Error { code, message: &message } })).into_response();
        if status == StatusCode::UNAUTHORIZED {
            answer.headers_mut().insert(header::WWW_AUTHENTICATE, header::HeaderValue::from_static("Bearer"));
        }
        answer
    }
}

/// Which incidents are asked for.
#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    state: Option<incident::State>,
    watch: Option<String>,
    limit: Option<usize>,
}

/// Lets those read who may.
fn reader(app: &AppState, headers: &HeaderMap) -> Result<(), Refusal> {
    match guard::token(&app.config.load(), headers) {
        Token::NotAsked | Token::Right => Ok(()),
        Token::Wrong => {
            Err(Refusal::new(StatusCode::UNAUTHORIZED, "unauthorized", "send Authorization: Bearer <web.api_token>"))
        }
        Token::Unreadable => Err(unreadable()),
    }
}

/// Lets those act who may: by API only with a token.
fn actor(app: &AppState, headers: &HeaderMap) -> Result<(), Refusal> {
    match guard::token(&app.config.load(), headers) {
        Token::NotAsked => Err(Refusal::new(
            StatusCode::FORBIDDEN,
            "read-only",
            "web.api_token is not configured: the API only reads, and people act by the links in their messages",
        )),
        _ => reader(app, headers),
    }
}

fn unreadable() -> Refusal {
    Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "no-token", "the configured web.api_token cannot be read here")
}

/// `GET /api/v1/incidents`.
pub(super) async fn list(
    State(app): State<AppState>,
    headers: HeaderMap,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Json<Listing>, Refusal> {
    reader(&app, &headers)?;
    let Query(asked) = asked.map_err(|fault| {
        Refusal::new(
            StatusCode::BAD_REQUEST,
            "bad-query",
            format!("state is open, acknowledged or resolved; limit a number: {}", fault.body_text()),
        )
    })?;
    let limit = asked.limit.unwrap_or(LIMIT);
    if !(1..=MOST).contains(&limit) {
        return Err(Refusal::new(StatusCode::BAD_REQUEST, "bad-query", format!("limit is 1 to {MOST}")));
    }
    let config = app.config.load();
    let list = app.view.list(&Filter { state: asked.state, watch: asked.watch, limit: Some(limit) });
    Ok(Json(Listing { incidents: list.iter().map(|incident| Summary::of(incident, &config)).collect() }))
}

/// `GET /api/v1/watches`.
pub(super) async fn watches(
    State(app): State<AppState>,
    headers: HeaderMap,
) -> Result<Json<watches::Listing>, Refusal> {
    reader(&app, &headers)?;
    Ok(Json(watches::Listing::of(&app.config.load(), &app.board.all())))
}

/// `GET /api/v1/watches/try`.
pub(super) async fn tried(
    State(app): State<AppState>,
    headers: HeaderMap,
    asked: Result<Query<query_preview::Asked>, QueryRejection>,
) -> Result<Json<query_preview::Tried>, Refusal> {
    reader(&app, &headers)?;
    let bad = |why: String| Refusal::new(StatusCode::BAD_REQUEST, "bad-query", why);
    let Query(asked) =
        asked.map_err(|fault| bad(format!("give query, with, topic and hours: {}", fault.body_text())))?;
    let came = asked.run(&app).await;
    came.map(Json).map_err(|untried| {
        let (code, words) = untried.told();
        Refusal::new(untried.status(), code, words)
    })
}

/// `GET /api/v1/incidents/{id}`.
pub(super) async fn one(
    State(app): State<AppState>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Json<Detail>, Refusal> {
    reader(&app, &headers)?;
    let incident = app.view.get(&id).ok_or_else(Refusal::unknown)?;
    Ok(Json(Detail::of(&incident, &app.config.load())))
}

/// `POST /api/v1/incidents/{id}/acknowledge` and `/resolve`.
pub(super) async fn act(
    app: AppState,
    id: String,
    deed: PersonAction,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<(StatusCode, Json<Acted>), Refusal> {
    actor(&app, &headers)?;
    let body = body.map_err(|fault| Refusal::new(fault.status(), "bad-body", fault.body_text()))?;
    #[derive(Deserialize)]
    struct By {
        by: String,
    }
    let bad = |why: String| Refusal::new(StatusCode::BAD_REQUEST, "bad-body", why);
    let By { by } =
        serde_json::from_slice(&body).map_err(|fault| bad(format!("send {{\"by\": \"who acts\"}}: {fault}")))?;
    let by = called(&by)?;
    answer(&app, &id, actions::perform(&app, &id, deed, by).await, |done| note(deed, done))
}

/// `POST /api/v1/incidents/{id}/feedback`.
pub(super) async fn tell(
    State(app): State<AppState>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<(StatusCode, Json<Acted>), Refusal> {
    actor(&app, &headers)?;
    let body = body.map_err(|fault| Refusal::new(fault.status(), "bad-body", fault.body_text()))?;
    #[derive(Deserialize)]
    struct Told {
        by: String,
        mention: String,
        class: Class,
    }
    let Told { by, mention, class } = serde_json::from_slice(&body).map_err(|fault| {
        let form = r#"{"by": "who says so", "mention": "its id", "class": "negative, neutral or positive"}"#;
        Refusal::new(StatusCode::BAD_REQUEST, "bad-body", format!("send {form}: {fault}"))
    })?;
    let by = called(&by)?;
    answer(&app, &id, actions::tell(&app, &id, (&mention, class), by).await, |done| match done {
        Done::Now => "written",
        Done::Soon => note(PersonAction::Acknowledge, Done::Soon),
        Done::Before | Done::Over => "that was said before",
    })
}

fn called(by: &str) -> Result<ByWhom, Refusal> {
    let by = name(by).ok_or_else(|| {
        let words = format!("by is a name of 1 to {NAME} characters without control characters");
        Refusal::new(StatusCode::BAD_REQUEST, "bad-body", words)
    })?;
    Ok(ByWhom { by, via: "api".into() })
}

fn answer(
    app: &AppState,
    id: &str,
    came: Result<(Arc<Incident>, Done), ActionError>,
    note: impl Fn(Done) -> &'static str,
) -> Result<(StatusCode, Json<Acted>), Refusal> {
    match came {
        Ok((incident, done)) => {
            let status = if done == Done::Soon { StatusCode::ACCEPTED } else { StatusCode::OK };
            let changed = matches!(done, Done::Now | Done::Soon);
            let incident = Detail::of(&incident, &app.config.load());
            Ok((status, Json(Acted { changed, note: note(done), incident })))
        }
        Err(ActionError::Unknown) => Err(Refusal::unknown()),
        Err(fault @ ActionError::NoMention) => {
            Err(Refusal::new(StatusCode::NOT_FOUND, "no-mention", fault.to_string()))
        }
        Err(fault @ ActionError::Sink(_)) => {
            tracing::warn!(incident = id, %fault, "action not written to the ledger");
            Err(Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "not-written", "the ledger did not accept it, try again"))
        }
    }
}

/// A name to act under: trimmed, of bearable length, on one line.
pub(super) fn name(by: &str) -> Option<String> {
    let by = by.trim();
    let fine = !by.is_empty() && by.chars().count() <= NAME && !by.chars().any(char::is_control);
    fine.then(|| by.to_owned())
}

const fn note(deed: PersonAction, done: Done) -> &'static str {
    match (deed, done) {
        (PersonAction::Acknowledge, Done::Now) => "acknowledged",
        (PersonAction::Resolve, Done::Now) => "resolved",
        (_, Done::Soon) => "written; it will show in a moment",
        (PersonAction::Acknowledge, Done::Before) => "it had been acknowledged before",
        (PersonAction::Resolve, Done::Before) | (_, Done::Over) => "it is over already: nothing was left to do",
    }
}
