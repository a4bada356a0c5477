//! Why a receiver cannot be set up.

use crate::settings::secret::SecretError;

/// What is wrong with the settings of a receiver. Holds no secret.
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
}

impl Fault {
    /// The value under the key `field` is wrong. `wrong` must not repeat a secret.
    pub fn value(field: &'static str, wrong: impl Into<String>) -> Fault {
        Fault::Value { field, wrong: wrong.into() }
    }
}
