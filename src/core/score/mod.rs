//! Mentions in, tallies out.

pub mod core;
pub mod heard;
pub mod near;
pub mod opinion;
pub mod repeats;
