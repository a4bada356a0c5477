//! What the routes share.

use std::sync::Arc;

use axum::http::HeaderMap;
use tokio::sync::Semaphore;

use orszem_runtime::live_config::ConfigReader;
use orszem_runtime::startup::Startup;
use orszem_runtime::status::StatusBoard;

use orszem_runtime::clock;

use crate::auth::link::Links;
use crate::auth::session::{Session, is_from_elsewhere};
use crate::auth::token::Tokens;
use crate::limits::UnderWay;
use crate::ports::{Health, LedgerSink, Past};
use crate::view::View;

/// What the routes share.
#[derive(Clone)]
pub struct AppState {
    /// The incidents.
    pub view: Arc<View>,
    /// Where actions are written.
    pub sink: Arc<dyn LedgerSink>,
    /// The configuration in force.
    pub config: ConfigReader,
    /// What signs and checks links.
    pub links: Arc<Links>,
    /// Who may read everything, and act by API.
    pub tokens: Arc<Tokens>,
    /// What the watches see that this process detects for.
    pub board: StatusBoard,
    /// What `/-/healthy` and `/-/ready` ask.
    pub health: Arc<dyn Health>,
    /// What a program that just started still waits for.
    pub startup: Startup,
    /// What queries are tried on.
    pub past: Arc<dyn Past>,
    /// What is being written through links.
    pub under_way: UnderWay,
    /// A query that is tried holds a permit.
    pub trying: Arc<Semaphore>,
}

impl AppState {
    /// The session of somebody who signed in, where the request is theirs.
    pub(crate) fn session(&self, headers: &HeaderMap) -> Option<Session> {
        let generation = self.tokens.generation()?;
        Session::of(headers, &self.links.signer(), &generation, clock::now())
    }

    /// Whether a form is one of somebody who is signed in, sent by a page of ours.
    pub(crate) fn has_signed_form(&self, sign: Option<&str>, headers: &HeaderMap) -> bool {
        let signer = self.links.signer();
        let signed =
            self.session(headers).zip(sign).is_some_and(|(session, sign)| session.has_signed_form(&signer, sign));
        signed && !is_from_elsewhere(headers)
    }

    /// Whether the pages are reached over TLS only, so that cookies are kept to it.
    pub(crate) fn is_secure(&self) -> bool {
        self.config.load().web.public_url.starts_with("https://")
    }
}

impl std::fmt::Debug for AppState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AppState").finish_non_exhaustive()
    }
}
