//! The settings of the terminal.

use schemars::JsonSchema;
use serde::Deserialize;

use super::Terminal;
use crate::receivers::{Fault, Kind, Prepared, Secrets};

/// The terminal.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Console {
    /// The name by which escalations call it: small letters, digits and `-`, at most 63.
    #[schemars(extend("format" = "name"))]
    pub name: String,
}

impl Kind for Console {
    const KIND: &'static str = "console";

    fn name(&self) -> &str {
        &self.name
    }

    fn prepare(&self, _: Secrets<'_>) -> Result<Prepared, Fault> {
        Ok(Prepared::Console(Terminal { name: self.name.clone() }))
    }
}
