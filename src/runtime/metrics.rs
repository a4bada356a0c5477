//! Every metric of the program, in one place: what `/metrics` shows, boards and rules may name, and nothing else.

use prometheus::core::{Collector, MetricVec, MetricVecBuilder};
use prometheus::{GaugeVec, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGaugeVec, Opts, Registry};
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use orszem_core::input::Fault;
use orszem_core::settings::Config;
use orszem_core::stage::StageName;
use orszem_records::class::Class;
use orszem_records::ledger::Action;
use orszem_records::signal::FEED;
use orszem_records::signal::Kind;

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
    mentions: IntCounterVec = "orszem_mentions_total" ["outcome"] "Records read, by outcome: scored, repeat, skipped, dead-letter.";
    dead_letters: IntCounterVec = "orszem_dead_letters_total" ["reason"] "Mentions that could not be read, by reason.";
    opinions: IntCounterVec = "orszem_sentiment_service_mentions_total" ["outcome"] "Mentions of open or nearly open incidents for the sentiment service, by outcome: judged, unanswered, failed, paused.";
    agreement: IntCounterVec = "orszem_sentiment_service_judgements_total" ["built_in", "service"] "Mentions that the sentiment service judged, by the class of the built-in model and its own: neg, neu, pos.";
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
    learning: IntGaugeVec = "orszem_watch_learning_hours" ["watch"] "Hours until the past of a watch is long enough to be compared with; 0 when it is.";
    incidents: IntCounterVec = "orszem_incidents_total" ["watch", "kind"] "Incidents opened.";
    incidents_open: IntGaugeVec = "orszem_incidents_open" ["watch", "state"] "Incidents that are open or acknowledged.";
    deliveries: IntCounterVec = "orszem_deliveries_total" ["receiver", "action", "outcome"] "Tries to send a notification, by outcome: accepted, retry, failed.";
    spent: IntCounterVec = "orszem_escalations_spent_total" ["escalation"] "Escalations that ended without an acknowledgement.";
    page_delay: HistogramVec = "orszem_page_delay_seconds" ["receiver"] "From the signal in the ledger to the receiver's answer, first page of an incident." buckets seconds(&[0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 1800.0]);
    transactions: IntCounterVec = "orszem_transactions_total" ["stage", "outcome"] "Kafka transactions, by outcome: committed, aborted.";
    commit_seconds: HistogramVec = "orszem_commit_seconds" ["stage"] "Duration of a commit." buckets seconds(&[0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0]);
    partitions: IntGaugeVec = "orszem_partitions_assigned" ["stage"] "Input partitions that this process has.";
    broker_faults: IntCounterVec = "orszem_kafka_faults_total" ["stage"] "Faults the Kafka client reported: brokers away, sessions lost.";
    reloads: IntCounterVec = "orszem_config_reloads_total" ["outcome"] "Configuration reloads, by outcome: success, failure.";
}

impl Metrics {
    /// The exposition in Prometheus' text format.
    pub fn text(&self) -> String {
        prometheus::TextEncoder::new().encode_to_string(&self.registry.gather()).unwrap_or_default()
    }

    /// Makes every counter that this configuration lets one foresee, at 0, and forgets those of watches, receivers and
    /// escalations that are no more. Call it at the start and whenever a configuration was taken: to Prometheus, a
    /// counter that appears with its first rise did not rise. What `stages` do not count is not made.
    pub fn begin(&self, config: &Config, stages: &[StageName]) {
        for outcome in ["success", "failure"] {
            self.reloads.with_label_values(&[outcome]);
        }
        self.broker_faults.with_label_values(&["web"]);
        for stage in stages {
            let name = stage.name();
            self.broker_faults.with_label_values(&[name]);
            self.partitions.with_label_values(&[name]);
            self.commit_seconds.with_label_values(&[name]);
            for outcome in ["committed", "aborted"] {
                self.transactions.with_label_values(&[name, outcome]);
            }
            match stage {
                StageName::Score => self.begin_score(config),
                StageName::Detect => self.begin_detect(config),
                StageName::Respond => self.begin_respond(config),
            }
        }
        self.forget(config);
    }

    fn begin_score(&self, config: &Config) {
        for outcome in ["scored", "repeat", "skipped", "dead-letter"] {
            self.mentions.with_label_values(&[outcome]);
        }
        if config.sentiment.service.is_some() {
            for outcome in ["judged", "unanswered", "failed", "paused"] {
                self.opinions.with_label_values(&[outcome]);
            }
            for (built_in, service) in Class::ALL.into_iter().flat_map(|one| Class::ALL.map(|other| (one, other))) {
                self.agreement.with_label_values(&[built_in.label(), service.label()]);
            }
        }
        for reason in Fault::REASONS {
            self.dead_letters.with_label_values(&[reason]);
        }
        for watch in &config.watches {
            self.matched.with_label_values(&[&watch.name]);
        }
    }

    fn begin_detect(&self, config: &Config) {
        self.incidents.with_label_values(&[FEED, Kind::NoData.name()]);
        for watch in &config.watches {
            for kind in Kind::ALL.into_iter().filter(|kind| *kind != Kind::NoData) {
                self.incidents.with_label_values(&[watch.name.as_str(), kind.name()]);
            }
        }
    }

    fn begin_respond(&self, config: &Config) {
        for receiver in &config.receivers {
            for action in Action::ALL {
                for outcome in ["accepted", "retry", "failed"] {
                    self.deliveries.with_label_values(&[receiver.name(), action.name(), outcome]);
                }
            }
            self.page_delay.with_label_values(&[receiver.name()]);
        }
        for escalation in &config.escalations {
            self.spent.with_label_values(&[&escalation.name]);
        }
    }

    /// Bounds the number of series over many reloads. What still ends for a watch that is gone may bring one of its
    /// counters back, until the next reload.
    fn forget(&self, config: &Config) {
        let watches: HashSet<&str> = config.watches.iter().map(|watch| watch.name.as_str()).chain([FEED]).collect();
        keep(&self.matched, "watch", &watches);
        keep(&self.incidents, "watch", &watches);
        let receivers: HashSet<&str> = config.receivers.iter().map(|receiver| receiver.name()).collect();
        keep(&self.deliveries, "receiver", &receivers);
        keep(&self.page_delay, "receiver", &receivers);
        let escalations: HashSet<&str> = config.escalations.iter().map(|escalation| escalation.name.as_str()).collect();
        keep(&self.spent, "escalation", &escalations);
    }
}

/// Removes all whose `label` is not one of `known`.
fn keep<B: MetricVecBuilder>(metrics: &MetricVec<B>, label: &str, known: &HashSet<&str>) {
    for family in metrics.collect() {
        for metric in family.get_metric() {
            let labels: HashMap<&str, &str> =
                metric.get_label().iter().map(|pair| (pair.name(), pair.value())).collect();
            if labels.get(label).is_some_and(|value| !known.contains(value)) {
                // An error says that it is gone already.
                let _ = metrics.remove(&labels);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONFIG: &str = r#"
    [sentiment]
    service = "http://localhost:8000/judge"
        [[watch]]
        name = "acme"
        terms = ["acme"]
        escalation = "duty"
        [[watch]]
        name = "zeta"
        terms = ["zeta"]
        [[receiver]]
        name = "terminal"
        kind = "console"
        [[escalation]]
        name = "duty"
        [[escalation.step]]
        receivers = ["terminal"]
        acknowledge_within = "5m"
    "#;

    /// What is counted, of its own, so that other tests do not count into it.
    fn begun(config: &str, stages: &[StageName]) -> Metrics {
        let metrics = Metrics::register();
        metrics.begin(&toml::from_str(config).unwrap(), stages);
        metrics
    }

    #[test]
    fn every_counter_begins_at_zero() {
        let text = begun(CONFIG, &StageName::ALL).text();
        for line in [
            "orszem_mentions_total{outcome=\"dead-letter\"} 0",
            "orszem_dead_letters_total{reason=\"too-deep\"} 0",
            "orszem_watch_mentions_total{watch=\"zeta\"} 0",
            "orszem_incidents_total{kind=\"praise\",watch=\"acme\"} 0",
            "orszem_deliveries_total{action=\"trigger\",outcome=\"failed\",receiver=\"terminal\"} 0",
            "orszem_escalations_spent_total{escalation=\"duty\"} 0",
            "orszem_page_delay_seconds_count{receiver=\"terminal\"} 0",
            "orszem_transactions_total{outcome=\"aborted\",stage=\"respond\"} 0",
            "orszem_partitions_assigned{stage=\"detect\"} 0",
            "orszem_kafka_faults_total{stage=\"web\"} 0",
            "orszem_config_reloads_total{outcome=\"failure\"} 0",
        ] {
            assert!(text.lines().any(|found| found == line), "{line} is not among:\n{text}");
        }
        // Every counter and histogram of the table, whoever adds one.
        let shown: HashSet<&str> = text.lines().filter_map(|line| line.strip_prefix("# TYPE ")).collect();
        let gauges: HashSet<&str> = HashSet::from([
            "orszem_consumer_lag",
            "orszem_watermark_seconds",
            "orszem_watch_observed",
            "orszem_watch_negatives",
            "orszem_watch_expected",
            "orszem_watch_expected_low",
            "orszem_watch_expected_high",
            "orszem_watch_learning_hours",
            "orszem_incidents_open",
        ]);
        for name in NAMES.iter().filter(|name| !gauges.contains(**name)) {
            assert!(shown.iter().any(|line| line.split(' ').next() == Some(name)), "{name} is not begun");
        }
    }

    #[test]
    fn a_stage_that_does_not_run_here_counts_nothing_here() {
        let text = begun(CONFIG, &[StageName::Respond]).text();
        assert!(text.contains("orszem_deliveries_total{") && text.contains("stage=\"respond\""));
        assert!(!text.contains("orszem_incidents_total{") && !text.contains("stage=\"detect\""), "{text}");
    }

    #[test]
    fn a_reload_keeps_what_was_counted_and_forgets_what_is_gone() {
        let metrics = begun(CONFIG, &StageName::ALL);
        metrics.matched.with_label_values(&["acme"]).inc_by(7);
        metrics.matched.with_label_values(&["zeta"]).inc_by(7);
        metrics.page_delay.with_label_values(&["terminal"]).observe(0.2);
        let after = CONFIG.replace("zeta", "eta").replace("terminal", "console").replace("duty", "night");
        metrics.begin(&toml::from_str(&after).unwrap(), &StageName::ALL);
        let text = metrics.text();
        assert!(text.contains("orszem_watch_mentions_total{watch=\"acme\"} 7\n"), "{text}");
        assert!(text.contains("orszem_watch_mentions_total{watch=\"eta\"} 0\n"), "{text}");
        assert!(text.contains("receiver=\"console\"") && text.contains("escalation=\"night\""), "{text}");
        for gone in ["\"zeta\"", "\"terminal\"", "\"duty\""] {
            assert!(!text.contains(gone), "{gone} is still there:\n{text}");
        }
    }
}
