//! `[sentiment]`: what judges mentions beside the models that come with the program.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::span::Span;

/// `[sentiment]`. A change needs a restart.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Sentiment {
    /// A service that judges the mentions of open and nearly open incidents once more, by `POST`: docs/sentiment.md has
    /// the contract. The built-in models judge the rest, and all of them while the service fails.
    #[schemars(extend("format" = "url", "x-restart" = true))]
    pub service: Option<String>,
    /// How long an answer may take; commits wait for it.
    #[schemars(extend("x-shortest" = "50ms", "x-longest" = "5s", "x-restart" = true))]
    pub timeout: Span,
    /// Models of your own.
    #[serde(rename = "model")]
    #[schemars(extend("x-restart" = true))]
    pub models: Vec<OwnModel>,
}

impl Default for Sentiment {
    fn default() -> Sentiment {
        Sentiment { service: None, models: Vec::new(), timeout: Span::from_secs(1) }
    }
}

/// `[[sentiment.model]]`: a model of your own, in the place of the built-in one for its language or for a language that
/// has none. `orszem sentiment train` makes it.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OwnModel {
    /// The language, in two letters: `hu`.
    #[schemars(extend("format" = "language"))]
    pub lang: String,
    /// The file.
    #[schemars(extend("format" = "model"))]
    pub file: std::path::PathBuf,
}
