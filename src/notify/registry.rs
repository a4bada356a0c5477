//! From the configuration to a receiver that can send: secrets are read once, what cannot work is refused.

use std::sync::Arc;

use reqwest::Url;

use orszem_core::settings::secret::{Secret, SecretError};
use orszem_core::settings::types;

use super::Receiver;
use super::alertmanager::Alertmanager;
use super::console::Console;
use super::email::Email;
use super::pagerduty::Pagerduty;
use super::slack::Slack;
use super::webhook::Webhook;

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

/// What is wrong with the configuration of a receiver.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// A secret could not be read.
    #[error("{field}: {fault}")]
    Secret {
        /// The key in the configuration.
        field: &'static str,
        /// Why not.
        #[source]
        fault: SecretError,
    },
    /// A value is not of the form that the service asks for.
    #[error("{field}: {wrong}")]
    Value {
        /// The key in the configuration.
        field: &'static str,
        /// What is wrong, and what would be right. Never repeats a secret.
        wrong: String,
    },
    /// The HTTP client cannot be made.
    #[error("the HTTP client cannot be made: {0}")]
    Client(#[from] reqwest::Error),
    /// The SMTP client cannot be made.
    #[error("the SMTP client cannot be made: {0}")]
    Mail(#[from] lettre::transport::smtp::Error),
}

impl Fault {
    pub(super) fn value(field: &'static str, wrong: impl Into<String>) -> Fault {
        Fault::Value { field, wrong: wrong.into() }
    }
}

/// The receiver that `receiver` describes. Reads its secrets and files; connects to nothing.
pub fn build(receiver: &types::Receiver, respond: &types::Respond) -> Result<Arc<dyn Receiver>, BuildError> {
    let timeout = respond.timeout.0;
    let built: Result<Arc<dyn Receiver>, Fault> = match receiver {
        types::Receiver::Slack(config) => Slack::new(config, timeout).map(|made| Arc::new(made) as _),
        types::Receiver::Email(config) => Email::new(config, timeout).map(|made| Arc::new(made) as _),
        types::Receiver::Pagerduty(config) => Pagerduty::new(config, timeout).map(|made| Arc::new(made) as _),
        types::Receiver::Alertmanager(config) => Alertmanager::new(config, timeout).map(|made| Arc::new(made) as _),
        types::Receiver::Webhook(config) => Webhook::new(config, timeout).map(|made| Arc::new(made) as _),
        types::Receiver::Console(config) => Ok(Arc::new(Console::stdout(&config.name))),
    };
    built.map_err(|fault| BuildError { receiver: receiver.name().to_owned(), fault })
}

/// The value of a secret.
pub(super) fn reveal(field: &'static str, secret: &Secret) -> Result<String, Fault> {
    orszem_runtime::secret::reveal(secret).map_err(|fault| Fault::Secret { field, fault })
}

/// An `http` or `https` address with a host. Not repeated in the error: some addresses are secrets.
pub(super) fn web_address(field: &'static str, text: &str) -> Result<Url, Fault> {
    let url = Url::parse(text.trim()).map_err(|fault| Fault::value(field, format!("no address: {fault}")))?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none_or(str::is_empty) {
        return Err(Fault::value(field, "an address begins with https:// or http:// and names a host"));
    }
    Ok(url)
}

/// The address of an API to which paths are added: without `/` at its end, query and fragment.
pub(super) fn base_address(field: &'static str, text: &str) -> Result<String, Fault> {
    let url = web_address(field, text)?;
    if url.query().is_some() || url.fragment().is_some() {
        return Err(Fault::value(field, "the address of an API has neither ? nor #"));
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}
