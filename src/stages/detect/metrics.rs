//! What detect counts, and what its watches see.

use std::sync::LazyLock;

use orszem_core::settings::Config;
use orszem_records::desk::Desk;
use orszem_records::signal::{FEED, Kind};
use orszem_runtime::metrics::{GaugeVec, IntCounter, IntCounterVec, IntGaugeVec, Registry, keep, registry};
use orszem_runtime::status::WatchStatus;

static METRICS: LazyLock<Metrics> = LazyLock::new(|| Metrics::new(registry()));

struct Metrics {
    late: IntCounter,
    observed: GaugeVec,
    negatives: GaugeVec,
    expected: GaugeVec,
    expected_low: GaugeVec,
    expected_high: GaugeVec,
    expected_negatives: GaugeVec,
    learning: IntGaugeVec,
    incidents: IntCounterVec,
    desk: IntGaugeVec,
}

impl Metrics {
    fn new(registry: &Registry) -> Metrics {
        let of_watch = |name, help| registry.gauges(name, help, &["watch"]);
        Metrics {
            late: registry.counter("orszem_late_tallies_total", "Tallies that came after their slice was closed."),
            observed: of_watch("orszem_watch_observed", "Mentions of a watch in its newest five minutes."),
            negatives: of_watch("orszem_watch_negatives", "Negative mentions of a watch in its newest five minutes."),
            expected: of_watch("orszem_watch_expected", "Mentions expected in those five minutes."),
            expected_low: of_watch("orszem_watch_expected_low", "Lower end of the 95 % interval of what was expected."),
            expected_high: of_watch(
                "orszem_watch_expected_high",
                "Upper end of the 95 % interval of what was expected.",
            ),
            expected_negatives: of_watch(
                "orszem_watch_expected_negatives",
                "Negative mentions expected among those of the newest five minutes.",
            ),
            learning: registry.int_gauges(
                "orszem_watch_learning_hours",
                "Hours until the past of a watch is long enough to be compared with; 0 when it is.",
                &["watch"],
            ),
            incidents: registry.counters("orszem_incidents_total", "Incidents opened.", &["watch", "kind"]),
            desk: registry.int_gauges(
                "orszem_watch_desk",
                "The team that a watch belongs to: always 1, to be joined with other metrics by watch.",
                &["watch", "desk"],
            ),
        }
    }

    fn seed(&self, config: &Config) {
        self.incidents.with_label_values(&[FEED, Kind::NoData.name()]);
        let watches = || config.watches.iter().map(|watch| watch.key());
        for watch in watches() {
            for kind in Kind::ALL.into_iter().filter(|kind| *kind != Kind::NoData) {
                self.incidents.with_label_values(&[watch, kind.name()]);
            }
        }
        keep(&self.incidents, "watch", watches().chain([FEED]));
        // A watch has one desk: what another one was called is forgotten with it.
        self.desk.reset();
        self.desk.with_label_values(&[FEED, Desk::default().name()]).set(1);
        for watch in &config.watches {
            self.desk.with_label_values(&[watch.key(), watch.desk.name()]).set(1);
        }
    }

    fn of_watches(&self) -> [&GaugeVec; 6] {
        let Metrics { observed, negatives, expected, expected_low, expected_high, expected_negatives, .. } = self;
        [observed, negatives, expected, expected_low, expected_high, expected_negatives]
    }
}

/// Registers the metrics, so that they are shown.
pub fn register() {
    LazyLock::force(&METRICS);
}

/// Begins at 0 what this configuration lets one foresee, and forgets watches that no longer exist.
pub fn seed(config: &Config) {
    METRICS.seed(config);
}

/// What a watch sees now.
pub(super) fn watch_status(watch: &str, status: &WatchStatus) {
    let WatchStatus { expected, expected_low, expected_high, expected_negatives, .. } = *status;
    let (observed, negatives) = (status.observed as f64, status.negatives as f64);
    let values = [observed, negatives, expected, expected_low, expected_high, expected_negatives];
    for (gauge, value) in METRICS.of_watches().into_iter().zip(values) {
        gauge.with_label_values(&[watch]).set(value);
    }
    let hours = i64::try_from(status.learning_hours).unwrap_or(i64::MAX);
    METRICS.learning.with_label_values(&[watch]).set(hours);
}

/// A watch that is no longer configured is no longer shown.
pub(super) fn forget_watch(watch: &str) {
    // An error says that there was none.
    for gauge in METRICS.of_watches() {
        let _ = gauge.remove_label_values(&[watch]);
    }
    let _ = METRICS.learning.remove_label_values(&[watch]);
}

/// Tallies came after their slice was closed.
pub(super) fn late_tallies(tallies: u64) {
    METRICS.late.inc_by(tallies);
}

/// An incident was opened, and that is committed.
pub(super) fn incident_opened(watch: &str, kind: &'static str) {
    METRICS.incidents.with_label_values(&[watch, kind]).inc();
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(watch: &str) -> Config {
        toml::from_str(&format!("[[watch]]\nname = \"{watch}\"\nterms = [\"{watch}\"]\n")).unwrap()
    }

    #[test]
    fn every_kind_of_incident_begins_at_zero_and_a_watch_that_is_gone_is_forgotten() {
        let registry = Registry::default();
        let metrics = Metrics::new(&registry);
        metrics.seed(&config("acme"));
        metrics.incidents.with_label_values(&[FEED, Kind::NoData.name()]).inc();
        let text = registry.text();
        assert!(text.contains("orszem_incidents_total{kind=\"praise\",watch=\"acme\"} 0\n"), "{text}");
        assert!(text.contains("orszem_late_tallies_total 0\n"), "{text}");
        assert!(text.contains("orszem_watch_desk{desk=\"crisis\",watch=\"acme\"} 1\n"), "{text}");
        metrics.seed(&config("zeta"));
        let text = registry.text();
        assert!(text.contains("watch=\"zeta\"") && !text.contains("watch=\"acme\""), "{text}");
        let feed = format!("orszem_incidents_total{{kind=\"{}\",watch=\"{FEED}\"}} 1\n", Kind::NoData.name());
        assert!(text.contains(&feed), "what was counted stays: {text}");
    }
}
