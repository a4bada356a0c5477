//! The token of the API.

use axum::http::{HeaderMap, header};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use orszem_core::settings::secret::SecretError;
use orszem_runtime::live_config::{ConfigReader, Derived};
use orszem_runtime::secret::reveal;
use std::sync::Arc;

/// What a request's `Authorization` is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Token {
    /// Nobody is asked for one, and nobody signs in: everybody reads, nobody acts by API.
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

/// The tokens of the configuration in force: read once, and again after a reload.
pub struct Tokens(Derived<Arc<[String]>>, ConfigReader);

impl Tokens {
    /// Those that `config` names; none is read yet.
    pub fn new(config: ConfigReader) -> Tokens {
        Tokens(Derived::new(config.clone()), config)
    }

    /// Compares the `Authorization: Bearer …` of a request with the configured tokens.
    pub(crate) fn check(&self, headers: &HeaderMap) -> Token {
        let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let given =
            given.and_then(|value| value.split_once(' ')).filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
        self.judge(given.map(|(_, given)| given))
    }

    /// Compares what somebody gave with the configured tokens.
    pub(crate) fn judge(&self, given: Option<&str>) -> Token {
        let expected = match self.expected() {
            // Where people sign in, a token that there is not opens nothing.
            Ok(expected) if expected.is_empty() && self.1.load().sign_in.is_on() => return Token::Wrong,
            Ok(expected) if expected.is_empty() => return Token::NotAsked,
            Ok(expected) => expected,
            Err(fault) => {
                tracing::error!(%fault, "cannot read web.api_token: refusing API requests and unsigned pages");
                return Token::Unreadable;
            }
        };
        let right = given
            .is_some_and(|given| expected.iter().any(|expected| same(given.trim().as_bytes(), expected.as_bytes())));
        if right { Token::Right } else { Token::Wrong }
    }

    /// What the tokens in force are known by: another when they change. Tells nothing of them to anyone who has no link
    /// secret, since it is only ever signed. `None` where there are none, or they cannot be read.
    pub(crate) fn generation(&self) -> Option<String> {
        let tokens = self.expected().ok().filter(|tokens| !tokens.is_empty())?;
        let whole: String = tokens.iter().map(|token| format!("{}:{token}", token.len())).collect();
        Some(whole)
    }

    /// The tokens in force. What was read before does not count where they cannot be read now: nobody may go on with
    /// one that was replaced.
    fn expected(&self) -> Result<Arc<[String]>, SecretError> {
        let read = self.0.get(|config| {
            let secrets = config.web.api_token.iter().flat_map(|secrets| secrets.all());
            secrets.map(reveal).collect::<Result<Arc<[String]>, SecretError>>()
        });
        read.map_err(|(fault, _)| fault)
    }
}

/// Whether two texts are the same, in a time that does not tell where they differ.
pub(crate) fn same(a: &[u8], b: &[u8]) -> bool {
    let (Ok(a), Ok(b)) = (Hmac::<Sha256>::new_from_slice(a), Hmac::<Sha256>::new_from_slice(b)) else { return false };
    let message = b"orszem api token";
    b.chain_update(message).verify(&a.chain_update(message).finalize().into_bytes()).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;
    use orszem_core::settings::Config;
    use orszem_runtime::live_config::ConfigPublisher;

    #[test]
    fn tokens_are_compared_whole() {
        assert!(same(b"token", b"token"));
        for other in [&b"token2"[..], b"toke", b"", b"Token"] {
            assert!(!same(other, b"token"));
        }
    }

    #[test]
    fn a_token_is_read_once_and_again_after_a_reload() {
        let folder = tempfile::tempdir().unwrap();
        let (file, old) = (folder.path().join("token"), folder.path().join("old"));
        let config = |places: &[&std::path::Path]| {
            let places: Vec<String> = places.iter().map(|place| format!("file:{}", place.display())).collect();
            toml::from_str::<Config>(&format!("[web]\napi_token = {places:?}\n")).unwrap()
        };
        std::fs::write(&file, "first").unwrap();
        std::fs::write(&old, "old").unwrap();
        let publisher = ConfigPublisher::new(config(&[&file]));
        let tokens = Tokens::new(publisher.reader());
        let check = |token: &str| {
            let bearer = HeaderValue::from_str(&format!("Bearer {token}")).unwrap();
            tokens.check(&HeaderMap::from_iter([(header::AUTHORIZATION, bearer)]))
        };
        assert_eq!(check("first"), Token::Right);
        std::fs::write(&file, "second").unwrap();
        assert_eq!((check("first"), check("second")), (Token::Right, Token::Wrong), "nothing was reloaded");
        publisher.publish(config(&[&file, &old]));
        assert_eq!((check("first"), check("second"), check("old")), (Token::Wrong, Token::Right, Token::Right));

        std::fs::remove_file(&file).unwrap();
        assert_eq!(check("second"), Token::Right, "the file is not looked at");
        publisher.publish(config(&[&file]));
        assert_eq!(check("second"), Token::Unreadable);
        std::fs::write(&file, "third").unwrap();
        assert_eq!((check("second"), check("third")), (Token::Wrong, Token::Right));
    }
}
