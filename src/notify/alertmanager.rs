//! Prometheus Alertmanager: <https://github.com/prometheus/alertmanager/blob/main/docs/alerts_api.md>.
//!
//! The label set is the alert's identity. So labels hold only what never changes over an incident; what changes is in
//! annotations. The severity may rise, but routes match on it: the label keeps the severity of the first message that
//! was taken (it is the reference), the annotation `severity` has the newest.
//!
//! Annotations hold our words and the configuration's only, no mention's and no name of a person: Alertmanager's
//! templates put them into chat messages and mails without escaping, where `<!channel>` would ring everywhere.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use reqwest::Url;
use reqwest::header::HeaderMap;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use orszem_core::settings::types;
use orszem_records::ledger::{Action, Delivery};
use orszem_runtime::probe::reach::anywhere;
use orszem_runtime::probe::{Finding, State as Found, at_once};

use super::http::{Answer, Http, excerpt, secret_parts};
use super::probe;
use super::registry::{Fault, web_address};
use crate::{Probed, Receiver};
use orszem_core::notification::severity_word;
use orszem_core::notification::{Capabilities, Notice};
use orszem_records::incident::State;

/// An alert fires for this many resend intervals after it was last sent (Prometheus does the same with 4), but not for
/// less than [`FIRES_AT_LEAST`]. Explicit, not left to `resolve_timeout`: that is another team's setting and may be
/// shorter than our interval, and an instance that missed the resolve must stop by itself.
const RESENDS: u32 = 4;
/// Alertmanager's own default for alerts without an end.
const FIRES_AT_LEAST: Duration = Duration::from_secs(300);

/// A cluster of Alertmanagers: every instance is told, one that takes it is enough.
pub struct Alertmanager {
    name: String,
    http: Http,
    instances: Vec<Instance>,
    resend: Duration,
}

struct Instance {
    /// Host and port, for logs: an address may hold a password.
    shown: String,
    /// Its whole address.
    base: Url,
    url: String,
}

impl Alertmanager {
    /// From the configuration; at least one address.
    pub fn new(config: &types::Alertmanager, timeout: Duration) -> Result<Alertmanager, Fault> {
        if config.urls.is_empty() {
            return Err(Fault::value("urls", "at least one address of an instance is needed"));
        }
        if config.resend.0.is_zero() {
            return Err(Fault::value("resend", "an interval is longer than nothing"));
        }
        let urls = config.urls.iter().map(|url| web_address("urls", url)).collect::<Result<Vec<Url>, Fault>>()?;
        let secrets = urls.iter().filter(|url| url.password().is_some()).flat_map(secret_parts).collect();
        let instances = urls.iter().map(|url| {
            let port = url.port_or_known_default().unwrap_or(0);
            Instance {
                shown: format!("{}:{port}", url.host_str().unwrap_or_default()),
                base: url.clone(),
                url: format!("{}/api/v2/alerts", url.as_str().trim_end_matches('/')),
            }
        });
        Ok(Alertmanager {
            name: config.name.clone(),
            instances: instances.collect(),
            http: Http::new(timeout, secrets)?,
            resend: config.resend.0,
        })
    }

    /// The alert and the severity that it is labelled with.
    fn alert(&self, notice: &Notice) -> (Vec<u8>, String) {
        let page = &notice.page;
        let severity = match notice.reference.as_deref() {
            Some(first @ ("critical" | "error" | "warning" | "info")) => first,
            _ => severity_word(page.severity),
        };
        let over = notice.action == Action::Resolve || page.state == State::Resolved;
        let fires_for = (self.resend * RESENDS).max(FIRES_AT_LEAST);
        let fires_for = i64::try_from(fires_for.as_millis()).unwrap_or(i64::MAX);
        // The end is by the clock, not by event time: Alertmanager compares it with its own clock.
        let ends_at = if over { notice.sent_at } else { notice.sent_at.plus(fires_for) };
        let mut annotations = json!({
            "summary": page.headline,
            "severity": severity_word(page.severity),
            "state": page.state.name(),
            "link": page.link,
        });
        let facts: Vec<String> = page.facts.iter().map(|fact| format!("{}: {}", fact.name, fact.value)).collect();
        annotations["description"] = facts.join("\n").into();
        if let Some(advice) = page.advice_shown() {
            annotations["advice"] = advice.into();
        }
        let alert = json!([{
            "labels": {
                "alertname": "OrszemIncident",
                "incident": page.incident,
                "watch": page.watch,
                "severity": severity,
            },
            "annotations": annotations,
            // Never after the end, which is refused.
            "startsAt": page.opened_at.min(notice.sent_at).to_string(),
            "endsAt": ends_at.to_string(),
            "generatorURL": page.link,
        }]);
        (alert.to_string().into_bytes(), severity.to_owned())
    }

    /// Asks every instance for its status. One that is away is a warning while another takes the alerts.
    async fn look(&self) -> Probed {
        let asked = self.instances.iter().map(|instance| {
            let (http, base, shown) = (self.http.clone(), instance.base.clone(), instance.shown.clone());
            async move { (shown, ask_status(&http, &base).await) }
        });
        let mut all = Probed::default();
        for (shown, mut one) in at_once(asked).await {
            for finding in &mut one.findings {
                finding.name.clone_from(&shown);
            }
            all.findings.extend(one.findings);
            all.readings.extend(one.readings);
        }
        let any_works = all.findings.iter().any(|finding| finding.state == Found::Works);
        for finding in all.findings.iter_mut().filter(|finding| any_works && finding.state == Found::Broken) {
            finding.state = Found::Warning;
            finding.detail += "; another instance takes the alerts";
        }
        all
    }

    async fn push(&self, notice: &Notice) -> Delivery {
        let (alert, severity) = self.alert(notice);
        let mut pushes = JoinSet::new();
        for (at, instance) in self.instances.iter().enumerate() {
            let (http, url, body) = (self.http.clone(), instance.url.clone(), alert.clone());
            pushes.spawn(async move {
                let delivery = match http.post_json(&url, HeaderMap::new(), body).await {
                    Ok(answer) if answer.is_success() => Delivery::Accepted { reference: None },
                    Ok(answer) => answer.refusal(),
                    Err(delivery) => delivery,
                };
                (at, delivery)
            });
        }
        let mut taken = Vec::new();
        let mut refused = Vec::new();
        while let Some(pushed) = pushes.join_next().await {
            match pushed {
                Ok((at, Delivery::Accepted { .. })) => taken.push(self.instances[at].shown.as_str()),
                Ok((at, delivery)) => refused.push((self.instances[at].shown.as_str(), delivery)),
                Err(_) => {}
            }
        }
        if taken.is_empty() {
            return together(refused);
        }
        for (instance, delivery) in refused {
            let reason = reason(&delivery);
            tracing::warn!(receiver = self.name, incident = %notice.page.incident, instance, reason, taken_by = taken.join(", "), "an Alertmanager did not take the alert");
        }
        Delivery::Accepted { reference: Some(severity) }
    }
}

async fn ask_status(http: &Http, base: &Url) -> Probed {
    let url = format!("{}/api/v2/status", base.as_str().trim_end_matches('/'));
    match probe::answer(http, base, anywhere, http.get(&url)).await {
        Ok(answer) => Probed::answered(status(&answer), &answer, base),
        Err(finding) => finding.into(),
    }
}

fn status(answer: &Answer) -> Finding {
    let body: Value = serde_json::from_str(&answer.body).unwrap_or_default();
    let cluster = body["cluster"]["status"].as_str();
    match (answer.status, body["versionInfo"]["version"].as_str(), cluster) {
        (200, Some(version), Some("ready" | "disabled")) => {
            Finding::works("", format!("Alertmanager {} is ready", excerpt(version)))
        }
        (200, Some(version), Some(cluster)) => Finding::warning(
            "",
            format!("Alertmanager {}: its cluster is {}", excerpt(version), excerpt(cluster)),
            "wait a minute; if it stays so, see the log of this instance",
        ),
        _ => Finding::broken(
            "",
            format!("{} to GET /api/v2/status: this is not an Alertmanager", answer.told()),
            "give in urls the address of each instance, with its path prefix and without /api",
        ),
    }
}

fn reason(delivery: &Delivery) -> &str {
    match delivery {
        Delivery::Accepted { .. } => "",
        Delivery::Retry { reason, .. } | Delivery::Failed { reason } => reason,
    }
}

/// The outcome where no instance took it: another try while any of them may yet, after the shortest wait asked for.
fn together(refused: Vec<(&str, Delivery)>) -> Delivery {
    let told: Vec<String> =
        refused.iter().map(|(instance, delivery)| format!("{instance}: {}", reason(delivery))).collect();
    let told = told.join("; ");
    let waits = refused.iter().filter_map(|(_, delivery)| match delivery {
        Delivery::Retry { after_ms, .. } => Some(*after_ms),
        _ => None,
    });
    match waits.min() {
        Some(after_ms) => Delivery::Retry { reason: told, after_ms },
        None => Delivery::Failed { reason: told },
    }
}

impl Receiver for Alertmanager {
    fn send<'a>(&'a self, notice: &'a Notice) -> Pin<Box<dyn Future<Output = Delivery> + Send + 'a>> {
        Box::pin(self.push(notice))
    }

    fn probe<'a>(&'a self) -> Pin<Box<dyn Future<Output = Probed> + Send + 'a>> {
        Box::pin(self.look())
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities { updates: true, acknowledges: false, keep_firing: Some(self.resend) }
    }
}

#[cfg(test)]
#[path = "alertmanager_tests.rs"]
mod tests;
