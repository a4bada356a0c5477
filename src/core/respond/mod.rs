//! Ledger in, notifications out.
//!
//! ```text
//! entries ──> incident + lanes ──> plan ──> core ──> entries ──(committed)──> sends ──> outcomes ──> entries
//!             (what is)            (what    (how many   (worker: the ledger,  (tasks)
//!                                   is due)  at once)    in a transaction)
//! ```
//!
//! Everything that decides is derived from the ledger, so that another copy goes on where one stopped. What only this
//! process knows (when it last repeated an alert that must be kept firing, how long a call waits for its turn) may be
//! lost without harm.

pub mod core;
pub mod escalation;
mod plan;
mod receiver_state;
pub mod retry;
pub mod settings;
mod tracked;

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod golden;
#[cfg(test)]
mod simulation;
#[cfg(test)]
mod world;
