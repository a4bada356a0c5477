//! The rules that the threads of score share: compiled once for each configuration.

use arc_swap::ArcSwap;
use std::sync::{Arc, Mutex, PoisonError};

use orszem_core::settings::Config;
use orszem_text::sentiment::Sentiment;

use orszem_core::score::core::CompiledWatches;

/// The present configuration and what was compiled of it. Clones share both.
#[derive(Clone)]
pub struct CurrentWatches {
    config: Arc<ArcSwap<Config>>,
    sentiment: Arc<dyn Sentiment>,
    compiled: Arc<Mutex<Compiled>>,
}

/// A configuration and its rules.
#[derive(Clone)]
pub struct Compiled {
    /// The configuration.
    pub config: Arc<Config>,
    /// Its watches, ready to match.
    pub rules: Arc<CompiledWatches>,
}

impl CurrentWatches {
    /// Compiles the present configuration.
    pub fn new(
        config: Arc<ArcSwap<Config>>,
        sentiment: Arc<dyn Sentiment>,
    ) -> Result<CurrentWatches, orszem_text::query::QueryFault> {
        let present = config.load_full();
        let rules = Arc::new(CompiledWatches::new(&present.watches, Arc::clone(&sentiment))?);
        let compiled = Arc::new(Mutex::new(Compiled { config: present, rules }));
        Ok(CurrentWatches { config, sentiment, compiled })
    }

    /// What is in force: compiled anew if the configuration has changed. One that cannot be compiled leaves the rules
    /// that were.
    pub fn present(&self) -> Compiled {
        let mut compiled = self.compiled.lock().unwrap_or_else(PoisonError::into_inner);
        let config = self.config.load_full();
        if !Arc::ptr_eq(&config, &compiled.config) {
            match CompiledWatches::new(&config.watches, Arc::clone(&self.sentiment)) {
                Ok(rules) => *compiled = Compiled { config, rules: Arc::new(rules) },
                // `check` reads the same queries, so this cannot be.
                Err(fault) => tracing::error!(%fault, "new watches cannot be matched, keeping the current ones"),
            }
        }
        compiled.clone()
    }

    /// Whether `taken` is no longer the present configuration. Takes no lock.
    pub fn has_changed(&self, taken: &Arc<Config>) -> bool {
        !Arc::ptr_eq(&self.config.load(), taken)
    }
}
