//! What is told of an incident: the same content for every receiver, and the forms that several of them share.
//!
//! `Page` (content: `headline`, `reason`, `facts`, `news`) → `quote` (harmless, short) → `text`, `html` (form).

mod ask;
mod card;
mod facts;
mod headline;
mod html;
mod lengths;
mod news;
mod occasion;
mod page;
mod plain;
pub mod quote;
mod reason;
mod text;

pub use facts::{FACTS, Fact, chance, driven_by, facts, people};
pub use headline::headline;
pub use lengths::{HEADLINE, TITLE};
pub use news::standing;
pub use occasion::Occasion;
pub use page::*;
pub use reason::{why, why_of};

use std::time::Duration;

/// What a kind of receiver can do with an incident that it was already told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capabilities {
    /// Newer figures replace the old ones in place (otherwise only a rise in severity is worth a new message).
    pub updates: bool,
    /// It has a state "acknowledged" of its own that can be set.
    pub acknowledges: bool,
    /// The incident must be sent again at this interval while it is open, or it ends by itself.
    pub keep_firing: Option<Duration>,
    /// It calls people by itself until one acknowledges, and a person may end the incident there without our knowing: a
    /// further message would open another incident at the service, so that only a rise in severity is worth one.
    pub calls_itself: bool,
}

impl Capabilities {
    /// Whether every message of it rings: it can neither change one nor say quietly how things stand, as mail can.
    pub fn only_rings(&self) -> bool {
        !self.updates && !self.acknowledges && !self.has_states()
    }

    /// Whether the service keeps a state for each incident: it hears of one only by a call, and of several one by one.
    pub fn has_states(&self) -> bool {
        self.keep_firing.is_some() || self.calls_itself
    }
}

#[cfg(test)]
#[allow(dead_code, reason = "shared with the tests of the receivers: not all of it is used here")]
pub(crate) mod fixture;
