//! `only`: which records of an input are mentions at all.

use serde_json::Value;

use super::Skipped;
use super::envelope::Attributes;
use super::pointer::{Place, There};

/// Why a record is skipped by it.
pub(super) const SKIPPED: Skipped = Skipped("it has none of the values that \"only\" names");

/// The values that mentions have at a place.
#[derive(Clone, Debug)]
pub(super) struct Only {
    at: Place,
    is: Vec<String>,
}

impl Only {
    /// Compiles what a configuration says.
    ///
    /// # Errors
    /// What is wrong with its place. A configuration that was checked has no such fault.
    pub(super) fn new(only: &crate::settings::input::Only) -> Result<Only, String> {
        let at = Place::parse(&only.at).map_err(|(what, right)| format!("{:?} {what}; {right}", only.at))?;
        Ok(Only { at, is: only.is.clone() })
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
