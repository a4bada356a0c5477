//! Who is on call: rotations with their layers, and what overrides and swaps make of them. Pure functions of the
//! configuration, of what people changed, and of a moment. Every view asks here, so that all give one answer.

use orszem_records::time::Timestamp;

use crate::settings::Config;

/// The rotations as they stand.
#[derive(Clone, Debug, Default)]
pub struct Roster {}

impl Roster {
    /// The rotations of the configuration.
    pub fn new(_config: &Config) -> Roster {
        Roster {}
    }

    /// The names of the people who are on call at `at`, in order of the configuration; none in a gap, or where there is
    /// no rotation of this name.
    pub fn on_call(&self, _rotation: &str, _at: Timestamp) -> Vec<String> {
        Vec::new()
    }

    /// The first instant after `after` at which other people are on call.
    pub fn next_change(&self, _rotation: &str, _after: Timestamp) -> Option<Timestamp> {
        None
    }
}
