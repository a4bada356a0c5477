//! The routes, what guards them, and serving until told to stop.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, FormRejection, QueryRejection};
use axum::extract::{DefaultBodyLimit, Path, Query, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use maud::Markup;
use serde::Deserialize;
use tokio::net::TcpListener;

use orszem_records::class::Class;
use orszem_records::incident::Incident;
use orszem_records::ledger::ByWhom;
use orszem_runtime::clock;

use super::actions::{self, ActionError, Done, PersonAction};
use super::api::{self, Refusal};
use super::guard::{self, LinkCheck, LinkParams, Token};
use super::incident::{self, PageContext};
use super::link::LinkError;
use super::timeouts::TimeoutListener;
use super::view::Filter;
use super::{AppState, ops, pages, query_preview, watches};

/// The one style sheet.
pub(super) const STYLE: &str = include_str!("style.css");
/// The largest body of a request, in bytes: a form of a few short fields, or one name.
const BODY: usize = 8 * 1024;
/// How long an answer may take. Longer than writing to the ledger and waiting for the view.
const ANSWER: Duration = Duration::from_secs(10);
/// How long requests under way have when the program stops.
const LEAVE: Duration = Duration::from_secs(3);

/// On every answer. Pages run no script and load nothing but the style sheet; `no-referrer` and `no-store` keep signed
/// addresses out of other sites' logs and of shared caches.
const HEADERS: [(HeaderName, &str); 5] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::CACHE_CONTROL, "no-store"),
    (HeaderName::from_static("x-robots-tag"), "noindex, nofollow"),
];

/// All routes.
pub fn router(app: AppState) -> Router {
    Router::new()
        .route("/", get(list))
        .route("/watches", get(watched))
        .route("/watches/try", get(tried))
        .route("/style.css", get(style))
        .route("/incidents/{id}", get(one))
        .route("/incidents/{id}/acknowledge", post(acknowledge))
        .route("/incidents/{id}/resolve", post(resolve))
        .route("/incidents/{id}/feedback", post(tell))
        .route("/metrics", get(ops::metrics))
        .route("/-/healthy", get(ops::healthy))
        .route("/-/ready", get(ops::ready))
        .route("/api/v1/watches", get(api::watches))
        .route("/api/v1/watches/try", get(api::tried))
        .route("/api/v1/incidents", get(api::list))
        .route("/api/v1/incidents/{id}", get(api::one))
        .route("/api/v1/incidents/{id}/acknowledge", post(api_acknowledge))
        .route("/api/v1/incidents/{id}/resolve", post(api_resolve))
        .route("/api/v1/incidents/{id}/feedback", post(api::tell))
        .fallback(not_found)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(DefaultBodyLimit::max(BODY))
        .layer(middleware::from_fn(in_time))
        .layer(middleware::from_fn(headers))
        .with_state(app)
}

/// Serves on `listener` until `stop` ends; then lets requests under way finish, for at most 3 s.
pub async fn serve(
    listener: TcpListener,
    app: AppState,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let (told, stopped) = tokio::sync::oneshot::channel::<()>();
    let signal = async move {
        stop.await;
        let _ = told.send(());
    };
    let serving = axum::serve(TimeoutListener::new(listener), router(app)).with_graceful_shutdown(signal);
    let grace = async move {
        let _ = stopped.await;
        tokio::time::sleep(LEAVE).await;
    };
    tokio::select! {
        served = serving => served,
        () = grace => Ok(()),
    }
}

async fn headers(request: Request, next: Next) -> Response {
    let mut answer = next.run(request).await;
    for (name, value) in HEADERS {
        answer.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    answer
}

async fn in_time(request: Request, next: Next) -> Response {
    let uri = request.uri().clone();
    match tokio::time::timeout(ANSWER, next.run(request)).await {
        Ok(answer) => answer,
        Err(_) => refuse(&uri, StatusCode::SERVICE_UNAVAILABLE, "late", "That took too long", "Please try again."),
    }
}

async fn not_found(uri: Uri) -> Response {
    refuse(&uri, StatusCode::NOT_FOUND, "not-found", "There is nothing here", "The address may have been cut short.")
}

async fn method_not_allowed(uri: Uri) -> Response {
    let words = "Open the incident itself; its buttons do this.";
    refuse(&uri, StatusCode::METHOD_NOT_ALLOWED, "method", "This address is not for reading", words)
}

/// A refusal in the form of whoever asked: JSON under `/api/`, else a page.
fn refuse(uri: &Uri, status: StatusCode, code: &'static str, title: &str, words: &str) -> Response {
    if uri.path().starts_with("/api/") {
        return Refusal::new(status, code, format!("{title}: {words}")).into_response();
    }
    (status, html(pages::message(&pages::root(uri.path()), title, words))).into_response()
}

fn html(page: Markup) -> ([(HeaderName, &'static str); 1], String) {
    ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], page.into_string())
}

async fn style() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, "public, max-age=300")], STYLE)
}

/// Why somebody may not read.
fn closed(uri: &Uri, token: Token) -> Response {
    if token == Token::Unreadable {
        let words = "Its access token is configured but cannot be read. The reason is in its log.";
        return refuse(uri, StatusCode::SERVICE_UNAVAILABLE, "no-token", "This page is closed for now", words);
    }
    let words = "Open an incident by the link in the message that you got.";
    let mut answer = refuse(uri, StatusCode::UNAUTHORIZED, "unauthorized", "This page is not open to all", words);
    answer.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    answer
}

fn unknown(uri: &Uri) -> Response {
    let words = "The address may have been cut short, or it is so long over that it is no longer kept.";
    refuse(uri, StatusCode::NOT_FOUND, "not-found", "There is no such incident", words)
}

async fn list(State(app): State<AppState>, uri: Uri, headers: HeaderMap) -> Response {
    let config = app.config.load();
    let token = guard::token(&config, &headers);
    if !token.may_read() {
        return closed(&uri, token);
    }
    let incidents = app.view.list(&Filter { limit: Some(pages::LISTED), ..Filter::default() });
    html(pages::list(&pages::root(uri.path()), &config, &incidents)).into_response()
}

async fn watched(State(app): State<AppState>, uri: Uri, headers: HeaderMap) -> Response {
    let config = app.config.load();
    let token = guard::token(&config, &headers);
    if !token.may_read() {
        return closed(&uri, token);
    }
    html(watches::Listing::of(&config, &app.board.all()).page(&pages::root(uri.path()))).into_response()
}

async fn tried(
    State(app): State<AppState>,
    asked: Result<Query<query_preview::Asked>, QueryRejection>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let config = app.config.load();
    let token = guard::token(&config, &headers);
    if !token.may_read() {
        return closed(&uri, token);
    }
    let Query(asked) = asked.unwrap_or_default();
    let root = pages::root(uri.path());
    if asked.is_empty() {
        return html(asked.page(&root, &config, None)).into_response();
    }
    let came = asked.clone().run(&app).await;
    let status = came.as_ref().err().map_or(StatusCode::OK, query_preview::Untried::status);
    (status, html(asked.page(&root, &config, Some(&came)))).into_response()
}

/// What the address of an incident's page can carry.
#[derive(Debug, Default, Deserialize)]
struct Asked {
    #[serde(flatten)]
    ticket: LinkParams,
    did: Option<String>,
}

async fn one(
    State(app): State<AppState>,
    Path(id): Path<String>,
    asked: Result<Query<Asked>, QueryRejection>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    // A query that cannot be read holds no link: a field twice, letters that are no UTF-8.
    let Asked { ticket, did } = asked.map(|Query(asked)| asked).unwrap_or_default();
    let config = app.config.load();
    let token = guard::token(&config, &headers);
    let standing = ticket.check(&app.links.signer(), &id, clock::now());
    if !token.may_read() && !standing.may_read() {
        return closed(&uri, token);
    }
    let Some(incident) = app.view.get(&id) else { return unknown(&uri) };
    let page = incident::page(&PageContext {
        root: &pages::root(uri.path()),
        incident: &incident,
        config: &config,
        ticket: &ticket,
        standing: &standing,
        may_list: token.may_read(),
        did: did.as_deref(),
    });
    html(page).into_response()
}

/// What a form brings: a ticket, or, with the API's token, a name.
#[derive(Debug, Default, Deserialize)]
struct Form {
    #[serde(flatten)]
    ticket: LinkParams,
    by: Option<String>,
    mention: Option<String>,
    class: Option<Class>,
}

/// A form as it came; one that cannot be read is like one without a ticket.
type Sent = Result<axum::Form<Form>, FormRejection>;

async fn acknowledge(
    State(app): State<AppState>,
    Path(id): Path<String>,
    uri: Uri,
    headers: HeaderMap,
    form: Sent,
) -> Response {
    act(app, id, PersonAction::Acknowledge, uri, headers, form).await
}

async fn resolve(
    State(app): State<AppState>,
    Path(id): Path<String>,
    uri: Uri,
    headers: HeaderMap,
    form: Sent,
) -> Response {
    act(app, id, PersonAction::Resolve, uri, headers, form).await
}

async fn tell(
    State(app): State<AppState>,
    Path(id): Path<String>,
    uri: Uri,
    headers: HeaderMap,
    form: Sent,
) -> Response {
    let form = match read(&uri, form) {
        Ok(form) => form,
        Err(refusal) => return *refusal,
    };
    let by = match who(&app, &id, &form, &headers) {
        Ok(by) => by,
        Err((title, words)) => return refuse(&uri, StatusCode::FORBIDDEN, "forbidden", title, words),
    };
    let (Some(mention), Some(class)) = (&form.mention, form.class) else {
        let words = "It names no mention and what it is. Nothing was changed.";
        return refuse(&uri, StatusCode::BAD_REQUEST, "bad-form", "That cannot be read", words);
    };
    let came = actions::tell(&app, &id, (mention, class), by).await;
    done(&uri, &id, &form, "feedback", came)
}

fn read(uri: &Uri, form: Sent) -> Result<Form, Box<Response>> {
    match form {
        Ok(axum::Form(form)) => Ok(form),
        Err(fault) if fault.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            Err(Box::new(refuse(uri, fault.status(), "too-large", "That was too much", "Nothing was changed.")))
        }
        Err(_) => Ok(Form::default()),
    }
}

async fn act(app: AppState, id: String, deed: PersonAction, uri: Uri, headers: HeaderMap, form: Sent) -> Response {
    let form = match read(&uri, form) {
        Ok(form) => form,
        Err(refusal) => return *refusal,
    };
    let by = match who(&app, &id, &form, &headers) {
        Ok(by) => by,
        Err((title, words)) => return refuse(&uri, StatusCode::FORBIDDEN, "forbidden", title, words),
    };
    let came = actions::perform(&app, &id, deed, by).await;
    done(&uri, &id, &form, deed.name(), came)
}

/// The answer to a form: back to the page, or why nothing came of it.
fn done(uri: &Uri, id: &str, form: &Form, did: &str, came: Result<(Arc<Incident>, Done), ActionError>) -> Response {
    match came {
        Ok((_, _)) => {
            // Relative to …/incidents/<id>/<deed>, so that it holds under any address a proxy gives the site.
            let query = [form.ticket.query(), format!("did={did}")];
            let query = query.iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join("&");
            let page = format!("../{}?{query}", super::format::percent_encode(id));
            (StatusCode::SEE_OTHER, [(header::LOCATION, page)]).into_response()
        }
        Err(ActionError::Unknown) => unknown(uri),
        Err(ActionError::NoMention) => {
            let words = "The incident does not show that mention any more. Nothing was changed.";
            refuse(uri, StatusCode::NOT_FOUND, "no-mention", "There is no such mention", words)
        }
        Err(fault @ ActionError::Sink(_)) => {
            tracing::warn!(incident = id, %fault, "action not written to the ledger");
            let words =
                "The ledger did not take it. Go back and press the button again; if it fails again, call somebody.";
            refuse(uri, StatusCode::SERVICE_UNAVAILABLE, "not-written", "That was not written down", words)
        }
    }
}

/// Who acts: the API's client where its token is right, else the bearer of the link.
fn who(app: &AppState, id: &str, form: &Form, headers: &HeaderMap) -> Result<ByWhom, (&'static str, &'static str)> {
    if headers.contains_key(header::AUTHORIZATION) && guard::token(&app.config.load(), headers) == Token::Right {
        let by = form.by.as_deref().and_then(api::name).unwrap_or_else(|| "api".into());
        return Ok(ByWhom { by, via: "api".into() });
    }
    match form.ticket.check(&app.links.signer(), id, clock::now()) {
        LinkCheck::May(bearer) => Ok(ByWhom { by: bearer.0, via: "link".into() }),
        LinkCheck::MayNot(LinkError::Expired) => {
            Err(("This link has expired", "Nothing was changed. A newer message about the incident has a newer link."))
        }
        LinkCheck::MayNot(LinkError::Forged) | LinkCheck::None => {
            Err(("This link is not genuine", "Nothing was changed. Open the incident from the message that you got."))
        }
    }
}

async fn api_acknowledge(
    State(app): State<AppState>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> impl IntoResponse {
    api::act(app, id, PersonAction::Acknowledge, headers, body).await
}

async fn api_resolve(
    State(app): State<AppState>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> impl IntoResponse {
    api::act(app, id, PersonAction::Resolve, headers, body).await
}
