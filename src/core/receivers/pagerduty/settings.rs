//! The settings of a PagerDuty service, and what is checked of them.

use schemars::JsonSchema;
use serde::Deserialize;

use super::service::Service;
use crate::receivers::written::unencrypted;
use crate::receivers::{Fault, KeyFault, Kind, PersonalWay, Prepared, Reader, Secrets, Written};
use crate::settings::Secret;
use crate::words::Language;

/// A PagerDuty service.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pagerduty {
    /// The name by which escalations call it: small letters, digits and `-`, at most 63.
    #[schemars(extend("format" = "name"))]
    pub name: String,
    /// The integration key, 32 characters.
    #[schemars(extend("x-secret" = "32 characters"))]
    pub routing_key: Secret,
    /// The address of the Events API, for a proxy or the EU service region.
    #[serde(default = "pagerduty_url")]
    #[schemars(extend("format" = "base-url"))]
    pub base_url: String,
    /// The language of what is sent to it: `"en"` or `"hu"`; that of `[web]`, unless given.
    #[serde(default)]
    pub language: Option<Language>,
    /// The time zone of times in what is sent to it; that of `[web]`, else that of the watch, unless given.
    #[serde(default)]
    #[schemars(extend("format" = "time-zone"))]
    pub time_zone: Option<String>,
}

fn pagerduty_url() -> String {
    "https://events.pagerduty.com".into()
}

impl Kind for Pagerduty {
    const KIND: &'static str = "pagerduty";

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
        unencrypted(keys, "base_url", "the routing key").into_iter().collect()
    }

    fn misshapen(form: &str, secret: &str) -> Option<&'static str> {
        let wrong = form == "32 characters" && secret.chars().count() != 32;
        wrong.then_some("the integration key has not 32 characters")
    }

    fn prepare(&self, secrets: Secrets<'_>) -> Result<Prepared, Fault> {
        Ok(Prepared::Http(Box::new(Service::new(self, secrets)?)))
    }
}
