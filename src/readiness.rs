//! What is missing for tonight, as a metric: looked for once a minute.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use orszem_core::readiness::{GapKind, Known, gaps};
use orszem_runtime::clock;
use orszem_runtime::endings::endings;
use orszem_runtime::lifecycle::Shutdown;
use orszem_runtime::live_config::ConfigReader;
use orszem_runtime::metrics::{IntGaugeVec, registry};
use orszem_runtime::startup::Startup;
use orszem_web::TeamView;

/// How often it is looked for.
const EVERY: Duration = Duration::from_secs(60);

/// How often it is asked whether what people answered was read.
const AGAIN: Duration = Duration::from_secs(1);

static GAPS: LazyLock<IntGaugeVec> = LazyLock::new(|| {
    let help = "Things that would not work tonight, by kind: `orszem readiness` lists them.";
    registry().int_gauges("orszem_readiness_gaps", help, &["kind"])
});

/// Registers the metric.
pub(crate) fn register() {
    LazyLock::force(&GAPS);
}

/// Keeps the metric up to date, once what people answered was read. Must be called in a tokio runtime.
pub(crate) fn keep(config: ConfigReader, team: Arc<TeamView>, startup: Startup, shutdown: Shutdown) {
    tokio::spawn(async move {
        while !shutdown.is_triggered() {
            let is_read = startup.shows_pages();
            if is_read {
                let (config, team) = (config.clone(), Arc::clone(&team));
                // Reads files.
                drop(tokio::task::spawn_blocking(move || look(&config, &team)).await);
            }
            tokio::time::sleep(if is_read { EVERY } else { AGAIN }).await;
        }
    });
}

fn look(config: &ConfigReader, team: &TeamView) {
    let config = config.load();
    let (roster, proofs) = (team.roster(&config), team.proofs());
    let (endings, now) = (endings(&config), clock::now());
    let known = Known { config: &config, roster: &roster, proofs: &proofs, endings: &endings, staff: None, now };
    let found = gaps(&known);
    for kind in GapKind::ALL {
        let number = found.iter().filter(|gap| gap.kind == kind).count();
        GAPS.with_label_values(&[kind.name()]).set(i64::try_from(number).unwrap_or(i64::MAX));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_metric_counts_what_is_missing_and_says_zero_of_the_rest() {
        let config = toml::from_str(
            "person = [{ name = \"anna\" }]\n\
             account = [{ name = \"fb\", address = \"https://fb.example\", owner = \"anna\", credential = \"safe\", \
             administrators = [\"anna\"] }]\n",
        )
        .unwrap();
        look(&ConfigReader::fixed(config), &TeamView::default());
        let value = |kind: &str| GAPS.with_label_values(&[kind]).get();
        assert_eq!((value("one-administrator"), value("access-unproven"), value("rotation-gap")), (1, 1, 0));
    }
}
