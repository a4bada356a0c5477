//! What receivers that speak HTTP share: one bounded request, one bounded answer, no secret in what is said of it.

use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, DATE, HeaderMap, HeaderValue, RETRY_AFTER};
use reqwest::redirect::Policy;
use reqwest::{Method, RequestBuilder};

use orszem_records::ledger::Delivery;
use orszem_records::time::Timestamp;
use orszem_runtime::clock;
use orszem_runtime::probe::clock::Reading;

use super::ssrf::{PublicOnly, Refused};
use orszem_text::sanitize;
use orszem_text::truncate::{Unit, cut};

/// The most bytes of an answer that are read.
pub const ANSWER: usize = 64 * 1024;
/// The longest wait that a service may ask for: a page must not sleep for days because a header says so.
pub const LONGEST_WAIT: Duration = Duration::from_secs(3600);
/// The most characters of a service's words in a reason.
const EXCERPT: usize = 200;

/// A client for one receiver. Not shared between receivers, so that one whose service hangs holds no connection of
/// another.
#[derive(Clone)]
pub struct Http {
    client: reqwest::Client,
    timeout: Duration,
    secrets: Vec<String>,
}

/// What a service answered.
#[derive(Debug, Default)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The wait it asks for, in ms, at most [`LONGEST_WAIT`].
    pub retry_after_ms: Option<u64>,
    /// The body, at most [`ANSWER`] bytes of it, secrets taken out.
    pub body: String,
    /// The headers, as they came.
    pub headers: HeaderMap,
    /// Our clock when the request was sent, and when the headers had come.
    pub between: (Timestamp, Timestamp),
}

impl Http {
    /// A client whose requests take at most `timeout`, connecting and reading included, and follow no redirect.
    /// `secrets` are taken out of everything it reports: tokens, keys, and addresses that are secret.
    pub fn new(timeout: Duration, secrets: Vec<String>) -> Result<Http, reqwest::Error> {
        Http::built(reqwest::Client::builder(), timeout, secrets)
    }

    /// As [`Http::new`], and connects to public addresses only, whatever a name resolves to at the moment of
    /// connecting. A host that is written as an address is not resolved: see [`orszem_core::network::host_is_public`].
    pub fn public_only(timeout: Duration, secrets: Vec<String>) -> Result<Http, reqwest::Error> {
        Http::built(reqwest::Client::builder().dns_resolver(PublicOnly), timeout, secrets)
    }

    fn built(
        builder: reqwest::ClientBuilder,
        timeout: Duration,
        mut secrets: Vec<String>,
    ) -> Result<Http, reqwest::Error> {
        secrets.retain(|secret| !secret.is_empty());
        // The longest first: a whole address goes before its path does.
        secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        let client = builder
            .redirect(Policy::none())
            .no_proxy()
            .referer(false)
            .connect_timeout(timeout)
            .timeout(timeout)
            .user_agent(concat!("orszem/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(Http { client, timeout, secrets })
    }

    /// POSTs JSON. `Err` is what to report when there was no whole answer.
    pub async fn post_json(&self, url: &str, headers: HeaderMap, body: Vec<u8>) -> Result<Answer, Delivery> {
        let request = self
            .client
            .post(url)
            .headers(headers)
            .header(CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"))
            .body(body);
        self.exchange(request).await
    }

    /// GETs an address.
    pub async fn get(&self, url: &str) -> Result<Answer, Delivery> {
        self.exchange(self.client.get(url)).await
    }

    /// Asks what an address takes. By RFC 9110 this changes nothing, so that no service takes it for an event: some
    /// webhooks take a GET for one.
    pub async fn options(&self, url: &str) -> Result<Answer, Delivery> {
        self.exchange(self.client.request(Method::OPTIONS, url)).await
    }

    /// The longest that a request may take.
    pub const fn timeout(&self) -> Duration {
        self.timeout
    }

    async fn exchange(&self, request: RequestBuilder) -> Result<Answer, Delivery> {
        let sent = clock::now();
        let mut response = request.send().await.map_err(|fault| self.unanswered(fault))?;
        let between = (sent, clock::now());
        let headers = response.headers().clone();
        let status = response.status().as_u16();
        let retry_after_ms = response
            .headers()
            .get(RETRY_AFTER)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| wait(value, clock::now()));
        let mut body = Vec::new();
        while body.len() < ANSWER
            && let Some(chunk) = response.chunk().await.map_err(|fault| self.unanswered(fault))?
        {
            let room = ANSWER - body.len();
            body.extend_from_slice(&chunk[..chunk.len().min(room)]);
        }
        let body = self.without_secrets(&String::from_utf8_lossy(&body));
        Ok(Answer { status, retry_after_ms, body, headers, between })
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
        let mut reason = fault.to_string();
        let mut source = std::error::Error::source(&fault);
        while let Some(cause) = source {
            if let Some(refused) = cause.downcast_ref::<Refused>() {
                return Delivery::Failed { reason: refused.to_string() };
            }
            reason.push_str(&format!(": {cause}"));
            source = cause.source();
        }
        Delivery::Retry { reason: excerpt(&self.without_secrets(&reason)), after_ms: None }
    }
}

impl Answer {
    /// Whether the status is 2xx.
    pub const fn is_success(&self) -> bool {
        self.status >= 200 && self.status < 300
    }

    /// What a status that is no success means for most services: 408, 425, 429 and 5xx may pass; the rest, redirects
    /// included, will not.
    pub fn refusal(&self) -> Delivery {
        match self.status {
            408 | 425 | 429 | 500..=599 => Delivery::Retry { reason: self.told(), after_ms: self.retry_after_ms },
            300..=399 => Delivery::Failed { reason: format!("{}; redirects are not followed", self.told()) },
            _ => Delivery::Failed { reason: self.told() },
        }
    }

    /// What its `Date` says of our clock; nothing where it has none.
    pub fn reading(&self, host: &str) -> Option<Reading> {
        let date = self.headers.get(DATE)?.to_str().ok()?;
        let (sent, received) = self.between;
        Some(Reading { host: host.to_owned(), sent, received, date: date_of(date)? })
    }

    /// Status and the beginning of the body, for a reason.
    pub fn told(&self) -> String {
        match excerpt(&self.body) {
            body if body.is_empty() => format!("answered {}", self.status),
            body => format!("answered {}: {body}", self.status),
        }
    }
}

/// Foreign words for a reason: one clean short line.
pub fn excerpt(text: &str) -> String {
    // A page of error HTML may be 64 KB: what lies far behind the excerpt need not be cleaned.
    let beginning = cut(text, EXCERPT * 8, Unit::Characters);
    cut(&sanitize::line(&beginning), EXCERPT, Unit::Characters).into_owned()
}

/// What must not be said of a secret address: all of it, its path and query, and each long part of its path. A web
/// server's error page repeats the path that it was asked for.
pub fn secret_parts(url: &reqwest::Url) -> Vec<String> {
    let mut parts = vec![url.to_string(), url.to_string().trim_end_matches('/').to_owned()];
    if url.path().len() > 1 {
        parts.push(url.path().to_owned());
    }
    parts.extend(url.query().map(str::to_owned));
    parts.extend(url.query_pairs().map(|(_, value)| value.into_owned()).filter(|value| value.len() >= 8));
    parts.extend(url.password().map(str::to_owned));
    let long = url.path_segments().into_iter().flatten().filter(|part| part.len() >= 8);
    parts.extend(long.map(str::to_owned));
    parts
}

/// `Retry-After` in ms from `now`: seconds, or a date of RFC 9110's preferred form.
fn wait(value: &str, now: Timestamp) -> Option<u64> {
    let value = value.trim();
    let longest = u64::try_from(LONGEST_WAIT.as_millis()).unwrap_or(u64::MAX);
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(value.parse::<u64>().map_or(longest, |seconds| seconds.saturating_mul(1000).min(longest)));
    }
    let ms = date_of(value)?.since(now).max(0);
    Some(u64::try_from(ms).unwrap_or(0).min(longest))
}

/// A date of RFC 9110's preferred form.
fn date_of(text: &str) -> Option<Timestamp> {
    let date = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text).ok()?;
    Some(Timestamp(date.as_millisecond()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{Reply, serve};

    const NOW: Timestamp = Timestamp(784_111_777_000); // Sun, 06 Nov 1994 08:49:37 GMT

    #[test]
    fn a_wait_is_read_in_seconds_or_as_a_date() {
        assert_eq!(wait("120", NOW), Some(120_000));
        assert_eq!(wait(" 0 ", NOW), Some(0));
        assert_eq!(wait("Sun, 06 Nov 1994 08:50:07 GMT", NOW), Some(30_000));
        assert_eq!(wait("Sun, 06 Nov 1994 08:00:00 GMT", NOW), Some(0), "a date gone by means now");
        assert_eq!(wait("soon", NOW), None);
        assert_eq!(wait("-5", NOW), None);
    }

    #[test]
    fn nobody_makes_a_page_wait_for_days() {
        assert_eq!(wait("86400", NOW), Some(3_600_000));
        assert_eq!(wait("99999999999999999999999", NOW), Some(3_600_000));
        assert_eq!(wait("Sun, 06 Nov 2044 08:49:37 GMT", NOW), Some(3_600_000));
    }

    #[test]
    fn statuses_are_told_apart() {
        let refusal = |status| Answer { status, retry_after_ms: Some(7), ..Answer::default() }.refusal();
        for status in [408, 425, 429, 500, 502, 503, 504, 599] {
            assert!(matches!(refusal(status), Delivery::Retry { after_ms: Some(7), .. }), "{status}");
        }
        for status in [301, 302, 307, 400, 401, 403, 404, 410, 413, 422] {
            assert!(matches!(refusal(status), Delivery::Failed { .. }), "{status}");
        }
    }

    #[tokio::test]
    async fn a_redirect_is_not_followed() {
        let server =
            serve(Reply { status: 307, headers: vec![("location", "/elsewhere".into())], ..Reply::ok("") }).await;
        let http = Http::new(Duration::from_secs(5), vec![]).unwrap();
        let answer = http.post_json(&server.url, HeaderMap::new(), vec![]).await.unwrap();
        assert_eq!(answer.status, 307);
        assert_eq!(server.requests().len(), 1);
    }

    #[tokio::test]
    async fn an_answer_without_end_is_read_to_its_limit() {
        let server = serve(Reply::ok(&"a".repeat(10_000_000))).await;
        let http = Http::new(Duration::from_secs(20), vec![]).unwrap();
        assert_eq!(http.post_json(&server.url, HeaderMap::new(), vec![]).await.unwrap().body.len(), ANSWER);
    }

    #[tokio::test]
    async fn nobody_there_and_no_answer_are_worth_another_try_and_name_no_address() {
        let http = Http::new(Duration::from_millis(200), vec![]).unwrap();
        let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let hanging = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        for address in [closed, hanging.local_addr().unwrap()] {
            let url = format!("http://{address}/services/T0/B0/topsecret");
            match http.post_json(&url, HeaderMap::new(), vec![]).await {
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
        let told = http.post_json(url.as_str(), HeaderMap::new(), vec![]).await.unwrap().told();
        assert_eq!(told, "answered 404: Cannot POST (secret) (token (secret))");
    }
}
