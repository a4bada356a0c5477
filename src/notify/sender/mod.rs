//! The one sender for all receivers that are reached by HTTP: it sends what they ask for and lets them read the answer.

use std::future::Future;
use std::net::IpAddr;
use std::pin::Pin;
use std::time::Duration;

use tokio::task::JoinSet;

use orszem_core::network::is_public;
use orszem_core::notification::{Capabilities, Notice};
use orszem_core::receivers::instances::{Together, soften, together};
use orszem_core::receivers::{Answer, HttpReceiver, Reading, Request, Sent};
use orszem_records::ledger::Delivery;
use orszem_runtime::probe::at_once;
use orszem_runtime::probe::reach::anywhere;

use super::fault::Fault;
use super::http::Http;
use super::probe::shown;
use super::{Outgoing, Probed, Receiver, late, probe};

/// A receiver that is reached by HTTP.
pub struct Sender {
    name: String,
    receiver: Box<dyn HttpReceiver>,
    http: Http,
}

impl Sender {
    /// Sends for `receiver`, which is called `name`. A request takes at most `timeout`.
    ///
    /// # Errors
    /// The HTTP client cannot be made, or its certificate authorities cannot be read.
    pub fn new(
        name: &str,
        receiver: Box<dyn HttpReceiver>,
        timeout: Duration,
        outgoing: &Outgoing,
    ) -> Result<Sender, Fault> {
        let outgoing = outgoing.clone().trusting(receiver.ca_file())?;
        let client = if receiver.allows_private() { Http::through } else { Http::public_only };
        Ok(Sender { name: name.to_owned(), http: client(&outgoing, timeout, receiver.secrets())?, receiver })
    }

    async fn deliver(&self, notice: &Notice) -> Sent {
        // A try may need a second round of requests, with a new message; the timeout is for both.
        let timeout = self.http.timeout();
        let end = tokio::time::sleep(timeout);
        let first = match self.round(notice).await {
            // A new message is better than none.
            Reading::Gone(_) if notice.reference.is_some() => {
                let new_message = Notice { reference: None, ..notice.clone() };
                return tokio::select! {
                    reading = self.round(&new_message) => reading.into(),
                    () = end => late(timeout).into(),
                };
            }
            reading => reading,
        };
        let was_taken = matches!(&first, Reading::Outcome(Delivery::Accepted { .. }) | Reading::Noted { .. });
        match self.receiver.follow_up(notice).filter(|_| was_taken) {
            Some(request) => tokio::select! {
                sent = self.http.send(&request) => match sent {
                    Ok(answer) => self.receiver.read(notice, &answer).into(),
                    Err(delivery) => delivery.into(),
                },
                () = end => late(timeout).into(),
            },
            None => first.into(),
        }
    }

    /// Sends all requests at once and reads what is answered.
    async fn round(&self, notice: &Notice) -> Reading {
        let mut sends = JoinSet::new();
        for (at, request) in self.receiver.requests(notice).into_iter().enumerate() {
            let http = self.http.clone();
            sends.spawn(async move { (at, http.send(&request).await, request.instance) });
        }
        let mut said = Vec::new();
        while let Some(sent) = sends.join_next().await {
            let Ok((at, answer, instance)) = sent else { continue };
            let reading = match answer {
                Ok(answer) => self.receiver.read(notice, &answer),
                Err(delivery) => delivery.into(),
            };
            said.push((at, (instance, reading)));
        }
        said.sort_by_key(|(at, _)| *at);
        let Together { reading, taken_by, left_out } = together(said.into_iter().map(|(_, said)| said).collect());
        for (instance, reason) in left_out {
            let taken_by = taken_by.join(", ");
            tracing::warn!(receiver = self.name, incident = %notice.page.incident, instance, reason, taken_by, "an instance of the receiver did not take the message");
        }
        reading
    }

    /// Asks every instance; one that does not work is a warning while another does.
    async fn look(&self) -> Probed {
        let allowed: fn(IpAddr) -> bool = if self.receiver.allows_private() { anywhere } else { is_public };
        let asked = self.receiver.probes().into_iter().map(|request| {
            let http = self.http.clone();
            async move { (probe::ask(&http, &request, allowed).await, request) }
        });
        let mut all = Probed::default();
        for (answer, request) in at_once(asked).await {
            let mut one = match answer {
                Ok(answer) => self.judged(&request, &answer),
                Err(finding) => finding.into(),
            };
            for finding in &mut one.findings {
                finding.name = request.instance.clone().unwrap_or_default();
                if let Some(proxy) = self.http.proxy(&request.url) {
                    finding.detail.push_str(&format!(" (through the proxy {})", shown(proxy)));
                }
            }
            all.findings.extend(one.findings);
            all.readings.extend(one.readings);
        }
        soften(&mut all.findings);
        all
    }

    fn judged(&self, request: &Request, answer: &Answer) -> Probed {
        Probed::answered(self.receiver.judge(request, answer), answer, request.host())
    }
}

impl Receiver for Sender {
    fn send<'a>(&'a self, notice: &'a Notice) -> Pin<Box<dyn Future<Output = Sent> + Send + 'a>> {
        Box::pin(self.deliver(notice))
    }

    fn probe<'a>(&'a self) -> Pin<Box<dyn Future<Output = Probed> + Send + 'a>> {
        Box::pin(self.look())
    }

    fn capabilities(&self) -> Capabilities {
        self.receiver.capabilities()
    }
}

#[cfg(test)]
mod alertmanager_tests;
#[cfg(test)]
mod half_answers_tests;
#[cfg(test)]
mod pagerduty_tests;
#[cfg(test)]
mod proxy_tests;
#[cfg(test)]
mod slack_tests;
#[cfg(test)]
mod webhook_tests;
