//! A server of the Prometheus family: one file of configuration, one port, one way to say that it is ready.

use tempfile::TempDir;

use super::children::{self, Child};
use super::ports::Port;
use super::{http, place, scratch};

/// A running server. Ends when dropped.
#[derive(Debug)]
pub struct Server {
    child: Child,
    port: Port,
    folder: TempDir,
}

impl Server {
    /// Starts `name` with this configuration and these arguments, and waits until it is ready.
    pub fn start(name: &str, config: &str, arguments: &[&str]) -> Server {
        let ready = |url: &str| http::get(&format!("{url}/-/ready")).is_some_and(|answer| answer.status == 200);
        Server::start_in(scratch::folder(name), name, config, arguments, ready)
    }

    /// As [`Server::start`], in a folder that may hold more, until `ready` says so of its address.
    pub fn start_in(
        folder: TempDir,
        name: &str,
        config: &str,
        arguments: &[&str],
        ready: impl Fn(&str) -> bool,
    ) -> Server {
        let port = Port::take();
        std::fs::write(folder.path().join("config.yml"), config).unwrap();
        let mut command = children::command(place(&name.to_uppercase()));
        command.current_dir(folder.path()).arg("--config.file=config.yml").args(arguments);
        command.arg(format!("--web.listen-address=127.0.0.1:{port}"));
        let child = Child::start(name, command, &folder.path().join(format!("{name}.log")));
        let mut server = Server { child, port, folder };
        let url = server.url();
        server.child.wait_ready(|| ready(&url).then_some(()));
        server
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.port.number()
    }

    /// Where its files are.
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// Its address, without a `/` at the end.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}
