//! Tallies in, signals out.

pub mod absence;
pub mod baseline;
pub mod core;
pub mod drivers;
pub mod episode;
pub mod evaluate;
pub mod feed;
pub mod forecast;
pub mod limits;
pub mod minute_counts;
pub mod multiscale;
pub mod numbered;
pub mod pack;
pub mod repeat_weights;
pub mod rhythm;
pub mod severity;
pub mod slow_burn;
pub mod snapshot;
pub mod tail_model;
pub mod totals;
pub mod watch;
pub mod weighed_counts;

#[cfg(test)]
mod properties_tests;
