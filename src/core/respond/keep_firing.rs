//! Keep firing: an alert is repeated to a receiver that would otherwise end it by itself.

use orszem_records::time::Timestamp;

use super::receiver_state::{ReceiverState, Told};
use super::settings::Settings;
use super::tracked::Tracked;

/// How long a resolve is repeated to a receiver that must be kept firing (Alertmanager wants five minutes).
const RESOLVE_REPEAT_MS: i64 = 5 * 60 * 1000;

/// An alert is not repeated more often than this, whatever the receiver says.
const SHORTEST_INTERVAL_MS: i64 = 1_000;

/// When the newest message is to be repeated to the receiver; `None` when it is not. An alert ends by itself when its
/// watch is gone from the configuration.
pub(super) fn due(tracked: &Tracked, state: &ReceiverState, settings: &Settings, now: Timestamp) -> Option<Timestamp> {
    let interval = settings.capabilities(&state.attempt.receiver)?.keep_firing?;
    if state.told != Told::Yes || !settings.watches(&tracked.incident.watch) {
        return None;
    }
    let interval_ms = i64::try_from(interval.as_millis()).unwrap_or(i64::MAX).max(SHORTEST_INTERVAL_MS);
    let last = state.refreshed.map_or(state.at, |at| at.max(state.at));
    let due = last.plus(interval_ms);
    if tracked.over() {
        let until = state.resolved.filter(|_| state.arrived).map(|at| at.plus(RESOLVE_REPEAT_MS))?;
        return (due <= until && now <= until).then_some(due);
    }
    Some(due)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::respond::core_fixture::{accepted, attempt, capabilities, config, resolved, signalled, tracked};
    use orszem_records::ledger::{Action, Event};
    use orszem_records::signal::{Kind, Phase};

    /// When `alerts`, which wants a repetition every minute, or another receiver is repeated to at `now`.
    fn due_at(receiver: &str, then: &[Event], now: i64) -> Option<i64> {
        let call = [signalled(Phase::Opened, Kind::Volume), attempt(receiver, Action::Trigger, 0, 0)];
        let tracked = tracked(call.into_iter().chain(then.iter().cloned()));
        let settings = Settings::new(&config(0, &[&["alerts"]]), capabilities());
        due(&tracked, &tracked.receivers[receiver], &settings, Timestamp(now)).map(|at| at.0)
    }

    #[test]
    fn an_alert_is_repeated_while_the_incident_is_open() {
        assert_eq!(due_at("alerts", &[], 0), None, "it was not accepted yet");
        assert_eq!(due_at("alerts", &[accepted("alerts", 0, 0)], 0), Some(60_000));
        assert_eq!(due_at("slack", &[accepted("slack", 0, 0)], 0), None, "it stays there by itself");
    }

    #[test]
    fn a_resolve_is_repeated_for_five_minutes() {
        let told = accepted("alerts", 0, 0);
        let resolve = attempt("alerts", Action::Resolve, 1, 0);
        let waiting = [told.clone(), resolved(), resolve.clone()];
        assert_eq!(due_at("alerts", &waiting, 0), None, "the resolve was not accepted yet");
        let ended = [told, resolved(), resolve, accepted("alerts", 1, 0)];
        assert_eq!(due_at("alerts", &ended, 300_000), Some(60_000));
        assert_eq!(due_at("alerts", &ended, 300_001), None);
    }

    #[test]
    fn an_alert_of_a_watch_that_is_gone_is_left_to_end() {
        let call = [signalled(Phase::Opened, Kind::Volume), attempt("alerts", Action::Trigger, 0, 0)];
        let tracked = tracked(call.into_iter().chain([accepted("alerts", 0, 0)]));
        let mut config = config(0, &[&["alerts"]]);
        config.watches.clear();
        let settings = Settings::new(&config, capabilities());
        assert_eq!(due(&tracked, &tracked.receivers["alerts"], &settings, Timestamp(0)), None);
    }
}
