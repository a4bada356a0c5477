//! One attempt to sign in: what is remembered from when somebody leaves for the provider until they come back.
//!
//! A signed cookie holds it, so that any copy of the program can go on with it, and only the browser that began.

use axum::http::{HeaderMap, HeaderValue};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use orszem_records::time::Timestamp;
use orszem_runtime::random;

use crate::auth::cookies;
use crate::auth::link::Signer;

const COOKIE_TLS: &str = "__Host-orszem-attempt";
const COOKIE_PLAIN: &str = "orszem_attempt";
/// How long somebody has at the provider, in seconds.
pub(crate) const LASTS_S: u16 = 600;
/// The longest way back that is kept, in bytes.
const BACK: usize = 300;

/// One attempt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Attempt {
    /// What the provider sends back: it is an answer to this attempt.
    pub(crate) state: String,
    /// What the ID token must hold: it was made for this attempt.
    pub(crate) nonce: String,
    /// What the code is exchanged with: nobody else can.
    pub(crate) verifier: String,
    /// The page to go back to, below the root.
    pub(crate) back: String,
    /// When it ends, in seconds since the epoch.
    until: i64,
}

const fn cookie(secure: bool) -> &'static str {
    if secure { COOKIE_TLS } else { COOKIE_PLAIN }
}

fn unguessable() -> String {
    URL_SAFE_NO_PAD.encode(random::bytes::<32>())
}

impl Attempt {
    /// An attempt that begins now.
    pub(crate) fn begin(back: &str, now: Timestamp) -> Attempt {
        let back = if back.len() <= BACK { back.to_owned() } else { String::new() };
        let until = now.0.div_euclid(1000).saturating_add(i64::from(LASTS_S));
        Attempt { state: unguessable(), nonce: unguessable(), verifier: unguessable(), back, until }
    }

    /// The attempt of a browser, where it has one in time.
    pub(crate) fn of(headers: &HeaderMap, secure: bool, signer: &Signer, now: Timestamp) -> Option<Attempt> {
        let value = cookies::value(headers, cookie(secure))?;
        let (content, signature) = value.split_once('.')?;
        if !signer.has_signed("sign-in attempt", content, signature) {
            return None;
        }
        let attempt: Attempt = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(content).ok()?).ok()?;
        (now.0.div_euclid(1000) < attempt.until).then_some(attempt)
    }

    /// The cookie that keeps it.
    pub(crate) fn keep(&self, secure: bool, signer: &Signer) -> Option<HeaderValue> {
        let content = URL_SAFE_NO_PAD.encode(serde_json::to_vec(self).ok()?);
        let signature = signer.sign("sign-in attempt", &content);
        cookies::set(cookie(secure), &format!("{content}.{signature}"), LASTS_S.into(), secure)
    }

    /// The cookie that ends it: an attempt is good for one answer.
    pub(crate) fn end(secure: bool) -> Option<HeaderValue> {
        cookies::set(cookie(secure), "", 0, secure)
    }

    /// Whether an answer is one to this attempt.
    pub(crate) fn is_answered_by(&self, state: &str) -> bool {
        crate::auth::token::same(self.state.as_bytes(), state.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::header::COOKIE;

    #[test]
    fn an_attempt_is_of_its_browser_for_ten_minutes() {
        let signer = Signer::new(b"0123456789abcdef");
        let attempt = Attempt::begin("incidents/acme.1", Timestamp(0));
        for secure in [false, true] {
            let cookie = attempt.keep(secure, &signer).unwrap();
            let pair = cookie.to_str().unwrap().split(';').next().unwrap();
            let headers = |pair: &str| HeaderMap::from_iter([(COOKIE, HeaderValue::from_str(pair).unwrap())]);
            let of = |signer: &Signer, at| Attempt::of(&headers(pair), secure, signer, Timestamp(at));
            assert_eq!(of(&signer, 599_999), Some(attempt.clone()));
            assert_eq!(of(&signer, 600_000), None);
            assert_eq!(of(&Signer::new(b"another secret"), 0), None);
            assert_eq!(Attempt::of(&headers(&pair.replace('.', ".x")), secure, &signer, Timestamp(0)), None);
        }
        assert!(attempt.is_answered_by(&attempt.state) && !attempt.is_answered_by(&attempt.nonce));
        assert_eq!(Attempt::begin(&"x".repeat(301), Timestamp(0)).back, "", "a cookie has an end");
    }

    #[test]
    fn the_longest_attempt_is_read_back() {
        let signer = Signer::new(b"0123456789abcdef");
        let attempt = Attempt::begin(&"x".repeat(BACK), Timestamp(1_800_000_000_000));
        let cookie = attempt.keep(true, &signer).unwrap();
        let pair = cookie.to_str().unwrap().split(';').next().unwrap();
        let headers = HeaderMap::from_iter([(COOKIE, HeaderValue::from_str(pair).unwrap())]);
        assert_eq!(Attempt::of(&headers, true, &signer, Timestamp(1_800_000_000_000)), Some(attempt));
    }
}
