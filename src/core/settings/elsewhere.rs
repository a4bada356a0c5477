//! What the configuration names and does not hold: secrets and files.

use std::path::PathBuf;

use super::secret::Secret;

/// Something that a setting names and that is kept elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Elsewhere {
    /// The setting that names it: `[web] link_secret`.
    pub setting: String,
    /// Where it is.
    pub kept: Kept,
}

/// Where something is that a setting names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kept {
    /// A secret.
    Secret(Secret),
    /// A file that is no secret.
    File(PathBuf),
}

/// The place as the configuration has it: `env:NAME`, `file:PATH`, or the path of a file.
impl std::fmt::Display for Kept {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Kept::Secret(secret) => write!(f, "{secret:?}"),
            Kept::File(path) => write!(f, "{}", path.display()),
        }
    }
}
