//! What machines ask: metrics and health.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;

use orszem_runtime::metrics::registry;

use crate::app::AppState;
use crate::auth::reader::MetricsReader;

/// `GET /metrics` beside the pages.
pub(crate) async fn metrics_for(_: MetricsReader) -> impl IntoResponse {
    metrics().await
}

/// `GET /metrics`, in Prometheus' text format, for everybody.
pub(crate) async fn metrics() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], registry().text())
}

/// `GET /-/healthy`: 503 when only a restart helps.
pub(crate) async fn healthy(State(app): State<AppState>) -> impl IntoResponse {
    answer(app.health.healthy())
}

/// `GET /-/ready`: 503 with the reason while the work is not being done.
pub(crate) async fn ready(State(app): State<AppState>) -> impl IntoResponse {
    answer(app.health.ready())
}

fn answer(state: Result<(), String>) -> (StatusCode, String) {
    match state {
        Ok(()) => (StatusCode::OK, "ok\n".into()),
        Err(why) => (StatusCode::SERVICE_UNAVAILABLE, format!("{why}\n")),
    }
}
