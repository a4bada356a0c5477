//! Incidents, read.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use orszem_records::desk::Desk;
use orszem_records::incident;

use crate::app::AppState;
use crate::asked::Asked;
use crate::auth::reader::Reader;
use crate::refusal::{Refusal, no_incident};
use crate::view::Filter;

use super::types::{Detail, Listing, Summary};

/// How many incidents a list holds unless told otherwise.
const LIMIT: usize = 100;
/// How many it holds at most.
const MOST: usize = 1_000;

/// Which incidents are asked for.
#[derive(Debug, Deserialize)]
pub(crate) struct Params {
    state: Option<incident::State>,
    watch: Option<String>,
    desk: Option<Desk>,
    #[serde(default)]
    drill: bool,
    limit: Option<usize>,
}

/// `GET /api/v1/incidents`.
pub(crate) async fn list(
    State(app): State<AppState>,
    _: Reader,
    params: Result<Query<Params>, QueryRejection>,
) -> Result<Json<Listing>, Refusal> {
    let bad = |message: String| Refusal::new(StatusCode::BAD_REQUEST, "bad-query", message);
    let Query(params) = params.map_err(|fault| {
        bad(format!(
            "state must be open, acknowledged or resolved, desk one of crisis, care, employer and audience, drill true or \
             false, and limit a number: {}",
            fault.body_text()
        ))
    })?;
    let limit = params.limit.unwrap_or(LIMIT);
    if !(1..=MOST).contains(&limit) {
        return Err(bad(format!("limit must be 1 to {MOST}")));
    }
    let config = app.config.load();
    // A watch that was renamed is counted under its former name.
    let counted = |name: String| config.watch(&name).map_or(name.clone(), |watch| watch.key().to_owned());
    let watch = params.watch.map(counted);
    let list = app.view.list(&Filter {
        state: params.state,
        watch,
        desk: params.desk,
        drill: Some(params.drill),
        limit: Some(limit),
        ..Filter::default()
    });
    Ok(Json(Listing { incidents: list.iter().map(|incident| Summary::of(incident, &config)).collect() }))
}

/// `GET /api/v1/incidents/{id}`.
pub(crate) async fn show(
    State(app): State<AppState>,
    Path(id): Path<String>,
    _: Reader,
    asked: Asked,
) -> Result<Json<Detail>, Response> {
    let incident = app.view.get(&id).ok_or_else(|| no_incident(&asked))?;
    Ok(Json(Detail::of(&incident, &app.config.load())))
}

#[cfg(test)]
#[path = "incidents_tests.rs"]
mod tests;
