//! What the pages need from the program around them.

use std::future::Future;
use std::pin::Pin;

use axum::http::{Request, Response};
use orszem_core::playbook::press::PressRequest;
use orszem_core::range::{RangeQuery, Read};
use orszem_records::ledger::{Entry, PressResult};
use orszem_records::team::Record;

/// Where a person's action is written: the ledger.
pub trait LedgerSink: Send + Sync {
    /// Appends `entry`; returns its offset once it is committed. The entries of one watch are in one partition, so that
    /// their offsets are in the order in which every copy reads them.
    fn append<'a>(&'a self, entry: Entry) -> Pin<Box<dyn Future<Output = Result<i64, SinkError>> + Send + 'a>>;
}

/// Where it is written what people change for the team.
pub trait TeamSink: Send + Sync {
    /// Appends `record`; returns its offset once it is committed.
    fn append<'a>(&'a self, record: Record) -> Pin<Box<dyn Future<Output = Result<i64, SinkError>> + Send + 'a>>;
}

/// Why a record could not be written. Worth another try later.
#[derive(Debug, thiserror::Error)]
#[error("it could not be written: {0}")]
pub struct SinkError(pub String);

/// The state of this process. The texts of errors are shown to anybody who asks: nothing secret in them.
pub trait Health: Send + Sync {
    /// Whether the process is alive: an error means that only a restart helps.
    fn healthy(&self) -> Result<(), String>;

    /// Whether the process does its work now: an error says what is missing.
    fn ready(&self) -> Result<(), String>;
}

/// Where queries find mentions of the past.
pub trait Past: Send + Sync {
    /// Gives `take` each record of a topic in the extent; says whether all of them were read. Blocks.
    ///
    /// # Errors
    /// Why the topic cannot be read.
    fn read(&self, topic: &str, extent: RangeQuery, take: &mut dyn FnMut(&Read)) -> Result<bool, String>;
}

/// What tries the ways to people.
pub trait Trials: Send + Sync {
    /// Sends a person a message by the way of a receiver, with a link at which they answer it.
    ///
    /// # Errors
    /// Why it was not taken, without anything secret.
    fn send<'a>(
        &'a self,
        person: &'a str,
        receiver: &'a str,
    ) -> Pin<Box<dyn Future<Output = Result<(), String>> + Send + 'a>>;
}

/// What sends the requests of buttons.
pub trait Buttons: Send + Sync {
    /// Sends the one request of a press, and says what came of it, without anything secret. Takes about as long as a
    /// receiver may.
    fn press<'a>(&'a self, press: &'a PressRequest) -> Pin<Box<dyn Future<Output = PressResult> + Send + 'a>>;
}

/// An answer from outside that is waited for, or why there is none.
pub type Answering<'a> = Pin<Box<dyn Future<Output = Result<Response<Vec<u8>>, String>> + Send + 'a>>;

/// The way out to the provider of identities.
pub trait Outside: Send + Sync {
    /// Sends a request and reads the answer, whatever its status. Follows no redirect, and gives up in time.
    ///
    /// # Errors
    /// Why there is no answer, without anything secret.
    fn send(&self, request: Request<Vec<u8>>) -> Answering<'_>;
}
