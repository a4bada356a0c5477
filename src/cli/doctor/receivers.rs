//! The receivers, in parallel, each with its own probe; and what the buttons of playbooks call.

use std::time::Duration;

use orszem_core::settings::{Config, Receiver};
use orszem_notify::{Outgoing, Probed};
use orszem_runtime::probe::clock::Reading;
use orszem_runtime::probe::{Finding, at_once};

/// The findings for each receiver and button, in the order of the configuration, and the clock readings of their
/// servers. A receiver takes at most `timeout` of `[respond]`.
pub(super) async fn check(config: &Config) -> (Vec<Finding>, Vec<Reading>) {
    let limit = config.respond.timeout.0;
    let outgoing = match Outgoing::new(&config.network) {
        Ok(outgoing) => outgoing,
        Err(fault) => {
            let fix = "correct [network] in the configuration";
            return (vec![Finding::broken("[network]", fault.to_string(), fix)], Vec::new());
        }
    };
    let buttons = config.playbooks.iter().flat_map(|playbook| &playbook.buttons);
    let buttons = buttons.map(|button| Receiver::Webhook(button.webhook()));
    let probes = config.receivers.iter().cloned().chain(buttons).map(|receiver| {
        let name = receiver.name().to_owned();
        let built = orszem_notify::build(&receiver, &config.respond, &outgoing);
        async move {
            let probed = match built {
                Ok(built) => tokio::time::timeout(limit, built.probe()).await.unwrap_or_else(|_| late(limit)),
                Err(fault) => Finding::broken("", fault.fault.to_string(), "correct it in the configuration").into(),
            };
            (name, probed)
        }
    });
    let (mut findings, mut readings) = (Vec::new(), Vec::new());
    for (name, probed) in at_once(probes).await {
        findings.extend(probed.findings.into_iter().map(|finding| named(&name, finding)));
        readings.extend(probed.readings);
    }
    (findings, readings)
}

fn late(limit: Duration) -> Probed {
    let fix = "check whether the service is slow or a firewall drops its answers; pages to it will time out too";
    Finding::broken("", format!("no answer within {limit:?}"), fix).into()
}

/// Puts the name of the receiver in front of that of its part.
fn named(receiver: &str, finding: Finding) -> Finding {
    let name = match finding.name.as_str() {
        "" => receiver.to_owned(),
        part => format!("{receiver} {part}"),
    };
    Finding { name, ..finding }
}
