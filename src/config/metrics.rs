//! What became of reloads: counted and logged in one call.

use std::path::Path;
use std::sync::LazyLock;

use orszem_core::settings::Config;
use orszem_runtime::metrics::{IntCounterVec, Registry, registry};

use super::fault::{Fault, Faults};
use super::rotation::{SecretReport, list};

static METRICS: LazyLock<Metrics> = LazyLock::new(|| Metrics::new(registry()));

struct Metrics {
    reloads: IntCounterVec,
}

impl Metrics {
    fn new(registry: &Registry) -> Metrics {
        Metrics {
            reloads: registry.counters(
                "orszem_config_reloads_total",
                "Configuration reloads, by outcome: success, failure.",
                &["outcome"],
            ),
        }
    }

    fn seed(&self) {
        for outcome in ["success", "failure"] {
            self.reloads.with_label_values(&[outcome]);
        }
    }
}

/// Registers the metric, and begins it at 0.
pub fn seed() {
    METRICS.seed();
}

/// The file at `path` is the configuration from now on.
pub fn reloaded(path: &Path, config: &Config, warnings: &[Fault], secrets: &SecretReport) {
    for warning in warnings {
        tracing::warn!(%warning, "warning in the new configuration");
    }
    METRICS.reloads.with_label_values(&["success"]).inc();
    tracing::info!(file = %path.display(), watches = config.watches.len(), "configuration reloaded");
    let SecretReport { read_again, changed, kept, restart_to_use } = secrets;
    if !read_again.is_empty() {
        tracing::info!(secrets = list(read_again), changed = list(changed), "secrets read again from their files");
    }
    if !kept.is_empty() {
        let secrets = list(kept);
        tracing::info!(secrets, "secrets are as they were at the start: only a restart reads them again");
    }
    if !restart_to_use.is_empty() {
        let secrets = list(restart_to_use);
        tracing::warn!(secrets, "secrets changed that are read only at the start: restart to use the new values");
    }
}

/// The file at `path` was refused; the configuration stays as it was.
pub fn rejected(path: &Path, faults: &Faults) {
    METRICS.reloads.with_label_values(&["failure"]).inc();
    for fault in &faults.0 {
        tracing::error!(%fault, "error in the new configuration");
    }
    tracing::error!(file = %path.display(), "new configuration rejected, keeping the current one");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reloads_begin_at_zero() {
        let registry = Registry::default();
        Metrics::new(&registry).seed();
        let text = registry.text();
        assert!(text.contains("orszem_config_reloads_total{outcome=\"failure\"} 0"), "{text}");
        assert!(text.contains("orszem_config_reloads_total{outcome=\"success\"} 0"), "{text}");
    }
}
