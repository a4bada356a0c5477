//! `[rotation.calendar]`: the calendar of a rotation, kept by others.

use schemars::JsonSchema;
use serde::Deserialize;

use super::secret::Secret;
use super::span::Span;

/// `[rotation.calendar]`: a calendar (iCalendar) that is read again and again. The shifts are its events.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShiftCalendar {
    /// Its address: https.
    #[serde(default)]
    #[schemars(extend("format" = "url"))]
    pub url: Option<String>,
    /// Its address, where that alone lets a program read it (the secret address of a calendar of Google): instead of
    /// `url`.
    #[serde(default)]
    #[schemars(extend("x-secret" = "address"))]
    pub secret_url: Option<Secret>,
    /// The user, where the service asks for a login.
    #[serde(default)]
    pub user: Option<String>,
    /// That user's password.
    #[serde(default)]
    pub password: Option<Secret>,
    /// The token, where the service asks for one (`Authorization: Bearer …`) instead of a login.
    #[serde(default)]
    pub token: Option<Secret>,
    /// Allow addresses of private networks (10.…, 192.168.…, localhost), which are refused otherwise, and http there.
    #[serde(default)]
    pub allow_private: bool,
    /// How often it is read.
    #[serde(default = "every")]
    #[schemars(extend("x-shortest" = "1m", "x-longest" = "1d"))]
    pub every: Span,
}

fn every() -> Span {
    Span::from_secs(15 * 60)
}
