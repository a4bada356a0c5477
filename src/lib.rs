//! Orszem: mentions → score → tallies → detect → ledger → respond → receivers.
//!
//! Three stages, each a pure core in a thin shell; Kafka is the only store and the only coordinator.

pub mod backtest;
pub mod cli;
pub mod clock;
pub mod config;
pub mod detect;
mod entity;
pub mod input;
pub mod kafka;
pub mod mention;
pub mod metrics;
pub mod notify;
pub mod probe;
pub mod replay;
pub mod respond;
pub mod score;
pub mod sentiment;
pub mod service;
pub mod simulate;
pub mod time;
pub mod watch;
pub mod web;
