//! The settings of an Alertmanager.

use schemars::JsonSchema;
use serde::Deserialize;

use super::cluster::Cluster;
use crate::receivers::{Fault, KeyFault, Kind, PersonalWay, Prepared, Reader, Secrets, Written, credentials};
use crate::settings::{Secret, Span};
use crate::words::Language;

/// Prometheus Alertmanager.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Alertmanager {
    /// The name by which escalations call it: small letters, digits and `-`, at most 63.
    #[schemars(extend("format" = "name"))]
    pub name: String,
    /// The addresses of every instance of the cluster (not of a balancer).
    #[schemars(length(min = 1), extend("items" = {"type": "string", "format": "base-url"}))]
    pub urls: Vec<String>,
    /// How often a firing alert is sent again; well below Alertmanager's `resolve_timeout` (5 m).
    #[serde(default = "resend")]
    #[schemars(extend("x-shortest" = "1s", "x-longest" = "4m"))]
    pub resend: Span,
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

fn resend() -> Span {
    Span::from_secs(60)
}

impl Kind for Alertmanager {
    const KIND: &'static str = "alertmanager";

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
        credentials::check(keys, "urls")
    }

    fn prepare(&self, secrets: Secrets<'_>) -> Result<Prepared, Fault> {
        Ok(Prepared::Http(Box::new(Cluster::new(self, secrets)?)))
    }
}
