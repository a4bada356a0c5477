//! The text of `orszem --version`.

/// The version without the program's name: `0.1.0 (a21afe7, 2026-11-29; librdkafka 2.12.1)`.
pub(super) fn line(commit: &str) -> String {
    format!("{} ({commit}; librdkafka {})", env!("CARGO_PKG_VERSION"), orszem_kafka::librdkafka_version())
}

#[cfg(test)]
#[path = "version_tests.rs"]
mod tests;
