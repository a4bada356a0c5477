//! An HTTP endpoint with the keys that sign for it.

use orszem_records::ledger::Delivery;
use url::Url;

use super::{Webhook, payload, signature};
use crate::finding::Finding;
use crate::network::host_is_public;
use crate::notification::{Capabilities, Notice};
use crate::receivers::address::{secret_parts, web_address};
use crate::receivers::{Answer, Fault, HttpReceiver, Reading, Request, Secrets, probe};

pub(super) struct Endpoint {
    url: Url,
    keys: Vec<Vec<u8>>,
    withheld: Vec<String>,
    allow_private: bool,
}

impl Endpoint {
    /// From the settings: an address that is public unless `allow_private`, and at least one secret.
    pub(super) fn new(settings: &Webhook, secrets: Secrets<'_>) -> Result<Endpoint, Fault> {
        let url = web_address("url", &settings.url)?;
        if !settings.allow_private && !host_is_public(&url) {
            return Err(Fault::value("url", "the host is in a private network; `allow_private = true` permits that"));
        }
        if settings.secrets.is_empty() {
            return Err(Fault::value("secrets", "at least one signing secret is needed"));
        }
        let mut withheld = secret_parts(&url);
        let mut keys = Vec::new();
        for secret in &settings.secrets {
            let secret = secrets.reveal("secrets", secret)?;
            let wrong = || Fault::value("secrets", "a signing secret is whsec_ and the base64 of 24 to 64 bytes");
            keys.push(signature::key(&secret).ok_or_else(wrong)?);
            withheld.push(secret);
        }
        Ok(Endpoint { url, keys, withheld, allow_private: settings.allow_private })
    }
}

impl HttpReceiver for Endpoint {
    fn requests(&self, notice: &Notice) -> Vec<Request> {
        let body = payload::body(notice);
        let id = signature::message_id(&notice.message);
        let timestamp = notice.sent_at.0.div_euclid(1000);
        let signed = signature::signatures(&self.keys, &id, timestamp, &body);
        let request = Request::post_json(&self.url, body)
            .header("webhook-id", id)
            .header("webhook-timestamp", timestamp.to_string())
            .header("webhook-signature", signed);
        vec![request]
    }

    /// 2xx is success; 410 says that the endpoint is gone for good; the rest as usual.
    fn read(&self, _: &Notice, answer: &Answer) -> Reading {
        let delivery = match answer.status {
            200..=299 => Delivery::Accepted { reference: None },
            410 => Delivery::Failed { reason: "answered 410: the endpoint is gone for good".into() },
            _ => answer.refusal(),
        };
        delivery.into()
    }

    /// The endpoint gets everything and decides what it replaces.
    fn capabilities(&self) -> Capabilities {
        Capabilities { updates: true, acknowledges: true, keep_firing: None }
    }

    fn secrets(&self) -> Vec<String> {
        self.withheld.clone()
    }

    fn allows_private(&self) -> bool {
        self.allow_private
    }

    /// Unsigned and without a body: nobody can mistake that for a message.
    fn probes(&self) -> Vec<Request> {
        vec![probe::options(&self.url)]
    }

    fn judge(&self, probe: &Request, answer: &Answer) -> Finding {
        probe::alive(probe.host(), answer, "whether it takes the signature only a test page shows")
    }
}
