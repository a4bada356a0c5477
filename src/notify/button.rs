//! Sends what a button of a playbook does: one signed request, once.

use std::time::Duration;

use orszem_core::receivers::HttpReceiver as _;
use orszem_core::receivers::Secrets;
use orszem_core::receivers::webhook::Endpoint;
use orszem_core::settings;
use orszem_records::ledger::{Delivery, PressResult};
use orszem_records::time::Timestamp;

use super::Outgoing;
use super::fault::Fault;
use super::http::Http;

/// A button, with its secrets.
pub struct Button {
    endpoint: Endpoint,
    http: Http,
}

impl Button {
    /// Reads its secrets and files; connects to nothing. The request takes at most `timeout`.
    ///
    /// # Errors
    /// What is wrong with its configuration.
    pub fn new(button: &settings::Button, timeout: Duration, outgoing: &Outgoing) -> Result<Button, Fault> {
        let endpoint = Endpoint::new(&button.webhook(), Secrets(&orszem_runtime::secret::reveal))?;
        let outgoing = outgoing.clone().trusting(endpoint.ca_file())?;
        let client = if endpoint.allows_private() { Http::through } else { Http::public_only };
        Ok(Button { http: client(&outgoing, timeout, endpoint.secrets())?, endpoint })
    }

    /// Sends a body as the message of this name, at the time `at`, and reads the answer. Does not try again: a person
    /// decides that, who sees what came of it. Never puts a secret into the result.
    pub async fn send(&self, message: &str, at: Timestamp, body: Vec<u8>) -> PressResult {
        let answer = match self.http.send(&self.endpoint.signed(message, at, body)).await {
            Ok(answer) => answer,
            Err(Delivery::Failed { reason }) => return PressResult::Refused { reason },
            // Without an answer it may have worked.
            Err(Delivery::Retry { reason, .. }) => return PressResult::Unknown { reason },
            Err(Delivery::Accepted { .. }) => return PressResult::Accepted,
        };
        match Endpoint::delivery(&answer) {
            // Something in between gave up waiting, and the other side may have done it.
            Delivery::Retry { reason, .. } if matches!(answer.status, 408 | 502 | 504) => {
                PressResult::Unknown { reason }
            }
            Delivery::Accepted { .. } => PressResult::Accepted,
            Delivery::Failed { reason } | Delivery::Retry { reason, .. } => PressResult::Refused { reason },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doubles;
    use crate::doubles::webhook::SECRET;
    use crate::fixture::{Reply, secret, serve};
    use orszem_runtime::clock;

    const WAIT: Duration = Duration::from_secs(5);

    fn button(url: &str, secret: settings::Secret, allow_private: bool) -> settings::Button {
        settings::Button {
            title: "Pause posts".into(),
            url: url.into(),
            secrets: vec![secret],
            confirm: None,
            by_hand: None,
            allow_private,
            user: None,
            password: None,
            token: None,
            ca_file: None,
        }
    }

    async fn press(url: &str, allow_private: bool) -> PressResult {
        let (secret, _folder) = secret(SECRET);
        let made = Button::new(&button(url, secret, allow_private), WAIT, &Outgoing::default()).unwrap();
        let body = br#"{"type":"playbook.button","timestamp":"2026-01-01T00:00:00Z","data":{}}"#;
        made.send("acme.1/press/p1", clock::now(), body.to_vec()).await
    }

    #[tokio::test]
    async fn a_press_is_signed_so_that_a_strict_listener_takes_it() {
        let hook = doubles::Webhook::start().await;
        assert_eq!(press(&hook.url(), true).await, PressResult::Accepted);
        let [event] = &hook.events()[..] else { panic!("{:?}", hook.events()) };
        assert_eq!((event.id.as_str(), event.body["type"].as_str()), ("acme.1/press/p1", Some("playbook.button")));
    }

    #[tokio::test]
    async fn a_refusal_says_why_and_an_answer_that_never_came_that_nobody_knows() {
        let server = serve(Reply { status: 500, ..Reply::ok("the scheduler is down") }).await;
        let reason = "answered 500: the scheduler is down".to_owned();
        assert_eq!(press(&server.url, true).await, PressResult::Refused { reason });
        assert_eq!(server.requests().len(), 1, "it is not tried again");
        let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let unknown = press(&format!("http://{closed}/topsecret"), true).await;
        let PressResult::Unknown { reason } = &unknown else { panic!("{unknown:?}") };
        assert!(!reason.contains("topsecret"), "{reason}");
    }

    #[tokio::test]
    async fn an_address_in_a_private_network_is_refused_unless_the_button_allows_it() {
        let server = serve(Reply::ok("")).await;
        let port = server.url.trim_end_matches('/').rsplit(':').next().unwrap().to_owned();
        let (secret, _folder) = secret(SECRET);
        let local = button(&format!("http://127.0.0.1:{port}/"), secret, false);
        let fault = Button::new(&local, WAIT, &Outgoing::default()).err().unwrap().to_string();
        assert!(fault.contains("private network"), "{fault}");
        assert_eq!(server.requests().len(), 0);
    }
}
