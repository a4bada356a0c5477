//! Every metric of the program, in one place: what `/metrics` shows, boards and rules may name, and nothing else.

use prometheus::{GaugeVec, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGaugeVec, Opts, Registry};
use std::sync::LazyLock;

/// The metrics of this process.
pub static METRICS: LazyLock<Metrics> = LazyLock::new(Metrics::register);

macro_rules! metrics {
    ($( $(#[$doc:meta])* $field:ident : $type:ident = $name:literal [$($label:literal),*] $help:literal $(buckets $buckets:expr)? ; )*) => {
        /// The metrics of this process.
        #[derive(Debug)]
        pub struct Metrics {
            registry: Registry,
            $( #[doc = $help] pub $field: $type, )*
        }

        impl Metrics {
            fn register() -> Metrics {
                let registry = Registry::new();
                $( let $field = metrics!(@make $type, $name, [$($label),*], $help $(, $buckets)?); )*
                $( metrics!(@add registry, $field); )*
                Metrics { registry, $( $field, )* }
            }
        }

        /// The names of all metrics, for the test that holds boards and rules to them.
        pub const NAMES: &[&str] = &[ $( $name, )* ];
    };
    (@add $registry:ident, $field:ident) => {
        if let Err(fault) = $registry.register(Box::new($field.clone())) {
            unreachable!("a metric is registered twice: {fault}");
        }
    };
    (@make IntCounter, $name:literal, [], $help:literal) => { metrics!(@ok IntCounter::new($name, $help)) };
    (@make IntCounterVec, $name:literal, [$($label:literal),*], $help:literal) => {
        metrics!(@ok IntCounterVec::new(Opts::new($name, $help), &[$($label),*]))
    };
    (@make IntGaugeVec, $name:literal, [$($label:literal),*], $help:literal) => {
        metrics!(@ok IntGaugeVec::new(Opts::new($name, $help), &[$($label),*]))
    };
    (@make GaugeVec, $name:literal, [$($label:literal),*], $help:literal) => {
        metrics!(@ok GaugeVec::new(Opts::new($name, $help), &[$($label),*]))
    };
    (@make HistogramVec, $name:literal, [$($label:literal),*], $help:literal, $buckets:expr) => {
        metrics!(@ok HistogramVec::new(HistogramOpts::new($name, $help).buckets($buckets), &[$($label),*]))
    };
    (@ok $made:expr) => { match $made { Ok(metric) => metric, Err(fault) => unreachable!("a metric is misnamed: {fault}") } };
}

fn seconds(list: &[f64]) -> Vec<f64> {
    list.to_vec()
}

metrics! {
    mentions: IntCounterVec = "orszem_mentions_total" ["outcome"] "Mentions read, by outcome: scored, repeat, dead-letter.";
    dead_letters: IntCounterVec = "orszem_dead_letters_total" ["reason"] "Mentions that could not be read, by reason.";
    matched: IntCounterVec = "orszem_watch_mentions_total" ["watch"] "Mentions that matched a watch.";
    future: IntCounter = "orszem_future_mentions_total" [] "Mentions whose time lay too far ahead and was replaced by the broker's.";
    late: IntCounter = "orszem_late_tallies_total" [] "Tallies that came after their slice was closed.";
    lag: IntGaugeVec = "orszem_consumer_lag" ["stage", "partition"] "Records of an input partition not yet read.";
    watermark: GaugeVec = "orszem_watermark_seconds" ["partition"] "Event time up to which an input partition was read, seconds since the epoch.";
    observed: GaugeVec = "orszem_watch_observed" ["watch"] "Mentions of a watch in its newest five minutes.";
    negatives: GaugeVec = "orszem_watch_negatives" ["watch"] "Negative mentions of a watch in its newest five minutes.";
    expected: GaugeVec = "orszem_watch_expected" ["watch"] "Mentions expected in those five minutes.";
    expected_low: GaugeVec = "orszem_watch_expected_low" ["watch"] "Lower end of the 95 % interval of what was expected.";
    expected_high: GaugeVec = "orszem_watch_expected_high" ["watch"] "Upper end of the 95 % interval of what was expected.";
    learning: IntGaugeVec = "orszem_watch_learning" ["watch"] "1 while a watch has too short a past to be compared with.";
    incidents: IntCounterVec = "orszem_incidents_total" ["watch", "kind"] "Incidents opened.";
    incidents_open: IntGaugeVec = "orszem_incidents_open" ["watch", "state"] "Incidents that are open or acknowledged.";
    deliveries: IntCounterVec = "orszem_deliveries_total" ["receiver", "action", "outcome"] "Tries to send a notification, by outcome: accepted, retry, failed.";
    spent: IntCounterVec = "orszem_escalations_spent_total" ["escalation"] "Escalations that ended without an acknowledgement.";
    page_delay: HistogramVec = "orszem_page_delay_seconds" ["receiver"] "From the signal in the ledger to the receiver's answer, first page of an incident." buckets seconds(&[0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 1800.0]);
    transactions: IntCounterVec = "orszem_transactions_total" ["stage", "outcome"] "Kafka transactions, by outcome: committed, aborted.";
    commit_seconds: HistogramVec = "orszem_commit_seconds" ["stage"] "Duration of a commit." buckets seconds(&[0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0]);
    partitions: IntGaugeVec = "orszem_partitions_assigned" ["stage"] "Input partitions that this process has.";
    broker_faults: IntCounterVec = "orszem_kafka_faults_total" ["stage"] "Faults the Kafka client reported: brokers away, sessions lost.";
    reloads: IntCounterVec = "orszem_config_reloads_total" ["outcome"] "Configuration reloads: taken, refused.";
}

impl Metrics {
    /// The exposition in Prometheus' text format.
    pub fn text(&self) -> String {
        prometheus::TextEncoder::new().encode_to_string(&self.registry.gather()).unwrap_or_default()
    }
}
