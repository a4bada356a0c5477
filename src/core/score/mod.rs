//! Mentions in, tallies out.

pub mod core;
pub mod source_activity;
pub mod near_duplicates;
pub mod second_opinion;
pub mod dedup;
