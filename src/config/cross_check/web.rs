//! `[web]`: who reaches the pages and the API, and what they may do.

use std::net::SocketAddr;

use orszem_core::network::is_local;
use orszem_core::settings::Web;

use super::entry::Entry;
use crate::diagnostics::Report;

/// `signs_in`: people sign in, so that pages and API are shut.
pub(super) fn check(section: Entry<'_>, signs_in: bool, report: &mut Report<'_>) {
    let public = section.url("public_url");
    let speaks_https = section.has("tls");
    let is_https = public.as_ref().is_some_and(|(url, _)| url.scheme() == "https");
    if speaks_https && !is_https {
        let message = "\"tls\" makes the pages speak HTTPS, and links in messages do not lead there";
        report.error(section.at("public_url"), message, "set public_url = \"https://…\"".to_owned());
    }
    let in_the_clear = public.as_ref().filter(|(url, _)| url.scheme() == "http" && !is_local(url) && !speaks_https);
    if let Some((_, at)) = in_the_clear {
        let message = "links that let their bearer act are sent in the clear by \"public_url\"";
        report.warning(at.clone(), message, "set tls, or put a proxy with https before it".to_owned());
    }
    let reached = public.is_some_and(|(url, _)| !is_local(&url));
    if reached && !section.has("link_secret") {
        let message =
            "without a \"link_secret\" links in pages end with a restart, and one copy refuses those of another";
        report.warning(section.at("public_url"), message, "add link_secret = \"env:NAME\"".to_owned());
    }
    let address = |key| section.text(key).and_then(|(text, at)| Some((text.parse::<SocketAddr>().ok()?, at)));
    let listen = address("listen");
    let pages = listen.as_ref().map_or(Web::default().listen, |(listen, _)| *listen);
    if let Some((_, at)) = address("health_listen").filter(|(health, _)| *health == pages && pages.port() != 0) {
        let message = "\"health_listen\" is the same address as \"listen\"";
        report.error(at, message, "give it a port of its own, or leave it out".to_owned());
    }
    let Some((_, at)) = listen.filter(|(listen, _)| !listen.ip().is_loopback()) else { return };
    if !section.has("api_token") && !signs_in {
        let message = "anyone who reaches this address can read the API: there is no \"api_token\"";
        report.warning(at.clone(), message, "add api_token = \"env:NAME\"".to_owned());
    }
    if !reached {
        let default = Web::default().public_url;
        let message =
            format!("others reach this address, but links in pages lead to this machine ({default} unless given)");
        report.warning(at, message, "set public_url to the address that people use".to_owned());
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::case;

    #[test]
    fn the_web_is_open_to_others_only_with_a_token() {
        case(
            "[web]\nlisten = \"localhost:80\"\npublic_url = \"https://orszem.example/\"\n",
            &[
                "a.toml:2:10: \"listen\" in [web]: \"localhost:80\" is not an address and port; \"127.0.0.1:80\" is this machine alone",
                "a.toml:3:14: \"public_url\" in [web]: ends in \"/\"; leave that out: links begin with it",
                "a.toml:3:14: warning: without a \"link_secret\" links in pages end with a restart, and one copy refuses those of \
         another; add link_secret = \"env:NAME\"",
            ],
        );
        case(
            "[web]\nlisten = \"0.0.0.0:80\"\n",
            &[
                "a.toml:2:10: warning: anyone who reaches this address can read the API: there is no \"api_token\"; add api_token = \
         \"env:NAME\"",
                "a.toml:2:10: warning: others reach this address, but links in pages lead to this machine (http://localhost:8080 unless \
         given); set public_url to the address that people use",
            ],
        );
        case(
            "[web]\nhealth_listen = \"127.0.0.1:8080\"\n",
            &[
                "a.toml:2:17: \"health_listen\" is the same address as \"listen\"; give it a port of its own, or leave it out",
            ],
        );
        case(
            "[web]\nlink_secret = []\napi_token = [\"env:A\", \"env:B\", \"env:C\"]\n",
            &[
                "a.toml:2:15: \"link_secret\" in [web] lists 0 secrets; list one, or two while one takes the place of the other: \
         the new one first",
                "a.toml:3:13: \"api_token\" in [web] lists 3 secrets; list one, or two while one takes the place of the other: \
         the new one first",
                "a.toml:3:14: warning: the environment variable A is not set",
                "a.toml:3:23: warning: the environment variable B is not set",
                "a.toml:3:32: warning: the environment variable C is not set",
            ],
        );
        let short = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(short.path(), "fifteen letters").unwrap();
        let secret = short.path().display();
        case(
            &format!("[web]\npublic_url = \"http://orszem.example\"\nlink_secret = \"file:{secret}\"\n"),
            &[
                "a.toml:2:14: warning: links that let their bearer act are sent in the clear by \"public_url\"; set tls, or put a proxy \
         with https before it",
                "a.toml:3:15: warning: the secret has fewer than 16 characters",
            ],
        );
    }
}
