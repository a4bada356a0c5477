//! The option `--config`, which is the same for every command, and what is said when the file is not there.

use std::io;
use std::path::{Path, PathBuf};

use orszem_config::{Faults, Loaded, SecretCheck};
use orszem_core::settings::Config;

/// The file that commands read by default.
pub(super) const DEFAULT: &str = "alerts.toml";

/// Where the configuration is.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct ConfigFile {
    /// The configuration file
    #[arg(long = "config", default_value = DEFAULT, value_name = "FILE")]
    pub(super) path: PathBuf,
}

/// There is no such file.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.words())]
pub(super) struct Missing(PathBuf);

impl Missing {
    /// Nothing if there is a file.
    pub(super) fn look(path: &Path) -> Option<Missing> {
        let is_absent = |fault: io::Error| fault.kind() == io::ErrorKind::NotFound;
        std::fs::metadata(path).is_err_and(is_absent).then(|| Missing(path.to_owned()))
    }

    fn words(&self) -> String {
        let (path, place) = (self.0.display(), if self.0.is_relative() { " here" } else { "" });
        let init = match self.0.as_os_str() == DEFAULT {
            true => String::new(),
            false => format!(" --output {path}"),
        };
        format!(
            "there is no {path}{place}: `orszem init --name \"Acme\" --terms \"acme,@acme\"{init}` writes one that works, \
             and `--config FILE` names another"
        )
    }
}

impl ConfigFile {
    /// Reads the configuration as `orszem run` does: secrets and files that it names must be there.
    ///
    /// # Errors
    /// That there is no such file, or all its faults.
    pub(super) fn load(&self) -> anyhow::Result<Loaded> {
        orszem_config::load(&self.path).map_err(|faults| explained(&self.path, faults))
    }
}

/// Reads a configuration for a trial: the secrets and files that it names need not exist on this machine.
///
/// # Errors
/// That there is no such file, or all its faults.
pub(super) fn read_for_trial(path: &Path) -> anyhow::Result<Config> {
    let text = orszem_config::read(path).map_err(|faults| explained(path, faults))?;
    match orszem_config::examine(&text, path, SecretCheck::Optional) {
        (Some(config), _) => Ok(config),
        (None, faults) => Err(Faults(faults).into()),
    }
}

fn explained(path: &Path, faults: Faults) -> anyhow::Error {
    match Missing::look(path).filter(|_| faults.is_unreadable()) {
        Some(missing) => missing.into(),
        None => faults.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_not_there_is_explained() {
        let file = |path: &str| ConfigFile { path: path.into() };
        let said = file("/nowhere/a.toml").load().expect_err("no such file").to_string();
        assert!(said.starts_with("there is no /nowhere/a.toml: `orszem init "), "{said}");
        assert!(said.contains("--output /nowhere/a.toml` writes one"), "{said}");
        let missing = Missing(DEFAULT.into()).to_string();
        assert!(missing.starts_with("there is no alerts.toml here: ") && !missing.contains("--output"), "{missing}");
        let read = read_for_trial(Path::new("/nowhere/a.toml")).expect_err("no such file").to_string();
        assert_eq!(read, said);
    }
}
