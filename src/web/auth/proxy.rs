//! Who somebody is, as a proxy in front of orszem says in a header.

use std::net::IpAddr;
use std::sync::Arc;

use axum::http::HeaderMap;

use orszem_core::settings::secret::SecretError;
use orszem_core::settings::{Config, TrustedProxy};
use orszem_runtime::live_config::{ConfigReader, Derived};
use orszem_runtime::secret::reveal;

use super::metrics;
use super::token::same;

/// The longest name of an account, in bytes.
const ACCOUNT: usize = 255;
/// The most groups of an account that are read.
const GROUPS: usize = 500;

/// What a request says of its account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Proxied {
    /// Nothing: it does not have the header, or its proxy knows nobody.
    Nobody,
    /// The proxy says that it is of this account, which is in these groups.
    Account { id: String, groups: Vec<String> },
    /// It has the header, and the proxy did not send it.
    Refused,
}

/// Believes the header of the proxy, or refuses it.
pub(crate) struct ProxyCheck {
    /// The secrets in force: read once, and again after a reload.
    secrets: Derived<Arc<[String]>>,
}

impl ProxyCheck {
    /// By the configuration in force; no secret is read yet.
    pub(crate) fn new(config: ConfigReader) -> ProxyCheck {
        ProxyCheck { secrets: Derived::new(config) }
    }

    /// What a request from `peer` says of its account.
    pub(crate) fn check(&self, config: &Config, headers: &HeaderMap, peer: Option<IpAddr>) -> Proxied {
        let Some(proxy) = &config.sign_in.proxy else { return Proxied::Nobody };
        let claims = std::iter::once(&proxy.header).chain(&proxy.roles_header);
        if !claims.into_iter().any(|name| headers.contains_key(name.as_str())) {
            return Proxied::Nobody;
        }
        match self.believed(proxy, headers, peer).and_then(|()| account(proxy, headers)) {
            Ok(account) => account,
            Err(why) => {
                metrics::header_refused(peer, why);
                Proxied::Refused
            }
        }
    }

    /// Whether the proxy sent it.
    fn believed(&self, proxy: &TrustedProxy, headers: &HeaderMap, peer: Option<IpAddr>) -> Result<(), &'static str> {
        // Both are looked at in any case: the time tells nothing of the secret.
        let listed = peer.is_some_and(|peer| proxy.from.iter().any(|network| network.contains(peer)));
        let secret = self.has_secret(proxy, headers);
        match (listed, secret?) {
            (true, true) => Ok(()),
            (false, _) => Err("the address is not in `from`"),
            (true, false) => Err("the secret is missing or wrong"),
        }
    }

    fn has_secret(&self, proxy: &TrustedProxy, headers: &HeaderMap) -> Result<bool, &'static str> {
        let expected = self.secrets.get(|config| {
            let secrets = config.sign_in.proxy.iter().flat_map(|proxy| proxy.secret.all());
            secrets.map(reveal).collect::<Result<Arc<[String]>, SecretError>>()
        });
        // What was read before does not count where it cannot be read now, as for the API's token.
        let expected = expected.map_err(|(fault, _)| {
            tracing::error!(%fault, "cannot read the secret of [sign_in.proxy]: nobody signs in by the proxy");
            "the secret cannot be read"
        })?;
        let mut given = headers.get_all(proxy.secret_header.as_str()).iter();
        let (Some(given), None) = (given.next(), given.next()) else { return Ok(false) };
        Ok(expected.iter().any(|expected| same(given.as_bytes(), expected.as_bytes())))
    }
}

/// The account that the header names. One that two headers name, or that cannot be read, is none: who it is meant to
/// be is not known.
fn account(proxy: &TrustedProxy, headers: &HeaderMap) -> Result<Proxied, &'static str> {
    let mut named = headers.get_all(proxy.header.as_str()).iter();
    let Some(id) = named.next() else { return Ok(Proxied::Nobody) };
    if named.next().is_some() {
        return Err("the header is there twice");
    }
    let id = std::str::from_utf8(id.as_bytes()).map_err(|_| "the header is not UTF-8")?.trim();
    match id {
        // Proxies send it empty where nobody signed in.
        "" => Ok(Proxied::Nobody),
        id if id.len() > ACCOUNT || id.contains(char::is_control) => Err("the header is no account"),
        id => Ok(Proxied::Account { id: id.to_owned(), groups: groups(proxy, headers) }),
    }
}

fn groups(proxy: &TrustedProxy, headers: &HeaderMap) -> Vec<String> {
    let Some(name) = &proxy.roles_header else { return Vec::new() };
    let lists = headers.get_all(name.as_str()).iter().filter_map(|list| std::str::from_utf8(list.as_bytes()).ok());
    let groups = lists.flat_map(|list| list.split(',')).map(str::trim).filter(|group| !group.is_empty());
    groups.take(GROUPS).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::{HeaderName, HeaderValue};

    const PROXY: &str = "header = \"X-Forwarded-User\"\nroles_header = \"X-Forwarded-Groups\"\n\
                         from = [\"10.0.0.0/8\", \"192.0.2.7\"]\nsecret_header = \"X-Orszem-Proxy\"\n";

    fn checked(headers: &[(&'static str, &[u8])], peer: &str) -> Proxied {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "the secret of the proxy").unwrap();
        let secret = format!("secret = \"file:{}\"\n", file.path().display());
        let config = ConfigReader::fixed(toml::from_str(&format!("[sign_in.proxy]\n{PROXY}{secret}")).unwrap());
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(HeaderName::from_static(name), HeaderValue::from_bytes(value).unwrap());
        }
        ProxyCheck::new(config.clone()).check(&config.load(), &map, peer.parse().ok())
    }

    const SECRET: (&str, &[u8]) = ("x-orszem-proxy", b"the secret of the proxy");
    const ANNA: (&str, &[u8]) = ("x-forwarded-user", b"anna@example.com");

    #[test]
    fn the_header_is_believed_from_the_proxy_with_its_secret() {
        let groups: (&str, &[u8]) = ("x-forwarded-groups", b"press, staff,,");
        let anna = Proxied::Account { id: "anna@example.com".into(), groups: vec!["press".into(), "staff".into()] };
        for peer in ["10.1.2.3", "::ffff:10.1.2.3", "192.0.2.7"] {
            assert_eq!(checked(&[SECRET, ANNA, groups], peer), anna, "{peer}");
        }
        let named = checked(&[SECRET, ("x-forwarded-user", "Ágnes".as_bytes())], "10.0.0.1");
        assert_eq!(named, Proxied::Account { id: "Ágnes".into(), groups: Vec::new() });
        assert_eq!(checked(&[SECRET, ("x-forwarded-user", b" ")], "10.0.0.1"), Proxied::Nobody);
        assert_eq!(checked(&[SECRET], "10.0.0.1"), Proxied::Nobody);
        assert_eq!(checked(&[], "203.0.113.1"), Proxied::Nobody);
    }

    #[test]
    fn from_anywhere_else_it_is_refused() {
        let wrong: (&str, &[u8]) = ("x-orszem-proxy", b"the secret of the prox");
        let groups: (&str, &[u8]) = ("x-forwarded-groups", b"admins");
        for (headers, peer) in [
            (vec![SECRET, ANNA], "11.0.0.1"),
            (vec![SECRET, ANNA], "192.0.2.8"),
            (vec![SECRET, ANNA], "no address"),
            (vec![ANNA], "10.0.0.1"),
            (vec![wrong, ANNA], "10.0.0.1"),
            (vec![SECRET, SECRET, ANNA], "10.0.0.1"),
            // The groups alone would raise who signed in otherwise.
            (vec![groups], "10.0.0.1"),
            (vec![SECRET, ANNA, ANNA], "10.0.0.1"),
            (vec![SECRET, ("x-forwarded-user", b"\xff")], "10.0.0.1"),
            (vec![SECRET, ("x-forwarded-user", &[b'x'; 256])], "10.0.0.1"),
        ] {
            assert_eq!(checked(&headers, peer), Proxied::Refused, "{headers:?} from {peer}");
        }
    }
}
