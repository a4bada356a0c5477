//! What is done from the list: everything that is shown and open, acknowledged at once.

use axum::body::Bytes;
use axum::extract::State as App;
use axum::http::HeaderMap;
use axum::response::Response;
use tokio::task::JoinSet;

use crate::actions::{self, PersonAction};
use crate::app::AppState;
use crate::asked::Asked;
use crate::auth::name::name;
use crate::auth::visitor::Visit;
use crate::refusal::Refused;

use super::list::LISTED;
use super::team_form;

/// `POST /acknowledge`: of somebody who is signed in, and may respond; with a name, where they have none of their own.
pub(crate) async fn acknowledge_all(
    App(app): App<AppState>,
    headers: HeaderMap,
    visit: Visit,
    asked: Asked,
    body: Bytes,
) -> Result<Response, Refused> {
    let (mut named, mut sign, mut ids) = (None, None, Vec::new());
    for (field, value) in url::form_urlencoded::parse(&body) {
        match &*field {
            "name" => named = name(&value),
            "form" => sign = Some(value.into_owned()),
            "incident" if ids.len() < LISTED => ids.push(value.into_owned()),
            _ => {}
        }
    }
    let (_, by) = team_form::acts(&app, &asked, visit, (sign.as_deref(), named.as_deref()), &headers)?;
    let mut acts = JoinSet::new();
    for id in ids {
        let (app, by) = (app.clone(), by.clone());
        acts.spawn(async move { actions::perform(&app, &id, &PersonAction::Acknowledge, by).await });
    }
    // One that is gone, or that somebody has by now, holds up no other.
    let done = acts.join_all().await;
    if done.iter().any(|done| matches!(done, Err(actions::ActionError::Sink(_)))) {
        return Err(team_form::not_saved(&asked));
    }
    Ok(team_form::back("./", named.as_deref(), &app))
}
