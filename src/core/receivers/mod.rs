//! Receivers: a folder for each kind. Each keeps its settings, what is checked of them, what it sends of a notification
//! and how it reads the answer. All of it is pure; the crate `notify` sends.
//!
//! [`Receiver`] (as configured) → [`Kind::prepare`] (with its secrets) → [`Prepared`]: what an adapter sends.
//!
//! ```
//! use orszem_core::receivers::Receiver;
//!
//! let settings = "kind = \"alertmanager\"\nname = \"am\"\nurls = [\"https://am.example\"]";
//! let receiver: Receiver = toml::from_str(settings).unwrap();
//! assert_eq!((receiver.name(), receiver.kind()), ("am", "alertmanager"));
//! ```

pub mod address;
pub mod alertmanager;
pub mod answer;
pub mod console;
pub(crate) mod credentials;
pub mod email;
mod fault;
pub mod http;
pub mod instances;
pub mod kind;
pub mod pagerduty;
mod probe;
pub mod request;
mod sent;
pub mod slack;
pub mod switch;
pub mod webhook;
pub mod written;

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod messages_tests;

pub use answer::{Answer, excerpt};
pub use fault::Fault;
pub use http::{HttpReceiver, Reading};
pub use kind::{Kind, PersonalWay, Prepared, Reader, Secrets};
pub use request::{Method, Request};
pub use sent::Sent;
pub use written::{KeyFault, Written};

use schemars::JsonSchema;
use serde::Deserialize;

/// The registry: `Variant: folder`, one line for each kind. A folder has the settings under the name of the variant.
macro_rules! receivers {
    ($($(#[doc = $doc:literal])+ $variant:ident: $folder:ident,)+) => {
        /// `[[receiver]]`: a place a notification can go.
        #[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
        #[serde(tag = "kind", rename_all = "kebab-case")]
        pub enum Receiver {
            $($(#[doc = $doc])+ $variant($folder::$variant),)+
        }

        impl Receiver {
            /// All kinds, as the configuration writes them.
            pub const KINDS: &[&str] = &[$(<$folder::$variant as Kind>::KIND,)+];

            /// The name by which escalations call it.
            pub fn name(&self) -> &str {
                match self { $(Receiver::$variant(settings) => settings.name(),)+ }
            }

            /// Its kind, as the configuration writes it.
            pub fn kind(&self) -> &'static str {
                match self { $(Receiver::$variant(_) => <$folder::$variant as Kind>::KIND,)+ }
            }

            /// For whom what is sent to it is written.
            pub fn reader(&self) -> Reader<'_> {
                match self { $(Receiver::$variant(settings) => settings.reader(),)+ }
            }

            /// The same receiver as the way to a person.
            #[must_use]
            pub fn of_person(&self, way: PersonalWay<'_>) -> Receiver {
                match self { $(Receiver::$variant(settings) => Receiver::$variant(settings.of_person(way)),)+ }
            }

            /// What an adapter needs to send to it.
            ///
            /// # Errors
            /// A secret that cannot be read, or a value that cannot work.
            pub fn prepare(&self, secrets: Secrets<'_>) -> Result<Prepared, Fault> {
                match self { $(Receiver::$variant(settings) => settings.prepare(secrets),)+ }
            }
        }

        /// What is wrong with a receiver of this kind that the schema cannot say. Nothing for a kind that is not known.
        pub fn check(kind: &str, keys: &dyn Written) -> Vec<KeyFault> {
            match kind {
                $(<$folder::$variant as Kind>::KIND => <$folder::$variant as Kind>::check(keys),)+
                _ => Vec::new(),
            }
        }

        /// What is wrong with a secret of this form (`x-secret` of the schema), without repeating it. Nothing for a
        /// form that no kind knows.
        pub fn misshapen(form: &str, secret: &str) -> Option<&'static str> {
            [$(<$folder::$variant as Kind>::misshapen,)+].iter().find_map(|misshapen| misshapen(form, secret))
        }
    };
}

receivers! {
    /// A Slack channel.
    Slack: slack,
    /// A mailbox.
    Email: email,
    /// A PagerDuty service (Events API v2).
    Pagerduty: pagerduty,
    /// Prometheus Alertmanager.
    Alertmanager: alertmanager,
    /// Any HTTP endpoint, signed after Standard Webhooks 1.0.
    Webhook: webhook,
    /// The terminal.
    Console: console,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_called_the_same_by_the_schema() {
        let schema = schemars::schema_for!(Receiver).to_value();
        let kinds = schema["oneOf"].as_array().unwrap().iter().map(|one| one["properties"]["kind"]["const"].clone());
        assert_eq!(kinds.collect::<Vec<_>>(), Receiver::KINDS);
    }
}
