//! What the probes of receivers share: is it there, without telling anybody anything.

use std::future::Future;
use std::net::IpAddr;

use reqwest::Url;

use orszem_records::ledger::Delivery;
use orszem_runtime::probe::Finding;
use orszem_runtime::probe::clock::Reading;
use orszem_runtime::probe::reach::{Unreached, reach};

use super::http::{Answer, Http};

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
    /// A finding of the whole receiver, from an answer of the host of `url`.
    pub(super) fn answered(finding: Finding, answer: &Answer, url: &Url) -> Probed {
        let readings = answer.reading(url.host_str().unwrap_or_default()).into_iter().collect();
        Probed { findings: vec![finding], readings }
    }
}

/// Looks up the host of an address and connects to its port, in at most half of what a request may take.
async fn reached(url: &Url, http: &Http, allowed: fn(IpAddr) -> bool) -> Result<(), Unreached> {
    let port = url.port_or_known_default().unwrap_or(443);
    reach(url.host_str().unwrap_or_default(), port, http.timeout() / 2, allowed).await
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

/// The answer to `request`, which is sent once the host of `url` can be reached; what is wrong where there is none.
pub(super) async fn answer(
    http: &Http,
    url: &Url,
    allowed: fn(IpAddr) -> bool,
    request: impl Future<Output = Result<Answer, Delivery>>,
) -> Result<Answer, Finding> {
    reached(url, http, allowed).await.map_err(|fault| unreached(&fault))?;
    request.await.map_err(|fault| unanswered(&fault))
}

/// Asks an address that takes pages for its options, which is no page: nobody can mistake the question for one.
/// `unknown` is what the answer leaves open.
pub(super) async fn options(http: &Http, url: &Url, allowed: fn(IpAddr) -> bool, unknown: &str) -> Probed {
    match answer(http, url, allowed, http.options(url.as_str())).await {
        Ok(answer) => Probed::answered(alive(url.host_str().unwrap_or_default(), &answer, unknown), &answer, url),
        Err(finding) => finding.into(),
    }
}

/// What an answer to a question that is no page tells of an address that takes pages. `unknown` is what this leaves
/// open.
fn alive(host: &str, answer: &Answer, unknown: &str) -> Finding {
    let status = answer.status;
    let said = format!("{host} answers ({status} to OPTIONS)");
    match status {
        404 => Finding::warning(
            "",
            format!("{said}: perhaps there is nothing at this path"),
            "check the path of the address; some servers answer this to every request that is not for a page",
        ),
        410 => Finding::broken("", format!("{said}: the address is gone for good"), "put in the new address"),
        300..=399 => Finding::warning(
            "",
            format!("{said}, which leads elsewhere"),
            "put in the address that it leads to: redirects are not followed",
        ),
        429 | 500..=599 => {
            Finding::warning("", format!("{said}: it is not well now"), "see the status page of the service")
        }
        _ => Finding::works("", format!("{said}; {unknown}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use orszem_runtime::probe::State;

    #[test]
    fn answers_are_told_apart() {
        let state = |status| alive("a", &Answer { status, ..Answer::default() }, "the rest is open").state;
        for (statuses, expected) in [
            (&[200, 204, 400, 401, 403, 405][..], State::Works),
            (&[301, 308, 404, 429, 500, 503], State::Warning),
            (&[410], State::Broken),
        ] {
            assert!(statuses.iter().all(|status| state(*status) == expected), "{statuses:?}");
        }
    }

    #[test]
    fn a_certificate_that_is_not_trusted_is_told_as_that() {
        let reason = "error sending request: client error (Connect): certificate verify failed: self-signed";
        let finding = unanswered(&Delivery::Retry { reason: reason.into(), after_ms: None });
        assert!(finding.detail.ends_with("no answer: certificate verify failed: self-signed"), "{finding:?}");
        assert!(finding.fix.unwrap().contains("authority"));
    }
}
