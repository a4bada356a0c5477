//! What every adapter stands on: the clock, the configuration in force, metrics, secrets, models, signs of life, and
//! what a check of something outside found.
//!
//! ```
//! use orszem_core::settings::Secret;
//! use orszem_runtime::secret::reveal;
//!
//! let secret = Secret::parse("env:PATH").unwrap();
//! assert!(reveal(&secret).is_ok());
//! // A secret that is not where it should be is an error that names the place, and never the value.
//! let gone = Secret::parse("file:/nowhere/token").unwrap();
//! assert!(reveal(&gone).unwrap_err().to_string().contains("/nowhere/token"));
//! ```

pub mod certificate;
pub mod clock;
pub mod endings;
pub mod lifecycle;
pub mod live_config;
pub mod metrics;
pub mod models;
pub mod probe;
pub mod random;
pub mod reminder;
pub mod secret;
pub mod startup;
pub mod status;
pub mod watchdog;
