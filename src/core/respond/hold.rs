//! Hold: how long an acknowledgement holds.
//!
//! It is the word of a person who saw a severity. When the incident rises above that, the calls begin again. Where the
//! escalation says how long an acknowledgement holds, that person is reminded in time, and others
//! are called again when the reminder is not answered. Where that person said that it is known, all of this waits until
//! it has doubled.

use orszem_records::ledger::{Restart, RestartReason};
use orszem_records::time::Timestamp;

use super::settings::Settings;
use super::tracked::Tracked;
use crate::settings::Escalation;

/// How long a reminder may go unanswered, in ms: ten minutes.
const ANSWER_MS: i64 = 10 * 60_000;

/// What becomes of an acknowledgement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// It no longer holds.
    Restart(Restart),
    /// Another sign of life is wanted.
    Reminder,
}

/// What becomes of the acknowledgement of an incident at `now`, where it has one.
pub(super) fn wanted(tracked: &Tracked, settings: &Settings, now: Timestamp) -> Option<Wanted> {
    let escalation = held(tracked, settings)?;
    let incident = &tracked.incident;
    let restart = |reason| {
        let number = incident.restarted.map_or(0, |known| known.number).saturating_add(1);
        Some(Wanted::Restart(Restart { number, reason }))
    };
    if incident.known.is_some() {
        return if incident.has_doubled() { restart(RestartReason::Doubled) } else { None };
    }
    if escalation.calls_people() && incident.acknowledged_severity.is_some_and(|then| incident.severity < then) {
        return restart(RestartReason::Worse);
    }
    match (due(tracked, escalation)?, incident.reminded) {
        (due, Some(_)) if due <= now => restart(RestartReason::RanOut),
        (due, None) if due <= now => Some(Wanted::Reminder),
        _ => None,
    }
}

/// When that is to be looked at again.
pub(super) fn next(tracked: &Tracked, settings: &Settings) -> Option<Timestamp> {
    due(tracked, held(tracked, settings)?)
}

/// When the reminder is due, or its answer overdue.
fn due(tracked: &Tracked, escalation: &Escalation) -> Option<Timestamp> {
    let incident = &tracked.incident;
    let holds = escalation.acknowledged_for.filter(|_| incident.known.is_none())?;
    match incident.reminded {
        Some(reminded) => Some(reminded.plus(ANSWER_MS)),
        None => Some(incident.last_sign?.plus(holds.millis())),
    }
}

/// The escalation of an incident that somebody has.
fn held<'a>(tracked: &Tracked, settings: &'a Settings) -> Option<&'a Escalation> {
    let incident = &tracked.incident;
    let is_held = tracked.pages && incident.acknowledged.is_some() && !tracked.over();
    settings.escalation(incident).filter(|_| is_held)
}
