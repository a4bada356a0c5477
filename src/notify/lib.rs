//! Receivers: one file for each kind. A receiver turns a [`Notice`] into its service's form and reads the answer.
//!
//! ```
//! use orszem_core::settings::types::{Console, Receiver, Respond};
//!
//! let terminal = Receiver::Console(Console { name: "terminal".into() });
//! assert!(orszem_notify::build(&terminal, &Respond::default()).is_ok());
//! ```

//!
//! `Page` (content, harmless and short) → `text`, `html`, `blocks` (form) → a receiver → `Delivery`.

pub mod alertmanager;
mod blocks;
pub mod console;
pub mod email;
pub mod http;
pub mod pagerduty;
pub mod probe;
pub mod registry;
pub mod slack;
pub mod ssrf;
pub mod webhook;

pub use probe::Probed;
pub use registry::{BuildError, build};

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use orszem_core::notification::{Capabilities, Notice};
use orszem_records::ledger::Delivery;
use orszem_runtime::probe::Finding;

/// A place that notifications go to. One per `[[receiver]]`, shared by all sends.
pub trait Receiver: Send + Sync {
    /// Sends one notice and reads the answer. Never panics, never takes longer than the configured timeout by its own
    /// doing, never puts a secret into the result.
    fn send<'a>(&'a self, notice: &'a Notice) -> Pin<Box<dyn Future<Output = Delivery> + Send + 'a>>;

    /// Looks whether it would take a notice, as far as that can be known without telling anybody anything. Takes at
    /// most about the configured timeout, never panics, never puts a secret into the result.
    fn probe<'a>(&'a self) -> Pin<Box<dyn Future<Output = Probed> + Send + 'a>> {
        Box::pin(async { Finding::skipped("", "this kind of receiver can only be checked by a page").into() })
    }

    /// What this kind of receiver can take.
    fn capabilities(&self) -> Capabilities;
}

/// A send that ends after `timeout`, whatever it is made of.
async fn within(timeout: Duration, send: impl Future<Output = Delivery>) -> Delivery {
    let late = || Delivery::Retry { reason: format!("no answer within {timeout:?}"), after_ms: None };
    tokio::time::timeout(timeout, send).await.unwrap_or_else(|_| late())
}

#[cfg(test)]
pub(crate) mod fixture;

/// Strict stand-ins for the services, shared with the tests on the real program.
#[cfg(test)]
#[path = "../../tests/support/doubles/mod.rs"]
#[allow(dead_code, unreachable_pub, unused_imports, missing_docs, reason = "shared: not all of it is used here")]
pub(crate) mod doubles;

#[cfg(test)]
mod doubles_tests;
