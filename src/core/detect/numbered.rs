//! A signal and the incident that it tells of.

use orszem_records::signal::Signal;

/// The number of an incident among those of its watch, and a signal about it.
pub type Numbered = (u64, Signal);
