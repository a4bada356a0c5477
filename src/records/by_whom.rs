//! Who did something, and by which way it came.

use serde::{Deserialize, Serialize};

/// The way by which that came which was seen in the stream of mentions.
pub const STREAM: &str = "stream";

/// A person's action.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ByWhom {
    /// Who: the name that the person gave, else the receiver whose link was used.
    pub by: String,
    /// The way it came: `link`, `api`, `list`.
    pub via: String,
    /// The receiver whose link was used, where the person gave a name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub through: Option<String>,
    /// The name of the person in the configuration, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
}

impl ByWhom {
    /// Who, and the way it came.
    pub fn new(by: impl Into<String>, via: impl Into<String>) -> ByWhom {
        ByWhom { by: by.into(), via: via.into(), through: None, person: None }
    }

    /// Whether both are the same person, as far as that can be told: by the person of the configuration where both are
    /// known, else by the name, whatever its capitals.
    pub fn is_same_person(&self, other: &ByWhom) -> bool {
        let name = |by: &ByWhom| by.by.trim().to_lowercase();
        match (&self.person, &other.person) {
            (Some(one), Some(other)) => one == other,
            _ => name(self) == name(other),
        }
    }
}
