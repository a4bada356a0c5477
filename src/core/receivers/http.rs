//! What a kind of receiver says of itself that is reached by HTTP. It sends nothing: one sender serves them all.

use std::path::Path;

use orszem_records::ledger::Delivery;

use super::answer::Answer;
use super::request::Request;
use crate::finding::Finding;
use crate::notification::{Capabilities, Notice};

/// A receiver that is reached by HTTP, with its secrets.
pub trait HttpReceiver: Send + Sync {
    /// The requests that tell the service of a notice. Several only where the service has several instances: each is
    /// told, and one that takes it is enough.
    fn requests(&self, notice: &Notice) -> Vec<Request>;

    /// What an answer to one of [`requests`](HttpReceiver::requests) means. Never puts a secret into the result.
    fn read(&self, notice: &Notice, answer: &Answer) -> Reading;

    /// The request that is sent once the service took those of [`requests`](HttpReceiver::requests), where a notice
    /// needs a second one: its answer is read as theirs, and both are sent again if it fails.
    fn follow_up(&self, _notice: &Notice) -> Option<Request> {
        None
    }

    /// What this receiver can do with an incident that it knows.
    fn capabilities(&self) -> Capabilities;

    /// What must not appear in anything that is said of it: tokens, keys, the secret parts of its address.
    fn secrets(&self) -> Vec<String>;

    /// A certificate authority to trust beside the system's: a PEM file.
    fn ca_file(&self) -> Option<&Path> {
        None
    }

    /// Whether it may be in a private network. Otherwise only public addresses are connected to.
    fn allows_private(&self) -> bool {
        true
    }

    /// The requests that show whether it would take a notice, without telling anybody anything. One for each instance.
    fn probes(&self) -> Vec<Request>;

    /// What an answer to one of [`probes`](HttpReceiver::probes) shows. The finding needs no name.
    fn judge(&self, probe: &Request, answer: &Answer) -> Finding;
}

/// What an answer means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading {
    /// The outcome.
    Outcome(Delivery),
    /// The service took it, and answered otherwise than it is documented: people are told so (`note`).
    Noted {
        /// What later messages need to change this one, as in [`Delivery::Accepted`].
        reference: Option<String>,
        /// What was odd.
        note: String,
    },
    /// The message that was to be changed (`reference` of the notice) can no longer be changed: it is sent as a
    /// new message. If the notice had no `reference`, this is the reason why it failed.
    Gone(String),
}

impl From<Delivery> for Reading {
    fn from(delivery: Delivery) -> Reading {
        Reading::Outcome(delivery)
    }
}
