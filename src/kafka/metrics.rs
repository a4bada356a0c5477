//! What the clients and the loops of the stages count, and what they log of it: one call does both.

use std::sync::LazyLock;

use orszem_core::stage::StageName;
use orszem_runtime::metrics::{HistogramVec, IntCounterVec, IntGaugeVec, Registry, registry};

/// The client that reads the ledger for pages.
const WEB: &str = "web";

static METRICS: LazyLock<Metrics> = LazyLock::new(|| Metrics::new(registry()));

/// The counters are private: who counts calls a function below, which logs as well where there is something to log.
struct Metrics {
    lag: IntGaugeVec,
    transactions: IntCounterVec,
    commit_seconds: HistogramVec,
    partitions: IntGaugeVec,
    client_faults: IntCounterVec,
    calls_not_returned: IntCounterVec,
}

impl Metrics {
    fn new(registry: &Registry) -> Metrics {
        Metrics {
            lag: registry.int_gauges(
                "orszem_consumer_lag",
                "Records of an input partition not yet read.",
                &["stage", "partition"],
            ),
            transactions: registry.counters(
                "orszem_transactions_total",
                "Kafka transactions, by outcome: committed, aborted.",
                &["stage", "outcome"],
            ),
            commit_seconds: registry.histograms(
                "orszem_commit_seconds",
                "Duration of a commit.",
                &["stage"],
                &[0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0],
            ),
            partitions: registry.int_gauges(
                "orszem_partitions_assigned",
                "Input partitions that this process has.",
                &["stage"],
            ),
            client_faults: registry.counters(
                "orszem_kafka_faults_total",
                "Faults the Kafka client reported: brokers away, sessions lost.",
                &["stage"],
            ),
            calls_not_returned: registry.counters(
                "orszem_kafka_calls_not_returned_total",
                "Calls to the Kafka client that never returned: left behind, and new clients made.",
                &["stage"],
            ),
        }
    }

    fn seed(&self, stages: &[StageName]) {
        self.client_faults.with_label_values(&[WEB]);
        for stage in stages.iter().map(|stage| stage.name()) {
            self.client_faults.with_label_values(&[stage]);
            self.calls_not_returned.with_label_values(&[stage]);
            self.partitions.with_label_values(&[stage]);
            self.commit_seconds.with_label_values(&[stage]);
            for outcome in ["committed", "aborted"] {
                self.transactions.with_label_values(&[stage, outcome]);
            }
        }
    }
}

/// Registers the metrics, and begins at 0 what `stages` will count.
pub fn seed(stages: &[StageName]) {
    METRICS.seed(stages);
}

/// How a fault of a client is logged: each kind once until something works again.
#[derive(Debug)]
pub(super) enum ClientFault<'a> {
    /// No broker can be reached, for the first time since one could be.
    AllBrokersDown,
    /// Known already.
    StillDown,
    /// One of several brokers, or a connection that was idle: the client connects again by itself.
    BrokerDown(&'a str),
    /// Anything else, for the first time.
    Other(rdkafka::types::RDKafkaErrorCode, &'a str),
    /// The same again.
    Repeated(rdkafka::types::RDKafkaErrorCode, &'a str),
}

/// A client reported a fault.
pub(super) fn client_fault(client: &str, fault: ClientFault<'_>) {
    METRICS.client_faults.with_label_values(&[client]).inc();
    match fault {
        ClientFault::AllBrokersDown => tracing::warn!(client, "no Kafka broker reachable, waiting"),
        ClientFault::StillDown => {}
        ClientFault::BrokerDown(reason) => tracing::debug!(client, reason, "Kafka broker not reachable"),
        ClientFault::Other(code, reason) => tracing::warn!(client, ?code, reason, "Kafka client error"),
        ClientFault::Repeated(code, reason) => tracing::debug!(client, ?code, reason, "Kafka client error"),
    }
}

/// The clients of a stage could not be made.
pub(super) fn clients_not_created(stage: &str, fault: &dyn std::fmt::Display) {
    METRICS.client_faults.with_label_values(&[stage]).inc();
    tracing::error!(stage, %fault, "cannot create Kafka clients, retrying");
}

/// A call to the client did not return in time.
pub(super) fn call_not_returned(stage: &str, call: &str) {
    METRICS.calls_not_returned.with_label_values(&[stage]).inc();
    tracing::error!(stage, call, "call to the Kafka client never returned, leaving it behind");
}

/// A transaction was aborted.
pub(super) fn transaction_aborted(stage: &str, reason: &str) {
    METRICS.transactions.with_label_values(&[stage, "aborted"]).inc();
    tracing::warn!(stage, reason, "transaction aborted");
}

/// A transaction was committed; it took this many seconds.
pub(super) fn transaction_committed(stage: &str, seconds: f64) {
    METRICS.transactions.with_label_values(&[stage, "committed"]).inc();
    METRICS.commit_seconds.with_label_values(&[stage]).observe(seconds);
}

/// How many records of a partition are not read yet.
pub(super) fn lag(stage: &str, partition: &str, records: i64) {
    METRICS.lag.with_label_values(&[stage, partition]).set(records);
}

/// The partition is no longer ours.
pub(super) fn forget_lag(stage: &str, partition: &str) {
    // It has none until the first statistics.
    let _ = METRICS.lag.remove_label_values(&[stage, partition]);
}

/// The number of partitions of the stage changed by `by`.
pub(super) fn partitions_changed(stage: &str, by: i64) {
    METRICS.partitions.with_label_values(&[stage]).add(by);
}

/// How many faults a client reported.
#[cfg(test)]
pub(super) fn client_faults(client: &str) -> u64 {
    METRICS.client_faults.with_label_values(&[client]).get()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_stage_counts_begins_at_zero_where_it_runs() {
        let registry = Registry::default();
        Metrics::new(&registry).seed(&[StageName::Respond]);
        let text = registry.text();
        for line in [
            "orszem_transactions_total{outcome=\"committed\",stage=\"respond\"} 0",
            "orszem_transactions_total{outcome=\"aborted\",stage=\"respond\"} 0",
            "orszem_commit_seconds_count{stage=\"respond\"} 0",
            "orszem_partitions_assigned{stage=\"respond\"} 0",
            "orszem_kafka_faults_total{stage=\"respond\"} 0",
            "orszem_kafka_faults_total{stage=\"web\"} 0",
        ] {
            assert!(text.lines().any(|found| found == line), "{line} is not among:\n{text}");
        }
        assert!(!text.contains("stage=\"detect\"") && !text.contains("orszem_consumer_lag"), "{text}");
    }
}
