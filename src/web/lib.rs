//! Pages, API and metrics for people and their tools: ledger → view → pages; button → ledger.
//!
//! Nothing here decides anything. The view is a fold of the ledger, held in memory; a button appends one entry to the
//! ledger and waits until the view has read it back. No page needs JavaScript.
//!
//! ```
//! use orszem_records::time::Timestamp;
//! use orszem_web::Signer;
//!
//! let signer = Signer::new(b"a secret");
//! let link = signer.link("https://orszem.example", "acme.1", "slack", Timestamp(1_800_000_000_000));
//! assert!(link.starts_with("https://orszem.example/incidents/acme.1?"));
//! ```

mod actions;
pub mod api;
mod chart;
mod format;
mod guard;
mod incident;
pub mod link;
mod ops;
mod pages;
pub mod query_preview;
pub mod server;
mod timeouts;
mod types;
pub mod view;
mod watches;

#[cfg(test)]
mod fixture;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;

pub use link::{Bearer, LinkError, Links, Signer};
pub use query_preview::Past;
pub use server::{router, serve};
pub use types::{Acted, Detail, Listing, Summary};
pub use view::{Filter, View};

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use tokio::sync::Semaphore;

use orszem_records::ledger::Entry;
use orszem_runtime::live_config::ConfigReader;
use orszem_runtime::status::StatusBoard;

/// Where a person's action is written: the ledger.
pub trait LedgerSink: Send + Sync {
    /// Appends `entry`; returns once it is committed.
    fn append<'a>(&'a self, entry: Entry) -> Pin<Box<dyn Future<Output = Result<(), SinkError>> + Send + 'a>>;
}

/// Why an entry could not be written. Worth another try later.
#[derive(Debug, thiserror::Error)]
#[error("the ledger could not be written: {0}")]
pub struct SinkError(pub String);

/// What this process says of itself. The texts of errors are shown to whoever asks: nothing secret in them.
pub trait Health: Send + Sync {
    /// Whether it lives: an error means that only a restart helps.
    fn healthy(&self) -> Result<(), String>;

    /// Whether it does its work now: an error says what is missing.
    fn ready(&self) -> Result<(), String>;
}

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
    /// What the watches see that this process detects for.
    pub board: StatusBoard,
    /// What `/-/healthy` and `/-/ready` ask.
    pub health: Arc<dyn Health>,
    /// What queries are tried on.
    pub past: Arc<dyn Past>,
    /// A query that is tried holds a permit.
    pub trying: Arc<Semaphore>,
}

impl std::fmt::Debug for AppState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AppState").finish_non_exhaustive()
    }
}
