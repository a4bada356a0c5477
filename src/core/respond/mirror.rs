//! Mirror: what an incident takes over from those that it shares a page with.

use orszem_records::ledger::{ByWhom, NextStep, Restart, RestartReason, WishOf};

use super::tracked::{GROUP, Tracked};

/// That somebody has it, that nobody has it any more, or that the next step is asked for, because that is so of the
/// page that it shares.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Mirrored {
    /// Somebody has it.
    Has(ByWhom),
    /// Nobody has it any more.
    GivenBack(Restart),
    /// The next step of the page that it carries is asked for.
    Escalated(NextStep),
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
        Some(by) => Mirrored::Has(ByWhom { via: GROUP.to_owned(), ..by.clone() }),
        None => Mirrored::GivenBack(tracked.next_restart(RestartReason::PageGivenBack, None)),
    })
}

/// The first wish for the next step that people had on another incident of the page that it carries, and that was not
/// taken over yet.
pub(super) fn escalated(tracked: &Tracked) -> Option<Mirrored> {
    let party = tracked.shared().filter(|party| !party.is_over())?;
    let of_others = party.wishes.iter().filter(|(member, _)| *member != tracked.incident.id);
    let taken_over = |member| tracked.taken_over.get(member).copied().unwrap_or(0);
    let (member, wishes) = of_others.into_iter().find(|(member, wishes)| taken_over(member) < wishes.number)?;
    let by = ByWhom { via: GROUP.to_owned(), ..wishes.by()?.clone() };
    let of = Some(WishOf { incident: member.clone(), number: wishes.number });
    Some(Mirrored::Escalated(NextStep { by, of }))
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
