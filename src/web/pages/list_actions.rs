//! What is done from the list: everything that is shown and open, acknowledged at once.

use axum::body::Bytes;
use axum::extract::State as App;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

use orszem_core::settings::Role;
use tokio::task::JoinSet;

use crate::actions::{self, PersonAction};
use crate::app::AppState;
use crate::asked::Asked;
use crate::auth::acting::by_form;
use crate::auth::name::name;
use crate::auth::preferences::keep_name;
use crate::auth::visitor::Visit;
use crate::refusal::refuse;

use super::list::LISTED;

/// `POST /acknowledge`: of somebody who is signed in, and may respond; with a name, where they have none of their own.
pub(crate) async fn acknowledge_all(
    App(app): App<AppState>,
    headers: HeaderMap,
    visit: Visit,
    asked: Asked,
    body: Bytes,
) -> Response {
    let (mut named, mut sign, mut ids) = (None, None, Vec::new());
    for (field, value) in url::form_urlencoded::parse(&body) {
        match &*field {
            "name" => named = name(&value),
            "form" => sign = Some(value.into_owned()),
            "incident" if ids.len() < LISTED => ids.push(value.into_owned()),
            _ => {}
        }
    }
    let visitor = match by_form(&app, &asked, visit, sign.as_deref(), &headers, Role::Responder) {
        Ok(visitor) => visitor,
        Err(refused) => return refused,
    };
    let Some(by) = visitor.by(named.clone()) else {
        return refuse(&asked, StatusCode::BAD_REQUEST, "no-name", "refusal-name", "refusal-name-text");
    };
    let mut acts = JoinSet::new();
    for id in ids {
        let (app, by) = (app.clone(), by.clone());
        acts.spawn(async move { actions::perform(&app, &id, &PersonAction::Acknowledge, by).await });
    }
    // One that is gone, or that somebody has by now, holds up no other.
    let done = acts.join_all().await;
    if done.iter().any(|done| matches!(done, Err(actions::ActionError::Sink(_)))) {
        let (title, text) = ("refusal-not-saved", "refusal-not-saved-text");
        return refuse(&asked, StatusCode::SERVICE_UNAVAILABLE, "not-written", title, text);
    }
    let mut answer = HeaderMap::from_iter([(header::LOCATION, axum::http::HeaderValue::from_static("./"))]);
    let cookie = named.and_then(|named| keep_name(&named, app.is_secure()));
    answer.extend(cookie.map(|cookie| (header::SET_COOKIE, cookie)));
    (StatusCode::SEE_OTHER, answer).into_response()
}
