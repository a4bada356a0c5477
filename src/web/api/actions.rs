//! What a program does to an incident in somebody's name.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::actions::{self, ActionError, ActionName, Done};
use crate::app::AppState;
use crate::asked::Asked;
use crate::auth::actor::Actor;
use orszem_core::posting::approval::Refused;
use orszem_records::statement::NotApproved;

use crate::refusal::{Refusal, no_incident};

use super::types::{Acted, Detail};

/// `POST /api/v1/incidents/{id}/{action}`.
pub(crate) async fn act(
    State(app): State<AppState>,
    asked: Asked,
    Actor { incident: id, action, by, .. }: Actor,
) -> Response {
    match actions::perform(&app, &id, &action, by).await {
        Ok((incident, done)) => {
            let status = if done == Done::Soon { StatusCode::ACCEPTED } else { StatusCode::OK };
            let changed = matches!(done, Done::Now | Done::Soon);
            let incident = Detail::of(&incident, &app.config.load());
            (status, Json(Acted { changed, note: note(action.name(), done), incident })).into_response()
        }
        Err(ActionError::Unknown) => no_incident(&asked),
        Err(fault @ ActionError::NoItem) => {
            Refusal::new(StatusCode::NOT_FOUND, "no-item", fault.to_string()).into_response()
        }
        Err(fault @ ActionError::NotApproved { refused, .. }) => {
            let status = match refused {
                Refused::WhoIsIt
                | Refused::NotTheirs
                | Refused::Revision(NotApproved::OwnText | NotApproved::WhoIsIt) => StatusCode::FORBIDDEN,
                Refused::Revision(NotApproved::Unknown) => StatusCode::NOT_FOUND,
                Refused::Revision(NotApproved::Changed | NotApproved::Before) => StatusCode::CONFLICT,
            };
            Refusal::new(status, "not-approved", fault.to_string()).into_response()
        }
        Err(fault @ ActionError::NotToPost) => {
            Refusal::new(StatusCode::CONFLICT, "not-to-post", fault.to_string()).into_response()
        }
        Err(fault @ ActionError::WhoIsIt) => {
            Refusal::new(StatusCode::FORBIDDEN, "unknown-person", fault.to_string()).into_response()
        }
        Err(fault @ ActionError::NoAccount) => {
            Refusal::new(StatusCode::NOT_FOUND, "no-account", fault.to_string()).into_response()
        }
        Err(fault @ ActionError::NoMention) => {
            Refusal::new(StatusCode::NOT_FOUND, "no-mention", fault.to_string()).into_response()
        }
        Err(fault @ ActionError::Enough) => {
            Refusal::new(StatusCode::TOO_MANY_REQUESTS, "enough", fault.to_string()).into_response()
        }
        Err(ActionError::Sink(_)) => {
            let message = "the ledger could not be written, try again";
            Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "not-written", message).into_response()
        }
    }
}

/// The result of an action, in words.
const fn note(action: ActionName, done: Done) -> &'static str {
    match (action, done) {
        (_, Done::Soon) => "recorded; it will show in a moment",
        (ActionName::Acknowledge, Done::Now) => "acknowledged",
        (ActionName::Know, Done::Now) => "known: nobody is called unless it doubles",
        (ActionName::Know, Done::Before) => "this person has said so already",
        (ActionName::TakeOver, Done::Now) => "taken over",
        (ActionName::HandOver, Done::Now) => "handed over",
        (ActionName::Escalate, Done::Now) => "the next step is called",
        (ActionName::Escalate, Done::Before | Done::Over) => "nobody else can be called",
        (ActionName::GiveBack, Done::Now) => "given back: nobody has it",
        (ActionName::Note, _) => "note recorded",
        (ActionName::Tick, Done::Before | Done::Over) => "it stands so already: the incident says by whom",
        (ActionName::Draft, Done::Now) => "written: a second person has to approve it",
        (ActionName::Draft, Done::Before | Done::Over) => "this is what stands there already",
        (ActionName::Approve, _) => "approved: it may be posted",
        (ActionName::Posted, Done::Now) => "recorded as posted",
        (ActionName::Posted, Done::Before | Done::Over) => "recorded before: the incident says by whom",
        (ActionName::LookUp, _) => "recorded; the owner of the account is told",
        (ActionName::Tick | ActionName::Promise, Done::Now) => "recorded",
        (ActionName::Press, Done::Now) => "pressed: `presses` of the incident says what came of it",
        (ActionName::Press, Done::Before | Done::Over) => {
            "somebody pressed it a moment ago, or its request is under way: nothing was sent; `presses` says by whom"
        }
        (ActionName::Promise, Done::Before | Done::Over) => "this is promised for that time already",
        (ActionName::Resolve, Done::Now) => "resolved",
        (ActionName::Undo, Done::Now) => "the closing is taken back",
        (ActionName::Feedback, Done::Now) => "feedback recorded",
        (ActionName::Acknowledge, Done::Before) => "already acknowledged",
        (ActionName::TakeOver | ActionName::HandOver, Done::Before) => "this person has it already",
        (ActionName::GiveBack, Done::Before) => "nobody has it",
        (ActionName::Feedback, Done::Before | Done::Over) => "this feedback was already recorded",
        (ActionName::Undo, Done::Before | Done::Over) => {
            "nothing to take back: it is not closed, or was longer ago than half an hour"
        }
        (ActionName::Resolve, Done::Before) | (_, Done::Over) => "the incident is already over, nothing to do",
    }
}
