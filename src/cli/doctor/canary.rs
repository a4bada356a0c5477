//! The canary: whether one is configured, and whether the host of its dead man's switch can be reached. The switch
//! itself is not called: it must hear of a canary that came through, and of nothing else.

use std::time::Duration;

use orszem_core::receivers::{Secrets, switch};
use orszem_core::settings::Config;
use orszem_notify::Outgoing;
use orszem_runtime::probe::Finding;
use orszem_runtime::probe::reach::{anywhere, reach};

/// How long the host may take.
const LIMIT: Duration = Duration::from_secs(5);

/// One finding.
pub(super) async fn check(config: &Config) -> Finding {
    let Some(canary) = &config.canary else {
        let hint = "no canary is configured: nothing outside notices when nothing is paged any more. docs/operations.md, \
                    \"The canary\"";
        return Finding::skipped("", hint);
    };
    let topic = config.canary_topic().unwrap_or_default();
    let says = format!("every {} through the topic {topic} to the receiver {}", canary.every, canary.receiver);
    let fix = "check the address that `ping` of [canary] names, and `allow_private`";
    let switch = match switch::Switch::new(canary, Secrets(&orszem_runtime::secret::reveal)) {
        Ok(switch) => switch,
        Err(fault) => return Finding::broken("", fault.to_string(), fix),
    };
    let url = switch.request().url;
    let proxied = Outgoing::new(&config.network).is_ok_and(|outgoing| outgoing.goes_through_a_proxy(&url));
    let host = url.host_str().unwrap_or_default();
    match proxied {
        true => {
            Finding::works("", format!("{says}; the dead man's switch at {host} is behind the proxy, and not tried"))
        }
        false => match reach(host, url.port_or_known_default().unwrap_or(443), LIMIT, anywhere).await {
            Ok(()) => {
                Finding::works("", format!("{says}; the dead man's switch at {host} can be reached, and is not called"))
            }
            Err(fault) => Finding::broken("", format!("the dead man's switch: {fault}"), fault.fix()),
        },
    }
}
