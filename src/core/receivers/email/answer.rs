//! What a mail server or the way to it refused, and what that means.

use orszem_records::ledger::Delivery;

use crate::receivers::excerpt;

/// A mail, or a connection, that was refused.
pub struct Refusal {
    /// What the server answered, where it answered.
    pub code: Option<u16>,
    /// Whether the server said that it will stay so (5xx).
    pub is_permanent: bool,
    /// Whether the two sides cannot agree on how to talk.
    pub is_disagreement: bool,
    /// What was said, in words. May hold the password.
    pub words: String,
}

impl Refusal {
    /// What it means: a 5xx and what the two sides cannot agree on will not pass; a 4xx and the network may.
    pub fn delivery(&self, password: Option<&str>) -> Delivery {
        let reason = self.reason(password);
        match self.is_permanent || self.is_disagreement {
            true => Delivery::Failed { reason },
            false => Delivery::Retry { reason, after_ms: None },
        }
    }

    /// What was said, in one line without the password.
    pub fn reason(&self, password: Option<&str>) -> String {
        match password {
            Some(password) => excerpt(&self.words.replace(password, "(secret)")),
            None => excerpt(&self.words),
        }
    }

    /// What to do about it.
    pub fn fix(&self, logs_in: bool) -> &'static str {
        match self.code {
            Some(530 | 534 | 535 | 538) if logs_in => "check `user` and the password of this receiver",
            Some(530 | 538) => "the server wants a login: give `user` and `password`",
            Some(_) => "see what the server says, and its log",
            None if self.words.contains("certificate") => {
                "check the server's certificate (its name is `host`, its date); name its authority in `ca_file`"
            }
            None if self.is_disagreement => "the server does not offer what is asked for: check `security` and `port`",
            None => "check `security` and `port`: 587 for starttls, 465 for tls",
        }
    }
}
