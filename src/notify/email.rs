//! E-mail over SMTP: gives a mail the form that is sent, and sends it.

use std::collections::{HashSet, VecDeque};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, UNIX_EPOCH};

use lettre::address::{Address, Envelope};
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message, MultiPart};
use lettre::transport::smtp;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout_at};

use orszem_core::notification::{Capabilities, Notice};
use orszem_core::receivers::Sent;
use orszem_core::receivers::email::{Account, Mail, MailSecurity, Refusal, together};
use orszem_records::ledger::Delivery;
use orszem_runtime::probe::Finding;
use orszem_runtime::probe::reach::{anywhere, reach};

use super::fault::Fault;
use super::probe::unreached;
use crate::{Outgoing, Probed, Receiver, late};

/// The most connections to the server at once: what most servers allow one client.
const AT_ONCE: usize = 4;

type Transport = AsyncSmtpTransport<Tokio1Executor>;

/// A mailbox, or several that get the same mail.
pub struct Email {
    account: Account,
    transport: Transport,
    timeout: Duration,
    from: Mailbox,
    to: Vec<Mailbox>,
    /// With whom the next try begins.
    turn: AtomicUsize,
}

impl Email {
    /// For an account with addresses that parse, and a CA file that can be read.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn new(account: Account, timeout: Duration, outgoing: &Outgoing) -> Result<Email, Fault> {
        let from = mailbox("from", &account.from)?;
        let to = account.to.iter().map(|text| mailbox("to", text)).collect::<Result<Vec<Mailbox>, Fault>>()?;
        let encryption = || encryption(&account, &outgoing.clone().trusting(account.ca_file.as_deref())?);
        let tls = match account.security {
            MailSecurity::Starttls => Tls::Required(encryption()?),
            MailSecurity::Tls => Tls::Wrapper(encryption()?),
            MailSecurity::None => Tls::None,
        };
        let mut transport =
            Transport::builder_dangerous(&account.host).port(account.port).tls(tls).timeout(Some(timeout));
        // The sender's domain greets: without one lettre says [127.0.0.1], which many servers refuse.
        if from.email.domain().is_ascii() {
            transport = transport.hello_name(ClientId::Domain(from.email.domain().to_owned()));
        }
        if let Some(login) = &account.login {
            transport = transport.credentials(Credentials::new(login.user.clone(), login.password.clone()));
            if login.is_token {
                transport = transport.authentication(vec![Mechanism::Xoauth2]);
            }
        }
        Ok(Email { transport: transport.build(), account, timeout, from, to, turn: AtomicUsize::new(0) })
    }

    /// Connects, greets, encrypts, logs in and leaves: nothing is sent.
    async fn look(&self) -> Probed {
        if let Err(fault) = reach(&self.account.host, self.account.port, self.timeout / 2, anywhere).await {
            return unreached(&fault).into();
        }
        let refusal = match self.transport.test_connection().await {
            Ok(true) => return Finding::works("", self.account.agreed()).into(),
            Ok(false) => {
                let fix = "see the log of the mail server";
                return Finding::broken("", "logged in, but the server does not continue", fix).into();
            }
            Err(fault) => refusal(&fault),
        };
        let fix = refusal.fix(self.account.login.is_some());
        Finding::broken("", refusal.reason(self.password()), fix).into()
    }

    /// The mail in the form that is sent, and its Message-ID.
    fn mail(&self, notice: &Notice) -> Result<(Message, String), lettre::error::Error> {
        let Mail { id, first, subject, date_s, headers, text, html } =
            Mail::of(notice, &self.account.name, self.from.email.domain());
        let mut mail = Message::builder()
            .from(self.from.clone())
            .message_id(Some(id.clone()))
            .date(UNIX_EPOCH + Duration::from_secs(date_s))
            .subject(subject);
        for (name, value) in headers {
            mail = mail.raw_header(header(name, value));
        }
        for to in &self.to {
            mail = mail.to(to.clone());
        }
        if let Some(first) = first {
            mail = mail.in_reply_to(first.clone()).references(first);
        }
        Ok((mail.multipart(MultiPart::alternative_plain_html(text, html))?, id))
    }

    /// Sends to each recipient that is not settled yet, in a transaction of its own: what one is answered, or how long
    /// that takes, is nothing to the others.
    async fn deliver(&self, notice: &Notice) -> Sent {
        let end = Instant::now() + self.timeout;
        let (mail, id) = match self.mail(notice) {
            Ok(made) => made,
            Err(fault) => return Delivery::Failed { reason: format!("the mail cannot be made: {fault}") }.into(),
        };
        let bytes: Arc<[u8]> = mail.formatted().into();
        let unsettled = self.unsettled(notice);
        let mut waiting: VecDeque<&Address> = unsettled.iter().collect();
        if !waiting.is_empty() {
            // Where the time of a try is not enough for all, the next begins elsewhere: nobody is always the last.
            let first = self.turn.fetch_add(AT_ONCE, Ordering::Relaxed) % waiting.len();
            waiting.rotate_left(first);
        }
        let (mut running, mut tried) = (JoinSet::new(), Vec::new());
        loop {
            while running.len() < AT_ONCE
                && Instant::now() < end
                && let Some(to) = waiting.pop_front()
            {
                let (from, to) = (self.from.email.clone(), to.clone());
                let (bytes, transport) = (Arc::clone(&bytes), self.transport.clone());
                running.spawn(async move {
                    let sent = timeout_at(end, send_to(&transport, from, &to, &bytes)).await;
                    (to, sent)
                });
            }
            let Some(ended) = running.join_next().await else { break };
            let Ok((to, sent)) = ended else { continue };
            let result = match sent {
                Ok(Ok(())) => Delivery::Accepted { reference: None },
                Ok(Err(fault)) => self.read(&fault),
                Err(_) => late(self.timeout),
            };
            if let Delivery::Failed { reason } = &result {
                tracing::warn!(receiver = self.account.name, incident = %notice.page.incident, %to, reason, "recipient rejected");
            }
            tried.push((to.to_string(), result));
        }
        // Those that had no turn in the time of this try.
        let known: HashSet<String> = tried.iter().map(|(to, _)| to.clone()).collect();
        let missed = unsettled.iter().map(Address::to_string).filter(|to| !known.contains(to));
        tried.extend(missed.map(|to| (to, late(self.timeout))));
        together(&notice.settled, tried, notice.reference.clone().unwrap_or(id))
    }

    /// The addresses that the message is not settled for, each once.
    fn unsettled(&self, notice: &Notice) -> Vec<Address> {
        let mut addresses: Vec<Address> = Vec::new();
        for to in &self.to {
            if !notice.settled.has(to.email.as_ref()) && !addresses.contains(&to.email) {
                addresses.push(to.email.clone());
            }
        }
        addresses
    }

    fn password(&self) -> Option<&str> {
        self.account.login.as_ref().map(|login| login.password.as_str())
    }

    fn read(&self, fault: &smtp::Error) -> Delivery {
        refusal(fault).delivery(self.password())
    }
}

/// One mail to one address, by a connection of its own.
async fn send_to(transport: &Transport, from: Address, to: &Address, mail: &[u8]) -> Result<(), smtp::Error> {
    let envelope = Envelope::new(Some(from), vec![to.clone()]);
    let Ok(envelope) = envelope else { unreachable!("there is a recipient") };
    transport.send_raw(&envelope, mail).await.map(drop)
}

fn refusal(fault: &smtp::Error) -> Refusal {
    Refusal {
        code: fault.status().map(u16::from),
        is_permanent: fault.is_permanent(),
        is_disagreement: fault.is_client(),
        words: fault.to_string(),
    }
}

fn mailbox(field: &'static str, text: &str) -> Result<Mailbox, Fault> {
    let wrong = |why: String| {
        Fault::value(field, format!("{text:?} is not an e-mail address ({why}); write Name <a@b.example>"))
    };
    if text.contains(char::is_control) {
        return Err(wrong("it has control characters".into()));
    }
    text.parse().map_err(|fault: lettre::address::AddressError| wrong(fault.to_string()))
}

fn header(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
}

fn encryption(account: &Account, outgoing: &Outgoing) -> Result<TlsParameters, Fault> {
    let mut parameters = TlsParameters::builder(account.host.clone());
    for pem in &outgoing.authorities {
        let certificate = Certificate::from_pem(pem.as_bytes());
        let wrong = |fault: smtp::Error| Fault::value("ca_file", fault.to_string());
        parameters = parameters.add_root_certificate(certificate.map_err(wrong)?);
    }
    Ok(parameters.build()?)
}

impl Receiver for Email {
    fn send<'a>(&'a self, notice: &'a Notice) -> Pin<Box<dyn Future<Output = Sent> + Send + 'a>> {
        Box::pin(self.deliver(notice))
    }

    fn probe<'a>(&'a self) -> Pin<Box<dyn Future<Output = Probed> + Send + 'a>> {
        Box::pin(self.look())
    }

    fn capabilities(&self) -> Capabilities {
        self.account.capabilities()
    }
}

#[cfg(test)]
#[path = "email_tests.rs"]
mod tests;
