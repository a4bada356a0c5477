//! Receivers: one file for each kind. A receiver turns a [`Notice`] into its service's form and reads the answer.

//!
//! `Page` (content) → `clean`, `cut`, `quote` (harmless, short) → `text`, `html`, `blocks` (form) → a receiver → `Delivery`.

pub mod alertmanager;
mod blocks;
pub mod build;
pub mod clean;
pub mod console;
pub mod cut;
pub mod email;
pub mod guard;
mod html;
pub mod http;
pub mod page;
pub mod pagerduty;
pub mod probe;
pub mod quote;
pub mod slack;
pub mod text;
pub mod webhook;

pub use build::{BuildError, build};
pub use page::{Notice, Page};
pub use probe::Probed;

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use crate::probe::Finding;
use crate::respond::ledger::Delivery;

/// A place that notifications go to. One per `[[receiver]]`, shared by all sends.
pub trait Receiver: Send + Sync {
    /// Sends one notice and reads the answer. Never panics, never takes longer than the configured timeout by its own
    /// doing, never puts a secret into the result.
    fn send<'a>(&'a self, notice: &'a Notice) -> Pin<Box<dyn Future<Output = Delivery> + Send + 'a>>;

    /// Looks whether it would take a notice, as far as that can be known without telling anybody anything. Takes at most
    /// about the configured timeout, never panics, never puts a secret into the result.
    fn probe<'a>(&'a self) -> Pin<Box<dyn Future<Output = Probed> + Send + 'a>> {
        Box::pin(async { Finding::skipped("", "this kind of receiver can only be checked by a page").into() })
    }

    /// What this kind of receiver can take.
    fn abilities(&self) -> Abilities;
}

/// What a kind of receiver can do with an incident that it was already told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Abilities {
    /// Newer figures replace the old ones in place (otherwise only a rise in severity is worth a new message).
    pub updates: bool,
    /// It has a state "acknowledged" of its own that can be set.
    pub acknowledges: bool,
    /// The incident must be sent again at this interval while it is open, or it ends by itself.
    pub keep_firing: Option<Duration>,
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
