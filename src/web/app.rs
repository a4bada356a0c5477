//! What the routes share.

use std::sync::Arc;

use tokio::sync::Semaphore;

use orszem_runtime::live_config::ConfigReader;
use orszem_runtime::startup::Startup;
use orszem_runtime::status::StatusBoard;

use crate::auth::link::Links;
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

impl std::fmt::Debug for AppState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AppState").finish_non_exhaustive()
    }
}
