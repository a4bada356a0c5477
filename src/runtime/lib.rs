//! What every adapter stands on: the clock, metrics, secrets, models, signs of life, and what a check of something
//! outside found.

pub mod clock;
pub mod lifecycle;
pub mod metrics;
pub mod models;
pub mod probe;
pub mod secret;

use arc_swap::ArcSwap;
use orszem_core::settings::Config;
use std::sync::Arc;

/// The configuration in force: swapped as a whole, for whoever reads it next.
pub type Shared = Arc<ArcSwap<Config>>;
