//! A PagerDuty service with its key.

use url::Url;

use super::{Pagerduty, answer, payload};
use crate::finding::Finding;
use crate::notification::{Capabilities, Notice};
use crate::receivers::address::{base_address, web_address};
use crate::receivers::{Answer, Fault, HttpReceiver, Reading, Request, Secrets, probe};

pub(super) struct Service {
    url: Url,
    routing_key: String,
}

impl Service {
    /// From the settings. The routing key must have 32 characters.
    pub(super) fn new(settings: &Pagerduty, secrets: Secrets<'_>) -> Result<Service, Fault> {
        let routing_key = secrets.reveal("routing_key", &settings.routing_key)?;
        if routing_key.len() != 32 || !routing_key.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(Fault::value("routing_key", "an integration key has 32 letters and digits"));
        }
        let url = web_address("base_url", &format!("{}/v2/enqueue", base_address("base_url", &settings.base_url)?))?;
        Ok(Service { url, routing_key })
    }
}

impl HttpReceiver for Service {
    fn requests(&self, notice: &Notice) -> Vec<Request> {
        vec![Request::post_json(&self.url, payload::event(notice, &self.routing_key))]
    }

    fn read(&self, notice: &Notice, answer: &Answer) -> Reading {
        answer::read(answer, &notice.page).into()
    }

    /// A trigger after a resolve opens a new incident, and PagerDuty does not tell us of a resolve: so it gets one for
    /// the first call and for a rise in severity, and none for newer figures or a later step.
    fn capabilities(&self) -> Capabilities {
        Capabilities { updates: false, acknowledges: true, keep_firing: None, calls_itself: true }
    }

    fn secrets(&self) -> Vec<String> {
        vec![self.routing_key.clone()]
    }

    /// PagerDuty answers about a key only when it gets an event, so a wrong key cannot be found here.
    fn probes(&self) -> Vec<Request> {
        vec![probe::options(&self.url)]
    }

    fn judge(&self, probe: &Request, answer: &Answer) -> Finding {
        let unknown = "the key has the right form, and whether it is the right one only a test page shows";
        probe::alive(probe.host(), answer, unknown)
    }
}
