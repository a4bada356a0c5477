//! Silences by program: what there is, what one would have muted, making and ending one.

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};

use orszem_core::routing::matcher::Matcher;
use orszem_core::routing::preview::{Preview, Verdict, judge};
use orszem_core::routing::request::Request;
use orszem_core::settings::Span;
use orszem_core::settings::calendar::Moment;
use orszem_records::team::silence::{Silence, Standing};
use orszem_records::time::Timestamp;
use orszem_runtime::clock;

use crate::app::AppState;
use crate::asked::Asked;
use crate::auth::acting::by_token;
use crate::auth::reader::Reader;
use crate::refusal::{Refusal, Refused};
use crate::silences::{self, NotEnded, NotMade};

use super::body;

/// What `GET /api/v1/silences` answers.
#[derive(Serialize)]
pub(crate) struct Listing {
    silences: Vec<Item>,
}

/// A silence.
#[derive(Serialize)]
struct Item {
    id: String,
    #[serde(rename = "match")]
    matcher: String,
    reason: String,
    from: String,
    to: String,
    by: String,
    via: String,
    made_at: String,
    /// It holds drills alone; otherwise what is real alone.
    drill: bool,
    /// `holds`, `waits` or `over`.
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    ended_by: Option<String>,
}

/// What a silence would have muted in the last week.
#[derive(Serialize)]
struct Past {
    /// The incidents that called people.
    incidents: usize,
    /// Of these, those of which nobody would have been told.
    muted: Vec<String>,
    /// Of these, those that it would have muted for a part of their time.
    muted_in_part: Vec<String>,
}

#[derive(Serialize)]
struct Tried {
    #[serde(rename = "match")]
    matcher: String,
    past_week: Past,
    /// `made`, `sure` (it asks for `"sure": true`) or `refused`.
    verdict: &'static str,
}

#[derive(Serialize)]
struct Made {
    id: String,
    past_week: Past,
}

impl Past {
    fn of(preview: &Preview) -> Past {
        let ids = |ids: &[orszem_records::ledger::IncidentId]| ids.iter().map(|id| id.0.clone()).collect();
        Past { incidents: preview.paging, muted: ids(&preview.muted), muted_in_part: ids(&preview.in_part) }
    }
}

impl Item {
    fn of(silence: &Silence, now: Timestamp) -> Item {
        let state = match silence.standing(now) {
            Standing::Holds => "holds",
            Standing::Waits => "waits",
            Standing::Over => "over",
        };
        Item {
            id: silence.id.clone(),
            matcher: silence.terms.matcher.to_string(),
            reason: silence.terms.reason.clone(),
            from: silence.terms.from.to_string(),
            to: silence.over_at().to_string(),
            by: silence.owner.by.clone(),
            via: silence.owner.via.clone(),
            made_at: silence.made_at.to_string(),
            drill: silence.terms.drill,
            state,
            ended_by: silence.terms.ended.as_ref().map(|ended| ended.by.by.clone()),
        }
    }
}

/// `GET /api/v1/silences`.
pub(crate) async fn list(State(app): State<AppState>, _: Reader) -> Json<Listing> {
    let now = clock::now();
    let silences = silences::listed(&app, now);
    Json(Listing { silences: silences.iter().map(|silence| Item::of(silence, now)).collect() })
}

/// What is tried.
#[derive(Deserialize)]
pub(crate) struct Trial {
    r#match: String,
}

/// `GET /api/v1/silences/try?match=`: what it would have muted.
pub(crate) async fn preview(
    State(app): State<AppState>,
    _: Reader,
    trial: Result<Query<Trial>, QueryRejection>,
) -> Response {
    let bad = |message: String| Refusal::new(StatusCode::BAD_REQUEST, "bad-query", message).into_response();
    let Ok(Query(Trial { r#match: text })) = trial else { return bad("send match, as docs/routing.md says".into()) };
    let (written, matcher) = match Matcher::parse(&text) {
        Ok(parsed) => parsed,
        Err(fault) => return bad(fault),
    };
    let past = silences::of_the_past(&app, &matcher);
    let verdict = match judge(&matcher, &app.config.load(), &past) {
        Verdict::Made => "made",
        Verdict::Ask(_) => "sure",
        Verdict::Refused(_) => "refused",
    };
    Json(Tried { matcher: written.to_string(), past_week: Past::of(&past), verdict }).into_response()
}

const FORM: &str =
    r#"{"match": "desk = \"care\"", "reason": "why", "for": "2h", "by": "who acts"} ("from" and "to" take instants)"#;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    r#match: String,
    reason: String,
    from: Option<String>,
    to: Option<String>,
    r#for: Option<Span>,
    by: String,
    #[serde(default)]
    sure: bool,
    #[serde(default)]
    drill: bool,
}

impl Body {
    fn request(&self, now: Timestamp) -> Result<Request, String> {
        let instant = |key: &str, text: &str| match Moment::parse(text) {
            Some(Moment::Instant(at)) => Ok(at),
            _ => Err(format!("\"{key}\": {text:?} is no instant like 2026-03-29T13:30:00Z")),
        };
        let from = self.from.as_deref().map_or(Ok(now), |text| instant("from", text))?;
        let to = match (&self.to, self.r#for) {
            (Some(text), None) => instant("to", text)?,
            (None, Some(span)) => from.max(now).plus(span.millis()),
            _ => return Err("send either \"to\" or \"for\"".to_owned()),
        };
        let (matcher, reason) = (self.r#match.clone(), self.reason.clone());
        Ok(Request { matcher, reason, from, to, drill: self.drill })
    }
}

/// `POST /api/v1/silences`.
pub(crate) async fn make(
    State(app): State<AppState>,
    asked: Asked,
    headers: HeaderMap,
    bytes: Bytes,
) -> Result<Response, Refused> {
    by_token(&app, &asked, &headers)?;
    let body: Body = body::read(&bytes, FORM)?;
    let by = body::by(&body.by)?;
    let request = body.request(clock::now()).map_err(body::bad)?;
    let (id, past) = silences::make(&app, &request, by, body.sure).await.map_err(not_made)?;
    Ok((StatusCode::CREATED, Json(Made { id, past_week: Past::of(&past) })).into_response())
}

fn not_made(fault: NotMade) -> Refused {
    match fault {
        NotMade::Faults(faults) => body::bad(faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")),
        NotMade::Idle(why) => body::bad(why),
        NotMade::Sure(_, past) => {
            let message = format!(
                "it would have muted {} of the {} incidents that called people in the last week; \
                 to make it all the same, send \"sure\": true",
                past.count(),
                past.paging
            );
            Refusal::new(StatusCode::CONFLICT, "sure", message).into_response().into()
        }
        NotMade::Sink(fault) => body::not_written(&fault),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Ending {
    by: String,
}

/// `POST /api/v1/silences/{id}/end`.
pub(crate) async fn end(
    State(app): State<AppState>,
    asked: Asked,
    headers: HeaderMap,
    Path(id): Path<String>,
    bytes: Bytes,
) -> Result<StatusCode, Refused> {
    by_token(&app, &asked, &headers)?;
    let Ending { by } = body::read(&bytes, r#"{"by": "who acts"}"#)?;
    let refused = |status, code, message: &str| Refused::from(Refusal::new(status, code, message).into_response());
    silences::end(&app, &id, body::by(&by)?).await.map_err(|fault| match fault {
        NotEnded::Unknown => refused(StatusCode::NOT_FOUND, "not-found", "there is no such silence"),
        NotEnded::Over => refused(StatusCode::CONFLICT, "over", "it is over already"),
        NotEnded::Sink(fault) => body::not_written(&fault),
    })?;
    Ok(StatusCode::NO_CONTENT)
}
