//! The team that a watch, and so an incident, belongs to.

use serde::{Deserialize, Serialize};

/// The team a watch belongs to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Deserialize, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Desk {
    /// The crisis team.
    #[default]
    Crisis,
    /// Customer service.
    Care,
    /// Employer brand.
    Employer,
    /// The audience.
    Audience,
}

impl Desk {
    /// All of them.
    pub const ALL: [Desk; 4] = [Desk::Crisis, Desk::Care, Desk::Employer, Desk::Audience];

    /// The name used in the configuration, the API and metrics.
    pub const fn name(self) -> &'static str {
        match self {
            Desk::Crisis => "crisis",
            Desk::Care => "care",
            Desk::Employer => "employer",
            Desk::Audience => "audience",
        }
    }
}
