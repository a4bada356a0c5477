//! Drills: what is seen in one, when one runs, and what its report says.
//!
//! A drill is an incident of the ledger that goes the way of real ones: the decider writes the signals of its course
//! at their times. It is marked in every record and message, and nothing of it counts against what is real.

mod recorded;
mod report;
mod runs;
mod scenario;

pub use recorded::{RecordedFault, recorded};
pub use report::{Call, Report, Step};
pub use runs::{LATE_MS, Run, begun, coming};
pub use scenario::Scenario;
