//! Strict doubles of the services that carry a page or judge a mention: they take what the originals take and refuse
//! what those refuse, with the same words, and remember everything.
//!
//! Plain Rust on axum, serde_json and tokio, without anything of orszem in it: a fault there must not hide a fault
//! here. Each runs on a port of its own on 127.0.0.1 until it is dropped.

pub mod judges;
pub mod pagerduty;
pub mod script;
pub mod slack;
mod slack_blocks;
pub mod webhook;

pub use judges::Judges;
pub use pagerduty::Pagerduty;
pub use script::Answer;
pub use slack::Slack;
pub use webhook::Webhook;
