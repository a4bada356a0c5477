//! Drills: what is seen in one, when one runs, and what its report says.
//!
//! A drill is an incident of the ledger that goes the way of real ones: the decider writes the signals of its course
//! at their times. It is marked in every record and message, and nothing of it counts against what is real. A drill of
//! ten minutes (`personal`) is one person's own: it is no incident, and calls nobody.

mod personal;
mod recorded;
mod report;
mod runs;
mod scenario;

pub use personal::account_to_find;
pub use recorded::{RecordedFault, recorded};
pub use report::{Call, Report, Step};
pub use runs::{LATE_MS, Run, begun, coming};
pub use scenario::Scenario;
