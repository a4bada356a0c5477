//! `only`: selects the records of an input that are mentions.

use serde_json::Value;

use super::Skipped;
use super::envelope::Attributes;
use super::pointer::{Place, There};

/// The reason for a record that the filter skips.
pub(super) const SKIPPED: Skipped = Skipped("it has none of the values in \"only\"");

/// The allowed values at a place.
#[derive(Clone, Debug)]
pub(super) struct Filter {
    at: Place,
    is: Vec<String>,
}

impl Filter {
    /// Compiles the filter of a configuration.
    ///
    /// # Errors
    /// What is wrong with its place. A checked configuration never fails here.
    pub(super) fn new(only: &crate::settings::input::Only) -> Result<Filter, String> {
        let at = Place::parse(&only.at).map_err(|(what, right)| format!("{:?} {what}; {right}", only.at))?;
        Ok(Filter { at, is: only.is.clone() })
    }

    /// Whether a record is a mention.
    pub(super) fn takes(&self, document: &Value, attributes: &Attributes<'_>) -> bool {
        let has = |value: &str| self.is.iter().any(|is| is == value);
        match self.at.look(document, attributes) {
            There::Text(text) => has(&text),
            There::Flag(flag) => has(if flag { "true" } else { "false" }),
            There::Other(_) | There::Missing => false,
        }
    }
}
