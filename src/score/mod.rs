//! Mentions in, tallies out.

pub mod authors;
pub mod core;
pub mod repeats;
pub mod tally;
pub mod worker;
