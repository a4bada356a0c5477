//! Why a receiver cannot be made of its settings.

use orszem_core::receivers;

/// What is wrong with the configuration of a receiver.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// A key, or the secret that it names.
    #[error(transparent)]
    Settings(#[from] receivers::Fault),
    /// The HTTP client cannot be made.
    #[error("the HTTP client cannot be made: {0}")]
    Client(#[from] reqwest::Error),
    /// The SMTP client cannot be made.
    #[error("the SMTP client cannot be made: {0}")]
    Mail(#[from] lettre::transport::smtp::Error),
}

impl Fault {
    pub(super) fn value(field: &'static str, wrong: impl Into<String>) -> Fault {
        receivers::Fault::value(field, wrong).into()
    }
}
