//! Signing somebody out everywhere, by a program: on the day that they leave.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};

use orszem_records::ledger::ByWhom;
use orszem_records::team::sign_out::SignOut;
use orszem_runtime::clock;

use crate::app::AppState;
use crate::asked::Asked;
use crate::auth::acting::by_token;
use crate::auth::name::name;
use crate::refusal::Refusal;
use crate::team_changes;

/// The longest name of an account, in bytes.
const ACCOUNT: usize = 255;

/// What a program sends.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    who: String,
    by: String,
}

/// The answer.
#[derive(Serialize)]
struct SignedOut {
    who: String,
    until: String,
}

/// `POST /api/v1/sign-outs`: ends all sessions of a person or an account that began by now.
pub(crate) async fn add(State(app): State<AppState>, asked: Asked, headers: HeaderMap, body: Bytes) -> Response {
    if let Err(refused) = by_token(&app, &asked, &headers) {
        return refused;
    }
    let bad = |message: String| Refusal::new(StatusCode::BAD_REQUEST, "bad-body", message).into_response();
    let form = r#"{"who": "name of a [[person]], or an account", "by": "who acts"}"#;
    let Body { who, by } = match serde_json::from_slice(&body) {
        Ok(body) => body,
        Err(fault) => return bad(format!("send {form}: {fault}")),
    };
    let who = who.trim().to_owned();
    let Some(by) = name(&by).filter(|_| !who.is_empty() && who.len() <= ACCOUNT) else {
        return bad(format!("send {form}: both are needed, \"who\" of at most {ACCOUNT} bytes"));
    };
    let until = clock::now();
    let record = SignOut::record(&who, until, ByWhom::new(by, "api"));
    if team_changes::write(&app, record).await.is_err() {
        let message = "it could not be written, try again";
        return Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "not-written", message).into_response();
    }
    Json(SignedOut { who, until: until.to_string() }).into_response()
}
