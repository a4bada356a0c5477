//! This machine's clock against that of the receivers' servers. Kafka tells clients no time.

use orszem_runtime::probe::Finding;
use orszem_runtime::probe::clock::{Reading, best};

/// How far the clocks may be apart. Machines that follow NTP differ by milliseconds, so two seconds are no accident.
/// They do no harm yet: signed webhooks are refused from 5 minutes on, links in pages expire after days.
const TOLERATED_MS: i64 = 2_000;

/// What the best of the readings says.
pub(super) fn check(readings: &[Reading]) -> Finding {
    let Some(reading) = best(readings) else {
        return Finding::skipped("clock", "not compared: Kafka tells no time, and no receiver answered by HTTP");
    };
    let ahead = reading.ahead_ms();
    let host = &reading.host;
    if ahead.abs() <= TOLERATED_MS {
        return Finding::works("clock", format!("agrees with the Date of {host}, as far as whole seconds tell"));
    }
    let way = if ahead > 0 { "ahead of" } else { "behind" };
    let apart = ahead.abs().saturating_add(500) / 1000;
    Finding::warning(
        "clock",
        format!("this machine is at least {apart} s {way} the Date of {host}"),
        "set the clock by NTP: systemd-timesyncd or chrony (timedatectl shows whether it does)",
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
    fn more_than_two_seconds_are_told_with_their_direction() {
        assert_eq!(check(&[]).state, State::Skipped);
        assert_eq!(check(&[reading(12_900, 10_000)]).state, State::Works, "perhaps not even two");
        let ahead = check(&[reading(20_000, 10_000)]);
        assert_eq!((ahead.state, ahead.detail.contains("9 s ahead of")), (State::Warning, true), "{ahead:?}");
        let behind = check(&[reading(10_000, 20_000)]);
        assert!(behind.detail.contains("10 s behind"), "{behind:?}");
    }
}
