//! Who may change something for the team: somebody who is signed in, or a program with the token.

use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;

use orszem_core::settings::Role;

use crate::app::AppState;
use crate::asked::Asked;
use crate::refusal::{Refusal, Refused, refuse, unauthorized};

use super::token::Token;
use super::visitor::{Visit, Visitor};

/// Somebody who is signed in, sent a form of our own and has this role. `sign`: what the form carried.
pub(crate) fn by_form(
    app: &AppState,
    asked: &Asked,
    visit: Visit,
    sign: Option<&str>,
    headers: &HeaderMap,
    role: Role,
) -> Result<Visitor, Refused> {
    let refused = |title, text| Refused::from(refuse(asked, StatusCode::FORBIDDEN, "forbidden", title, text));
    let signed = app.has_signed_form(&visit, sign, headers);
    let visitor = visit.visitor().filter(|_| signed);
    let visitor = visitor.ok_or_else(|| refused("refusal-signed-out", "refusal-signed-out-text"))?;
    if visitor.may(role) { Ok(visitor) } else { Err(refused("refusal-role", "refusal-role-text")) }
}

/// Whether a request is one of a program that may act.
pub(crate) fn by_token(app: &AppState, asked: &Asked, headers: &HeaderMap) -> Result<(), Refused> {
    match app.tokens.check(headers) {
        Token::Right => Ok(()),
        Token::NotAsked => {
            let message = "web.api_token is not configured, so the API is read-only";
            Err(Refusal::new(StatusCode::FORBIDDEN, "read-only", message).into_response().into())
        }
        token @ (Token::Wrong | Token::Unreadable) => Err(unauthorized(asked, token, &app.config.load()).into()),
    }
}
