//! Recall: a receiver that no try has reached is called again when the incident rises, and while nobody could be told.

use orszem_records::time::Timestamp;

use super::super::receiver_state::{ReceiverState, Told};
use super::super::route::routes;
use super::super::settings::Settings;
use super::super::tracked::Tracked;
use super::ended_at;

/// While nobody could be told, it is looked this many times `retry_longest` after the last try whether the receiver is
/// back: five minutes, as the settings are. It goes on until the incident ends.
const KNOCK: i64 = 5;

/// When the receiver, whose tries came to nothing, is to be called again; `None` when it is not.
///
/// A rise is a new call with tries of its own. Without one, and where others were told, nobody needs this receiver.
pub(in crate::respond) fn due(tracked: &Tracked, state: &ReceiverState, settings: &Settings) -> Option<Timestamp> {
    settings.capabilities(&state.attempt.receiver)?;
    let calls_nobody = routes(tracked, settings).is_empty();
    if calls_nobody || state.told == Told::Yes || tracked.over() || tracked.is_handled() || !tracked.pages {
        return None;
    }
    // A person has other ways, and is called by all of them in the next round.
    if state.attempt.person().is_some() && !(tracked.incident.exhausted && is_first_way(state)) {
        return None;
    }
    let ended = ended_at(state, settings);
    if tracked.grown_since(state.first_signals) {
        return Some(ended);
    }
    let wait = settings.respond.retry_longest.millis().saturating_mul(KNOCK);
    (!tracked.anybody_told()).then(|| ended.plus(wait))
}

/// Whether it is the first of a person's ways.
fn is_first_way(state: &ReceiverState) -> bool {
    let newest = state.newest_call().and_then(|place| state.call(place));
    let terms = newest.and_then(|call| call.terms.as_ref());
    terms.is_some_and(|terms| terms.ways.first() == Some(&state.attempt.receiver))
}
