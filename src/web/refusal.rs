//! Refusals: JSON for programs (addresses under `/api/`), a page for people.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use orszem_core::settings::Config;

use crate::asked::Asked;
use crate::auth::token::Token;
use crate::pages::{layout, sign_in};

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

/// An answer that ends a request early: what a handler returns as its error.
#[derive(Debug)]
pub(crate) struct Refused(Box<Response>);

impl From<Response> for Refused {
    fn from(answer: Response) -> Refused {
        Refused(Box::new(answer))
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        *self.0
    }
}

/// A refusal in the form that the client reads, JSON or a page: `title` and `text` are texts of the catalogue.
pub(crate) fn refuse(asked: &Asked, status: StatusCode, code: &'static str, title: &str, text: &str) -> Response {
    let (title, text) = (asked.words.say(title), asked.words.say(text));
    if asked.is_api() {
        return Refusal::new(status, code, format!("{title}: {text}")).into_response();
    }
    (status, layout::response(layout::message(asked, &title, &text))).into_response()
}

/// 404: the address is of nothing.
pub(crate) fn not_found(asked: &Asked) -> Response {
    refuse(asked, StatusCode::NOT_FOUND, "not-found", "refusal-not-found", "refusal-not-found-text")
}

/// 405.
pub(crate) fn method_not_allowed(asked: &Asked) -> Response {
    refuse(asked, StatusCode::METHOD_NOT_ALLOWED, "method", "refusal-method", "refusal-method-text")
}

/// 404: no incident has this id.
pub(crate) fn no_incident(asked: &Asked) -> Response {
    if asked.is_api() {
        let message = "no such incident, or it ended too long ago to be kept";
        return Refusal::new(StatusCode::NOT_FOUND, "not-found", message).into_response();
    }
    refuse(asked, StatusCode::NOT_FOUND, "not-found", "refusal-no-incident", "refusal-no-incident-text")
}

/// 403: somebody is signed in with an account that has no role.
pub(crate) fn no_role(asked: &Asked, account: &str) -> Response {
    let title = asked.words.say("refusal-no-role");
    let account = orszem_text::sanitize::line(account);
    let text = asked.words.with("refusal-no-role-text", [("account", account.into())]);
    (StatusCode::FORBIDDEN, layout::response(layout::message(asked, &title, &text))).into_response()
}

/// 401, or 503 where nobody can be let in: somebody with this token may not read. People get the ways to sign in.
pub(crate) fn unauthorized(asked: &Asked, token: Token, config: &Config) -> Response {
    let unreadable = token == Token::Unreadable;
    let (status, code) = match unreadable {
        true => (StatusCode::SERVICE_UNAVAILABLE, "no-token"),
        false => (StatusCode::UNAUTHORIZED, "unauthorized"),
    };
    let mut answer = match (asked.is_api(), unreadable) {
        (true, true) => Refusal::new(status, code, "web.api_token is configured but cannot be read").into_response(),
        (true, false) => Refusal::new(status, code, "send Authorization: Bearer <web.api_token>").into_response(),
        (false, true) => refuse(asked, status, code, "refusal-unavailable", "refusal-unavailable-text"),
        (false, false) => {
            (status, layout::response(sign_in::page(asked, config, None, &sign_in::way_back(&asked.uri))))
                .into_response()
        }
    };
    if status == StatusCode::UNAUTHORIZED {
        answer.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    answer
}
