//! The watches, and queries tried.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use serde::Serialize;
use std::collections::BTreeMap;

use orszem_core::settings::Config;
use orszem_core::words::Words;
use orszem_records::desk::Desk;
use orszem_runtime::status::WatchStatus;

use crate::app::AppState;
use crate::auth::reader::Reader;
use crate::query_preview::{Params, Preview};
use crate::refusal::Refusal;
use crate::render::format::title;

/// What `GET /api/v1/watches` answers, and the page shows.
#[derive(Debug, Serialize)]
pub(crate) struct WatchListing {
    pub watches: Vec<Watch>,
}

/// A watch, and what it sees now.
#[derive(Debug, Serialize)]
pub(crate) struct Watch {
    pub watch: String,
    /// The name that its incidents are counted under.
    #[serde(skip)]
    pub key: String,
    pub title: String,
    /// The team it belongs to.
    pub desk: Desk,
    /// False pages a week that it may cost.
    pub budget: f64,
    /// What this process sees of it; nothing where another process does, or nothing has come yet.
    pub now: Option<WatchStatus>,
}

impl WatchListing {
    /// The watches of `config`, with what is known of them.
    pub(crate) fn of(config: &Config, statuses: &BTreeMap<String, WatchStatus>) -> WatchListing {
        let watches = config.watches.iter().map(|watch| Watch {
            watch: watch.name.clone(),
            key: watch.key().to_owned(),
            title: title(config, &watch.name, &Words::default()),
            desk: watch.desk,
            budget: watch.budget.unwrap_or(config.detect.budget),
            now: statuses.get(watch.key()).copied(),
        });
        WatchListing { watches: watches.collect() }
    }
}

/// `GET /api/v1/watches`.
pub(crate) async fn list(State(app): State<AppState>, _: Reader) -> Json<WatchListing> {
    Json(WatchListing::of(&app.config.load(), &app.board.all()))
}

/// `GET /api/v1/watches/try`.
pub(crate) async fn preview(
    State(app): State<AppState>,
    _: Reader,
    params: Result<Query<Params>, QueryRejection>,
) -> Result<Json<Preview>, Refusal> {
    let bad = |message: String| Refusal::new(StatusCode::BAD_REQUEST, "bad-query", message);
    let Query(params) =
        params.map_err(|fault| bad(format!("send query, with, topic and hours: {}", fault.body_text())))?;
    let preview = params.run(&app).await;
    preview.map(Json).map_err(|error| Refusal::new(error.status(), error.code(), error.message()))
}
