//! The routes, what every answer carries, and serving until told to stop.

use std::future::{Future, IntoFuture as _};
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::{any, get, post};
use tokio::net::TcpListener;

use crate::app::AppState;
use crate::asked::Asked;
use crate::auth::actor::ActionPath;
use crate::peer::Peer;
use crate::refusal::{method_not_allowed, not_found, refuse};
use crate::render::style;
use crate::timeouts::TimeoutListener;
use crate::tls::{Certificate, TlsListener};
use crate::{api, calendars, gate, health, pages};

/// The largest body of a request, in bytes: a form of a few short fields, or one name.
const BODY: usize = 8 * 1024;
/// How long an answer may take. Longer than writing to the ledger and waiting for the view.
const ANSWER: Duration = Duration::from_secs(10);
/// How long requests under way have when the program stops.
const LEAVE: Duration = Duration::from_secs(3);

/// On every answer. Pages load nothing but the style sheet and the one script that keeps an open page up to date;
/// `no-referrer` and `no-store` keep signed addresses out of other sites' logs and of shared caches.
const HEADERS: [(HeaderName, &str); 5] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::CACHE_CONTROL, "no-store"),
    (HeaderName::from_static("x-robots-tag"), "noindex, nofollow"),
];

/// All routes.
pub fn router(app: AppState) -> Router {
    Router::new()
        .route("/", get(pages::list::show))
        .route("/watches", get(pages::watches::show))
        .route("/watches/try", get(pages::query_preview::show))
        .route("/incidents.csv", get(pages::list_csv::show))
        .route("/acknowledge", post(pages::list_actions::acknowledge_all))
        .route("/sign-in", get(pages::sign_in_token::show).post(pages::sign_in_token::enter))
        .route("/sign-in/oidc", get(pages::sign_in_oidc::leave))
        .route("/sign-in/oidc/back", get(pages::sign_in_oidc::come_back))
        .route("/sign-out", post(pages::sign_in_token::leave))
        .route("/sign-out-everywhere", post(pages::account::leave_everywhere))
        .route("/oncall", get(pages::oncall::show))
        .route("/oncall/overrides", post(pages::oncall::make))
        .route("/oncall/overrides/{id}/take", post(pages::oncall::take))
        .route("/oncall/overrides/{id}/cancel", post(pages::oncall::cancel))
        .route("/oncall/calendars", post(pages::oncall_calendars::renew))
        .route("/calendars/{kind}/{name}", get(calendars::show))
        .route("/silences", get(pages::silences::show).post(pages::silences::make))
        .route("/silences/{id}/end", post(pages::silences::end))
        .route("/card", get(pages::card::show))
        .route("/readiness", get(pages::readiness::show))
        .route("/accounts", get(pages::accounts::show))
        .route("/accounts/{account}/look-up", post(pages::accounts::look_up))
        .route("/drill", get(pages::drill::show).post(pages::drill::begin))
        .route("/drill/{step}", post(pages::drill::act))
        .route("/access/{account}/{person}", get(pages::access::ask).post(pages::access::answer))
        .route("/ways", get(pages::ways::show))
        .route("/ways/{person}/{receiver}", get(pages::ways::answer).post(pages::ways::confirm))
        .route("/ways/{person}/{receiver}/test", post(pages::ways::test))
        .route("/settings", get(pages::settings::show).post(pages::settings::keep))
        .route("/docs", get(pages::handbook::index))
        .route("/docs/{name}", get(pages::handbook::show))
        .route("/style.css", get(style::sheet))
        .route("/page.js", get(style::script))
        .route("/incidents/{id}", get(pages::incident::show))
        .route("/incidents/{id}/report", get(pages::report::show))
        .route("/incidents/{id}/report.md", get(pages::report::text))
        .route("/incidents/{id}/evidence.json", get(pages::report::evidence))
        .route("/incidents/{id}/{action}", any(other_method).post(pages::actions::act))
        .route("/metrics", get(health::metrics_for))
        .route("/-/healthy", get(health::healthy))
        .route("/-/ready", get(health::ready))
        .route("/api/v1/watches", get(api::watches::list))
        .route("/api/v1/watches/try", get(api::watches::preview))
        .route("/api/v1/incidents", get(api::incidents::list))
        .route("/api/v1/incidents/{id}", get(api::incidents::show))
        .route("/api/v1/incidents/{id}/evidence", get(api::evidence::evidence))
        .route("/api/v1/incidents/{id}/report", get(api::evidence::report))
        .route("/api/v1/accounts", get(api::accounts::list))
        .route("/api/v1/accounts/{account}/look-up", post(api::accounts::look_up))
        .route("/api/v1/oncall", get(api::oncall::list))
        .route("/api/v1/overrides", get(api::overrides::overrides).post(api::overrides::make))
        .route("/api/v1/overrides/{id}/take", post(api::overrides::take))
        .route("/api/v1/overrides/{id}/cancel", post(api::overrides::cancel))
        .route("/api/v1/silences", get(api::silences::list).post(api::silences::make))
        .route("/api/v1/silences/try", get(api::silences::preview))
        .route("/api/v1/silences/{id}/end", post(api::silences::end))
        .route("/api/v1/sign-outs", post(api::sign_outs::add))
        .route("/api/v1/incidents/{id}/{action}", any(other_method).post(api::actions::act))
        .fallback(async |asked: Asked| not_found(&asked))
        .method_not_allowed_fallback(async |asked: Asked| method_not_allowed(&asked))
        .layer(DefaultBodyLimit::max(BODY))
        .layer(middleware::from_fn_with_state(app.clone(), when_started))
        .layer(middleware::from_fn_with_state(app.clone(), gate::enter))
        .layer(middleware::from_fn_with_state(app.clone(), in_time))
        .layer(middleware::from_fn(headers))
        .with_state(app)
}

/// What machines ask, and nothing else: for a listener of their own.
pub fn health_router(app: AppState) -> Router {
    Router::new()
        .route("/metrics", get(health::metrics))
        .route("/-/healthy", get(health::healthy))
        .route("/-/ready", get(health::ready))
        .fallback(async |asked: Asked| not_found(&asked))
        .layer(middleware::from_fn_with_state(app.clone(), in_time))
        .layer(middleware::from_fn(headers))
        .with_state(app)
}

/// Serves `routes` on `listener` until `stop` ends; then lets requests under way finish, for at most 3 s. With a
/// certificate it speaks HTTPS and nothing else.
pub async fn serve(
    listener: TcpListener,
    certificate: Option<Certificate>,
    routes: Router,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let (stopping, stopped) = tokio::sync::oneshot::channel::<()>();
    let signal = async move {
        stop.await;
        let _ = stopping.send(());
    };
    let listener = TimeoutListener::new(listener);
    let routes = routes.into_make_service_with_connect_info::<Peer>();
    let grace = async move {
        let _ = stopped.await;
        tokio::time::sleep(LEAVE).await;
    };
    match certificate {
        Some(certificate) => {
            let serving = axum::serve(TlsListener::new(listener, certificate), routes);
            within(serving.with_graceful_shutdown(signal).into_future(), grace).await
        }
        None => within(axum::serve(listener, routes).with_graceful_shutdown(signal).into_future(), grace).await,
    }
}

async fn within(
    serving: impl Future<Output = std::io::Result<()>>,
    grace: impl Future<Output = ()>,
) -> std::io::Result<()> {
    tokio::select! {
        served = serving => served,
        () = grace => Ok(()),
    }
}

/// The address of an action, asked for otherwise than by POST. One of no action is refused by [`ActionPath`], and
/// allows nothing: that is why axum does not add the header.
async fn other_method(_: ActionPath, asked: Asked) -> Response {
    let mut answer = method_not_allowed(&asked);
    answer.headers_mut().insert(header::ALLOW, HeaderValue::from_static("POST"));
    answer
}

/// Nobody is told that an incident does not exist, or is not open, before all of them were read. What tells of none is
/// shown at once: the handbook says why a start takes long.
async fn when_started(State(app): State<AppState>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let handbook = path == "/docs" || path.starts_with("/docs/");
    let always =
        path.starts_with("/-/") || path == "/metrics" || path == "/style.css" || path == "/page.js" || handbook;
    if always || app.startup.shows_pages() {
        return next.run(request).await;
    }
    let asked = Asked::new(request.uri(), request.headers(), &app.config.load());
    let (title, text) = ("refusal-starting", "refusal-starting-text");
    let mut answer = refuse(&asked, StatusCode::SERVICE_UNAVAILABLE, "starting", title, text);
    answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
    answer
}

async fn headers(request: Request, next: Next) -> Response {
    let mut answer = next.run(request).await;
    for (name, value) in HEADERS {
        answer.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    answer
}

async fn in_time(State(app): State<AppState>, request: Request, next: Next) -> Response {
    let asked = Asked::new(request.uri(), request.headers(), &app.config.load());
    match tokio::time::timeout(ANSWER, next.run(request)).await {
        Ok(answer) => answer,
        Err(_) => refuse(&asked, StatusCode::SERVICE_UNAVAILABLE, "late", "refusal-late", "refusal-late-text"),
    }
}

#[cfg(test)]
#[path = "server_tests.rs"]
mod tests;
