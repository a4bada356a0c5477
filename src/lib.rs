//! Orszem: mentions → score → tallies → detect → ledger → respond → receivers.
//!
//! Three stages, each a pure core in a thin shell; Kafka is the only store and the only coordinator. The cores and the
//! adapters are crates of their own (docs/architecture.md); here is what puts them together.

mod buttons;
pub mod cli;
pub mod metrics;
pub mod outside;
mod readiness;
pub mod sentiment_client;
pub mod service;
pub mod serving;
pub mod trials;
