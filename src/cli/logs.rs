//! Logs: one event, one line.

use std::io::IsTerminal;
use tracing_subscriber::EnvFilter;

use crate::config::types::LogFormat;

/// What is logged unless `RUST_LOG` says otherwise: librdkafka's own lines only when something is wrong.
const LEVELS: &str = "info,librdkafka=error,rdkafka=error,hyper=warn,reqwest=warn,lettre=warn";

/// Starts logging to standard error. Mentions' texts appear at debug level only.
pub fn start(format: LogFormat, levels: Option<&str>) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(levels.unwrap_or(LEVELS)));
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    // A second start (a test, a command within a command) keeps the first.
    let _ = match format {
        LogFormat::Text => lines.with_target(false).try_init(),
        LogFormat::Json => lines.json().flatten_event(true).try_init(),
    };
}
