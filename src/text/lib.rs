//! What a text says: the queries of watches and their matcher, the sentiment towards a name, and what of a text may be
//! shown to people.
//!
//! Pure: the same text gives the same answer everywhere.

pub mod entity;
pub mod fold;
pub mod packed;
pub mod query;
pub mod sanitize;
pub mod sentiment;
pub mod truncate;
