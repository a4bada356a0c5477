//! The watches that the threads of score share: compiled once for each configuration.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::watch;

use orszem_core::score::core::CompiledWatches;
use orszem_core::settings::Config;
use orszem_runtime::live_config::ConfigReader;
use orszem_text::query::QueryFault;
use orszem_text::sentiment::Sentiment;

/// The configuration in force and what was compiled of it. Clones share what was compiled; each knows for itself what
/// it has seen.
#[derive(Clone)]
pub struct CurrentWatches {
    config: ConfigReader,
    compiler: Arc<Mutex<Compiler>>,
    compiled: watch::Receiver<Compiled>,
}

/// A configuration and its rules.
#[derive(Clone)]
pub struct Compiled {
    /// The configuration.
    pub config: Arc<Config>,
    /// Its watches, ready to match.
    pub rules: Arc<CompiledWatches>,
}

impl Compiled {
    fn of(config: Arc<Config>, sentiment: &Arc<dyn Sentiment>) -> Result<Compiled, QueryFault> {
        let rules = Arc::new(CompiledWatches::new(&config.watches, Arc::clone(sentiment))?);
        Ok(Compiled { config, rules })
    }
}

/// Held by the thread that compiles, so that no other does the same.
struct Compiler {
    config: ConfigReader,
    sentiment: Arc<dyn Sentiment>,
    compiled: watch::Sender<Compiled>,
}

impl Compiler {
    /// Compiles a configuration that is new. One that cannot be compiled leaves the rules that were.
    fn update(&mut self) {
        let Some(config) = self.config.changed() else { return };
        match Compiled::of(config, &self.sentiment) {
            Ok(compiled) => {
                self.compiled.send_replace(compiled);
            }
            // `check` reads the same queries, so this cannot be.
            Err(fault) => tracing::error!(%fault, "new watches cannot be matched, keeping the current ones"),
        }
    }
}

impl CurrentWatches {
    /// Compiles the configuration in force.
    ///
    /// # Errors
    /// When a query cannot be compiled; a configuration that was checked has no such fault.
    pub fn new(mut config: ConfigReader, sentiment: Arc<dyn Sentiment>) -> Result<CurrentWatches, QueryFault> {
        let first = Compiled::of(config.take(), &sentiment)?;
        let (sender, compiled) = watch::channel(first);
        let compiler = Compiler { config: config.clone(), sentiment, compiled: sender };
        Ok(CurrentWatches { config, compiler: Arc::new(Mutex::new(compiler)), compiled })
    }

    /// What was compiled last, which counts as seen from now on.
    pub fn take(&mut self) -> Compiled {
        self.compiled.borrow_and_update().clone()
    }

    /// What is in force since a reload, where that was not seen yet. Takes no lock unless there was a reload.
    pub fn changed(&mut self) -> Option<Compiled> {
        self.config.changed()?;
        self.compiler.lock().unwrap_or_else(PoisonError::into_inner).update();
        let is_new = self.compiled.has_changed().unwrap_or(false);
        is_new.then(|| self.take())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use orszem_runtime::live_config::ConfigPublisher;
    use orszem_text::sentiment::Models;

    fn config(terms: &str) -> Config {
        toml::from_str(&format!("[[watch]]\nname = \"acme\"\n{terms}\n")).unwrap()
    }

    #[test]
    fn every_thread_goes_over_to_what_was_compiled_once() {
        let publisher = ConfigPublisher::new(config("terms = [\"acme\"]"));
        let mut one = CurrentWatches::new(publisher.reader(), Arc::new(Models::shipped().unwrap())).unwrap();
        let mut other = one.clone();
        assert!(one.changed().is_none());
        publisher.publish(config("terms = [\"acme\", \"zeta\"]"));
        let (first, second) = (one.changed().unwrap(), other.changed().unwrap());
        assert!(Arc::ptr_eq(&first.rules, &second.rules));
        assert_eq!(first.config.watches[0].terms.len(), 2);
        assert!(one.changed().is_none() && other.changed().is_none());
    }

    #[test]
    fn watches_that_cannot_be_compiled_change_nothing() {
        let publisher = ConfigPublisher::new(config("terms = [\"acme\"]"));
        let mut watches = CurrentWatches::new(publisher.reader(), Arc::new(Models::shipped().unwrap())).unwrap();
        let before = watches.take();
        publisher.publish(config("query = \"acme AND (\""));
        assert!(watches.changed().is_none());
        assert!(Arc::ptr_eq(&watches.take().rules, &before.rules));
        publisher.publish(config("terms = [\"zeta\"]"));
        assert!(watches.changed().is_some());
    }
}
