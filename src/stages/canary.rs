//! What is counted of canaries: how far each came. One family of metrics over all stages.

use std::sync::LazyLock;

use orszem_core::settings::Config;
use orszem_records::time::Timestamp;
use orszem_runtime::metrics::{HistogramVec, IntCounterVec, IntGauge, Registry, registry};

static METRICS: LazyLock<Metrics> = LazyLock::new(|| Metrics::new(registry()));

/// The places on the way, in its order.
const PASSED: [&str; 6] = ["sent", "score", "detect", "respond", "receiver", "switch"];
/// Where a canary can be lost.
const LOST: [&str; 4] = ["kafka", "stages", "receiver", "switch"];

struct Metrics {
    passed: IntCounterVec,
    lost: IntCounterVec,
    came_through: IntGauge,
    every: IntGauge,
    duration: HistogramVec,
}

impl Metrics {
    fn new(registry: &Registry) -> Metrics {
        Metrics {
            passed: registry.counters(
                "orszem_canaries_total",
                "Canaries by how far they came: sent, score, detect, respond, receiver, switch.",
                &["passed"],
            ),
            lost: registry.counters(
                "orszem_canaries_lost_total",
                "Canaries that did not come through, by where: kafka, stages, receiver, switch.",
                &["at"],
            ),
            came_through: registry.int_gauge(
                "orszem_canary_timestamp_seconds",
                "When a canary came through last, since 1970; until one has, when this copy began to wait for it.",
            ),
            every: registry.int_gauge("orszem_canary_every_seconds", "How often a canary is sent; 0 where none is."),
            duration: registry.histograms(
                "orszem_canary_duration_seconds",
                "From writing a canary to Kafka to the answer of its receiver.",
                &[],
                &[0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0],
            ),
        }
    }
}

/// Registers the metrics, so that they are shown.
pub fn register() {
    LazyLock::force(&METRICS);
}

/// Begins the counters at 0.
pub fn seed() {
    PASSED.iter().for_each(|passed| drop(METRICS.passed.with_label_values(&[passed])));
    LOST.iter().for_each(|at| drop(METRICS.lost.with_label_values(&[at])));
    METRICS.duration.with_label_values::<&str>(&[]);
}

/// A canary came as far as this.
pub(crate) fn passed(stage: &str) {
    METRICS.passed.with_label_values(&[stage]).inc();
}

/// A canary was lost.
pub(crate) fn lost(at: &str, reason: &str) {
    METRICS.lost.with_label_values(&[at]).inc();
    tracing::warn!(at, reason, "canary did not come through, the dead man's switch is not called");
}

/// The switch answered that a canary came through.
pub(crate) fn came_through(now: Timestamp, took_ms: i64) {
    passed("switch");
    METRICS.came_through.set(now.0.div_euclid(1000));
    tracing::debug!(took_ms, "canary came through");
}

/// The receiver accepted its message.
pub(crate) fn accepted(took_ms: i64) {
    passed("receiver");
    METRICS.duration.with_label_values::<&str>(&[]).observe(took_ms.max(0) as f64 / 1000.0);
}

/// Whether this configuration sends canaries, and since when they are waited for at the latest.
pub(crate) fn configured(config: &Config, now: Timestamp) {
    let every = config.canary.as_ref().map_or(0, |canary| canary.every.millis() / 1000);
    METRICS.every.set(every);
    if METRICS.came_through.get() == 0 && every > 0 {
        METRICS.came_through.set(now.0.div_euclid(1000));
    }
}
