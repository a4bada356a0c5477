//! Who may read.

use axum::extract::{FromRequestParts, Path, Query};
use axum::http::Uri;
use axum::http::request::Parts;
use axum::response::Response;
use serde::Deserialize;

use orszem_records::time::Timestamp;
use orszem_runtime::clock;

use crate::app::AppState;
use crate::asked::Asked;
use crate::refusal::{no_role, unauthorized};

use super::link_check::{LinkCheck, LinkParams};
use super::visitor::{Visit, Visitor};

/// Somebody who may read: everything by the token, or the page of one incident by its link.
#[derive(Debug)]
pub(crate) struct Reader {
    /// They may read everything.
    pub all: bool,
    /// They are signed in.
    pub visitor: Option<Visitor>,
    /// The link by which they read and do nothing else, as it came.
    pub reading: Option<String>,
    /// The link they came by.
    pub link: LinkParams,
    /// What the link lets them do.
    pub check: LinkCheck,
}

/// The address of an incident's page. By the name of its part, so that a link opens no other page with a part.
#[derive(Deserialize)]
struct IncidentPath {
    id: String,
}

impl FromRequestParts<AppState> for Reader {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Reader, Response> {
        let token = app.tokens.check(&parts.headers);
        let Ok(visit) = Visit::from_request_parts(parts, app).await;
        let reading = if Asked::is_of_api(&parts.uri) { None } else { reading_link(app, &parts.uri) };
        let (visitor, stranger) = match visit {
            Visit::Visitor(visitor) => (Some(visitor), None),
            Visit::Stranger(account) => (None, Some(account)),
            Visit::Nobody => (None, None),
        };
        let all = token.may_read() || visitor.is_some() || reading.is_some();
        let mut reader = Reader { all, visitor, reading, link: LinkParams::default(), check: LinkCheck::None };
        // A link opens the page of its incident, and nothing of the API.
        if !Asked::is_of_api(&parts.uri)
            && let Ok(Path(IncidentPath { id })) = Path::from_request_parts(parts, app).await
        {
            // A query that cannot be read holds no link: a field twice, say.
            reader.link = Query::try_from_uri(&parts.uri).map(|Query(link)| link).unwrap_or_default();
            reader.check = reader.link.check(&app.links.signer(), &id, clock::now());
        }
        if reader.all || reader.check.may_read() {
            return Ok(reader);
        }
        let config = app.config.load();
        let asked = Asked::new(&parts.uri, &parts.headers, &config);
        Err(match stranger {
            Some(account) => no_role(&asked, &account),
            None => unauthorized(&asked, token, &config),
        })
    }
}

/// How long a link works that only reads: a week, in ms.
const READING_MS: i64 = 7 * 24 * 3_600_000;

/// The value of `read` in a link that only reads the list and its incidents, for a week from `now`.
pub(crate) fn link_to_read(app: &AppState, now: Timestamp) -> String {
    let until = now.plus(READING_MS).0.div_euclid(1000);
    format!("{until}.{}", app.links.signer().sign("reading link", &until.to_string()))
}

/// The `read` of an address, where it is genuine and in time.
fn reading_link(app: &AppState, uri: &Uri) -> Option<String> {
    #[derive(Deserialize)]
    struct Params {
        read: Option<String>,
    }
    let Query(Params { read }) = Query::try_from_uri(uri).ok()?;
    let read = read?;
    let (until, signature) = read.split_once('.')?;
    let in_time = until.parse::<i64>().is_ok_and(|until| clock::now().0.div_euclid(1000) < until);
    (in_time && app.links.signer().has_signed("reading link", until, signature)).then_some(read)
}

/// Somebody who may read the metrics: they name the watches and who is in a crisis, so the same people that may read
/// everything, unless the operator opened them to all.
#[derive(Debug)]
pub(crate) struct MetricsReader;

impl FromRequestParts<AppState> for MetricsReader {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<MetricsReader, Response> {
        if app.config.load().web.open_metrics {
            return Ok(MetricsReader);
        }
        let token = app.tokens.check(&parts.headers);
        if token.may_read() {
            Ok(MetricsReader)
        } else {
            let config = app.config.load();
            Err(unauthorized(&Asked::new(&parts.uri, &parts.headers, &config), token, &config))
        }
    }
}

#[cfg(test)]
#[path = "reader_tests.rs"]
mod tests;
