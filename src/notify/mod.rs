//! Receivers: one file for each kind. A receiver turns a [`Notice`] into its service's form and reads the answer.

pub mod page;

pub use page::{Notice, Page};

use std::future::Future;
use std::pin::Pin;

use crate::respond::ledger::Delivery;

/// A place that notifications go to. One per `[[receiver]]`, shared by all sends.
pub trait Receiver: Send + Sync {
    /// Sends one notice and reads the answer. Never panics, never takes longer than the configured timeout by its own
    /// doing, never puts a secret into the result.
    fn send<'a>(&'a self, notice: &'a Notice) -> Pin<Box<dyn Future<Output = Delivery> + Send + 'a>>;

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
    pub keep_firing: Option<std::time::Duration>,
}
