//! The settings of `alerts.toml`, as the program reads them: a file for each section; those of receivers are in
//! [`receivers`](crate::receivers). Every field is documented: `orszem check --print-schema` prints it for editors.
//! Reading and checking the file is the crate `config`'s.

pub mod config;
pub mod detect;
pub mod escalation;
pub mod feed;
pub mod input;
pub mod kafka;
pub mod kafka_options;
pub mod log;
pub mod respond;
pub mod score;
pub mod secret;
pub mod sentiment;
pub mod severity;
pub mod span;
pub mod types;
pub mod watch;
pub mod web;

pub use secret::Secret;
pub use span::Span;
pub use types::*;
