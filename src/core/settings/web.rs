//! `[web]`: the pages, the API and the metrics.

use schemars::JsonSchema;
use serde::Deserialize;
use std::net::SocketAddr;

use super::secret::Secret;
use super::span::Span;

/// `[web]`. A change of `listen` needs a restart.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Web {
    /// The address to listen on.
    #[schemars(extend("format" = "listen", "x-restart" = true))]
    pub listen: SocketAddr,
    /// The address under which people reach it: the start of every link in a page. No `/` at the end.
    #[schemars(extend("format" = "origin"))]
    pub public_url: String,
    /// What signs the links, at least 16 characters: `env:NAME` or `file:PATH`. Without it links last until a restart.
    #[schemars(extend("x-secret" = "16 characters"))]
    pub link_secret: Option<Secret>,
    /// How long a signed link lets its bearer act.
    #[schemars(extend("x-shortest" = "1m", "x-longest" = "90d"))]
    pub link_expires: Span,
    /// What API clients present as `Authorization: Bearer …`. Without it the API reads only, and acts only by link.
    pub api_token: Option<Secret>,
}

impl Default for Web {
    fn default() -> Web {
        Web {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            public_url: "http://localhost:8080".into(),
            link_secret: None,
            link_expires: Span::from_secs(7 * 24 * 3600),
            api_token: None,
        }
    }
}
