//! Tallies in, signals out.

pub mod baseline;
pub mod repeat_weights;
pub mod core;
pub mod slow_burn;
pub mod drivers;
pub mod episode;
pub mod feed;
pub mod forecast;
pub mod pack;
pub mod absence;
pub mod rhythm;
pub mod minute_counts;
pub mod multiscale;
pub mod severity;
pub mod snapshot;
pub mod evaluate;
pub mod tail_model;
pub mod watch_state;

#[cfg(test)]
mod properties;
