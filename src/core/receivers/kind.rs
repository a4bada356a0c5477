//! What each kind of receiver says of itself, and what an adapter gets of it.

use super::fault::Fault;
use super::http::HttpReceiver;
use super::written::{KeyFault, Written};
use super::{console, email};
use crate::settings::secret::{Secret, SecretError};
use crate::words::Language;

/// The settings of one kind of receiver.
pub trait Kind {
    /// The kind, as the configuration writes it.
    const KIND: &'static str;

    /// The name by which escalations call it.
    fn name(&self) -> &str;

    /// For whom what is sent to it is written.
    fn reader(&self) -> Reader<'_>;

    /// The same receiver as the way to a person.
    #[must_use]
    fn of_person(&self, way: PersonalWay<'_>) -> Self;

    /// What is wrong with its keys that the schema cannot say.
    fn check(_keys: &dyn Written) -> Vec<KeyFault> {
        Vec::new()
    }

    /// What is wrong with a secret of this form (`x-secret` of the schema), without repeating it. Forms of other kinds
    /// are none of its business.
    fn misshapen(_form: &str, _secret: &str) -> Option<&'static str> {
        None
    }

    /// What an adapter needs to send to it.
    ///
    /// # Errors
    /// A secret that cannot be read, or a value that cannot work.
    fn prepare(&self, secrets: Secrets<'_>) -> Result<Prepared, Fault>;
}

/// What makes a receiver the way to a person.
#[derive(Clone, Debug)]
pub struct PersonalWay<'a> {
    /// The name that attempts give to it: `anna/mail`.
    pub name: String,
    /// The person at the service, where the way names one.
    pub to: Option<&'a str>,
    /// The person's language and clock.
    pub reader: Reader<'a>,
}

/// The language and the clock of anyone who reads at a receiver, as far as its settings say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reader<'a> {
    /// The language.
    pub language: Option<Language>,
    /// The time zone, by its IANA name.
    pub time_zone: Option<&'a str>,
}

/// A receiver with its secrets, sorted by the adapter that sends to it.
pub enum Prepared {
    /// By HTTP.
    Http(Box<dyn HttpReceiver>),
    /// By e-mail.
    Email(email::Account),
    /// To the terminal.
    Console(console::Terminal),
}

/// Reads the secrets that settings name.
#[derive(Clone, Copy)]
pub struct Secrets<'a>(pub &'a dyn Fn(&Secret) -> Result<String, SecretError>);

impl Secrets<'_> {
    /// The value of the secret under the key `field`.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn reveal(self, field: &'static str, secret: &Secret) -> Result<String, Fault> {
        (self.0)(secret).map_err(|fault| Fault::Secret { field, fault })
    }
}
