//! Runs the past through the same cores as `run`: files → score → tallies → detect → incidents → pages.
//!
//! There is no Kafka and no clock: only event time. Of respond, only the moment of each page is computed. Memory does
//! not grow with the length of the input: mentions and rows are streamed, charts have a limited number of points, and
//! only one record per incident is kept.

mod bounds;
pub mod chart;
pub mod compare;
pub mod counts;
mod far_times;
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

pub use bounds::Bounds;
pub use chart::Chart;
pub use counts::{CountsFault, Series};
pub use incident::Incident;
pub use labels::{Labels, LabelsFault};
pub use mentions::Mentions;
pub use pipeline::Pipeline;
pub use result::{Outcome, Summary, WatchResult};
pub use run::{Job, RunFault};
