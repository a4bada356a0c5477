//! The addresses of brokers: as configured, and as the brokers give them.

use std::time::Duration;

use super::cluster::Cluster;
use orszem_core::settings::Kafka;
use orszem_runtime::probe::reach::{anywhere, reach};
use orszem_runtime::probe::{Finding, at_once};

/// What librdkafka takes where an address has no port.
const USUAL_PORT: u16 = 9092;

/// Each address of `brokers`: its name, then a TCP connection.
pub(super) async fn bootstrap(kafka: &Kafka, limit: Duration) -> Vec<Finding> {
    let addresses = kafka.brokers.split(',').map(|address| {
        let (host, port) = host_and_port(address);
        (format!("{host}:{port}"), host, port)
    });
    reach_all(addresses.collect(), limit, |name, result| match result {
        Ok(()) => Some(Finding::works(name, "takes connections")),
        Err((fault, fix)) => Some(Finding::broken(name, fault, fix)),
    })
    .await
}

/// The brokers that cannot be reached at the address that they give themselves.
pub(super) async fn advertised(cluster: &Cluster, limit: Duration) -> Vec<Finding> {
    let brokers = cluster.brokers.iter().map(|broker| {
        let name = format!("broker {} at {}:{}", broker.id, broker.host, broker.port);
        (name, broker.host.clone(), broker.port)
    });
    reach_all(brokers.collect(), limit, |name, result| {
        let (fault, _) = result.err()?;
        let fix = "this is the address that the broker gives to clients: set its advertised.listeners to one that this \
                   machine reaches, or start the broker";
        Some(Finding::broken(name, fault, fix))
    })
    .await
}

async fn reach_all(
    addresses: Vec<(String, String, u16)>,
    limit: Duration,
    tell: impl Fn(String, Result<(), (String, &'static str)>) -> Option<Finding>,
) -> Vec<Finding> {
    let tries = addresses
        .into_iter()
        .map(|(name, host, port)| async move { (name, reach(&host, port, limit, anywhere).await) });
    let told = at_once(tries)
        .await
        .into_iter()
        .map(|(name, result)| tell(name, result.map_err(|fault| (fault.to_string(), fault.fix()))));
    told.flatten().collect()
}

/// `host:port`, `[v6]:port`, and before either a protocol, as librdkafka reads it.
fn host_and_port(address: &str) -> (String, u16) {
    let address = address.trim();
    let address = address.split_once("://").map_or(address, |(_, rest)| rest);
    let port = address.rsplit_once(':').and_then(|(host, port)| Some((host, port.parse().ok()?)));
    match port.filter(|(host, _)| !host.contains(':') || host.ends_with(']')) {
        Some((host, port)) => (host.to_owned(), port),
        None => (address.to_owned(), USUAL_PORT),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_as_librdkafka_reads_them() {
        for (text, host, port) in [
            ("kafka:9093", "kafka", 9093),
            (" kafka-1.example ", "kafka-1.example", 9092),
            ("SASL_SSL://kafka:9093", "kafka", 9093),
            ("[::1]:9093", "[::1]", 9093),
            ("[::1]", "[::1]", 9092),
        ] {
            assert_eq!(host_and_port(text), (host.to_owned(), port), "{text}");
        }
    }
}
