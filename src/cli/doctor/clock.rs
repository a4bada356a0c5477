//! Compares this machine's clock with the clocks of the receivers' servers. Kafka does not report its time to clients.

use orszem_runtime::probe::Finding;
use orszem_runtime::probe::clock::{Reading, best};

/// How much the clocks may differ. Machines with NTP differ by milliseconds, so two seconds mean that NTP does not
/// work. That does no harm yet: signed webhooks are refused from 5 minutes on, and links in pages expire after days.
const TOLERATED_MS: i64 = 2_000;

/// The finding from the best reading.
pub(super) fn check(readings: &[Reading]) -> Finding {
    let Some(reading) = best(readings) else {
        return Finding::skipped(
            "clock",
            "not compared: Kafka does not report its time, and no receiver answered by HTTP",
        );
    };
    let ahead = reading.ahead_ms();
    let host = &reading.host;
    if ahead.abs() <= TOLERATED_MS {
        return Finding::works("clock", format!("agrees with the Date of {host} (precise to whole seconds)"));
    }
    let way = if ahead > 0 { "ahead of" } else { "behind" };
    let apart = ahead.abs().saturating_add(500) / 1000;
    Finding::warning(
        "clock",
        format!("this machine is at least {apart} s {way} the Date of {host}"),
        "synchronise the clock with NTP, by systemd-timesyncd or chrony (timedatectl shows the state)",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use orszem_records::time::Timestamp;
    use orszem_runtime::probe::State;

    fn reading(ours: i64, theirs: i64) -> Reading {
        Reading { host: "a".into(), sent: Timestamp(ours), received: Timestamp(ours + 50), date: Timestamp(theirs) }
    }

    #[test]
    fn more_than_two_seconds_are_reported_with_their_direction() {
        assert_eq!(check(&[]).state, State::Skipped);
        assert_eq!(check(&[reading(12_900, 10_000)]).state, State::Works, "perhaps not even two");
        let ahead = check(&[reading(20_000, 10_000)]);
        assert_eq!((ahead.state, ahead.detail.contains("9 s ahead of")), (State::Warning, true), "{ahead:?}");
        let behind = check(&[reading(10_000, 20_000)]);
        assert!(behind.detail.contains("10 s behind"), "{behind:?}");
    }
}
