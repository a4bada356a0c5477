//! Mentions in, tallies out.

pub mod core;
pub mod dedup;
pub mod near_duplicates;
pub mod second_opinion;
pub mod source_activity;
mod two_blocks;
