//! Dedup: a receiver gets only what it does not know yet.

use orszem_records::ledger::{Action, person_of};
use orszem_records::time::Timestamp;

use super::deliver;
use super::escalate::timetable::Place;
use super::hold;
use super::receiver_state::{ReceiverState, Told};
use super::reopen;
use super::settings::Settings;
use super::tracked::Tracked;

/// How long after the newest message by a way that can only ring its person still hears the end by it, in ms: a day.
const RINGS_FOR_MS: i64 = 24 * 3_600_000;

/// The next message to a receiver that was called before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum News {
    /// A message of this kind, due since the given time.
    Due(Action, Timestamp),
    /// An update, at a time that is still to come.
    Later(Timestamp),
    /// It knows everything.
    None,
}

/// What the receiver does not know yet. `call` is since when a call to it is due.
pub(super) fn news(
    tracked: &Tracked,
    state: &ReceiverState,
    call: Option<Timestamp>,
    settings: &Settings,
    now: Timestamp,
) -> News {
    if tracked.over() {
        let knows = deliver::told_at(state, settings, now) >= Told::Maybe;
        // Who heard that it goes on hears that it ended after all.
        let unheard = state.resolved.is_none() || (state.reminded && tracked.ended());
        return match knows && unheard && !is_forgotten(state, settings, now) {
            true => News::Due(Action::Resolve, now),
            false if wants_reminder(tracked, state, settings, now) => News::Due(Action::Update, now),
            false => News::None,
        };
    }
    if let Some(due) = call {
        return News::Due(Action::Trigger, due);
    }
    // Who heard the end of a page hears that it is open again: without a call, where that can be said.
    if tracked.shared().is_some() && state.resolved.is_some() {
        let has_states = settings.capabilities(&state.attempt.receiver).is_some_and(|able| able.has_states());
        return News::Due(if has_states { Action::Trigger } else { Action::Update }, now);
    }
    if wants_acknowledge(tracked, state, settings) {
        return News::Due(Action::Acknowledge, now);
    }
    if wants_sign_of_life(tracked, state) {
        return News::Due(Action::Update, now);
    }
    match update_due(tracked, state, settings, now) {
        Some(due) if due <= now => News::Due(Action::Update, due),
        Some(due) => News::Later(due),
        None => News::None,
    }
}

/// Whether the message that waits for its next try has nothing new to say, so that it is not tried again.
pub(super) fn is_superseded(tracked: &Tracked, state: &ReceiverState, is_called: bool, settings: &Settings) -> bool {
    let over = tracked.over();
    match state.attempt.action {
        Action::Trigger => {
            // Those that a call has reached wait for no tries to the rest of its recipients.
            let is_more = state.has_reached() && (is_called || tracked.risen_since(state.attempt.signals));
            tracked.is_handled() || (over && state.told == Told::Yes) || is_more
        }
        // That it goes on is said of an incident that a person closed.
        Action::Update if over => tracked.ended() || !state.said.after_closing,
        Action::Update => is_called || wants_acknowledge(tracked, state, settings),
        Action::Acknowledge => over,
        // It opened again.
        Action::Resolve => !over,
    }
}

/// Whether the receiver was already called for `place`, due since `due`: by its own attempt, by one for a later place,
/// or by an earlier call that was accepted only after `due`. One that calls people by itself does so once it took a
/// call, until the incident opens again.
pub(super) fn was_called(state: &ReceiverState, place: Place, due: Timestamp, settings: &Settings) -> bool {
    let calls_itself = settings.capabilities(&state.attempt.receiver).is_some_and(|able| able.calls_itself);
    state.newest_call_of(place.route) >= Some(place)
        || state.rung_at.is_some_and(|rung| rung >= due)
        || (calls_itself && state.rung_at.is_some())
}

/// Whether nobody is to be rung because it is over: the person was told by this way long ago, and it changes nothing in
/// place.
fn is_forgotten(state: &ReceiverState, settings: &Settings, now: Timestamp) -> bool {
    let rings = settings.capabilities(&state.attempt.receiver).is_some_and(|able| able.only_rings());
    rings && state.attempt.person().is_some() && now.since(state.at) > RINGS_FOR_MS
}

/// Whether the receiver is to hear that an incident goes on which a person closed. A service that has a state for each
/// incident can only say so by ringing again.
fn wants_reminder(tracked: &Tracked, state: &ReceiverState, settings: &Settings, now: Timestamp) -> bool {
    let able = settings.capabilities(&state.attempt.receiver).is_some_and(|able| !able.has_states());
    able && state.told == Told::Yes && !state.reminded && reopen::goes_on(tracked, now)
}

/// Whether the person who has it is to be asked here whether they still do: where they acknowledged, else by the first
/// way of theirs that was used, else everywhere it was told.
fn wants_sign_of_life(tracked: &Tracked, state: &ReceiverState) -> bool {
    let incident = &tracked.incident;
    let (Some(stamp), Some(reminded)) = (&incident.acknowledged, hold::unanswered(tracked)) else { return false };
    if state.told != Told::Yes || state.said.reminded == Some(reminded) {
        return false;
    }
    let told = |name: &str| tracked.receivers.get(name).is_some_and(|state| state.told == Told::Yes);
    let through = stamp.by.through.as_deref().or(Some(&stamp.by.by)).filter(|name| told(name));
    let person = stamp.by.person.as_deref();
    let of_person = |name: &&String| person.is_some() && person_of(name) == person && told(name);
    let place = through.or_else(|| tracked.receivers.keys().find(of_person).map(String::as_str));
    place.is_none_or(|place| place == state.attempt.receiver)
}

/// Whether the receiver is to hear who has it. The one who took it knows: where that would be a new message, they get
/// none; a service that calls them by itself must hear it all the same.
fn wants_acknowledge(tracked: &Tracked, state: &ReceiverState, settings: &Settings) -> bool {
    let Some(able) = settings.capabilities(&state.attempt.receiver) else { return false };
    let Some(stamp) = &tracked.incident.acknowledged else { return false };
    let is_own = stamp.by.person.is_some() && stamp.by.person.as_deref() == state.attempt.person();
    let tells = able.updates || (able.acknowledges && (!is_own || able.has_states()));
    tells && state.told == Told::Yes && !state.acknowledged
}

/// Whether news goes to this receiver. A person hears them by the ways whose message changes in place, else by the one
/// that was used last.
fn hears_news(tracked: &Tracked, state: &ReceiverState, settings: &Settings) -> bool {
    let Some(person) = state.attempt.person() else { return true };
    let updates =
        |state: &ReceiverState| settings.capabilities(&state.attempt.receiver).is_some_and(|able| able.updates);
    let others = || {
        let told = tracked.receivers.values().filter(|other| other.told == Told::Yes);
        told.filter(|other| other.attempt.person() == Some(person))
    };
    let last = |state: &ReceiverState| (state.rung_at, state.newest_call());
    updates(state) || (!others().any(updates) && others().all(|other| last(other) <= last(state)))
}

/// When the receiver is to get what is new since its newest message. A rise in severity, that nobody came and that
/// nobody else is called are due at once, newer figures at the interval.
fn update_due(tracked: &Tracked, state: &ReceiverState, settings: &Settings, now: Timestamp) -> Option<Timestamp> {
    let capabilities = settings.capabilities(&state.attempt.receiver)?;
    if state.told != Told::Yes || !hears_news(tracked, state, settings) {
        return None;
    }
    let signals = state.attempt.signals;
    let exhausted = tracked.incident.exhausted && !state.said.exhausted;
    let calls_ended = tracked.incident.calls_ended && !state.said.calls_ended;
    // A service that calls people by itself says so itself, and one that is kept firing has no words for it.
    let hears = !capabilities.calls_itself;
    let (risen, newer, joined) = match tracked.shared() {
        None => (tracked.risen_since(signals), tracked.news_since(signals), false),
        Some(party) => {
            let (told, shows) = (state.attempt.shows.unwrap_or_default(), party.shows);
            let is_worse = state.told_worst.is_none_or(|told| shows.worst < told);
            let joined = (told.members, told.over) != (shows.members, shows.over);
            (is_worse, told.news != shows.news, joined)
        }
    };
    if risen
        || (calls_ended && hears)
        || (exhausted && hears && (capabilities.updates || capabilities.keep_firing.is_none()))
    {
        return Some(now);
    }
    // Told of within the message of another incident, it has none of its own whose figures could be changed in place.
    let has_own = state.attempt.within.is_none() || state.reference.is_some();
    let changes = capabilities.updates && has_own;
    if changes && joined {
        return Some(now);
    }
    (changes && newer).then(|| state.at.plus(settings.respond.update_interval.millis()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::respond::core_fixture::{
        accepted, acknowledged, attempt, capabilities, config, grown, resolved, risen, signalled, tracked,
    };
    use orszem_records::ledger::Event;
    use orszem_records::signal::{Kind, Phase};

    const NOW: Timestamp = Timestamp(30_000);

    fn settings() -> Settings {
        Settings::new(&config(0, &[&["slack", "mail"], &["pager"]]), capabilities())
    }

    /// An incident of which `receiver` was called, and what happened then.
    fn called(receiver: &str, then: impl IntoIterator<Item = Event>) -> Tracked {
        let call = [attempt(receiver, Action::Trigger, 0, 0), accepted(receiver, 0, 0)];
        tracked([signalled(Phase::Opened, Kind::Volume)].into_iter().chain(call).chain(then))
    }

    fn news_for(receiver: &str, then: impl IntoIterator<Item = Event>) -> News {
        let tracked = called(receiver, then);
        news(&tracked, &tracked.receivers[receiver], None, &settings(), NOW)
    }

    #[test]
    fn what_a_receiver_knows_is_not_told_again() {
        assert_eq!(news_for("slack", []), News::None);
        assert_eq!(news_for("pager", [acknowledged()]), News::Due(Action::Acknowledge, NOW));
        let told = [acknowledged(), attempt("pager", Action::Acknowledge, 1, 0), accepted("pager", 1, 0)];
        assert_eq!(news_for("pager", told), News::None);
        assert_eq!(news_for("mail", [acknowledged()]), News::None, "a mail can say nothing of it");
        assert_eq!(news_for("mail", [resolved()]), News::Due(Action::Resolve, NOW));
        assert_eq!(news_for("mail", [resolved(), attempt("mail", Action::Resolve, 1, 0)]), News::None);
    }

    #[test]
    fn newer_figures_wait_for_the_interval_and_a_rise_does_not() {
        assert_eq!(news_for("slack", [grown()]), News::Later(Timestamp(60_000)));
        assert_eq!(news_for("mail", [grown()]), News::None);
        assert_eq!(news_for("slack", [risen()]), News::Due(Action::Update, NOW));
        assert_eq!(news_for("mail", [risen()]), News::Due(Action::Update, NOW));
        let exhausted_entry = Event::EscalationExhausted { escalation: "crisis".into() };
        assert_eq!(news_for("slack", [exhausted_entry]), News::Due(Action::Update, NOW));
    }

    #[test]
    fn a_call_comes_before_all_other_news_and_never_after_the_end() {
        let due = Timestamp(20_000);
        let open = called("pager", [acknowledged(), risen()]);
        let next = |tracked: &Tracked| news(tracked, &tracked.receivers["pager"], Some(due), &settings(), NOW);
        assert_eq!(next(&open), News::Due(Action::Trigger, due));
        assert_eq!(next(&called("pager", [resolved()])), News::Due(Action::Resolve, NOW));
    }

    #[test]
    fn a_waiting_message_is_dropped_when_a_newer_one_says_more() {
        let superseded = |then: &[Event], is_called| {
            let tracked = called("pager", then.iter().cloned());
            is_superseded(&tracked, &tracked.receivers["pager"], is_called, &settings())
        };
        let update = attempt("pager", Action::Update, 1, 0);
        assert!(!superseded(&[risen(), update.clone()], false));
        assert!(superseded(&[risen(), update.clone()], true), "a call says the same");
        assert!(superseded(&[risen(), update.clone(), acknowledged()], false));
        assert!(superseded(&[risen(), update, resolved()], false));
        assert!(!superseded(&[resolved(), attempt("pager", Action::Resolve, 1, 0)], false), "the end is never dropped");
        let call = attempt("pager", Action::Trigger, 1, 0);
        assert!(!superseded(std::slice::from_ref(&call), true));
        assert!(superseded(&[call, acknowledged()], true));
    }

    #[test]
    fn a_call_that_was_accepted_after_it_was_due_need_not_be_made() {
        let tracked = called("pager", []);
        let (state, rung) = (&tracked.receivers["pager"], Timestamp(0));
        let later = Place { step: 1, ..Place::default() };
        let called = |place, due| was_called(state, place, due, &settings());
        assert!(called(Place::default(), NOW));
        assert!(called(later, rung) && !called(later, rung.plus(1)));
    }
}
