//! Tallies in, signals out.

pub mod signal;
