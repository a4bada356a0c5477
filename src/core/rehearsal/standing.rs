//! What the cases of a folder begin with: its file `standing.toml`.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::Deserialize;
use toml::Table;

use crate::settings::Config;

/// The standing configuration of a folder of cases.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Standing {
    #[serde(default)]
    pub(super) config: Table,
    /// By receiver, what it can do.
    #[serde(default)]
    pub(super) able: BTreeMap<String, Vec<String>>,
}

impl Standing {
    /// Reads the text of the file, where there is one.
    pub(super) fn parse(text: Option<&str>) -> Result<Standing, String> {
        match text {
            Some(text) => toml::from_str(text).map_err(|fault| format!("standing.toml: {fault}")),
            None => Ok(Standing::default()),
        }
    }
}

/// A configuration from its table.
pub(super) fn config(table: Table) -> Result<Config, String> {
    Config::deserialize(table).map_err(|fault| format!("config: {fault}"))
}

/// The number of the line in which something stands.
pub(super) fn line(text: &str, span: &Range<usize>) -> usize {
    text.bytes().take(span.start).filter(|byte| *byte == b'\n').count() + 1
}
