//! Ledger in, notifications out.

pub mod incident;
pub mod ledger;
