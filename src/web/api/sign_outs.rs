//! Signing somebody out everywhere, by a program: on the day that they leave.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use serde::{Deserialize, Serialize};

use orszem_records::team::sign_out::SignOut;
use orszem_runtime::clock;

use crate::app::AppState;
use crate::asked::Asked;
use crate::auth::acting::by_token;
use crate::refusal::Refused;
use crate::team_changes;

use super::body;

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
pub(crate) struct SignedOut {
    who: String,
    until: String,
}

/// `POST /api/v1/sign-outs`: ends all sessions of a person or an account that began by now.
pub(crate) async fn add(
    State(app): State<AppState>,
    asked: Asked,
    headers: HeaderMap,
    bytes: Bytes,
) -> Result<Json<SignedOut>, Refused> {
    by_token(&app, &asked, &headers)?;
    let form = r#"{"who": "name of a [[person]], or an account", "by": "who acts"}"#;
    let Body { who, by } = body::read(&bytes, form)?;
    let who = who.trim().to_owned();
    if who.is_empty() || who.len() > ACCOUNT {
        return Err(body::bad(format!("send {form}: both are needed, \"who\" of at most {ACCOUNT} bytes")));
    }
    let until = clock::now();
    let record = SignOut::record(&who, until, body::by(&by)?);
    team_changes::write(&app, record).await.map_err(|fault| body::not_written(&fault))?;
    Ok(Json(SignedOut { who, until: until.to_string() }))
}
