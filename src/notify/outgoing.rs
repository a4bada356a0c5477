//! The way out: the proxies that HTTP goes through, and the certificate authorities that are trusted beside the
//! system's.

use std::path::Path;

use orszem_core::proxies::{Environment, Proxies};
use orszem_core::settings::Network;

use super::fault::Fault;

/// The way out, as the configuration and the environment say. Cheap to make; it connects to nothing.
#[derive(Clone, Debug, Default)]
pub struct Outgoing {
    pub(crate) proxies: Proxies,
    /// Certificates in PEM, one each.
    pub(crate) authorities: Vec<String>,
}

impl Outgoing {
    /// By `[network]`; where it names no proxy, by the environment of this process.
    ///
    /// # Errors
    /// The proxy is invalid, a secret or the file of authorities cannot be read.
    pub fn new(network: &Network) -> Result<Outgoing, Fault> {
        Outgoing::of(network, &environment())
    }

    fn of(network: &Network, environment: &Environment) -> Result<Outgoing, Fault> {
        let proxies = match network.proxy.as_deref() {
            Some("none") => Proxies::default(),
            Some(proxy) => {
                let except = network.no_proxy.iter().map(String::as_str);
                Proxies::one(proxy, except).map_err(|fault| Fault::value("proxy", fault.to_string()))?
            }
            None => {
                let (proxies, faulty) = Proxies::of(environment);
                for variable in faulty {
                    tracing::warn!(variable, "proxy ignored: only http:// and https:// proxies can be used");
                }
                proxies
            }
        };
        let proxies = match (&network.proxy_user, &network.proxy_password) {
            (Some(user), Some(password)) if network.proxy.is_some() => {
                let password = orszem_runtime::secret::reveal(password);
                let password = password.map_err(|fault| Fault::value("proxy_password", fault.to_string()))?;
                proxies.with_login(user, &password)
            }
            _ => proxies,
        };
        let none = Outgoing { proxies, authorities: Vec::new() };
        none.trusting(network.ca_file.as_deref())
    }

    /// Whether a request to this address goes through a proxy.
    pub fn goes_through_a_proxy(&self, url: &reqwest::Url) -> bool {
        self.proxies.for_url(url).is_some()
    }

    /// The same way, on which the authorities of this file are trusted as well.
    ///
    /// # Errors
    /// The file cannot be read, or has no certificate in it.
    pub fn trusting(mut self, ca_file: Option<&Path>) -> Result<Outgoing, Fault> {
        if let Some(path) = ca_file {
            self.authorities.extend(certificates(path)?);
        }
        Ok(self)
    }
}

fn environment() -> Environment {
    let either = |small: &str, large: &str| std::env::var(small).or_else(|_| std::env::var(large)).ok();
    Environment {
        http: either("http_proxy", "HTTP_PROXY"),
        https: either("https_proxy", "HTTPS_PROXY"),
        all: either("all_proxy", "ALL_PROXY"),
        no_proxy: either("no_proxy", "NO_PROXY"),
    }
}

/// The certificates of a bundle, each on its own: the TLS library reads one at a time.
fn certificates(path: &Path) -> Result<Vec<String>, Fault> {
    let wrong = |why: String| Fault::value("ca_file", format!("{}: {why}", path.display()));
    let pem = std::fs::read_to_string(path).map_err(|fault| wrong(fault.to_string()))?;
    let parts = pem.split_inclusive("-----END CERTIFICATE-----");
    let certificates: Vec<String> =
        parts.filter_map(|part| Some(part[part.find("-----BEGIN CERTIFICATE-----")?..].to_owned())).collect();
    match certificates.is_empty() {
        true => Err(wrong("no PEM certificate in it".into())),
        false => Ok(certificates),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::secret;
    use reqwest::Url;

    fn way(network: &Network, url: &str) -> Option<String> {
        let environment = Environment { all: Some("http://environment:1".into()), ..Environment::default() };
        let outgoing = Outgoing::of(network, &environment).unwrap();
        outgoing.proxies.for_url(&Url::parse(url).unwrap()).map(Url::to_string)
    }

    #[test]
    fn the_setting_stands_in_the_place_of_the_environment() {
        let hook = "https://hooks.example/";
        assert_eq!(way(&Network::default(), hook).as_deref(), Some("http://environment:1/"));
        assert_eq!(way(&Network { proxy: Some("none".into()), ..Network::default() }, hook), None);
        let (password, _folder) = secret("topsecret");
        let network = Network {
            proxy: Some("http://setting:1".into()),
            no_proxy: vec!["intern.example".into()],
            proxy_user: Some("u".into()),
            proxy_password: Some(password),
            ca_file: None,
        };
        assert_eq!(way(&network, hook).as_deref(), Some("http://u:topsecret@setting:1/"));
        assert_eq!(way(&network, "https://am.intern.example/"), None);
    }

    #[test]
    fn a_file_without_a_certificate_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ca.pem");
        for text in ["", "nothing", "-----BEGIN PRIVATE KEY-----"] {
            std::fs::write(&path, text).unwrap();
            let network = Network { ca_file: Some(path.clone()), ..Network::default() };
            assert!(Outgoing::of(&network, &Environment::default()).unwrap_err().to_string().contains("ca_file"));
        }
    }
}
