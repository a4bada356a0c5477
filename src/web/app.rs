//! What the routes share.

use std::sync::Arc;

use axum::http::HeaderMap;
use tokio::sync::Semaphore;

use orszem_records::time::Timestamp;
use orszem_runtime::live_config::ConfigReader;
use orszem_runtime::startup::Startup;
use orszem_runtime::status::StatusBoard;

use orszem_runtime::clock;

use crate::auth::link::Links;
use crate::auth::session::{Account, Generations, Session};
use crate::auth::signing_in::SigningIn;
use crate::auth::token::Tokens;
use crate::auth::visitor::{Visit, is_from_elsewhere};
use crate::limits::UnderWay;
use crate::ports::{Buttons, Health, LedgerSink, Past, TeamSink, Trials};
use crate::team::TeamView;
use crate::view::View;

/// What the routes share.
#[derive(Clone)]
pub struct AppState {
    /// The incidents.
    pub view: Arc<View>,
    /// Where actions are written.
    pub sink: Arc<dyn LedgerSink>,
    /// Who is on call, what is silenced, who was signed out.
    pub team: Arc<TeamView>,
    /// Where changes of the team are written.
    pub team_sink: Arc<dyn TeamSink>,
    /// What tries the ways to people.
    pub trials: Arc<dyn Trials>,
    /// What sends the requests of buttons.
    pub buttons: Arc<dyn Buttons>,
    /// The configuration in force.
    pub config: ConfigReader,
    /// What signs and checks links.
    pub links: Arc<Links>,
    /// Who may read everything, and act by API.
    pub tokens: Arc<Tokens>,
    /// What signing in needs beside the configuration.
    pub signing_in: Arc<SigningIn>,
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
    /// What sessions hold for now.
    pub(crate) fn generations(&self) -> Generations {
        let config = self.config.load();
        let sign_in = &config.sign_in;
        let accounts = sign_in.oidc.as_ref().and_then(|oidc| {
            serde_json::to_string(&(&oidc.issuer, &oidc.client_id, &oidc.roles_claim, &sign_in.roles)).ok()
        });
        Generations { token: self.tokens.generation(), accounts }
    }

    /// Up to when sessions of this account are over, where somebody ended them.
    pub(crate) fn signed_out(&self, account: &Account) -> Option<Timestamp> {
        let config = self.config.load();
        let person = config.person_of(&account.id).map(|person| person.name.as_str());
        [Some(account.id.as_str()), person].into_iter().flatten().filter_map(|who| self.team.signed_out(who)).max()
    }

    /// The session of a request, where it has one that is valid.
    pub(crate) fn session(&self, headers: &HeaderMap) -> Option<Session> {
        Session::of(headers, self.is_secure(), &self.links.signer(), &self.generations(), clock::now())
    }

    /// Whether a form is one of somebody who is signed in, sent by a page of ours.
    pub(crate) fn has_signed_form(&self, visit: &Visit, sign: Option<&str>, headers: &HeaderMap) -> bool {
        let Visit::Visitor(visitor) = visit else { return false };
        let signed = sign.is_some_and(|sign| visitor.has_signed_form(&self.links.signer(), sign));
        signed && !self.is_from_elsewhere(headers)
    }

    /// Whether a browser says that another site sent a request.
    pub(crate) fn is_from_elsewhere(&self, headers: &HeaderMap) -> bool {
        is_from_elsewhere(headers, &self.config.load().web.public_url)
    }

    /// Whether the pages are reached over TLS only, so that cookies are kept to it.
    pub(crate) fn is_secure(&self) -> bool {
        self.config.load().web.is_secure()
    }
}

impl std::fmt::Debug for AppState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AppState").finish_non_exhaustive()
    }
}
