//! Readiness: whether it would work tonight. What of the team, its accounts, statements and drills has a gap, with who
//! is to close it. Pure: the configuration, what people did for the team, what ends by itself, and a moment.

mod ending;
mod gap;
mod gaps;
mod proofs;

pub use ending::{Ending, EndingKind, Life, life_of_token};
pub use gap::{Gap, GapKind, Texts};
pub use gaps::{Known, gaps};
pub use proofs::Proofs;
