//! Signing in at the provider of identities: on the way there, and back.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use orszem_runtime::clock;

use crate::address::way_back;
use crate::app::AppState;
use crate::asked::Asked;
use crate::auth::metrics::{Outcome, signed_in};
use crate::auth::oidc::SignInError;
use crate::auth::oidc::attempt::Attempt;
use crate::auth::session::{Account, Session};
use crate::refusal::not_found;

use super::layout;
use super::sign_in::page;

/// Where somebody came from.
#[derive(Default, Deserialize)]
pub(crate) struct From {
    #[serde(default)]
    back: String,
}

/// `GET /sign-in/oidc`: to the provider.
pub(crate) async fn leave(
    State(app): State<AppState>,
    asked: Asked,
    from: Result<Query<From>, QueryRejection>,
) -> Response {
    let config = app.config.load();
    let Some(settings) = &config.sign_in.oidc else { return not_found(&asked) };
    let Query(From { back }) = from.unwrap_or_default();
    let attempt = Attempt::begin(way_back(&back), clock::now());
    let address = app.signing_in.provider.address(settings, &config.web.public_url, &attempt).await;
    let address = match address
        .and_then(|address| HeaderValue::try_from(address).map_err(|_| SignInError::Away("its address is none".into())))
    {
        Ok(address) => address,
        Err(fault) => return failed(&app, &asked, &fault, way_back(&back)),
    };
    let kept = attempt.keep(app.is_secure(), &app.links.signer());
    let mut headers = HeaderMap::from_iter([(header::LOCATION, address)]);
    headers.extend(kept.map(|kept| (header::SET_COOKIE, kept)));
    (StatusCode::SEE_OTHER, headers).into_response()
}

/// What somebody comes back with.
#[derive(Default, Deserialize)]
pub(crate) struct Answer {
    state: Option<String>,
    code: Option<String>,
    /// Who says so, where the provider tells (RFC 9207).
    iss: Option<String>,
    error: Option<String>,
}

/// `GET /sign-in/oidc/back`: from the provider, to the page that they wanted to see.
pub(crate) async fn come_back(
    State(app): State<AppState>,
    asked: Asked,
    headers: HeaderMap,
    answer: Result<Query<Answer>, QueryRejection>,
) -> Response {
    let Query(answer) = answer.unwrap_or_default();
    let attempt = Attempt::of(&headers, app.is_secure(), &app.links.signer(), clock::now());
    let back = attempt.as_ref().map(|attempt| attempt.back.clone()).unwrap_or_default();
    let mut reply = match session(&app, attempt, answer).await {
        Ok(Some(kept)) => {
            signed_in("oidc", Outcome::In);
            let to = HeaderValue::try_from(format!("../../{back}")).unwrap_or(HeaderValue::from_static("../../"));
            let headers = HeaderMap::from_iter([(header::LOCATION, to), (header::SET_COOKIE, kept)]);
            (StatusCode::SEE_OTHER, headers).into_response()
        }
        Ok(None) => return not_found(&asked),
        Err(fault) => failed(&app, &asked, &fault, &back),
    };
    // An attempt is good for one answer, right or wrong.
    let ended = Attempt::end(app.is_secure());
    reply.headers_mut().extend(ended.map(|ended| (header::SET_COOKIE, ended)));
    reply
}

/// The cookie of a session that begins; `None` where nobody signs in this way.
async fn session(app: &AppState, attempt: Option<Attempt>, answer: Answer) -> Result<Option<HeaderValue>, SignInError> {
    let config = app.config.load();
    let Some(settings) = &config.sign_in.oidc else { return Ok(None) };
    let refused = |why: &str| SignInError::Refused(why.to_owned());
    let attempt = attempt.ok_or_else(|| refused("this browser began no sign-in, or too long ago"))?;
    if !answer.state.is_some_and(|state| attempt.is_answered_by(&state)) {
        return Err(refused("the state is that of another sign-in"));
    }
    if answer.iss.is_some_and(|issuer| issuer != settings.issuer) {
        return Err(refused("the answer is that of another provider"));
    }
    if let Some(error) = answer.error {
        let error: String = orszem_text::sanitize::line(&error).chars().take(60).collect();
        return Err(refused(&format!("the provider says {error:?}")));
    }
    let code = answer.code.ok_or_else(|| refused("there is no code"))?;
    let now = clock::now();
    let public = &config.web.public_url;
    let identity = app.signing_in.provider.identity(settings, public, &attempt, code, now).await?;
    let role = config.sign_in.roles.of(identity.groups.iter().map(String::as_str));
    tracing::info!(account = identity.account, ?role, "somebody signed in at the provider of identities");
    let called = identity.called.and_then(|called| crate::auth::name::name(&called));
    let account = Account { id: identity.account, called, role };
    let session = Session::begin(Some(account), now);
    Ok(session.keep(app.is_secure(), &app.links.signer(), &app.generations()))
}

/// The page of signing in, with what happened.
fn failed(app: &AppState, asked: &Asked, fault: &SignInError, back: &str) -> Response {
    tracing::warn!(%fault, "nobody was signed in by the provider of identities");
    let (status, outcome, text) = match fault {
        SignInError::Away(_) => (StatusCode::SERVICE_UNAVAILABLE, Outcome::Away, "sign-in-away"),
        SignInError::Refused(_) => (StatusCode::FORBIDDEN, Outcome::Refused, "sign-in-failed"),
    };
    signed_in("oidc", outcome);
    (status, layout::response(page(asked, &app.config.load(), Some(text), back))).into_response()
}
