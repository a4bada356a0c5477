//! Somebody signed in with this browser: a signed cookie.
//!
//! The cookie holds no secret. It ends twelve hours after it was renewed, which is done once an hour, and a week after
//! it began; and at once when the link secret, the tokens or the settings of signing in change.

use axum::http::{HeaderMap, HeaderValue};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use orszem_core::settings::Role;
use orszem_records::time::Timestamp;
use orszem_runtime::random;

use super::cookies;
use super::link::Signer;

/// The cookie over TLS; browsers take `__Host-` from the very host alone.
const COOKIE_TLS: &str = "__Host-orszem";
/// The cookie where the site is not served over TLS: on one machine, or behind a closed door.
const COOKIE_PLAIN: &str = "orszem_session";
/// How long somebody stays signed in without a request, in seconds: 12 hours.
const LASTS_S: i64 = 12 * 3_600;
/// After how many seconds it is renewed: an hour.
const RENEWED_S: i64 = 3_600;
/// The longest that somebody stays signed in, in seconds: a week. Groups that were taken from somebody end by then.
const LONGEST_S: i64 = 7 * 24 * 3_600;

/// A session that is valid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Session {
    /// Random, and the same when it is renewed: what forms are bound to.
    id: String,
    /// When it began, in seconds since the epoch.
    began: i64,
    /// When it was renewed last, in seconds since the epoch.
    issued: i64,
    /// Whose it is; `None`: of somebody who has the API's token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) account: Option<Account>,
}

/// Whose a session is, as the provider of identities said when it began.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Account {
    /// As the provider names it.
    pub(crate) id: String,
    /// What the provider calls the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) called: Option<String>,
    /// What the groups of the account may do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) role: Option<Role>,
}

/// What sessions hold for: another when what they were begun by changes, and they are over then.
#[derive(Clone, Debug, Default)]
pub(crate) struct Generations {
    /// What the tokens in force are known by; `None`: nobody can sign in with one.
    pub(crate) token: Option<String>,
    /// The same of the provider of identities.
    pub(crate) accounts: Option<String>,
}

impl Generations {
    fn of(&self, session: &Session) -> Option<&str> {
        if session.account.is_some() { self.accounts.as_deref() } else { self.token.as_deref() }
    }
}

/// The name of the cookie.
pub(crate) const fn cookie(secure: bool) -> &'static str {
    if secure { COOKIE_TLS } else { COOKIE_PLAIN }
}

const fn seconds(at: Timestamp) -> i64 {
    at.0.div_euclid(1000)
}

impl Session {
    /// A session that begins now.
    pub(crate) fn begin(account: Option<Account>, now: Timestamp) -> Session {
        let id = URL_SAFE_NO_PAD.encode(random::bytes::<16>());
        Session { id, began: seconds(now), issued: seconds(now), account }
    }

    /// The session of a request, where it has one that is valid. `secure`: it came over TLS, and so did the cookie.
    pub(crate) fn of(
        headers: &HeaderMap,
        secure: bool,
        signer: &Signer,
        generations: &Generations,
        now: Timestamp,
    ) -> Option<Session> {
        let value = cookies::value(headers, cookie(secure))?;
        let (content, signature) = value.split_once('.')?;
        let session: Session = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(content).ok()?).ok()?;
        let generation = generations.of(&session)?;
        let genuine = signer.has_signed("session", &format!("{generation} {content}"), signature);
        let now = seconds(now);
        let in_time = now < session.issued.saturating_add(LASTS_S) && now < session.began.saturating_add(LONGEST_S);
        (genuine && in_time).then_some(session)
    }

    /// The cookie that keeps it; `None` where nobody can sign in this way.
    pub(crate) fn keep(&self, secure: bool, signer: &Signer, generations: &Generations) -> Option<HeaderValue> {
        let content = URL_SAFE_NO_PAD.encode(serde_json::to_vec(self).ok()?);
        let signature = signer.sign("session", &format!("{} {content}", generations.of(self)?));
        let lasts = u64::try_from(LASTS_S).unwrap_or(0);
        cookies::set(cookie(secure), &format!("{content}.{signature}"), lasts, secure)
    }

    /// The cookie that ends it.
    pub(crate) fn end(secure: bool) -> Option<HeaderValue> {
        cookies::set(cookie(secure), "", 0, secure)
    }

    /// The same session from now on, where it is time to renew it.
    pub(crate) fn renewed(&self, now: Timestamp) -> Option<Session> {
        let due = seconds(now) >= self.issued.saturating_add(RENEWED_S);
        due.then(|| Session { issued: seconds(now), ..self.clone() })
    }

    /// Whether it began by this moment.
    pub(crate) fn began_by(&self, moment: Timestamp) -> bool {
        self.began <= seconds(moment)
    }

    /// What its forms are bound to.
    pub(crate) fn key(&self) -> String {
        format!("session {}", self.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::header::COOKIE;

    const HOURS: i64 = 3_600_000;

    fn signer() -> Signer {
        Signer::new(b"0123456789abcdef")
    }

    fn generations(token: &str, accounts: &str) -> Generations {
        Generations { token: Some(token.into()), accounts: Some(accounts.into()) }
    }

    fn sent(session: &Session, secure: bool) -> HeaderMap {
        let cookie = session.keep(secure, &signer(), &generations("tokens", "provider")).unwrap();
        let cookie = cookie.to_str().unwrap();
        assert!(cookie.contains("; Path=/; Max-Age=43200; HttpOnly; SameSite=Lax"), "{cookie}");
        assert_eq!((cookie.ends_with("; Secure"), cookie.starts_with("__Host-orszem=")), (secure, secure), "{cookie}");
        let pair = cookie.split(';').next().unwrap().to_owned();
        HeaderMap::from_iter([(COOKIE, HeaderValue::from_str(&pair).unwrap())])
    }

    fn anna() -> Option<Account> {
        Some(Account { id: "sub-1".into(), called: Some("Anna".into()), role: Some(Role::Responder) })
    }

    #[test]
    fn a_session_lasts_twelve_hours_and_no_longer_than_what_it_was_begun_by() {
        for (account, other) in [(None, generations("other", "provider")), (anna(), generations("tokens", "other"))] {
            let session = Session::begin(account, Timestamp(0));
            for secure in [false, true] {
                let headers = sent(&session, secure);
                let of = |signer: &Signer, generations: &Generations, hours: i64| {
                    Session::of(&headers, secure, signer, generations, Timestamp(hours * HOURS))
                };
                let same = generations("tokens", "provider");
                assert_eq!(of(&signer(), &same, 11), Some(session.clone()));
                assert_eq!(of(&signer(), &same, 12), None);
                assert_eq!(of(&signer(), &other, 1), None);
                assert_eq!(of(&signer(), &Generations::default(), 1), None);
                assert_eq!(of(&Signer::new(b"another secret"), &same, 1), None);
                let otherwise = Session::of(&headers, !secure, &signer(), &same, Timestamp(0));
                assert_eq!(otherwise, None, "a cookie of the other kind is none");
            }
        }
    }

    #[test]
    fn it_is_renewed_once_an_hour_for_a_week() {
        let session = Session::begin(anna(), Timestamp(0));
        assert_eq!(session.renewed(Timestamp(HOURS - 1)), None);
        let renewed = session.renewed(Timestamp(167 * HOURS)).unwrap();
        assert_eq!((renewed.key(), renewed.began_by(Timestamp(0))), (session.key(), true), "forms stay good");
        let of = |at: i64| {
            let same = generations("tokens", "provider");
            Session::of(&sent(&renewed, true), true, &signer(), &same, Timestamp(at)).is_some()
        };
        assert_eq!((of(168 * HOURS - 1), of(168 * HOURS)), (true, false));
    }

    #[test]
    fn what_is_changed_in_a_cookie_makes_it_none() {
        let same = generations("tokens", "provider");
        let headers = sent(&Session::begin(anna(), Timestamp(0)), true);
        let cookie = headers[COOKIE].to_str().unwrap();
        let (content, signature) = cookie.strip_prefix("__Host-orszem=").unwrap().split_once('.').unwrap();
        let json = String::from_utf8(URL_SAFE_NO_PAD.decode(content).unwrap()).unwrap();
        for changed in [json.replace("responder", "admin"), json.replace("sub-1", "sub-2"), "{}".into(), "x".into()] {
            let pair = format!("__Host-orszem={}.{signature}", URL_SAFE_NO_PAD.encode(changed));
            let headers = HeaderMap::from_iter([(COOKIE, HeaderValue::from_str(&pair).unwrap())]);
            assert_eq!(Session::of(&headers, true, &signer(), &same, Timestamp(0)), None, "{pair}");
        }
    }
}
