//! Overrides and swaps by program: what there is, making one, taking an offer, taking one back.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};

use orszem_core::oncall::request::{Request, What};
use orszem_core::oncall::{Doubt, Made, Roster};
use orszem_core::settings::Config;
use orszem_records::team::{Change, Kind, Record};
use orszem_runtime::clock;

use crate::app::AppState;
use crate::asked::Asked;
use crate::auth::acting::by_token;
use crate::auth::reader::Reader;
use crate::oncall::{self, NotChanged};
use crate::refusal::{Refusal, Refused};

use super::body;
use super::oncall::Span;

#[derive(Serialize)]
struct Overrides {
    overrides: Vec<Item>,
}

/// An override or an offer.
#[derive(Serialize)]
struct Item {
    id: String,
    rotation: String,
    kind: &'static str,
    people: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    instead_of: Vec<String>,
    #[serde(flatten)]
    span: Span,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    by: String,
    made_at: String,
    /// Who has the offer.
    #[serde(skip_serializing_if = "Option::is_none")]
    taken_by: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cancelled_by: Option<String>,
}

impl Item {
    fn of(made: &Made<'_>) -> Item {
        let none = Vec::new;
        let (kind, people, instead_of, reason) = match &made.record.change {
            Change::Override(over) => match over.kind.clone() {
                Kind::Add { people } => ("add", people, none(), over.reason.clone()),
                Kind::Replace { people, instead_of } => ("replace", people, instead_of, over.reason.clone()),
                Kind::Remove { people } => ("remove", people, none(), over.reason.clone()),
                Kind::Roster { .. } => ("roster", made.people().into_iter().map(str::to_owned).collect(), none(), None),
            },
            Change::SwapOffered(offer) => ("offer", vec![offer.person.clone()], none(), None),
            _ => ("", none(), none(), None),
        };
        let taken_by = made.taken.and_then(|record| match &record.change {
            Change::SwapTaken(taken) => Some(taken.person.clone()),
            _ => None,
        });
        let (from, to) = made.span();
        Item {
            id: made.record.id.clone(),
            rotation: made.rotation().to_owned(),
            kind,
            people,
            instead_of,
            span: Span::of(from, to),
            reason,
            by: made.record.by.by.clone(),
            made_at: made.record.at.to_string(),
            taken_by,
            cancelled_by: made.cancelled.map(|record| record.by.by.clone()),
        }
    }
}

/// `GET /api/v1/overrides`: what people made and is not over.
pub(crate) async fn overrides(State(app): State<AppState>, _: Reader) -> Response {
    let (roster, now) = (oncall::roster(&app), clock::now());
    let standing = roster.made().iter().filter(|made| made.span().1 > now).map(Item::of).collect();
    Json(Overrides { overrides: standing }).into_response()
}

const FORM: &str = r#"{"rotation": "press", "kind": "replace", "people": ["bela"], "instead_of": ["anna"], "from": "2026-06-01 18:00", "to": "2026-06-02 09:00", "reason": "why", "by": "who acts"}; "kind" is add, replace, remove or offer"#;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    rotation: String,
    kind: String,
    people: Vec<String>,
    #[serde(default)]
    instead_of: Vec<String>,
    from: String,
    to: String,
    reason: Option<String>,
    by: String,
}

/// What an override does.
#[derive(Serialize)]
struct Changed {
    id: String,
    changes: Vec<Difference>,
    new_gaps: Vec<Span>,
    /// What is odd about it.
    notes: Vec<&'static str>,
}

#[derive(Serialize)]
struct Difference {
    #[serde(flatten)]
    span: Span,
    before: Vec<String>,
    after: Vec<String>,
}

impl Changed {
    fn of(roster: &Roster, record: &Record, doubts: &[Doubt]) -> Changed {
        let effect = oncall::effect(roster, record);
        let offers = matches!(record.change, Change::SwapOffered(_));
        let idle = !offers && effect.as_ref().is_none_or(|effect| effect.differences.is_empty());
        let notes = [
            (idle, "it changes nothing: the people that it replaces or removes are not on call then"),
            (offers, "nothing changes until somebody takes it"),
            (doubts.contains(&Doubt::Twice), "a time comes twice when the clock is turned back: the first is meant"),
            (
                doubts.contains(&Doubt::Missing),
                "a time is missing when the clock is turned forward: it is that much later",
            ),
        ];
        let (differences, gaps) = effect.map_or_else(Default::default, |it| (it.differences, it.new_gaps));
        let difference = |it: orszem_core::oncall::Difference| Difference {
            span: Span::of(it.from, it.to),
            before: it.before,
            after: it.after,
        };
        Changed {
            id: record.id.clone(),
            changes: differences.into_iter().map(difference).collect(),
            new_gaps: gaps.into_iter().map(|gap| Span::of(gap.from, gap.to)).collect(),
            notes: notes.into_iter().filter(|(is, _)| *is).map(|(_, note)| note).collect(),
        }
    }
}

fn request(config: &Config, roster: &Roster, body: Body) -> Result<(Request, Vec<Doubt>), String> {
    let clock = roster.clock(&body.rotation);
    if config.rotation(&body.rotation).is_none() {
        return Err(format!("there is no rotation {:?}", body.rotation));
    }
    let at = |key: &str, text: &str| {
        oncall::instant(clock, text)
            .ok_or_else(|| format!("\"{key}\": {text:?} is no time like \"2026-06-01 18:00\" or 2026-06-01T16:00:00Z"))
    };
    let ((from, one), (to, other)) = (at("from", &body.from)?, at("to", &body.to)?);
    let what = match (body.kind.as_str(), body.people) {
        ("add", people) => What::Add(people),
        ("replace", people) => What::Replace(people, body.instead_of),
        ("remove", people) => What::Remove(people),
        ("offer", people) => match <[String; 1]>::try_from(people) {
            Ok([person]) => What::Offer(person),
            Err(_) => return Err("\"people\": an offer is of one person's shifts".to_owned()),
        },
        (kind, _) => return Err(format!("\"kind\": {kind:?} must be add, replace, remove or offer")),
    };
    let (rotation, reason) = (body.rotation, body.reason);
    Ok((Request { rotation, from, to, what, reason }, [one, other].into_iter().flatten().collect()))
}

/// `POST /api/v1/overrides`.
pub(crate) async fn make(
    State(app): State<AppState>,
    asked: Asked,
    headers: HeaderMap,
    bytes: Bytes,
) -> Result<Response, Refused> {
    by_token(&app, &asked, &headers)?;
    let body: Body = body::read(&bytes, FORM)?;
    let by = body::by(&body.by)?;
    let (request, doubts) = request(&app.config.load(), &oncall::roster(&app), body).map_err(body::bad)?;
    let id = oncall::ask(&app, &request, by).await.map_err(not_changed)?;
    let roster = oncall::roster(&app);
    let made = roster.made().into_iter().find(|made| made.record.id == id).map(|made| made.record);
    let changed = match made {
        Some(record) => Changed::of(&roster, record, &doubts),
        None => Changed { id, changes: Vec::new(), new_gaps: Vec::new(), notes: vec!["it will show in a moment"] },
    };
    Ok((StatusCode::CREATED, Json(changed)).into_response())
}

fn not_changed(fault: NotChanged) -> Refused {
    let refused = |status, code, message: &str| Refused::from(Refusal::new(status, code, message).into_response());
    match fault {
        NotChanged::Faults(faults) => body::bad(faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")),
        NotChanged::Unknown => refused(StatusCode::NOT_FOUND, "not-found", "there is no such override or offer"),
        NotChanged::Past => refused(
            StatusCode::CONFLICT,
            "over",
            "it is over, somebody took it back, or somebody has the offer already",
        ),
        NotChanged::Sink(fault) => body::not_written(&fault),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Taking {
    person: String,
    by: String,
}

/// `POST /api/v1/overrides/{id}/take`.
pub(crate) async fn take(
    State(app): State<AppState>,
    asked: Asked,
    headers: HeaderMap,
    Path(id): Path<String>,
    bytes: Bytes,
) -> Result<StatusCode, Refused> {
    by_token(&app, &asked, &headers)?;
    let taking: Taking = body::read(&bytes, r#"{"person": "bela", "by": "who acts"}"#)?;
    let was_first = oncall::take(&app, &id, &taking.person, body::by(&taking.by)?).await.map_err(not_changed)?;
    if was_first { Ok(StatusCode::NO_CONTENT) } else { Err(not_changed(NotChanged::Past)) }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cancelling {
    by: String,
}

/// `POST /api/v1/overrides/{id}/cancel`.
pub(crate) async fn cancel(
    State(app): State<AppState>,
    asked: Asked,
    headers: HeaderMap,
    Path(id): Path<String>,
    bytes: Bytes,
) -> Result<StatusCode, Refused> {
    by_token(&app, &asked, &headers)?;
    let Cancelling { by } = body::read(&bytes, r#"{"by": "who acts"}"#)?;
    oncall::cancel(&app, &id, body::by(&by)?).await.map_err(not_changed)?;
    Ok(StatusCode::NO_CONTENT)
}
