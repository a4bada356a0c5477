//! The pages, one file for each: what it shows, and who asks for it how.

pub(crate) mod access;
pub(crate) mod account;
pub(crate) mod actions;
pub(crate) mod card;
pub(crate) mod handbook;
pub(crate) mod incident;
pub(crate) mod layout;
pub(crate) mod list;
pub(crate) mod list_actions;
pub(crate) mod list_csv;
mod list_filter;
pub(crate) mod oncall;
pub(crate) mod oncall_calendars;
mod oncall_forms;
pub(crate) mod query_preview;
pub(crate) mod readiness;
pub(crate) mod report;
pub(crate) mod sent;
pub(crate) mod settings;
pub(crate) mod sign_in;
pub(crate) mod sign_in_oidc;
pub(crate) mod sign_in_token;
pub(crate) mod silences;
mod team_form;
pub(crate) mod watches;
pub(crate) mod ways;
