//! Mentions in, tallies out.

pub mod authors;
pub mod tally;
