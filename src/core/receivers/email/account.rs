//! A mailbox with its login.

use super::{Email, MailSecurity};
use crate::notification::Capabilities;
use crate::receivers::{Fault, Secrets};

/// A mailbox, or several that get the same mail.
pub struct Account {
    /// The name by which escalations call it.
    pub name: String,
    /// The SMTP server.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub security: MailSecurity,
    /// A certificate authority to trust beside the system's.
    pub ca_file: Option<std::path::PathBuf>,
    /// Who it logs in as; nothing where the server asks for no login.
    pub login: Option<Login>,
    /// The sender, as configured.
    pub from: String,
    /// The recipients, as configured; at least one.
    pub to: Vec<String>,
}

/// User and password, or user and token.
pub struct Login {
    /// The user.
    pub user: String,
    /// The password, or the token.
    pub password: String,
    /// It is an OAuth 2 token, and shown as that (XOAUTH2).
    pub is_token: bool,
}

impl Account {
    /// From the settings: a host, at least one recipient, user and password together or neither.
    pub(super) fn new(settings: &Email, secrets: Secrets<'_>) -> Result<Account, Fault> {
        if settings.to.is_empty() {
            return Err(Fault::value("to", "at least one recipient is needed"));
        }
        let host = settings.host.trim();
        if host.is_empty() {
            return Err(Fault::value("host", "the SMTP server's name is needed"));
        }
        let login = match (&settings.user, &settings.password, &settings.token) {
            (Some(user), Some(password), None) => {
                let password = secrets.reveal("password", password)?;
                Some(Login { user: user.clone(), password, is_token: false })
            }
            (Some(user), None, Some(token)) => {
                Some(Login { user: user.clone(), password: secrets.reveal("token", token)?, is_token: true })
            }
            (None, None, None) => None,
            (_, _, None) => return Err(Fault::value("password", "user and password are given together or not at all")),
            _ => return Err(Fault::value("token", "a token needs a user, and stands instead of a password")),
        };
        Ok(Account {
            name: settings.name.clone(),
            host: host.to_owned(),
            port: settings.port.unwrap_or(settings.security.usual_port()),
            security: settings.security,
            ca_file: settings.ca_file.clone(),
            login,
            from: settings.from.clone(),
            to: settings.to.clone(),
        })
    }

    /// A mail stays as it was sent: only what is worth another one is sent. That somebody has it is: nobody else has to
    /// get up.
    pub fn capabilities(&self) -> Capabilities {
        Capabilities { updates: false, acknowledges: true, keep_firing: None, calls_itself: false }
    }

    /// What was agreed with the server, once a login worked.
    pub fn agreed(&self) -> String {
        let encrypted = match self.security {
            MailSecurity::Starttls => "encrypted by STARTTLS, certificate in order",
            MailSecurity::Tls => "encrypted, certificate in order",
            MailSecurity::None => "not encrypted",
        };
        let login = if self.login.is_some() { "logged in" } else { "without a login" };
        format!("{}:{}: {encrypted}, {login}; no mail was sent", self.host, self.port)
    }
}
