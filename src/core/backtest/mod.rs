//! The past, run through the very cores of `run`: files → score → tallies → detect → incidents → what would have paged.
//!
//! There is no Kafka and no clock in it: event time is all the time there is. Of respond one thing is kept, the moment
//! at which the page would have gone. Memory does not grow with the length of the input: mentions and rows flow
//! through, charts have a bounded number of points, and what stays is one record for each incident.

pub mod chart;
pub mod compare;
pub mod counts;
pub mod foresight;
pub mod incident;
pub mod labels;
pub mod mentions;
pub mod pipeline;
pub mod report;
pub mod result;
pub mod run;

#[cfg(test)]
mod fixture;

pub use chart::Chart;
pub use counts::{CountsFault, Series};
pub use incident::Incident;
pub use labels::{Labels, LabelsFault};
pub use mentions::Mentions;
pub use pipeline::Pipeline;
pub use result::{Outcome, Summary, WatchResult};
pub use run::{Bounds, Job, RunFault};
