//! The one style sheet.

use axum::http::header;
use axum::response::IntoResponse;

/// What `style.css` holds.
pub(crate) const STYLE: &str = include_str!("style.css");

/// `GET /style.css`.
pub(crate) async fn sheet() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, "public, max-age=300")], STYLE)
}
