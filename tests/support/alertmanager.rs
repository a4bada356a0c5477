//! A real Alertmanager.

use serde_json::Value;
use tempfile::TempDir;

use super::children::{self, Child};
use super::ports::Port;
use super::{http, place, scratch};

/// A running Alertmanager, alone in its cluster.
#[derive(Debug)]
pub struct Alertmanager {
    child: Child,
    port: Port,
    _folder: TempDir,
}

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
        let folder = scratch::folder("alertmanager");
        let port = Port::take();
        std::fs::write(folder.path().join("alertmanager.yml"), config).unwrap();
        let mut command = children::command(place("ALERTMANAGER"));
        command.current_dir(folder.path()).args([
            "--config.file=alertmanager.yml",
            "--storage.path=data",
            // Empty: no gossip, and no port for it.
            "--cluster.listen-address=",
        ]);
        command.arg(format!("--web.listen-address=127.0.0.1:{port}"));
        let child = Child::start("alertmanager", command, &folder.path().join("alertmanager.log"));
        let mut alertmanager = Alertmanager { child, port, _folder: folder };
        let ready = format!("{}/-/ready", alertmanager.url());
        alertmanager.child.wait_ready(|| http::get(&ready).filter(|answer| answer.status == 200));
        alertmanager
    }

    /// Its address, without a `/` at the end.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The alerts it holds (`GET /api/v2/alerts`): resolved ones are not among them.
    pub fn alerts(&self) -> Vec<Value> {
        let answer = http::get(&format!("{}/api/v2/alerts", self.url())).unwrap();
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.json().as_array().unwrap().clone()
    }
}
