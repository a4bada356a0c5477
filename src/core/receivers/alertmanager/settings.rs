//! The settings of an Alertmanager.

use schemars::JsonSchema;
use serde::Deserialize;

use super::cluster::Cluster;
use crate::receivers::{Fault, Kind, Prepared, Secrets};
use crate::settings::Span;

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
}

fn resend() -> Span {
    Span::from_secs(60)
}

impl Kind for Alertmanager {
    const KIND: &'static str = "alertmanager";

    fn name(&self) -> &str {
        &self.name
    }

    fn prepare(&self, _: Secrets<'_>) -> Result<Prepared, Fault> {
        Ok(Prepared::Http(Box::new(Cluster::new(self)?)))
    }
}
