//! What the buttons of a page do.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

use orszem_core::posting::approval::Refused;
use orszem_records::statement::NotApproved;

use crate::actions::{self, ActionError, ActionName, Done};
use crate::address::percent_encode;
use crate::app::AppState;
use crate::asked::Asked;
use crate::auth::actor::Actor;
use crate::auth::preferences::keep_name;
use crate::refusal::{no_incident, refuse};

/// Why an approval was refused, as the address of the page says it.
const fn refused_name(refused: Refused) -> &'static str {
    match refused {
        Refused::WhoIsIt => "who",
        Refused::NotTheirs => "not-yours",
        Refused::Revision(NotApproved::WhoIsIt) => "whose-text",
        Refused::Revision(NotApproved::OwnText) => "own-text",
        Refused::Revision(NotApproved::Changed) => "changed",
        Refused::Revision(NotApproved::Unknown) => "unknown",
        Refused::Revision(NotApproved::Before) => "before",
    }
}

/// `POST /incidents/{id}/{action}`: back to the page, or why the action failed.
pub(crate) async fn act(State(app): State<AppState>, asked: Asked, actor: Actor) -> Response {
    let Actor { incident: id, action, by, link, named } = actor;
    let refuse = |status, code, title: &str, text: &str| refuse(&asked, status, code, title, text);
    match actions::perform(&app, &id, &action, by).await {
        Ok((_, done)) => {
            // Who was not the first hears that somebody has it; also where that does not show yet.
            let late = match action.name() {
                ActionName::Acknowledge => matches!(done, Done::Before | Done::Soon),
                ActionName::Press => done == Done::Before,
                _ => false,
            };
            let late = if late { "&late=yes" } else { "" };
            // Nobody is asked or told of what was not written.
            let is_idle = matches!(done, Done::Before | Done::Over)
                && matches!(action.name(), ActionName::Draft | ActionName::LookUp);
            let did = if is_idle { String::new() } else { format!("did={}{late}", action.name().as_str()) };
            let query = [link.query(), did].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("&");
            // Relative to …/incidents/<id>/<action>, so that it holds under any address a proxy gives the site.
            let page = format!("../{}?{query}", percent_encode(&id));
            let mut headers: HeaderMap = page.parse().into_iter().map(|page| (header::LOCATION, page)).collect();
            let cookie = named.and_then(|name| keep_name(&name, app.is_secure()));
            headers.extend(cookie.map(|cookie| (header::SET_COOKIE, cookie)));
            (StatusCode::SEE_OTHER, headers).into_response()
        }
        Err(ActionError::Unknown) => no_incident(&asked),
        Err(ActionError::NoItem) => refuse(StatusCode::NOT_FOUND, "no-item", "refusal-no-item", "refusal-no-item-text"),
        // The page shows why, and what was changed.
        Err(ActionError::NotApproved { refused, revision }) => {
            let did = format!("refused={}&read={revision}", refused_name(refused));
            let query = [link.query(), did].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("&");
            let page = format!("../{}?{query}#statement", percent_encode(&id));
            (StatusCode::SEE_OTHER, [(header::LOCATION, page)]).into_response()
        }
        Err(ActionError::NotToPost) => {
            refuse(StatusCode::CONFLICT, "not-to-post", "refusal-not-to-post", "refusal-not-to-post-text")
        }
        Err(ActionError::WhoIsIt) => refuse(StatusCode::FORBIDDEN, "unknown-person", "refusal-who", "refusal-who-text"),
        Err(ActionError::NoAccount) => {
            refuse(StatusCode::NOT_FOUND, "no-account", "refusal-no-account", "refusal-no-account-text")
        }
        Err(ActionError::NoMention) => {
            refuse(StatusCode::NOT_FOUND, "no-mention", "refusal-no-mention", "refusal-no-mention-text")
        }
        Err(ActionError::Enough) => {
            refuse(StatusCode::TOO_MANY_REQUESTS, "enough", "refusal-enough", "refusal-enough-text")
        }
        Err(ActionError::Sink(_)) => {
            refuse(StatusCode::SERVICE_UNAVAILABLE, "not-written", "refusal-not-saved", "refusal-not-saved-text")
        }
    }
}
