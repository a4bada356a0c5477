//! Signing in with the API's token, and signing out.

use axum::Form;
use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use orszem_runtime::clock;

use crate::app::AppState;
use crate::asked::Asked;
use crate::auth::metrics::{Outcome, signed_in};
use crate::auth::session::Session;
use crate::auth::token::Token;
use crate::auth::visitor::Visit;

use super::layout;
use super::sign_in::page;

/// What the form sends.
#[derive(Default, Deserialize)]
pub(crate) struct Credentials {
    #[serde(default)]
    token: String,
}

/// `GET /sign-in`.
pub(crate) async fn show(State(app): State<AppState>, asked: Asked) -> Response {
    layout::response(page(&asked, &app.config.load(), None, "")).into_response()
}

/// `POST /sign-in`: to the list, signed in.
pub(crate) async fn enter(
    State(app): State<AppState>,
    asked: Asked,
    headers: HeaderMap,
    form: Result<Form<Credentials>, FormRejection>,
) -> Response {
    let Form(Credentials { token }) = form.unwrap_or_default();
    let right = app.tokens.judge(Some(&token)) == Token::Right && !app.is_from_elsewhere(&headers);
    let session = Session::begin(None, clock::now());
    let cookie = right.then(|| session.keep(app.is_secure(), &app.links.signer(), &app.generations())).flatten();
    if cookie.is_none() {
        signed_in("token", Outcome::Refused);
        tracing::warn!("somebody tried to sign in with a wrong token");
        let page = page(&asked, &app.config.load(), Some("sign-in-wrong"), "");
        return (StatusCode::FORBIDDEN, layout::response(page)).into_response();
    }
    signed_in("token", Outcome::In);
    (StatusCode::SEE_OTHER, with_cookie(cookie)).into_response()
}

/// What the form of leaving sends.
#[derive(Default, Deserialize)]
pub(crate) struct Leaving {
    form: Option<String>,
}

/// `POST /sign-out`.
pub(crate) async fn leave(
    State(app): State<AppState>,
    visit: Visit,
    headers: HeaderMap,
    form: Result<Form<Leaving>, FormRejection>,
) -> Response {
    let Form(Leaving { form }) = form.unwrap_or_default();
    let signed = app.has_signed_form(&visit, form.as_deref(), &headers);
    let cookie = signed.then(|| Session::end(app.is_secure())).flatten();
    (StatusCode::SEE_OTHER, with_cookie(cookie)).into_response()
}

/// Back to the list.
fn with_cookie(cookie: Option<HeaderValue>) -> HeaderMap {
    let mut headers = HeaderMap::from_iter([(header::LOCATION, HeaderValue::from_static("./"))]);
    headers.extend(cookie.map(|cookie| (header::SET_COOKIE, cookie)));
    headers
}
