//! What the probes of receivers share: is it there, without telling anybody anything.

use std::net::IpAddr;

use orszem_core::receivers::{Answer, Request};
use orszem_records::ledger::Delivery;
use orszem_runtime::probe::Finding;
use orszem_runtime::probe::clock::Reading;
use orszem_runtime::probe::reach::{Unreached, anywhere, reach};
use reqwest::Url;

use super::http::Http;

/// What the probe of a receiver found.
#[derive(Debug, Default)]
pub struct Probed {
    /// At least one finding. Its name is the part of the receiver that it is about: empty for the whole of it.
    pub findings: Vec<Finding>,
    /// What its servers said of the time.
    pub readings: Vec<Reading>,
}

impl From<Finding> for Probed {
    fn from(finding: Finding) -> Probed {
        Probed { findings: vec![finding], readings: Vec::new() }
    }
}

impl Probed {
    /// A finding of the whole receiver, from an answer of `host`.
    pub(super) fn answered(finding: Finding, answer: &Answer, host: &str) -> Probed {
        let (sent, received) = answer.between;
        let reading = answer.date().map(|date| Reading { host: host.to_owned(), sent, received, date });
        Probed { findings: vec![finding], readings: reading.into_iter().collect() }
    }
}

/// Looks up the host of a request, or of the proxy that it goes through, and connects to its port, in at most half of
/// what a request may take. The name of a host behind a proxy is looked up there.
async fn reached(request: &Request, http: &Http, allowed: fn(IpAddr) -> bool) -> Result<(), Finding> {
    let (url, allowed) = match http.proxy(&request.url) {
        Some(proxy) => (proxy, anywhere as fn(IpAddr) -> bool),
        None => (&request.url, allowed),
    };
    let port = url.port_or_known_default().unwrap_or(443);
    reach(url.host_str().unwrap_or_default(), port, http.timeout() / 2, allowed)
        .await
        .map_err(|fault| unreached(&fault))
}

/// An address for people: host and port, without what is secret.
pub(super) fn shown(url: &Url) -> String {
    format!("{}:{}", url.host_str().unwrap_or_default(), url.port_or_known_default().unwrap_or(443))
}

/// A host that cannot be reached.
pub(super) fn unreached(fault: &Unreached) -> Finding {
    Finding::broken("", fault.to_string(), fault.fix())
}

/// A host that can be reached and gives no answer of HTTP: `fault` is what the client said.
pub fn unanswered(fault: &Delivery) -> Finding {
    let reason = match fault {
        Delivery::Retry { reason, .. } | Delivery::Failed { reason } => reason.as_str(),
        Delivery::Accepted { .. } => "no answer",
    };
    // The client's own layers, which mean nothing to who reads it.
    let reason = reason.trim_start_matches("error sending request: ").trim_start_matches("client error (Connect): ");
    let fix = match reason {
        text if text.contains("certificate") => {
            "check the host's certificate (its name, its date, its chain), and that this machine trusts its authority"
        }
        text if text.contains("SSL") => "check whether the server speaks https at this port",
        _ => "check that the server is well, and that nothing between swallows the request",
    };
    Finding::broken("", format!("connected, but there is no answer: {reason}"), fix)
}

/// The answer to a request, which is sent once its host can be reached; if there is no answer, what is wrong.
pub(super) async fn ask(http: &Http, request: &Request, allowed: fn(IpAddr) -> bool) -> Result<Answer, Finding> {
    reached(request, http, allowed).await?;
    http.send(request).await.map_err(|fault| unanswered(&fault))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_that_is_not_trusted_is_told_as_that() {
        let reason = "error sending request: client error (Connect): certificate verify failed: self-signed";
        let finding = unanswered(&Delivery::Retry { reason: reason.into(), after_ms: None });
        assert!(finding.detail.ends_with("no answer: certificate verify failed: self-signed"), "{finding:?}");
        assert!(finding.fix.unwrap().contains("authority"));
    }
}
