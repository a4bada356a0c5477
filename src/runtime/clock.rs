//! The clock: the one place that reads it. Shells call it and hand the time to the cores.

use orszem_records::time::Timestamp;

/// The time now, by this machine's clock.
#[expect(clippy::disallowed_methods, reason = "this is the place where the clock is read")]
pub fn now() -> Timestamp {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    Timestamp(since.ok().and_then(|since| i64::try_from(since.as_millis()).ok()).unwrap_or(0))
}

/// How long this process has run, from the first call on. Goes on evenly when the machine's clock is set.
#[expect(clippy::disallowed_methods, reason = "this is the place where the clock is read")]
pub fn monotonic() -> std::time::Duration {
    static FIRST: std::sync::OnceLock<std::time::Instant> = std::sync::OnceLock::new();
    FIRST.get_or_init(std::time::Instant::now).elapsed()
}
