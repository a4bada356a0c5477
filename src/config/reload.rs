//! The running configuration, and how another takes its place: as a whole or not at all.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use toml::de::DeTable;

use super::cross_check;
use super::diagnostics::Report;
use super::fault::{Fault, Faults};
use super::load::{Loaded, SecretCheck, examine, named_secrets, read};
use super::rotation::{Fingerprints, SecretReport};
use orszem_core::settings::Config;
use orszem_runtime::live_config::{ConfigPublisher, ConfigReader};

/// What became of a reload.
#[derive(Clone, Debug, PartialEq)]
pub enum Reload {
    /// The new configuration is in force.
    Taken {
        /// What in it is likely not meant.
        warnings: Vec<Fault>,
        /// What became of the secrets that it names.
        secrets: SecretReport,
    },
    /// The old configuration stays in force, all of it, for these reasons (warnings among them).
    Refused(Faults),
}

/// The running configuration for those that read it, and for the one that reloads it. Clones share it.
#[derive(Clone, Debug)]
pub struct Handle {
    publisher: Arc<ConfigPublisher>,
    /// Of the secrets in use. Held for a whole reload, so that there is one at a time.
    secrets: Arc<Mutex<Fingerprints>>,
}

impl Handle {
    /// Begins with this configuration.
    pub fn new(config: Config) -> Handle {
        Handle { publisher: Arc::new(ConfigPublisher::new(config)), secrets: Arc::default() }
    }

    /// Begins with what was loaded, and remembers by which secrets.
    pub fn of(loaded: Loaded) -> Handle {
        let secrets = Fingerprints::of(&loaded.secrets());
        Handle { secrets: Arc::new(Mutex::new(secrets)), ..Handle::new(loaded.config) }
    }

    /// The configuration in force, for those that only read.
    pub fn reader(&self) -> ConfigReader {
        self.publisher.reader()
    }

    /// The configuration now in force; it stays as it is while it is held.
    pub fn current(&self) -> Arc<Config> {
        self.publisher.current()
    }

    /// Reads the file again (reads files: call it where blocking is allowed). Takes it as a whole when it has no error
    /// and changes nothing that is read only at the start.
    pub fn reload(&self, path: &Path) -> Reload {
        match read(path) {
            Ok(text) => self.reload_text(&text, path),
            Err(faults) => Reload::Refused(faults),
        }
    }

    /// As [`Handle::reload`], with the text at hand.
    pub fn reload_text(&self, text: &str, path: &Path) -> Reload {
        let mut secrets = self.secrets.lock().unwrap_or_else(PoisonError::into_inner);
        let (config, mut faults) = examine(text, path, SecretCheck::Required);
        let Some(config) = config else { return Reload::Refused(Faults(faults)) };
        let running = self.current();
        let fixed = restart_faults(&running, &config, text, path);
        if !fixed.is_empty() {
            faults.extend(fixed);
            faults.sort_by_key(|fault| fault.position);
            return Reload::Refused(Faults(faults));
        }
        // Also when nothing in the text changed: secrets may have, and what holds one reads it again.
        self.publisher.publish(config);
        Reload::Taken { warnings: faults, secrets: secrets.reload(&named_secrets(text)) }
    }
}

/// What changed although it is read only at the start, each at its place in the new text: the key, or where its section
/// begins when the key was taken out.
fn restart_faults(running: &Config, new: &Config, text: &str, path: &Path) -> Vec<Fault> {
    let (document, _) = DeTable::parse_recoverable(text);
    let mut report = Report::new(&path.display().to_string(), text);
    for (section, key) in cross_check::needs_restart(running, new) {
        let at = document.get_ref().get_key_value(section.as_str()).map(|(name, section)| {
            let first = section.get_ref().as_array().and_then(|list| list.iter().next()).unwrap_or(section);
            let table = first.get_ref().as_table();
            let key = table.and_then(|table| table.get_key_value(key.as_str()));
            key.map_or(name.span(), |(key, _)| key.span())
        });
        let at = at.unwrap_or(0..0);
        report.show(at.clone());
        let message = format!("\"{key}\" in [{section}] changed, and is read only at the start");
        report.error(at, message, "restart to have it, or put it back".to_owned());
    }
    report.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEFORE: &str = "[kafka]\nbrokers = \"a:9092\"\n[[watch]]\nname = \"w\"\nterms = [\"kellemes\"]\n";

    fn handle() -> Handle {
        Handle::new(toml::from_str(BEFORE).unwrap())
    }

    fn told(reload: Reload) -> Vec<String> {
        match reload {
            Reload::Refused(faults) => faults.0.iter().map(ToString::to_string).collect(),
            Reload::Taken { .. } => panic!("it was taken"),
        }
    }

    fn reload(handle: &Handle, text: &str) -> Reload {
        handle.reload_text(text, Path::new("a.toml"))
    }

    #[test]
    fn a_good_text_is_taken_and_seen_by_who_shares_it() {
        let handle = handle();
        let (mut reader, held) = (handle.reader(), handle.current());
        let taken = reload(&handle, &BEFORE.replace("\"w\"", "\"v\""));
        assert!(matches!(taken, Reload::Taken { ref warnings, .. } if warnings.len() == 1), "{taken:?}");
        assert!(reader.changed().is_some_and(|config| config.watch("v").is_some()));
        assert!(held.watch("w").is_some() && held.watch("v").is_none());
        assert!(matches!(reload(&handle, BEFORE), Reload::Taken { .. }));
        // Also where the text is the same again: who holds a secret reads it again.
        assert!(reader.changed().is_some_and(|config| config.watch("w").is_some()));
        assert!(!Arc::ptr_eq(&handle.current(), &held));
    }

    #[test]
    fn a_text_with_a_fault_is_refused_as_a_whole() {
        let handle = handle();
        let text = BEFORE.replace("\"w\"", "\"v\"") + "budget = 0\n";
        let told = told(reload(&handle, &text));
        assert_eq!(told[1], "a.toml:6:10: \"budget\" is out of range: 0; above 0 and at most 100");
        assert!(handle.current().watch("w").is_some());
    }

    #[test]
    fn a_secret_that_is_not_there_refuses_a_reload() {
        let handle = handle();
        let text = format!("{BEFORE}[web]\nlink_secret = \"env:ORSZEM_NOT_SET\"\n");
        assert!(
            told(reload(&handle, &text))
                .contains(&"a.toml:7:15: the environment variable ORSZEM_NOT_SET is not set".into())
        );
    }

    #[test]
    fn what_is_read_only_at_the_start_is_named() {
        let handle = handle();
        let text = "[log]\nformat = \"json\"\n[[watch]]\nname = \"v\"\nterms = [\"kellemes\"]\n[web]\nlisten = \"127.0.0.1:1\"\n";
        let told = told(reload(&handle, text));
        let restart = "changed, and is read only at the start; restart to have it, or put it back";
        assert_eq!(told[0], format!("a.toml:1:1: \"brokers\" in [kafka] {restart}"));
        assert_eq!(told[1], format!("a.toml:2:1: \"format\" in [log] {restart}"));
        assert_eq!(told.last(), Some(&format!("a.toml:7:1: \"listen\" in [web] {restart}")));
        assert!(handle.current().watch("w").is_some());
    }

    #[test]
    fn how_a_topic_is_read_can_change_but_not_which_are_read() {
        let handle = handle();
        let told = told(reload(&handle, &format!("{BEFORE}[[input]]\ntopic = \"posts\"\n")));
        let restart = "changed, and is read only at the start; restart to have it, or put it back";
        assert_eq!(told.last(), Some(&format!("a.toml:7:1: \"topic\" in [input] {restart}")));
        let same = format!("{BEFORE}[[input]]\ntopic = \"mentions\"\nformat = \"x-v2\"\n");
        assert!(matches!(reload(&handle, &same), Reload::Taken { .. }));
        assert!(handle.current().input("mentions").is_some_and(|input| input.format.name() == "x-v2"));
    }

    #[test]
    fn a_file_that_is_gone_leaves_the_old_configuration() {
        let handle = handle();
        let told = told(handle.reload(Path::new("/nowhere/alerts.toml")));
        assert!(told[0].starts_with("/nowhere/alerts.toml: cannot be read: "), "{told:?}");
    }
}
