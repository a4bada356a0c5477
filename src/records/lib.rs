//! The records on the topics, and the time they are counted in. They belong to no stage: every stage reads and writes them.
//!
//! mention → tally → signal → ledger entry → incident. Pure: no clock, no files, no network.

pub mod authors;
pub mod class;
pub mod incident;
mod iso639;
pub mod judgement;
pub mod key_terms;
pub mod language_code;
pub mod ledger;
pub mod mention;
pub mod signal;
pub mod tally;
pub mod time;
