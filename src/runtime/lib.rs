//! What every adapter stands on: the clock, metrics, secrets, models, signs of life, and what a check of something
//! outside found.
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

pub mod clock;
pub mod lifecycle;
pub mod metrics;
pub mod models;
pub mod probe;
pub mod random;
pub mod secret;
pub mod status;

use arc_swap::ArcSwap;
use orszem_core::settings::Config;
use std::sync::Arc;

/// The configuration in force: swapped as a whole, for the next reader.
pub type Shared = Arc<ArcSwap<Config>>;
