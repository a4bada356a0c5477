//! What the clients and the loops of the stages count, and what they log of it: one call does both.

use std::sync::LazyLock;

use orszem_core::stage::StageName;
use orszem_runtime::metrics::{HistogramVec, IntCounterVec, IntGauge, IntGaugeVec, Registry, registry};

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
    records_lost: IntCounterVec,
    logs_made_again: IntCounterVec,
    held_up: IntGaugeVec,
    topic_missing: IntGaugeVec,
    clock_correction: IntGauge,
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
            records_lost: registry.counters(
                "orszem_records_lost_total",
                "Records that were deleted before they were read (markers of transactions count).",
                &["stage"],
            ),
            logs_made_again: registry.counters(
                "orszem_logs_made_again_total",
                "Times an input partition was found made again, or shorter than it was read: read from its beginning.",
                &["stage"],
            ),
            held_up: registry.int_gauges(
                "orszem_open_transaction_records",
                "Records of an input partition that wait behind a transaction which another producer left open.",
                &["stage", "partition"],
            ),
            topic_missing: registry.int_gauges(
                "orszem_topic_missing",
                "1 while an input topic does not exist that was read before.",
                &["stage", "topic"],
            ),
            clock_correction: registry.int_gauge(
                "orszem_clock_correction_ms",
                "What is added to this machine's clock because the brokers' differ from it; 0 where they agree.",
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
            self.records_lost.with_label_values(&[stage]);
            self.logs_made_again.with_label_values(&[stage]);
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

/// The brokers' clocks differ from this machine's by this much, so it is added; 0: they agree again.
pub(super) fn clock_corrected(correction_ms: i64) {
    METRICS.clock_correction.set(correction_ms);
    match correction_ms {
        0 => tracing::info!("this machine's clock agrees with the brokers' again"),
        _ => tracing::warn!(
            seconds = correction_ms / 1000,
            "this machine's clock differs from the brokers', going by theirs: set this machine's clock (NTP)"
        ),
    }
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
    let _ = METRICS.held_up.remove_label_values(&[stage, partition]);
}

/// This number of records waits behind a transaction that another producer left open; told when it begins and when it
/// ends.
pub(super) fn held_up(stage: &str, partition: &str, records: i64) {
    let gauge = METRICS.held_up.with_label_values(&[stage, partition]);
    match (gauge.get(), records) {
        (0, 1..) => tracing::warn!(
            stage,
            partition,
            records,
            "records wait behind a transaction that another producer left open: they are read once it ends or times out"
        ),
        (1.., 0) => tracing::info!(stage, partition, "the open transaction has ended, reading on"),
        _ => {}
    }
    gauge.set(records);
}

/// Records were deleted before they were read.
pub(super) fn records_lost(stage: &str, partition: &str, lost: i64, from: i64) {
    METRICS.records_lost.with_label_values(&[stage]).inc_by(u64::try_from(lost).unwrap_or(0));
    tracing::error!(
        stage,
        partition,
        lost,
        from,
        "records were deleted before they were read: the topic keeps them for less than this program was away or behind"
    );
}

/// A log is not the one that was read up to `read`.
pub(super) fn log_made_again(stage: &str, partition: &str, read: i64, from: i64) {
    METRICS.logs_made_again.with_label_values(&[stage]).inc();
    tracing::error!(
        stage,
        partition,
        read,
        from,
        "the topic was deleted and made again, or its broker restored from an older copy: reading from its beginning"
    );
}

/// The group has no offset of a partition, though it was read up to `offset`.
pub(super) fn offset_gone(stage: &str, partition: &str, offset: i64) {
    tracing::warn!(
        stage,
        partition,
        offset,
        "the group's offset is gone (deleted, or older than offsets.retention.minutes): going on from what was counted"
    );
}

/// Whether a topic that was read does not exist any more.
pub(super) fn topic_missing(stage: &str, topic: &str, is_missing: bool) {
    let gauge = METRICS.topic_missing.with_label_values(&[stage, topic]);
    match (gauge.get(), is_missing) {
        (0, true) => {
            tracing::error!(stage, topic, "the topic does not exist any more: waiting for it to be made again")
        }
        (1, false) => tracing::info!(stage, topic, "the topic exists again"),
        _ => {}
    }
    gauge.set(i64::from(is_missing));
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
