//! Groups: incidents that belong together and share one page.

use std::collections::{BTreeMap, BTreeSet};

use orszem_records::ledger::{IncidentId, Joined};
use orszem_records::time::Timestamp;

use super::tree::{Leaf, Target};

/// The groups that are known: open ones, and those that may be opened again.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Groups {
    groups: BTreeMap<String, Group>,
    /// The groups of each incident, by their ids.
    of_incident: BTreeMap<IncidentId, BTreeSet<String>>,
    /// The groups of each route and key, by their ids.
    of_key: BTreeMap<Shared, BTreeSet<String>>,
}

/// A route's path, and what the incidents of a group have in common.
type Shared = (String, BTreeMap<String, String>);

/// Incidents that share one page. Its route, its key and its terms are those with which it began.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// The path of the route.
    pub route: String,
    /// The escalation that it follows, where it follows one.
    pub escalation: Option<String>,
    /// What its members have in common.
    pub key: BTreeMap<String, String>,
    /// When its first member joined.
    pub began: Timestamp,
    /// For how long after its end it is opened again, in milliseconds.
    pub reopen_within_ms: i64,
    members: BTreeMap<IncidentId, Member>,
}

/// An incident in a group.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    /// It began the group.
    pub is_first: bool,
    /// When it joined.
    pub joined_at: Timestamp,
    /// Its severity then.
    pub joined_as: u8,
    /// The earliest that the group is told because of it.
    pub tell_at: Timestamp,
    /// Its highest severity so far.
    pub severity: u8,
    /// When it was over, where it is.
    pub over_at: Option<Timestamp>,
}

/// Where a group stands that nobody was told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Telling {
    /// It waits for others until then.
    Waits(Timestamp),
    /// It is to be told.
    Due,
    /// It was over before its wait was: nobody is told.
    CameAndWent,
}

impl Groups {
    /// The group that an incident joins which takes this route at `at`, by its id: one of the same route, escalation
    /// and key that is open, or was over no longer ago than it is opened again. `None` where it begins one.
    pub fn place(&self, leaf: &Leaf, at: Timestamp) -> Option<&str> {
        let escalation = match &leaf.target {
            Target::Escalation(name) => Some(name),
            Target::Digest(_) | Target::Nobody => None,
        };
        let fits = |group: &Group| {
            let is_open = group.over_at().is_none_or(|over| at.since(over) < group.reopen_within_ms);
            is_open && group.escalation.as_ref() == escalation
        };
        let alike = self.of_key.get(&(leaf.route.clone(), leaf.key.clone()))?;
        let known = alike.iter().filter_map(|id| Some((id, self.groups.get(id)?)));
        // The newest; of two that began at once the one that every copy takes.
        let newest = known.filter(|(_, group)| fits(group)).max_by_key(|(id, group)| (group.began, *id));
        newest.map(|(id, _)| id.as_str())
    }

    /// An incident joined a group that others may join, as the ledger says; `severity` is its highest so far. It leaves
    /// the groups that it does not keep.
    pub fn joined(&mut self, incident: &IncidentId, joined: &Joined, at: Timestamp, severity: u8) {
        let left = self.of_incident.get(incident).into_iter().flatten();
        let left: Vec<String> = left.filter(|id| **id != joined.group && !joined.keeps.contains(id)).cloned().collect();
        left.iter().for_each(|id| self.leave(incident, id));
        let Some(sharing) = joined.sharing else { return };
        let group = self.groups.entry(joined.group.clone()).or_insert_with(|| Group {
            route: joined.route.clone(),
            escalation: joined.escalation.clone(),
            key: joined.key.clone(),
            began: at,
            reopen_within_ms: sharing.reopen_within_ms,
            members: BTreeMap::new(),
        });
        // Partitions are read in any order.
        group.began = group.began.min(at);
        group.members.entry(incident.clone()).or_insert(Member {
            is_first: joined.is_begun_by(incident),
            joined_at: at,
            joined_as: sharing.severity,
            tell_at: joined.tell_at,
            severity,
            over_at: None,
        });
        self.of_incident.entry(incident.clone()).or_default().insert(joined.group.clone());
        self.of_key.entry((group.route.clone(), group.key.clone())).or_default().insert(joined.group.clone());
    }

    /// Where a member stands now: its highest severity so far, and when it was over; `None` while it is open, or open
    /// again.
    pub fn stands(&mut self, incident: &IncidentId, severity: u8, over_at: Option<Timestamp>, at: Timestamp) {
        for id in self.of_incident.get(incident).into_iter().flatten() {
            let Some(member) = self.groups.get_mut(id).and_then(|group| group.members.get_mut(incident)) else {
                continue;
            };
            // Who rises to where nobody waits, waits no longer.
            if severity < member.severity && severity <= 2 {
                member.tell_at = member.tell_at.min(at);
            }
            member.severity = member.severity.min(severity);
            member.over_at = over_at;
        }
    }

    /// The group of this id.
    pub fn get(&self, id: &str) -> Option<&Group> {
        self.groups.get(id)
    }

    /// The groups that an incident is in, by their ids.
    pub fn of(&self, incident: &IncidentId) -> impl Iterator<Item = (&str, &Group)> {
        let ids = self.of_incident.get(incident).into_iter().flatten();
        ids.filter_map(|id| Some((id.as_str(), self.groups.get(id)?)))
    }

    /// All of them, by their ids.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Group)> {
        self.groups.iter().map(|(id, group)| (id.as_str(), group))
    }

    /// An incident has left a group. A group without members is forgotten.
    pub fn leave(&mut self, incident: &IncidentId, id: &str) {
        take(&mut self.of_incident, incident, id);
        let Some(group) = self.groups.get_mut(id) else { return };
        group.members.remove(incident);
        if group.members.is_empty() {
            let shared = (std::mem::take(&mut group.route), std::mem::take(&mut group.key));
            self.groups.remove(id);
            take(&mut self.of_key, &shared, id);
        }
    }
}

impl Group {
    /// Its members: those that go on first, the worst first.
    pub fn members(&self) -> Vec<(&IncidentId, &Member)> {
        let mut members: Vec<_> = self.members.iter().collect();
        members.sort_by_key(|(id, member)| (member.over_at.is_some(), member.severity, member.joined_at, *id));
        members
    }

    /// The member whose messages are the page of all: that which began the group, or else the oldest.
    pub fn carrier(&self) -> Option<&IncidentId> {
        let oldest = self.members.iter().min_by_key(|(id, member)| (!member.is_first, member.joined_at, *id));
        oldest.map(|(id, _)| id)
    }

    /// When the last of its members was over; `None` while one goes on.
    pub fn over_at(&self) -> Option<Timestamp> {
        self.members
            .values()
            .map(|member| member.over_at)
            .try_fold(Timestamp(i64::MIN), |last, over| Some(last.max(over?)))
    }

    /// When nothing opens it again; `None` while one of its members goes on.
    pub fn closes_at(&self) -> Option<Timestamp> {
        self.over_at().map(|over| over.plus(self.reopen_within_ms))
    }

    /// Where it stands, while nobody was told of it.
    pub fn telling(&self, at: Timestamp) -> Telling {
        let due = self.members.values().map(|member| member.tell_at).min().unwrap_or(self.began);
        match self.over_at() {
            Some(over) if over < due => Telling::CameAndWent,
            _ if at < due => Telling::Waits(due),
            _ => Telling::Due,
        }
    }
}

/// Takes a group out of what is found by a key.
fn take<K: Ord>(found_by: &mut BTreeMap<K, BTreeSet<String>>, key: &K, group: &str) {
    if let Some(groups) = found_by.get_mut(key) {
        groups.remove(group);
        if groups.is_empty() {
            found_by.remove(key);
        }
    }
}

#[cfg(test)]
#[path = "group_tests.rs"]
mod tests;
