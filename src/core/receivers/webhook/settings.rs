//! The settings of a signed webhook, and what is checked of them.

use schemars::JsonSchema;
use serde::Deserialize;

use super::endpoint::Endpoint;
use super::signature;
use crate::network::{host_is_public, is_private_name};
use crate::receivers::{Fault, KeyFault, Kind, PersonalWay, Prepared, Reader, Secrets, Written, credentials};
use crate::settings::Secret;
use crate::words::Language;

/// A signed webhook.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Webhook {
    /// The name by which escalations call it: small letters, digits and `-`, at most 63.
    #[schemars(extend("format" = "name"))]
    pub name: String,
    /// Where to POST.
    #[schemars(extend("format" = "url"))]
    pub url: String,
    /// The signing secrets, `whsec_` and base64 of 24–64 bytes; more than one while they are rotated.
    #[schemars(length(min = 1), extend("items" = {"$ref": "#/$defs/Secret", "x-secret": "whsec"}))]
    pub secrets: Vec<Secret>,
    /// Allow addresses of private networks (10.…, 192.168.…, localhost), which are refused otherwise.
    #[serde(default)]
    pub allow_private: bool,
    /// The user, where the service asks for a login.
    #[serde(default)]
    pub user: Option<String>,
    /// That user's password.
    #[serde(default)]
    pub password: Option<Secret>,
    /// The token, where the service asks for one (`Authorization: Bearer …`) instead of a login.
    #[serde(default)]
    pub token: Option<Secret>,
    /// A certificate authority to trust beside the system's: a PEM file, by its whole path or from the working
    /// directory.
    #[serde(default)]
    #[schemars(extend("format" = "file"))]
    pub ca_file: Option<std::path::PathBuf>,
    /// The language of what is sent to it: `"en"` or `"hu"`; that of `[web]`, unless given.
    #[serde(default)]
    pub language: Option<Language>,
    /// The time zone of times in what is sent to it; that of `[web]`, else that of the watch, unless given.
    #[serde(default)]
    #[schemars(extend("format" = "time-zone"))]
    pub time_zone: Option<String>,
}

impl Kind for Webhook {
    const KIND: &'static str = "webhook";

    fn name(&self) -> &str {
        &self.name
    }

    fn of_person(&self, way: PersonalWay<'_>) -> Self {
        let mut own = self.clone();
        own.name = way.name;
        own.language = way.reader.language.or(own.language);
        own.time_zone = way.reader.time_zone.map(str::to_owned).or(own.time_zone);
        own
    }

    fn reader(&self) -> Reader<'_> {
        Reader { language: self.language, time_zone: self.time_zone.as_deref() }
    }

    fn check(keys: &dyn Written) -> Vec<KeyFault> {
        let mut faults = credentials::check(keys, "url");
        faults.extend(Webhook::check_address(keys, !faults.iter().any(|fault| fault.key == Some("url"))));
        faults
    }

    fn misshapen(form: &str, secret: &str) -> Option<&'static str> {
        let wrong = form == "whsec" && signature::key(secret).is_none();
        wrong.then_some("the secret is not \"whsec_\" and base64 of 24 to 64 bytes")
    }

    fn prepare(&self, secrets: Secrets<'_>) -> Result<Prepared, Fault> {
        Ok(Prepared::Http(Box::new(Endpoint::new(self, secrets)?)))
    }
}

impl Webhook {
    /// Whether the address may be sent to, and, unless it is said already, that it is not encrypted.
    fn check_address(keys: &dyn Written, encryption: bool) -> Option<KeyFault> {
        let url = keys.url("url")?;
        let allowed = keys.flag("allow_private") == Some(true);
        if !host_is_public(&url) && !allowed {
            let message = "\"url\" leads to this machine or a private network, which is refused";
            return Some(KeyFault::error("url", message).help("add allow_private = true if that is meant"));
        }
        if !allowed && is_private_name(&url) {
            let message = "only a private network knows the host of \"url\", and webhooks into those are refused";
            return Some(KeyFault::warning("url", message).help("add allow_private = true if that is meant"));
        }
        let is_clear = encryption && host_is_public(&url) && url.scheme() == "http" && !allowed;
        is_clear.then(|| KeyFault::warning("url", "pages are sent in the clear to \"url\"").help("use https"))
    }
}
