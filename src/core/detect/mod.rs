//! Tallies in, signals out.

pub mod baseline;
pub mod copies;
pub mod core;
pub mod course;
pub mod drivers;
pub mod episode;
pub mod feed;
pub mod forecast;
pub mod pack;
pub mod presence;
pub mod rhythm;
pub mod rows;
pub mod scales;
pub mod severity;
pub mod snapshot;
pub mod surprise;
pub mod tail;
pub mod watch_state;

#[cfg(test)]
mod properties;
