//! E-mail over SMTP.
//!
//! The first mail of an incident has a Message-ID that follows from the incident alone, so a try that is repeated is
//! the same mail to every program on its way; later mails refer to it and so stand in one thread.

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

use orszem_core::settings::types;
use orszem_core::settings::types::MailSecurity;
use orszem_records::ledger::Delivery;
use orszem_runtime::probe::Finding;
use orszem_runtime::probe::reach::{anywhere, reach};

use super::http::excerpt;
use super::probe::unreached;
use super::registry::{Fault, reveal};
use crate::{Probed, Receiver};
use orszem_core::notification::{Capabilities, Notice};
use orszem_text::sanitize;

/// A mailbox, or several that get the same mail.
pub struct Email {
    name: String,
    transport: AsyncSmtpTransport<Tokio1Executor>,
    host: String,
    port: u16,
    security: MailSecurity,
    timeout: Duration,
    password: Option<String>,
    from: Mailbox,
    to: Vec<Mailbox>,
}

impl Email {
    /// From the configuration: addresses that parse, a CA file that can be read, user and password together or neither.
    pub fn new(config: &types::Email, timeout: Duration) -> Result<Email, Fault> {
        let from = mailbox("from", &config.from)?;
        let to = config.to.iter().map(|text| mailbox("to", text)).collect::<Result<Vec<Mailbox>, Fault>>()?;
        if to.is_empty() {
            return Err(Fault::value("to", "at least one recipient is needed"));
        }
        let host = config.host.trim();
        if host.is_empty() {
            return Err(Fault::value("host", "the SMTP server's name is needed"));
        }
        let (tls, usual) = match config.security {
            MailSecurity::Starttls => (Tls::Required(encryption(config, host)?), 587),
            MailSecurity::Tls => (Tls::Wrapper(encryption(config, host)?), 465),
            MailSecurity::None => (Tls::None, 25),
        };
        let port = config.port.unwrap_or(usual);
        let mut transport =
            AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host).port(port).tls(tls).timeout(Some(timeout));
        // The sender's domain greets: without one lettre says [127.0.0.1], which many servers refuse.
        if from.email.domain().is_ascii() {
            transport = transport.hello_name(ClientId::Domain(from.email.domain().to_owned()));
        }
        let password = match (&config.user, &config.password) {
            (Some(user), Some(password)) => {
                let password = reveal("password", password)?;
                transport = transport.credentials(Credentials::new(user.clone(), password.clone()));
                Some(password)
            }
            (None, None) => None,
            _ => return Err(Fault::value("password", "user and password are given together or not at all")),
        };
        Ok(Email {
            name: config.name.clone(),
            transport: transport.build(),
            host: host.to_owned(),
            port,
            security: config.security,
            timeout,
            password,
            from,
            to,
        })
    }

    /// Connects, greets, encrypts, logs in and leaves: nothing is sent.
    async fn look(&self) -> Probed {
        if let Err(fault) = reach(&self.host, self.port, self.timeout / 2, anywhere).await {
            return unreached(&fault).into();
        }
        let fault = match self.transport.test_connection().await {
            Ok(true) => return Finding::works("", self.agreed()).into(),
            Ok(false) => {
                let fix = "see the log of the mail server";
                return Finding::broken("", "logged in, but the server does not continue", fix).into();
            }
            Err(fault) => fault,
        };
        let (Delivery::Retry { reason, .. } | Delivery::Failed { reason }) = self.read(&fault) else {
            unreachable!("a fault is never taken for an accepted mail")
        };
        let fix = match fault.status().map(u16::from) {
            Some(530 | 534 | 535 | 538) if self.password.is_some() => "check `user` and the password of this receiver",
            Some(530 | 538) => "the server wants a login: give `user` and `password`",
            Some(_) => "see what the server says, and its log",
            None if reason.contains("certificate") => {
                "check the server's certificate (its name is `host`, its date); name its authority in `ca_file`"
            }
            None if fault.is_client() => "the server does not offer what is asked for: check `security` and `port`",
            None => "check `security` and `port`: 587 for starttls, 465 for tls",
        };
        Finding::broken("", reason, fix).into()
    }

    fn agreed(&self) -> String {
        let encrypted = match self.security {
            MailSecurity::Starttls => "encrypted by STARTTLS, certificate in order",
            MailSecurity::Tls => "encrypted, certificate in order",
            MailSecurity::None => "not encrypted",
        };
        let login = if self.password.is_some() { "logged in" } else { "without a login" };
        format!("{}:{}: {encrypted}, {login}; no mail was sent", self.host, self.port)
    }

    /// The Message-ID of the incident's first mail. The hash keeps two receivers, and ids that differ only in letters
    /// that an address cannot have, apart.
    fn thread_id(&self, notice: &Notice) -> String {
        self.message_id(notice, "")
    }

    fn message_id(&self, notice: &Notice, suffix: &str) -> String {
        let incident = &notice.page.incident.0;
        let hash = xxhash_rust::xxh3::xxh3_64(format!("{}\n{incident}", self.name).as_bytes());
        let plain: String = incident
            .chars()
            .take(80)
            .map(|letter| if letter.is_ascii_alphanumeric() || letter == '-' { letter } else { '_' })
            .collect();
        let domain = self.from.email.domain();
        let domain = if domain.is_ascii() { domain } else { "orszem.invalid" };
        format!("<orszem.{plain}.{hash:016x}{suffix}@{domain}>")
    }

    /// The mail and its Message-ID.
    fn mail(&self, notice: &Notice) -> Result<(Message, String), lettre::error::Error> {
        let page = &notice.page;
        let root = self.thread_id(notice);
        let id = match notice.revision {
            0 => root.clone(),
            revision => self.message_id(notice, &format!(".{revision}")),
        };
        let seconds = u64::try_from(notice.sent_at.0.div_euclid(1000)).unwrap_or(0);
        let mut mail = Message::builder()
            .from(self.from.clone())
            .message_id(Some(id.clone()))
            .date(UNIX_EPOCH + Duration::from_secs(seconds))
            // Titles and names are clean already; a header is where it must not be forgotten.
            .subject(sanitize::line(&page.subject()))
            .raw_header(header("Auto-Submitted", "auto-generated"))
            .raw_header(header("X-Auto-Response-Suppress", "All"));
        for to in &self.to {
            mail = mail.to(to.clone());
        }
        if notice.revision > 0 {
            let first = notice.reference.as_deref().filter(|id| is_message_id(id)).unwrap_or(&root);
            mail = mail.in_reply_to(first.to_owned()).references(first.to_owned());
        }
        let mail = mail.multipart(MultiPart::alternative_plain_html(page.text(), page.html().into_string()))?;
        Ok((mail, id))
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
                    tracing::warn!(receiver = self.name, incident = %notice.page.incident, to = %to.email, reason, "recipient refused");
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

    /// A 5xx and what the two sides cannot agree on will not pass; a 4xx and the network may.
    fn read(&self, fault: &lettre::transport::smtp::Error) -> Delivery {
        let mut reason = fault.to_string();
        if let Some(password) = &self.password {
            reason = reason.replace(password.as_str(), "(secret)");
        }
        let reason = excerpt(&reason);
        if fault.is_permanent() || fault.is_client() {
            Delivery::Failed { reason }
        } else {
            Delivery::Retry { reason, after_ms: None }
        }
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

/// Whether a stored reference can stand in a header: `<…@…>` in visible ASCII.
fn is_message_id(text: &str) -> bool {
    let inner = text.strip_prefix('<').and_then(|rest| rest.strip_suffix('>'));
    inner.is_some_and(|id| {
        id.len() < 250 && id.contains('@') && id.bytes().all(|byte| byte.is_ascii_graphic() && !b"<>".contains(&byte))
    })
}

fn encryption(config: &types::Email, host: &str) -> Result<TlsParameters, Fault> {
    let mut parameters = TlsParameters::builder(host.to_owned());
    if let Some(path) = &config.ca_file {
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

    /// A mail stays as it was sent: only what is worth another one is sent.
    fn capabilities(&self) -> Capabilities {
        Capabilities { updates: false, acknowledges: false, keep_firing: None }
    }
}

#[cfg(test)]
#[path = "email_tests.rs"]
mod tests;
