//! Deliver: a message is tried until it is accepted, refused for good, or out of tries.

pub mod in_flight;
pub(super) mod recall;
pub mod retry;

use orszem_records::ledger::{Action, Attempt, Delivery, IncidentId};
use orszem_records::time::Timestamp;

use super::escalate::timetable::Place;
use super::receiver_state::{ReceiverState, Told};
use super::settings::Settings;
use super::tracked::Tracked;

/// Where the newest message to a receiver stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Progress {
    /// Its outcome is final: the next may begin.
    Idle,
    /// A try is under way, until this time at the latest.
    UnderWay(Timestamp),
    /// It is to be tried again at this time.
    Again(Timestamp),
}

/// Where the newest message stands at `now`.
pub(super) fn progress(state: &ReceiverState, settings: &Settings, now: Timestamp) -> Progress {
    let again_at = match &state.outcome {
        Some((Delivery::Accepted { .. } | Delivery::Failed { .. }, _)) => return Progress::Idle,
        Some((Delivery::Retry { after_ms, .. }, at)) => {
            let wait = if state.attempt.person().is_some() { retry::personal_wait_ms } else { retry::wait_ms };
            at.plus(wait(&settings.respond, &state.attempt.message, state.attempt.try_number, *after_ms))
        }
        None => {
            let lost_at = lost_at(state, settings);
            if now < lost_at {
                return Progress::UnderWay(lost_at);
            }
            lost_at
        }
    };
    let tries = state.attempt.try_number.saturating_add(1);
    let limit = if state.is_knock { 1 } else { settings.respond.retry_limit };
    if state.arrived || tries >= limit { Progress::Idle } else { Progress::Again(again_at) }
}

/// What the receiver knows at `now`: a call whose outcome was lost may have arrived.
pub(super) fn told_at(state: &ReceiverState, settings: &Settings, now: Timestamp) -> Told {
    let lost = state.attempt.action == Action::Trigger && state.outcome.is_none() && now >= lost_at(state, settings);
    if lost { state.told.max(Told::Maybe) } else { state.told }
}

/// When the call for `wanted` failed for good, where it did.
pub(super) fn failed_at(
    state: &ReceiverState,
    wanted: Place,
    settings: &Settings,
    now: Timestamp,
) -> Option<Timestamp> {
    let call = state.call(wanted)?;
    if call.failed.is_some() {
        return call.failed;
    }
    let is_newest = state.is_call_for(wanted);
    let out_of_tries = is_newest && !state.has_reached() && progress(state, settings, now) == Progress::Idle;
    out_of_tries.then(|| ended_at(state, settings))
}

/// When the newest try ended, at the latest.
fn ended_at(state: &ReceiverState, settings: &Settings) -> Timestamp {
    state.outcome.as_ref().map_or_else(|| lost_at(state, settings), |(_, at)| *at)
}

/// When the newest try counts as lost unless its outcome is known by then.
fn lost_at(state: &ReceiverState, settings: &Settings) -> Timestamp {
    state.sent_at.unwrap_or(state.at).plus(settings.attempt_timeout_ms())
}

/// The first message to a receiver: a call.
pub(super) fn first(tracked: &Tracked, receiver: &str, place: Place) -> Attempt {
    message(tracked, receiver, Action::Trigger, 0, place)
}

/// The first message to a receiver that is not called: who has the incident.
pub(super) fn quiet(tracked: &Tracked, receiver: &str, place: Place) -> Attempt {
    message(tracked, receiver, Action::Acknowledge, 0, place)
}

/// The next message to a receiver that was called before; of a call, for `place`.
pub(super) fn next(tracked: &Tracked, state: &ReceiverState, action: Action, place: Option<Place>) -> Attempt {
    let revision = state.attempt.revision.saturating_add(1);
    let place = place.or(state.newest_call()).unwrap_or_default();
    message(tracked, &state.attempt.receiver, action, revision, place)
}

/// The same message, tried once more. It says what is known now.
pub(super) fn again(tracked: &Tracked, state: &ReceiverState) -> Attempt {
    let attempt = &state.attempt;
    let shows = tracked.shows();
    let try_number = attempt.try_number + 1;
    Attempt { try_number, signals: tracked.signals, within: None, shows, ..attempt.clone() }
}

fn message(tracked: &Tracked, receiver: &str, action: Action, revision: u32, place: Place) -> Attempt {
    Attempt {
        message: message_id(&tracked.incident.id, receiver, revision),
        receiver: receiver.to_owned(),
        action,
        revision,
        try_number: 0,
        step: place.step,
        round: place.round,
        signals: tracked.signals,
        within: None,
        terms: None,
        route: place.route,
        also: Vec::new(),
        shows: tracked.shows(),
        digest: false,
    }
}

/// The id of a message: the same over all its tries, and never that of another.
fn message_id(incident: &IncidentId, receiver: &str, revision: u32) -> String {
    format!("{incident}/{receiver}/{revision}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::respond::core_fixture::{accepted, answered, attempt, capabilities, config, grown, signalled, tracked};
    use orszem_records::ledger::Event;
    use orszem_records::signal::{Kind, Phase};

    /// Ten seconds to answer and five of grace.
    const LOST: Timestamp = Timestamp(15_000);

    fn settings() -> Settings {
        let mut config = config(0, &[&["pager"]]);
        config.respond.retry_limit = 2;
        Settings::new(&config, capabilities())
    }

    fn called(then: impl IntoIterator<Item = Event>) -> Tracked {
        let call = [signalled(Phase::Opened, Kind::Volume), attempt("pager", Action::Trigger, 0, 0)];
        tracked(call.into_iter().chain(then))
    }

    fn retry(try_number: u32) -> Event {
        answered("pager", 0, try_number, Delivery::Retry { reason: "busy".into(), after_ms: Some(60_000) })
    }

    fn refused() -> Event {
        answered("pager", 0, 0, Delivery::Failed { reason: "no such key".into() })
    }

    fn progress_of(tracked: &Tracked, now: Timestamp) -> Progress {
        progress(&tracked.receivers["pager"], &settings(), now)
    }

    #[test]
    fn a_try_is_under_way_until_it_is_answered_or_lost() {
        assert_eq!(progress_of(&called([]), Timestamp(0)), Progress::UnderWay(LOST));
        assert_eq!(progress_of(&called([]), LOST), Progress::Again(LOST));
        assert_eq!(progress_of(&called([accepted("pager", 0, 0)]), Timestamp(0)), Progress::Idle);
        assert_eq!(progress_of(&called([refused()]), Timestamp(0)), Progress::Idle);
        let mut sent_late = called([]);
        sent_late.receivers.get_mut("pager").unwrap().sent(Timestamp(7_000));
        assert_eq!(progress_of(&sent_late, LOST), Progress::UnderWay(LOST.plus(7_000)));
    }

    #[test]
    fn a_message_that_was_not_accepted_is_tried_until_it_is_out_of_tries() {
        let Progress::Again(at) = progress_of(&called([retry(0)]), Timestamp(0)) else { panic!("no retry") };
        assert!((60_000..=66_000).contains(&at.0), "{at:?}");
        let again = [retry(0), attempt("pager", Action::Trigger, 0, 1)];
        assert_eq!(progress_of(&called(again.clone()), Timestamp(0)), Progress::UnderWay(LOST));
        assert_eq!(progress_of(&called(again.clone().into_iter().chain([retry(1)])), Timestamp(0)), Progress::Idle);
        let late = again.into_iter().chain([accepted("pager", 0, 0)]);
        assert_eq!(progress_of(&called(late), LOST), Progress::Idle, "the first try did arrive");
    }

    #[test]
    fn a_call_has_failed_when_it_was_refused_or_is_out_of_tries() {
        let failed = |then: &[Event], now| {
            failed_at(&called(then.iter().cloned()).receivers["pager"], Place::default(), &settings(), now)
        };
        assert_eq!(failed(&[], LOST), None);
        assert_eq!(failed(&[refused()], Timestamp(0)), Some(Timestamp(0)));
        assert_eq!(failed(&[retry(0)], LOST), None);
        let second = attempt("pager", Action::Trigger, 0, 1);
        assert_eq!(failed(&[retry(0), second.clone()], Timestamp(0)), None);
        assert_eq!(failed(&[retry(0), second], LOST), Some(LOST));
    }

    #[test]
    fn a_call_that_was_lost_may_have_arrived() {
        let told = |now| told_at(&called([]).receivers["pager"], &settings(), now);
        assert_eq!((told(LOST.plus(-1)), told(LOST)), (Told::No, Told::Maybe));
    }

    #[test]
    fn a_retry_is_the_same_message_and_says_what_is_known_now() {
        let tracked = called([grown()]);
        let state = &tracked.receivers["pager"];
        let retried = again(&tracked, state);
        assert_eq!((&*retried.message, retried.try_number, retried.signals), ("acme.1/pager/0", 1, 2));
        let update = next(&tracked, state, Action::Update, None);
        assert_eq!((&*update.message, update.try_number, update.revision), ("acme.1/pager/1", 0, 1));
        let call = first(&tracked, "mail", Place { round: 1, step: 2, ..Place::default() });
        assert_eq!((&*call.message, call.round, call.step), ("acme.1/mail/0", 1, 2));
    }

    #[test]
    fn the_id_of_a_message_is_that_of_no_other() {
        let incident = IncidentId::new("acme", 7);
        assert_eq!(message_id(&incident, "mail", 2), "acme.7/mail/2");
    }
}
