//! Sends to receivers. What each kind sends and how it reads the answer is in
//! [`orszem_core::receivers`]; here are the ways there.
//!
//! ```
//! use orszem_core::receivers::console::Console;
//! use orszem_notify::Outgoing;
//! use orszem_core::settings::{Receiver, Respond};
//!
//! let terminal = Receiver::Console(Console { name: "terminal".into(), language: None, time_zone: None });
//! assert!(orszem_notify::build(&terminal, &Respond::default(), &Outgoing::default()).is_ok());
//! ```
//!
//! `adapter` picks one: `sender` for whatever speaks HTTP, `email` (SMTP), `console`. `calendar` reads those that
//! others keep; `button` sends what a button of a playbook does; `switch` calls a dead man's switch.

pub mod adapter;
pub mod button;
pub mod calendar;
pub mod console;
pub mod email;
pub mod fault;
pub mod http;
pub mod outgoing;
pub mod probe;
pub mod sender;
pub mod ssrf;
pub mod switch;

pub use adapter::{BuildError, build};
pub use button::Button;
pub use calendar::{Calendar, Fetched, HttpCalendar};
pub use outgoing::Outgoing;
pub use probe::Probed;
pub use switch::Switch;

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use orszem_core::notification::{Capabilities, Notice};
use orszem_core::receivers::Sent;
use orszem_records::ledger::Delivery;
use orszem_runtime::probe::Finding;

/// A place that notifications go to. One per `[[receiver]]`, shared by all sends.
pub trait Receiver: Send + Sync {
    /// Sends one notice and reads the answer. Never panics, never takes longer than the configured timeout by its own
    /// doing, never puts a secret into the result.
    fn send<'a>(&'a self, notice: &'a Notice) -> Pin<Box<dyn Future<Output = Sent> + Send + 'a>>;

    /// Looks whether it would take a notice, as far as that can be known without telling anybody anything. Takes at
    /// most about the configured timeout, never panics, never puts a secret into the result.
    fn probe<'a>(&'a self) -> Pin<Box<dyn Future<Output = Probed> + Send + 'a>> {
        Box::pin(async { Finding::skipped("", "this kind of receiver can only be checked by a page").into() })
    }

    /// Waits for what became of a notice after it was accepted: a mail that came back, a text that was not delivered.
    /// Each is told once; what was not [taken](Receiver::taken) is told again after a restart. A receiver whose service
    /// tells nothing waits without end. Only the copy that decides asks, and it may stop waiting at any time.
    fn late<'a>(&'a self) -> Pin<Box<dyn Future<Output = LateReport> + Send + 'a>> {
        Box::pin(std::future::pending())
    }

    /// A report is in the ledger, or is about nothing that is known there.
    fn taken(&self, _report: &LateReport) {}

    /// What this kind of receiver can take.
    fn capabilities(&self) -> Capabilities;
}

/// A notice that was accepted did not arrive after all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LateReport {
    /// The message that the notice was of.
    pub message: String,
    /// Why it did not arrive. Holds no secret.
    pub reason: String,
}

fn late(timeout: Duration) -> Delivery {
    Delivery::Retry { reason: format!("no answer within {timeout:?}"), after_ms: None }
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
