//! What score counts, and what it logs of it: one call does both.

use std::sync::LazyLock;

use orszem_core::input::Fault;
use orszem_core::settings::Config;
use orszem_core::stage::{Offset, Partition};
use orszem_records::time::Timestamp;
use orszem_runtime::metrics::{GaugeVec, IntCounter, IntCounterVec, Registry, keep, registry};

static METRICS: LazyLock<Metrics> = LazyLock::new(|| Metrics::new(registry()));

/// The counters are private: who counts calls a function below, which logs as well where there is something to log.
struct Metrics {
    mentions: IntCounterVec,
    dead_letters: IntCounterVec,
    matched: IntCounterVec,
    future: IntCounter,
    watermark: GaugeVec,
}

impl Metrics {
    fn new(registry: &Registry) -> Metrics {
        Metrics {
            mentions: registry.counters(
                "orszem_mentions_total",
                "Records read, by outcome: scored, repeat, skipped, dead-letter.",
                &["outcome"],
            ),
            dead_letters: registry.counters(
                "orszem_dead_letters_total",
                "Mentions that could not be read, by reason.",
                &["reason"],
            ),
            matched: registry.counters("orszem_watch_mentions_total", "Mentions that matched a watch.", &["watch"]),
            future: registry.counter(
                "orszem_future_mentions_total",
                "Mentions whose time lay too far ahead and was replaced by the broker's.",
            ),
            watermark: registry.gauges(
                "orszem_watermark_seconds",
                "Event time up to which an input partition was read, seconds since the epoch.",
                &["partition"],
            ),
        }
    }

    fn seed(&self, config: &Config) {
        for outcome in ["scored", "repeat", "skipped", "dead-letter"] {
            self.mentions.with_label_values(&[outcome]);
        }
        for reason in Fault::REASONS {
            self.dead_letters.with_label_values(&[reason]);
        }
        let watches = || config.watches.iter().map(|watch| watch.key());
        for watch in watches() {
            self.matched.with_label_values(&[watch]);
        }
        keep(&self.matched, "watch", watches());
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

/// How many mentions were scored so far.
pub fn scored() -> u64 {
    METRICS.mentions.with_label_values(&["scored"]).get()
}

/// How many mentions matched the watch so far.
pub fn matched(watch: &str) -> u64 {
    METRICS.matched.with_label_values(&[watch]).get()
}

/// Mentions that the transaction which was just committed read, by outcome.
#[derive(Debug, Default)]
pub(super) struct Read {
    /// Scored.
    pub(super) scored: u64,
    /// Delivered before.
    pub(super) repeats: u64,
    /// Not for us.
    pub(super) skipped: u64,
}

/// What became of the records that were read is committed.
pub(super) fn read(read: &Read) {
    METRICS.mentions.with_label_values(&["scored"]).inc_by(read.scored);
    METRICS.mentions.with_label_values(&["repeat"]).inc_by(read.repeats);
    METRICS.mentions.with_label_values(&["skipped"]).inc_by(read.skipped);
}

/// A record that could not be read was put aside, and that is committed.
pub(super) fn dead_letter(partition: Partition, offset: Offset, reason: &'static str) {
    METRICS.mentions.with_label_values(&["dead-letter"]).inc();
    METRICS.dead_letters.with_label_values(&[reason]).inc();
    tracing::debug!(partition, offset, reason, "dead letter");
}

/// Mentions matched the watch.
pub(super) fn watch_matched(watch: &str, mentions: u64) {
    METRICS.matched.with_label_values(&[watch]).inc_by(mentions);
}

/// Mentions had a time too far in the future.
pub(super) fn from_the_future(mentions: u64) {
    METRICS.future.inc_by(mentions);
}

/// How far event time has come in a partition.
pub(super) fn watermark(partition: &str, at: Option<Timestamp>) {
    METRICS.watermark.with_label_values(&[partition]).set(at.map_or(0.0, |at| at.0 as f64 / 1000.0));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(watches: &[&str]) -> Config {
        let watch = |name: &&str| format!("[[watch]]\nname = \"{name}\"\nterms = [\"{name}\"]\n");
        toml::from_str(&watches.iter().map(watch).collect::<String>()).unwrap()
    }

    #[test]
    fn counters_begin_at_zero() {
        let registry = Registry::default();
        Metrics::new(&registry).seed(&config(&["acme", "zeta"]));
        let text = registry.text();
        for line in [
            "orszem_mentions_total{outcome=\"scored\"} 0",
            "orszem_mentions_total{outcome=\"dead-letter\"} 0",
            "orszem_dead_letters_total{reason=\"too-deep\"} 0",
            "orszem_watch_mentions_total{watch=\"zeta\"} 0",
            "orszem_future_mentions_total 0",
        ] {
            assert!(text.lines().any(|found| found == line), "{line} is not among:\n{text}");
        }
        assert!(!text.contains("orszem_watermark_seconds"), "a gauge waits for its first value: {text}");
    }

    #[test]
    fn a_reload_keeps_what_was_counted_and_forgets_watches_that_are_gone() {
        let registry = Registry::default();
        let metrics = Metrics::new(&registry);
        metrics.seed(&config(&["acme", "zeta"]));
        metrics.matched.with_label_values(&["acme"]).inc_by(7);
        metrics.matched.with_label_values(&["zeta"]).inc_by(7);
        metrics.seed(&config(&["acme", "eta"]));
        let text = registry.text();
        assert!(text.contains("orszem_watch_mentions_total{watch=\"acme\"} 7\n"), "{text}");
        assert!(text.contains("orszem_watch_mentions_total{watch=\"eta\"} 0\n"), "{text}");
        assert!(!text.contains("\"zeta\""), "{text}");
    }
}
