//! Ledger in, notifications out.
//!
//! ```text
//! entries ──> incident + receivers ──> plan ──> core ──> entries ──(committed)──> sends ──> outcomes ──> entries
//!             (what is)                (what    (how many   (worker: the ledger,  (tasks)
//!                                       is due)  at once)    in a transaction)
//! ```
//!
//! `plan` puts the steps together. Each step is a file with one rule, a pure function of the incident, the settings and
//! the time:
//!
//! ```text
//! route ──> party ──────> mute ──> escalate ──> deliver ──────> dedup ──────> keep_firing
//! (where to) (whose page)  (whether) (whose turn)  (retry or wait)  (what is new)  (what to repeat)
//! ```
//!
//! Everything that decides is derived from the ledger, so that another copy goes on where one stopped. What only this
//! process knows (when it last repeated an alert that must be kept firing, how long a call waits for its turn) may be
//! lost without harm.

pub mod access_questions;
mod apart;
mod asks;
mod bundle;
mod call_limits;
pub mod canaries;
mod card_mails;
pub mod core;
mod course;
mod dedup;
pub mod deliver;
mod digest;
pub mod drills;
mod escalate;
mod hold;
mod keep_firing;
pub mod look_up_messages;
mod mirror;
mod mute;
mod old_records;
mod own_posts;
mod party;
mod plan;
mod quieting;
mod receiver_state;
mod reopen;
mod route;
pub mod settings;
pub mod shift_messages;
mod shift_news;
mod tracked;

#[cfg(test)]
mod away_tests;
#[cfg(test)]
mod closing_tests;
#[cfg(test)]
mod core_fixture;
#[cfg(test)]
mod cut_off_tests;
#[cfg(test)]
mod fixture;
#[cfg(test)]
mod golden_tests;
#[cfg(test)]
mod people_tests;
#[cfg(test)]
mod recipients_tests;
#[cfg(test)]
mod sharing_tests;
#[cfg(test)]
mod simulation_tests;
#[cfg(test)]
mod storm_tests;
#[cfg(test)]
mod takeover_tests;
