//! The dead man's switch of the canary: where it is, and what it is asked.

use url::Url;

use super::address::{secret_parts, web_address};
use super::{Fault, Method, Request, Secrets};
use crate::network::host_is_public;
use crate::settings::Canary;
use crate::settings::canary::PingMethod;

/// The place of a switch. Its address lets anyone who has it keep it quiet, so it is a secret.
pub struct Switch {
    url: Url,
    method: Method,
    /// What must not be told.
    pub secrets: Vec<String>,
    /// Only addresses on the public internet are connected to.
    pub public_only: bool,
}

impl Switch {
    /// The place that settings name.
    ///
    /// # Errors
    /// The secret cannot be read, or the address is not allowed.
    pub fn new(settings: &Canary, secrets: Secrets<'_>) -> Result<Switch, Fault> {
        let url = web_address("ping", &secrets.reveal("ping", &settings.ping)?)?;
        if !settings.allow_private && (url.scheme() != "https" || !host_is_public(&url)) {
            let wrong = "it is not an https address on the public internet; add allow_private = true if that is meant";
            return Err(Fault::value("ping", wrong));
        }
        let method = match settings.method {
            PingMethod::Get => Method::Get,
            PingMethod::Post => Method::Post,
        };
        let secrets = secret_parts(&url);
        Ok(Switch { url, method, secrets, public_only: !settings.allow_private })
    }

    /// What it is asked.
    pub fn request(&self) -> Request {
        Request::new(self.method, &self.url)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::secret::SecretError;

    fn switch(address: &str, keys: &str) -> Result<Switch, Fault> {
        let read = |_: &crate::settings::Secret| Ok::<_, SecretError>(address.to_owned());
        let text = format!("receiver = \"quiet\"\nping = \"env:PING\"\n{keys}");
        Switch::new(&toml::from_str(&text).unwrap(), Secrets(&read))
    }

    #[test]
    fn a_switch_is_outside_and_called_by_https_unless_it_is_allowed_otherwise() {
        let outside = switch("https://hc.example/ping/0123-4567", "").unwrap();
        assert_eq!((outside.request().method, outside.public_only), (Method::Get, true));
        assert!(outside.secrets.contains(&"/ping/0123-4567".to_owned()));
        assert_eq!(switch("https://hc.example/x", "method = \"post\"").unwrap().request().method, Method::Post);
        for refused in ["http://hc.example/x", "https://10.0.0.1/x", "file:///etc/passwd", "hc.example"] {
            let fault = switch(refused, "").err().expect(refused).to_string();
            assert!(!fault.contains(refused), "{fault}");
        }
        assert!(switch("http://10.0.0.1/x", "allow_private = true").is_ok_and(|switch| !switch.public_only));
    }
}
