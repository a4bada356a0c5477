//! The running configuration, and how another takes its place: as a whole or not at all.

use arc_swap::ArcSwap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use toml::de::DeTable;

use super::fault::{Fault, Faults};
use super::load::{Places, examine, read};
use super::report::Report;
use super::rules;
use super::types::Config;

/// The configuration that is in force. `load()` costs a few nanoseconds and never waits.
pub type Shared = Arc<ArcSwap<Config>>;

/// What became of a reload.
#[derive(Clone, Debug, PartialEq)]
pub enum Reload {
    /// The new configuration is in force.
    Taken {
        /// What in it is likely not meant.
        warnings: Vec<Fault>,
    },
    /// The old configuration stays in force, all of it, for these reasons (warnings among them).
    Refused(Faults),
}

/// The running configuration for those that read it, and for the one that reloads it. Clones share it.
#[derive(Clone, Debug)]
pub struct Handle {
    shared: Shared,
    /// One reload at a time.
    turn: Arc<Mutex<()>>,
}

impl Handle {
    /// Begins with this configuration.
    pub fn new(config: Config) -> Handle {
        let shared = Arc::new(ArcSwap::from_pointee(config));
        Handle { shared, turn: Arc::default() }
    }

    /// The configuration in force, for those that only read.
    pub fn shared(&self) -> Shared {
        Arc::clone(&self.shared)
    }

    /// The configuration now in force; it stays as it is while it is held.
    pub fn current(&self) -> Arc<Config> {
        self.shared.load_full()
    }

    /// Reads the file anew (reads files: call it where blocking is allowed). Takes it as a whole when it has no error
    /// and changes nothing that is read only at the start: `[kafka]`, `listen` of `[web]`, `[log]`.
    pub fn reload(&self, path: &Path) -> Reload {
        match read(path) {
            Ok(text) => self.reload_text(&text, path),
            Err(fault) => Reload::Refused(Faults(vec![*fault])),
        }
    }

    /// As [`Handle::reload`], with the text at hand.
    pub fn reload_text(&self, text: &str, path: &Path) -> Reload {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let (config, mut faults) = examine(text, path, Places::Here);
        let Some(config) = config else { return Reload::Refused(Faults(faults)) };
        let running = self.current();
        let fixed = restart_faults(&running, &config, text, path);
        if !fixed.is_empty() {
            faults.extend(fixed);
            faults.sort_by_key(|fault| fault.position);
            return Reload::Refused(Faults(faults));
        }
        // Also when nothing in the text changed: secrets may have, and whoever holds one reads it again.
        self.shared.store(Arc::new(config));
        Reload::Taken { warnings: faults }
    }
}

/// What changed although it is read only at the start, each at its place in the new text: the key, or where its section
/// begins when the key was taken out.
fn restart_faults(running: &Config, new: &Config, text: &str, path: &Path) -> Vec<Fault> {
    let (document, _) = DeTable::parse_recoverable(text);
    let mut report = Report::new(&path.display().to_string(), text);
    for (section, key) in rules::needs_restart(running, new) {
        let at = document.get_ref().get_key_value(section).map(|(name, section)| {
            let table = section.get_ref().as_table();
            let key = table.and_then(|table| table.get_key_value(key));
            key.map_or(name.span(), |(key, _)| key.span())
        });
        let at = at.unwrap_or(0..0);
        report.show(at.clone());
        let message = format!("\"{key}\" in [{section}] changed, and is read only at the start");
        report.error(at, message, "restart to have it, or put it back".to_owned());
    }
    report.finish()
}
