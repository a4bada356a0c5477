//! From the configuration to an adapter that sends: secrets are read once, what cannot work is refused.

use std::sync::Arc;

use orszem_core::receivers::{Prepared, Secrets};
use orszem_core::settings;

use super::console::Console;
use super::email::Email;
use super::fault::Fault;
use super::sender::Sender;
use super::{Outgoing, Receiver};

/// Why a receiver cannot be made of its configuration. Names the receiver; holds no secret.
#[derive(Debug, thiserror::Error)]
#[error("receiver {receiver:?}: {fault}")]
pub struct BuildError {
    /// The receiver's name.
    pub receiver: String,
    /// What is wrong.
    #[source]
    pub fault: Fault,
}

/// The receiver that `receiver` describes, reached on the way `outgoing`. Reads its secrets and files; connects to
/// nothing.
///
/// # Errors
/// What is wrong with its configuration.
pub fn build(
    receiver: &settings::Receiver,
    respond: &settings::Respond,
    outgoing: &Outgoing,
) -> Result<Arc<dyn Receiver>, BuildError> {
    let timeout = respond.timeout.0;
    let prepared = receiver.prepare(Secrets(&orszem_runtime::secret::reveal)).map_err(Fault::from);
    let built: Result<Arc<dyn Receiver>, Fault> = prepared.and_then(|prepared| match prepared {
        Prepared::Http(ready) => Ok(Arc::new(Sender::new(receiver.name(), ready, timeout, outgoing)?) as _),
        Prepared::Email(account) => Ok(Arc::new(Email::new(account, timeout, outgoing)?) as _),
        Prepared::Console(terminal) => Ok(Arc::new(Console::stdout(terminal)) as _),
    });
    built.map_err(|fault| BuildError { receiver: receiver.name().to_owned(), fault })
}
