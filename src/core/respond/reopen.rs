//! Reopen: a person's word closes what the person saw.
//!
//! The detector is not told of it, and its episode goes on. When that rises above the height at which the incident was
//! closed, the incident opens again. When it still goes on an hour later, those who were told hear so, without a call.

use orszem_records::ledger::Reopening;
use orszem_records::time::Timestamp;

use super::tracked::Tracked;

/// How long after a person closed an incident the receivers hear that it goes on: an hour, in ms. It takes the detector
/// as long to give the all-clear.
const REMINDER_MS: i64 = 3_600_000;

/// Figures that came longer ago than this, in ms, say nothing of now: a detector that sees mentions tells of them every
/// ten minutes.
const FRESH_MS: i64 = 20 * 60_000;

/// The reopening that is to be written, where the incident rose above the height at which a person closed it.
pub(super) fn wanted(tracked: &Tracked) -> Option<Reopening> {
    let incident = &tracked.incident;
    if !tracked.pages || !incident.has_risen() {
        return None;
    }
    let (closed, height) = (incident.resolved.as_ref()?, incident.height?);
    let number = incident.reopened.as_ref().map_or(0, |known| known.number).saturating_add(1);
    Some(Reopening { number, by: closed.by.clone(), closed_at: closed.at, height })
}

/// When those who were told of an incident that a person closed hear that it goes on, if it does.
pub(super) fn reminder_at(tracked: &Tracked) -> Option<Timestamp> {
    let closed = tracked.incident.resolved.as_ref().filter(|_| tracked.pages && !tracked.ended())?;
    Some(closed.at.plus(REMINDER_MS))
}

/// Whether an incident that a person closed an hour ago still goes on at `now`.
pub(super) fn goes_on(tracked: &Tracked, now: Timestamp) -> bool {
    let due = reminder_at(tracked).is_some_and(|at| at <= now);
    due && tracked.incident.is_high() && now.since(tracked.signalled_at) <= FRESH_MS
}
