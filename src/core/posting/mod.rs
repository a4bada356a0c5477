//! Posting: who may post now, what is offered to be said, who approves it, and whom that is asked of. Pure functions of
//! the configuration, an incident, who is on call, and a moment. Nothing is ever posted by the program.
//!
//! who (rotations, mandates) · offers (holding statements) · approval (who may) · asks (whom to ask, and when) ·
//! difference (of two revisions)

pub mod approval;
pub mod asks;
pub mod difference;
pub mod offers;
pub mod own;
pub mod who;

#[cfg(test)]
pub(crate) mod posting_fixture;
