//! Call limits: when each person was called by which way, and when the next call is allowed.
//!
//! What is withheld is written to the ledger. It counts as made for the time of its step and of the person's next way,
//! and is made when the limit allows, in one message with all that waits.

use std::collections::BTreeMap;

use orszem_records::time::Timestamp;

/// Calls longer ago than this, in ms, count in no limit: a day, the longest that a limit may be.
const LONGEST_MS: i64 = 24 * 3_600_000;

/// The calls of the last day.
#[derive(Debug, Default)]
pub(super) struct CallLimits {
    /// By the way of a person, by message, when it was called.
    calls: BTreeMap<String, BTreeMap<String, Timestamp>>,
}

impl CallLimits {
    /// A call was made.
    pub(super) fn called(&mut self, way: &str, message: &str, at: Timestamp) {
        let calls = self.calls.entry(way.to_owned()).or_default();
        calls.entry(message.to_owned()).or_insert(at);
        let newest = calls.values().copied().max().unwrap_or(at);
        calls.retain(|_, call| newest.since(*call) < LONGEST_MS);
    }

    /// When the next call by a way is allowed, where not at `now`, with at most `most` within a time in ms.
    pub(super) fn free_at(&self, way: &str, (most, within_ms): (usize, i64), now: Timestamp) -> Option<Timestamp> {
        let calls = self.calls.get(way)?.values().filter(|at| now.since(**at) < within_ms);
        let mut calls: Vec<Timestamp> = calls.copied().collect();
        calls.sort();
        let first = calls.len().checked_sub(most.max(1))?;
        calls.get(first).map(|at| at.plus(within_ms))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_call_is_allowed_when_the_oldest_of_the_most_is_past() {
        let mut limits = CallLimits::default();
        let limit = (3, 600_000);
        for (n, at) in [0, 10_000, 20_000].into_iter().enumerate() {
            assert_eq!(limits.free_at("anna/sms", limit, Timestamp(at)), None);
            limits.called("anna/sms", &n.to_string(), Timestamp(at));
            limits.called("anna/sms", &n.to_string(), Timestamp(at + 1));
        }
        assert_eq!(limits.free_at("anna/sms", limit, Timestamp(30_000)), Some(Timestamp(600_000)));
        assert_eq!(limits.free_at("anna/sms", limit, Timestamp(600_000)), None, "half open");
        assert_eq!(limits.free_at("bela/sms", limit, Timestamp(30_000)), None);
    }
}
