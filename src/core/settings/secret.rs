//! Secrets: named in the configuration, kept elsewhere, printed nowhere.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize, Serializer};

/// Where a secret is: `env:NAME` or `file:PATH`. The value itself is read when it is needed and cannot be printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret {
    place: Place,
}

/// Where a secret is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// The environment variable of this name.
    Env(String),
    /// The content of a file.
    File(std::path::PathBuf),
}

/// Why a secret could not be had. Names the place, never the value.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// Neither `env:` nor `file:`.
    #[error("a secret is named as env:NAME or file:PATH, never written here")]
    Form,
    /// The environment lacks it.
    #[error("the environment variable {0} is not set")]
    Env(String),
    /// The file cannot be read.
    #[error("the file {0} cannot be read: {1}")]
    File(String, std::io::Error),
    /// There is nothing in it.
    #[error("{0} is empty")]
    Empty(String),
    /// It begins with a byte order mark, which no service takes for part of a secret.
    #[error("{0} begins with a byte order mark; save it as UTF-8 without one")]
    Marked(String),
}

impl Secret {
    /// What to do where a secret was expected and something else is written.
    pub const HELP: &str = "name where it is kept: \"env:NAME\" or \"file:PATH\"";

    /// Takes `env:NAME` or `file:PATH`; anything else is refused, without being repeated in the error. NAME is made of
    /// letters, digits and `_`: what else follows `env:` is likely the secret itself. PATH is whole or starts from the
    /// working directory.
    pub fn parse(text: &str) -> Result<Secret, SecretError> {
        let place = match text.split_once(':') {
            Some(("env", name)) if is_variable(name) => Place::Env(name.to_owned()),
            Some(("file", path)) if !path.is_empty() => Place::File(path.into()),
            _ => return Err(SecretError::Form),
        };
        Ok(Secret { place })
    }

    /// Where it is.
    pub fn place(&self) -> &Place {
        &self.place
    }
}

fn is_variable(name: &str) -> bool {
    !name.starts_with(|first: char| first.is_ascii_digit())
        && !name.is_empty()
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// Shows the place, not the value.
impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.place {
            Place::Env(name) => write!(f, "env:{name}"),
            Place::File(path) => write!(f, "file:{}", path.display()),
        }
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Secret, D::Error> {
        let text = String::deserialize(deserializer)?;
        Secret::parse(&text).map_err(serde::de::Error::custom)
    }
}

/// Where it is, as in the configuration.
impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{self:?}"))
    }
}

impl JsonSchema for Secret {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Secret".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "description": "Where a secret is: env:NAME or file:PATH. Never the secret itself.",
            "format": "secret",
            "pattern": "^(env:[A-Za-z_][A-Za-z0-9_]*|file:.+)$"
        })
    }
}

/// A secret that others hold as well: two are listed while one takes the place of the other. The first is used where
/// one is needed; both are accepted. Written as one text or as a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RotatingSecret {
    current: Secret,
    old: Option<Secret>,
}

impl RotatingSecret {
    /// The most that can be listed.
    pub const MOST: usize = 2;

    /// All that are accepted, the one in use first.
    pub fn all(&self) -> impl Iterator<Item = &Secret> {
        std::iter::once(&self.current).chain(&self.old)
    }
}

impl<'de> Deserialize<'de> for RotatingSecret {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<RotatingSecret, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            One(Secret),
            More(Vec<Secret>),
        }
        let listed = match Written::deserialize(deserializer)? {
            Written::One(secret) => vec![secret],
            Written::More(secrets) => secrets,
        };
        let mut listed = listed.into_iter();
        match (listed.next(), listed.next(), listed.next()) {
            (Some(current), old, None) => Ok(RotatingSecret { current, old }),
            _ => Err(serde::de::Error::custom("list one secret, or two while one takes the place of the other")),
        }
    }
}

impl Serialize for RotatingSecret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.all())
    }
}

impl JsonSchema for RotatingSecret {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "RotatingSecret".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let one = generator.subschema_for::<Secret>();
        schemars::json_schema!({
            "description": "Where a secret is: env:NAME or file:PATH. A list of two while one takes the place of the \
                            other: the first is used, both are accepted.",
            "format": "secret",
            "anyOf": [one, { "type": "array", "items": one, "minItems": 1, "maxItems": RotatingSecret::MOST }]
        })
    }
}
