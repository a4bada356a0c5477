//! `alerts.toml`: the one configuration file.
//!
//! text → syntax → structure (against the schema) → rules (how the parts go together) → places (secrets and files) →
//! [`Config`]. Every step reports all it finds, and the faults of all steps come back at once.
//!
//! Paths in the configuration (`file:PATH`, `ca_file`) are whole or start from the working directory of the program,
//! as the paths on its command line do; not from where the configuration lies.

pub mod fault;
mod form;
pub mod input;
mod inputs;
pub mod literal;
mod load;
mod models;
mod options;
mod places;
pub mod reload;
mod report;
mod rules;
#[cfg(test)]
mod safety;
mod schema;
pub mod secret;
mod slug;
mod span;
mod structure;
mod syntax;
#[cfg(test)]
mod tests;
pub mod types;

pub use fault::{Fault, Faults, Position, Severity};
pub use load::{Loaded, Places, check, examine, load, read};
pub use options::{is_secret as is_secret_option, reserved as reserved_option};
pub use reload::{Handle, Reload, Shared};
pub use schema::schema;
pub use secret::Secret;
pub use slug::slug;
pub use types::Config;

use std::borrow::Cow;

use crate::detect::feed::FEED;
use types::{Escalation, Receiver, Watch};

impl Config {
    /// The watch of this name; for that of the feed, what stands in `[feed]`.
    pub fn watch(&self, name: &str) -> Option<Cow<'_, Watch>> {
        if name == FEED {
            return Some(Cow::Owned(Watch {
                name: FEED.to_owned(),
                title: Some("The feed".to_owned()),
                escalation: self.feed.escalation.clone(),
                advice: self.feed.advice.clone(),
                ..Watch::default()
            }));
        }
        self.watches.iter().find(|watch| watch.name == name).map(Cow::Borrowed)
    }

    /// The escalation of this name.
    pub fn escalation(&self, name: &str) -> Option<&Escalation> {
        self.escalations.iter().find(|escalation| escalation.name == name)
    }

    /// The receiver of this name.
    pub fn receiver(&self, name: &str) -> Option<&Receiver> {
        self.receivers.iter().find(|receiver| receiver.name() == name)
    }
}
