//! Waiting for what another process does.

use std::time::{Duration, Instant};

/// Long enough for any step of a server on a busy machine with two cores; waits end as soon as they can.
pub const LONG: Duration = Duration::from_secs(120);

/// Calls `look` until it has something, and gives that back.
///
/// # Panics
/// When it has nothing `within` that time; names `what` was waited for.
pub fn until<T>(what: &str, within: Duration, look: impl FnMut() -> Option<T>) -> T {
    until_or(within, look).unwrap_or_else(|| panic!("waited {within:?} in vain: {what}"))
}

/// As [`until`], for a caller with a message of its own: `None` when there was nothing `within` that time.
#[allow(clippy::disallowed_methods, reason = "what is waited for runs by the clock")]
pub fn until_or<T>(within: Duration, mut look: impl FnMut() -> Option<T>) -> Option<T> {
    let start = Instant::now();
    loop {
        let found = look();
        if found.is_some() || start.elapsed() >= within {
            return found;
        }
        pause(Duration::from_millis(20));
    }
}

/// Waits for `condition` to hold; otherwise as [`until`].
pub fn holds(what: &str, within: Duration, mut condition: impl FnMut() -> bool) {
    until(what, within, || condition().then_some(()));
}

/// Does nothing for a while.
#[allow(clippy::disallowed_methods, reason = "a test has no stage to keep going")]
pub fn pause(time: Duration) {
    std::thread::sleep(time);
}
