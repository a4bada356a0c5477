//! The evidence and the report of an incident, for programs.

use axum::Json;
use axum::extract::{Path, State};
use axum::response::Response;

use orszem_core::evidence::Evidence;
use orszem_core::report::Report;
use orszem_runtime::clock;

use crate::app::AppState;
use crate::asked::Asked;
use crate::auth::reader::Reader;
use crate::refusal::no_incident;

/// `GET /api/v1/incidents/{id}/evidence`.
pub(crate) async fn evidence(
    State(app): State<AppState>,
    Path(id): Path<String>,
    _: Reader,
    asked: Asked,
) -> Result<Json<Evidence>, Response> {
    let incident = app.view.get(&id).ok_or_else(|| no_incident(&asked))?;
    Ok(Json(Evidence::of(&incident)))
}

/// `GET /api/v1/incidents/{id}/report`.
pub(crate) async fn report(
    State(app): State<AppState>,
    Path(id): Path<String>,
    _: Reader,
    asked: Asked,
) -> Result<Json<Report>, Response> {
    let incident = app.view.get(&id).ok_or_else(|| no_incident(&asked))?;
    Ok(Json(Report::of(&app.config.load(), &incident, &app.view.carrier(&incident), clock::now())))
}
