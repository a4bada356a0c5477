//! Who may read, and who may act: by signed link or by the API's token.

use axum::http::{HeaderMap, header};
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use orszem_core::settings::Config;
use orszem_records::time::Timestamp;

use super::format::percent_encode;
use super::link::{Bearer, LinkError, Signer};

/// What a link carries beside the incident: as it came, unchecked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
pub(super) struct LinkParams {
    /// Whom it was given to.
    #[serde(rename = "as")]
    pub bearer: Option<String>,
    /// Until when it is good, seconds since the epoch.
    pub until: Option<String>,
    /// The signature.
    pub sig: Option<String>,
}

/// What a ticket is worth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum LinkCheck {
    /// There is none.
    None,
    /// It is genuine and in time.
    May(Bearer),
    /// It is not.
    MayNot(LinkError),
}

impl LinkParams {
    /// Checks it for an incident. A part that is missing or no number makes it a forgery.
    pub(super) fn check(&self, signer: &Signer, incident: &str, now: Timestamp) -> LinkCheck {
        let (bearer, until, sig) = match (&self.bearer, &self.until, &self.sig) {
            (None, None, None) => return LinkCheck::None,
            (Some(bearer), Some(until), Some(sig)) => (bearer, until, sig),
            _ => return LinkCheck::MayNot(LinkError::Forged),
        };
        let Ok(until) = until.parse() else { return LinkCheck::MayNot(LinkError::Forged) };
        match signer.verify(incident, bearer, until, sig, now) {
            Ok(bearer) => LinkCheck::May(bearer),
            Err(fault) => LinkCheck::MayNot(fault),
        }
    }

    /// When it ends, if it says so.
    pub(super) fn ends(&self) -> Option<Timestamp> {
        let seconds: i64 = self.until.as_ref()?.parse().ok()?;
        Some(Timestamp(seconds.saturating_mul(1000)))
    }

    /// As a query, to carry on to the next page; empty when there is none.
    pub(super) fn query(&self) -> String {
        let parts = [("as", &self.bearer), ("until", &self.until), ("sig", &self.sig)];
        let set = parts.iter().filter_map(|(name, value)| Some((name, value.as_ref()?)));
        set.map(|(name, value)| format!("{name}={}", percent_encode(value))).collect::<Vec<_>>().join("&")
    }
}

impl LinkCheck {
    /// Whether the link was ours once: enough to read the incident it was made for, also after its time to act.
    pub(super) const fn may_read(&self) -> bool {
        matches!(self, LinkCheck::May(_) | LinkCheck::MayNot(LinkError::Expired))
    }
}

/// What a request's `Authorization` is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// None is configured: everybody reads, nobody acts by API.
    NotAsked,
    /// It is the one.
    Right,
    /// It is missing or another.
    Wrong,
    /// One is configured and cannot be read: nobody gets in.
    Unreadable,
}

impl Token {
    /// Whether its bearer may read everything.
    pub(super) const fn may_read(self) -> bool {
        matches!(self, Token::NotAsked | Token::Right)
    }
}

/// Compares the `Authorization: Bearer …` of a request with the configured token.
pub(super) fn token(config: &Config, headers: &HeaderMap) -> Token {
    let Some(secret) = &config.web.api_token else { return Token::NotAsked };
    let expected = match orszem_runtime::secret::reveal(secret) {
        Ok(expected) => expected,
        Err(fault) => {
            tracing::error!(%fault, "cannot read web.api_token: refusing API requests and unsigned pages");
            return Token::Unreadable;
        }
    };
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let given =
        given.and_then(|value| value.split_once(' ')).filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    match given {
        Some((_, given)) if same(given.trim().as_bytes(), expected.as_bytes()) => Token::Right,
        _ => Token::Wrong,
    }
}

/// Whether two texts are the same, in a time that does not tell where they differ.
fn same(a: &[u8], b: &[u8]) -> bool {
    let (Ok(a), Ok(b)) = (Hmac::<Sha256>::new_from_slice(a), Hmac::<Sha256>::new_from_slice(b)) else { return false };
    let message = b"orszem api token";
    b.chain_update(message).verify(&a.chain_update(message).finalize().into_bytes()).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_with_a_part_missing_is_a_forgery_and_no_ticket_is_none() {
        let signer = Signer::new(b"0123456789abcdef");
        let part = Some("1".to_owned());
        let check = |ticket: LinkParams| ticket.check(&signer, "acme.1", Timestamp(0));
        assert_eq!(check(LinkParams::default()), LinkCheck::None);
        let forged = LinkCheck::MayNot(LinkError::Forged);
        assert_eq!(check(LinkParams { sig: part.clone(), ..LinkParams::default() }), forged);
        assert_eq!(check(LinkParams { bearer: part.clone(), until: Some("soon".into()), sig: part }), forged);
    }

    #[test]
    fn tokens_are_compared_whole() {
        assert!(same(b"token", b"token"));
        for other in [&b"token2"[..], b"toke", b"", b"Token"] {
            assert!(!same(other, b"token"));
        }
    }
}
