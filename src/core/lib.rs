//! The cores: what is decided from records and settings. They have no clock, no files, no network and no randomness; the
//! shells around them bring time and records.
//!
//! input → score → detect → respond → notification; simulate, replay and backtest run the same cores on made or past
//! mentions. No stage imports another.

pub mod backtest;
pub mod detect;
pub mod input;
pub mod notification;
pub mod range;
pub mod replay;
pub mod respond;
pub mod score;
pub mod settings;
pub mod simulate;
pub mod stage;

#[cfg(test)]
extern crate self as orszem_core;
