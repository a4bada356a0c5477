//! Signing in with the API's token: for the list, until people have accounts.

use axum::Form;
use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use serde::Deserialize;

use orszem_runtime::clock;

use crate::app::AppState;
use crate::asked::Asked;
use crate::auth::session::{Session, is_from_elsewhere};
use crate::auth::token::Token;

use super::layout;

/// What the form sends.
#[derive(Default, Deserialize)]
pub(crate) struct Credentials {
    #[serde(default)]
    token: String,
}

/// `GET /sign-in`.
pub(crate) async fn show(asked: Asked) -> Response {
    layout::response(page(&asked, false)).into_response()
}

/// `POST /sign-in`: to the list, signed in.
pub(crate) async fn enter(
    State(app): State<AppState>,
    asked: Asked,
    headers: HeaderMap,
    form: Result<Form<Credentials>, FormRejection>,
) -> Response {
    let Form(Credentials { token }) = form.unwrap_or_default();
    let right = app.tokens.judge(Some(&token)) == Token::Right && !is_from_elsewhere(&headers);
    let generation = app.tokens.generation().filter(|_| right);
    let Some(generation) = generation else {
        tracing::warn!("somebody tried to sign in with a wrong token");
        return (StatusCode::FORBIDDEN, layout::response(page(&asked, true))).into_response();
    };
    let session = Session::begin(&app.links.signer(), &generation, clock::now());
    (StatusCode::SEE_OTHER, with_cookie(session.keep(app.is_secure()))).into_response()
}

/// What the form of leaving sends.
#[derive(Default, Deserialize)]
pub(crate) struct Leaving {
    form: Option<String>,
}

/// `POST /sign-out`.
pub(crate) async fn leave(
    State(app): State<AppState>,
    headers: HeaderMap,
    form: Result<Form<Leaving>, FormRejection>,
) -> Response {
    let Form(Leaving { form }) = form.unwrap_or_default();
    let cookie = app.has_signed_form(form.as_deref(), &headers).then(|| Session::end(app.is_secure())).flatten();
    (StatusCode::SEE_OTHER, with_cookie(cookie)).into_response()
}

/// Back to the list.
fn with_cookie(cookie: Option<axum::http::HeaderValue>) -> HeaderMap {
    let mut headers = HeaderMap::from_iter([(header::LOCATION, axum::http::HeaderValue::from_static("./"))]);
    headers.extend(cookie.map(|cookie| (header::SET_COOKIE, cookie)));
    headers
}

/// The page with the field; `wrong`: a token was given that is not the one.
pub(crate) fn page(asked: &Asked, wrong: bool) -> Markup {
    let words = &asked.words;
    let root = layout::root(asked.uri.path());
    let title = words.say("sign-in");
    let main = html! {
        h1 { (title) }
        p { (words.say("sign-in-why")) }
        form.try method="post" action={ (root) "sign-in" } {
            label for="token" { (words.say("sign-in-token")) }
            input #token type="password" name="token" required autocomplete="current-password" maxlength="512"
                aria-describedby="token-help" aria-invalid=[wrong.then_some("true")];
            p.quiet #token-help { (words.say("sign-in-token-help")) }
            @if wrong { p.warning role="alert" { (words.say("sign-in-wrong")) } }
            button.primary type="submit" { (words.say("sign-in-do")) }
        }
    };
    layout::shut(asked, &title, &main)
}
