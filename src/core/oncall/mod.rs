//! Who is on call: rotations with their layers, and what overrides and swaps make of them. Pure functions of the
//! configuration, of what people changed, and of a moment. Every view asks here, so that all give one answer.
//!
//! layers (turns by `handovers`, hours by `windows`) → covers (overrides and swaps) → `rotation` → `roster` → `shifts`.
//! `import` reads the shifts of calendars that others keep, `ical` writes ours.
//! All spans are half open: at their end they are over. `tests/cases/oncall` has the rules as examples with their
//! instants.

mod calendar_layer;
mod changes;
mod compare;
mod cover;
mod handovers;
pub mod ical;
pub mod import;
mod layer;
mod local_clock;
mod made;
mod people;
pub mod request;
mod roster;
mod rotation;
mod shifts;
mod standing;
pub mod wall;
mod windows;

#[cfg(test)]
mod oracle_tests;
#[cfg(test)]
mod properties_tests;
#[cfg(test)]
mod random_fixture;

pub use compare::{Difference, Preview, differences};
pub use local_clock::{Doubt, LocalClock, Placed};
pub use made::Made;
pub use roster::Roster;
pub use shifts::{Gap, HandOver, Shift};
pub use standing::Standing;
