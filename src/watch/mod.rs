//! Watches: what they look for, and the matcher that finds all of them in one pass.

pub mod fold;
pub mod matcher;

pub use matcher::{Found, Matcher};
