//! Refusals: JSON for programs (addresses under `/api/`), a page for people.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::auth::token::Token;
use crate::pages::layout;

/// A refusal as JSON: its status, a stable code, and a message.
#[derive(Debug)]
pub(crate) struct Refusal(StatusCode, &'static str, String);

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
    /// A refusal with this message.
    pub(crate) fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Refusal {
        Refusal(status, code, message.into())
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let Refusal(status, code, message) = self;
        (status, Json(Fault { error: Error { code, message: &message } })).into_response()
    }
}

/// Whether a program asks: it gets JSON, and no link lets it in.
pub(crate) fn is_api(uri: &Uri) -> bool {
    uri.path().starts_with("/api/")
}

/// A refusal in the form that the client reads: JSON or a page.
pub(crate) fn refuse(uri: &Uri, status: StatusCode, code: &'static str, title: &str, text: &str) -> Response {
    if is_api(uri) {
        return Refusal::new(status, code, format!("{title}: {text}")).into_response();
    }
    (status, layout::response(layout::message(&layout::root(uri.path()), title, text))).into_response()
}

/// 404: the address is of nothing.
pub(crate) fn not_found(uri: &Uri) -> Response {
    refuse(uri, StatusCode::NOT_FOUND, "not-found", "Page not found", "The address may have been cut short.")
}

/// 405.
pub(crate) fn method_not_allowed(uri: &Uri) -> Response {
    let text = "Open the incident and use its buttons.";
    refuse(uri, StatusCode::METHOD_NOT_ALLOWED, "method", "Method not allowed", text)
}

/// 404: no incident has this id.
pub(crate) fn no_incident(uri: &Uri) -> Response {
    if is_api(uri) {
        let message = "no such incident, or it ended too long ago to be kept";
        return Refusal::new(StatusCode::NOT_FOUND, "not-found", message).into_response();
    }
    let text = "The address may have been cut short, or the incident ended so long ago that it is no longer kept.";
    refuse(uri, StatusCode::NOT_FOUND, "not-found", "Incident not found", text)
}

/// 401, or 503 where nobody can be let in: somebody with this token may not read.
pub(crate) fn unauthorized(uri: &Uri, token: Token) -> Response {
    let unreadable = token == Token::Unreadable;
    let (status, code) = match unreadable {
        true => (StatusCode::SERVICE_UNAVAILABLE, "no-token"),
        false => (StatusCode::UNAUTHORIZED, "unauthorized"),
    };
    let mut answer = match (is_api(uri), unreadable) {
        (true, true) => Refusal::new(status, code, "web.api_token is configured but cannot be read").into_response(),
        (true, false) => Refusal::new(status, code, "send Authorization: Bearer <web.api_token>").into_response(),
        (false, true) => {
            let text = "The access token is configured but cannot be read. The log of the program says why.";
            refuse(uri, status, code, "This page is unavailable", text)
        }
        (false, false) => {
            let text = "Open an incident with the link in the message that you received.";
            refuse(uri, status, code, "You cannot open this page without a link or a token", text)
        }
    };
    if status == StatusCode::UNAUTHORIZED {
        answer.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    answer
}
