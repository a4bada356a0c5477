//! `[web]`: the pages, the API and the metrics.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;
use std::path::PathBuf;

use super::secret::RotatingSecret;
use super::span::Span;
use crate::words::Language;

/// `[web]`. A change of `listen`, `health_listen` or `tls` needs a restart.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Web {
    /// The address to listen on.
    #[schemars(extend("format" = "listen", "x-restart" = true))]
    pub listen: SocketAddr,
    /// A second address, for `/-/healthy`, `/-/ready` and `/metrics` alone: probes and Prometheus reach it whatever
    /// happens on `listen`. Metrics need no token there, so only machines that watch orszem should reach it.
    #[schemars(extend("format" = "listen", "x-restart" = true))]
    pub health_listen: Option<SocketAddr>,
    /// The address under which people reach it: the start of every link in a page. No `/` at the end.
    #[schemars(extend("format" = "origin"))]
    pub public_url: String,
    /// What signs the links, at least 16 characters: `env:NAME` or `file:PATH`. Without it links last until a restart.
    /// To rotate it, list two: the first signs, links of both are valid.
    #[schemars(extend("x-secret" = "16 characters"))]
    pub link_secret: Option<RotatingSecret>,
    /// How long a signed link lets its bearer act.
    #[schemars(extend("x-shortest" = "1m", "x-longest" = "90d"))]
    pub link_expires: Span,
    /// What API clients present as `Authorization: Bearer …`. Without it the API reads only, and acts only by link.
    /// To rotate it, list two: both are valid.
    pub api_token: Option<RotatingSecret>,
    /// The language of pages and messages, unless a reader chooses another: `"en"` or `"hu"`.
    pub language: Language,
    /// The time zone of times on pages and in messages, unless a reader chooses another; that of the watch, unless
    /// given.
    #[schemars(extend("format" = "time-zone"))]
    pub time_zone: Option<String>,
    /// The certificate of the pages, so that `listen` speaks HTTPS. Without it a proxy does, or the pages are for this
    /// machine alone. A reload reads the files again; other files, and TLS at all, need a restart.
    #[schemars(extend("x-restart" = true))]
    pub tls: Option<Tls>,
    /// Whether `/metrics` on `listen` answers without the `api_token`. It names every watch, and what is wrong with it.
    pub open_metrics: bool,
}

impl Web {
    /// Whether people reach the pages by HTTPS alone, so that cookies are kept to it.
    pub fn is_secure(&self) -> bool {
        self.public_url.starts_with("https://")
    }
}

impl Default for Web {
    fn default() -> Web {
        Web {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            health_listen: None,
            public_url: "http://localhost:8080".into(),
            link_secret: None,
            link_expires: Span::from_secs(7 * 24 * 3600),
            api_token: None,
            language: Language::English,
            time_zone: None,
            tls: None,
            open_metrics: false,
        }
    }
}

/// `[web] tls`. Both files are read again by a reload; a pair that cannot be used leaves the one in use.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Tls {
    /// The certificate and those between it and the authority, in PEM, in this order.
    #[schemars(extend("format" = "file"))]
    pub certificate: PathBuf,
    /// Its private key, in PEM, without a password.
    #[schemars(extend("format" = "file"))]
    pub key: PathBuf,
}
