//! Where a calendar is read, and what is asked there.

use url::Url;

use crate::network::host_is_public;
use crate::receivers::address::{secret_parts, web_address};
use crate::receivers::credentials::{self, Credentials};
use crate::receivers::{Fault, KeyFault, Method, Request, Secrets, Written};
use crate::settings::ShiftCalendar;

/// The place of a calendar, with its secrets.
pub struct Source {
    url: Url,
    credentials: Credentials,
    /// What must not be told: whether an address is secret is not asked.
    pub secrets: Vec<String>,
    /// Only addresses on the public internet are connected to.
    pub public_only: bool,
}

impl Source {
    /// The place that settings name.
    ///
    /// # Errors
    /// A secret cannot be read, or the address is not allowed.
    pub fn new(settings: &ShiftCalendar, secrets: Secrets<'_>) -> Result<Source, Fault> {
        let (key, address) = match (&settings.url, &settings.secret_url) {
            (Some(url), None) => ("url", url.clone()),
            (None, Some(secret)) => ("secret_url", secrets.reveal("secret_url", secret)?),
            _ => return Err(Fault::value("url", "either url or secret_url")),
        };
        let url = web_address(key, &address)?;
        if !settings.allow_private && (url.scheme() != "https" || !host_is_public(&url)) {
            return Err(Fault::value(key, "it is not an https address on the public internet"));
        }
        let (password, token) = (settings.password.as_ref(), settings.token.as_ref());
        let credentials = Credentials::new(settings.user.as_deref(), password, token, secrets)?;
        let secrets = secret_parts(&url).into_iter().chain(credentials.secrets()).collect();
        Ok(Source { url, credentials, secrets, public_only: !settings.allow_private })
    }

    /// Asks for the calendar; with the tag of the one that is known, only for another.
    pub fn request(&self, tag: Option<&str>) -> Request {
        let request = Request::new(Method::Get, &self.url).header("accept", "text/calendar, */*;q=0.5");
        let request = match tag {
            Some(tag) => request.header("if-none-match", tag),
            None => request,
        };
        self.credentials.on(request)
    }
}

/// What is wrong with the keys of a calendar.
pub fn check(keys: &dyn Written) -> Vec<KeyFault> {
    let mut faults = credentials::check(keys, "url");
    match (keys.has("url"), keys.has("secret_url")) {
        (false, false) => faults.push(KeyFault::whole("this calendar has no address").help("add url or secret_url")),
        (true, true) => {
            let message = "this calendar has both a \"url\" and a \"secret_url\"";
            faults.push(KeyFault::error("url", message).help("keep one of them"));
        }
        _ => {}
    }
    let Some(url) = keys.url("url").filter(|_| keys.flag("allow_private") != Some(true)) else { return faults };
    if !host_is_public(&url) {
        let message = "\"url\" leads to this machine or a private network, which is refused";
        faults.push(KeyFault::error("url", message).help("add allow_private = true if that is meant"));
    } else if url.scheme() != "https" {
        faults.retain(|fault| !fault.is_warning);
        faults.push(KeyFault::error("url", "who is on call is not read in the clear").help("use https"));
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::secret::SecretError;

    fn source(text: &str) -> Result<Source, Fault> {
        let read =
            |_: &crate::settings::Secret| Ok::<_, SecretError>("https://a.example/private-12345678/x.ics".into());
        Source::new(&toml::from_str(text).unwrap(), Secrets(&read))
    }

    #[test]
    fn a_calendar_is_read_by_https_on_the_public_internet_unless_it_is_allowed_otherwise() {
        let request = source("url = \"https://a.example/duty.ics\"").unwrap().request(Some("\"7\""));
        assert_eq!((request.method, request.url.as_str()), (Method::Get, "https://a.example/duty.ics"));
        assert!(request.headers.iter().any(|(name, value)| *name == "if-none-match" && value == "\"7\""));
        let secret = source("secret_url = \"env:DUTY\"").unwrap();
        assert!(secret.public_only && secret.secrets.contains(&"private-12345678".to_owned()));
        assert!(secret.request(None).headers.iter().all(|(name, _)| *name != "if-none-match"));
        for refused in
            ["", "url = \"http://a.example/\"", "url = \"https://10.0.0.1/\"", "url = \"file:///etc/passwd\""]
        {
            assert!(source(refused).is_err(), "{refused}");
        }
        assert!(source("url = \"http://10.0.0.1/\"\nallow_private = true").is_ok_and(|source| !source.public_only));
    }
}
