//! The JSON that a program sends.

use axum::http::StatusCode;
use axum::response::IntoResponse;
use serde::de::DeserializeOwned;

use orszem_records::ledger::ByWhom;

use crate::auth::name::name;
use crate::ports::SinkError;
use crate::refusal::{Refusal, Refused};

/// Reads a body; `form` is how it is to look.
pub(crate) fn read<T: DeserializeOwned>(body: &[u8], form: &str) -> Result<T, Refused> {
    serde_json::from_slice(body).map_err(|fault| bad(format!("send {form}: {fault}")))
}

/// In whose name a program acts.
pub(crate) fn by(named: &str) -> Result<ByWhom, Refused> {
    let by = name(named).ok_or_else(|| bad(r#""by": who acts, of at most 100 characters"#.to_owned()))?;
    Ok(ByWhom::new(by, "api"))
}

/// 400: something is wrong with the body.
pub(crate) fn bad(message: String) -> Refused {
    Refusal::new(StatusCode::BAD_REQUEST, "bad-body", message).into_response().into()
}

/// 503: Kafka did not take it.
pub(crate) fn not_written(_: &SinkError) -> Refused {
    let message = "it could not be written, try again";
    Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "not-written", message).into_response().into()
}
