//! An HTTP endpoint with the keys that sign for it.

use std::path::{Path, PathBuf};

use orszem_records::ledger::Delivery;
use orszem_records::time::Timestamp;
use url::Url;

use super::{Webhook, payload, signature};
use crate::finding::Finding;
use crate::network::host_is_public;
use crate::notification::{Capabilities, Notice};
use crate::receivers::address::{secret_parts, web_address};
use crate::receivers::credentials::Credentials;
use crate::receivers::{Answer, Fault, HttpReceiver, Reading, Request, Secrets, probe};

/// An HTTP endpoint that gets signed messages.
pub struct Endpoint {
    url: Url,
    keys: Vec<Vec<u8>>,
    withheld: Vec<String>,
    allow_private: bool,
    credentials: Credentials,
    ca_file: Option<PathBuf>,
}

impl Endpoint {
    /// From the settings: an address that is public unless `allow_private`, and at least one secret.
    ///
    /// # Errors
    /// A secret cannot be read, or a value cannot work.
    pub fn new(settings: &Webhook, secrets: Secrets<'_>) -> Result<Endpoint, Fault> {
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
        let (user, password) = (settings.user.as_deref(), settings.password.as_ref());
        let credentials = Credentials::new(user, password, settings.token.as_ref(), secrets)?;
        withheld.extend(credentials.secrets());
        let (allow_private, ca_file) = (settings.allow_private, settings.ca_file.clone());
        Ok(Endpoint { url, keys, withheld, allow_private, credentials, ca_file })
    }

    /// The request with a body, signed as the message of this name that is sent at `at`.
    pub fn signed(&self, message: &str, at: Timestamp, body: Vec<u8>) -> Request {
        let id = signature::message_id(message);
        let timestamp = at.0.div_euclid(1000);
        let signed = signature::signatures(&self.keys, &id, timestamp, &body);
        let request = Request::post_json(&self.url, body)
            .header("webhook-id", id)
            .header("webhook-timestamp", timestamp.to_string())
            .header("webhook-signature", signed);
        self.credentials.on(request)
    }

    /// What an answer means: 2xx is success; 410 says that the endpoint is gone for good; the rest as usual.
    pub fn delivery(answer: &Answer) -> Delivery {
        match answer.status {
            200..=299 => Delivery::Accepted { reference: None },
            410 => Delivery::Failed { reason: "answered 410: the endpoint is gone for good".into() },
            _ => answer.refusal(),
        }
    }
}

impl HttpReceiver for Endpoint {
    fn requests(&self, notice: &Notice) -> Vec<Request> {
        vec![self.signed(&notice.message, notice.sent_at, payload::body(notice))]
    }

    fn read(&self, _: &Notice, answer: &Answer) -> Reading {
        Endpoint::delivery(answer).into()
    }

    /// The endpoint gets everything and decides what it replaces.
    fn capabilities(&self) -> Capabilities {
        Capabilities { updates: true, acknowledges: true, keep_firing: None, calls_itself: false }
    }

    fn secrets(&self) -> Vec<String> {
        self.withheld.clone()
    }

    fn ca_file(&self) -> Option<&Path> {
        self.ca_file.as_deref()
    }

    fn allows_private(&self) -> bool {
        self.allow_private
    }

    /// Unsigned and without a body: nobody can mistake that for a message.
    fn probes(&self) -> Vec<Request> {
        vec![self.credentials.on(probe::options(&self.url))]
    }

    fn judge(&self, probe: &Request, answer: &Answer) -> Finding {
        probe::alive(probe.host(), answer, "whether it takes the signature only a test page shows")
    }
}
