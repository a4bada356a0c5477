//! The registry of metrics: what `/metrics` shows. Which metrics there are, their owners say, each in its `metrics.rs`.
//!
//! ```
//! use orszem_runtime::metrics::Registry;
//!
//! let registry = Registry::default();
//! let mentions = registry.counters("mentions_total", "Mentions read, by outcome.", &["outcome"]);
//! // To Prometheus, a counter that appears with its first rise did not rise: its owner seeds it.
//! mentions.with_label_values(&["scored"]);
//! assert!(registry.text().contains("mentions_total{outcome=\"scored\"} 0"));
//! ```

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{LazyLock, Mutex, PoisonError};

use prometheus::core::{Collector, MetricVec, MetricVecBuilder};
pub use prometheus::{GaugeVec, HistogramVec, IntCounter, IntCounterVec, IntGauge, IntGaugeVec};
use prometheus::{HistogramOpts, Opts};

/// The metrics of this process.
pub fn registry() -> &'static Registry {
    static REGISTRY: LazyLock<Registry> = LazyLock::new(Registry::default);
    &REGISTRY
}

/// What a metric measures by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It only rises.
    Counter,
    /// It rises and falls.
    Gauge,
    /// How many values lay below which bound.
    Histogram,
}

/// Metrics under names that no two of them share.
#[derive(Debug, Default)]
pub struct Registry {
    prometheus: prometheus::Registry,
    kinds: Mutex<BTreeMap<&'static str, Kind>>,
}

/// Every name and label is written in the source, so a wrong one is found by any test that registers it.
fn made<M>(name: &str, metric: prometheus::Result<M>) -> M {
    metric.unwrap_or_else(|fault| unreachable!("{name} is not a valid metric: {fault}"))
}

impl Registry {
    /// A counter without labels.
    pub fn counter(&self, name: &'static str, help: &str) -> IntCounter {
        self.add(name, Kind::Counter, IntCounter::new(name, help))
    }

    /// Counters by labels.
    pub fn counters(&self, name: &'static str, help: &str, labels: &[&str]) -> IntCounterVec {
        self.add(name, Kind::Counter, IntCounterVec::new(Opts::new(name, help), labels))
    }

    /// Gauges of whole numbers by labels.
    pub fn int_gauges(&self, name: &'static str, help: &str, labels: &[&str]) -> IntGaugeVec {
        self.add(name, Kind::Gauge, IntGaugeVec::new(Opts::new(name, help), labels))
    }

    /// A gauge of whole numbers without labels.
    pub fn int_gauge(&self, name: &'static str, help: &str) -> IntGauge {
        self.add(name, Kind::Gauge, IntGauge::new(name, help))
    }

    /// Gauges by labels.
    pub fn gauges(&self, name: &'static str, help: &str, labels: &[&str]) -> GaugeVec {
        self.add(name, Kind::Gauge, GaugeVec::new(Opts::new(name, help), labels))
    }

    /// Histograms of seconds by labels, with these upper bounds.
    pub fn histograms(&self, name: &'static str, help: &str, labels: &[&str], bounds: &[f64]) -> HistogramVec {
        let options = HistogramOpts::new(name, help).buckets(bounds.to_vec());
        self.add(name, Kind::Histogram, HistogramVec::new(options, labels))
    }

    fn add<M: Collector + Clone + 'static>(&self, name: &'static str, kind: Kind, metric: prometheus::Result<M>) -> M {
        let metric = made(name, metric);
        made(name, self.prometheus.register(Box::new(metric.clone())));
        self.kinds.lock().unwrap_or_else(PoisonError::into_inner).insert(name, kind);
        metric
    }

    /// Every metric that was registered, by name, whether or not it has a value yet.
    pub fn kinds(&self) -> BTreeMap<&'static str, Kind> {
        self.kinds.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The exposition in Prometheus' text format.
    pub fn text(&self) -> String {
        prometheus::TextEncoder::new().encode_to_string(&self.prometheus.gather()).unwrap_or_default()
    }
}

/// Removes all whose `label` is not one of `known`. It bounds the number of series over many reloads. What still ends
/// for a watch that is gone may bring one of its counters back, until the next reload.
pub fn keep<'a, B: MetricVecBuilder>(metrics: &MetricVec<B>, label: &str, known: impl IntoIterator<Item = &'a str>) {
    let known: HashSet<&str> = known.into_iter().collect();
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

    #[test]
    fn a_registered_metric_is_shown_with_its_kind() {
        let registry = Registry::default();
        registry.counter("a_total", "A counter.").inc();
        registry.counters("b_total", "Counters.", &["one"]);
        registry.gauges("c", "Gauges.", &["one"]).with_label_values(&["x"]).set(0.5);
        registry.int_gauges("d", "Whole gauges.", &["one"]).with_label_values(&["x"]).set(-2);
        registry.histograms("e_seconds", "Seconds.", &["one"], &[0.1, 1.0]).with_label_values(&["x"]).observe(0.2);
        let text = registry.text();
        for line in [
            "# HELP a_total A counter.",
            "# TYPE a_total counter",
            "a_total 1",
            "c{one=\"x\"} 0.5",
            "d{one=\"x\"} -2",
            "# TYPE e_seconds histogram",
            "e_seconds_bucket{one=\"x\",le=\"1\"} 1",
        ] {
            assert!(text.lines().any(|found| found == line), "{line} is not among:\n{text}");
        }
        assert!(!text.contains("b_total"), "nobody seeded it");
        let kinds = registry.kinds();
        assert_eq!((kinds["b_total"], kinds["d"], kinds["e_seconds"]), (Kind::Counter, Kind::Gauge, Kind::Histogram));
        assert_eq!(kinds.len(), 5);
    }

    #[test]
    #[should_panic(expected = "twice_total is not a valid metric")]
    fn a_name_is_given_once() {
        let registry = Registry::default();
        registry.counter("twice_total", "The first.");
        registry.counter("twice_total", "The second.");
    }

    #[test]
    fn what_is_gone_is_removed_and_the_rest_keeps_its_value() {
        let registry = Registry::default();
        let counters = registry.counters("a_total", "Counters.", &["watch", "kind"]);
        counters.with_label_values(&["acme", "volume"]).inc_by(7);
        counters.with_label_values(&["zeta", "volume"]).inc_by(7);
        keep(&counters, "watch", ["acme", "new"]);
        let text = registry.text();
        assert!(text.contains("a_total{kind=\"volume\",watch=\"acme\"} 7") && !text.contains("zeta"), "{text}");
    }
}
