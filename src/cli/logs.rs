//! Logs: one event, one line.

use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use orszem_core::settings::LogFormat;

/// The levels when `RUST_LOG` is not set. librdkafka's own lines are logged only as errors.
const LEVELS: &str = "info,librdkafka=error,rdkafka=error,hyper=warn,reqwest=warn,lettre=warn";

/// Starts logging to standard error. Texts of mentions appear only at debug level.
pub fn start(format: LogFormat, levels: Option<&str>) {
    let asked = std::env::var("RUST_LOG").ok().filter(|levels| !levels.is_empty());
    let is_colored = format == LogFormat::Text && super::color::on_stderr();
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_ansi(is_colored);
    let lines = match format {
        LogFormat::Text => lines.with_target(false).boxed(),
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
    };
    let (filter, fault) = filter(asked.as_deref(), levels.unwrap_or(LEVELS));
    // A second start (in a test, or a command within a command) keeps the first logger.
    let started = tracing_subscriber::registry().with(lines.with_filter(filter)).try_init();
    if let (Ok(()), Some(fault)) = (started, fault) {
        tracing::warn!(%fault, "invalid RUST_LOG, using the default levels; an example: info,hyper=warn");
    }
}

/// The requested levels, by target. If they are invalid: the default levels, and the reason.
fn filter(asked: Option<&str>, default: &str) -> (Targets, Option<String>) {
    let mut fault = None;
    if let Some(levels) = asked {
        match levels.parse() {
            Ok(filter) => return (filter, None),
            Err(why) => fault = Some(format!("{why}")),
        }
    }
    (default.parse().unwrap_or_default(), fault)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tracing::Level;

    #[test]
    fn levels_go_by_target() {
        let (usual, fault) = filter(None, LEVELS);
        assert_eq!(fault, None);
        assert!(usual.would_enable("orszem_kafka", &Level::INFO) && !usual.would_enable("orszem", &Level::DEBUG));
        assert!(usual.would_enable("hyper::proto", &Level::WARN) && !usual.would_enable("hyper::proto", &Level::INFO));
        let (asked, _) = filter(Some("warn,orszem=debug"), LEVELS);
        assert!(asked.would_enable("orszem_web", &Level::DEBUG) && !asked.would_enable("hyper", &Level::INFO));
    }

    #[test]
    fn invalid_levels_are_reported_and_the_default_levels_apply() {
        let (levels, fault) = filter(Some("info,orszem=loud"), LEVELS);
        assert!(levels.would_enable("orszem", &Level::INFO));
        assert!(fault.is_some_and(|fault| fault.contains("level")));
    }
}
