//! The token of the API.

use axum::http::{HeaderMap, header};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use orszem_core::settings::Config;
use orszem_runtime::secret::reveal;

/// What a request's `Authorization` is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Token {
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
    pub(crate) const fn may_read(self) -> bool {
        matches!(self, Token::NotAsked | Token::Right)
    }
}

/// Compares the `Authorization: Bearer …` of a request with the configured token.
pub(crate) fn check(config: &Config, headers: &HeaderMap) -> Token {
    let Some(secret) = &config.web.api_token else { return Token::NotAsked };
    let expected = match reveal(secret) {
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
    fn tokens_are_compared_whole() {
        assert!(same(b"token", b"token"));
        for other in [&b"token2"[..], b"toke", b"", b"Token"] {
            assert!(!same(other, b"token"));
        }
    }
}
