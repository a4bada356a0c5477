//! Who is on call, by program: now, and in the time to come.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};

use orszem_core::oncall::Roster;
use orszem_core::settings::Rotation;
use orszem_core::settings::calendar::Moment;
use orszem_records::time::Timestamp;
use orszem_runtime::clock;

use crate::app::AppState;
use crate::auth::reader::Reader;
use crate::refusal::Refusal;

/// The most days ahead that are listed.
const MOST_DAYS: u32 = 400;
const DAY_MS: i64 = 24 * 3_600_000;

/// What is asked for.
#[derive(Deserialize)]
pub(crate) struct Params {
    at: Option<String>,
    days: Option<u32>,
}

#[derive(Serialize)]
struct Listing {
    at: String,
    rotations: Vec<Standing>,
}

/// How a rotation stands.
#[derive(Serialize)]
struct Standing {
    rotation: String,
    title: String,
    time_zone: String,
    on_call: Vec<String>,
    until: Option<String>,
    next: Option<Next>,
    shifts: Vec<Shift>,
    gaps: Vec<Span>,
}

#[derive(Serialize)]
struct Next {
    from: String,
    on_call: Vec<String>,
}

#[derive(Serialize)]
struct Shift {
    person: String,
    #[serde(flatten)]
    span: Span,
}

/// A span of time, half open.
#[derive(Serialize)]
pub(super) struct Span {
    from: String,
    to: String,
}

impl Span {
    pub(super) fn of(from: Timestamp, to: Timestamp) -> Span {
        Span { from: from.to_string(), to: to.to_string() }
    }
}

impl Standing {
    fn of(roster: &Roster, rotation: &Rotation, at: Timestamp, to: Timestamp) -> Standing {
        let name = &rotation.name;
        let standing = roster.standing(name, at);
        let shifts = roster.shifts(name, at, to).into_iter();
        let gaps = roster.gaps(name, at, to).into_iter();
        Standing {
            rotation: name.clone(),
            title: rotation.title.clone().unwrap_or_else(|| name.clone()),
            time_zone: rotation.time_zone.clone(),
            on_call: standing.on_call,
            until: standing.until.map(|at| at.to_string()),
            next: standing.next.map(|(from, on_call)| Next { from: from.to_string(), on_call }),
            shifts: shifts.map(|it| Shift { person: it.person, span: Span::of(it.from, it.to) }).collect(),
            gaps: gaps.map(|it| Span::of(it.from, it.to)).collect(),
        }
    }
}

/// `GET /api/v1/oncall?at=&days=`.
pub(crate) async fn list(
    State(app): State<AppState>,
    _: Reader,
    params: Result<Query<Params>, QueryRejection>,
) -> Response {
    let bad = |message: &str| Refusal::new(StatusCode::BAD_REQUEST, "bad-query", message).into_response();
    let Ok(Query(params)) = params else { return bad("send at and days") };
    let at = match params.at.as_deref().map(Moment::parse) {
        None => clock::now(),
        Some(Some(Moment::Instant(at))) => at,
        Some(_) => return bad("at: an instant like 2026-03-29T13:30:00Z"),
    };
    let days = params.days.unwrap_or(30);
    if days > MOST_DAYS {
        return bad("days: at most 400");
    }
    let config = app.config.load();
    let (roster, to) = (app.team.roster(&config), at.plus(i64::from(days) * DAY_MS));
    let rotations = config.rotations.iter().map(|rotation| Standing::of(&roster, rotation, at, to)).collect();
    Json(Listing { at: at.to_string(), rotations }).into_response()
}
