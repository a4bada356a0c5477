//! The settings of a mailbox, and what is checked of them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::account::Account;
use crate::receivers::{Fault, KeyFault, Kind, PersonalWay, Prepared, Reader, Secrets, Written};
use crate::settings::Secret;
use crate::words::Language;

/// A mailbox, reached through an SMTP server.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Email {
    /// The name by which escalations call it: small letters, digits and `-`, at most 63.
    #[schemars(extend("format" = "name"))]
    pub name: String,
    /// The SMTP server.
    #[schemars(extend("format" = "host"))]
    pub host: String,
    /// Its port; 587 for `starttls`, 465 for `tls`, 25 for `none`, unless given.
    #[serde(default)]
    #[schemars(range(min = 1))]
    pub port: Option<u16>,
    /// How the connection is protected.
    #[serde(default)]
    pub security: MailSecurity,
    /// A certificate authority to trust beside the system's: a PEM file, by its whole path or from the working
    /// directory.
    #[serde(default)]
    #[schemars(extend("format" = "file"))]
    pub ca_file: Option<std::path::PathBuf>,
    /// The user, where the server asks for one.
    #[serde(default)]
    pub user: Option<String>,
    /// That user's password.
    #[serde(default)]
    pub password: Option<Secret>,
    /// An OAuth 2 token of that user (XOAUTH2), where the server asks for one instead of a password.
    #[serde(default)]
    pub token: Option<Secret>,
    /// The sender: `Orszem <orszem@example.com>`.
    #[schemars(extend("format" = "mailbox"))]
    pub from: String,
    /// The recipients.
    #[schemars(length(min = 1), extend("items" = {"type": "string", "format": "mailbox"}))]
    pub to: Vec<String>,
    /// The language of what is sent to it: `"en"` or `"hu"`; that of `[web]`, unless given.
    #[serde(default)]
    pub language: Option<Language>,
    /// The time zone of times in what is sent to it; that of `[web]`, else that of the watch, unless given.
    #[serde(default)]
    #[schemars(extend("format" = "time-zone"))]
    pub time_zone: Option<String>,
}

/// How a mail connection is protected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum MailSecurity {
    /// Plain at first, then TLS; refused where the server does not offer it.
    #[default]
    Starttls,
    /// TLS from the first byte.
    Tls,
    /// None: for a relay on this machine.
    None,
}

impl MailSecurity {
    /// The port that servers usually listen on for it.
    pub const fn usual_port(self) -> u16 {
        match self {
            MailSecurity::Starttls => 587,
            MailSecurity::Tls => 465,
            MailSecurity::None => 25,
        }
    }
}

impl Kind for Email {
    const KIND: &'static str = "email";

    fn name(&self) -> &str {
        &self.name
    }

    fn of_person(&self, way: PersonalWay<'_>) -> Self {
        let mut own = self.clone();
        own.name = way.name;
        own.language = way.reader.language.or(own.language);
        own.time_zone = way.reader.time_zone.map(str::to_owned).or(own.time_zone);
        if let Some(to) = way.to {
            own.to = vec![to.to_owned()];
        }
        own
    }

    fn reader(&self) -> Reader<'_> {
        Reader { language: self.language, time_zone: self.time_zone.as_deref() }
    }

    fn check(keys: &dyn Written) -> Vec<KeyFault> {
        let mut faults = Vec::new();
        if keys.has("user") && !keys.has("password") && !keys.has("token") {
            faults.push(KeyFault::error("user", "a \"user\" needs a \"password\""));
        }
        for key in ["password", "token"].into_iter().filter(|key| keys.has(key) && !keys.has("user")) {
            faults.push(KeyFault::error(key, format!("a \"{key}\" needs a \"user\"")));
        }
        if keys.has("password") && keys.has("token") {
            let both = KeyFault::error("token", "this receiver has both a \"token\" and a \"password\"");
            faults.push(both.help("keep the one that the server asks for"));
        }
        if keys.text("security") == Some("none") {
            let local = matches!(keys.text("host"), Some("localhost" | "127.0.0.1" | "::1"));
            let sent =
                [("password", "the password"), ("token", "the token")].into_iter().find(|(key, _)| keys.has(key));
            if let Some((_, secret)) = sent.filter(|_| !local) {
                let clear = KeyFault::warning("security", format!("{secret} is sent in the clear"));
                faults.push(clear.help("use security = \"starttls\" or \"tls\""));
            }
            if keys.has("ca_file") {
                faults.push(KeyFault::warning("ca_file", "\"ca_file\" has no effect without TLS"));
            }
        }
        faults
    }

    fn prepare(&self, secrets: Secrets<'_>) -> Result<Prepared, Fault> {
        Ok(Prepared::Email(Account::new(self, secrets)?))
    }
}
