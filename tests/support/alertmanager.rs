//! A real Alertmanager.

use serde_json::Value;

use super::server::Server;
use super::{certificates, http, scratch};

/// The user that a guarded one lets in.
pub const USER: &str = "orszem";
/// That user's password, and its hash by bcrypt (a test vector of crypt_blowfish).
pub const PASSWORD: &str = "U*U";
const HASH: &str = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";

/// A running Alertmanager, alone in its cluster.
#[derive(Debug)]
pub struct Alertmanager(Server);

impl Alertmanager {
    /// Starts one that keeps alerts and tells nobody.
    pub fn start() -> Alertmanager {
        Alertmanager::start_with("route: {receiver: nobody}\nreceivers: [{name: nobody}]\n")
    }

    /// Starts one that sends every alert to a webhook at once, and again when it is resolved.
    pub fn start_telling(webhook: &str) -> Alertmanager {
        Alertmanager::start_with(&format!(
            "route: {{receiver: webhook, group_by: ['...'], group_wait: 0s, group_interval: 1s}}\n\
             receivers: [{{name: webhook, webhook_configs: [{{url: '{webhook}', send_resolved: true}}]}}]\n"
        ))
    }

    /// Starts one with this configuration and waits until it is ready.
    pub fn start_with(config: &str) -> Alertmanager {
        // An empty address: no gossip, and no port for it.
        let arguments = ["--storage.path=data", "--cluster.listen-address="];
        Alertmanager(Server::start("alertmanager", config, &arguments))
    }

    /// Starts one that speaks TLS, with a certificate of its own authority ([`Alertmanager::ca_file`]), and lets in
    /// [`USER`] alone.
    pub fn start_guarded() -> Alertmanager {
        let folder = scratch::folder("alertmanager");
        certificates::make(folder.path());
        let web = format!(
            "tls_server_config: {{cert_file: cert.pem, key_file: key.pem}}\nbasic_auth_users: {{{USER}: {HASH}}}\n"
        );
        std::fs::write(folder.path().join("web.yml"), web).unwrap();
        let config = "route: {receiver: nobody}\nreceivers: [{name: nobody}]\n";
        let arguments = ["--storage.path=data", "--cluster.listen-address=", "--web.config.file=web.yml"];
        let ready = |url: &str| std::net::TcpStream::connect(url.trim_start_matches("http://")).is_ok();
        Alertmanager(Server::start_in(folder, "alertmanager", config, &arguments, ready))
    }

    /// The certificate authority of one that speaks TLS, PEM.
    pub fn ca_file(&self) -> std::path::PathBuf {
        self.0.folder().join("ca.pem")
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.0.port()
    }

    /// Its address, without a `/` at the end.
    pub fn url(&self) -> String {
        self.0.url()
    }

    /// The alerts it holds (`GET /api/v2/alerts`): resolved ones are not among them.
    pub fn alerts(&self) -> Vec<Value> {
        let answer = http::get(&format!("{}/api/v2/alerts", self.url())).unwrap();
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.json().as_array().unwrap().clone()
    }
}
