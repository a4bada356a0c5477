//! Who may read.

use axum::extract::{FromRequestParts, Path, Query};
use axum::http::request::Parts;
use axum::response::Response;
use serde::Deserialize;

use orszem_runtime::clock;

use crate::app::AppState;
use crate::refusal::{is_api, unauthorized};

use super::link_check::{LinkCheck, LinkParams};

/// Somebody who may read: everything by the token, or the page of one incident by its link.
#[derive(Debug)]
pub(crate) struct Reader {
    /// They may read everything.
    pub all: bool,
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
        let mut reader = Reader { all: token.may_read(), link: LinkParams::default(), check: LinkCheck::None };
        // A link opens the page of its incident, and nothing of the API.
        if !is_api(&parts.uri)
            && let Ok(Path(IncidentPath { id })) = Path::from_request_parts(parts, app).await
        {
            // A query that cannot be read holds no link: a field twice, say.
            reader.link = Query::try_from_uri(&parts.uri).map(|Query(link)| link).unwrap_or_default();
            reader.check = reader.link.check(&app.links.signer(), &id, clock::now());
        }
        match reader.all || reader.check.may_read() {
            true => Ok(reader),
            false => Err(unauthorized(&parts.uri, token)),
        }
    }
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
        if token.may_read() { Ok(MetricsReader) } else { Err(unauthorized(&parts.uri, token)) }
    }
}

#[cfg(test)]
#[path = "reader_tests.rs"]
mod tests;
