//! The JSON API under `/api/v1`, described in docs/api.md.

pub(crate) mod accounts;
pub(crate) mod actions;
mod body;
pub(crate) mod evidence;
pub(crate) mod history;
pub(crate) mod incidents;
pub(crate) mod oncall;
pub(crate) mod overrides;
pub(crate) mod sign_outs;
pub(crate) mod silences;
#[cfg(test)]
mod team_tests;
pub(crate) mod types;
pub(crate) mod watches;
