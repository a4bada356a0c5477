//! Quieting: for which incidents nobody is called for now, because of hours, silences, or another incident.
//!
//! Hours and silences are asked for at each look at an incident. Which incidents keep others quiet depends on all that
//! a rule concerns, so it is worked out once whenever one of these is something else in the rules than before.

use std::collections::{BTreeMap, BTreeSet};

use orszem_records::ledger::IncidentId;
use orszem_records::time::Timestamp;

use super::settings::Settings;
use super::tracked::{Key, Tracked};
use crate::routing::inhibit::{Inhibited, Roles};
use crate::routing::quiet::{Quiet, quiet};
use crate::routing::silence::Silences;
use crate::routing::tree::Leaf;

/// Why nobody is called, by the numbers of the routes that nobody is called by.
pub(super) type Quiets = BTreeMap<u32, Quiet>;

/// What keeps incidents quiet.
#[derive(Debug, Default)]
pub(super) struct Quieting {
    /// What nobody is to be called for, as people said.
    pub(super) silences: Silences,
    /// The incidents that another one keeps quiet.
    inhibited: BTreeMap<IncidentId, Inhibited>,
    /// What the open incidents are in the rules, of those that any rule concerns.
    open: BTreeMap<IncidentId, Roles>,
    /// The same of those that are over and that nobody was told of.
    untold: BTreeMap<Key, Roles>,
    /// The incidents that changed since that was worked out.
    changed: BTreeSet<Key>,
    /// One that a rule concerns is gone since.
    is_otherwise: bool,
    /// The configuration changed since.
    reconfigured: bool,
}

impl Quieting {
    /// An incident changed.
    pub(super) fn changed(&mut self, key: &Key) {
        self.changed.insert(key.clone());
    }

    /// An incident is gone. Nothing of it is kept, also by a copy that never works anything out.
    pub(super) fn gone(&mut self, key: &Key) {
        self.changed.remove(key);
        self.is_otherwise |= self.open.remove(&key.1).is_some() | self.untold.remove(key).is_some();
    }

    /// How much is kept of incidents.
    #[cfg(test)]
    pub(super) fn kept(&self) -> usize {
        self.changed.len() + self.open.len() + self.untold.len() + self.inhibited.len()
    }

    /// The configuration changed.
    pub(super) fn reconfigured(&mut self) {
        self.reconfigured = true;
    }

    /// Works out which of the open incidents are kept quiet by others, and which of those that are over and that nobody
    /// was told of. Says for which that changed.
    pub(super) fn look(&mut self, incidents: &BTreeMap<Key, Tracked>, settings: &Settings) -> BTreeSet<IncidentId> {
        let mut changed = std::mem::take(&mut self.changed);
        let (reconfigured, gone) = (std::mem::take(&mut self.reconfigured), std::mem::take(&mut self.is_otherwise));
        if settings.inhibitions.is_empty() && self.inhibited.is_empty() {
            return BTreeSet::new();
        }
        if reconfigured {
            self.open.clear();
            self.untold.clear();
            changed = incidents.keys().cloned().collect();
        }
        // One of those may have been told since.
        changed.extend(self.untold.keys().cloned());
        let mut is_otherwise = reconfigured || gone;
        for key in changed {
            is_otherwise |= self.note(&key, incidents.get(&key), settings);
        }
        if !is_otherwise {
            return BTreeSet::new();
        }
        let before = std::mem::take(&mut self.inhibited);
        self.inhibited = self.work_out(settings);
        let ids = before.keys().chain(self.inhibited.keys());
        ids.filter(|id| before.contains_key(id) != self.inhibited.contains_key(id)).cloned().collect()
    }

    /// Notes what an incident is in the rules now. Says whether that is something else than before.
    fn note(&mut self, key: &Key, tracked: Option<&Tracked>, settings: &Settings) -> bool {
        let roles = |tracked: &Tracked| settings.inhibitions.roles(&settings.facts(&tracked.incident));
        let open = tracked.filter(|tracked| !tracked.is_over_itself()).and_then(roles);
        let untold = tracked.filter(|tracked| tracked.is_over_itself() && tracked.is_untold()).and_then(roles);
        put(&mut self.open, &key.1, open) | put(&mut self.untold, key, untold)
    }

    fn work_out(&mut self, settings: &Settings) -> BTreeMap<IncidentId, Inhibited> {
        // What is over keeps no other quiet. So one that would is looked at on its own.
        let (apart, together): (Vec<_>, Vec<_>) = self.untold.iter().partition(|(_, roles)| roles.mutes());
        self.open.extend(together.iter().map(|((_, id), roles)| (id.clone(), (*roles).clone())));
        let mut inhibited = settings.inhibitions.inhibited(&self.open);
        for ((_, id), roles) in apart {
            self.open.insert(id.clone(), roles.clone());
            inhibited.extend(settings.inhibitions.inhibited(&self.open).remove_entry(id));
            self.open.remove(id);
        }
        together.iter().for_each(|((_, id), _)| drop(self.open.remove(id)));
        inhibited
    }

    /// By the number of each route of the incident, why nobody is called by that at `now`; nothing of a route by which
    /// somebody is.
    pub(super) fn of(&self, tracked: &Tracked, settings: &Settings, now: Timestamp) -> Quiets {
        let mut quiets = Quiets::new();
        if !settings.has_routes() && self.inhibited.is_empty() && self.silences.iter().next().is_none() {
            return quiets;
        }
        let routes = tracked.incident.routes().into_iter().map(|(number, joined)| (number, Some(&*joined.route)));
        let mut routes: Vec<_> = routes.collect();
        if routes.is_empty() {
            routes.push((0, None));
        }
        for (number, route) in routes {
            quiets.extend(self.of_route(tracked, route, settings, now).map(|quiet| (number, quiet)));
        }
        quiets
    }

    /// Why nobody is called for an incident by the route of this path at `now`; `None` where somebody is.
    pub(super) fn of_route(
        &self,
        tracked: &Tracked,
        route: Option<&str>,
        settings: &Settings,
        now: Timestamp,
    ) -> Option<Quiet> {
        let incident = &tracked.incident;
        let facts = settings.facts(incident);
        let leaves = settings.leaves(&facts, now);
        // A route that it would no longer take has the hours of the one that it would.
        let is_taken = |leaf: &&Leaf| route == Some(&leaf.route);
        let leaf = leaves.iter().find(is_taken).or(leaves.first());
        let muted = leaf.and_then(|leaf| leaf.muted.as_ref());
        quiet(&facts, muted, &self.silences, self.inhibited.get(&incident.id), now)
    }
}

/// Puts a value in its place, or takes out what is there. Says whether it is another one than before.
fn put<K: Ord + Clone>(known: &mut BTreeMap<K, Roles>, key: &K, roles: Option<Roles>) -> bool {
    match roles {
        Some(roles) if known.get(key) == Some(&roles) => false,
        Some(roles) => {
            known.insert(key.clone(), roles);
            true
        }
        None => known.remove(key).is_some(),
    }
}
