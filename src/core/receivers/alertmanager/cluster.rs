//! A cluster of Alertmanagers: every instance is told, one that takes it is enough.

use std::path::{Path, PathBuf};
use std::time::Duration;

use orszem_records::ledger::Delivery;
use url::Url;

use super::{Alertmanager, answer, payload};
use crate::finding::Finding;
use crate::notification::{Capabilities, Notice};
use crate::receivers::address::{secret_parts, web_address};
use crate::receivers::credentials::Credentials;
use crate::receivers::{Answer, Fault, HttpReceiver, Method, Reading, Request, Secrets};

pub(super) struct Cluster {
    instances: Vec<Instance>,
    secrets: Vec<String>,
    credentials: Credentials,
    ca_file: Option<PathBuf>,
    resend: Duration,
}

struct Instance {
    /// Host and port, for people: an address may hold a password.
    shown: String,
    alerts: Url,
    status: Url,
}

impl Cluster {
    /// From the settings; at least one address.
    pub(super) fn new(settings: &Alertmanager, secrets: Secrets<'_>) -> Result<Cluster, Fault> {
        if settings.urls.is_empty() {
            return Err(Fault::value("urls", "at least one address of an instance is needed"));
        }
        if settings.resend.0.is_zero() {
            return Err(Fault::value("resend", "an interval is longer than nothing"));
        }
        let urls = settings.urls.iter().map(|url| web_address("urls", url)).collect::<Result<Vec<Url>, Fault>>()?;
        let (user, password) = (settings.user.as_deref(), settings.password.as_ref());
        let credentials = Credentials::new(user, password, settings.token.as_ref(), secrets)?;
        let secrets = urls.iter().filter(|url| url.password().is_some()).flat_map(secret_parts);
        let secrets = secrets.chain(credentials.secrets()).collect();
        let instances = urls.iter().map(Instance::new).collect::<Result<Vec<Instance>, Fault>>()?;
        Ok(Cluster { instances, secrets, credentials, ca_file: settings.ca_file.clone(), resend: settings.resend.0 })
    }
}

impl Instance {
    fn new(url: &Url) -> Result<Instance, Fault> {
        let base = url.as_str().trim_end_matches('/');
        let port = url.port_or_known_default().unwrap_or(0);
        Ok(Instance {
            shown: format!("{}:{port}", url.host_str().unwrap_or_default()),
            alerts: web_address("urls", &format!("{base}/api/v2/alerts"))?,
            status: web_address("urls", &format!("{base}/api/v2/status"))?,
        })
    }
}

impl HttpReceiver for Cluster {
    fn requests(&self, notice: &Notice) -> Vec<Request> {
        let alert = payload::alert(notice, self.resend);
        let push = |instance: &Instance| {
            self.credentials.on(Request::post_json(&instance.alerts, alert.clone())).to(&instance.shown)
        };
        self.instances.iter().map(push).collect()
    }

    /// The reference is the severity that the alert is labelled with.
    fn read(&self, notice: &Notice, answer: &Answer) -> Reading {
        match answer.is_success() {
            true => Delivery::Accepted { reference: Some(payload::severity(notice).to_owned()) }.into(),
            false => answer.refusal().into(),
        }
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities { updates: true, acknowledges: false, keep_firing: Some(self.resend), calls_itself: false }
    }

    fn secrets(&self) -> Vec<String> {
        self.secrets.clone()
    }

    fn ca_file(&self) -> Option<&Path> {
        self.ca_file.as_deref()
    }

    fn probes(&self) -> Vec<Request> {
        let ask =
            |instance: &Instance| self.credentials.on(Request::new(Method::Get, &instance.status)).to(&instance.shown);
        self.instances.iter().map(ask).collect()
    }

    fn judge(&self, _: &Request, answer: &Answer) -> Finding {
        answer::status(answer)
    }
}
