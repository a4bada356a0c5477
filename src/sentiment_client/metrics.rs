//! The results of requests to the sentiment service: counted and logged in one call.

use std::sync::LazyLock;

use orszem_core::settings::Config;
use orszem_records::class::Class;
use orszem_runtime::metrics::{IntCounterVec, Registry, registry};

static METRICS: LazyLock<Metrics> = LazyLock::new(|| Metrics::new(registry()));

/// The counters are private: who counts calls a function below, which logs as well where there is something to log.
struct Metrics {
    opinions: IntCounterVec,
    agreement: IntCounterVec,
}

impl Metrics {
    fn new(registry: &Registry) -> Metrics {
        Metrics {
            opinions: registry.counters(
                "orszem_sentiment_service_mentions_total",
                "Mentions of open or nearly open incidents for the sentiment service, by outcome: judged, unanswered, \
                 failed, paused.",
                &["outcome"],
            ),
            agreement: registry.counters(
                "orszem_sentiment_service_judgements_total",
                "Mentions that the sentiment service judged, by the class of the built-in model (neg, neu, pos; none: \
                 it knows no such language) and its own.",
                &["built_in", "service"],
            ),
        }
    }

    fn seed(&self, config: &Config) {
        if config.sentiment.service.is_none() {
            return;
        }
        for outcome in ["judged", "unanswered", "failed", "paused"] {
            self.opinions.with_label_values(&[outcome]);
        }
        for built_in in Class::ALL.map(Some).into_iter().chain([None]) {
            for service in Class::ALL {
                self.agreement.with_label_values(&[label(built_in), service.label()]);
            }
        }
    }

    fn add(&self, outcome: &str, mentions: usize) {
        self.opinions.with_label_values(&[outcome]).inc_by(mentions as u64);
    }
}

/// Registers the metrics, so that they are shown.
pub fn register() {
    LazyLock::force(&METRICS);
}

/// Begins at 0 what this configuration lets one foresee.
pub fn seed(config: &Config) {
    METRICS.seed(config);
}

/// The class that the built-in model gave, as a label.
fn label(built_in: Option<Class>) -> &'static str {
    built_in.map_or("none", Class::label)
}

/// The service answered about mentions: the class that the built-in model gave each, and its own where it gave one.
pub(super) fn answered(classes: impl Iterator<Item = (Option<Class>, Option<Class>)>) {
    let (mut judged, mut unanswered) = (0, 0);
    for (built_in, class) in classes {
        match class {
            Some(class) => {
                judged += 1;
                METRICS.agreement.with_label_values(&[label(built_in), class.label()]).inc();
            }
            None => unanswered += 1,
        }
    }
    METRICS.add("judged", judged);
    METRICS.add("unanswered", unanswered);
}

/// The service failed: these mentions keep the class of the built-in model.
pub(super) fn failed(mentions: usize, reason: &str) {
    METRICS.add("failed", mentions);
    tracing::warn!(reason, mentions, "sentiment service failed, using the built-in model");
}

/// The service was not asked about these mentions, since it failed not long ago.
pub(super) fn paused(mentions: usize) {
    METRICS.add("paused", mentions);
}

/// About how many mentions the service was not asked.
#[cfg(test)]
pub(super) fn paused_so_far() -> u64 {
    METRICS.opinions.with_label_values(&["paused"]).get()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counters_begin_at_zero_where_there_is_a_service() {
        let seeded = |config: &str| {
            let registry = Registry::default();
            Metrics::new(&registry).seed(&toml::from_str(config).unwrap());
            registry.text()
        };
        let text = seeded("[sentiment]\nservice = \"http://localhost:8000/judge\"\n");
        for line in [
            "orszem_sentiment_service_mentions_total{outcome=\"unanswered\"} 0",
            "orszem_sentiment_service_judgements_total{built_in=\"neg\",service=\"pos\"} 0",
        ] {
            assert!(text.lines().any(|found| found == line), "{line} is not among:\n{text}");
        }
        assert!(!seeded("").contains("orszem_sentiment_service"));
    }
}
