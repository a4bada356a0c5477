//! `alerts.toml`: the one configuration file.
//!
//! text → syntax → secret_scan (no secret stands in it) → schema_check → cross_check (how the parts go together) →
//! secret_check (secrets and files) → [`Config`](orszem_core::settings::Config). Every step reports all it finds, and
//! the faults of all steps come back at once.
//!
//! Paths in the configuration (`file:PATH`, `ca_file`) are whole or start from the working directory of the program,
//! as the paths on its command line do; not from where the configuration lies.
//!
//! ```
//! use std::path::Path;
//!
//! let faults = orszem_config::check("[[watch]]\nname = \"Acme Kft.\"\n", Path::new("alerts.toml"));
//! assert!(faults.iter().any(|fault| fault.to_string().starts_with("alerts.toml:2:8: ")), "{faults:?}");
//! ```

pub mod against;
mod cross_check;
mod diagnostics;
pub mod fault;
mod formats;
mod include;
pub mod literal;
mod load;
pub mod metrics;
mod options;
mod parts;
mod random_looking;
pub mod reload;
pub mod rotation;
#[cfg(test)]
mod safety_tests;
mod schema;
mod schema_check;
mod secret_check;
mod secret_patterns;
mod secret_scan;
#[cfg(test)]
mod secret_scan_tests;
mod slug;
mod syntax;
#[cfg(test)]
mod tests;

pub use fault::{Fault, Faults, Position, Severity};
pub use load::{Loaded, SecretCheck, check, examine, load, named_secrets, read};
pub use options::is_secret as is_secret_option;
pub use reload::{Handle, Reload};
pub use rotation::{NamedSecret, Rotates, SecretReport};
pub use schema::schema;
pub use slug::slug;
