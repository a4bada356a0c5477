//! `alerts.toml`: the one configuration file.

pub mod secret;
pub mod types;

pub use secret::Secret;
pub use types::Config;
