//! The cores: what is decided from records and settings. They have no clock, no files, no network and no randomness;
//! the shells around them bring time and records.
//!
//! input → score → detect → respond → notification → receivers; simulate, replay and backtest run the same cores on
//! made or past mentions. No stage imports another.
//!
//! ```
//! use orszem_core::respond::deliver::retry::wait_ms;
//! use orszem_core::settings::{Respond, Span};
//!
//! // The first retry of a message comes after about `retry_first`, the same on every copy.
//! let respond = Respond { retry_first: Span::from_secs(10), ..Respond::default() };
//! let wait = wait_ms(&respond, "acme.1/slack/0", 0, None);
//! assert_eq!(wait, wait_ms(&respond, "acme.1/slack/0", 0, None));
//! ```

pub mod backtest;
pub mod card;
pub mod detect;
pub mod drill;
pub mod evidence;
pub mod finding;
pub mod input;
pub mod network;
pub mod notification;
pub mod oncall;
pub mod playbook;
pub mod posting;
pub mod proxies;
pub mod range;
pub mod readiness;
pub mod receivers;
pub mod rehearsal;
pub mod replay;
pub mod report;
pub mod respond;
pub mod routing;
pub mod score;
pub mod settings;
pub mod simulate;
mod situation;
pub mod stage;
pub mod subnet;
pub mod words;

#[cfg(test)]
mod cases_fixture;
#[cfg(test)]
extern crate self as orszem_core;
