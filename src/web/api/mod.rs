//! The JSON API under `/api/v1`, described in docs/api.md.

pub(crate) mod actions;
pub(crate) mod history;
pub(crate) mod incidents;
pub(crate) mod sign_outs;
pub(crate) mod types;
pub(crate) mod watches;
