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

/// Incidents that share one page. Its route and its key are those with which it began.
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
    members: BTreeMap<IncidentId, Member>,
    /// The highest severity of all members so far.
    worst: u8,
}

/// An incident in a group.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    /// When it joined.
    pub joined_at: Timestamp,
    /// The earliest that the group is told because of it.
    pub tell_at: Timestamp,
    /// Its highest severity so far.
    pub severity: u8,
    /// When it was over, where it is.
    pub over_at: Option<Timestamp>,
}

/// What a change of a member asks of a page that was told already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Nothing.
    None,
    /// The page changes in place, and makes no sound.
    Shown,
    /// It is worse than all so far: people are called again.
    Called,
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
    /// The group that the incident is to join, as it is to be written; `None` where it is in one already that has this
    /// route, or leads to the same people.
    ///
    /// It joins a group of the same route and key that is open, or was over no longer ago than the route allows; else
    /// it begins one. `leaf` is by the present configuration, `at` by the clock.
    pub fn place(&self, incident: &IncidentId, leaf: &Leaf, at: Timestamp) -> Option<Joined> {
        let escalation = match &leaf.target {
            Target::Escalation(name) => Some(name.clone()),
            Target::Digest(_) | Target::Nobody => None,
        };
        let known = |ids: Option<&'_ BTreeSet<String>>| -> Vec<(String, &Group)> {
            ids.into_iter().flatten().filter_map(|id| Some((id.clone(), self.groups.get(id)?))).collect()
        };
        let same =
            |group: &Group| group.route == leaf.route || (escalation.is_some() && group.escalation == escalation);
        if known(self.of_incident.get(incident)).iter().any(|(_, group)| same(group)) {
            return None;
        }
        let fits = |group: &Group| group.over_at().is_none_or(|over| at.since(over) < leaf.reopen_within_ms);
        let shared = (leaf.route.clone(), leaf.key.clone());
        let found = known(self.of_key.get(&shared)).into_iter().filter(|(_, group)| fits(group));
        // The newest; of two that began at once the one that every copy takes.
        let found = found.max_by(|(a, one), (b, other)| (one.began, a).cmp(&(other.began, b)));
        let (group, escalation) = match found {
            Some((id, group)) => (id, group.escalation.clone()),
            None => (format!("{incident}/{}", short(&leaf.route)), escalation),
        };
        let (route, key) = shared;
        Some(Joined { group, route, escalation, key, tell_at: at.plus(leaf.wait_ms) })
    }

    /// An incident joined a group, as the ledger says; `severity` is its highest so far.
    pub fn joined(&mut self, incident: &IncidentId, joined: &Joined, at: Timestamp, severity: u8) -> Change {
        let group = self.groups.entry(joined.group.clone()).or_insert_with(|| Group {
            route: joined.route.clone(),
            escalation: joined.escalation.clone(),
            key: joined.key.clone(),
            began: at,
            members: BTreeMap::new(),
            worst: severity,
        });
        if group.members.contains_key(incident) {
            return Change::None;
        }
        self.of_incident.entry(incident.clone()).or_default().insert(joined.group.clone());
        self.of_key.entry((group.route.clone(), group.key.clone())).or_default().insert(joined.group.clone());
        // Partitions are read in any order.
        group.began = group.began.min(at);
        let is_first = group.members.is_empty();
        let member = Member { joined_at: at, tell_at: joined.tell_at, severity, over_at: None };
        group.members.insert(incident.clone(), member);
        let worse = group.is_worse(severity);
        if worse || is_first { Change::Called } else { Change::Shown }
    }

    /// Where a member stands now: its highest severity so far, and when it was over; `None` while it is open, or open
    /// again. Answers what that asks of each of its groups, where it asks for anything.
    pub fn stands(
        &mut self,
        incident: &IncidentId,
        severity: u8,
        over_at: Option<Timestamp>,
        at: Timestamp,
    ) -> Vec<(String, Change)> {
        let mut changes = Vec::new();
        for id in self.of_incident.get(incident).into_iter().flatten() {
            let Some(group) = self.groups.get_mut(id) else { continue };
            let Some(member) = group.members.get_mut(incident) else { continue };
            let before = (member.severity, member.over_at);
            let risen = severity < member.severity;
            // Who rises to where nobody waits, waits no longer.
            if risen && severity <= 2 {
                member.tell_at = member.tell_at.min(at);
            }
            member.severity = member.severity.min(severity);
            member.over_at = over_at;
            let changed = before != (member.severity, member.over_at);
            let change = match (group.is_worse(severity), changed) {
                (true, _) => Change::Called,
                (false, true) => Change::Shown,
                (false, false) => Change::None,
            };
            changes.push((id.clone(), change));
        }
        changes.retain(|(_, change)| *change != Change::None);
        changes
    }

    /// The group of this id.
    pub fn get(&self, id: &str) -> Option<&Group> {
        self.groups.get(id)
    }

    /// All of them, by their ids.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Group)> {
        self.groups.iter().map(|(id, group)| (id.as_str(), group))
    }

    /// Forgets the groups that were over for so long, in milliseconds, that nothing opens them again.
    pub fn forget(&mut self, at: Timestamp, longest_reopen_ms: i64) {
        let is_past = |group: &Group| group.over_at().is_some_and(|over| at.since(over) >= longest_reopen_ms);
        let past = self.groups.iter().filter(|(_, group)| is_past(group)).map(|(id, _)| id.clone());
        for id in past.collect::<Vec<String>>() {
            let Some(group) = self.groups.remove(&id) else { continue };
            for incident in group.members.into_keys() {
                leave(&mut self.of_incident, incident, &id);
            }
            leave(&mut self.of_key, (group.route, group.key), &id);
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

    /// The highest severity of all members so far.
    pub fn worst(&self) -> u8 {
        self.worst
    }

    /// When the last of its members was over; `None` while one goes on.
    pub fn over_at(&self) -> Option<Timestamp> {
        self.members
            .values()
            .map(|member| member.over_at)
            .try_fold(Timestamp(i64::MIN), |last, over| Some(last.max(over?)))
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

    fn is_worse(&mut self, severity: u8) -> bool {
        let worse = severity < self.worst;
        self.worst = self.worst.min(severity);
        worse
    }
}

/// The path of a route as a part of an id: a name as it is, and a number of its own for what is longer.
fn short(route: &str) -> String {
    let is_name = route.len() <= 63 && route.bytes().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-');
    if is_name { route.to_owned() } else { format!("{:016x}", xxhash_rust::xxh3::xxh3_64(route.as_bytes())) }
}

/// Takes a group out of what is found by a key.
fn leave<K: Ord>(found_by: &mut BTreeMap<K, BTreeSet<String>>, key: K, group: &str) {
    if let Some(groups) = found_by.get_mut(&key) {
        groups.remove(group);
        if groups.is_empty() {
            found_by.remove(&key);
        }
    }
}

#[cfg(test)]
#[path = "group_tests.rs"]
mod tests;
