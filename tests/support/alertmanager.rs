//! A real Alertmanager.

use serde_json::Value;

use super::http;
use super::server::Server;

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
