//! Mentions in, tallies out.

pub mod authors;
pub mod core;
pub mod gist;
pub mod heard;
pub mod near;
pub mod opinion;
pub mod repeats;
pub mod rulebook;
pub mod service;
pub mod tally;
pub mod worker;
