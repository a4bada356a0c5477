//! The one style sheet, and the one script.

use axum::http::header;
use axum::response::IntoResponse;

/// What `style.css` holds.
pub(crate) const STYLE: &str = include_str!("style.css");
/// What `page.js` holds.
const SCRIPT: &str = include_str!("page.js");

/// `GET /style.css`.
pub(crate) async fn sheet() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, "public, max-age=300")], STYLE)
}

/// `GET /page.js`.
pub(crate) async fn script() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8"), (header::CACHE_CONTROL, "public, max-age=300")], SCRIPT)
}
