//! Retry: a message that was not accepted is tried again after a wait that doubles with each try.

use xxhash_rust::xxh3::xxh3_64;

use crate::settings::Respond;

/// The longest wait that a service's `Retry-After` is believed, in milliseconds: a day. A date from a clock that is
/// years ahead must not keep a message, and its incident, forever.
pub const LONGEST_ASKED_MS: u64 = 24 * 3600 * 1000;

/// The wait in milliseconds after try `try_number` (from 0) of `message` came to nothing.
///
/// It doubles with each try from `retry_first` to `retry_longest`; of that, between half and all is waited, as a hash
/// of message and try has it: many messages that failed together do not come back together, and a replay waits the
/// same. `asked_ms` is the service's `Retry-After`: never less is waited, and up to a tenth more.
pub fn wait_ms(respond: &Respond, message: &str, try_number: u32, asked_ms: Option<u64>) -> i64 {
    let hash = hash(message, try_number);
    let asked = believed(asked_ms);
    at_least(respond, (try_number, hash), asked + hash % (asked / 10 + 1))
}

/// As [`wait_ms`], of a message to one person: no other message comes back with it, so the wait is what was asked.
pub fn personal_wait_ms(respond: &Respond, message: &str, try_number: u32, asked_ms: Option<u64>) -> i64 {
    at_least(respond, (try_number, hash(message, try_number)), believed(asked_ms))
}

fn hash(message: &str, try_number: u32) -> u64 {
    xxh3_64(format!("{message}#{try_number}").as_bytes())
}

fn believed(asked_ms: Option<u64>) -> u64 {
    asked_ms.map_or(0, |asked| asked.min(LONGEST_ASKED_MS))
}

/// The wait that doubles with each try, or a longer one.
fn at_least(respond: &Respond, (try_number, hash): (u32, u64), wait_ms: u64) -> i64 {
    let first = u64::try_from(respond.retry_first.0.as_millis()).unwrap_or(u64::MAX);
    let longest = u64::try_from(respond.retry_longest.0.as_millis()).unwrap_or(u64::MAX);
    let doubled = first.saturating_mul(1u64 << try_number.min(32)).min(longest).max(1);
    let backoff = doubled - (hash % (doubled / 2 + 1));
    i64::try_from(backoff.max(wait_ms)).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::span::Span;
    use proptest::prelude::*;

    fn respond(first_ms: u64, longest_ms: u64) -> Respond {
        Respond {
            retry_first: Span::from_millis(first_ms),
            retry_longest: Span::from_millis(longest_ms),
            ..Respond::default()
        }
    }

    #[test]
    fn waits_double_up_to_the_longest() {
        let respond = respond(1000, 60_000);
        let bounds: Vec<(i64, i64)> =
            (0..8).map(|n| 1000i64 << n).map(|d| (d.min(60_000) / 2, d.min(60_000))).collect();
        for (try_number, (low, high)) in (0u32..).zip(bounds) {
            let wait = wait_ms(&respond, "acme.1/mail/0", try_number, None);
            assert!((low..=high).contains(&wait), "try {try_number} waits {wait}, not in {low}..={high}");
        }
    }

    #[test]
    fn different_messages_do_not_come_back_together() {
        let respond = respond(1000, 60_000);
        let waits: std::collections::BTreeSet<i64> =
            (0..100).map(|n| wait_ms(&respond, &format!("acme.{n}/mail/0"), 5, None)).collect();
        assert!(waits.len() > 90, "only {} different waits", waits.len());
    }

    #[test]
    fn a_retry_after_of_years_is_cut_to_a_day() {
        let wait = wait_ms(&respond(1000, 60_000), "m", 0, Some(u64::MAX));
        assert!((24 * 3600 * 1000..=27 * 3600 * 1000).contains(&wait), "{wait}");
    }

    proptest! {
        #[test]
        fn never_shorter_than_asked_and_always_the_same(
            first in 0u64..100_000, longest in 0u64..10_000_000, try_number: u32, asked in 0u64..LONGEST_ASKED_MS,
        ) {
            let respond = respond(first, longest);
            let wait = wait_ms(&respond, "m", try_number, Some(asked));
            prop_assert!(wait >= i64::try_from(asked).unwrap());
            prop_assert_eq!(wait, wait_ms(&respond, "m", try_number, Some(asked)));
            let unasked = wait_ms(&respond, "m", try_number, None);
            prop_assert!(unasked >= 1 && unasked <= i64::try_from(longest.max(1)).unwrap());
        }
    }
}
