//! What the tests of receivers share.

use super::fault::Fault;
use super::http::HttpReceiver;
use super::kind::{Prepared, Secrets};
use super::written::Written;
use super::{Answer, Receiver};
use crate::settings::secret::{Place, Secret, SecretError};

/// The name of a secret that has this value.
pub(super) fn secret(value: &str) -> Secret {
    Secret::parse(&format!("file:{value}")).unwrap()
}

/// Reads what [`secret`] named.
pub(super) fn reveal(secret: &Secret) -> Result<String, SecretError> {
    match secret.place() {
        Place::File(value) => Ok(value.display().to_string()),
        Place::Env(name) => Err(SecretError::Env(name.clone())),
    }
}

/// A receiver that is reached by HTTP, ready to be sent to.
pub(super) fn http(receiver: &Receiver) -> Result<Box<dyn HttpReceiver>, Fault> {
    match receiver.prepare(Secrets(&reveal))? {
        Prepared::Http(ready) => Ok(ready),
        _ => panic!("{receiver:?} is not reached by HTTP"),
    }
}

/// An answer of this status.
pub(super) fn answer(status: u16, body: &str) -> Answer {
    Answer { status, body: body.to_owned(), ..Answer::default() }
}

/// What is checked of the keys of a receiver: the key of each fault (empty for the whole), and its message.
pub(super) fn faults(keys: &str) -> Vec<(&'static str, String)> {
    let keys: toml::Table = toml::from_str(keys).unwrap();
    let kind = keys["kind"].as_str().unwrap().to_owned();
    super::check(&kind, &keys).into_iter().map(|fault| (fault.key.unwrap_or(""), fault.message)).collect()
}

impl Written for toml::Table {
    fn has(&self, key: &str) -> bool {
        self.contains_key(key)
    }

    fn text(&self, key: &str) -> Option<&str> {
        self.get(key)?.as_str()
    }

    fn texts(&self, key: &str) -> Vec<&str> {
        match self.get(key) {
            Some(toml::Value::Array(items)) => items.iter().filter_map(toml::Value::as_str).collect(),
            other => other.and_then(toml::Value::as_str).into_iter().collect(),
        }
    }

    fn flag(&self, key: &str) -> Option<bool> {
        self.get(key)?.as_bool()
    }
}
