//! Mute: nobody is called for an incident that does not page, that somebody has, or whose calls are over.

use super::digest;
use super::tracked::Tracked;

/// Whether nobody is to be called for the incident, now or later.
///
/// A receiver that was called before still gets the news.
pub(super) fn is_muted(tracked: &Tracked) -> bool {
    let calls_over = match tracked.over() {
        // If an incident ended before anybody was called, the first receivers still get one message.
        true => tracked.nobody_notified,
        false => tracked.incident.exhausted,
    };
    !tracked.pages || tracked.is_handled() || calls_over
}

/// Whether every step of an escalation has passed: then its fallback is told, unless somebody has it.
pub(super) fn is_exhausted(tracked: &Tracked, escalation: &str) -> bool {
    tracked.incident.has_exhausted(escalation) && !tracked.over()
}

/// Whether nobody has an incident that asks for somebody.
pub(super) fn waits_for_anybody(tracked: &Tracked) -> bool {
    tracked.pages && !tracked.is_handled() && !tracked.over()
}

/// Whether the ledger is to say that nobody was notified: it is over, and there is nobody left who would be called.
pub(super) fn ended_unheard(tracked: &Tracked, calls: usize) -> bool {
    let was_called = !tracked.receivers.is_empty() || calls > 0 || digest::is_awaited(tracked);
    let mut routes = tracked.incident.routes().into_iter().map(|(route, _)| route);
    let Some(party) = tracked.party.as_ref().filter(|_| routes.any(|route| tracked.is_guest(route))) else {
        return tracked.over() && !was_called && !tracked.incident.exhausted && !is_muted(tracked);
    };
    // It was on the page of another: only where nobody heard of that either.
    party.unheard && !was_called && !tracked.nobody_notified
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::respond::core_fixture::{acknowledged, attempt, resolved, signalled, tracked};
    use orszem_records::ledger::{Action, Event};
    use orszem_records::signal::{Kind, Phase};

    fn exhausted() -> Event {
        Event::EscalationExhausted { escalation: "crisis".into() }
    }

    fn opened() -> Event {
        signalled(Phase::Opened, Kind::Volume)
    }

    fn closed() -> Event {
        signalled(Phase::Closed, Kind::Volume)
    }

    #[test]
    fn only_what_pages_and_nobody_has_is_called_for() {
        assert!(!is_muted(&tracked([opened()])));
        assert!(is_muted(&tracked([opened(), acknowledged()])));
        assert!(is_muted(&tracked([opened(), resolved()])));
        assert!(is_muted(&tracked([opened(), exhausted()])));
        let praise = signalled(Phase::Opened, Kind::Praise);
        assert!(is_muted(&tracked([praise.clone()])));
        assert!(!is_muted(&tracked([praise, signalled(Phase::Updated, Kind::Volume)])), "it turned");
    }

    #[test]
    fn an_incident_that_closed_in_a_backlog_is_still_told_once() {
        assert!(!is_muted(&tracked([opened(), closed()])));
        assert!(is_muted(&tracked([opened(), closed(), Event::NobodyNotified])));
        assert!(is_muted(&tracked([opened(), acknowledged(), closed()])));
    }

    #[test]
    fn that_nobody_heard_is_said_once_and_only_where_it_is_so() {
        assert!(!ended_unheard(&tracked([opened()]), 0), "not over");
        let ended = [opened(), closed()];
        assert!(ended_unheard(&tracked(ended.clone()), 0));
        assert!(!ended_unheard(&tracked(ended), 1), "somebody is about to be called");
        for heard in [attempt("mail", Action::Trigger, 0, 0), acknowledged(), exhausted(), Event::NobodyNotified] {
            assert!(!ended_unheard(&tracked([opened(), heard.clone(), closed()]), 0), "{heard:?}");
        }
    }
}
