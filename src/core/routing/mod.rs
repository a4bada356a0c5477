//! What decides whether and where an incident is told, before anybody is called.
//!
//! ```text
//! incident ──> facts ──> tree ──────> group ────────> quiet ─────────────────────> respond
//!                        (where to)  (on which page) (whether: windows, silences,
//!                                                     inhibitions)
//! ```
//!
//! Pure functions of the configuration, the silences, the open incidents and a moment. What an incident joined stands
//! in the ledger and is never derived again; all else may be asked at any time, and gives the same answer.

pub mod digest;
pub mod facts;
pub mod group;
pub mod inhibit;
pub mod known;
pub mod matcher;
pub mod preview;
pub mod quiet;
pub mod reach;
pub mod request;
pub mod silence;
pub mod tree;
pub mod window;

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod properties_tests;
