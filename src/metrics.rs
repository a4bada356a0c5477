//! The metrics of the program: those of all their owners.

use orszem_core::settings::Config;
use orszem_core::stage::StageName;
use orszem_stages::{canary, detect, respond, score};

use crate::sentiment_client;

/// Registers every metric, so that `/metrics` shows it once it has a value.
pub fn register() {
    orszem_config::metrics::seed();
    orszem_kafka::metrics::seed(&[]);
    canary::register();
    score::metrics::register();
    detect::metrics::register();
    respond::metrics::register();
    sentiment_client::metrics::register();
    crate::readiness::register();
}

/// Begins at 0 every counter that this configuration lets one foresee, and forgets those of watches, receivers and
/// escalations that no longer exist. Call it at the start and after every reload: to Prometheus, a counter that appears
/// with its first rise did not rise. What `stages` do not count is not seeded.
pub fn seed(config: &Config, stages: &[StageName]) {
    register();
    orszem_kafka::metrics::seed(stages);
    canary::seed();
    for stage in stages {
        match stage {
            StageName::Score => {
                score::metrics::seed(config);
                sentiment_client::metrics::seed(config);
            }
            StageName::Detect => detect::metrics::seed(config),
            StageName::Respond => respond::metrics::seed(config),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use orszem_runtime::metrics::{Kind, registry};
    use std::collections::BTreeSet;

    const CONFIG: &str = r#"
        [sentiment]
        service = "http://localhost:8000/judge"
        [[watch]]
        name = "acme"
        terms = ["acme"]
        escalation = "duty"
        [[receiver]]
        name = "terminal"
        kind = "console"
        [[escalation]]
        name = "duty"
        [[escalation.step]]
        receivers = ["terminal"]
        acknowledge_within = "5m"
    "#;

    /// Finds a new counter or histogram that nobody seeds.
    #[test]
    fn every_counter_begins_at_zero() {
        seed(&toml::from_str(CONFIG).unwrap(), &StageName::ALL);
        let text = registry().text();
        let shown: BTreeSet<&str> =
            text.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split(' ').next()).collect();
        let kinds = registry().kinds();
        assert!(kinds.len() > 20, "{kinds:?}");
        for (name, _) in kinds.iter().filter(|(_, kind)| **kind != Kind::Gauge) {
            assert!(shown.contains(name), "{name} is not seeded");
        }
    }
}
