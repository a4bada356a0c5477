//! Calls a dead man's switch: a service that raises the alarm when it is not called any more.

use std::time::Duration;

use orszem_core::receivers::{Secrets, switch};
use orszem_core::settings::Canary;
use orszem_records::ledger::Delivery;

use super::Outgoing;
use super::fault::Fault;
use super::http::Http;

/// How long a call may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// A switch at an address.
pub struct Switch {
    http: Http,
    switch: switch::Switch,
}

impl Switch {
    /// The switch that settings name, reached on the way `outgoing`. Reads its secret; connects to nothing.
    ///
    /// # Errors
    /// What is wrong with the settings.
    pub fn new(settings: &Canary, outgoing: &Outgoing) -> Result<Switch, Fault> {
        let switch = switch::Switch::new(settings, Secrets(&orszem_runtime::secret::reveal))?;
        let client = if switch.public_only { Http::public_only } else { Http::through };
        Ok(Switch { http: client(outgoing, TIMEOUT, switch.secrets.clone())?, switch })
    }

    /// Calls it once.
    ///
    /// # Errors
    /// Why it does not count as called, without anything secret: no answer, or one that is not 2xx.
    pub async fn ping(&self) -> Result<(), String> {
        match self.http.send(&self.switch.request()).await {
            Ok(answer) if (200..300).contains(&answer.status) => Ok(()),
            Ok(answer) => Err(format!("the dead man's switch answered {}", answer.status)),
            Err(Delivery::Failed { reason } | Delivery::Retry { reason, .. }) => Err(reason),
            Err(Delivery::Accepted { .. }) => Err("no answer".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{Plain, Reply, secret, serve_each};

    fn switch(server: &Plain, keys: &str) -> (Result<Switch, Fault>, tempfile::TempDir) {
        let (place, folder) = secret(&format!("{}ping/topsecret-uuid", server.url));
        let text = format!("receiver = \"quiet\"\nping = \"env:NONE\"\n{keys}");
        let mut settings: Canary = toml::from_str(&text).unwrap();
        settings.ping = place;
        (Switch::new(&settings, &Outgoing::default()), folder)
    }

    #[tokio::test]
    async fn only_an_answer_of_2xx_counts_and_no_fault_tells_the_address() {
        let server = serve_each(vec![Reply::status(204), Reply::status(500), Reply::status(302)]).await;
        let (switch, _folder) = switch(&server, "allow_private = true");
        let switch = switch.unwrap();
        assert_eq!(switch.ping().await, Ok(()));
        assert_eq!(server.requests()[0].path, "/ping/topsecret-uuid");
        for status in [500, 302] {
            assert_eq!(switch.ping().await, Err(format!("the dead man's switch answered {status}")));
        }
    }

    #[tokio::test]
    async fn a_private_network_is_not_reached_unless_it_is_allowed() {
        let server = serve_each(vec![Reply::status(204)]).await;
        let (refused, _folder) = switch(&server, "");
        let fault = refused.err().expect("it is on this machine").to_string();
        assert!(fault.contains("allow_private") && !fault.contains("topsecret"), "{fault}");
        assert_eq!(server.requests().len(), 0);
    }
}
