//! Who may approve a statement.

use orszem_records::incident::Incident;
use orszem_records::ledger::ByWhom;
use orszem_records::statement::{NotApproved, Revision};
use orszem_records::time::Timestamp;

use super::who::{approvers, people};
use crate::oncall::Roster;
use crate::settings::{Config, Role};

/// Why somebody cannot approve a revision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// It is not known which person it is: whether they are a second one cannot be told.
    WhoIsIt,
    /// They are not among those who approve in this incident.
    NotTheirs,
    /// The revision is not one that anybody could approve.
    Revision(NotApproved),
}

/// Whether somebody may approve a revision at a moment: a person of the configuration other than who wrote it; one of
/// the approvers and deputies of the moment, or with the role `approver`. Where nobody is named, any other person.
///
/// # Errors
/// Why they may not.
pub fn may_approve(
    config: &Config,
    roster: &Roster,
    incident: &Incident,
    (by, revision): (&ByWhom, u32),
    at: Timestamp,
) -> Result<(), Refused> {
    let person = by.person.as_deref().and_then(|name| config.person(name)).ok_or(Refused::WhoIsIt)?;
    incident.statements.judge(by, revision).map_err(Refused::Revision)?;
    let names = approvers(config, incident);
    let may = |names: &[String]| people(roster, names, at).contains(&person.name);
    let is_approver = person.roles.iter().any(|role| matches!(role, Role::Approver | Role::Admin));
    match names.is_empty() || is_approver || may(names) || may(&config.posting.deputies) {
        true => Ok(()),
        false => Err(Refused::NotTheirs),
    }
}

/// Until when a revision may be posted that is approved, or that nobody approved in time; `None` where it may not.
pub fn holds_until(config: &Config, revision: &Revision) -> Option<Timestamp> {
    let since = revision.approved.as_ref().map(|approved| approved.at);
    let since = since.or(revision.waived.as_ref().map(|waived| waived.at))?;
    Some(since.plus(config.posting.approval_holds.millis()))
}

#[cfg(test)]
mod tests {
    use super::super::posting_fixture::{at, by, config, draft, entry, incident};
    use super::*;

    #[test]
    fn only_a_known_second_person_who_approves_in_this_incident_may() {
        let config = config();
        let roster = Roster::new(&config);
        let now = at("2026-03-30T10:00:00Z");
        let mut incident = incident(1);
        let may =
            |incident: &Incident, by: &ByWhom, revision| may_approve(&config, &roster, incident, (by, revision), now);
        incident.apply(&entry(now, draft("anna", "a")));
        assert_eq!(may(&incident, &by("anna"), 1), Err(Refused::Revision(NotApproved::OwnText)));
        assert_eq!(may(&incident, &ByWhom::new("Béla", "link"), 1), Err(Refused::WhoIsIt));
        assert_eq!(may(&incident, &by("csilla"), 1), Err(Refused::NotTheirs));
        assert_eq!(may(&incident, &by("denes"), 1), Ok(()), "the deputy");
        assert_eq!(may(&incident, &by("bela"), 1), Ok(()));
        incident.apply(&entry(now.plus(1), draft("anna", "b")));
        assert_eq!(may(&incident, &by("bela"), 1), Err(Refused::Revision(NotApproved::Changed)));
    }
}
