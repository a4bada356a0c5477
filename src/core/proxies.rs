//! Which HTTP proxy a request goes through: by the configuration, or by the environment (`HTTPS_PROXY`, `NO_PROXY`).
//!
//! A request to this machine never goes through one: another machine's "localhost" is another place.

use std::net::IpAddr;

use url::Url;

use crate::network::is_local;
use crate::subnet::same_beginning;

/// The proxies, and the hosts that are reached without one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proxies {
    http: Option<Url>,
    https: Option<Url>,
    except: Vec<Except>,
}

/// What the environment says of proxies, as text. Small letters come before capitals, as for curl.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Environment {
    /// `http_proxy`: for addresses that begin with `http://`.
    pub http: Option<String>,
    /// `https_proxy`: for addresses that begin with `https://`.
    pub https: Option<String>,
    /// `all_proxy`: where the one above is not set.
    pub all: Option<String>,
    /// `no_proxy`: hosts that are reached without one, separated by commas.
    pub no_proxy: Option<String>,
}

/// An address that is no proxy's. Does not repeat it: it may hold a password.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the address of a proxy begins with http:// or https:// and names a host")]
pub struct NoProxy;

impl Proxies {
    /// One proxy for all requests, but for those to the hosts in `except`.
    ///
    /// # Errors
    /// The address is no proxy's.
    pub fn one<'a>(proxy: &str, except: impl IntoIterator<Item = &'a str>) -> Result<Proxies, NoProxy> {
        let proxy = address(proxy)?;
        let except = except.into_iter().filter_map(Except::parse).collect();
        Ok(Proxies { http: Some(proxy.clone()), https: Some(proxy), except })
    }

    /// What the environment says, and the names of the variables that cannot be used.
    pub fn of(environment: &Environment) -> (Proxies, Vec<&'static str>) {
        let mut faulty = Vec::new();
        let mut read = |name: &'static str, text: &Option<String>| {
            let text = text.as_deref().map(str::trim).filter(|text| !text.is_empty())?;
            address(text).map_err(|NoProxy| faulty.push(name)).ok()
        };
        let (http, https) = (read("HTTP_PROXY", &environment.http), read("HTTPS_PROXY", &environment.https));
        let all = read("ALL_PROXY", &environment.all);
        let except = environment.no_proxy.iter().flat_map(|text| text.split(',')).filter_map(Except::parse).collect();
        (Proxies { http: http.or_else(|| all.clone()), https: https.or(all), except }, faulty)
    }

    /// The same proxies, asked with a user and a password.
    #[must_use]
    pub fn with_login(mut self, user: &str, password: &str) -> Proxies {
        for proxy in [&mut self.http, &mut self.https].into_iter().flatten() {
            // Both fail only where there is no host, and there is one.
            if proxy.set_username(user).is_ok() {
                proxy.set_password(Some(password)).unwrap_or_default();
            }
        }
        self
    }

    /// The proxy that a request to this address goes through; `None`: it goes there directly.
    pub fn for_url(&self, url: &Url) -> Option<&Url> {
        let proxy = if url.scheme() == "https" { &self.https } else { &self.http };
        proxy.as_ref().filter(|_| !is_local(url) && !self.except.iter().any(|except| except.holds(url)))
    }

    /// All proxies, each once.
    pub fn all(&self) -> Vec<&Url> {
        let other = self.https.iter().filter(|https| self.http.as_ref() != Some(https));
        self.http.iter().chain(other).collect()
    }

    /// What must not be said of them: their passwords.
    pub fn secrets(&self) -> Vec<String> {
        self.all().into_iter().filter_map(|url| url.password().map(str::to_owned)).collect()
    }
}

/// A proxy is often written without a scheme: `proxy.example:3128`.
fn address(text: &str) -> Result<Url, NoProxy> {
    let text = text.trim();
    let whole = if text.contains("://") { text.to_owned() } else { format!("http://{text}") };
    let url = Url::parse(&whole).map_err(|_| NoProxy)?;
    match matches!(url.scheme(), "http" | "https") && url.host_str().is_some_and(|host| !host.is_empty()) {
        true => Ok(url),
        false => Err(NoProxy),
    }
}

/// Hosts that are reached without a proxy.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Except {
    /// Every host.
    All,
    /// A host and those below its name, at this port or at any.
    Name(String, Option<u16>),
    /// The addresses that have these first bits.
    Network(IpAddr, u32),
}

impl Except {
    fn parse(text: &str) -> Option<Except> {
        let text = text.trim().to_ascii_lowercase();
        if text == "*" {
            return Some(Except::All);
        }
        if let Some((address, bits)) = text.split_once('/') {
            return Some(Except::Network(address.parse().ok()?, bits.parse().ok()?));
        }
        if let Ok(address) = text.trim_matches(['[', ']']).parse::<IpAddr>() {
            return Some(Except::Network(address, u32::MAX));
        }
        let (name, port) = match text.rsplit_once(':') {
            Some((name, port)) => (name, Some(port.parse().ok()?)),
            None => (text.as_str(), None),
        };
        let name = name.trim_start_matches('*').trim_matches('.');
        (!name.is_empty()).then(|| Except::Name(name.to_owned(), port))
    }

    fn holds(&self, url: &Url) -> bool {
        let Some(host) = url.host_str() else { return false };
        let host = host.trim_matches(['[', ']']).trim_end_matches('.').to_ascii_lowercase();
        match self {
            Except::All => true,
            Except::Name(name, port) => {
                let below = host.strip_suffix(name.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
                below && port.is_none_or(|port| url.port_or_known_default() == Some(port))
            }
            Except::Network(network, bits) => {
                host.parse::<IpAddr>().is_ok_and(|address| same_beginning(address, *network, *bits))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn environment(https: &str, no_proxy: &str) -> Environment {
        Environment { https: Some(https.into()), no_proxy: Some(no_proxy.into()), ..Environment::default() }
    }

    fn way(proxies: &Proxies, url: &str) -> Option<String> {
        proxies.for_url(&Url::parse(url).unwrap()).map(Url::to_string)
    }

    #[test]
    fn the_scheme_of_the_address_decides_and_all_proxy_stands_in() {
        let said = Environment { all: Some("all:1".into()), ..environment("https://secure.example:3128", "") };
        let (proxies, faulty) = Proxies::of(&said);
        assert_eq!(faulty, [""; 0]);
        assert_eq!(way(&proxies, "https://hooks.example/"), Some("https://secure.example:3128/".into()));
        assert_eq!(way(&proxies, "http://hooks.example/"), Some("http://all:1/".into()));
        assert_eq!(proxies.all().len(), 2);
        assert_eq!(way(&Proxies::default(), "https://hooks.example/"), None);
    }

    #[test]
    fn this_machine_and_what_is_excepted_are_reached_directly() {
        let except = "intern.example, .corp ,10.0.0.0/8,192.168.7.7,*.lab,only.example:8443,fd00::/8,bad/x,";
        let (proxies, _) = Proxies::of(&environment("proxy:1", except));
        for direct in [
            "https://localhost:1/",
            "https://127.0.0.1/",
            "https://[::1]:1/",
            "https://intern.example/",
            "https://am.Intern.example./",
            "https://a.corp/",
            "https://corp/",
            "https://10.9.8.7/",
            "https://192.168.7.7/",
            "https://a.lab/",
            "https://only.example:8443/",
            "https://[fd12::1]/",
        ] {
            assert_eq!(way(&proxies, direct), None, "{direct}");
        }
        for through in [
            "https://notintern.example/",
            "https://11.0.0.1/",
            "https://192.168.7.8/",
            "https://only.example/",
            "https://[fe12::1]/",
        ] {
            assert_eq!(way(&proxies, through), Some("http://proxy:1/".into()), "{through}");
        }
        assert_eq!(way(&Proxies::of(&environment("proxy:1", "*")).0, "https://hooks.example/"), None);
    }

    #[test]
    fn what_is_no_http_proxy_is_named_and_left_out() {
        let (proxies, faulty) = Proxies::of(&environment("socks5://user:topsecret@proxy:1080", ""));
        assert_eq!((way(&proxies, "https://hooks.example/"), faulty), (None, vec!["HTTPS_PROXY"]));
        assert!(Proxies::one("ftp://proxy", []).is_err() && Proxies::one("", []).is_err());
        let proxies = Proxies::one("http://proxy:3128", ["intern"]).unwrap().with_login("u", "p@ss word");
        assert_eq!(way(&proxies, "http://hooks.example/"), Some("http://u:p%40ss%20word@proxy:3128/".into()));
        assert_eq!(way(&proxies, "http://intern/"), None);
    }

    proptest! {
        #[test]
        fn no_text_of_no_proxy_makes_it_panic(text: String, host in "[a-z.]{1,20}") {
            let (proxies, _) = Proxies::of(&environment("proxy:1", &text));
            if let Ok(url) = Url::parse(&format!("https://{host}/")) {
                let _ = proxies.for_url(&url);
            }
        }
    }
}
