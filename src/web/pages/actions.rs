//! What the buttons of a page do.

use axum::extract::State;
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};

use crate::actions::{self, ActionError, Done, PersonAction};
use crate::address::percent_encode;
use crate::app::AppState;
use crate::auth::actor::Actor;
use crate::refusal::{no_incident, refuse};

/// `POST /incidents/{id}/{action}`: back to the page, or why the action failed.
pub(crate) async fn act(State(app): State<AppState>, uri: Uri, actor: Actor) -> Response {
    let Actor { incident: id, action, by, link } = actor;
    match actions::perform(&app, &id, &action, by).await {
        Ok((_, done)) => {
            // Who was not the first hears that somebody has it; also where that does not show yet.
            let late = action == PersonAction::Acknowledge && matches!(done, Done::Before | Done::Soon);
            let late = if late { "&late=yes" } else { "" };
            let did = format!("did={}{late}", action.name().as_str());
            let query = [link.query(), did].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("&");
            // Relative to …/incidents/<id>/<action>, so that it holds under any address a proxy gives the site.
            let page = format!("../{}?{query}", percent_encode(&id));
            (StatusCode::SEE_OTHER, [(header::LOCATION, page)]).into_response()
        }
        Err(ActionError::Unknown) => no_incident(&uri),
        Err(ActionError::NoMention) => {
            let text = "The incident no longer shows this mention. Nothing was changed.";
            refuse(&uri, StatusCode::NOT_FOUND, "no-mention", "Mention not found", text)
        }
        Err(ActionError::Enough) => {
            let text = "This link has written as much about the incident as one link may. Nothing was changed. \
                        The operators of orszem can still act with the API.";
            refuse(&uri, StatusCode::TOO_MANY_REQUESTS, "enough", "This link cannot write more", text)
        }
        Err(ActionError::Sink(_)) => {
            let text = "The ledger could not be written. Go back and press the button again. \
                        If it fails again, call a colleague.";
            refuse(&uri, StatusCode::SERVICE_UNAVAILABLE, "not-written", "Your action was not saved", text)
        }
    }
}
