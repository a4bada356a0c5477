//! Groups in the core: which incidents share a page, and what that page shows.

use std::collections::{BTreeMap, BTreeSet};

use orszem_records::incident::Incident;
use orszem_records::ledger::{Entry, Event, IncidentId};
use orszem_records::time::Timestamp;

use super::super::party::{Party, Seat};
use super::super::plan::plan;
use super::super::quieting::Quiets;
use super::super::tracked::Tracked;
use super::{Core, Key, has_ended};
use crate::routing::group::Group;
use crate::routing::quiet::Quiet;

/// The most incidents that a shared page names: the worst of them.
const NAMED: usize = 10;

/// How long an incident is kept whose page another carried of which nothing is known yet, in ms: a day. Its partition
/// may be read before that of the other.
const UNKNOWN_MS: i64 = 24 * 3_600_000;

/// What the page of a group shows.
#[derive(Clone, Debug, PartialEq)]
pub struct SharedPage {
    /// The incident at its head: the worst that is open, with the id and the standing of the page.
    pub head: Incident,
    /// The other members that it names: those that are open first, the worst first.
    pub others: Vec<Incident>,
    /// How many more there are.
    pub more: usize,
}

impl Core {
    /// Where an incident stands in its groups after an entry. `is_new`: the entry was not known.
    pub(super) fn note_member(&mut self, key: &Key, entry: &Entry, is_new: bool) {
        let Some(tracked) = self.incidents.get(key) else { return };
        let (id, incident) = (&key.1, &tracked.incident);
        let shares = incident.groups.iter().any(|joined| joined.sharing.is_some());
        if !shares || matches!(entry.event, Event::Attempt(_) | Event::Outcome(_)) {
            return;
        }
        let (severity, over_at) = (incident.severity, incident.ended_at());
        // The pages that it leaves change as well.
        let mut pages: Vec<String> = self.groups.of(id).map(|(group, _)| group.to_owned()).collect();
        if let Event::JoinedGroup(joined) = &entry.event
            && is_new
        {
            self.groups.joined(id, joined, entry.at, severity);
            self.partitions.insert(id.clone(), key.0);
            pages.push(joined.group.clone());
        }
        self.groups.stands(id, severity, over_at, entry.at);
        let figures = matches!(&entry.event, Event::Signal(_));
        for page in pages {
            let Some(group) = self.groups.get(&page) else { continue };
            let carrier = group.carrier().cloned();
            let others = || group.members().into_iter().map(|(member, _)| member.clone());
            let looked_at: Vec<IncidentId> = match carrier {
                Some(carrier) if carrier == *id && figures => Vec::new(),
                Some(carrier) if carrier == *id => others().filter(|member| member != id).collect(),
                carrier => carrier.into_iter().collect(),
            };
            let keys: Vec<Key> = looked_at.iter().filter_map(|id| self.key_of(id)).collect();
            keys.into_iter().for_each(|key| self.requeue(key));
        }
    }

    /// Forgets what is finished after an entry of an incident, which was written at `at`, though its partition may not
    /// be read to its end yet. What shared a page is kept while an entry may come that opens it again.
    pub(super) fn retire(&mut self, key: &Key, at: Timestamp) {
        if self.groups.of(&key.1).next().is_none() {
            self.dismiss(key, (at, self.latest), has_ended);
        } else if self
            .incidents
            .get(key)
            .is_some_and(|tracked| tracked.is_finished(&self.settings) && has_ended(tracked))
        {
            let begun = self.groups.of(&key.1).all(|(_, group)| group.members().iter().any(|(_, one)| one.is_first));
            let later = if begun { 0 } else { UNKNOWN_MS };
            let closes_at = self.closes_at(key).map(|closes| closes.plus(later));
            self.retiring.extend(closes_at.map(|closes| (key.0, closes, key.1.clone())));
        }
        let past = (key.0, Timestamp(i64::MIN), IncidentId(String::new()));
        while let Some(first) = self.retiring.range(past.clone()..).next().cloned()
            && first.0 == key.0
            && first.1 <= at
        {
            self.retiring.remove(&first);
            self.dismiss(&(first.0, first.2), (at, self.latest), has_ended);
        }
    }

    /// Where a member of a group is kept.
    fn key_of(&self, member: &IncidentId) -> Option<Key> {
        self.partitions.get(member).map(|partition| (*partition, member.clone()))
    }

    fn member(&self, id: &IncidentId) -> Option<&Tracked> {
        self.incidents.get(&self.key_of(id)?)
    }

    /// Works out what an incident shares its pages with, and by which of its routes nobody is called at `now`.
    pub(super) fn look(&mut self, key: &Key, now: Timestamp) -> Quiets {
        let Some(tracked) = self.incidents.get(key) else { return Quiets::new() };
        let mut quiets = self.quiet.of(tracked, &self.settings, now);
        if self.groups.of(&key.1).next().is_none() {
            if let Some(tracked) = self.incidents.get_mut(key) {
                tracked.party = None;
            }
            return quiets;
        }
        let mut party = Party::default();
        let mut seats: BTreeMap<&IncidentId, Seat<'_>> = BTreeMap::new();
        for (number, joined) in tracked.incident.routes() {
            let Some(group) = self.groups.get(&joined.group) else { continue };
            let Some(carrier) = group.carrier().filter(|carrier| **carrier != key.1) else {
                party.telling.insert(number, group.telling(now));
                match self.seat(group, &joined.route, now, &mut seats) {
                    Some(quiet) => drop(quiets.insert(number, quiet)),
                    None => drop(quiets.remove(&number)),
                }
                continue;
            };
            party.followed.insert(number);
            if let Some(carrier) = self.member(carrier) {
                party.hears_of(carrier.held());
                party.unheard |= group.over_at().is_some() && carrier.nobody_notified;
            }
        }
        if !seats.is_empty() {
            party.seat(&seats.into_values().collect::<Vec<_>>());
        }
        if let Some(tracked) = self.incidents.get_mut(key) {
            tracked.party = Some(party);
        }
        quiets
    }

    /// Adds the members of a group to those of a page. Says why nobody is called for it; `None` where somebody is: one
    /// member for which people may be called is enough.
    fn seat<'a>(
        &'a self,
        group: &'a Group,
        route: &str,
        now: Timestamp,
        seats: &mut BTreeMap<&'a IncidentId, Seat<'a>>,
    ) -> Option<Quiet> {
        let is_over = group.over_at().is_some();
        let mut quiet: Option<Quiet> = None;
        let mut is_called_for = false;
        for (id, member) in group.members() {
            let Some(tracked) = self.member(id) else { continue };
            let why = self.quiet.of_route(tracked, Some(route), &self.settings, now);
            let (calls, ask_at) = (why.is_none(), why.as_ref().and_then(|why| why.ask_at));
            if is_over || member.over_at.is_none() {
                is_called_for |= calls;
                quiet = match (quiet, why) {
                    (Some(known), Some(why)) => {
                        let ask_at = known.ask_at.into_iter().chain(why.ask_at).min();
                        Some(Quiet { ask_at, ..known })
                    }
                    (known, why) => known.or(why),
                };
            }
            let seat = seats.entry(id).or_insert_with(|| Seat {
                id,
                member,
                severity: tracked.incident.severity,
                newest_change: tracked.newest_change(),
                held: tracked.held(),
                wishes: tracked.wishes.clone(),
                last_sign: tracked.own_sign,
                calls,
                ask_at,
            });
            seat.calls |= calls;
        }
        quiet.filter(|_| !is_called_for)
    }

    /// What the pages show that the incident carries, where it shares them.
    pub(super) fn shared_page(&self, key: &Key) -> Option<SharedPage> {
        let carrier = self.incidents.get(key)?;
        let party = carrier.shared()?;
        let mut members: Vec<(&IncidentId, bool, &Tracked)> = Vec::new();
        for (_, group) in self.groups.of(&key.1).filter(|(_, group)| group.carrier() == Some(&key.1)) {
            for (id, member) in group.members() {
                if let Some(tracked) = self.member(id).filter(|_| members.iter().all(|(known, ..)| *known != id)) {
                    members.push((id, member.over_at.is_some(), tracked));
                }
            }
        }
        members.sort_by_key(|(id, is_over, tracked)| (*is_over, tracked.incident.severity, **id != key.1, *id));
        let head = if party.is_over() { &key.1 } else { members.first()?.0 };
        let head = members.iter().position(|(id, ..)| *id == head)?;
        let (_, _, worst) = members.remove(head);
        let more = members.len().saturating_sub(NAMED - 1);
        members.truncate(NAMED - 1);
        let others = members.into_iter().map(|(_, _, tracked)| tracked.incident.clone()).collect();
        Some(SharedPage { head: headed_by(&carrier.incident, &worst.incident), others, more })
    }

    /// The incidents that can be forgotten with one that is finished: all that are on a page with it, or with one of
    /// these. `None` where one of them goes on, or a page may be opened again.
    pub(super) fn finished_with(&self, key: &Key, now: Timestamp) -> Option<Vec<Key>> {
        let mut found = BTreeSet::from([key.1.clone()]);
        let mut open = vec![key.1.clone()];
        while let Some(id) = open.pop() {
            for (_, group) in self.groups.of(&id) {
                group.closes_at().filter(|at| *at <= now)?;
                for (member, _) in group.members() {
                    if found.insert(member.clone()) {
                        open.push(member.clone());
                    }
                }
            }
        }
        let keys = found.iter().map(|id| if *id == key.1 { Some(key.clone()) } else { self.key_of(id) });
        let keys: Vec<Key> = keys.flatten().collect();
        let is_finished = |key: &Key| self.incidents.get(key).is_none_or(|tracked| tracked.is_finished(&self.settings));
        keys.iter().all(is_finished).then_some(keys)
    }

    /// When an incident that is over may be free, where it has to be kept for a time.
    pub(super) fn closes_at(&self, key: &Key) -> Option<Timestamp> {
        self.groups.of(&key.1).filter_map(|(_, group)| group.closes_at()).max()
    }

    /// Forgets incidents that share pages when nothing opens these again at `at`, and nothing is left to do for any of
    /// them at `now`. `has_ended`: what else must be so of each.
    pub(super) fn dismiss(
        &mut self,
        key: &Key,
        (at, now): (Timestamp, Timestamp),
        has_ended: impl Fn(&Tracked) -> bool,
    ) -> bool {
        let is_finished = |tracked: &Tracked| tracked.is_finished(&self.settings);
        if !self.incidents.get(key).is_some_and(is_finished) {
            return false;
        }
        let Some(keys) = self.finished_with(key, at) else { return false };
        for key in &keys {
            let quiets = self.look(key, now);
            let is_done = |tracked: &Tracked| has_ended(tracked) && plan(tracked, &self.settings, &quiets, now).done();
            if !self.incidents.get(key).is_none_or(is_done) {
                return false;
            }
        }
        keys.iter().for_each(|key| self.remove(key));
        true
    }
}

/// A page of which one incident is the carrier, and another the worst that is open: its figures, and who has the page.
fn headed_by(carrier: &Incident, worst: &Incident) -> Incident {
    let worst = worst.clone();
    Incident {
        watch: worst.watch,
        signal: worst.signal,
        severity: worst.severity,
        rarest: worst.rarest,
        peak: worst.peak,
        limit: worst.limit,
        closed: worst.closed,
        resolved: worst.resolved,
        false_alarm: worst.false_alarm,
        height: worst.height,
        going_on: worst.going_on,
        ended: worst.ended,
        ..carrier.clone()
    }
}
