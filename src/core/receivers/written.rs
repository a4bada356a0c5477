//! The keys of a receiver as they are written, for what can be said of them while others are still wrong.

use url::Url;

use crate::network::is_local;

/// The keys of one receiver in the configuration, whether they are right or not.
pub trait Written {
    /// Whether the key is there.
    fn has(&self, key: &str) -> bool;

    /// The text under the key.
    fn text(&self, key: &str) -> Option<&str>;

    /// The `true` or `false` under the key.
    fn flag(&self, key: &str) -> Option<bool>;

    /// The texts of the list under the key, or the one text.
    fn texts(&self, key: &str) -> Vec<&str> {
        self.text(key).into_iter().collect()
    }

    /// The address under the key.
    fn url(&self, key: &str) -> Option<Url> {
        Url::parse(self.text(key)?).ok()
    }
}

/// What is wrong with a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyFault {
    /// The key; `None` for the receiver as a whole.
    pub key: Option<&'static str>,
    /// Whether it only is likely not meant.
    pub is_warning: bool,
    /// What is wrong. Never repeats a secret.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

impl KeyFault {
    /// The program cannot run with it.
    pub fn error(key: &'static str, message: impl Into<String>) -> KeyFault {
        KeyFault { key: Some(key), is_warning: false, message: message.into(), help: None }
    }

    /// It is likely not meant.
    pub fn warning(key: &'static str, message: impl Into<String>) -> KeyFault {
        KeyFault { is_warning: true, ..KeyFault::error(key, message) }
    }

    /// The program cannot run with a receiver that lacks something.
    pub fn whole(message: impl Into<String>) -> KeyFault {
        KeyFault { key: None, is_warning: false, message: message.into(), help: None }
    }

    /// With what to do.
    pub fn help(self, help: impl Into<String>) -> KeyFault {
        KeyFault { help: Some(help.into()), ..self }
    }
}

/// `secret` would travel in the clear to an address under `key`.
pub(super) fn unencrypted(keys: &dyn Written, key: &'static str, secret: &str) -> Option<KeyFault> {
    let urls = keys.texts(key).into_iter().filter_map(|text| Url::parse(text).ok());
    urls.filter(|url| url.scheme() == "http").find(|url| !is_local(url))?;
    Some(KeyFault::warning(key, format!("{secret} is sent in the clear to \"{key}\"")).help("use https"))
}
