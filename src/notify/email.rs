//! E-mail over SMTP: gives a mail the form that is sent, and sends it.

use std::future::Future;
use std::pin::Pin;
use std::time::{Duration, UNIX_EPOCH};

use lettre::address::{Address, Envelope};
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message, MultiPart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};

use orszem_core::notification::{Capabilities, Notice};
use orszem_core::receivers::email::{Account, Mail, MailSecurity, Refusal};
use orszem_records::ledger::Delivery;
use orszem_runtime::probe::Finding;
use orszem_runtime::probe::reach::{anywhere, reach};

use super::fault::Fault;
use super::probe::unreached;
use crate::{Probed, Receiver};

/// A mailbox, or several that get the same mail.
pub struct Email {
    account: Account,
    transport: AsyncSmtpTransport<Tokio1Executor>,
    timeout: Duration,
    from: Mailbox,
    to: Vec<Mailbox>,
}

impl Email {
    /// For an account with addresses that parse, and a CA file that can be read.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn new(account: Account, timeout: Duration) -> Result<Email, Fault> {
        let from = mailbox("from", &account.from)?;
        let to = account.to.iter().map(|text| mailbox("to", text)).collect::<Result<Vec<Mailbox>, Fault>>()?;
        let tls = match account.security {
            MailSecurity::Starttls => Tls::Required(encryption(&account)?),
            MailSecurity::Tls => Tls::Wrapper(encryption(&account)?),
            MailSecurity::None => Tls::None,
        };
        let mut transport = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&account.host)
            .port(account.port)
            .tls(tls)
            .timeout(Some(timeout));
        // The sender's domain greets: without one lettre says [127.0.0.1], which many servers refuse.
        if from.email.domain().is_ascii() {
            transport = transport.hello_name(ClientId::Domain(from.email.domain().to_owned()));
        }
        if let Some(login) = &account.login {
            transport = transport.credentials(Credentials::new(login.user.clone(), login.password.clone()));
        }
        Ok(Email { transport: transport.build(), account, timeout, from, to })
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

    async fn deliver(&self, notice: &Notice) -> Delivery {
        let (mail, id) = match self.mail(notice) {
            Ok(made) => made,
            Err(fault) => return Delivery::Failed { reason: format!("the mail cannot be made: {fault}") },
        };
        let accepted = Delivery::Accepted { reference: Some(notice.reference.clone().unwrap_or(id)) };
        let bytes = mail.formatted();
        let refused = match self.transport.send_raw(mail.envelope(), &bytes).await {
            Ok(_) => return accepted,
            Err(fault) => self.read(&fault),
        };
        // One mailbox that does not exist makes the server refuse the mail for all: then each gets its own.
        if self.to.len() < 2 || !matches!(refused, Delivery::Failed { .. }) {
            return refused;
        }
        let mut taken = false;
        for to in &self.to {
            match self.send_to(&to.email, &bytes).await {
                Delivery::Accepted { .. } => taken = true,
                Delivery::Retry { reason, .. } | Delivery::Failed { reason } => {
                    tracing::warn!(receiver = self.account.name, incident = %notice.page.incident, to = %to.email, reason, "recipient refused");
                }
            }
        }
        if taken { accepted } else { refused }
    }

    async fn send_to(&self, to: &Address, mail: &[u8]) -> Delivery {
        let envelope = Envelope::new(Some(self.from.email.clone()), vec![to.clone()]);
        let Ok(envelope) = envelope else { return Delivery::Failed { reason: "no recipient".into() } };
        match self.transport.send_raw(&envelope, mail).await {
            Ok(_) => Delivery::Accepted { reference: None },
            Err(fault) => self.read(&fault),
        }
    }

    fn password(&self) -> Option<&str> {
        self.account.login.as_ref().map(|login| login.password.as_str())
    }

    fn read(&self, fault: &lettre::transport::smtp::Error) -> Delivery {
        refusal(fault).delivery(self.password())
    }
}

fn refusal(fault: &lettre::transport::smtp::Error) -> Refusal {
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

fn encryption(account: &Account) -> Result<TlsParameters, Fault> {
    let mut parameters = TlsParameters::builder(account.host.clone());
    if let Some(path) = &account.ca_file {
        let wrong = |why: String| Fault::value("ca_file", format!("{}: {why}", path.display()));
        let pem = std::fs::read_to_string(path).map_err(|fault| wrong(fault.to_string()))?;
        let mut any = false;
        // A bundle holds several; the TLS library reads one at a time.
        for part in pem.split_inclusive("-----END CERTIFICATE-----").filter(|part| part.contains("-----BEGIN CERT")) {
            let certificate = Certificate::from_pem(part.trim_start().as_bytes());
            parameters = parameters.add_root_certificate(certificate.map_err(|fault| wrong(fault.to_string()))?);
            any = true;
        }
        if !any {
            return Err(wrong("no PEM certificate in it".into()));
        }
    }
    Ok(parameters.build()?)
}

impl Receiver for Email {
    fn send<'a>(&'a self, notice: &'a Notice) -> Pin<Box<dyn Future<Output = Delivery> + Send + 'a>> {
        Box::pin(super::within(self.timeout, self.deliver(notice)))
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
