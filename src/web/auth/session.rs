//! Somebody signed in with the API's token in a browser: a signed cookie, and a sign in every form that changes
//! something, so that no other site can send it.
//!
//! The cookie holds no token. It ends after twelve hours, and at once when the tokens or the link secret change.

use axum::http::{HeaderMap, HeaderValue};

use orszem_records::time::Timestamp;

use super::cookies;
use super::link::Signer;

/// The cookie over TLS; browsers take `__Host-` from the very host alone.
const COOKIE_TLS: &str = "__Host-orszem";
/// The cookie where the site is not served over TLS: on one machine, or behind a closed door.
const COOKIE_PLAIN: &str = "orszem_session";
/// How long somebody stays signed in, in seconds: 12 hours from the last page.
const LASTS_S: u64 = 12 * 3_600;

/// A session that is valid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Session {
    /// The cookie's value.
    value: String,
    /// What the tokens in force are known by.
    generation: String,
}

const fn cookie(secure: bool) -> &'static str {
    if secure { COOKIE_TLS } else { COOKIE_PLAIN }
}

impl Session {
    /// A session that begins now. `generation` is what the tokens in force are known by.
    pub(crate) fn begin(signer: &Signer, generation: &str, now: Timestamp) -> Session {
        let until = now.0.div_euclid(1000).saturating_add(i64::try_from(LASTS_S).unwrap_or(i64::MAX));
        let value = format!("{until}.{}", signer.sign("session", &format!("{generation} {until}")));
        Session { value, generation: generation.to_owned() }
    }

    /// The session of a request, where it has one that is valid.
    pub(crate) fn of(headers: &HeaderMap, signer: &Signer, generation: &str, now: Timestamp) -> Option<Session> {
        let value = cookies::value(headers, COOKIE_TLS).or_else(|| cookies::value(headers, COOKIE_PLAIN))?;
        let (until, signature) = value.split_once('.')?;
        let in_time = until.parse::<i64>().is_ok_and(|until| now.0.div_euclid(1000) < until);
        let genuine = signer.has_signed("session", &format!("{generation} {until}"), signature);
        (in_time && genuine).then(|| Session { value: value.clone(), generation: generation.to_owned() })
    }

    /// The cookie that keeps it.
    pub(crate) fn keep(&self, secure: bool) -> Option<HeaderValue> {
        cookies::set(cookie(secure), &self.value, LASTS_S, secure)
    }

    /// The cookie that ends it.
    pub(crate) fn end(secure: bool) -> Option<HeaderValue> {
        cookies::set(cookie(secure), "", 0, secure)
    }

    /// What a form of somebody who is signed in must carry: the same for all sessions of the same tokens, so that a
    /// page stays good when its session is renewed.
    pub(crate) fn form_sign(&self, signer: &Signer) -> String {
        signer.sign("form", &self.generation)
    }

    /// Whether a form carries it.
    pub(crate) fn has_signed_form(&self, signer: &Signer, sign: &str) -> bool {
        signer.has_signed("form", &self.generation, sign)
    }
}

/// Whether a browser says that another site sent a request.
pub(crate) fn is_from_elsewhere(headers: &HeaderMap) -> bool {
    let site = headers.get("sec-fetch-site").and_then(|site| site.to_str().ok());
    site.is_some_and(|site| !matches!(site, "same-origin" | "none"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::header::COOKIE;

    const HOURS: i64 = 3_600_000;

    fn sent(session: &Session, secure: bool) -> HeaderMap {
        let cookie = session.keep(secure).unwrap();
        let pair = cookie.to_str().unwrap().split(';').next().unwrap().to_owned();
        HeaderMap::from_iter([(COOKIE, HeaderValue::from_str(&pair).unwrap())])
    }

    #[test]
    fn a_session_lasts_twelve_hours_and_no_longer_than_its_tokens() {
        let signer = Signer::new(b"0123456789abcdef");
        let session = Session::begin(&signer, "tokens", Timestamp(0));
        for secure in [false, true] {
            let headers = sent(&session, secure);
            let of = |signer: &Signer, generation: &str, hours: i64| {
                Session::of(&headers, signer, generation, Timestamp(hours * HOURS))
            };
            assert_eq!(of(&signer, "tokens", 11), Some(session.clone()));
            assert_eq!(of(&signer, "tokens", 12), None);
            assert_eq!(of(&signer, "other", 1), None);
            assert_eq!(of(&Signer::new(b"another secret"), "tokens", 1), None);
        }
    }

    #[test]
    fn the_sign_of_a_form_is_that_of_its_session() {
        let signer = Signer::new(b"0123456789abcdef");
        let (one, other) = (Session::begin(&signer, "a", Timestamp(0)), Session::begin(&signer, "b", Timestamp(0)));
        let sign = one.form_sign(&signer);
        assert!(one.has_signed_form(&signer, &sign) && !other.has_signed_form(&signer, &sign));
        assert!(!one.has_signed_form(&signer, ""));
    }

    #[test]
    fn a_browser_says_that_another_site_sent_it() {
        let from =
            |site: &'static str| HeaderMap::from_iter([("sec-fetch-site".parse().unwrap(), site.parse().unwrap())]);
        assert!(is_from_elsewhere(&from("cross-site")) && is_from_elsewhere(&from("same-site")));
        assert!(!is_from_elsewhere(&from("same-origin")) && !is_from_elsewhere(&HeaderMap::new()));
    }
}
