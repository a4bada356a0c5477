//! The report of an incident, as a page and as text, and its evidence as a file, for all who may read the incident's
//! page.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use maud::html;

use orszem_core::evidence::Evidence;
use orszem_core::report::{Report, markdown};
use orszem_records::incident::Incident;
use orszem_runtime::clock;

use crate::address::percent_encode;
use crate::app::AppState;
use crate::asked::Asked;
use crate::auth::link::LinkError;
use crate::auth::link_check::LinkCheck;
use crate::auth::reader::Reader;
use crate::refusal::{Refused, no_incident, refuse};
use crate::render::document::article;

use super::layout;

/// The incident for somebody who may read all of it, and the reader's words by its clock.
fn readable(app: &AppState, id: &str, reader: &Reader, asked: &mut Asked) -> Result<Arc<Incident>, Refused> {
    let incident = app.view.get(id).ok_or_else(|| no_incident(asked))?;
    if !reader.all && reader.check == LinkCheck::MayNot(LinkError::Expired) {
        // It says what the incident is, and no mentions and no names.
        let (title, text) = ("refusal-expired", "refusal-expired-text");
        return Err(refuse(asked, StatusCode::FORBIDDEN, "expired", title, text).into());
    }
    let bearer = match &reader.check {
        LinkCheck::May(bearer) => Some(bearer.0.as_str()),
        LinkCheck::MayNot(_) | LinkCheck::None => None,
    };
    asked.words = asked.preferences.words(&app.config.load(), bearer, incident.signal.time_zone.as_deref());
    Ok(incident)
}

fn report(app: &AppState, incident: &Arc<Incident>) -> Report {
    Report::of(&app.config.load(), incident, &app.view.carrier(incident), clock::now())
}

/// What carries the right to read to the pages around, as a query; empty where nothing is needed.
pub(super) fn query(reader: &Reader) -> String {
    let query = match &reader.reading {
        Some(read) => format!("read={}", percent_encode(read)),
        None => reader.link.query(),
    };
    if query.is_empty() { query } else { format!("?{query}") }
}

/// `GET /incidents/{id}/report`.
pub(crate) async fn show(
    State(app): State<AppState>,
    Path(id): Path<String>,
    reader: Reader,
    mut asked: Asked,
) -> Result<Response, Refused> {
    let incident = readable(&app, &id, &reader, &mut asked)?;
    let document = report(&app, &incident).document(&asked.words);
    let (words, root, query) = (&asked.words, layout::root(asked.uri.path()), query(&reader));
    let here = format!("{root}incidents/{}", percent_encode(&id));
    let main = html! {
        nav {
            a href={ (here) (query) } { "← " (words.say("report-back")) } " "
            a href={ (here) "/report.md" (query) } { (words.say("report-markdown")) } " "
            a href={ (here) "/evidence.json" (query) } { (words.say("evidence-file")) }
        }
        (article(&document))
    };
    Ok(layout::response(layout::layout(&asked, &document.title, &main)).into_response())
}

/// `GET /incidents/{id}/report.md`.
pub(crate) async fn text(
    State(app): State<AppState>,
    Path(id): Path<String>,
    reader: Reader,
    mut asked: Asked,
) -> Result<Response, Refused> {
    let incident = readable(&app, &id, &reader, &mut asked)?;
    let text = markdown(&report(&app, &incident).document(&asked.words));
    Ok((file("text/markdown; charset=utf-8", &format!("report-{id}.md")), text).into_response())
}

/// `GET /incidents/{id}/evidence.json`.
pub(crate) async fn evidence(
    State(app): State<AppState>,
    Path(id): Path<String>,
    reader: Reader,
    mut asked: Asked,
) -> Result<Response, Refused> {
    let incident = readable(&app, &id, &reader, &mut asked)?;
    let headers = file("application/json", &format!("evidence-{id}.json"));
    Ok((headers, Json(Evidence::of(&incident))).into_response())
}

/// The headers of a file that a browser saves under a name.
fn file(kind: &'static str, name: &str) -> [(header::HeaderName, HeaderValue); 2] {
    // Ids of incidents are small letters, digits, `-` and a dot; what is not fits no name of a file either.
    let name: String = name.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.')).collect();
    let as_file = HeaderValue::try_from(format!("attachment; filename=\"{name}\""));
    let as_file = as_file.unwrap_or(HeaderValue::from_static("attachment"));
    [(header::CONTENT_TYPE, HeaderValue::from_static(kind)), (header::CONTENT_DISPOSITION, as_file)]
}

#[cfg(test)]
#[path = "report_tests.rs"]
mod tests;
