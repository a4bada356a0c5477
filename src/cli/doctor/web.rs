//! `[web]`: whether the pages can be served, or are already served, and whether people can reach them.

use reqwest::Url;
use std::io::ErrorKind;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use orszem_core::settings::{Tls, Web};
use orszem_notify::http::{Answer, Http};
use orszem_records::time::Timestamp;
use orszem_runtime::clock;
use orszem_runtime::probe::reach::{anywhere, reach};
use orszem_runtime::probe::{Finding, State};

/// The time limit for requests to our own pages.
const LIMIT: Duration = Duration::from_secs(5);

/// How long before its end a certificate is reported: most are made new a month before, in seconds.
const ENDS_SOON_S: i64 = 14 * 86_400;

/// The addresses to listen on, the address for people, the certificate, and the secret that signs links.
pub(super) async fn check(web: &Web) -> Vec<Finding> {
    let http = match Http::new(LIMIT, Vec::new()) {
        Ok(http) => http,
        Err(fault) => {
            let fix = "install the certificate authorities on this machine (package ca-certificates)";
            return vec![Finding::broken("listen", format!("cannot create an HTTP client: {fault}"), fix)];
        }
    };
    // A certificate is that of the address for people.
    let own = web.tls.is_some().then(|| web.public_url.clone());
    let (listening, runs) = listen("listen", web.listen, own, &http).await;
    let mut findings = vec![listening];
    if let Some(address) = web.health_listen {
        findings.push(listen("health_listen", address, None, &http).await.0);
    }
    findings.extend(web.tls.as_ref().map(|tls| certificate(tls, clock::now())));
    findings.extend([public(&web.public_url, runs, &http).await, links(web)]);
    findings
}

/// Binds the address and releases it again. If it is in use, asks whether orszem listens there, at `origin` where that
/// is not the address itself; the flag says so.
async fn listen(setting: &str, address: SocketAddr, origin: Option<String>, http: &Http) -> (Finding, bool) {
    let name = format!("{setting} {address}");
    let fault = match std::net::TcpListener::bind(address) {
        Ok(_) => return (Finding::works(name, "free for `orszem run`"), false),
        Err(fault) => fault,
    };
    let finding = match fault.kind() {
        ErrorKind::AddrInUse => {
            let origin = origin.unwrap_or_else(|| format!("http://{}", local(address)));
            return match http.get(&format!("{origin}/-/healthy")).await {
                Ok(answer) if is_orszem(&answer) => (running(name, &origin, &answer, http).await, true),
                _ => {
                    let fix = format!(
                        "stop the program that listens there (ss -ltnp 'sport = :{}'), or change {setting}",
                        address.port()
                    );
                    (Finding::broken(name, "another program listens there", fix), false)
                }
            };
        }
        ErrorKind::AddrNotAvailable => Finding::broken(
            name,
            "this machine has no such address",
            format!("set {setting} to an address of this machine, or 0.0.0.0"),
        ),
        ErrorKind::PermissionDenied => {
            let fix = format!("set {setting} to a port above 1023, or give the service CAP_NET_BIND_SERVICE");
            Finding::broken(name, "this user may not listen on this port", fix)
        }
        _ => Finding::broken(name, fault.to_string(), format!("change {setting}")),
    };
    (finding, false)
}

/// The state of an orszem that already runs.
async fn running(name: String, origin: &str, healthy: &Answer, http: &Http) -> Finding {
    if healthy.status != 200 {
        let detail = format!("orszem already runs and is stuck: {}", healthy.body.trim());
        return Finding::broken(name, detail, "restart it (docs/operations.md)");
    }
    match http.get(&format!("{origin}/-/ready")).await {
        Ok(ready) if ready.status == 200 => Finding::works(name, "orszem already runs, and is ready"),
        Ok(ready) => {
            let detail = format!("orszem already runs and is not ready: {}", ready.body.trim());
            Finding::warning(name, detail, "if this does not change, its log says why")
        }
        Err(_) => Finding::warning(name, "orszem already runs and is slow to answer", "see its log"),
    }
}

/// Recognises orszem by a header of all its answers that is rare elsewhere, and by the texts of `/-/healthy`.
fn is_orszem(answer: &Answer) -> bool {
    let ours = answer.header("x-robots-tag") == Some("noindex, nofollow");
    let words = answer.body == "ok\n" || answer.body.starts_with("no sign of life from: ");
    ours && words && matches!(answer.status, 200 | 503)
}

/// The local address for a server that listens on `address`.
fn local(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}

/// Whether the links in pages work. At most a warning, because a proxy may exclude this machine.
async fn public(address: &str, runs: bool, http: &Http) -> Finding {
    let name = format!("public_url {address}");
    let fix = "links in pages lead there: check DNS and the proxy in front of orszem; ignore this if only other machines can reach it";
    let Ok(url) = Url::parse(address) else {
        return Finding::warning(name, "this is not an address", "correct public_url");
    };
    let (host, port) = (url.host_str().unwrap_or_default(), url.port_or_known_default().unwrap_or(443));
    match reach(host, port, LIMIT, anywhere).await {
        Ok(()) => {}
        // Nothing serves the pages yet, and the proxy may start together with orszem.
        Err(orszem_runtime::probe::reach::Unreached::Refused(_)) if !runs => {
            return Finding::skipped(name, "not checked: orszem does not run on this machine yet");
        }
        Err(fault) => return Finding::warning(name, fault.to_string(), fix),
    }
    match http.get(&format!("{address}/-/healthy")).await {
        Ok(answer) if is_orszem(&answer) => Finding::works(name, "leads to orszem"),
        Ok(_) if !runs => {
            Finding::skipped(name, "something answers; start orszem to check whether this address leads to it")
        }
        Ok(answer) => Finding::warning(name, format!("does not lead to orszem: {}", answer.told()), fix),
        Err(fault) => Finding { state: State::Warning, name, ..orszem_notify::probe::unanswered(&fault) },
    }
}

/// Whether the certificate can be used, and for how long.
fn certificate(tls: &Tls, now: Timestamp) -> Finding {
    let name = format!("tls {}", tls.certificate.display());
    let ends = match orszem_web::certificate_ends(tls) {
        Ok(ends) => ends,
        Err(fault) => return Finding::broken(name, fault.to_string(), "get a certificate and its key in PEM"),
    };
    let (left, day) = (ends.saturating_sub(now.0 / 1000), Timestamp(ends.saturating_mul(1000)).to_string());
    let fix = "get a new one, write it to the same files and reload orszem (docs/sign-in.md)";
    match left {
        ..=0 => Finding::broken(name, format!("ended at {day}"), fix),
        1..ENDS_SOON_S => Finding::warning(name, format!("ends at {day}"), fix),
        _ => Finding::works(name, format!("ends at {day}")),
    }
}

fn links(web: &Web) -> Finding {
    match web.link_secret {
        Some(_) => {
            Finding::works("link_secret", "links in pages survive restarts, and work on every copy with this secret")
        }
        None => Finding::warning(
            "link_secret",
            "not set: links in pages stop working after a restart, and copies refuse each other's links",
            "add link_secret = \"env:NAME\" to [web], the same for all copies",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn http() -> Http {
        Http::new(LIMIT, Vec::new()).unwrap()
    }

    #[tokio::test]
    async fn an_address_in_use_is_reported_and_a_free_one_is_released() {
        let other = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = other.local_addr().unwrap();
        // Accepts, but does not answer like orszem.
        tokio::spawn(async move { axum::serve(other, axum::Router::new()).await });
        let (finding, runs) = listen("listen", address, None, &http()).await;
        assert_eq!((finding.state, runs), (State::Broken, false), "{finding:?}");
        assert_eq!(finding.detail, "another program listens there");

        let free = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = free.local_addr().unwrap();
        drop(free);
        assert_eq!(listen("listen", address, None, &http()).await.0.state, State::Works);
        assert!(std::net::TcpListener::bind(address).is_ok(), "the check kept the address");
    }

    #[test]
    fn a_certificate_is_reported_before_it_ends() {
        let folder = tempfile::tempdir().unwrap();
        let files = ["-keyout", "key.pem", "-out", "cert.pem", "-days", "30", "-subj", "/CN=localhost"];
        let mut openssl = std::process::Command::new("openssl");
        openssl.args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]).args(files);
        assert!(openssl.current_dir(folder.path()).output().unwrap().status.success());
        let tls = Tls { certificate: folder.path().join("cert.pem"), key: folder.path().join("key.pem") };
        for (days, state) in [(0, State::Works), (15, State::Works), (17, State::Warning), (31, State::Broken)] {
            let finding = certificate(&tls, clock::machine().plus(days * 86_400_000));
            assert_eq!(finding.state, state, "after {days} days: {finding:?}");
        }
        let swapped = Tls { certificate: tls.key.clone(), key: tls.key };
        assert_eq!(certificate(&swapped, clock::machine()).state, State::Broken);
    }

    #[tokio::test]
    async fn an_address_of_another_machine_cannot_be_listened_on() {
        // Reserved for documentation: no machine has it.
        let (finding, _) = listen("listen", "192.0.2.1:8080".parse().unwrap(), None, &http()).await;
        assert_eq!((finding.state, finding.detail.as_str()), (State::Broken, "this machine has no such address"));
    }
}
