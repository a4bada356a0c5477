//! The configuration in force: replaced as a whole, and each reader sees for itself when it was.
//!
//! ```
//! use orszem_core::settings::Config;
//! use orszem_runtime::live_config::ConfigPublisher;
//!
//! let publisher = ConfigPublisher::new(Config::default());
//! let mut reader = publisher.reader();
//! assert!(reader.changed().is_none());
//! publisher.publish(Config::default());
//! assert!(reader.changed().is_some());
//! assert!(reader.changed().is_none(), "every change is seen once");
//! ```

use std::sync::{Arc, Mutex, PoisonError};

use orszem_core::settings::Config;
use tokio::sync::watch;

/// Puts another configuration in force.
#[derive(Debug)]
pub struct ConfigPublisher(watch::Sender<Arc<Config>>);

/// Reads the configuration in force, from any thread. Each clone knows for itself what it has seen.
#[derive(Clone, Debug)]
pub struct ConfigReader(watch::Receiver<Arc<Config>>);

impl ConfigPublisher {
    /// Begins with this configuration.
    pub fn new(config: Config) -> ConfigPublisher {
        ConfigPublisher(watch::Sender::new(Arc::new(config)))
    }

    /// A reader that has seen the configuration in force.
    pub fn reader(&self) -> ConfigReader {
        ConfigReader(self.0.subscribe())
    }

    /// The configuration in force; it stays as it is while it is held.
    pub fn current(&self) -> Arc<Config> {
        Arc::clone(&self.0.borrow())
    }

    /// Puts `config` in force. Readers see a change also where it is equal: what it names, such as secrets, may have
    /// changed.
    pub fn publish(&self, config: Config) {
        self.0.send_replace(Arc::new(config));
    }
}

impl ConfigReader {
    /// A configuration that never changes.
    pub fn fixed(config: Config) -> ConfigReader {
        ConfigPublisher::new(config).reader()
    }

    /// The configuration in force; it stays as it is while it is held. Whether it was seen does not change.
    pub fn load(&self) -> Arc<Config> {
        Arc::clone(&self.0.borrow())
    }

    /// The configuration in force, which counts as seen from now on.
    pub fn take(&mut self) -> Arc<Config> {
        Arc::clone(&self.0.borrow_and_update())
    }

    /// Whether another configuration came into force since the last that was seen. Costs a few nanoseconds.
    pub fn has_changed(&self) -> bool {
        // An error says that the publisher is gone.
        self.0.has_changed().unwrap_or(false)
    }

    /// The configuration in force, where it was not seen yet; it then counts as seen.
    pub fn changed(&mut self) -> Option<Arc<Config>> {
        self.has_changed().then(|| self.take())
    }
}

/// Something that is made of the configuration, such as a secret that it names: once, and again after a reload.
#[derive(Debug)]
pub struct Derived<T>(Mutex<(ConfigReader, Option<T>)>);

impl<T: Clone> Derived<T> {
    /// Nothing is made yet.
    pub fn new(config: ConfigReader) -> Derived<T> {
        Derived(Mutex::new((config, None)))
    }

    /// What `make` makes of the configuration in force; called again only after a reload, or where it failed before.
    ///
    /// # Errors
    /// Why it could not be made, and what was made of the configuration before.
    pub fn get<E>(&self, make: impl FnOnce(&Config) -> Result<T, E>) -> Result<T, (E, Option<T>)> {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (config, made) = &mut *held;
        if let Some(made) = made.as_ref().filter(|_| !config.has_changed()) {
            return Ok(made.clone());
        }
        // Seen only where it could be made: else the next call tries again.
        let mut reader = config.clone();
        match make(&reader.take()) {
            Ok(new) => {
                *held = (reader, Some(new.clone()));
                Ok(new)
            }
            Err(fault) => Err((fault, made.clone())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(watch: &str) -> Config {
        toml::from_str(&format!("[[watch]]\nname = \"{watch}\"\nterms = [\"{watch}\"]\n")).unwrap()
    }

    #[test]
    fn each_reader_sees_a_change_for_itself_and_only_the_newest() {
        let publisher = ConfigPublisher::new(config("a"));
        let mut first = publisher.reader();
        publisher.publish(config("b"));
        let mut second = first.clone();
        let mut late = publisher.reader();
        publisher.publish(config("c"));
        for reader in [&mut first, &mut second, &mut late] {
            assert!(reader.has_changed());
            assert!(reader.changed().is_some_and(|config| config.watch("c").is_some()));
            assert!(!reader.has_changed() && reader.changed().is_none());
        }
    }

    #[test]
    fn what_is_read_in_passing_still_counts_as_new() {
        let publisher = ConfigPublisher::new(config("a"));
        let mut reader = publisher.reader();
        publisher.publish(config("b"));
        assert!(reader.load().watch("b").is_some() && reader.has_changed());
        reader.take();
        assert!(!reader.has_changed());
    }

    #[test]
    fn a_configuration_that_never_changes_can_be_read_on_any_thread() {
        let mut reader = ConfigReader::fixed(config("a"));
        let found = std::thread::spawn(move || reader.changed().is_none() && reader.load().watch("a").is_some());
        assert!(found.join().unwrap());
    }
    #[test]
    fn what_is_made_of_a_configuration_is_made_again_after_a_reload_and_after_a_failure() {
        let publisher = ConfigPublisher::new(config("a"));
        let derived = Derived::new(publisher.reader());
        let name = |config: &Config| Ok::<_, ()>(config.watches[0].name.clone());
        let must_not = |_: &Config| -> Result<String, ()> { panic!("made without a reload") };
        assert_eq!(derived.get(|_| Err("away")), Err(("away", None)));
        assert_eq!(derived.get(name), Ok("a".to_owned()));
        assert_eq!(derived.get(must_not), Ok("a".to_owned()));
        publisher.publish(config("b"));
        assert_eq!(derived.get(|_| Err("away")), Err(("away", Some("a".to_owned()))));
        assert_eq!(derived.get(name), Ok("b".to_owned()));
        assert_eq!(derived.get(must_not), Ok("b".to_owned()));
    }
}
