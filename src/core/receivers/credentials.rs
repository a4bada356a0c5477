//! How a receiver shows a service who it is: a user with a password, or a token.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::fault::Fault;
use super::kind::Secrets;
use super::request::{Request, bearer};
use super::written::{KeyFault, Written, unencrypted};
use crate::settings::Secret;

/// What is sent as `authorization`, and what must not be told of it. Nothing where the service asks for nothing.
#[derive(Default)]
pub(crate) struct Credentials {
    authorization: Option<String>,
    secrets: Vec<String>,
}

impl Credentials {
    /// From the keys `user` and `password` (basic), or `token` (bearer), or none of them.
    ///
    /// # Errors
    /// A secret cannot be read, or the keys do not go together.
    pub(crate) fn new(
        user: Option<&str>,
        password: Option<&Secret>,
        token: Option<&Secret>,
        secrets: Secrets<'_>,
    ) -> Result<Credentials, Fault> {
        match (user, password, token) {
            (None, None, None) => Ok(Credentials::default()),
            (Some(user), Some(password), None) => {
                let password = secrets.reveal("password", password)?;
                let encoded = STANDARD.encode(format!("{user}:{password}"));
                let authorization = Some(format!("Basic {encoded}"));
                Ok(Credentials { authorization, secrets: vec![password, encoded] })
            }
            (None, None, Some(token)) => {
                let token = secrets.reveal("token", token)?;
                Ok(Credentials { authorization: Some(bearer("token", &token)?), secrets: vec![token] })
            }
            _ => Err(Fault::value("token", "either user and password, or token alone")),
        }
    }

    /// The request with them.
    pub(crate) fn on(&self, request: Request) -> Request {
        match &self.authorization {
            Some(authorization) => request.header("authorization", authorization),
            None => request,
        }
    }

    /// What must not appear in anything that is said.
    pub(crate) fn secrets(&self) -> impl Iterator<Item = String> {
        self.secrets.iter().cloned()
    }
}

/// What is wrong with the keys; `address` is the key of the address that they are sent to.
pub(crate) fn check(keys: &dyn Written, address: &'static str) -> Vec<KeyFault> {
    let mut faults = Vec::new();
    for (one, other) in [("user", "password"), ("password", "user")] {
        if keys.has(one) && !keys.has(other) {
            faults.push(KeyFault::error(one, format!("a \"{one}\" needs a \"{other}\"")));
        }
    }
    if keys.has("token") && keys.has("user") {
        let both = KeyFault::error("token", "there is both a \"token\" and a \"user\"");
        faults.push(both.help("keep the one that the service asks for"));
    }
    for (key, secret) in [("password", "the password"), ("token", "the token")] {
        faults.extend(unencrypted(keys, address, secret).filter(|_| keys.has(key)));
    }
    faults
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::*;
    use crate::receivers::fixture::{reveal, secret};

    fn header(user: Option<&str>, password: Option<&Secret>, token: Option<&Secret>) -> Result<Option<String>, Fault> {
        let credentials = Credentials::new(user, password, token, Secrets(&reveal))?;
        let request = credentials.on(Request::post_json(&Url::parse("https://a.example").unwrap(), ""));
        let header = request.headers.into_iter().find(|(name, _)| *name == "authorization").map(|(_, value)| value);
        assert_eq!(header.is_some(), credentials.secrets().count() > 0);
        Ok(header)
    }

    #[test]
    fn a_login_is_basic_and_a_token_bearer() {
        let secret = secret("open sesame");
        assert_eq!(header(None, None, None).unwrap(), None);
        // The example of RFC 7617.
        let basic = header(Some("Aladdin"), Some(&secret), None).unwrap();
        assert_eq!(basic.as_deref(), Some("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="));
        assert_eq!(header(None, None, Some(&secret)).unwrap().as_deref(), Some("Bearer open sesame"));
        for (user, password, token) in [
            (Some("u"), None, None),
            (None, Some(&secret), None),
            (Some("u"), Some(&secret), Some(&secret)),
            (None, Some(&secret), Some(&secret)),
        ] {
            assert!(header(user, password, token).is_err());
        }
    }
}
