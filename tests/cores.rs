//! The cores alone, with seeds: no server, no clock.
