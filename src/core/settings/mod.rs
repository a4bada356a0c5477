//! The settings of `alerts.toml`, as the program reads them. Reading and checking the file is the crate `config`'s.

pub mod input;
pub mod kafka_options;
pub mod secret;
pub mod span;
pub mod types;

pub use secret::Secret;
pub use types::Config;

use std::borrow::Cow;

use orszem_records::signal::FEED;
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
