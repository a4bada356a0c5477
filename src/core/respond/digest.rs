//! Digest: what a route tells once a day waits for its hour, and goes to each receiver in one message.
//!
//! When that is was written when the incident took the route. Nothing else follows: a digest tells how things stand at
//! its hour.

use orszem_records::ledger::{Attempt, Joined};
use orszem_records::time::Timestamp;

use super::deliver::{self, Progress};
use super::escalate::timetable::Place;
use super::receiver_state::ReceiverState;
use super::settings::Settings;
use super::tracked::Tracked;

/// What a digest wants to tell of an incident.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    /// The messages that are due, each since a time.
    pub(super) due: Vec<(Attempt, Timestamp)>,
    /// When the next is.
    pub(super) next: Option<Timestamp>,
}

/// What the digests that the incident goes to want of it at `now`. `is_quiet` says by which of its routes nothing is
/// told now.
pub(super) fn wanted(tracked: &Tracked, is_quiet: impl Fn(u32) -> bool, now: Timestamp) -> Wanted {
    let mut wanted = Wanted::default();
    if tracked.nobody_notified {
        return wanted;
    }
    for (route, receiver, at) in waiting(tracked).filter(|(route, ..)| !is_quiet(*route)) {
        if at > now {
            wanted.next = Some(wanted.next.map_or(at, |next| next.min(at)));
            continue;
        }
        let place = Place::first(route);
        let attempt = match tracked.receivers.get(receiver) {
            None => deliver::first(tracked, receiver, place),
            Some(state) => deliver::next(tracked, state, orszem_records::ledger::Action::Trigger, Some(place)),
        };
        if wanted.due.iter().all(|(known, _)| known.receiver != attempt.receiver) {
            wanted.due.push((Attempt { digest: true, ..attempt }, at));
        }
    }
    wanted
}

/// Whether a digest is still to tell of the incident.
pub(super) fn is_awaited(tracked: &Tracked) -> bool {
    waiting(tracked).next().is_some()
}

/// The next try of what a digest told, where it did not arrive; else when that is to be looked at.
pub(super) fn again(
    tracked: &Tracked,
    state: &ReceiverState,
    settings: &Settings,
    now: Timestamp,
) -> Result<(Attempt, Timestamp), Option<Timestamp>> {
    match deliver::progress(state, settings, now) {
        Progress::Again(at) if at <= now => Ok((deliver::again(tracked, state), at)),
        Progress::Again(at) | Progress::UnderWay(at) => Err(Some(at)),
        Progress::Idle => Err(None),
    }
}

/// The receivers that are still to hear of it in a digest, each with the number of the route and the time.
fn waiting(tracked: &Tracked) -> impl Iterator<Item = (u32, &String, Timestamp)> {
    let digests = tracked.incident.routes().into_iter();
    let digests = digests.filter_map(|(route, joined): (u32, &Joined)| Some((route, joined.digest.as_ref()?)));
    let receivers = digests.flat_map(|(route, terms)| terms.receivers.iter().map(move |one| (route, one, terms.at)));
    receivers.filter(|(route, receiver, _)| {
        let told = tracked.receivers.get(*receiver).and_then(|state| state.call(Place::first(*route)));
        told.is_none()
    })
}
