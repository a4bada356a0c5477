//! Hold: how long an acknowledgement holds.
//!
//! It is the word of a person who saw a severity. When the incident rises above that, the calls begin again. Where the
//! escalation says how long an acknowledgement holds, that person is reminded in time, and others
//! are called again when the reminder is not answered. Where that person said that it is known, all of this waits until
//! it has doubled.

use orszem_records::ledger::{Restart, RestartReason};
use orszem_records::time::Timestamp;

use super::route::routes;
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
    let escalations = held(tracked, settings)?;
    let incident = &tracked.incident;
    let restart = |reason| Some(Wanted::Restart(tracked.next_restart(reason, None)));
    if incident.known.is_some() {
        return if incident.has_doubled() { restart(RestartReason::Doubled) } else { None };
    }
    let is_alone = tracked.shared().is_none();
    if is_alone
        && escalations.iter().any(|one| one.calls_people())
        && incident.acknowledged_severity.is_some_and(|then| incident.severity < then)
    {
        return restart(RestartReason::Worse);
    }
    match (due(tracked, &escalations)?, unanswered(tracked)) {
        (due, Some(_)) if due <= now => restart(RestartReason::RanOut),
        (due, None) if due <= now => Some(Wanted::Reminder),
        _ => None,
    }
}

/// When that is to be looked at again.
pub(super) fn next(tracked: &Tracked, settings: &Settings) -> Option<Timestamp> {
    due(tracked, &held(tracked, settings)?)
}

/// When the reminder is due, or its answer overdue.
fn due(tracked: &Tracked, escalations: &[&Escalation]) -> Option<Timestamp> {
    let incident = &tracked.incident;
    if incident.known.is_some() {
        return None;
    }
    let holds = escalations.iter().filter_map(|one| one.acknowledged_for).map(|holds| holds.millis()).min()?;
    match unanswered(tracked) {
        Some(reminded) => Some(reminded.plus(ANSWER_MS)),
        None => Some(last_sign(tracked)?.plus(holds)),
    }
}

/// When the person was reminded who has not given a sign of life since.
pub(super) fn unanswered(tracked: &Tracked) -> Option<Timestamp> {
    tracked.incident.reminded.filter(|reminded| last_sign(tracked) <= Some(*reminded))
}

/// The newest sign of life: of a page that incidents share, for any of them.
fn last_sign(tracked: &Tracked) -> Option<Timestamp> {
    tracked.incident.last_sign.max(tracked.shared().and_then(|party| party.last_sign))
}

/// The escalations of an incident that somebody has. Where there are several, an acknowledgement holds for as long as
/// the strictest of them says.
fn held<'a>(tracked: &Tracked, settings: &'a Settings) -> Option<Vec<&'a Escalation>> {
    let incident = &tracked.incident;
    let is_held = tracked.pages && incident.acknowledged.is_some() && !tracked.over();
    let escalations = || routes(tracked, settings).into_iter().map(|route| route.escalation);
    is_held.then(|| escalations().collect::<Vec<_>>()).filter(|escalations| !escalations.is_empty())
}
