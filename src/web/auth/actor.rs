//! Who acts on an incident, and what they do.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use orszem_records::class::Class;
use orszem_records::height::Height;
use orszem_records::ledger::ByWhom;
use orszem_records::time::Timestamp;
use orszem_runtime::clock;

use crate::actions::{ActionName, PersonAction};
use crate::app::AppState;
use crate::limits::LINK;
use crate::refusal::{Refusal, is_api, not_found, refuse, unauthorized};

use super::link::LinkError;
use super::link_check::{LinkCheck, LinkParams};
use super::token::Token;

/// The longest name a client can act under, in characters.
const NAME: usize = 100;

/// The incident and the action that an address names.
#[derive(Debug)]
pub(crate) struct ActionPath {
    pub incident: String,
    pub action: ActionName,
}

impl FromRequestParts<AppState> for ActionPath {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<ActionPath, Response> {
        let path = Path::<(String, String)>::from_request_parts(parts, app).await;
        let Path((incident, action)) = path.map_err(IntoResponse::into_response)?;
        let action = ActionName::parse(&action).ok_or_else(|| not_found(&parts.uri))?;
        Ok(ActionPath { incident, action })
    }
}

/// Somebody who may act on an incident, and what they do: by the API with its token, by a page with a signed link.
#[derive(Debug)]
pub(crate) struct Actor {
    pub incident: String,
    pub action: PersonAction,
    /// In whose name it is written to the ledger.
    pub by: ByWhom,
    /// The link of a page's form, to go back to the page with.
    pub link: LinkParams,
}

impl FromRequest<AppState> for Actor {
    type Rejection = Response;

    async fn from_request(request: Request, app: &AppState) -> Result<Actor, Response> {
        let (mut parts, body) = request.into_parts();
        let path = ActionPath::from_request_parts(&mut parts, app).await?;
        let (uri, headers) = (parts.uri.clone(), parts.headers.clone());
        let request = Request::from_parts(parts, body);
        match is_api(&uri) {
            true => by_api(request, app, path, &uri, &headers).await,
            false => by_page(request, app, path, &uri, &headers).await,
        }
    }
}

/// What a page's form sends: a link, or, with the API's token, a name.
#[derive(Debug, Default, Deserialize)]
struct Form {
    #[serde(flatten)]
    link: LinkParams,
    by: Option<String>,
    mention: Option<String>,
    class: Option<Class>,
    /// What the page showed when "It is over" was pressed, as [`seen_field`] writes it.
    seen: Option<String>,
}

/// The height of an incident as a form carries it, so that closing it closes what the page showed.
pub(crate) fn seen_field(height: &Height) -> String {
    let counted = if height.negatives { "negatives" } else { "mentions" };
    format!("{} {} {counted} {}", height.count, height.window_s, height.until.0)
}

/// Reads what [`seen_field`] wrote.
fn seen(field: &str) -> Option<Height> {
    let mut parts = field.split(' ');
    let (count, window_s) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    let negatives = match parts.next()? {
        "negatives" => true,
        "mentions" => false,
        _ => return None,
    };
    Some(Height { count, window_s, negatives, until: Timestamp(parts.next()?.parse().ok()?) })
}

async fn by_page(
    request: Request,
    app: &AppState,
    path: ActionPath,
    uri: &Uri,
    headers: &HeaderMap,
) -> Result<Actor, Response> {
    let ActionPath { incident, action } = path;
    let form = match axum::Form::<Form>::from_request(request, app).await {
        Ok(axum::Form(form)) => form,
        Err(fault) if fault.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            return Err(refuse(uri, fault.status(), "too-large", "The form is too large", "Nothing was changed."));
        }
        // One that cannot be read is like one without a link.
        Err(_) => Form::default(),
    };
    let by = holder(app, &incident, &form, headers)
        .map_err(|(title, text)| refuse(uri, StatusCode::FORBIDDEN, "forbidden", title, text))?;
    let action = match (action, form.mention, form.class) {
        (ActionName::Acknowledge, ..) => PersonAction::Acknowledge,
        (ActionName::Resolve, ..) => PersonAction::Resolve { seen: form.seen.as_deref().and_then(seen) },
        (ActionName::Feedback, Some(mention), Some(class)) => PersonAction::Feedback { mention, class },
        (ActionName::Feedback, ..) => {
            let text = "It needs a mention and its class. Nothing was changed.";
            return Err(refuse(uri, StatusCode::BAD_REQUEST, "bad-form", "The form is incomplete", text));
        }
    };
    Ok(Actor { incident, action, by, link: form.link })
}

/// In whose name a form acts: the API's client where its token is right, else the bearer of the link.
fn holder(
    app: &AppState,
    incident: &str,
    form: &Form,
    headers: &HeaderMap,
) -> Result<ByWhom, (&'static str, &'static str)> {
    if headers.contains_key(header::AUTHORIZATION) && app.tokens.check(headers) == Token::Right {
        let by = form.by.as_deref().and_then(name).unwrap_or_else(|| "api".into());
        return Ok(ByWhom::new(by, "api"));
    }
    match form.link.check(&app.links.signer(), incident, clock::now()) {
        LinkCheck::May(bearer) => Ok(ByWhom::new(bearer.0, LINK)),
        LinkCheck::MayNot(LinkError::Expired) => {
            Err(("This link has expired", "Nothing was changed. A newer message about the incident has a newer link."))
        }
        LinkCheck::MayNot(LinkError::Forged) | LinkCheck::None => Err((
            "This link is not valid",
            "Nothing was changed. Open the incident from the message that you received.",
        )),
    }
}

async fn by_api(
    request: Request,
    app: &AppState,
    path: ActionPath,
    uri: &Uri,
    headers: &HeaderMap,
) -> Result<Actor, Response> {
    let ActionPath { incident, action } = path;
    // Read before the token is looked at: a client that is still sending its body does not read a refusal.
    let body = Bytes::from_request(request, app).await;
    match app.tokens.check(headers) {
        Token::Right => {}
        Token::NotAsked => {
            let message =
                "web.api_token is not configured, so the API is read-only; people act with the links in their messages";
            return Err(Refusal::new(StatusCode::FORBIDDEN, "read-only", message).into_response());
        }
        token @ (Token::Wrong | Token::Unreadable) => return Err(unauthorized(uri, token)),
    }
    let body = body.map_err(|fault| Refusal::new(fault.status(), "bad-body", fault.body_text()).into_response())?;
    let (action, by) = sent(action, &body).map_err(IntoResponse::into_response)?;
    Ok(Actor { incident, action, by, link: LinkParams::default() })
}

/// What the body of an API request does, and in whose name.
fn sent(action: ActionName, body: &[u8]) -> Result<(PersonAction, ByWhom), Refusal> {
    #[derive(Deserialize)]
    struct By {
        by: String,
    }
    #[derive(Deserialize)]
    struct Feedback {
        by: String,
        mention: String,
        class: Class,
    }
    let bad = |message: String| Refusal::new(StatusCode::BAD_REQUEST, "bad-body", message);
    let form = match action {
        ActionName::Acknowledge | ActionName::Resolve => r#"{"by": "who acts"}"#,
        ActionName::Feedback => r#"{"by": "who acts", "mention": "its id", "class": "negative, neutral or positive"}"#,
    };
    let misread = |fault: serde_json::Error| bad(format!("send {form}: {fault}"));
    let (action, by) = match action {
        ActionName::Acknowledge => (PersonAction::Acknowledge, serde_json::from_slice::<By>(body).map_err(misread)?.by),
        ActionName::Resolve => {
            (PersonAction::Resolve { seen: None }, serde_json::from_slice::<By>(body).map_err(misread)?.by)
        }
        ActionName::Feedback => {
            let Feedback { by, mention, class } = serde_json::from_slice(body).map_err(misread)?;
            (PersonAction::Feedback { mention, class }, by)
        }
    };
    let by = name(&by).ok_or_else(|| bad(format!("by must be 1 to {NAME} characters, without control characters")))?;
    Ok((action, ByWhom::new(by, "api")))
}

/// A name to act under: trimmed, not too long, on one line.
fn name(by: &str) -> Option<String> {
    let by = by.trim();
    let fine = !by.is_empty() && by.chars().count() <= NAME && !by.chars().any(char::is_control);
    fine.then(|| by.to_owned())
}

#[cfg(test)]
#[path = "actor_tests.rs"]
mod tests;
