//! The configuration itself, with the messages of `orszem check`.

use std::path::Path;

use super::report::Kind;
use crate::cli::check;
use orszem_config::{Fault, Faults, Loaded, Position};
use orszem_runtime::probe::{Finding, State};

/// Every fault of an invalid configuration.
pub(super) fn faults(faults: &Faults) -> Vec<(Kind, Finding)> {
    faults.0.iter().map(|fault| (Kind::Configuration, finding(fault))).collect()
}

/// That the configuration is valid, and its warnings.
pub(super) fn findings(file: &Path, loaded: &Loaded) -> Vec<(Kind, Finding)> {
    let whole = Finding::works(file.display().to_string(), check::contents(&loaded.config));
    let warnings = loaded.warnings.iter().map(finding);
    std::iter::once(whole).chain(warnings).map(|finding| (Kind::Configuration, finding)).collect()
}

fn finding(fault: &Fault) -> Finding {
    let name = match fault.position {
        Some(Position { line, column }) => format!("{}:{line}:{column}", fault.file),
        None => fault.file.clone(),
    };
    let state = if fault.is_error() { State::Broken } else { State::Warning };
    let unreadable = || {
        "`orszem init` writes one that works, --config FILE names another; this user must be allowed to read it"
            .to_owned()
    };
    let fix = fault.help.clone().or_else(|| fault.position.is_none().then(unreadable));
    Finding { name, state, detail: fault.message.clone(), fix }
}
