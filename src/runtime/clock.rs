//! The clock: the one place that reads it. Shells call it and hand the time to the cores.

use std::sync::atomic::{AtomicI64, Ordering};

use orszem_records::time::Timestamp;

static CORRECTION_MS: AtomicI64 = AtomicI64::new(0);

/// The time now: by this machine's clock, corrected where all brokers disagree with it. All copies then mean the same
/// by a time, even if their machines disagree.
pub fn now() -> Timestamp {
    machine().plus(CORRECTION_MS.load(Ordering::Relaxed))
}

/// The time now by this machine's clock.
#[expect(clippy::disallowed_methods, reason = "this is the place where the clock is read")]
pub fn machine() -> Timestamp {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    Timestamp(since.ok().and_then(|since| i64::try_from(since.as_millis()).ok()).unwrap_or(0))
}

/// Adds this to the machine's clock from now on, in ms; 0 believes it.
pub fn correct(ms: i64) {
    CORRECTION_MS.store(ms, Ordering::Relaxed);
}

/// How long this process has run, from the first call on. Goes on evenly when the machine's clock is set.
#[expect(clippy::disallowed_methods, reason = "this is the place where the clock is read")]
pub fn monotonic() -> std::time::Duration {
    static FIRST: std::sync::OnceLock<std::time::Instant> = std::sync::OnceLock::new();
    FIRST.get_or_init(std::time::Instant::now).elapsed()
}
