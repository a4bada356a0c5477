//! What receivers that speak HTTP share: one bounded request, one bounded answer, no secret in what is said of it.

use std::time::Duration;

use reqwest::header::{AUTHORIZATION, ETAG, HeaderMap, HeaderName, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Certificate, Method, Proxy, RequestBuilder, Url};

use orszem_core::proxies::Proxies;
use orszem_core::receivers::{self, Request};
use orszem_records::ledger::Delivery;
use orszem_runtime::clock;

use super::Outgoing;
use super::fault::Fault;
use super::ssrf::{PublicOnly, Refused};

pub use orszem_core::receivers::address::secret_parts;
pub use orszem_core::receivers::{Answer, excerpt};

/// The most bytes of an answer that are read.
pub const ANSWER: usize = 64 * 1024;
/// How long the body of an answer may take once its status is known. Most services say with the status that they took
/// a message: one that then keeps its connection open must not count as one that did not answer.
const BODY_TIME: Duration = Duration::from_secs(2);

/// What was read from an address, whole.
pub struct Document {
    /// The status of the answer.
    pub status: u16,
    /// Its `ETag`.
    pub tag: Option<String>,
    /// Its body.
    pub body: Vec<u8>,
}

/// A client for one receiver. Not shared between receivers, so that one whose service hangs holds no connection of
/// another.
#[derive(Clone)]
pub struct Http {
    direct: reqwest::Client,
    /// A client for each proxy.
    proxied: Vec<(Url, reqwest::Client)>,
    proxies: Proxies,
    timeout: Duration,
    secrets: Vec<String>,
}

impl Http {
    /// A client that connects directly, whose requests take at most `timeout`, connecting and reading included, and
    /// follow no redirect. `secrets` are taken out of everything it reports: tokens, keys, addresses that are secret.
    ///
    /// # Errors
    /// The client cannot be made.
    pub fn new(timeout: Duration, secrets: Vec<String>) -> Result<Http, Fault> {
        Http::through(&Outgoing::default(), timeout, secrets)
    }

    /// As [`Http::new`], on the way `outgoing`.
    ///
    /// # Errors
    /// The client cannot be made, or a certificate authority is invalid.
    pub fn through(outgoing: &Outgoing, timeout: Duration, secrets: Vec<String>) -> Result<Http, Fault> {
        Http::built(outgoing, reqwest::Client::builder, timeout, secrets)
    }

    /// As [`Http::through`], and connects to public addresses only, checked by what a name resolves to at the moment of
    /// connecting. A host that is written as an address is not resolved: see [`orszem_core::network::host_is_public`].
    /// Through a proxy nothing is resolved here: which addresses it connects to is decided there.
    ///
    /// # Errors
    /// As [`Http::through`].
    pub fn public_only(outgoing: &Outgoing, timeout: Duration, secrets: Vec<String>) -> Result<Http, Fault> {
        Http::built(outgoing, || reqwest::Client::builder().dns_resolver(PublicOnly), timeout, secrets)
    }

    fn built(
        outgoing: &Outgoing,
        direct: fn() -> reqwest::ClientBuilder,
        timeout: Duration,
        mut secrets: Vec<String>,
    ) -> Result<Http, Fault> {
        let proxies = outgoing.proxies.clone();
        secrets.extend(proxies.secrets());
        secrets.retain(|secret| !secret.is_empty());
        // The longest first: a whole address goes before its path does.
        secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        let authorities = outgoing.authorities.iter().map(|pem| Certificate::from_pem(pem.as_bytes()));
        let authorities = authorities.collect::<Result<Vec<Certificate>, reqwest::Error>>()?;
        let made = |builder: reqwest::ClientBuilder| {
            builder
                .redirect(Policy::none())
                .referer(false)
                .tls_certs_merge(authorities.iter().cloned())
                .connect_timeout(timeout)
                .timeout(timeout)
                .user_agent(concat!("orszem/", env!("CARGO_PKG_VERSION")))
                .build()
        };
        let mut proxied = Vec::new();
        for proxy in proxies.all() {
            let client = made(reqwest::Client::builder().proxy(Proxy::all(proxy.clone())?))?;
            proxied.push((proxy.clone(), client));
        }
        Ok(Http { direct: made(direct().no_proxy())?, proxied, proxies, timeout, secrets })
    }

    /// The proxy that a request to this address goes through.
    pub fn proxy(&self, url: &Url) -> Option<&Url> {
        self.proxies.for_url(url)
    }

    fn client(&self, url: &Url) -> &reqwest::Client {
        let proxied = self.proxy(url).and_then(|proxy| self.proxied.iter().find(|(known, _)| known == proxy));
        proxied.map_or(&self.direct, |(_, client)| client)
    }

    /// POSTs JSON. `Err` is what to report when there was no answer.
    pub async fn post_json(&self, url: &str, body: Vec<u8>) -> Result<Answer, Delivery> {
        self.send(&Request::post_json(&parsed(url)?, body)).await
    }

    /// GETs an address.
    pub async fn get(&self, url: &str) -> Result<Answer, Delivery> {
        self.send(&Request::new(receivers::Method::Get, &parsed(url)?)).await
    }

    /// Sends a request. `Err` is what to report when there was no answer.
    pub async fn send(&self, request: &Request) -> Result<Answer, Delivery> {
        self.exchange(self.written(request)?).await
    }

    /// Reads a document of at most `most` bytes. `Err` is why there is no document.
    pub async fn download(&self, request: &Request, most: usize) -> Result<Document, String> {
        let said = |delivery: Delivery| match delivery {
            Delivery::Failed { reason } | Delivery::Retry { reason, .. } => reason,
            Delivery::Accepted { .. } => String::new(),
        };
        let sent = self.written(request).map_err(said)?.send().await;
        let mut response = sent.map_err(|fault| said(self.unanswered(fault)))?;
        let tag = response.headers().get(ETAG).and_then(|tag| tag.to_str().ok()).map(str::to_owned);
        let mut body = Vec::new();
        read(&mut response, &mut body, most).await.map_err(|fault| said(self.unanswered(fault)))?;
        if body.len() > most {
            return Err(format!("it has more than {} MiB", most >> 20));
        }
        Ok(Document { status: response.status().as_u16(), tag, body })
    }

    fn written(&self, request: &Request) -> Result<RequestBuilder, Delivery> {
        let method = match request.method {
            receivers::Method::Get => Method::GET,
            receivers::Method::Post => Method::POST,
            receivers::Method::Options => Method::OPTIONS,
        };
        let mut headers = HeaderMap::new();
        for (name, value) in &request.headers {
            let unfit = || Delivery::Failed { reason: format!("the header {name} cannot be sent") };
            let name = HeaderName::try_from(*name).map_err(|_| unfit())?;
            let mut value = HeaderValue::try_from(value).map_err(|_| unfit())?;
            value.set_sensitive(name == AUTHORIZATION);
            headers.append(name, value);
        }
        let sent = self.client(&request.url).request(method, request.url.clone()).headers(headers);
        let body = request.body.clone();
        Ok(if body.is_empty() { sent } else { sent.body(body) })
    }

    /// The longest that a request may take.
    pub const fn timeout(&self) -> Duration {
        self.timeout
    }

    async fn exchange(&self, request: RequestBuilder) -> Result<Answer, Delivery> {
        let sent = clock::now();
        let mut response = request.send().await.map_err(|fault| self.unanswered(fault))?;
        let between = (sent, clock::now());
        let status = response.status().as_u16();
        let text = |value: &HeaderValue| value.to_str().ok().map(str::to_owned);
        let headers = response.headers().iter();
        let headers = headers.filter_map(|(name, value)| Some((name.as_str().to_owned(), text(value)?))).collect();
        let mut body = Vec::new();
        let cut_off = match tokio::time::timeout(BODY_TIME, read(&mut response, &mut body, ANSWER)).await {
            Ok(Ok(())) => None,
            Ok(Err(fault)) if fault.is_timeout() => Some(format!("it did not end within {:?}", self.timeout)),
            Ok(Err(fault)) => Some(excerpt(&self.without_secrets(&causes(&fault.without_url())))),
            Err(_) => Some(format!("it did not end within {BODY_TIME:?}")),
        };
        let cut_off = cut_off.or_else(|| (body.len() > ANSWER).then(|| format!("it is longer than {ANSWER} bytes")));
        body.truncate(ANSWER);
        let body = self.without_secrets(&String::from_utf8_lossy(&body));
        Ok(Answer { cut_off, ..Answer::new(status, headers, body, between) })
    }

    /// `text` with every secret of this client replaced.
    pub fn without_secrets(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for secret in &self.secrets {
            if text.contains(secret.as_str()) {
                text = text.replace(secret.as_str(), "(secret)");
            }
        }
        text
    }

    fn unanswered(&self, fault: reqwest::Error) -> Delivery {
        let fault = fault.without_url();
        if fault.is_timeout() {
            return Delivery::Retry { reason: format!("no answer within {:?}", self.timeout), after_ms: None };
        }
        let mut source = std::error::Error::source(&fault);
        while let Some(cause) = source {
            if let Some(refused) = cause.downcast_ref::<Refused>() {
                return Delivery::Failed { reason: refused.to_string() };
            }
            source = cause.source();
        }
        Delivery::Retry { reason: excerpt(&self.without_secrets(&causes(&fault))), after_ms: None }
    }
}

fn parsed(url: &str) -> Result<Url, Delivery> {
    Url::parse(url).map_err(|fault| Delivery::Failed { reason: format!("no address: {fault}") })
}

/// Reads the body to its end, or one byte more than `most`. What came before a fault is in `body`.
async fn read(response: &mut reqwest::Response, body: &mut Vec<u8>, most: usize) -> Result<(), reqwest::Error> {
    while body.len() <= most
        && let Some(chunk) = response.chunk().await?
    {
        let room = most + 1 - body.len();
        body.extend_from_slice(&chunk[..chunk.len().min(room)]);
    }
    Ok(())
}

/// A fault with everything that led to it.
fn causes(fault: &reqwest::Error) -> String {
    let mut reason = fault.to_string();
    let mut source = std::error::Error::source(fault);
    while let Some(cause) = source {
        reason.push_str(&format!(": {cause}"));
        source = cause.source();
    }
    reason
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{Reply, serve};

    #[tokio::test]
    async fn a_redirect_is_not_followed() {
        let server =
            serve(Reply { status: 307, headers: vec![("location", "/elsewhere".into())], ..Reply::ok("") }).await;
        let http = Http::new(Duration::from_secs(5), vec![]).unwrap();
        let answer = http.post_json(&server.url, vec![]).await.unwrap();
        assert_eq!(answer.status, 307);
        assert_eq!(server.requests().len(), 1);
    }

    #[tokio::test]
    async fn an_answer_without_end_is_read_to_its_limit() {
        let server = serve(Reply::ok(&"a".repeat(10_000_000))).await;
        let http = Http::new(Duration::from_secs(20), vec![]).unwrap();
        assert_eq!(http.post_json(&server.url, vec![]).await.unwrap().body.len(), ANSWER);
    }

    #[tokio::test]
    async fn nobody_there_and_no_answer_are_worth_another_try_and_name_no_address() {
        let http = Http::new(Duration::from_millis(200), vec![]).unwrap();
        let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let hanging = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        for address in [closed, hanging.local_addr().unwrap()] {
            let url = format!("http://{address}/services/T0/B0/topsecret");
            match http.post_json(&url, vec![]).await {
                Err(Delivery::Retry { reason, after_ms: None }) => {
                    assert!(!reason.contains("topsecret") && !reason.contains("services"), "{reason}");
                }
                other => panic!("{other:?}"),
            }
        }
    }

    #[tokio::test]
    async fn an_answer_that_repeats_a_secret_is_told_without_it() {
        let server =
            serve(Reply { status: 404, ..Reply::ok("Cannot POST /services/T0/B0/topsecret99 (token xoxb-1)") }).await;
        let url = reqwest::Url::parse(&format!("{}services/T0/B0/topsecret99", server.url)).unwrap();
        let mut secrets = secret_parts(&url);
        secrets.push("xoxb-1".into());
        let http = Http::new(Duration::from_secs(5), secrets).unwrap();
        let told = http.post_json(url.as_str(), vec![]).await.unwrap().told();
        assert_eq!(told, "answered 404: Cannot POST (secret) (token (secret))");
    }
}
