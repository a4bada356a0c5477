//! Tallies in, signals out.

pub mod absence;
pub mod baseline;
mod budget;
mod compact;
pub mod core;
pub mod course;
pub mod drivers;
pub mod episode;
pub mod evaluate;
pub mod expectation;
pub mod feed;
pub mod figures;
pub mod forecast;
pub mod half_hours;
pub mod limits;
pub mod minute_counts;
pub mod multiscale;
pub mod numbered;
mod old_snapshot;
pub mod pack;
pub mod repeat_weights;
pub mod rhythm;
mod roster;
pub mod severity;
pub mod slow_share;
pub mod snapshot;
mod statement;
pub mod tail_model;
pub mod totals;
pub mod watch;
pub mod weighed_counts;

#[cfg(test)]
mod charts_tests;
#[cfg(test)]
mod properties_tests;
#[cfg(test)]
mod streams_fixture;
