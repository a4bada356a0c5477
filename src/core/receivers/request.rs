//! A request of HTTP, before anybody sends it.

use url::Url;

use super::fault::Fault;

/// What a request asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Reads.
    Get,
    /// Writes.
    Post,
    /// Asks what an address takes. By RFC 9110 this changes nothing, so that no service takes it for an event: some
    /// webhooks take a GET for one.
    Options,
}

/// One request. It may hold secrets, so it shows no more than the host.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    /// What it asks for.
    pub method: Method,
    /// The address.
    pub url: Url,
    /// Headers, their names in small letters.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// Which instance of the service it goes to, for people; `None` where there is only one.
    pub instance: Option<String>,
}

impl Request {
    /// A request without headers and body.
    pub fn new(method: Method, url: &Url) -> Request {
        Request { method, url: url.clone(), headers: Vec::new(), body: Vec::new(), instance: None }
    }

    /// A POST with a body that is said to be JSON.
    pub fn post_json(url: &Url, body: impl Into<Vec<u8>>) -> Request {
        let request = Request { body: body.into(), ..Request::new(Method::Post, url) };
        request.header("content-type", "application/json; charset=utf-8")
    }

    /// With one more header. `name` in small letters.
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Request {
        self.headers.push((name, value.into()));
        self
    }

    /// To this one of several instances.
    pub fn to(self, instance: &str) -> Request {
        Request { instance: Some(instance.to_owned()), ..self }
    }

    /// The host that it goes to.
    pub fn host(&self) -> &str {
        self.url.host_str().unwrap_or_default()
    }
}

impl std::fmt::Debug for Request {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?} to {}", self.method, self.host())
    }
}

/// The header `authorization` of a token.
///
/// # Errors
/// The token under the key `field` cannot stand in a header.
pub(super) fn bearer(field: &'static str, token: &str) -> Result<String, Fault> {
    match token.bytes().all(|byte| byte == b'\t' || (b' '..=b'~').contains(&byte)) {
        true => Ok(format!("Bearer {token}")),
        false => Err(Fault::value(field, "a token has no spaces, line ends or letters beyond ASCII")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_shows_no_secret() {
        let url = Url::parse("https://hooks.example/services/topsecret").unwrap();
        let request = Request::post_json(&url, "topsecret").header("authorization", "Bearer topsecret");
        assert_eq!(format!("{request:?}"), "Post to hooks.example");
    }

    #[test]
    fn a_token_that_cannot_stand_in_a_header_is_refused_without_being_repeated() {
        assert_eq!(bearer("token", "xoxb-1").unwrap(), "Bearer xoxb-1");
        for wrong in ["topsecret\r\nX: y", "topsecrető", "topsecret\u{7f}"] {
            let fault = bearer("token", wrong).unwrap_err().to_string();
            assert!(fault.starts_with("token: ") && !fault.contains("topsecret"), "{fault}");
        }
    }
}
