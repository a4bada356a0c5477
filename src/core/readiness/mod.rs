//! Readiness: whether it would work tonight. What of the team, its accounts, statements and drills has a gap, with who
//! is to close it. Pure: the configuration, what people did for the team, and a moment.

mod gaps;
mod proofs;

pub use gaps::{Gap, GapKind, Known, Texts, gaps};
pub use proofs::Proofs;
