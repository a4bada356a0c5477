//! Mirror: what an incident takes over from those that it shares a page with.

use orszem_records::ledger::{ByWhom, Restart, RestartReason};

use super::tracked::Tracked;

/// That somebody has it, that nobody has it any more, or that the next step is asked for, because that is so of the
/// page that it shares.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Mirrored {
    /// Somebody has it.
    Has(ByWhom),
    /// Nobody has it any more.
    GivenBack(Restart),
    /// The next step of the page that it carries is asked for.
    Escalated(ByWhom),
}

/// What the incident takes over from those that it shares a page with: who has one of them has all, and what one gave
/// back is nobody's.
pub(super) fn mirrored(tracked: &Tracked) -> Option<Mirrored> {
    let party = tracked.party.as_ref()?;
    let follows = !party.followed.is_empty();
    if if follows { tracked.is_over_itself() } else { !party.is_shared() || tracked.over() } {
        return None;
    }
    let (own, newest) = (tracked.held(), party.newest.as_ref()?);
    let is_newer = newest.since > own.since || (follows && newest.since == own.since);
    if !is_newer || newest.by.is_some() == own.by.is_some() {
        return None;
    }
    Some(match &newest.by {
        Some(by) => Mirrored::Has(ByWhom { via: "group".to_owned(), ..by.clone() }),
        None => Mirrored::GivenBack(tracked.next_restart(RestartReason::PageGivenBack, None)),
    })
}

/// Who asked for the next step of another incident on the page that it carries.
pub(super) fn escalated(tracked: &Tracked) -> Option<Mirrored> {
    let party = tracked.shared().filter(|party| !party.is_over())?;
    let (at, by) = party.escalated.as_ref()?;
    let is_newer = tracked.escalated.as_ref().is_none_or(|(own, _)| own < at);
    let by = || ByWhom { via: "group".to_owned(), ..by.clone() };
    (is_newer && !tracked.is_handled()).then(|| Mirrored::Escalated(by()))
}

/// Whether the calls for a shared page begin again, and for which severity: an incident joined it that is worse than
/// all before it, or somebody has it and it got worse.
pub(super) fn got_worse(tracked: &Tracked) -> Option<u8> {
    let party = tracked.party.as_ref().filter(|party| party.is_shared() && !party.is_over())?;
    let told = tracked.told_worst()?;
    let joined = party.joined_as?;
    let is_held = tracked.incident.acknowledged.is_some();
    let worse = party.shows.worst < told && (joined < told || is_held);
    worse.then_some(party.shows.worst)
}
